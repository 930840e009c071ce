"""A rule about native libraries: one code, and the function that finds its cases in one platform of a lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from condaenv_tools.conflicts.native.case import NativeCase
from condaenv_tools.model.finding import Severity

__all__ = ["Hit", "NativeRule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a rule says of one platform.

    Attributes
    ----------
    message : str
        What and why, with the packages that prove it, in one sentence without a full stop.
    hint : str
        What to do next.
    severity : Severity or None
        In place of the code's, where a case is milder.
    """

    message: str
    hint: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeRule:
    """One thing that may be wrong with the packages of a platform.

    Attributes
    ----------
    code : str
        ``CE7`` and two digits; its severity is that of the code, as a rule.
    find : callable
        Takes a `NativeCase`, yields a hit for each case.
    """

    code: str
    find: Callable[[NativeCase], Iterable[Hit]]
