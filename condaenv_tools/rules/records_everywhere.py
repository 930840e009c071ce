"""Rules on versions, builds and channels that the records do not have on any platform asked for."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.channels.names import pypi_names
from condaenv_tools.model.edit import Fix
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version_region import has_no_version
from condaenv_tools.parse.codes.code import ERROR, WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.record_facts import Level, Look, channels_of, joined, looks, versions_of, where
from condaenv_tools.rules.record_texts import around, builds, held, lost_zero, nearest_hint, pivot
from condaenv_tools.rules.rule import Rule
from condaenv_tools.rules.written import fix_of, take_apart

__all__ = ["RULES"]

_VERSION = code(
    "CE220",
    ERROR,
    "a version that no channel has",
    "No release of the channels fulfils the spec, so that the environment cannot be solved.",
    "channels: [conda-forge]\ndependencies:\n  - numpy=1.99\n",
    "channels: [conda-forge]\ndependencies:\n  - numpy=2.0\n",
)
_BUILD = code(
    "CE221",
    ERROR,
    "a build that no channel has",
    "The version exists, and none of its builds is the one asked for: channels take broken builds away, and each "
    "platform has its own.",
    "channels: [conda-forge]\ndependencies:\n  - numpy=2.0.2=py312h0000000_0\n",
    "channels: [conda-forge]\ndependencies:\n  - numpy=2.0.2=py312*\n",
)
_CHANNEL = code(
    "CE225",
    ERROR,
    "a channel that lacks the package asked of it",
    "What stands before :: is the only channel from which the package may come.",
    "channels: [conda-forge, nvidia]\ndependencies:\n  - nvidia::numpy\n",
    "channels: [conda-forge, nvidia]\ndependencies:\n  - conda-forge::numpy\n",
)
_HIDDEN = code(
    "CE226",
    ERROR,
    "a version behind a channel of higher priority",
    "With strict priority a package comes only from the first channel that has its name, so that no solver with "
    "it sees the version asked for.",
    "channels: [conda-forge, extra]\ndependencies:\n  - numpy=99\n",
    "channels: [conda-forge, extra]\ndependencies:\n  - extra::numpy=99\n",
)

#: More builds that are not there are told as one.
_TOGETHER = 6
#: So many of them are named.
_FEW = 3


def _records(look: Look, platforms: tuple[Platform, ...]) -> tuple[PackageRecord, ...]:
    return tuple(record for platform in platforms for record in look.records[platform])


def _find_versions(case: Case) -> Iterator[Finding]:
    # Reading has told of a lost zero, and another rule tells of what no version at all could fulfil.
    told = {finding.span for finding in case.parsed.findings if finding.code == "CE204"}
    for look in looks(case):
        version = look.item.spec.version
        if look.best is not Level.NO_VERSION or version is None or look.item.span in told:
            continue
        if not has_no_version([version]):
            yield _tell_version(case, look)


def _tell_version(case: Case, look: Look) -> Finding:
    item, spec = look.item, look.item.spec
    platforms = look.at(Level.NO_VERSION)
    records = _records(look, platforms)
    versions = versions_of(records)
    message = f"no {item.name} fulfils {quoted(item.text)}{where(case, item, platforms)}: {held(records)}"
    near = around(spec, versions)
    if len(near) > 1 and len(versions) > len(near) + 1:
        message += f", next to it {near[0]} and {near[1]}"
    zero = lost_zero(spec, versions)
    if zero:
        parts = take_apart(item.text, spec)
        place = parts.any_version.place if parts else (0, 0)
        operator = "".join(c for c in (parts.any_version.text if parts else "") if c in "= ")
        fix = fix_of(case, item, f"write {zero}", place, f"{operator}{zero}", safe=False) if parts else None
        remark = f"did a YAML tool drop the zero of {zero}?"
        hint = f"write {item.name}={zero}"
        return case.finding(_VERSION, message, item.span, remark=remark, hint=hint, fix=fix)
    hint = nearest_hint(spec, versions)
    wanted = pivot(spec)
    exact = spec.version is not None and spec.version.is_exact
    if exact and wanted is not None and any(version.starts_with(wanted) for version in versions):
        hint = f"write {item.name}={wanted} for every release that begins so"
    elif wanted is not None and wanted > versions[-1] and pypi_names(item.name):
        hint += ", or take it from the pip section if PyPI is ahead"
    return case.finding(_VERSION, message, item.span, hint=hint)


def _find_builds(case: Case) -> Iterator[Finding]:
    lacking = [look for look in looks(case) if look.best in {Level.NO_BUILD, Level.NO_RECORD}]
    if len(lacking) > _TOGETHER:
        yield _tell_builds(case, [look.item for look in lacking])
    else:
        yield from (_tell_build(case, look) for look in lacking)


def _tell_build(case: Case, look: Look) -> Finding:
    item, spec = look.item, look.item.spec
    platforms = look.at(look.best)
    there = where(case, item, platforms)
    if look.best is Level.NO_RECORD:
        message = f"no build of {item.name}{there} is all that {quoted(item.text)} asks for"
        return case.finding(_BUILD, message, item.span, hint="ask for the version alone")
    version = spec.version
    records = [r for r in _records(look, platforms) if version is None or version.matches(r.version)]
    versions = versions_of(records)
    of = f"{item.name} {versions[0]}" if len(versions) == 1 else item.name
    message = f"no build of {of} is {spec.build}{there}: there are {builds(records)}"
    hint = "leave the build out, and let a lock keep it"
    return case.finding(_BUILD, message, item.span, hint=hint, fix=_without_build(case, look))


def _tell_builds(case: Case, items: list[Dependency]) -> Finding:
    """Tell of many builds as of one fault: they are those of another channel, or the channel has dropped them."""
    names = ", ".join(item.name for item in items[:_FEW])
    channels = joined(sorted(channels_of(c.name for c in case.evidence.channels))) if case.evidence else ""
    message = f"{len(items)} builds of this file are not in {channels}: {names} and {len(items) - _FEW} more"
    hint = "leave the builds out, and let a lock keep them"
    return case.finding(_BUILD, message, items[0].span, hint=hint)


def _without_build(case: Case, look: Look) -> Fix | None:
    """Return the fix that leaves out a build beside a version, where every platform then has the line."""
    parts = take_apart(look.item.text, look.item.spec)
    if (
        parts is None
        or not parts.build.text
        or not parts.version.text
        or len(look.at(look.best)) < len(look.levels)
    ):
        return None
    place = (parts.version.end, parts.build.end)
    return fix_of(case, look.item, "leave the build out", place, "", safe=False)


def _find_channels(case: Case) -> Iterator[Finding]:
    assert case.evidence is not None
    known = {channel.url for channel in case.evidence.channels}
    for look in looks(case):
        item = look.item
        if look.best is not Level.ELSEWHERE or item.spec.channel is None or not known:
            continue
        platforms = look.at(Level.ELSEWHERE)
        (channel,) = channels_of([item.spec.channel]) or {item.spec.channel}
        others = sorted(channels_of(record.channel for record in _records(look, platforms)))
        message = f"channel {channel} has no package {item.name}{where(case, item, platforms)}"
        message += f"; {joined(others)} {'has' if len(others) == 1 else 'have'}"
        yield case.finding(
            _CHANNEL, message, item.span, hint=f"write {others[0]}::{item.name}, or no channel"
        )


def _find_hidden(case: Case) -> Iterator[Finding]:
    assert case.evidence is not None
    order = {channel.url: number for number, channel in enumerate(case.evidence.channels)}
    for look in looks(case):
        platforms = look.at(Level.HIDDEN)
        if not platforms:
            continue
        item = look.item
        records = sorted(_records(look, platforms), key=lambda record: order.get(record.channel, -1))
        first = records[0].channel
        fitting = next(record for record in records if item.spec.matches(record))
        (high,), (low,) = channels_of([first]), channels_of([fitting.channel])
        there = where(case, item, platforms) if look.best is not Level.HIDDEN else ""
        above = held(record for record in records if record.channel == first)
        message = (
            f"{quoted(item.text)} is in channel {low} alone{there}, which strict priority hides: {above}"
        )
        hint = f"write {low}::{item.name}, or list {low} before {high}"
        severity = WARNING if look.best is Level.FOUND else None
        yield case.finding(_HIDDEN, message, item.span, hint=hint, severity=severity)


RULES: tuple[Rule, ...] = (
    Rule(code=_VERSION, find=_find_versions, needs_records=True),
    Rule(code=_BUILD, find=_find_builds, needs_records=True),
    Rule(code=_CHANNEL, find=_find_channels, needs_records=True),
    Rule(code=_HIDDEN, find=_find_hidden, needs_records=True),
)
