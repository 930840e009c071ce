"""Rules on secrets, and sources that cannot be trusted."""

from __future__ import annotations

from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = ()
