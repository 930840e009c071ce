"""One line of a pip section or requirements file: what it is, and all that is wrong with it (PEP 508)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.pip_details import PipKind
from condaenv_tools.model.pip_line import MAX_BODY, MAX_CACHED, PipReading, read_pip_line
from condaenv_tools.model.pip_places import ARCHIVES
from condaenv_tools.model.pip_words import PipProblem, cut_comment
from condaenv_tools.parse.pip_faults import PipFault, explain_requirement

__all__ = ["Expanded", "PipLine", "classify_pip_line", "expand_variables"]

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_SUFFIX = r"(?:(?:a|b|rc)\d+)?(?:\.post\d+)?(?:\.dev\d+)?"
_VERSION = rf"\d+(?:\.\d+)*{_SUFFIX}"
_LOCAL = r"\+[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*"
_CLAUSE = rf"(?:==|>=|<=|!=|<|>)\s*{_VERSION}"
#: The greater part of all lines; what it does not match is taken apart.
_SIMPLE = re.compile(
    rf"({_NAME})(?:\[{_NAME}(?:,\s*{_NAME})*\])?"
    rf"(?:\s*(?:{_CLAUSE}|==\s*(?:\d+(?:\.\d+)*\.\*|{_VERSION}{_LOCAL})|~=\s*\d+(?:\.\d+)+{_SUFFIX})"
    rf"(?:\s*,\s*{_CLAUSE})*)?\s*"
)
#: What pip expands, and what people write in its place.
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_LIKE_VARIABLE = re.compile(r"\$(?:\{([^{}\s]*)\}|([A-Za-z_]\w*))")
_CODES = {
    "option": "CE401",
    "requirement": "CE401",
    "hash": "CE409",
    "digest": "CE410",
    "ignored": "CE411",
    "removed": "CE413",
    "egg": "CE414",
}
#: pip reads the line in spite of these.
_MILD = {"CE410", "CE411", "CE412", "CE413", "CE414", "CE415"}


class PipLine(NamedTuple):
    """What a line is.

    Attributes
    ----------
    kind : PipKind
        Its kind; a requirement where it cannot be read.
    name : str or None
        The distribution, normalised (PEP 503).
    code : str
        The code of its fault, or ``""``.
    reason : str
        Why it cannot be read.
    start, end : int
        The part at fault.
    hint : str
        What was probably meant.
    more : tuple of PipFault
        Its further faults, and what pip reads but hardly as it was meant.
    """

    kind: PipKind
    name: str | None = None
    code: str = ""
    reason: str = ""
    start: int = 0
    end: int = 0
    hint: str = ""
    more: tuple[PipFault, ...] = ()

    @property
    def faults(self) -> tuple[PipFault, ...]:
        """All faults, the one that stops pip first."""
        if not self.code:
            return self.more
        return (PipFault(self.code, self.reason, self.start, self.end, self.hint), *self.more)


class Expanded(NamedTuple):
    """A text with the values of its variables.

    Attributes
    ----------
    text : str
        The text; it may hold a credential, and is to be used and never shown or written.
    missing : tuple of str
        The variables without a value, in order; pip leaves their references as they are, and so does this.
    """

    text: str
    missing: tuple[str, ...]


def expand_variables(text: str, environ: Mapping[str, str]) -> Expanded:
    """Put the values of environment variables into a line, at the moment in which it is used.

    As pip does it: only ``${NAME}`` in upper-case letters, digits and underscores is a reference, and an
    empty value is none. A value is not looked through for further references.

    Parameters
    ----------
    text : str
        A line, or a part of one, as written.
    environ : mapping of str to str
        The environment; nothing is read from that of the process.

    Returns
    -------
    Expanded
        The text, and the names that have no value.

    Examples
    --------
    >>> expand_variables("https://${USER}:${TOKEN}@example.org/$x", {"USER": "me"})
    Expanded(text='https://me:${TOKEN}@example.org/$x', missing=('TOKEN',))

    References
    ----------
    The requirements file format of pip, "Using environment variables".
    """
    missing: dict[str, None] = {}

    def value_of(match: re.Match[str]) -> str:
        value = environ.get(match[1])
        if not value:
            missing[match[1]] = None
        return value or match[0]

    return Expanded(_VARIABLE.sub(value_of, text), tuple(missing))


def classify_pip_line(text: str) -> PipLine:
    """Say what a line of a pip section is.

    Examples
    --------
    >>> classify_pip_line("Requests[security]>=2")[:2]
    (<PipKind.REQUIREMENT: 'requirement'>, 'requests')
    >>> classify_pip_line("-e git+https://example.org/b.git#egg=b")[:2]
    (<PipKind.EDITABLE: 'editable'>, 'b')
    """
    return _classify_short(text) if len(text) <= MAX_CACHED else _classify(text)


def _classify(text: str) -> PipLine:
    simple = _SIMPLE.fullmatch(text)
    if simple and not ("." in simple[1] and simple[1].lower().endswith(ARCHIVES)):
        return PipLine(PipKind.REQUIREMENT, pypi_name(simple[1]))
    # pip drops the backslashes at the end of a line as it joins the next one to it.
    reading = read_pip_line(text.rstrip("\\"))
    if not reading.body and not reading.problems and not reading.details.target and _is_empty(text):
        return PipLine(PipKind.REQUIREMENT, code="CE401", reason="there is nothing in it", end=len(text))
    faults = [_fault(problem, reading) for problem in reading.problems]
    if "$" in text:
        faults += _variable_faults(cut_comment(text))
    if text.endswith("\\"):
        reason = "pip joins the next line to one that ends with a backslash"
        faults.append(PipFault("CE415", reason, len(text) - 1, len(text), "remove it"))
    return _line(reading, faults)


_classify_short = lru_cache(maxsize=8192)(_classify)


def _is_empty(text: str) -> bool:
    bare = text.strip(" \t\r\n\\")
    return not bare or bare.startswith("#")


def _line(reading: PipReading, faults: list[PipFault]) -> PipLine:
    kind, name = reading.kind, reading.details.name
    worst = next((fault for fault in faults if fault.code not in _MILD), None)
    if worst is None:
        return PipLine(kind, name, more=tuple(faults))
    if worst.code == "CE402":
        named = re.match(_NAME, reading.body)
        name = pypi_name(named[0]) if named else None
    more = tuple(fault for fault in faults if fault is not worst)
    return PipLine(kind, name, worst.code, worst.reason, worst.start, worst.end, worst.hint, more)


def _fault(problem: PipProblem, reading: PipReading) -> PipFault:
    """Return what the user is told of a problem; of a bad requirement, what was probably meant."""
    body, start = reading.body, reading.start
    if problem.rule == "requirement" and reading.kind is PipKind.REQUIREMENT and len(body) <= MAX_BODY:
        found = explain_requirement(body)
        if found is not None:
            return found._replace(start=start + found.start, end=start + found.end)
    return PipFault(_CODES[problem.rule], problem.reason, problem.start, problem.end, problem.hint)


def _variable_faults(text: str) -> list[PipFault]:
    """Return what looks like a reference to a variable and is none to pip."""
    found = []
    for match in _LIKE_VARIABLE.finditer(text):
        if _VARIABLE.fullmatch(match[0]):
            continue
        name = re.sub(r"\W.*", "", match[1] or match[2] or "")
        hint = f"write ${{{name.upper()}}}" if name else "write ${NAME}"
        reason = "pip expands only ${NAME}, in upper case and braces, and takes this as it is"
        found.append(PipFault("CE412", reason, *match.span(), hint))
    return found
