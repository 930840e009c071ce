"""Rules on a spec by itself, and the specs of one package together."""

from __future__ import annotations

from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = ()
