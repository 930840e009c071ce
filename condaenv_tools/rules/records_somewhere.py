"""Rules on packages and versions that exist on some of the platforms asked for only."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.patterns import is_pattern
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.parse.codes.code import WARNING, Code, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.record_facts import Level, Look, joined, looks, versions_of
from condaenv_tools.rules.record_texts import builds, held, pivot, selector_word
from condaenv_tools.rules.rule import Rule
from condaenv_tools.rules.written import is_literal

__all__ = ["RULES"]

_PACKAGE = code(
    "CE223",
    WARNING,
    "a package that some platforms lack",
    "On those platforms the environment cannot be solved.",
    "channels: [conda-forge]\nplatforms: [linux-64, osx-arm64]\ndependencies:\n  - libgcc\n  - sysroot_linux-64\n",
    "channels: [conda-forge]\nplatforms: [linux-64]\ndependencies:\n  - sysroot_linux-64\n",
)
_VERSION = code(
    "CE224",
    WARNING,
    "a version that some platforms lack",
    "On those platforms the environment cannot be solved, and a newer or older release exists on all of them.",
    "channels: [conda-forge]\nplatforms: [linux-64, osx-arm64]\ndependencies:\n  - python=3.7\n",
    "channels: [conda-forge]\nplatforms: [linux-64, osx-arm64]\ndependencies:\n  - python=3.12\n",
)
#: More lines of a file without platforms are told as one.
_TOGETHER = 4
#: So many of them are named.
_FEW = 3
#: A line exists there although an exact build of it may not: builds belong to one platform (CE507).
_VERSION_EXISTS = (Level.FOUND, Level.HIDDEN, Level.NO_BUILD, Level.NO_RECORD)


def _find_packages(case: Case) -> Iterator[Finding]:
    lacking = {look: found for look in looks(case) if (found := look.at(Level.ABSENT, Level.ELSEWHERE))}
    yield from _tell(case, _PACKAGE, {look: found for look, found in lacking.items() if _counts(case, look)})


def _find_versions(case: Case) -> Iterator[Finding]:
    lacking = {look: found for look in looks(case) if (found := _without_release(look))}
    yield from _tell(case, _VERSION, {look: found for look, found in lacking.items() if _counts(case, look)})


def _without_release(look: Look) -> tuple[Platform, ...]:
    """Return the platforms that lack the version, or the kind of build that is found on another."""
    build = look.item.spec.build
    kind = build is not None and is_pattern(build) and look.best is Level.FOUND
    return look.at(Level.NO_VERSION, *((Level.NO_BUILD,) if kind else ()))


def _counts(case: Case, look: Look) -> bool:
    """Say whether a line exists somewhere, and is meant for more than one platform."""
    build = look.item.spec.build
    exact = build is not None and not is_pattern(build)
    return bool(look.at(*_VERSION_EXISTS)) and not (exact and not case.environment.platforms)


def _severity(case: Case) -> Severity | None:
    """Return how bad it is: worth knowing where nobody has named a platform, and the usual ones are assumed."""
    assert case.evidence is not None
    assumed = not case.environment.platforms and set(case.evidence.platforms) == set(DEFAULT_PLATFORMS)
    return Severity.INFO if assumed else None


def _tell(case: Case, code: Code, lacking: dict[Look, tuple[Platform, ...]]) -> Iterator[Finding]:
    """Tell line by line; many lines of a file that names no platforms are one fault: it is not meant for all."""
    if len(lacking) > _TOGETHER and not case.environment.platforms:
        yield _tell_many(case, code, lacking)
        return
    for look, platforms in lacking.items():
        yield (
            _tell_package(case, look, platforms) if code is _PACKAGE else _tell_version(case, look, platforms)
        )


def _tell_many(case: Case, code: Code, lacking: dict[Look, tuple[Platform, ...]]) -> Finding:
    assert case.evidence is not None
    what = "packages" if code is _PACKAGE else "versions"
    names = ", ".join(look.item.name for look in list(lacking)[:_FEW])
    message = f"{len(lacking)} {what} of this file do not exist on every platform: {names} "
    message += f"and {len(lacking) - _FEW} more"
    whole = [p for p in case.evidence.platforms if not any(p in found for found in lacking.values())]
    if whole:
        message += f"; {joined(whole)} {'has' if len(whole) == 1 else 'have'} all of them"
        hint = f"write `platforms: [{', '.join(whole)}]`, or give such lines selectors"
    else:
        hint = "name under `platforms:` what the file is for, and give such lines selectors"
    return case.finding(code, message, next(iter(lacking)).item.span, hint=hint, severity=_severity(case))


def _tell_package(case: Case, look: Look, lacking: tuple[Platform, ...]) -> Finding:
    item = look.item
    there = tuple(platform for platform in look.levels if platform not in lacking)
    source = f"channel {item.spec.channel} does not have" if item.spec.channel else "no channel has"
    message = f"{source} {item.name} for {joined(lacking)}, only for {joined(there)}"
    word = selector_word(there, look.levels)
    sel = any(one.selector and one.selector.dialect == "sel" for one in case.environment.dependencies)
    if not word or item.selector is not None:
        hint = f"write `platforms: [{', '.join(there)}]` if the file is for these alone"
        if case.environment.platforms or item.selector is not None:
            hint = "give the line a selector, or take the other platforms out"
        return case.finding(_PACKAGE, message, item.span, hint=hint, severity=_severity(case))
    hint = (
        f"write `- sel({word}): {item.text}`"
        if sel
        else f"put # [{word}] behind it, which conda-lock reads as well"
    )
    fix = None if sel else _with_selector(case, look, word)
    return case.finding(_PACKAGE, message, item.span, hint=hint, fix=fix, severity=_severity(case))


def _with_selector(case: Case, look: Look, word: str) -> Fix | None:
    """Return the fix that puts a selector behind a line without comment.

    Only in a file that has such selectors: the first one brings the finding that not all tools read it.
    """
    item = look.item
    used = any(
        one.selector is not None and one.selector.dialect == "comment"
        for one in (*case.environment.dependencies, *case.environment.pip)
    )
    start, end = case.source.line_bounds(item.span.line)
    alone = case.text[start : item.span.start].strip() == "-" and not case.text[item.span.end : end].strip()
    if not used or not alone or not is_literal(case, item):
        return None
    edit = TextEdit(start=item.span.end, end=item.span.end, text=f"  # [{word}]")
    return Fix(title=f"count the line on {word} alone", edits=(edit,), safe=False)


def _tell_version(case: Case, look: Look, lacking: tuple[Platform, ...]) -> Finding:
    item = look.item
    records = [record for platform in lacking for record in look.records[platform]]
    message = f"{quoted(item.text)} does not exist on {joined(lacking)}: {held(records)} there"
    if look.at(Level.NO_BUILD) and not look.at(Level.NO_VERSION):
        version = item.spec.version
        records = [record for record in records if version is None or version.matches(record.version)]
        message = (
            f"{item.name} has no build {item.spec.build} on {joined(lacking)}: there are {builds(records)}"
        )
        hint = "give the line a selector, and add one for the other platforms"
        return case.finding(_VERSION, message, item.span, hint=hint, severity=_severity(case))
    return case.finding(_VERSION, message, item.span, hint=_common_hint(look), severity=_severity(case))


def _common_hint(look: Look) -> str:
    """Name the version nearest to the one asked for that every platform has."""
    have = [p for p, level in look.levels.items() if level not in {Level.ABSENT, Level.ELSEWHERE}]
    common = set.intersection(*(set(versions_of(look.records[platform])) for platform in have))
    wanted = pivot(look.item.spec)
    if not common or wanted is None:
        return "give the line a selector, or take the platforms out"
    above = [version for version in sorted(common) if version >= wanted]
    nearest = above[0] if above else max(common)
    return f"{look.item.name} {nearest} exists wherever {look.item.name} does"


RULES: tuple[Rule, ...] = (
    Rule(code=_PACKAGE, find=_find_packages, needs_records=True),
    Rule(code=_VERSION, find=_find_versions, needs_records=True),
)
