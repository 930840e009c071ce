"""The pip section: each line classified as pip would read it in a requirements file (PEP 508)."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import NamedTuple

from condaenv_tools.model.environment import PipItem, PipKind
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.secrets import has_credentials
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.pip_faults import PipFault, explain_requirement
from condaenv_tools.parse.reading import Reading, describe
from condaenv_tools.parse.report import quoted
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["PipLine", "classify_pip_line", "read_pip_section"]

MAX_LINE = 16384

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_VERSION = r"\d+(?:\.\d+)*(?:(?:a|b|rc|\.post|\.dev)\d+)*"
#: The greater part of all lines; what it does not match goes to `packaging`.
_SIMPLE = re.compile(
    rf"({_NAME})(?:\[{_NAME}(?:,\s*{_NAME})*\])?"
    rf"(?:\s*(?:(?:==|>=|<=|!=|<|>)\s*{_VERSION}|==\s*{_VERSION}\.\*)"
    rf"(?:\s*,\s*(?:(?:==|>=|<=|!=|<|>)\s*{_VERSION}))*)?\s*"
)
_DIRECT = re.compile(rf"({_NAME})(?:\[[^\]]*\])?\s*@\s*(\S+)")
_VCS = re.compile(r"(?:git|hg|svn|bzr)\+[a-z]+:", re.IGNORECASE)
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*)://|file:", re.IGNORECASE)
_PATH = re.compile(r"(?:\.{1,2}(?:$|[/\\\[])|[/~\\]|[A-Za-z]:[\\/])")
_ARCHIVE = re.compile(r"\S+\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz)(?:\[[^\]]*\])?", re.IGNORECASE)
_EGG = re.compile(rf"[#&]egg=({_NAME})")
_WHEEL = re.compile(
    rf"(?:.*[/\\])?({_NAME})-[^-/\\]+(?:-\d[^-/\\]*)?-[^-/\\]+-[^-/\\]+-[^-/\\]+\.whl", re.IGNORECASE
)
_COMMENT = re.compile(r"(?:^|\s+)#.*$", re.DOTALL)
_LINE_OPTION = re.compile(r"\s+--?[A-Za-z]")
_OPTIONS = {
    "-i": 1, "--index-url": 1, "--pypi-url": 1, "--extra-index-url": 1, "--no-index": 0, "-f": 1,
    "--find-links": 1, "--no-binary": 1, "--only-binary": 1, "--prefer-binary": 0, "--require-hashes": 0,
    "--pre": 0, "--trusted-host": 1, "--use-feature": 1, "--always-unzip": 0, "-Z": 0,
}  # fmt: skip
_LEADING = {
    "-e": PipKind.EDITABLE, "--editable": PipKind.EDITABLE, "-r": PipKind.FILE, "--requirement": PipKind.FILE,
    "-c": PipKind.CONSTRAINT, "--constraint": PipKind.CONSTRAINT,
}  # fmt: skip
_REFUSED_BY_CONDA_LOCK = {PipKind.PATH, PipKind.FILE, PipKind.CONSTRAINT, PipKind.OPTION}


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
    """

    kind: PipKind
    name: str | None = None
    code: str = ""
    reason: str = ""
    start: int = 0
    end: int = 0
    hint: str = ""


