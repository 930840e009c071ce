"""What becomes a graph: a lock, or an `environment.yml` that is solved for it; what is told of others."""

from __future__ import annotations

from pathlib import Path

import pytest

import condaenv_tools as ct
from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.graph.holds import holds_back
from condaenv_tools.jobs.graph_files import is_environment_file, read_graphs
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.model.platform import Platform
from tests.builders import record, write_channel
from tests.lock.toy_locks import small_lock

TEXT = "channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - a\n"


@pytest.fixture
def solving(tmp_path: Path) -> LockOptions:
    records = [record("a", "1.0", "b <2"), record("b", "1.0"), record("b", "2.0")]
    write_channel(tmp_path / "snap" / "toy", records)
    return LockOptions(sources=SourceOptions(snapshot=tmp_path / "snap", offline=True))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (TEXT, True),
        ("\ufeffdependencies:\n  - a\n", True),
        ('"dependencies": [a]\n', True),
        ("name: x\n", False),
        ("  dependencies: nested\n", False),
        (ct.lock_text(small_lock()), False),
        ("", False),
    ],
    ids=["plain", "mark", "quoted", "none", "nested", "lock", "empty"],
)
def test_an_environment_file_is_known_by_what_is_in_it(tmp_path: Path, text: str, *, is_one: bool) -> None:
    file = tmp_path / "any.yml"
    file.write_text(text, encoding="utf-8")
    assert is_environment_file(file) is is_one


def test_what_cannot_be_read_is_no_environment_file(tmp_path: Path) -> None:
    (tmp_path / "bytes.yml").write_bytes(b"dependencies:\n - \xff\xfe\x00")
    assert not is_environment_file(tmp_path / "bytes.yml")
    assert not is_environment_file(tmp_path / "missing.yml")
    assert not is_environment_file(tmp_path)


def test_an_environment_file_is_solved_with_the_options_and_its_builds_are_at_hand(
    tmp_path: Path, solving: LockOptions
) -> None:
    file = tmp_path / "environment.yml"
    file.write_text(TEXT, encoding="utf-8")
    read = read_graphs(file, solving=solving)
    assert list(read.graphs) == ["linux-64"]
    graph = read.graphs["linux-64"]
    assert graph.nodes["conda:b"]["version"] == "1.0"
    candidates = read.candidates("linux-64")
    assert candidates is not None
    (hold,) = holds_back(graph, "conda:b", candidates("b"))
    assert (hold.newest, [one.spec for one in hold.constraints]) == ("2.0", ["b <2"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["environment.yml", "snap"]


def test_platforms_are_those_that_are_wanted(tmp_path: Path, solving: LockOptions) -> None:
    file = tmp_path / "environment.yml"
    file.write_text(TEXT.replace("[linux-64]", "[linux-64, osx-64]"), encoding="utf-8")
    read = read_graphs(file, platforms=[Platform.LINUX_64], solving=solving)
    assert list(read.graphs) == ["linux-64"]


def test_without_a_way_to_solve_it_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "environment.yml"
    file.write_text(TEXT, encoding="utf-8")
    with pytest.raises(ct.LockFormatError, match=r"an environment\.yml and not a lock file"):
        read_graphs(file)
