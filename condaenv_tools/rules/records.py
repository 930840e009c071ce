"""Rules on what only the records of the channels show."""

from __future__ import annotations

from condaenv_tools.rules import records_everywhere, records_somewhere, records_together
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (
    *records_everywhere.RULES,
    *records_together.RULES,
    *records_somewhere.RULES,
)
