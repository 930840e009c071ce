"""The platforms on which a line of an environment file counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from condaenv_tools.model.platform import Platform

__all__ = ["Selector"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """A condition on the platform, read and decided for every platform that conda knows (CEP 24).

    Attributes
    ----------
    text : str
        The expression, without its brackets: ``linux and x86_64``.
    dialect : {"comment", "sel"}
        ``# [expression]`` as conda-lock reads it, or ``sel(expression): spec`` as micromamba does.
    platforms : frozenset of Platform
        Where it is true.

    Examples
    --------
    >>> Selector(text="win", dialect="comment", platforms=frozenset({Platform.WIN_64})).holds_on(Platform.OSX_64)
    False
    """

    text: str
    dialect: Literal["comment", "sel"]
    platforms: frozenset[Platform]

    def holds_on(self, platform: Platform) -> bool:
        """Say whether the line counts on `platform`."""
        return platform in self.platforms

    def __str__(self) -> str:
        return f"# [{self.text}]" if self.dialect == "comment" else f"sel({self.text})"
