"""Explaining as a library call: values, not text."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.errors import ChannelError, ParseError
from condaenv_tools.jobs.explain_files import Explanation, explain_files
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.model.platform import Platform
from tests.builders import record, write_channel

RECORDS = (
    record("numpy", "1.26.4"),
    record("numpy", "2.0.2"),
    record("pandas", "1.5.3", "numpy <2.0a0"),
    record("pip", "25.0"),
)


def explained(folder: Path, *lines: str, pip: str = "", channel: str = "toy") -> Explanation:
    write_channel(folder / "snap" / "toy", RECORDS)
    file = folder / "environment.yml"
    section = f"  - pip:\n    - {pip}\n" if pip else ""
    items = "".join(f"  - {line}\n" for line in lines)
    file.write_text(f"channels: [{channel}, nodefaults]\ndependencies:\n{items}{section}")
    options = LockOptions(
        platforms=(Platform.LINUX_64,),
        sources=SourceOptions(snapshot=folder / "snap", offline=True, cache_dir=folder / "cache"),
    )
    return explain_files(file, options=options)


def test_a_conflict_has_lines_with_places_and_corrections(tmp_path: Path) -> None:
    found = explained(tmp_path, "numpy=2.0", "pandas")
    assert not found.satisfiable
    (platform,) = found.platforms
    (conflict,) = platform.conflicts
    assert [(str(item), item.span.line) for item in conflict.members] == [("numpy=2.0", 3), ("pandas", 4)]
    assert conflict.core.minimal
    assert [[(c.item.name, c.to) for c in one.changes] for one in found.corrections] == [
        [("numpy", "numpy=1.26")],
        [("pandas", None)],
    ]
    assert found.searched


def test_what_solves_has_nothing_to_explain(tmp_path: Path) -> None:
    found = explained(tmp_path, "numpy", "pandas")
    assert found.satisfiable
    assert found.platforms[0].conflicts == ()
    assert found.corrections == ()


def test_the_pip_half_speaks_for_itself_where_conda_has_an_answer(tmp_path: Path) -> None:
    """There is a pip section and nothing that brings Python: the joint solve says so, and is passed on."""
    found = explained(tmp_path, "numpy", pip="requests")
    (platform,) = found.platforms
    assert not platform.satisfiable
    assert platform.conflicts == ()
    assert "nothing brings Python to linux-64" in platform.reason


def test_a_channel_that_is_not_there_is_an_error_and_no_conflict(tmp_path: Path) -> None:
    with pytest.raises(ChannelError):
        explained(tmp_path, "numpy", channel="elsewhere")


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ParseError):
        explained(tmp_path, "numpy>>2")
