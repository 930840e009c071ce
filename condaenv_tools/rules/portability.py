"""Rules on what ties a file to one machine or one day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from condaenv_tools.model.environment import Dependency, PipKind
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.parse.codes.code import INFO, WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules import builds, exports
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.one_system import SELECTORS, SYSTEM_NAMES, named_systems, systems_of
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_ONE_SYSTEM = code(
    "CE510",
    WARNING,
    "a package of one operating system",
    "Where the package does not exist the environment cannot be solved; a selector says where it counts.",
    "platforms: [linux-64, win-64]\ndependencies:\n  - vs2015_runtime\n",
    "platforms: [linux-64, win-64]\ndependencies:\n  - vs2015_runtime  # [win]\n",
)
_NO_PYTHON = code(
    "CE511",
    WARNING,
    "no Python is named",
    "Each solve then takes the newest Python of its day, which the packages of the pip section may not know.",
    "dependencies:\n  - pip\n  - pip:\n      - requests\n",
    "dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - requests\n",
)
_OPEN_LOCK = code(
    "CE514",
    WARNING,
    "a lock that leaves versions open",
    "A file that says it is a lock should give the same packages tomorrow; only exact versions do.",
    "# This file is locked, do not edit\ndependencies:\n  - python==3.12.7\n  - numpy>=1.26\n",
    "# This file is locked, do not edit\ndependencies:\n  - python==3.12.7\n  - numpy==1.26.4\n",
)
_FIVE = "".join(
    f"  - {line}\n" for line in ("python=3.12", "numpy=1.26", "scipy=1.14", "pandas=2.2", "dask=2024.8")
)
_LONE_OPEN = code(
    "CE515",
    INFO,
    "one package without a version among many with one",
    "It alone may change from one day to the next.",
    f"dependencies:\n{_FIVE}  - xarray\n",
    f"dependencies:\n{_FIVE}  - xarray=2024.7\n",
)

#: Fewer packages than this say nothing of a habit.
_HABIT = 5
#: What a comment at the top of a generated lock says.
_SAYS_LOCK = re.compile(
    r"^#.*\b(?:lock ?file|locked|conda-lock|auto-?generated\b.*\block|is a lock)\b",
    re.IGNORECASE | re.MULTILINE,
)
_LOCK_NAME = re.compile(r"(?:^|[._-])lock(?:ed)?(?:[._-]|$)", re.IGNORECASE)


def _find_one_system(case: Case) -> Iterator[Finding]:
    """Tell of each such package where the platforms are named, and once where they are not."""
    if case.evidence is not None:
        return
    named = [item.platform for item in case.environment.platforms]
    platforms = named or list(DEFAULT_PLATFORMS)
    odd: list[tuple[Dependency, frozenset[str], list[Platform]]] = []
    for item in case.environment.dependencies:
        systems = systems_of(item.name)
        if systems is None:
            continue
        absent = [p for p in platforms if item.counts_on(p) and p.os in SYSTEM_NAMES and p.os not in systems]
        if absent:
            odd.append((item, systems, absent))
    if not odd:
        return
    if named:
        sel = any(one.selector and one.selector.dialect == "sel" for one in case.environment.dependencies)
        for item, systems, absent in odd:
            known = named_systems(systems)
            message = f"{item.name} exists on {known} alone, and this file is for {_listed(absent)} too"
            word = SELECTORS[systems]
            hint = f"write `- sel({word}): {item.text}`" if sel else f"write `- {item.text}  # [{word}]`"
            yield case.finding(_ONE_SYSTEM, message, item.span, hint=hint)
        return
    systems = frozenset.intersection(*(systems for _, systems, _ in odd))
    names = [item.name for item, theirs, _ in odd if theirs == systems] or [odd[0][0].name]
    some = ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")
    line = "1 line names a package" if len(names) == 1 else f"{len(names)} lines name packages"
    known = named_systems(systems) or "different systems"
    message = f"{line} of {known} alone ({some}), and the file does not say so"
    hint = "name the platforms under `platforms:`, or leave out what nobody asks for by name"
    first = next(item for item, _, _ in odd if item.name == names[0])
    yield case.finding(_ONE_SYSTEM, message, first.span, hint=hint, severity=Severity.INFO)


def _listed(platforms: list[Platform]) -> str:
    return ", ".join(platform.value for platform in platforms)


def _find_no_python(case: Case) -> Iterator[Finding]:
    environment = case.environment
    lines = [item for item in environment.pip if item.kind is not PipKind.OPTION]
    if not lines or any(
        item.name in {"python", "pypy", "python-freethreading"} for item in environment.dependencies
    ):
        return
    message = (
        "no Python is named: each solve takes the newest one, and the pip section is installed into that"
    )
    yield case.finding(
        _NO_PYTHON, message, lines[0].span, hint="add `- python=3.12`, or the version that you mean"
    )


def _find_open_lock(case: Case) -> Iterator[Finding]:
    name = case.parsed.path.replace("\\", "/").rsplit("/", 1)[-1]
    head = case.text[: case.text.find("dependencies:")] if "dependencies:" in case.text else ""
    if not (_LOCK_NAME.search(name) or _SAYS_LOCK.search(head)):
        return
    items = [item for item in case.environment.dependencies if not is_virtual(item.name)]
    loose = [item for item in items if not _is_pinned(item)]
    if not loose or len(loose) == len(items):
        return
    more = f", as do {len(loose) - 1} more lines" if len(loose) > 2 else ""
    more = ", as does 1 more line" if len(loose) == 2 else more
    message = f"this file is called a lock, and {quoted(loose[0].text)} leaves the version open{more}"
    yield case.finding(
        _OPEN_LOCK, message, loose[0].span, hint="write the exact version, or make a real lock of it"
    )


def _is_pinned(item: Dependency) -> bool:
    spec = item.spec
    return bool(spec.url or spec.md5 or spec.sha256) or exports.names_a_release(item)


def _find_lone_open(case: Case) -> Iterator[Finding]:
    """Find the one package without a version, where there is nothing else like it."""
    items = [item for item in case.environment.dependencies if item.name != "pip" and item.spec.url is None]
    free = [item for item in items if item.spec.version is None]
    counts = Counter(item.name for item in items)
    if len(free) != 1 or len(items) <= _HABIT or counts[free[0].name] > 1 or is_virtual(free[0].name):
        return
    spec = free[0].spec
    bounds = [item.spec.version for item in items if item.spec.version is not None]
    if spec.build or spec.md5 or spec.sha256 or not all(v.is_exact or v.is_fuzzy for v in bounds):
        return
    message = f"{free[0].name} has no version, and each of the other {len(counts) - 1} packages has one"
    yield case.finding(
        _LONE_OPEN, message, free[0].span, hint=f"write a version too, such as {free[0].name}=1.2"
    )


RULES: tuple[Rule, ...] = (
    Rule(code=_ONE_SYSTEM, find=_find_one_system),
    Rule(code=_NO_PYTHON, find=_find_no_python),
    *builds.RULES,
    *exports.RULES,
    Rule(code=_OPEN_LOCK, find=_find_open_lock),
    Rule(code=_LONE_OPEN, find=_find_lone_open),
)
