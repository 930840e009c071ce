"""Lines of the pip section that no machine of the file installs, or one kind of machine only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from condaenv_tools.model.environment import Environment, PipItem
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.codes.code import INFO, WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.pip_items import PipLine, readable_items
from condaenv_tools.rules.pythons import allowed_pythons
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_NEVER = code(
    "CE439",
    WARNING,
    "a marker that never holds",
    "pip passes the line over without a word, on every machine that the file is for.",
    'dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - tomli; python_version < "3.11"\n',
    "dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - tomli\n",
)
_ONE_KIND = code(
    "CE440",
    INFO,
    "a wheel of one kind of machine",
    "pip refuses a wheel that was built for another Python, system or processor.",
    "dependencies:\n  - python\n  - pip\n  - pip:\n"
    "      - https://example.org/tool-1.0-cp312-cp312-manylinux_2_28_x86_64.whl#sha256=" + "ab" * 32 + "\n",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - tool==1.0\n",
)
#: Lines whose markers are tried out; no file that a person wrote has more.
MAX_MARKERS = 1000
#: os_name, sys_platform, platform_system, platform_machine.
_MACHINES = {
    Platform.LINUX_64: ("posix", "linux", "Linux", "x86_64"),
    Platform.LINUX_AARCH64: ("posix", "linux", "Linux", "aarch64"),
    Platform.LINUX_PPC64LE: ("posix", "linux", "Linux", "ppc64le"),
    Platform.OSX_64: ("posix", "darwin", "Darwin", "x86_64"),
    Platform.OSX_ARM64: ("posix", "darwin", "Darwin", "arm64"),
    Platform.WIN_64: ("nt", "win32", "Windows", "AMD64"),
    Platform.WIN_ARM64: ("nt", "win32", "Windows", "ARM64"),
}
_VARIABLES = (
    "python_version",
    "python_full_version",
    "os_name",
    "sys_platform",
    "platform_system",
    "platform_machine",
)
_WORD = re.compile(r"""'[^']*'|"[^"]*"|([a-z_.]+)""")
_SIGNS_OF_MARKERS = {"and", "or", "in", "not"}
_SYSTEMS = {
    "win": "Windows",
    "linux": "Linux",
    "manylinux": "Linux",
    "musllinux": "Linux (musl)",
    "macosx": "macOS",
}


def _platforms_of(environment: Environment, item: PipItem) -> list[Platform]:
    named = [entry.platform for entry in environment.platforms] or list(_MACHINES)
    return [platform for platform in named if platform in _MACHINES and item.counts_on(platform)]


def _never(case: Case) -> Iterator[Finding]:
    marked = [item for item in readable_items(case) if item.details.marker][:MAX_MARKERS]
    for item in marked:
        marker = str(item.details.marker)
        if not _is_known(marker):
            continue
        platforms = _platforms_of(case.environment, item.item)
        pythons = allowed_pythons(case.environment)
        if not platforms or not pythons or _holds_somewhere(marker, platforms, pythons):
            continue
        parts = []
        if "python" in marker:
            parts.append(_shown_pythons(pythons))
        if any(word in marker for word in ("platform", "os_name")):
            parts.append("the platforms of the file" if case.environment.platforms else "any platform")
        message = f"{quoted(marker)} never holds with {' on '.join(parts)}, so pip passes the line over"
        yield case.finding(_NEVER, message, item.span, hint="remove the line, or the marker")


def _is_known(marker: str) -> bool:
    words = {word for word in _WORD.findall(marker) if word and word.strip("._")} - _SIGNS_OF_MARKERS
    return bool(words) and words <= set(_VARIABLES)


