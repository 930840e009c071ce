"""`explain` and `fix` where a line for pip is part of a conflict, and native findings of three commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import record
from tests.cli.world import Folder
from tests.conflicts.ecosystems.world import FILES, RECORDS
from tests.pypi_index import LINUX, serve_index, wheel

HEAD = "channels: [toy, nodefaults]\nplatforms: [{}]\ndependencies:\n"
PINS = "  - numpy=2.5  # the cluster has it\n  - rich\n  - pip\n  - pip:\n"
PINS += "    - pandas==2.1.4  # as the paper\n    - free\n"
SNAP = ("--snapshot", "snap", "--index-url")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    more = [wheel("rasterio", "1.4.3", tag=LINUX), wheel("oldest", "1.0", "pandas==2.0.3")]
    more += [wheel("pandas", "2.0.3", "numpy", tag=LINUX)]
    with serve_index([*FILES, *more]) as index:
        yield index.url


@pytest.fixture
def there(here: Folder) -> Folder:
    here.channel([*RECORDS, record("proj", "9.6.2"), record("dated", "1.0", "numpy >=3")])
    return here


def test_lines_of_both_halves_are_told_with_carets_and_what_mends_them(there: Folder, url: str) -> None:
    there.write(HEAD.format("linux-64, osx-arm64") + PINS)
    ran = there.run("explain", "environment.yml", *SNAP, url)
    assert ran.code == 1
    assert ran.out == (
        "environment.yml cannot be solved on linux-64 and osx-arm64: two lines exclude each other.\n\n"
        "  4 │   - numpy=2.5  # the cluster has it\n"
        "    │     ^^^^^^^^^ conda gives numpy 2.5.2 because of it\n"
        "  8 │     - pandas==2.1.4  # as the paper\n"
        "    │       ^^^^^^^^^^^^^ needs numpy<2,>=1.26\n\n"
        "Either of these solves it (proven on both platforms):\n"
        "  1. numpy=2.5      ->  numpy=1.26         numpy 1.26.4, pandas 2.1.4\n"
        "  2. pandas==2.1.4  ->  pandas==2.2.0     pandas 2.2.0, numpy 2.5.2\n\n"
        "condaenv fix environment.yml --write applies the first.\n"
    ).replace("numpy=1.26         numpy", "numpy=1.26        numpy")


def test_a_core_says_which_of_its_lines_are_for_pip(there: Folder, url: str) -> None:
    there.write(HEAD.format("linux-64") + PINS)
    found = there.run("explain", "environment.yml", "--json", *SNAP, url).document["platforms"]["linux-64"]
    (core,) = found["cores"]
    assert core["specs"] == [
        {"spec": "numpy=2.5", "path": "environment.yml", "line": 4},
        {"spec": "pandas==2.1.4", "path": "environment.yml", "line": 8, "kind": "pip"},
    ]
    assert "pandas==2.1.4 needs numpy<2,>=1.26" in core["text"]
    assert "because of numpy=2.5 (environment.yml:4:5)" in core["text"]
    assert [(c["changes"], c["verified"]) for c in found["corrections"]] == [
        ([{"from": "numpy=2.5", "to": "numpy=1.26"}], True),
        ([{"from": "pandas==2.1.4", "to": "pandas==2.2.0", "kind": "pip"}], True),
        ([{"from": "pandas==2.1.4", "to": "pandas==2.0.3", "kind": "pip"}], True),
    ]


@pytest.mark.parametrize(
    ("number", "line"), [("1", "  - numpy=1.26"), ("2", "    - pandas==2.2.0  # as the paper\n")]
)
def test_fix_writes_either_half_and_what_it_writes_can_be_locked(
    there: Folder, url: str, number: str, line: str
) -> None:
    there.write(HEAD.format("linux-64, osx-arm64") + PINS)
    ran = there.run("fix", "environment.yml", "--number", number, "--write", *SNAP, url)
    assert ran.code == 0
    assert line in there.read("environment.yml")
    assert there.read("environment.yml").count("#") == 2
    assert there.run("lock", "environment.yml", *SNAP, url).code == 0


def test_what_no_index_has_is_moved_to_the_conda_part(there: Folder, url: str) -> None:
    there.write(HEAD.format("linux-64") + "  - rich\n  - pip\n  - pip:\n    - dask\n    - free\n")
    ran = there.run("explain", "environment.yml", *SNAP, url)
    assert "dask  ->  dask-core of conda" in ran.out
    assert there.run("fix", "environment.yml", "--write", *SNAP, url).code == 0
    text = there.read("environment.yml")
    assert "  - dask-core\n" in text
    assert "    - dask\n" not in text
    assert there.run("lock", "environment.yml", *SNAP, url).code == 0


def test_where_conda_fails_the_pip_section_counts_in_what_mends_it(there: Folder, url: str) -> None:
    """Of what lets conda's half be solved, only that is told with which pip's half can be solved as well."""
    lines = "  - numpy=2.5\n  - scipy=1.11\n  - rich\n  - pip\n  - pip:\n    - app\n"
    there.write(HEAD.format("linux-64") + lines)
    found = there.run("explain", "environment.yml", "--json", *SNAP, url).document["platforms"]["linux-64"]
    assert [one["spec"] for one in found["cores"][0]["specs"]] == ["numpy=2.5", "scipy=1.11"]
    changed = [change["from"] for one in found["corrections"] for change in one["changes"]]
    assert changed == ["numpy=2.5"]


def test_a_platform_that_conda_solves_is_asked_about_its_pip_section(there: Folder, url: str) -> None:
    lines = "  - numpy=2.5\n  - sel(linux): dated\n  - pip\n  - pip:\n    - pandas==2.1.4\n"
    there.write(HEAD.format("linux-64, osx-arm64") + lines)
    found = there.run("explain", "environment.yml", "--json", *SNAP, url).document["platforms"]
    assert not found["osx-arm64"]["satisfiable"]
    assert [one["spec"] for one in found["osx-arm64"]["cores"][0]["specs"]] == ["numpy=2.5", "pandas==2.1.4"]
    assert found["linux-64"]["cores"][0]["specs"][0]["spec"] == "dated"


def test_no_credential_of_a_pip_line_is_told(there: Folder, url: str) -> None:
    place = "absent @ https://me:hunter2@127.0.0.1:1/absent-1.0-py3-none-any.whl"
    there.write(
        HEAD.format("linux-64") + f"  - numpy=2.5\n  - pip\n  - pip:\n    - pandas==2.1.4\n    - {place}\n"
    )
    for words in ((), ("--json",)):
        ran = there.run("explain", "environment.yml", *words, *SNAP, url)
        assert "hunter2" not in ran.out + ran.err


def test_native_findings_are_told_by_lock_explain_and_verify_and_change_no_exit_code(
    there: Folder, url: str
) -> None:
    lines = "  - python=3.12\n  - numpy=2.5\n  - proj\n  - pip\n  - pip:\n"
    there.write(HEAD.format("linux-64") + f"{lines}    - rasterio\n    - oldest\n")
    said = (
        "warning CE706: pandas 2.0.3 from PyPI was compiled for NumPy 1, and numpy is 2.5.2 (from conda)",
        "warning CE710: rasterio 1.4.3 from PyPI carries its own GDAL and PROJ, beside proj 9.6.2 of conda",
    )
    for command in ("lock", "explain"):
        ran = there.run(command, "environment.yml", *SNAP, url)
        assert ran.code == 0
        assert [one for one in said if f"environment.yml: {one}" not in ran.err] == [], ran.err
    ran = there.run("verify", "conda-lock.yml")
    assert ran.code == 0
    assert all(f"conda-lock.yml: {one}" in ran.err for one in said)
    assert there.run("verify", "conda-lock.yml", "-q").err == ""


def test_the_folder_of_the_user_is_left_alone(there: Folder, url: str) -> None:
    there.write(HEAD.format("linux-64") + PINS)
    before = sorted(path.name for path in Path(there.path).iterdir())
    there.run("explain", "environment.yml", *SNAP, url)
    assert sorted(path.name for path in Path(there.path).iterdir()) == before
