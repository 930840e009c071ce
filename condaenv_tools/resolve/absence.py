"""Why no record answers a spec at all: found without the solver, and told in the user's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from condaenv_tools.channels.absence import nearest_names, platforms_having, records_of, versions_of
from condaenv_tools.channels.source import RecordSource
from condaenv_tools.model.channel_places import same_channel
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.model.spec_words import plain_spec
from condaenv_tools.resolve.request import SolveRequest

__all__ = ["explain_absence"]


def explain_absence(request: SolveRequest, *, strict: bool = True) -> tuple[str, tuple[str, ...]] | None:
    """Say which specs no record of the channels can answer, and why.

    Only called when there is no solution; it may read repodata of other platforms.

    Parameters
    ----------
    request : SolveRequest
        Its specs, channels and platform count.
    strict : bool
        Whether the first channel that has a name hides those behind it.

    Returns
    -------
    (str, tuple of str) or None
        A line for each such spec, and hints; None where every spec has a record that fits.
    """
    lines: dict[str, None] = {}
    hints: dict[str, None] = {}
    for spec in request.specs:
        if is_virtual(spec.name) or spec.has_name_pattern:
            continue
        line, hint = _one(spec, request, strict=strict)
        if line:
            lines[line] = None
        if hint:
            hints[hint] = None
    return ("\n".join(lines), tuple(hints)) if lines else None


def _one(spec: MatchSpec, request: SolveRequest, *, strict: bool) -> tuple[str, str]:
    platform = request.platform
    having = [s for s in request.sources if records_of([s], spec.name, platform)]
    if not having:
        return _nowhere(spec, request)
    fitting = [s for s in having if any(spec.matches(r) for r in records_of([s], spec.name, platform))]
    if not fitting:
        asked = [s for s in having if spec.channel is not None and same_channel(spec.channel, s.channel.url)]
        told = " and ".join(f"{s.channel} has {_what_there_is(s, spec, platform)}" for s in asked or having)
        return f"no {spec.name} fits {plain_spec(str(spec))}: {told}", ""
    first, best = having[0], fitting[0]
    if best is first or spec.channel is not None or not strict:
        return "", ""
    line = (
        f"no {spec.name} of {first.channel} fits {plain_spec(str(spec))}: "
        f"it has {_span(first, spec.name, platform)}; strict channel priority hides those of {best.channel}"
    )
    named = f"{best.channel}::{plain_spec(str(spec))}"
    return line, f"write {named}, put {best.channel} first, or use --channel-priority flexible"


def _nowhere(spec: MatchSpec, request: SolveRequest) -> tuple[str, str]:
    channels = " or ".join(str(source.channel) for source in request.sources)
    usual = sorted({*DEFAULT_PLATFORMS, Platform.LINUX_PPC64LE} - {request.platform})
    elsewhere = platforms_having(request.sources, spec.name, usual)
    if elsewhere:
        # The platform is not named: where several fail for the same reason, it is told once for all of them.
        line = f"{spec.name} is on {channels} for {_and(elsewhere)} only"
        return line, f"give its line a selector, `# [{_selector(elsewhere)}]`, or leave the platform out"
    near = nearest_names(request.sources, spec.name, request.platform)
    line = f"no package on {channels} is called {spec.name}"
    return (
        line,
        f"did you mean {' or '.join(near)}?" if near else "see whether another channel or PyPI has it",
    )


def _what_there_is(source: RecordSource, spec: MatchSpec, platform: Platform) -> str:
    """Return what a channel has in place of what is asked: other builds of the version, or other versions."""
    others = replace(spec, build=None, build_number=None)
    near = [r for r in records_of([source], spec.name, platform) if others.matches(r)]
    if not near or others == spec:
        return _span(source, spec.name, platform)
    builds = sorted({record.build for record in near})
    shown = ", ".join(builds[:2]) + (f" and {len(builds) - 2} more" if len(builds) > 2 else "")
    return f"{', '.join(sorted({r.version for r in near})[:3])} in other builds ({shown})"


def _span(source: RecordSource, name: str, platform: Platform) -> str:
    """Return the versions of a package: the few that there are, or the lowest and the highest."""
    found = versions_of([source], name, platform)
    if len(found) <= 3:
        return ", ".join(found)
    return f"{found[0]} to {found[-1]} ({len(found)} versions)"


def _and(platforms: Sequence[Platform]) -> str:
    *others, last = map(str, platforms)
    return f"{', '.join(others)} and {last}" if others else last


def _selector(platforms: Iterable[Platform]) -> str:
    """Return a short selector that holds on these platforms."""
    systems = sorted({platform.os for platform in platforms})
    return "unix" if systems == ["linux", "osx"] else " or ".join(systems)
