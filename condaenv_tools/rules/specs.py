"""Rules on a spec by itself, and the specs of one package together."""

from __future__ import annotations

from condaenv_tools.rules import comma_and_bar, intervals, misplaced, spellings
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (*intervals.RULES, *spellings.RULES, *comma_and_bar.RULES, *misplaced.RULES)