@lru_cache(maxsize=8192)
def classify_pip_line(text: str) -> PipLine:  # noqa: PLR0911 - one return a kind
    """Say what a line of a pip section is.

    Examples
    --------
    >>> classify_pip_line("Requests[security]>=2")[:2]
    (<PipKind.REQUIREMENT: 'requirement'>, 'requests')
    >>> classify_pip_line("-e git+https://example.org/b.git#egg=b")[:2]
    (<PipKind.EDITABLE: 'editable'>, 'b')
    """
    simple = _SIMPLE.fullmatch(text)
    if simple:
        return PipLine(PipKind.REQUIREMENT, pypi_name(simple[1]))
    lead = len(text) - len(text.lstrip())
    line = _COMMENT.sub("", text).strip()
    if not line:
        return PipLine(PipKind.REQUIREMENT, code="CE401", reason="there is nothing in it", end=len(text))
    if line.startswith("-"):
        return _classify_option(line, lead)
    option = _LINE_OPTION.search(line)
    if option and not line[: option.start()].rstrip().endswith(","):
        line = line[: option.start()].rstrip()
    direct = _DIRECT.match(line)
    if direct:
        kind = PipKind.VCS if _VCS.match(direct[2]) else PipKind.URL
        return PipLine(kind, pypi_name(direct[1]))
    if _VCS.match(line):
        return PipLine(PipKind.VCS, _name_in(line))
    if _URL.match(line):
        return PipLine(PipKind.URL, _name_in(line))
    if _PATH.match(line) or _ARCHIVE.fullmatch(line) or ("/" in line and ";" not in line and " " not in line):
        return PipLine(PipKind.PATH, _name_in(line))
    return _read_requirement(line, lead)


def _name_in(text: str) -> str | None:
    """Return the distribution that a URL or path names: its fragment, or the name of a wheel."""
    match = _EGG.search(text) or _WHEEL.match(re.split(r"[?#]", text)[0])
    return pypi_name(match[1]) if match else None


def _classify_option(line: str, lead: int) -> PipLine:
    word = re.split(r"[\s=]", line, maxsplit=1)[0]
    rest = line[len(word) :].lstrip(" =\t").strip()
    kind = _LEADING.get(word)
    if kind is None and line[:2] in _LEADING and not line.startswith("--"):
        word, kind, rest = line[:2], _LEADING[line[:2]], line[2:].strip()
    end = lead + len(word)
    if kind is None and word not in _OPTIONS:
        near = difflib.get_close_matches(word, [*_OPTIONS, *_LEADING], n=1, cutoff=0.75)
        reason = f"pip has no option {word} for a line of requirements"
        hint = (
            f"did you mean {near[0]}?" if near else "options of `pip install` itself cannot stand in a file"
        )
        if word == "-":
            reason, hint = "a dash is no requirement", "remove one of the dashes"
        return PipLine(PipKind.OPTION, code="CE401", reason=reason, start=lead, end=end, hint=hint)
    if not rest and (kind or _OPTIONS[word]):
        reason = f"{word} wants a value"
        return PipLine(kind or PipKind.OPTION, code="CE401", reason=reason, start=lead, end=end)
    if kind is PipKind.EDITABLE:
        direct = _DIRECT.match(rest)
        return PipLine(kind, pypi_name(direct[1]) if direct else _name_in(rest))
    return PipLine(kind or PipKind.OPTION)


def _read_requirement(line: str, lead: int) -> PipLine:
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - few files need it

    try:
        return PipLine(PipKind.REQUIREMENT, pypi_name(Requirement(line).name))
    except InvalidRequirement as error:
        fault = explain_requirement(line) or _in_its_words(error, line)
    named = re.match(_NAME, line) if fault.code == "CE402" else None
    return PipLine(
        PipKind.REQUIREMENT,
        pypi_name(named[0]) if named else None,
        code=fault.code,
        reason=fault.reason,
        start=lead + fault.start,
        end=lead + fault.end,
        hint=fault.hint,
    )


def _in_its_words(error: Exception, line: str) -> PipFault:
    """Return the reason that `packaging` gives, and its place."""
    cause = error.__cause__
    start, end = getattr(cause, "span", (0, len(line)))
    reason = str(getattr(cause, "message", None) or str(error).splitlines()[0])
    return PipFault("CE401", reason[:1].lower() + reason[1:], start, max(end, start + 1))


