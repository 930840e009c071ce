"""Rules on the pip section, gathered from the modules that hold them."""

from __future__ import annotations

from condaenv_tools.rules import (
    pip_halves,
    pip_options,
    pip_repeated,
    pip_sources,
    pip_targets,
    pip_traps,
)
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = tuple(
    rule
    for family in (pip_halves, pip_repeated, pip_options, pip_sources, pip_targets, pip_traps)
    for rule in family.RULES
)
