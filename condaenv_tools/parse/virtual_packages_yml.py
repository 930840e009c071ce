"""Files of virtual packages, in the format of conda-lock's ``--virtual-package-spec``.

.. code-block:: yaml

    subdirs:
      linux-64:
        packages:
          __glibc: "2.28"
          __archspec: "1 x86_64"
          __cuda: "12.0"

A version is a version, build string behind a space. Values are taken as written: ``12.0`` without quotes
stays ``12.0``.
"""

from __future__ import annotations

import difflib
from pathlib import Path

from condaenv_tools.errors import InvalidPlatformError, InvalidVersionError, ParseError
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.version import Version
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.parse.reading import Reading, describe
from condaenv_tools.parse.report import Report, quoted
from condaenv_tools.parse.text import NotTextError, SourceText, decode, read_bytes
from condaenv_tools.parse.yaml_faults import compose_all
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode

__all__ = ["VirtualPackageTable", "parse_virtual_packages", "read_virtual_packages"]

VirtualPackageTable = dict[Platform, tuple[VirtualPackage, ...]]

_KNOWN = ("__archspec", "__cuda", "__glibc", "__linux", "__musl", "__osx", "__unix", "__win")
_SHAPE = 'the file is `subdirs: {linux-64: {packages: {__glibc: "2.28"}}}`'


def parse_virtual_packages(text: str | bytes, *, path: str = "<text>") -> VirtualPackageTable:
    r"""Read the text of a file of virtual packages.

    Parameters
    ----------
    text : str or bytes
        The text.
    path : str
        How errors name the file.

    Returns
    -------
    dict of Platform to tuple of VirtualPackage
        For each platform of the file, its packages sorted by name.

    Raises
    ------
    ParseError
        With every fault of the text, and its place.

    Examples
    --------
    >>> table = parse_virtual_packages("subdirs: {linux-64: {packages: {__cuda: 12.0}}}")
    >>> [str(p) for p in table[Platform.LINUX_64]]
    ['__cuda=12.0=0']
    """
    try:
        source = SourceText(decode(text) if isinstance(text, bytes) else text.lstrip("\ufeff"), path=path)
    except NotTextError as fault:
        raise ParseError(f"{path}: {fault.message}", hints=[fault.hint] if fault.hint else ()) from fault
    reading = Reading(source, Report(source))
    root, whole = compose_all(source, reading.report)
    table = _read_table(reading, root) if whole else {}
    errors = [finding for finding in reading.report.findings() if finding.severity is Severity.ERROR]
    if errors:
        raise ParseError("\n".join(map(str, errors)), findings=errors)
    return table


def read_virtual_packages(path: str | Path) -> VirtualPackageTable:
    """Read a file of virtual packages; as `parse_virtual_packages` for what is in it.

    Raises
    ------
    ParseError
        The file cannot be read, or not as what it should be.
    """
    return parse_virtual_packages(read_bytes(path), path=str(path))


def _read_table(reading: Reading, root: Node | None) -> VirtualPackageTable:
    table: VirtualPackageTable = {}
    if root is None:
        reading.report.add("CE103", "the file is empty", hint=_SHAPE)
    elif isinstance(root, MappingNode):
        for key, value in _pairs(reading, root, {"subdirs"}, missing_is_fault=True):
            if key.value == "subdirs":
                _read_subdirs(reading, value, table)
    else:
        reading.fault("CE104", f"the file is {describe(root)}, and should be a mapping", root, hint=_SHAPE)
    return table


def _read_subdirs(reading: Reading, node: Node, table: VirtualPackageTable) -> None:
    if not isinstance(node, MappingNode):
        reading.fault("CE108", f"subdirs should be a mapping, and is {describe(node)}", node, hint=_SHAPE)
        return
    for key, value in _pairs(reading, node, set()):
        try:
            platform = Platform.parse(key.value)
        except InvalidPlatformError as error:
            hint = (
                f"did you mean {error.nearest}?" if error.nearest else "such as linux-64, osx-arm64, win-64"
            )
            reading.fault("CE502", f"{quoted(key.value)} is not a platform that conda knows", key, hint=hint)
            continue
        if not isinstance(value, MappingNode):
            message = f"{platform} should have the key packages, and is {describe(value)}"
            reading.fault("CE108", message, value, hint=_SHAPE)
            continue
        found = [
            package
            for name, packages in _pairs(reading, value, {"packages"}, missing_is_fault=True)
            if name.value == "packages"
            for package in _read_packages(reading, packages)
        ]
        table[platform] = tuple(sorted(found))


def _read_packages(reading: Reading, node: Node) -> list[VirtualPackage]:
    if not isinstance(node, MappingNode):
        message = f"packages should be a mapping, and is {describe(node)}"
        reading.fault("CE108", message, node, hint='write `__glibc: "2.28"`, without a dash')
        return []
    found = [_read_package(reading, key, value) for key, value in _pairs(reading, node, set())]
    return [package for package in found if package is not None]


def _read_package(reading: Reading, key: ScalarNode, value: Node) -> VirtualPackage | None:
    name = key.value.strip()
    if not is_virtual(name):
        near = difflib.get_close_matches(f"__{name.lstrip('_')}", _KNOWN, n=1)
        hint = f"did you mean {near[0]}?" if near else f"they are called {', '.join(_KNOWN)}, ..."
        message = f"{quoted(name)} is no virtual package: their names begin with two underscores (CEP 30)"
        reading.fault("CE209", message, key, hint=hint)
        return None
    words = value.value.split() if isinstance(value, ScalarNode) and value.kind != "null" else []
    if not 1 <= len(words) <= 2:
        message = f"{quoted(name)} should have a version, and perhaps a build behind a space"
        reading.fault(
            "CE209", message, value if value.end > value.start else key, hint=f'write `{name}: "1.0"`'
        )
        return None
    version, build = words[0], words[1] if len(words) == 2 else "0"
    try:
        Version.of(version)
    except InvalidVersionError as error:
        part = (error.start, error.end) if error.end > error.start else None
        message = f"{quoted(version)} is no version: {error.reason}"
        reading.fault("CE209", message, value, part, hint=f'write `{name}: "1.0"`')
        return None
    return VirtualPackage(name=name.lower(), version=version, build=build)


def _pairs(
    reading: Reading, node: MappingNode, known: set[str], *, missing_is_fault: bool = False
) -> list[tuple[ScalarNode, Node]]:
    """Return the pairs of a mapping; tell of keys that are no texts, repeated, unknown or missing."""
    first: dict[str, ScalarNode] = {}
    found = []
    for key, value in node.pairs:
        if not isinstance(key, ScalarNode):
            reading.fault("CE108", f"{describe(key)} cannot be a key", key)
            continue
        if key.value in first:
            line = reading.source.line_number(first[key.value].start)
            reading.fault("CE106", f"{quoted(key.value)} is written already in line {line}", key)
            continue
        first[key.value] = key
        if known and key.value not in known:
            near = difflib.get_close_matches(key.value, known, n=1)
            hint = f"did you mean {near[0]}?" if near else _SHAPE
            message = f"{quoted(key.value)} is no key of a file of virtual packages"
            reading.report.add("CE107", message, key.start, key.end, hint=hint, severity=Severity.ERROR)
        found.append((key, value))
    for name in known - first.keys() if missing_is_fault and len(first) == 0 else ():
        reading.fault("CE108", f"the key {name} is missing", node, hint=_SHAPE)
    return found
