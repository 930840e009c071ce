"""A rule: one code, and the function that finds its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from condaenv_tools.model.finding import Finding
from condaenv_tools.parse.codes.code import Code
from condaenv_tools.rules.case import Case

__all__ = ["Rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that may be wrong with a file.

    Attributes
    ----------
    code : Code
        What it is called, why it matters, a bad and a good example: the page of the docs is made from it.
    find : callable
        Takes a `Case`, yields a finding for each place.
    needs_records : bool
        Whether it has nothing to say without `Case.evidence`.
    """

    code: Code
    find: Callable[[Case], Iterable[Finding]]
    needs_records: bool = False
