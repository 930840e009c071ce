"""Rules on the list of channels."""

from __future__ import annotations

from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = ()
