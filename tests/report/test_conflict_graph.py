"""The chain of a conflict as a graph: its packages, and the one spec that does not hold."""

from __future__ import annotations

from pathlib import Path

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.conflicts.explain import Conflict
from condaenv_tools.jobs.explain_files import explain_files
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.model.platform import Platform
from condaenv_tools.report.broken import broken_specs
from condaenv_tools.report.conflict_graph import conflict_graph, conflict_page
from tests.builders import record, write_channel

LINUX = Platform.LINUX_64
RECORDS = (
    record("numpy", "1.26.4"),
    record("numpy", "2.0.2"),
    record("pandas", "1.5.3", "numpy <2.0a0", "tz"),
    record("app", "1.0", "pandas 1.5.*"),
    record("tz", "1.0"),
)


def conflicts(folder: Path, *lines: str) -> list[Conflict]:
    write_channel(folder / "snap" / "toy", RECORDS)
    file = folder / "environment.yml"
    file.write_text(
        "channels: [toy, nodefaults]\ndependencies:\n" + "".join(f"  - {line}\n" for line in lines)
    )
    options = LockOptions(
        platforms=(LINUX,),
        sources=SourceOptions(snapshot=folder / "snap", offline=True, cache_dir=folder / "cache"),
    )
    (platform,) = explain_files(file, options=options).platforms
    return [one for one in platform.conflicts if isinstance(one, Conflict)]


def test_the_chain_is_drawn_from_the_lines_to_the_spec_that_does_not_hold(tmp_path: Path) -> None:
    (conflict,) = conflicts(tmp_path, "numpy=2.0", "app")
    graph = conflict_graph(conflict, LINUX)
    assert graph is not None
    assert sorted(graph.nodes(data="version")) == [
        ("conda:app", "1.0"),
        ("conda:numpy", "2.0.2"),
        ("conda:pandas", "1.5.3"),
    ]
    assert sorted(graph.edges(data="spec")) == [
        ("conda:app", "conda:pandas", "pandas 1.5.*"),
        ("conda:pandas", "conda:numpy", "numpy <2.0a0"),
    ]
    assert [(one.source, one.target) for one in broken_specs(graph)] == [("conda:pandas", "conda:numpy")]
    assert [(spec, source.rpartition("/")[2]) for _, spec, source in graph.graph["roots"]] == [
        ("numpy=2.0", "environment.yml:3"),
        ("app", "environment.yml:4"),
    ]


def test_a_page_shows_it_and_the_same_conflict_gives_the_same_bytes(tmp_path: Path) -> None:
    found = conflicts(tmp_path, "numpy=2.0", "app")
    page = conflict_page({LINUX: found}, title="<b>")
    assert page.startswith("<!doctype html>")
    assert "pandas 1.5.*" in page
    assert "<title>&lt;b&gt;" in page
    assert page == conflict_page({LINUX: found}, title="<b>")


def test_a_conflict_without_a_chain_has_no_page(tmp_path: Path) -> None:
    found = conflicts(tmp_path, "no-such-package")
    assert found
    assert [conflict_graph(one, LINUX) for one in found] == [None]
    assert conflict_page({LINUX: found}) == ""
