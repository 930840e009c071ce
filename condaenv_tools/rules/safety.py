"""Rules on secrets, and sources that cannot be trusted, gathered from the modules that hold them."""

from __future__ import annotations

from condaenv_tools.rules import safety_secrets, safety_sources, safety_variables
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (*safety_secrets.RULES, *safety_sources.RULES, *safety_variables.RULES)
