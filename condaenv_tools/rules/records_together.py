"""A rule on the lines of one package that no release fulfils together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from condaenv_tools.model.finding import Finding
from condaenv_tools.model.patterns import is_pattern
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.version_region import has_no_version
from condaenv_tools.parse.codes.code import ERROR, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.record_facts import Level, Look, looks, versions_of, where
from condaenv_tools.rules.record_texts import held, span_of
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_APART = code(
    "CE222",
    ERROR,
    "lines of one package that no release fulfils together",
    "All lines of a package must hold at once, and between their bounds the channels have no release.",
    "channels: [conda-forge]\ndependencies:\n  - numpy>2.3.5\n  - numpy<2.4\n",
    "channels: [conda-forge]\ndependencies:\n  - numpy>2.2\n  - numpy<2.4\n",
)
#: Levels at which the line by itself is no fault.
_SOUND = (Level.FOUND, Level.HIDDEN)

#: Lines of one package that are held against each other.
_MOST_LINES = 20


def _find(case: Case) -> Iterator[Finding]:
    lines: dict[str, list[Look]] = defaultdict(list)
    for look in looks(case):
        lines[look.item.name].append(look)
    for group in lines.values():
        if len(group) > _MOST_LINES:
            continue
        told: set[int] = set()
        for one, other in combinations(group, 2):
            platforms = _apart_on(one, other)
            if platforms and id(other) not in told and not _excluded_by_text(one, other):
                told.add(id(other))
                yield _tell(case, one, other, platforms)


def _apart_on(one: Look, other: Look) -> tuple[Platform, ...]:
    """Return the platforms on which either line has a release, and both together have none."""
    shared = [p for p in one.at(*_SOUND) if other.levels.get(p) in _SOUND]
    return tuple(
        platform
        for platform in shared
        if not any(
            one.item.spec.matches(record) and other.item.spec.matches(record)
            for record in (*one.records[platform], *other.records[platform])
        )
    )


def _excluded_by_text(one: Look, other: Look) -> bool:
    """Say whether what is written excludes both already, whatever the channels have; another rule tells that."""
    mine, theirs = one.item.spec, other.item.spec
    if (
        mine.version is not None
        and theirs.version is not None
        and has_no_version([mine.version, theirs.version])
    ):
        return True
    if mine.channel is not None and theirs.channel is not None:
        return True
    exact = [build for build in (mine.build, theirs.build) if build is not None and not is_pattern(build)]
    return len(set(exact)) > 1


def _tell(case: Case, one: Look, other: Look, platforms: tuple[Platform, ...]) -> Finding:
    first, last = one.item, other.item
    records = [record for platform in platforms for record in one.records[platform]]
    message = (
        f"no {last.name} fulfils both {quoted(last.text)} and {quoted(first.text)} of line {first.span.line}"
        f"{where(case, last, platforms)}: {held(records)}"
    )
    if {one.levels[p] for p in platforms} == {other.levels[p] for p in platforms} == {Level.FOUND}:
        mine, theirs = _allowed(other, platforms), _allowed(one, platforms)
        message += f", of which line {first.span.line} allows {theirs}, and this one {mine}"
    return case.finding(
        _APART, message, last.span, hint=f"keep one of lines {first.span.line} and {last.span.line}"
    )


def _allowed(look: Look, platforms: tuple[Platform, ...]) -> str:
    fitting = [r for p in platforms for r in look.records[p] if look.item.spec.matches(r)]
    return span_of(versions_of(fitting))


RULES: tuple[Rule, ...] = (Rule(code=_APART, find=_find, needs_records=True),)
