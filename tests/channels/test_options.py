"""Where things are kept, and by default."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from condaenv_tools.channels.options import SourceOptions, cache_folder


def test_texts_are_paths(tmp_path: Path) -> None:
    options = SourceOptions(snapshot=str(tmp_path), cache_dir=str(tmp_path))  # type: ignore[arg-type]
    assert options == SourceOptions(snapshot=tmp_path, cache_dir=tmp_path)
    assert cache_folder(options) == tmp_path


@pytest.mark.parametrize(
    ("system", "end"),
    [("linux", ".cache/condaenv"), ("darwin", "Library/Caches/condaenv"), ("win32", "Local/condaenv/cache")],
)
def test_each_system_has_its_cache_folder(monkeypatch: pytest.MonkeyPatch, system: str, end: str) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(sys, "platform", system)
    assert cache_folder(SourceOptions()).as_posix().endswith(end)
    assert cache_folder(SourceOptions()).is_absolute()


def test_the_cache_of_the_desktop_standard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder(SourceOptions()) == tmp_path / "condaenv"
