"""Why a line is no requirement (PEP 508), in the words of someone who knows conda better than pip."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["PipFault", "explain_requirement"]

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[^\]]*\])?"
_SINGLE_EQUALS = re.compile(rf"({_NAME})\s*(=)(?!=)\s*([^=\s].*)")
_SPACE_VERSION = re.compile(rf"({_NAME})\s+(\d[\w.*]*)(?:\s+\S+)?")
_SECOND_WORD = re.compile(rf"({_NAME})\s+([A-Za-z][^\s<>=!~;@]*).*")
_BUILD = re.compile(rf"({_NAME}\s*==\s*[\w.+!*]+)(=\S*)")
_STAR = re.compile(r"(?:[<>]=?|~=)\s*[\w.]*?(\.?\*)")
_BARE_STAR = re.compile(r"[=!]=\s*[\w.]*\w(\*)")
_NO_VERSION = re.compile(rf"{_NAME}\s*(===?|[<>~!]=|[<>])")
_SECOND_LINE = re.compile(rf"{_NAME}\s*(?:===?|[<>~!]=|[<>])\s*[\w.+!*-]+\s+([A-Za-z][^;]*)")
#: Characters; nobody wrote the conditions of a longer line, and each of them is read once more.
_LONGEST = 1000
_OPEN_BRACKET = re.compile(r"[A-Za-z0-9][\w.-]*\s*(\[)[\w.,\s-]*")
#: A requirement without marker: its conditions may be joined as no tool reads them.
_CONDITIONS = re.compile(rf"{_NAME}\s*\(?\s*(?:===?|[<>~!]=|[<>])")
_CLAUSE = re.compile(r"(===?|[<>~!]=|[<>])\s*([^\s,;()<>=~]+)")
_NO_COMMA = re.compile(r"(?<=[\w*+])\s*(?=(?:===?|[<>~!]=|[<>])\s*\w)")
_NEAR_COMMENT = re.compile(r"[A-Za-z0-9][\w.,<>=~!*\[\] -]*+(#)")
_OPERATOR = re.compile(rf"({_NAME})\s*([<>=!~^]+)")
_OPERATORS = ("==", ">=", "<=", "~=", "!=", "<", ">", "===")
#: What is read as a requirement ends before a space and a dash, so the white space is no space.
_TABBED_OPTION = re.compile(r"(?<=\s)(--?[A-Za-z])")
_SCP_PLACE = re.compile(r"(?:git\+)?(?:git\+)?(git@[\w.-]+):(\S+)")
_BARE_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_INSTALL = re.compile(r"(?:(?:python3? -m )?pip3?|conda|mamba) install\s+(.*)", re.IGNORECASE)


class PipFault(NamedTuple):
    """What is wrong with a line.

    Attributes
    ----------
    code : str
        That of the finding: CE401 or CE402 where a requirement cannot be read.
    reason : str
        Why pip does not read it.
    start, end : int
        The part at fault.
    hint : str
        What was probably meant.
    """

    code: str
    reason: str
    start: int
    end: int
    hint: str = ""


def explain_requirement(line: str) -> PipFault | None:
    """Say what a person meant with a line that is no requirement; None where nobody knows.

    Examples
    --------
    >>> explain_requirement("numpy 1.2").hint
    'write numpy==1.2'
    """
    return (
        _command_or_template(line)
        or _place(line)
        or _conda_syntax(line)
        or _star(line)
        or _words(line)
        or _rest(line)
        or _conditions(line)
    )


def _command_or_template(line: str) -> PipFault | None:
    install = _INSTALL.match(line)
    if install:
        end = len(line) - len(install[1])
        reason = "a line names what to install, without the command"
        return PipFault("CE401", reason, 0, len(line[:end].rstrip()), f"write {install[1]}")
    if "{{" in line:
        start = line.index("{{")
        end = line.find("}}", start)
        hint = "no tool fills in templates here: write the value itself"
        return PipFault("CE401", "it holds a template", start, end + 2 if end > 0 else len(line), hint)
    odd = re.search(r"[^\x00-\x7f]", line)
    if odd:
        return PipFault("CE401", f"there is the character {odd[0]!r} in it", *odd.span(), "write it in ASCII")
    return None


def _place(line: str) -> PipFault | None:
    """Explain a place in a spelling that pip does not take."""
    scp = _SCP_PLACE.fullmatch(line)
    if scp:
        hint = f"write git+ssh://{scp[1]}/{scp[2]}"
        return PipFault("CE401", "pip wants a URL, and this is git's own short form", *scp.span(), hint)
    scheme = _BARE_SCHEME.match(line)
    if scheme:
        hint = f"write git+{line}" if scheme[1].lower() in {"git", "ssh"} else ""
        return PipFault("CE401", f"pip takes no URL of the kind {scheme[1]}:", *scheme.span(1), hint)
    tab = _TABBED_OPTION.search(line)
    if tab:
        hint = "put a space in the place of the tab"
        return PipFault("CE401", "pip wants a space before an option, and here is a tab", *tab.span(1), hint)
    return None


def _conda_syntax(line: str) -> PipFault | None:
    channel = line.find("::")
    if channel >= 0:
        hint = "this is conda's syntax: move the line out of the pip section"
        return PipFault("CE401", "a channel is conda's; pip knows none", channel, channel + 2, hint)
    single = _SINGLE_EQUALS.fullmatch(line)
    if single:
        rest = single[3]
        version = f"{rest[0]}={rest[1:].strip()}" if rest[0] in "<>~" else f"=={rest.split('=')[0].strip()}"
        version = "" if version == "==*" else version
        reason = "pip wants ==; a single = is conda's"
        return PipFault("CE402", reason, *single.span(2), f"write {single[1]}{version}")
    build = _BUILD.fullmatch(line)
    if build:
        return PipFault(
            "CE401", "a build string is conda's; pip knows none", *build.span(2), f"write {build[1]}"
        )
    return None


def _star(line: str) -> PipFault | None:
    star = _STAR.search(line)
    if star:
        hint = f"write {line[: star.start(1)]}{line[star.end(1) :]}"
        return PipFault("CE401", "pip takes a * behind == and != only", *star.span(1), hint)
    bare = _BARE_STAR.search(line)
    if bare:
        hint = f"write {line[: bare.start(1)]}.{line[bare.start(1) :]}"
        return PipFault("CE401", "pip wants a dot before the *", *bare.span(1), hint)
    return None


def _words(line: str) -> PipFault | None:
    bare = line.rstrip(",; ")
    if bare and bare != line:
        what = "a comma" if "," in line[len(bare) :] else "a semicolon"
        return PipFault("CE401", f"{what} stands at its end", len(bare), len(line), f"write {bare}")
    operator = _OPERATOR.match(line)
    if operator and operator[2] not in _OPERATORS:
        hint = f"the operators are {', '.join(_OPERATORS)}"
        return PipFault("CE401", f"pip has no operator {operator[2]}", *operator.span(2), hint)
    version = _SPACE_VERSION.fullmatch(line)
    if version:
        reason = "pip wants == before a version; a space is conda's"
        return PipFault("CE401", reason, *version.span(2), f"write {version[1]}=={version[2]}")
    second = _SECOND_WORD.fullmatch(line)
    if second:
        return PipFault(
            "CE401", "there is a second word behind the name", *second.span(2), "write one requirement a line"
        )
    return None


def _rest(line: str) -> PipFault | None:
    """Explain what stands behind the operator of a version."""
    open_end = _NO_VERSION.fullmatch(line)
    if open_end:
        return PipFault("CE401", f"there is no version behind {open_end[1]}", *open_end.span(1))
    comment = _NEAR_COMMENT.match(line)
    if comment:
        hint = f"write {line[: comment.start(1)]}  {line[comment.start(1) :]}"
        return PipFault("CE401", "pip wants a space before the # of a comment", *comment.span(1), hint)
    second = _SECOND_LINE.match(line)
    if second:
        hint = "write one requirement a line"
        return PipFault("CE401", "there is a second requirement in the line", *second.span(1), hint)
    return None


def _conditions(line: str) -> PipFault | None:
    """Explain a list of conditions, of which one is no version (PEP 440), or no comma parts two."""
    bracket = _OPEN_BRACKET.fullmatch(line)
    if bracket:
        return PipFault("CE401", "the bracket is never closed", *bracket.span(1), f"write {line.rstrip()}]")
    first = _CONDITIONS.match(line)
    if first is None or len(line) > _LONGEST:
        return None
    end = line.find(";") if ";" in line else len(line)
    for clause in _CLAUSE.finditer(line, 0, end):
        fault = _condition(line, clause)
        if fault is not None:
            return fault
    gap = _NO_COMMA.search(line, first.end(), end)
    if gap is None:
        return None
    at = gap.end()
    meant = _NO_COMMA.sub(",", line[first.end() : end])
    hint = f"write {line[: first.end()]}{meant}{line[end:]}"
    return PipFault("CE401", "a comma is missing between two conditions", at, at + 1, hint)


def _condition(line: str, clause: re.Match[str]) -> PipFault | None:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - few lines are at fault

    operator, text = clause[1], clause[2]
    if text == "*":
        hint = f"write {_before(line, clause)}{line[clause.end() :]}"
        return PipFault("CE401", "to pip a * alone is no version", *clause.span(2), hint)
    try:
        version = Version(text.removesuffix(".*"))
    except InvalidVersion:
        if operator == "===":
            return None
        hint = "" if text[0].isdigit() else f"without a version pip takes the newest: {_before(line, clause)}"
        reason = f"{text} is no version to pip (PEP 440), although it may be one to conda"
        return PipFault("CE401", reason, *clause.span(2), hint)
    if operator == "~=" and len(version.release) < 2:
        hint = f"write {line[: clause.start()]}>={text}{line[clause.end() :]}"
        return PipFault("CE401", "~= wants two parts at least (PEP 440)", *clause.span(), hint)
    return None


def _before(line: str, clause: re.Match[str]) -> str:
    return line[: clause.start()].rstrip(" ,(")