def read_pip_section(
    reading: Reading, key: ScalarNode, node: Node, selector: Selector | None
) -> list[PipItem]:
    """Read one pip section, its lines in order; those that cannot be read are told and kept."""
    reading.check_tag(node)
    if not isinstance(node, SequenceNode):
        _tell_shape(reading, key, node)
        return []
    if not node.items:
        reading.fault("CE405", "the pip section is empty", key, hint="remove it")
    found = []
    told: set[PipKind] = set()
    for item in node.items:
        if not isinstance(item, ScalarNode) or (item.plain and item.kind not in {"str", "value", "merge"}):
            _tell_item(reading, item)
            continue
        line = _read_line(reading, item, reading.item_selector(item, selector))
        if line is None:
            continue
        found.append(line)
        if (
            line.kind not in told
            and not classify_pip_line(line.text).code
            and (line.kind in _REFUSED_BY_CONDA_LOCK or line.kind is PipKind.EDITABLE)
        ):
            told.add(line.kind)
            _tell_support(reading, item, line.kind)
    return found


def _read_line(reading: Reading, node: ScalarNode, selector: Selector | None) -> PipItem | None:
    if node.tag is not None:
        reading.check_tag(node)
    text = node.value
    if len(text) > MAX_LINE:
        reading.fault("CE401", f"a line of {len(text):,} characters is no requirement", node, (0, 40))
        return None
    line = classify_pip_line(text)
    folded = reading.lines_of(node)
    if folded and line.code:
        reading.tell_folded(node, folded, "requirement", Severity.ERROR)
    elif not text.strip():
        reading.fault("CE401", "an empty text is no requirement", node, hint="remove the line")
    elif line.code:
        message = f"{quoted(text)}: {line.reason}"
        reading.fault(line.code, message, node, (line.start, line.end), hint=line.hint)
    if "://" in text and has_credentials(text):
        message = f"there is a credential in {quoted(text)}"
        hint = "write a reference, https://${USER}:${TOKEN}@..., or keep it in .netrc"
        reading.fault("CE602", message, node, hint=hint)
    return PipItem(
        span=reading.source.span(node.start, node.end),
        selector=selector,
        text=text,
        kind=line.kind,
        name=line.name,
        category=reading.category,
    )


def _tell_support(reading: Reading, node: ScalarNode, kind: PipKind) -> None:
    what = {
        PipKind.EDITABLE: "an editable line",
        PipKind.PATH: "a path",
        PipKind.FILE: "a reference to another file",
        PipKind.CONSTRAINT: "a file of constraints",
    }.get(kind, "an option")
    does = "leaves it out of the lock" if node.value.startswith("-e ") else "refuses the file"
    reading.fault("CE408", f"{quoted(node.value)} is {what}: conda hands it to pip, conda-lock {does}", node)


def _tell_item(reading: Reading, node: Node) -> None:
    message = f"{describe(node)} is no requirement"
    hint = ""
    pair = node.pairs[0] if isinstance(node, MappingNode) and node.pairs else None
    if pair and isinstance(pair[0], ScalarNode):
        name, value = pair[0].value, pair[1]
        written = reading.source.text[value.start : value.end] if isinstance(value, ScalarNode) else ""
        message = f"the colon makes a mapping of {quoted(f'{name}: {written}')}"
        operator = "==" if written[:1].isdigit() else ""
        hint = f"write `- {name}{operator}{written}`"
    elif isinstance(node, ScalarNode) and node.kind in {"int", "float"}:
        hint = f"name the package too: NAME=={node.value}"
    elif isinstance(node, ScalarNode) and node.kind == "null":
        message, hint = "there is nothing behind the dash", "remove the line, or name a package"
    reading.fault("CE109", message, node, hint=hint)


def _tell_shape(reading: Reading, key: ScalarNode, node: Node) -> None:
    if isinstance(node, ScalarNode) and node.kind == "null":
        message = "the pip section is empty; are the lines below it meant for pip?"
        hint = "indent them by two more spaces than `pip:`; else remove the section"
        reading.fault("CE405", message, key, hint=hint)
        return
    message = f"the pip section should be a list, and is {describe(node)}"
    if isinstance(node, ScalarNode):
        first = (node.value.split() or ["requests"])[0].lstrip("-")
        hint = f"write each requirement on a line of its own: `- {first}`"
        if node.value.startswith("-"):
            message += ": there is no space behind the dash"
    else:
        hint = "begin each line with a dash: `- requests`"
    reading.fault("CE404", message, node, hint=hint)
