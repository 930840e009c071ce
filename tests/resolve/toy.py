"""Toy worlds: channels recorded in a folder, and questions to the solver about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from condaenv_tools.channels.source import SourceOptions, open_sources
from condaenv_tools.errors import UnsatisfiableError
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import (
    VirtualPackage,
    default_virtual_packages,
    override_virtual_packages,
)
from condaenv_tools.resolve.request import Outcome, SolveOptions, SolveRequest
from condaenv_tools.resolve.solve import solve
from tests.builders import write_channel

LINUX = Platform.LINUX_64


class World:
    """Channels by falling priority, recorded below a folder."""

    def __init__(self, folder: Path, channels: Mapping[str, Iterable[PackageRecord]]) -> None:
        self.folder = folder
        self.channels = tuple(channels)
        for name, records in channels.items():
            write_channel(folder / "snapshot" / name, records)

    def request(
        self,
        *specs: str,
        platform: Platform = LINUX,
        virtual: Iterable[str] = (),
        channels: Iterable[str] | None = None,
    ) -> SolveRequest:
        """Return a question; `channels` in place of all that there are."""
        reading = SourceOptions(
            snapshot=self.folder / "snapshot", offline=True, cache_dir=self.folder / "cache"
        )
        texts = self.channels if channels is None else tuple(channels)
        expanded = expand_channels(texts, platform=platform)
        stated = [VirtualPackage.parse(text) for text in virtual]
        return SolveRequest(
            platform=platform,
            specs=tuple(MatchSpec.parse(spec) for spec in specs),
            sources=open_sources(expanded, platforms=[platform], options=reading),
            virtual_packages=override_virtual_packages(default_virtual_packages(platform), stated),
            reading=reading,
        )

    def outcome(self, *specs: str, options: SolveOptions | None = None, **settings: Any) -> Outcome:
        """Return the answer for one platform."""
        return solve([self.request(*specs, **settings)], options)[0]

    def records(self, *specs: str, **settings: Any) -> tuple[PackageRecord, ...]:
        """Return the records of a solution that must exist."""
        answer = self.outcome(*specs, **settings)
        assert answer.solution is not None, str(answer.error)
        return answer.solution.records

    def found(self, *specs: str, **settings: Any) -> list[str]:
        """Return name and version of each record, sorted."""
        return [f"{record.name} {record.version}" for record in self.records(*specs, **settings)]

    def reason(self, *specs: str, **settings: Any) -> str:
        """Return why there is no solution, as a user reads it."""
        answer = self.outcome(*specs, **settings)
        assert isinstance(answer.error, UnsatisfiableError), answer
        return str(answer.error)
