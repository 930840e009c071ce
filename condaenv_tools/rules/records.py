"""Rules on what only the records of the channels show."""

from __future__ import annotations

from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = ()
