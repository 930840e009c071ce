"""An installed environment, read from what conda and pip have written into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from condaenv_tools.channels.prefix import file_counts, read_prefix
from condaenv_tools.errors import LockFormatError
from condaenv_tools.model.lock import PyPIRecord
from condaenv_tools.model.platform import Platform

URL = "https://conda.example.org/toy"


def conda(prefix: Path, name: str, *depends: str, subdir: str = "linux-64", **more: Any) -> None:
    document = {
        "name": name,
        "version": "1.0",
        "build": "0",
        "build_number": 0,
        "subdir": subdir,
        "url": f"{URL}/{subdir}/{name}-1.0-0.conda",
        "depends": list(depends),
        "files": ["bin/x", "lib/y"],
    } | more
    (prefix / "conda-meta").mkdir(exist_ok=True)
    (prefix / "conda-meta" / f"{name}-1.0-0.json").write_text(json.dumps(document), encoding="utf-8")


def pip(prefix: Path, name: str, *requires: str, installer: str = "pip", requested: bool = False) -> Path:
    info = prefix / "lib" / "python3.12" / "site-packages" / f"{name}-2.0.dist-info"
    info.mkdir(parents=True)
    lines = [f"Name: {name}", "Version: 2.0", *(f"Requires-Dist: {one}" for one in requires)]
    (info / "METADATA").write_text("\n".join([*lines, "", "Requires-Dist: no header"]), encoding="utf-8")
    (info / "INSTALLER").write_text(f"{installer}\n", encoding="utf-8")
    if requested:
        (info / "REQUESTED").touch()
    return info


def test_packages_roots_channels_and_platform_are_read(tmp_path: Path) -> None:
    conda(tmp_path, "python", "openssl >=3", requested_specs=["python=3.12"], subdir="osx-arm64")
    conda(tmp_path, "openssl", subdir="osx-arm64", requested_spec="None")
    conda(tmp_path, "tzdata", subdir="noarch", noarch="generic")
    lock = read_prefix(tmp_path)
    (part,) = lock.platforms
    assert part.platform is Platform.OSX_ARM64
    assert [record.name for record in part.records] == ["openssl", "python", "tzdata"]
    assert part.records[1].depends == ("openssl >=3",)
    assert [(root.name, root.spec) for root in part.roots or ()] == [("python", "python=3.12")]
    assert [channel.url for channel in lock.channels] == [URL]
    assert file_counts(tmp_path) == {"openssl": 2, "python": 2, "tzdata": 2}


def test_what_pip_installed_stands_beside_and_what_conda_brought_does_not(tmp_path: Path) -> None:
    conda(tmp_path, "python")
    pip(tmp_path, "Flask_App", "werkzeug>=2 ; os_name == 'posix'", "absent; extra == 'x'", requested=True)
    pip(tmp_path, "Werkzeug")
    pip(tmp_path, "numpy", installer="conda")
    (part,) = read_prefix(tmp_path).platforms
    found = [package.record for package in part.packages if isinstance(package.record, PyPIRecord)]
    assert [(one.name, one.version, one.requires) for one in found] == [
        ("flask-app", "2.0", (("werkzeug", ">=2"),)),
        ("werkzeug", "2.0", ()),
    ]
    assert [(root.name, root.manager) for root in part.roots or ()] == [("flask-app", "pip")]


def test_a_distribution_says_where_it_came_from_without_its_password(tmp_path: Path) -> None:
    conda(tmp_path, "python")
    info = pip(tmp_path, "own")
    origin = {"url": "https://me:secret@git.example.org/own.git", "vcs_info": {"vcs": "git"}}
    (info / "direct_url.json").write_text(json.dumps(origin), encoding="utf-8")
    (part,) = read_prefix(tmp_path).platforms
    record = part.packages[-1].record
    assert isinstance(record, PyPIRecord)
    assert record.source == "https://git.example.org/own.git"


def test_where_nobody_noted_what_was_asked_for_the_roots_are_unknown(tmp_path: Path) -> None:
    conda(tmp_path, "python")
    assert read_prefix(tmp_path).platforms[0].roots is None


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"name": "a"}',
        '{"name": 1, "version": "1", "build": "0"}',
        '{"name": "a", "version": "1", "build": "0", "build_number": "x"}',
        '{"name": "a", "version": "1", "build": "0", "depends": 3}',
    ],
)
def test_a_broken_record_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "conda-meta").mkdir()
    (tmp_path / "conda-meta" / "a-1-0.json").write_text(text, encoding="utf-8")
    with pytest.raises(LockFormatError, match=r"a-1-0\.json"):
        read_prefix(tmp_path)


def test_what_was_asked_for_counts_where_it_is_a_list(tmp_path: Path) -> None:
    (tmp_path / "conda-meta").mkdir()
    text = '{"name": "a", "version": "1", "build": "0", "requested_specs": 3}'
    (tmp_path / "conda-meta" / "a-1-0.json").write_text(text, encoding="utf-8")
    assert read_prefix(tmp_path).platforms[0].roots is None


def test_another_folder_is_no_environment(tmp_path: Path) -> None:
    with pytest.raises(LockFormatError, match="no conda environment"):
        read_prefix(tmp_path)