def _holds_somewhere(marker: str, platforms: list[Platform], pythons: tuple[str, ...]) -> bool:
    from packaging.markers import Marker, UndefinedComparison  # noqa: PLC0415 - few files need it

    condition = Marker(marker)
    if "python_full_version" not in marker:
        pythons = tuple({full.rpartition(".")[0]: full for full in pythons}.values())
    # What the marker does not ask about need not be tried.
    if "platform" not in marker and "os_name" not in marker:
        platforms = platforms[:1]
    if "python" not in marker:
        pythons = pythons[:1]
    for platform in platforms:
        os_name, sys_platform, system, machine = _MACHINES[platform]
        here = {
            "os_name": os_name,
            "sys_platform": sys_platform,
            "platform_system": system,
            "platform_machine": machine,
        }
        for full in pythons:
            versions = {"python_version": full.rpartition(".")[0], "python_full_version": full}
            # A comparison that means nothing (`os_name ~= '1'`) never holds.
            with suppress(UndefinedComparison):
                if condition.evaluate({**here, **versions}):
                    return True
    return False


def _shown_pythons(pythons: tuple[str, ...]) -> str:
    minors = list(dict.fromkeys(full.rpartition(".")[0] for full in pythons))
    if len(pythons) == 1:
        return f"Python {pythons[0]}"
    if len(minors) == 1:
        return f"Python {minors[0]}"
    return f"Python {minors[0]} or later" if minors[-1] == "3.19" else f"Python {minors[0]} to {minors[-1]}"


def _one_kind(case: Case) -> Iterator[Finding]:
    for item in readable_items(case):
        place = re.split(r"[?#]", item.details.url or item.details.target or "")[0]
        if not place.lower().endswith(".whl"):
            continue
        tags = _tags(place)
        pinned = {full.rpartition(".")[0] for full in allowed_pythons(case.environment)}
        if not tags:
            continue
        if len(pinned) == 1 and not any(_fits(tag, next(iter(pinned))) for tag in tags):
            wanted, python = ", ".join(sorted({tag[0] for tag in tags})), next(iter(pinned))
            message = f"the wheel is for {wanted}, and the file asks for Python {python}: pip refuses it"
            hint = "take the wheel of that Python, or name a version and let pip choose"
            yield case.finding(_ONE_KIND, message, item.span, hint=hint, severity=Severity.ERROR)
            continue
        finding = _tell_system(case, item, {tag[2] for tag in tags})
        if finding is not None:
            yield finding


def _tell_system(case: Case, item: PipLine, systems: set[str]) -> Finding | None:
    named = len(_platforms_of(case.environment, item.item))
    if "any" in systems or item.details.marker or item.selector or named < 2:
        return None
    shown = " or ".join(sorted({_system(name) for name in systems}))
    declared = bool(case.environment.platforms)
    message = f"the wheel is for {shown} alone"
    message += f", and the file for {named} platforms" if declared else ": pip refuses it on other machines"
    hint = "name a version and let pip choose the wheel, or add a marker such as `; sys_platform == 'linux'`"
    severity = Severity.WARNING if declared else None
    return case.finding(_ONE_KIND, message, item.span, hint=hint, severity=severity)


def _tags(place: str) -> list[tuple[str, str, str]]:
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename  # noqa: PLC0415 - few files need it

    try:
        parsed = parse_wheel_filename(re.split(r"[/\\]", place)[-1].replace("%2B", "+").replace("%2b", "+"))
    except InvalidWheelFilename:
        return []
    return sorted({(tag.interpreter, tag.abi, tag.platform) for tag in parsed[3]})


def _fits(tag: tuple[str, str, str], python: str) -> bool:
    """Say whether a wheel's tag can be installed into a minor version of CPython."""
    match = re.fullmatch(r"(cp|py)(\d)(\d*)", tag[0])
    if match is None:
        return True
    major, minor = map(int, python.split("."))
    if int(match[2]) != major:
        return False
    if not match[3]:
        return True
    older = match[1] == "py" or tag[1] in {"abi3", "none"}
    return int(match[3]) <= minor if older else int(match[3]) == minor


def _system(platform: str) -> str:
    word = re.split(r"[_\d]", platform, maxsplit=1)[0]
    machine = next(
        (name for name in ("x86_64", "amd64", "aarch64", "arm64", "ppc64le", "i686") if name in platform), ""
    )
    shown = _SYSTEMS.get(word, platform)
    return f"{shown} {machine}".strip() if shown != platform else platform


RULES: tuple[Rule, ...] = (
    Rule(code=_NEVER, find=_never),
    Rule(code=_ONE_KIND, find=_one_kind),
)
