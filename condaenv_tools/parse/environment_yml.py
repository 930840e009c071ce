"""`environment.yml` (CEP 24): text in, an `Environment` and all findings out."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeGuard

from condaenv_tools.errors import ParseError
from condaenv_tools.model.edit import Fix
from condaenv_tools.model.environment import ChannelItem, Environment, PlatformItem, Variable
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.html import table
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.dependencies_section import DependenciesSection, read_dependencies
from condaenv_tools.parse.pip_fixes import moved_inside, pip_added
from condaenv_tools.parse.reading import Reading, describe
from condaenv_tools.parse.report import Report, quoted
from condaenv_tools.parse.scalar_fixes import rewritten
from condaenv_tools.parse.sections import (
    read_channels,
    read_name,
    read_platforms,
    read_text,
    tell_channels,
    tell_prefix,
)
from condaenv_tools.parse.specs import tell_repeated
from condaenv_tools.parse.text import NotTextError, SourceText, decode, read_bytes
from condaenv_tools.parse.text_fixes import line_ends_fix
from condaenv_tools.parse.variables_section import read_variables
from condaenv_tools.parse.yaml_faults import compose_all, explain_root
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["ParsedFile", "loads_environment", "parse_environment", "read_environment"]

_KEYS = ("name", "prefix", "channels", "dependencies", "variables", "platforms", "category")
#: Characters that nobody sees.
_UNSEEN = re.compile("[\u00a0\u200b\u200c\u200d\u2060\ufeff]")
#: Keys of conda-lock's own; others ignore them.
_CONDA_LOCK_KEYS = {"pip-repositories", "allow-pypi-requests"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """What reading one file gave.

    Attributes
    ----------
    path : str
        The file as the user named it.
    environment : Environment or None
        What could be read; None where the text is not YAML, or no mapping.
    findings : tuple of Finding
        All of them, in the order of the text.
    """

    path: str
    environment: Environment | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings of severity error."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    def _repr_html_(self) -> str:
        rows = [(f.location, str(f.severity), f.code, f.message, f.hint) for f in self.findings]
        caption = f"{self.path}: {len(self.findings) or 'no'} findings"
        found = table(("where", "severity", "code", "message", "hint"), rows, caption=caption)
        return found if self.environment is None else self.environment._repr_html_() + found


def parse_environment(text: str | bytes, *, path: str = "<text>") -> ParsedFile:
    r"""Read the text of an `environment.yml`; bad input gives findings, never an exception.

    Parameters
    ----------
    text : str or bytes
        Bytes are UTF-8, or what their byte order mark says. The mark is not part of the text: offsets and
        columns count from behind it.
    path : str
        How findings and spans name the file.

    Returns
    -------
    ParsedFile
        The environment, and every finding.

    Examples
    --------
    >>> parsed = parse_environment("dependencies:\n  - numpy=1.26  # [linux]\n")
    >>> [str(item.spec) for item in parsed.environment.dependencies]
    ['numpy=1.26']

    References
    ----------
    CEP 24, specification of ``environment.yml`` input files.
    """
    try:
        source = SourceText((decode(text) if isinstance(text, bytes) else text.lstrip("\ufeff")), path=path)
    except NotTextError as fault:
        source = SourceText(fault.readable, path=path)
        report = Report(source)
        at = len(fault.readable) if fault.readable else None
        report.add("CE102", fault.message, at, at, hint=fault.hint)
        return ParsedFile(path=path, environment=None, findings=report.findings())
    report = Report(source)
    root, whole = compose_all(source, report)
    environment = None
    lone = source.first_lone_return()
    if lone is not None and whole:
        message = "lines end with a carriage return alone: micromamba reads the whole file as one line"
        fix = line_ends_fix(source.text)
        report.add("CE119", message, lone, lone, hint="save the file with ordinary line ends", fix=fix)
    if isinstance(root, MappingNode):
        environment = _read_mapping(Reading(source, report), root)
    elif whole:
        explain_root(source, report, root)
    return ParsedFile(path=path, environment=environment if whole else None, findings=report.findings())


def loads_environment(text: str | bytes, *, path: str = "<text>") -> Environment:
    r"""Read the text of an `environment.yml`.

    Parameters
    ----------
    text : str or bytes
        As for `parse_environment`.
    path : str
        How messages name the file.

    Returns
    -------
    Environment
        What the text says; findings that are no errors are dropped.

    Raises
    ------
    ParseError
        With every error of the text.

    Examples
    --------
    >>> loads_environment("name: x\ndependencies: [numpy]\n").name
    'x'
    """
    parsed = parse_environment(text, path=path)
    if parsed.errors or parsed.environment is None:
        raise ParseError("\n".join(map(str, parsed.errors)), findings=parsed.errors)
    return parsed.environment


def read_environment(path: str | Path) -> ParsedFile:
    """Read a file; as `parse_environment` for what is in it.

    Raises
    ------
    ParseError
        The file is absent, unreadable, a folder or too large.
    """
    return parse_environment(read_bytes(path), path=str(path))


class _Parts:
    """What has been read of the sections so far."""

    def __init__(self) -> None:
        self.texts: dict[str, str | None] = {}
        self.channels: list[ChannelItem] = []
        self.platforms: list[PlatformItem] = []
        self.variables: list[Variable] = []
        self.dependencies = DependenciesSection()
        self.keys: dict[str, ScalarNode] = {}
        #: Whether there are channels that could not be read, so that none are missing.
        self.channels_unread = False


def _read_mapping(reading: Reading, root: MappingNode) -> Environment:
    reading.check_tag(root)
    parts = _Parts()
    pairs = [(key, value) for key, value in root.pairs if _known_key(key, reading, parts)]
    # The category is part of every item, wherever it stands.
    pairs.sort(key=lambda pair: pair[0].value != "category")
    for key, value in pairs:
        _read_section(reading, parts, key, value)
    _tell_whole(reading, parts)
    spans: tuple[tuple[str, SourceSpan], ...] = tuple(
        (name, reading.span(key)) for name, key in parts.keys.items()
    )
    return Environment(
        sources=(reading.source.path,),
        name=parts.texts.get("name"),
        prefix=parts.texts.get("prefix"),
        category=parts.texts.get("category"),
        channels=tuple(parts.channels),
        dependencies=tuple(parts.dependencies.conda),
        pip=tuple(parts.dependencies.pip),
        variables=tuple(parts.variables),
        platforms=tuple(parts.platforms),
        key_spans=spans,
        has_pip_section=bool(parts.dependencies.pip_keys),
    )


def _known_key(key: Node, reading: Reading, parts: _Parts) -> TypeGuard[ScalarNode]:
    """Say whether a key is one to read; tell of those that are unknown or repeated."""
    if not isinstance(key, ScalarNode):
        reading.fault("CE107", f"{describe(key)} is no key; it is ignored", key)
        return False
    name = key.value
    first = parts.keys.setdefault(name, key)
    repeated = first is not key
    if repeated and not reading.report.full:
        line = reading.source.line_number(first.start)
        message = (
            f"{quoted(name)} is written already in line {line}: conda refuses the file, "
            "micromamba takes the first, conda-lock the last"
        )
        hint = "keep one of the two" if name in {"name", "prefix"} else "make one section of both"
        reading.fault("CE106", message, key, hint=hint)
    if name in _KEYS:
        return True
    if reading.report.full or (reading.report.partial and not name.strip("_")):
        return False
    _tell_unknown(reading, key, repeated=repeated)
    return False


def _tell_unknown(reading: Reading, key: ScalarNode, *, repeated: bool) -> None:
    name = key.value
    if name == "pip":
        message = "pip at the top of the file is ignored by every tool"
        hint = "put it into dependencies, as an item of the list: `- pip:` and the lines below it"
        # There is room for one: the second would find the first in its place.
        fix = None if repeated else partial(moved_inside, reading.source, key)
        reading.fault("CE406", message, key, hint=hint, fix=fix)
        return
    if name in _CONDA_LOCK_KEYS:
        message = f"{quoted(name)} is read by conda-lock alone"
        reading.report.add("CE107", message, key.start, key.end, severity=Severity.INFO)
        return
    near = _near(name.strip().lower())
    message = f"{quoted(name)} is no key of an environment file, and is ignored (CEP 24)"
    hint = f"did you mean {near}?" if near else f"the keys are {', '.join(_KEYS)}"
    # A person has to say so: the section may be meant for a tool of one's own.
    fix = partial(_renamed, reading, key, near) if near else None
    reading.fault("CE107", message, key, hint=hint, fix=fix)


@lru_cache(maxsize=256)
def _near(name: str) -> str:
    """Return the key that a name is probably meant to be, or an empty text."""
    return next(iter(difflib.get_close_matches(name, _KEYS, n=1, cutoff=0.7)), "")


def _renamed(reading: Reading, key: ScalarNode, near: str) -> Fix | None:
    if _begins_a_line(reading.source.text, near):
        return None
    unseen = _UNSEEN.sub("", key.value).strip() == near
    return rewritten(reading, key, near, safe=unseen)


@lru_cache(maxsize=len(_KEYS))
def _begins_a_line(text: str, key: str) -> bool:
    """Say whether a section has a name; hundreds of misspelled ones of one text ask for it."""
    return re.search(rf"^{key}\s*:", text, re.MULTILINE) is not None


def _read_section(reading: Reading, parts: _Parts, key: ScalarNode, value: Node) -> None:
    name = key.value
    if name == "name":
        parts.texts[name] = read_name(reading, key, value)
        return
    if name in {"prefix", "category"}:
        parts.texts[name] = text = read_text(reading, key, value)
        if name == "category" and text:
            reading.category = text
        elif text:
            tell_prefix(reading, key, value)
        return
    selector = reading.key_selector(key)
    if name == "channels":
        found = read_channels(reading, key, value, selector)
        parts.channels += found
        parts.channels_unread = not found and not (isinstance(value, SequenceNode) and not value.items)
    elif name == "platforms":
        parts.platforms += read_platforms(reading, key, value, selector)
    elif name == "variables":
        parts.variables += read_variables(reading, value, selector)
    else:
        read_dependencies(reading, key, value, selector, parts.dependencies)


def _tell_whole(reading: Reading, parts: _Parts) -> None:
    """Tell what only the whole file shows."""
    if not parts.channels_unread:
        tell_channels(reading, parts.channels, parts.keys.get("channels"))
    _tell_no_dependencies(reading, parts)
    found = parts.dependencies
    tell_repeated(reading, found.conda)
    if found.pip and not any(item.spec.name == "pip" for item in found.conda):
        message = "pip is not among the dependencies: conda adds it and warns, micromamba does not"
        key = found.pip_keys[0]
        # A line that asks pip for pip would then be one of two.
        fix = (
            None if any(item.name == "pip" for item in found.pip) else partial(pip_added, reading.source, key)
        )
        reading.fault("CE403", message, key, hint="add `- pip` above this line", fix=fix)
    for key in found.pip_keys[1:]:
        message = "this is another pip section: conda reads the last one only, micromamba and conda-lock all"
        reading.fault("CE407", message, key, hint="make one section of all")
    reading.tell_selectors()


def _tell_no_dependencies(reading: Reading, parts: _Parts) -> None:
    if "dependencies" in parts.keys:
        return
    near = difflib.get_close_matches("dependencies", parts.keys, n=1, cutoff=0.7)
    if near:
        key = parts.keys[near[0]]
        message = (
            f"there are no dependencies, only a misspelled {quoted(near[0])}: the environment would be empty"
        )
        reading.report.add(
            "CE118", message, key.start, key.end, hint="write dependencies", severity=Severity.ERROR
        )
        return
    message = (
        "there are no dependencies: conda makes an empty environment, conda-lock fails (CEP 24 requires them)"
    )
    reading.report.add("CE118", message, hint="add `dependencies:` and a list")
