"""Rules on what ties a file to one machine or one day."""

from __future__ import annotations

from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = ()
