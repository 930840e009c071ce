"""A request in py-rattler's words; only `rattler_solver` asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from condaenv_tools.channels.source import RecordSource
from condaenv_tools.errors import ChannelError, ParseError
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.resolve.given_records import to_engine_records
from condaenv_tools.resolve.request import SolveRequest
from condaenv_tools.resolve.solver_specs import (
    needs_records,
    needs_versions,
    to_plain_spec,
    to_solver_spec,
)

if TYPE_CHECKING:
    import rattler

__all__ = ["Question", "question_of"]


@dataclass(frozen=True, slots=True)
class Question:
    """One request, in the engine's words: specs and constraints sorted, so that their order changes nothing."""

    request: SolveRequest
    specs: list[rattler.MatchSpec]
    constraints: list[rattler.MatchSpec]
    virtual_packages: list[rattler.GenericVirtualPackage]
    locked: list[rattler.RepoDataRecord]
    pinned: list[rattler.RepoDataRecord]


def _virtual_packages(request: SolveRequest) -> list[rattler.GenericVirtualPackage]:
    import rattler  # noqa: PLC0415
    from rattler.package.build_string import BuildString  # noqa: PLC0415

    return [
        rattler.GenericVirtualPackage(
            rattler.PackageName(v.name), rattler.Version(v.version), BuildString(v.build)
        )
        for v in request.virtual_packages
    ]


def question_of(request: SolveRequest) -> Question:
    """Put a request into the engine's words.

    Raises
    ------
    ParseError
        A spec cannot be given to the engine.
    ChannelError
        A spec names a channel that is not read, or one that cannot be read.
    """
    return Question(
        request,
        _solver_specs(request, request.specs),
        _solver_specs(request, request.constraints),
        _virtual_packages(request),
        to_engine_records(request.locked, request.sources),
        to_engine_records(request.pinned, request.sources),
    )


def _solver_specs(request: SolveRequest, specs: Iterable[MatchSpec]) -> list[rattler.MatchSpec]:
    """Return specs for the engine, sorted: the order of lines in a file must not change a lock."""
    unique = {str(spec): spec for spec in specs}
    return [_solver_spec(unique[text], request) for text in sorted(unique)]


def _solver_spec(spec: MatchSpec, request: SolveRequest) -> rattler.MatchSpec:
    from rattler.exceptions import InvalidMatchSpecError  # noqa: PLC0415

    source = None if spec.channel is None else _source_of(spec, request)
    place = None if source is None else source.location
    if needs_records(spec) and not spec.has_name_pattern:
        spec = to_plain_spec(spec, _records(spec, request, source))
    versions = _versions(spec, request, source) if needs_versions(spec) else None
    try:
        return to_solver_spec(spec, channel_url=place, versions=versions)
    except InvalidMatchSpecError:
        # The engine's grammar lacks what conda's has: say it with the versions that exist.
        try:
            return to_solver_spec(
                spec, channel_url=place, versions=_versions(spec, request, source), spell_out=True
            )
        except InvalidMatchSpecError:
            raise ParseError(f"{spec} cannot be given to the solver") from None


def _source_of(spec: MatchSpec, request: SolveRequest) -> RecordSource:
    """Return the source of the channel that a spec names; of several members the first that has the package."""
    assert spec.channel is not None
    urls = {channel.url for channel in expand_channels([spec.channel], platform=request.platform)}
    found = [source for source in request.sources if source.channel.url in urls]
    if not found:
        raise ChannelError(
            f"{spec} asks for channel {spec.channel}, which is not among those that are read",
            channel=spec.channel,
        )
    if len(found) == 1:
        return found[0]
    subdirs = (request.platform.value, "noarch")
    having = (s for s in found if any(spec.name in s.package_names(subdir) for subdir in subdirs))
    return next(having, found[0])


def _versions(spec: MatchSpec, request: SolveRequest, source: RecordSource | None) -> set[str]:
    return {record.version for record in _records(spec, request, source)}


def _records(
    spec: MatchSpec, request: SolveRequest, source: RecordSource | None
) -> tuple[PackageRecord, ...]:
    sources = request.sources if source is None else (source,)
    return tuple(
        record
        for one in sources
        for subdir in (request.platform.value, "noarch")
        for record in one.records(subdir, spec.name)
    )
