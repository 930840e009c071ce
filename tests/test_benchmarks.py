"""Each benchmark runs on tiny input and answers with all its rows. The figures are not judged here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, main, page_table
from benchmarks.blow_up import blow_up
from benchmarks.interface import Inputs, Row, render
from benchmarks.pip_section import pip_section
from tests.pypi_index import Index, serve_index, wheel

pytestmark = pytest.mark.skipif(
    not hasattr(os, "wait4"), reason="peak memory cannot be measured without wait4"
)

_ROWS = {
    "cold-lock": 2,
    "import-time": 1,
    "lock-files": 8,
    "big-channel": 6,
    "corpus": 1,
    "pip-section": 1,
    "check": 1,
    "check-many": 1,
    "graph": 4,
    "explain": 9,
    "verify": 2,
    "render": 1,
    "status": 2,
    "diff": 2,
    "updates": 14,
}


def _record(name: str, subdir: str, depends: list[str]) -> dict[str, object]:
    digest = name.encode().hex().ljust(64, "0")
    return {
        "name": name,
        "version": "1.0",
        "build": "0",
        "build_number": 0,
        "subdir": subdir,
        "depends": depends,
        "md5": digest[:32],
        "sha256": digest,
        "size": 1000,
        "timestamp": 1_700_000_000_000,
    }


@pytest.fixture
def index() -> Iterator[Index]:
    with serve_index([wheel("app", "1.0", "core"), wheel("core", "2.0")]) as served:
        yield served


@pytest.fixture
def inputs(tmp_path: Path, index: Index) -> Inputs:
    channel = tmp_path / "channel" / "conda-forge"
    for subdir, name, depends in (("linux-64", "tool", ["library >=1"]), ("noarch", "library", [])):
        file_name = f"{name}-1.0-0.conda"
        repodata = {
            "info": {"subdir": subdir},
            "packages": {},
            "packages.conda": {file_name: _record(name, subdir, depends)},
            "repodata_version": 1,
        }
        (channel / subdir).mkdir(parents=True)
        (channel / subdir / "repodata.json").write_text(json.dumps(repodata))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = tmp_path / "environment.yml"
    environment.write_text("name: tiny\nchannels: [conda-forge, nodefaults]\ndependencies:\n  - tool\n")
    return Inputs(
        environment=environment,
        channel="conda-forge",
        snapshot=tmp_path / "channel",
        platforms=("linux-64",),
        corpus=(environment,),
        lock=Path(__file__).parents[1] / "environments" / "model-service" / "conda-lock.yml",
        records=(20, 100),
        runs=1,
        scratch=scratch,
        requirements=("app",),
        index=index.url,
    )


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_measures_both_sides_of_every_row(name: str, inputs: Inputs) -> None:
    rows = BENCHMARKS[name](inputs)
    assert len(rows) == _ROWS[name]
    # Of an update the row is a count: nothing moves, or the tiny channel has no such package.
    assert all(row.ratio or name == "updates" for row in rows)
    assert render(rows).count("\n") == len(rows) + 1


def test_without_an_index_there_is_a_row_that_says_so(inputs: Inputs) -> None:
    (row,) = pip_section(replace(inputs, index="http://127.0.0.1:9/simple/", requirements=("app",)))
    assert (row.ratio, row.note) == (None, "no index answers")


def test_a_row_without_data_says_so() -> None:
    row = Row(
        what="read a lock",
        unit="ms",
        ours=None,
        theirs=None,
        against="conda-lock",
        target=20,
        note="none here",
    )
    assert row.met is None
    assert "none here" in render([row])


def test_a_target_is_at_most_or_with_a_speed_up_at_least() -> None:
    slower = Row(what="w", unit="s", ours=3, theirs=2, against="a", target=1.4)
    faster = Row(what="w", unit="s", ours=0.1, theirs=3, against="a", target=20, speedup=True)
    assert (slower.met, faster.met) == (False, True)


def test_a_blown_up_channel_keeps_its_records_and_has_as_many_as_asked_for(
    inputs: Inputs, tmp_path: Path
) -> None:
    channel = inputs.snapshot / "conda-forge"
    assert blow_up(channel, tmp_path / "big", 11, ["linux-64", "noarch"]) in {10, 11}
    small, big = (
        json.loads((p / "noarch" / "repodata.json").read_text()) for p in (channel, tmp_path / "big")
    )
    assert small["packages.conda"].items() <= big["packages.conda"].items()
    assert len({record["name"] for record in big["packages.conda"].values()}) == len(big["packages.conda"])


def test_a_page_keeps_the_rows_that_were_not_measured_anew() -> None:
    row = Row(what="w", unit="s", ours=1, theirs=2, against="a", note="n")
    page = page_table("", {"status": ([row, row], 0.5), "graph": ([row], 1.0)}, 5)
    again = page_table(f"# Page\n\n{page}\n", {"status": ([row], 7.25)}, 3)
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in again.splitlines()[2:]]
    assert [(one[0], one[-2], one[-1]) for one in lines] == [("graph", "5", "1.0"), ("status", "3", "7.2")]


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["speed-of-light"])
    assert "speed-of-light" in capsys.readouterr().err
