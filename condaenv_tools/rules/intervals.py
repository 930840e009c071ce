"""Rules on versions that no package can have: within a spec, and between the lines of one package."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, islice

from condaenv_tools.model.channel_places import narrower_channel
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.patterns import is_pattern
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.model.version_region import has_no_version, is_implied
from condaenv_tools.model.version_spec import AllOf, Clause, VersionSpec
from condaenv_tools.parse.codes.code import ERROR, INFO, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.rule import Rule
from condaenv_tools.rules.written import fix_of, place_in, take_apart

__all__ = ["RULES"]

_EMPTY = code(
    "CE250",
    ERROR,
    "a spec that no version fulfils",
    "The conditions exclude each other, so that the environment cannot be solved.",
    "dependencies:\n  - numpy>=2,<2\n",
    "dependencies:\n  - numpy>=2,<3\n",
)
_APART = code(
    "CE251",
    ERROR,
    "lines of one package that exclude each other",
    "All lines of a package must hold at once, and no build fulfils these.",
    "dependencies:\n  - numpy>=2\n  - numpy=1.26\n",
    "dependencies:\n  - numpy>=2\n",
)
_REDUNDANT = code(
    "CE252",
    INFO,
    "a condition that adds nothing",
    "The rest of the spec is narrower; one of the two is probably a slip.",
    "dependencies:\n  - numpy>=1,>=2\n",
    "dependencies:\n  - numpy>=2\n",
)

#: More than any person writes, of conditions in a spec and of such specs in a file; the work grows with them.
_MOST_CLAUSES = 20
_MOST_SPECS = 1000
#: Lines of one package that are held against each other.
_MOST_LINES = 20


def _clauses(item: Dependency) -> int:
    return 0 if item.spec.version is None else sum(1 for _ in item.spec.version.clauses())


def _is_empty(item: Dependency) -> bool:
    version = item.spec.version
    return version is not None and 1 < _clauses(item) <= _MOST_CLAUSES and _allows_nothing(version)


@lru_cache(maxsize=4096)
def _allows_nothing(version: VersionSpec) -> bool:
    return has_no_version([version])


def _involved(case: Case) -> tuple[Dependency, ...]:
    """Return the specs with more than one condition."""
    found = (item for item in case.environment.dependencies if 1 < _clauses(item) <= _MOST_CLAUSES)
    return tuple(islice(found, _MOST_SPECS))


def _find_empty(case: Case) -> Iterator[Finding]:
    for item in _involved(case):
        if not _is_empty(item):
            continue
        parts = take_apart(item.text, item.spec)
        place = place_in(case, item, parts.any_version.place if parts else (0, len(item.text)))
        message = f"no version fulfils {quoted(item.text)}"
        hint = "correct one of the bounds"
        root = item.spec.version.root if item.spec.version else None
        if isinstance(root, AllOf) and all(
            isinstance(part, Clause) and part.text.startswith("==") for part in root.parts
        ):
            hint = "write | where one of the versions is enough"
        yield case.finding(_EMPTY, message, place, hint=hint)


def _find_redundant(case: Case) -> Iterator[Finding]:
    for item in _involved(case):
        if item.spec.version is None or _is_empty(item):
            continue
        root = item.spec.version.root
        if not isinstance(root, AllOf):
            continue
        for number, clause in enumerate(root.parts):
            others = [part for at, part in enumerate(root.parts) if at != number]
            if not isinstance(clause, Clause) or _lets_in_pre_releases(clause):
                continue
            narrower = [part for part in others if is_implied(clause, by=part)]
            # Of two that say the same the second is one too many.
            narrower = [part for part in narrower if part != clause or root.parts.index(part) < number]
            if narrower:
                yield _redundant(case, item, number, str(narrower[0]))
                break


def _lets_in_pre_releases(clause: Clause) -> bool:
    """Say whether a bound is that of a habit: pip takes pre-releases where one is named, as in ``>=0.0.0a0``."""
    return (
        clause.version is not None and re.fullmatch(r"[0.]+(?:a|dev|rc)?0?", clause.version.text) is not None
    )


def _redundant(case: Case, item: Dependency, number: int, narrower: str) -> Finding:
    parts = take_apart(item.text, item.spec)
    version = parts.any_version if parts else None
    clauses = version.text.split(",") if version else []
    assert item.spec.version is not None
    if version is None or len(clauses) != _clauses(item) or "(" in version.text or "|" in version.text:
        message = f"one condition of {quoted(item.text)} adds nothing to {quoted(narrower)}"
        return case.finding(_REDUNDANT, message, item.span)
    start = sum(len(text) + 1 for text in clauses[:number])
    clause = version.cut(start, start + len(clauses[number])).stripped()
    rest = ",".join(text for at, text in enumerate(clauses) if at != number)
    message = f"{quoted(clause.text)} adds nothing to {quoted(narrower)}"
    fix = fix_of(case, item, f"remove {clause.text}", version.place, rest)
    return case.finding(
        _REDUNDANT, message, place_in(case, item, clause.place), hint=f"remove {clause.text}", fix=fix
    )


def _find_apart(case: Case) -> Iterator[Finding]:
    """Tell of each line that an earlier one, or all earlier ones together, exclude."""
    lines: dict[str, list[Dependency]] = defaultdict(list)
    for item in case.environment.dependencies:
        spec = item.spec
        if not spec.has_name_pattern and spec.when is None and spec.url is None:
            lines[item.name].append(item)
    repeated = (items for items in lines.values() if 1 < len(items) <= _MOST_LINES)
    for items in islice(repeated, _MOST_SPECS):
        yield from _apart(case, items)


def _apart(case: Case, items: list[Dependency]) -> Iterator[Finding]:
    items = [item for item in items if not _is_empty(item)]
    told: set[Dependency] = set()
    for one, other in combinations(items, 2):
        if other in told or not (shared := _shared([one, other])):
            continue
        reason = _reason(one, other)
        if reason:
            told.add(other)
            yield _tell_apart(case, [one, other], reason, shared)
    if told or len(items) < 3:
        return
    for platform in Platform:
        counting = [item for item in items if item.counts_on(platform)]
        if sum(map(_clauses, counting)) > _MOST_CLAUSES:
            continue
        if has_no_version([item.spec.version for item in counting if item.spec.version is not None]):
            yield _tell_apart(case, counting, "no version fulfils them all", _shared(counting))
            return


def _shared(items: list[Dependency]) -> frozenset[Platform]:
    return frozenset(platform for platform in Platform if all(item.counts_on(platform) for item in items))


def _reason(one: Dependency, other: Dependency) -> str:
    """Return why no build is what both lines ask for; nothing where one may be."""
    mine, theirs = one.spec, other.spec
    if mine.version is not None and theirs.version is not None:
        small = _clauses(one) + _clauses(other) <= _MOST_CLAUSES
        if small and has_no_version([mine.version, theirs.version]):
            return "no version fulfils both"
    for name in ("build", "subdir", "md5", "sha256"):
        asked = getattr(mine, name), getattr(theirs, name)
        if all(text and not is_pattern(text) for text in asked) and asked[0].lower() != asked[1].lower():
            return f"no package has two values of {name}"
    channels = [channel for channel in (mine.channel, theirs.channel) if channel and not is_pattern(channel)]
    if len(channels) == 2 and narrower_channel(*channels) is None:
        return "no package comes from both channels"
    return ""


def _tell_apart(case: Case, items: list[Dependency], reason: str, shared: frozenset[Platform]) -> Finding:
    *earlier, last = items
    named = " and ".join(f"{quoted(item.text)} of line {item.span.line}" for item in earlier)
    usual = [item.platform for item in case.environment.platforms] or DEFAULT_PLATFORMS
    listed = [platform for platform in usual if platform in shared] or sorted(shared)
    where = "" if len(shared) == len(Platform) else f" on {', '.join(listed[:3])}"
    where += ", ..." if where and len(listed) > 3 else ""
    message = f"{quoted(last.text)} excludes {named}{where}: {reason}"
    hint = (
        "keep one of the lines" if not where else "keep one of the lines, or give them selectors that differ"
    )
    return case.finding(_APART, message, last.span, hint=hint)


RULES: tuple[Rule, ...] = (
    Rule(code=_EMPTY, find=_find_empty),
    Rule(code=_APART, find=_find_apart),
    Rule(code=_REDUNDANT, find=_find_redundant),
)
