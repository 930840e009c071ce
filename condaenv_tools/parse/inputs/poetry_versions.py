"""Poetry's conditions on versions (`^1.2`, `~1.2`, `1.*`, `||`) in the language of PEP 440."""

from __future__ import annotations

import re
from typing import NamedTuple

from condaenv_tools.errors import InvalidVersionError

__all__ = ["Translated", "poetry_to_pep440"]

_PART = re.compile(
    r"\s*(?P<op>\^|~=|~|===|==|!=|<=|>=|<|>|=)?\s*(?P<version>v?\d[\w.!+-]*(?:\.[*x])?|\*)\s*(?:,|(?=\s)|$)",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"v?(?P<epoch>\d+!)?(?P<release>\d+(?:\.\d+)*)(?P<rest>.*)", re.IGNORECASE)
_WILD = re.compile(r"(?P<stem>.*?)\.[*x](?:\.[*x])*", re.IGNORECASE)
_HYPHEN = re.compile(r"\s*(?P<low>v?\d[\w.]*)\s+-\s+(?P<high>v?\d[\w.]*)\s*")


class Translated(NamedTuple):
    """A condition in the language of PEP 440.

    Attributes
    ----------
    text : str
        Clauses joined by commas; empty for any version.
    exact : bool
        False where the text allows more than was written.
    """

    text: str
    exact: bool = True


def poetry_to_pep440(text: str) -> Translated:
    """Translate a condition.

    Alternatives (``||``) cannot be said: the bounds that hold all of them remain.

    Raises
    ------
    InvalidVersionError
        It cannot be read.

    Examples
    --------
    >>> [poetry_to_pep440(text).text for text in ("^0.2.3", "^0.0.3", "~1.2", "1.*", "1.4", "*")]
    ['>=0.2.3,<0.3.0', '>=0.0.3,<0.0.4', '>=1.2,<1.3', '==1.*', '==1.4', '']
    >>> poetry_to_pep440("^1.2 || ^2.0")
    Translated(text='>=1.2,<3.0', exact=False)
    """
    alternatives = re.split(r"\|\|?", text)
    translated = [_all(part, text) for part in alternatives]
    if len(translated) == 1:
        return Translated(translated[0])
    if not all(translated):
        return Translated("")
    return Translated(_hull(translated), exact=False)


def _all(part: str, whole: str) -> str:
    """Translate clauses that must all hold, joined by commas or blanks."""
    found: list[str] = []
    hyphen = _HYPHEN.fullmatch(part)
    if hyphen:
        return f">={hyphen['low'].lstrip('vV')},<={hyphen['high'].lstrip('vV')}"
    at = 0
    stripped = part.rstrip(" ,")
    if not stripped.strip():
        raise InvalidVersionError("a version is missing", text=whole)
    while at < len(stripped):
        match = _PART.match(stripped, at)
        if match is None or match.end() == at:
            raise InvalidVersionError("this is no condition that poetry reads", text=whole)
        found += _clause(match["op"] or "", match["version"].lstrip("vV"), whole)
        at = match.end()
    return ",".join(dict.fromkeys(found))


def _clause(operator: str, version: str, whole: str) -> list[str]:
    if version == "*":
        return []
    wild = _WILD.fullmatch(version)
    if wild:
        stem = wild["stem"]
        if not _is_version(stem):
            raise InvalidVersionError(f"{stem} is no version", text=whole)
        if operator in {"", "=", "==", "!="}:
            return [f"{'!=' if operator == '!=' else '=='}{stem}.*"]
        version = stem
    parts = _NUMBERS.fullmatch(version)
    if parts is None or not _is_version(version):
        raise InvalidVersionError(f"{version} is no version", text=whole)
    if operator in {"^", "~"}:
        release = [int(number) for number in parts["release"].split(".")]
        upper = _next_breaking(release) if operator == "^" else _next_minor(release)
        return [f">={version}", f"<{parts['epoch'] or ''}{'.'.join(map(str, upper))}"]
    if operator == "~=" and "." not in parts["release"]:
        return [f">={version}", f"<{int(parts['release']) + 1}"]
    return [f"{'==' if operator in {'', '='} else operator}{version}"]


def _is_version(text: str) -> bool:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - few files need it

    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def _next_breaking(release: list[int]) -> list[int]:
    """Return the first release that changes the leftmost number other than zero."""
    at = next((index for index, number in enumerate(release) if number), len(release) - 1)
    return [*release[:at], release[at] + 1, *[0] * (len(release) - at - 1)]


def _next_minor(release: list[int]) -> list[int]:
    at = min(1, len(release) - 1)
    return [*release[:at], release[at] + 1, *[0] * (len(release) - at - 1)]


def _hull(alternatives: list[str]) -> str:
    """Return the widest bounds: the least lower and the greatest upper, each where every alternative has one."""
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - few files need it

    lows: list[tuple[Version, bool]] = []
    highs: list[tuple[Version, bool]] = []
    try:
        for alternative in alternatives:
            low, high = _bounds(alternative)
            lows += [(Version(version), closed) for version, closed in low]
            highs += [(Version(version), closed) for version, closed in high]
    except InvalidVersion:
        return ""
    found = []
    if len(lows) == len(alternatives):
        version, closed = min(lows, key=lambda bound: (bound[0], not bound[1]))
        found.append(f"{'>=' if closed else '>'}{version}")
    if len(highs) == len(alternatives):
        version, closed = max(highs)
        found.append(f"{'<=' if closed else '<'}{version}")
    return ",".join(found)


def _bounds(clauses: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Return the lower and the upper bound of clauses, and whether each is part of what it bounds."""
    low: list[tuple[str, bool]] = []
    high: list[tuple[str, bool]] = []
    for clause in clauses.split(","):
        match = re.fullmatch(r"(===|==|!=|<=|>=|~=|<|>)(.+)", clause)
        if match is None:
            continue
        operator, version = match[1], match[2]
        if operator in {"==", "==="} and version.endswith(".*"):
            numbers = [int(n) for n in version[:-2].split(".") if n.isdigit()]
            low = [(version[:-2], True)]
            high = [(".".join(map(str, [*numbers[:-1], numbers[-1] + 1])), False)] if numbers else []
        elif operator in {"==", "==="}:
            low, high = [(version, True)], [(version, True)]
        elif operator in {">=", ">", "~="}:
            low = [(version, operator != ">")]
        elif operator in {"<", "<="}:
            high = [(version, operator == "<=")]
    return low, high
