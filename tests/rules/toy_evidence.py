"""Toy evidence: a channel in one line, and a file held against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from condaenv_tools.model.channel import Channel, expand_channels
from condaenv_tools.model.edit import apply_edits
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.registry import run_rules
from tests.builders import moved, record

LINUX, OSX, WIN = Platform.LINUX_64, Platform.OSX_ARM64, Platform.WIN_64


class ToyEvidence:
    """Records of some channels.

    Parameters
    ----------
    held : mapping of str to iterables of str or PackageRecord
        For each channel ``NAME VERSION [BUILD [SUBDIR...]]``; without subdir on every platform, by `noarch`.
    platforms : iterable of Platform
        What is checked for.
    """

    def __init__(
        self,
        held: Mapping[str, Iterable[str | PackageRecord]],
        platforms: Iterable[Platform] = (LINUX, OSX, WIN),
    ) -> None:
        self.channels: tuple[Channel, ...] = expand_channels(held)
        self.platforms = tuple(platforms)
        self._records = [
            one
            for channel, lines in zip(self.channels, held.values(), strict=True)
            for line in lines
            for one in _records(channel, line)
        ]

    def names(self, platform: Platform) -> frozenset[str]:
        return frozenset(one.name for one in self._records if one.subdir in {platform, "noarch"})

    def records(self, platform: Platform, name: str) -> tuple[PackageRecord, ...]:
        return tuple(one for one in self._records if one.name == name and one.subdir in {platform, "noarch"})


def _records(channel: Channel, line: str | PackageRecord) -> list[PackageRecord]:
    if isinstance(line, PackageRecord):
        return [moved(line, channel.url)]
    words = line.split()
    name, version, build, *subdirs = words if len(words) > 2 else (*words, "0")
    return [
        record(name, version, build=build, subdir=subdir, channel=channel.url)
        for subdir in subdirs or ["noarch"]
    ]


def case_of(text: str, evidence: ToyEvidence | None = None) -> Case:
    """Return a file as a case."""
    return Case(parse_environment(text, path="e.yml"), text, evidence=evidence)


def found(text: str, evidence: ToyEvidence | None = None, *codes: str) -> list[Finding]:
    """Return what all rules of names and records say of a file, or some of them."""
    return [
        one
        for one in run_rules(case_of(text, evidence))
        if (one.code in codes if codes else one.code[:4] in {"CE21", "CE22"})
    ]


def told(text: str, evidence: ToyEvidence | None = None, *codes: str) -> list[str]:
    """Return line, code, message and hint of each finding."""
    return [
        f"{one.span.line if one.span else 0} {one.code} {one.severity}: {one.message} | {one.hint}"
        for one in found(text, evidence, *codes)
    ]


def fixed(text: str, finding: Finding) -> str:
    """Return the file with the fix of a finding made."""
    assert finding.fix is not None
    return apply_edits(text, finding.fix.edits)
