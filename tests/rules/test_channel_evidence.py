"""Evidence asks each channel as little as it can, and says what the channel has."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from condaenv_tools.channels.source import SourceOptions, open_sources
from condaenv_tools.errors import ChannelError
from condaenv_tools.model.channel import Channel, expand_channels
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.parse.environment_yml import loads_environment
from condaenv_tools.rules.channel_evidence import channel_evidence
from tests.builders import record, write_channel

LINUX, WIN = Platform.LINUX_64, Platform.WIN_64


class Counting:
    """A source that remembers its questions."""

    location = "memory:"

    def __init__(self, name: str, *records: PackageRecord) -> None:
        (self.channel,) = expand_channels([name])
        self.held = records
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.named: list[str] = []
        self._lock = threading.Lock()

    def package_names(self, subdir: str) -> frozenset[str]:
        self.named.append(subdir)
        return frozenset(one.name for one in self.held if one.subdir == subdir)

    def records(self, subdir: str, *names: str) -> tuple[PackageRecord, ...]:
        with self._lock:
            self.asked.append((subdir, names))
        found = (one for one in self.held if one.subdir == subdir and one.name in names)
        return tuple(sorted(found, key=lambda one: (one.name, one.url)))


def environment(*specs: str) -> Environment:
    return loads_environment("dependencies:\n" + "".join(f"  - '{spec}'\n" for spec in specs))


def test_all_names_of_a_file_are_asked_for_with_one_question_a_subdir() -> None:
    source = Counting("toy", record("a"), record("b", subdir="noarch"), record("b", "2", subdir="win-64"))
    evidence = channel_evidence([source], [LINUX, WIN], environment("b>1", "a", "b", "__glibc", "py*"))
    assert sorted(source.asked) == [(subdir, ("a", "b")) for subdir in ("linux-64", "noarch", "win-64")]
    assert [one.version for one in evidence.records(WIN, "b")] == ["2", "1.0"]
    assert [one.version for one in evidence.records(LINUX, "b")] == ["1.0"]
    assert evidence.records(WIN, "a") == ()
    assert len(source.asked) == 3
    assert source.named == []


def test_a_further_file_asks_only_for_what_is_new() -> None:
    source = Counting("toy", record("a"), record("c"))
    evidence = channel_evidence([source], [LINUX], environment("a"))
    source.asked.clear()
    evidence.prefetch(environment("a"))
    assert source.asked == []
    evidence.prefetch(environment("a", "c"))
    assert sorted(source.asked) == [("linux-64", ("c",)), ("noarch", ("c",))]
    assert [one.name for one in evidence.records(LINUX, "c")] == ["c"]


def test_another_name_is_asked_for_when_a_rule_asks_and_once() -> None:
    source = Counting("toy", record("a"))
    evidence = channel_evidence([source], [LINUX])
    assert source.asked == []
    assert evidence.records(LINUX, "a") == evidence.records(LINUX, "a") == (source.held[0],)
    assert source.asked == [("linux-64", ("a",)), ("noarch", ("a",))]


def test_names_are_those_of_all_channels_and_noarch_and_are_read_once() -> None:
    one = Counting("one", record("a"), record("w", subdir="win-64"))
    two = Counting("two", record("b", subdir="noarch"))
    evidence = channel_evidence([one, two], [LINUX, WIN])
    assert evidence.names(LINUX) == {"a", "b"}
    assert evidence.names(WIN) == {"w", "b"}
    assert evidence.names(LINUX) == {"a", "b"}
    assert sorted(one.named) == ["linux-64", "noarch", "win-64"]


def test_records_come_channel_by_channel_in_the_order_of_the_channels() -> None:
    one, two = Counting("one", record("a", "1")), Counting("two", record("a", "2"))
    evidence = channel_evidence([two, one], [LINUX], environment("a"))
    assert [channel.name for channel in evidence.channels] == ["two", "one"]
    assert [found.version for found in evidence.records(LINUX, "a")] == ["2", "1"]


def test_channels_may_differ_between_platforms() -> None:
    one, two = Counting("one", record("a")), Counting("two", record("a", "2", subdir="win-64"))
    evidence = channel_evidence({LINUX: [one], WIN: [one, two]}, [WIN, LINUX], environment("a"))
    assert evidence.platforms == (WIN, LINUX)
    assert [found.version for found in evidence.records(WIN, "a")] == ["2"]
    assert ("linux-64", ("a",)) not in two.asked


def test_a_channel_that_cannot_be_read_is_told() -> None:
    class Broken(Counting):
        def records(self, subdir: str, *names: str) -> tuple[PackageRecord, ...]:
            raise ChannelError("channel toy answered 503", channel="toy")

    with pytest.raises(ChannelError, match="503"):
        channel_evidence([Broken("toy")], [LINUX], environment("a"))


def test_it_reads_a_real_channel(tmp_path: Path) -> None:
    folder = write_channel(tmp_path / "channel", [record("a"), record("b", subdir="noarch")])
    channels: tuple[Channel, ...] = expand_channels([folder.as_uri()])
    sources = open_sources(channels, platforms=[LINUX], options=SourceOptions(cache_dir=tmp_path / "cache"))
    evidence = channel_evidence(sources, [LINUX], environment("a", "b", "c"))
    assert evidence.names(LINUX) == {"a", "b"}
    assert [one.name for one in evidence.records(LINUX, "b")] == ["b"]
    assert evidence.records(LINUX, "c") == ()
