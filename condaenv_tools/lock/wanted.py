"""Which packages of a lock shall move: names, patterns, and names with the versions that are wanted."""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from condaenv_tools.errors import InvalidMatchSpecError, ParseError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import pypi_name

__all__ = ["Wanted", "parse_wanted", "unknown_name"]

_PATTERN = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one argument asks for.

    Attributes
    ----------
    text : str
        As written.
    name : str
        A name, lower case, or a pattern (``py*``).
    spec : MatchSpec or None
        The versions that are wanted; None for the newest that there can be.
    """

    text: str
    name: str
    spec: MatchSpec | None = None

    @property
    def is_pattern(self) -> bool:
        """Whether it may mean several packages."""
        return _PATTERN.search(self.name) is not None

    def among(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the names of conda packages that are meant, sorted.

        Examples
        --------
        >>> parse_wanted(["py*"])[0].among(["numpy", "pytz", "pyproj"])
        ('pyproj', 'pytz')
        """
        return tuple(sorted(name for name in names if fnmatch.fnmatchcase(name.lower(), self.name)))

    def among_pypi(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the names of distributions that are meant, sorted; they are compared as PyPI does (PEP 503)."""
        pattern = re.sub(r"[-_.]+", "-", self.name)
        return tuple(sorted(name for name in names if fnmatch.fnmatchcase(pypi_name(name), pattern)))


def parse_wanted(texts: Iterable[str]) -> tuple[Wanted, ...]:
    """Read the arguments that say what shall move.

    Raises
    ------
    ParseError
        One is neither a name, nor a pattern, nor a MatchSpec of name, version and build.

    Examples
    --------
    >>> [(w.name, str(w.spec)) for w in parse_wanted(["NumPy", "numpy=2.2", "lib*"])]
    [('numpy', 'None'), ('numpy', 'numpy=2.2'), ('lib*', 'None')]
    """
    return tuple(_parsed(text.strip()) for text in texts)


def _parsed(text: str) -> Wanted:
    if re.fullmatch(r"[A-Za-z0-9_.*?\[\]!-]+", text) and (_PATTERN.search(text)):
        return Wanted(text=text, name=text.lower())
    try:
        spec = MatchSpec.parse(text)
    except InvalidMatchSpecError as error:
        raise ParseError(
            f"{text!r} is no name of a package, and no name with versions: {error.reason}",
            hints=["write numpy, numpy=2.2 or a pattern in quotes, such as 'py*'"],
        ) from error
    if spec.has_name_pattern and (spec.version is not None or spec.build is not None):
        raise ParseError(
            f"{text!r} asks for versions of several packages", hints=["name one package, or leave them out"]
        )
    only_name = spec == MatchSpec(name=spec.name)
    return Wanted(text=text, name=spec.name.lower(), spec=None if only_name else spec)


def unknown_name(wanted: Wanted, names: Collection[str], where: str) -> ParseError:
    """Return the error of a name that the lock does not have.

    Parameters
    ----------
    wanted : Wanted
        What was asked for.
    names : collection of str
        What there is.
    where : str
        The lock, for the message.
    """
    if wanted.is_pattern:
        return ParseError(
            f"nothing in {where} fits {wanted.text!r}", hints=["condaenv graph shows what it has"]
        )
    near = difflib.get_close_matches(wanted.name, sorted(names), n=1)
    hints = [f"did you mean {near[0]}?"] if near else []
    hints.append(f"to add it: condaenv edit FILE add {wanted.name}, then condaenv update")
    return ParseError(f"{wanted.name} is not in {where}, so it cannot be updated", hints=hints)
