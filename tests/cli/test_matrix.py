"""`condaenv explain --matrix`: what a user reads, what a program reads, and which channels are read."""

from __future__ import annotations

import pytest

from condaenv_tools.model.record import PackageRecord
from tests.builders import record
from tests.cli.world import Folder

SNAP = ("--snapshot", "snap", "--offline")
CUDA = ("cuda-version >=12.6,<13", "cudnn >=9.3,<10.0a0", "__cuda")


def net(
    version: str, minor: int, *depends: str, build: str = "cpu", subdir: str = "linux-64"
) -> PackageRecord:
    python = f"python >=3.{minor},<3.{minor + 1}.0a0"
    return record("net", version, python, *depends, build=f"{build}_py3{minor}", subdir=subdir)


WORLD = (
    net("1.0", 11, "numpy >=1.21,<2.0a0"),
    net("2.0", 11, "numpy >=1.23,<3"),
    net("2.0", 12, "numpy >=1.26,<3"),
    net("2.0", 12, "numpy >=1.26,<3", *CUDA, build="cuda126"),
    net("2.0", 12, "numpy >=1.26,<3", subdir="osx-arm64"),
)

PROSE = """\
net and what goes with it, by the records of toy.

linux-64:

  net  Python      CUDA        cuDNN      numpy
  2.0  3.11, 3.12  no          -          >=1.23,<3
       3.12        >=12.6,<13  >=9.3,<10  >=1.26,<3
  1.0  3.11        no          -          >=1.21,<2

osx-arm64:

  net  Python  CUDA  cuDNN  numpy
  2.0  3.12    no    -      >=1.26,<3

No channel has net for win-64.

CUDA: what cuda-version, cudatoolkit or the build itself says; no: a build without CUDA
"""


@pytest.fixture
def there(here: Folder) -> Folder:
    here.channel(WORLD)
    return here


def test_it_reads_as_a_table(there: Folder) -> None:
    platforms = ("-p", "linux-64", "-p", "osx-arm64", "-p", "win-64")
    ran = there.run("explain", "--matrix", "net", "-c", "toy", *platforms, *SNAP)
    assert (ran.code, ran.out, ran.err) == (0, PROSE, "")


@pytest.mark.parametrize(
    ("said", "releases"),
    [
        ((), ["2.0", "1.0", "3.0"]),
        (("--channel-priority", "strict"), ["2.0", "1.0"]),
        (("--channel-priority", "flexible"), ["2.0", "1.0", "3.0"]),
    ],
)
def test_what_strict_priority_hides_is_left_out_for_who_asks_for_it(
    there: Folder, said: tuple[str, ...], releases: list[str]
) -> None:
    there.channel([net("3.0", 13)], name="other")
    asked = (
        "explain",
        "--matrix",
        "net",
        "-c",
        "toy",
        "-c",
        "other",
        "-p",
        "linux-64",
        "--json",
        *SNAP,
        *said,
    )
    found = there.run(*asked).document["matrix"]["platforms"]["linux-64"]
    assert [release["version"] for release in found] == releases


def test_every_kind_of_build_is_in_the_document(there: Folder) -> None:
    ran = there.run("explain", "--matrix", "net", "-c", "toy", "-p", "linux-64", "--json", *SNAP)
    newest, older = ran.document["matrix"]["platforms"]["linux-64"]
    assert (newest["version"], newest["builds"], older["version"]) == ("2.0", 3, "1.0")
    assert newest["kinds"][-1] == {
        "python": "3.12",
        "free_threaded": False,
        "cuda": {"spec": ">=12.6,<13", "evidence": "cuda-version"},
        "cudnn": {"spec": ">=9.3,<10.0a0", "evidence": "cudnn"},
        "driver": "*",
        "numpy": ">=1.26,<3",
        "frameworks": {},
    }
    assert [kind["cuda"] for kind in older["kinds"]] == [False]


def test_a_file_says_which_channels_and_platforms(there: Folder) -> None:
    there.write("channels: [toy, nodefaults]\nplatforms: [osx-arm64]\ndependencies: [net]\n")
    ran = there.run("explain", "environment.yml", "--matrix", "net", *SNAP)
    assert ran.code == 0
    assert "osx-arm64:" in ran.out
    assert "linux-64" not in ran.out


def test_without_file_and_channel_conda_forge_is_read_and_that_is_said(here: Folder) -> None:
    here.channel(WORLD, "conda-forge")
    ran = here.run("explain", "--matrix", "net", "-p", "linux-64", *SNAP)
    assert ran.code == 0
    assert ran.err == "no file and no channel is named; conda-forge is read (-c names another)\n"
    assert here.run("explain", "--matrix", "net", "-p", "linux-64", "-q", *SNAP).err == ""


def test_a_package_that_is_nowhere_is_an_error_with_a_guess(there: Folder) -> None:
    ran = there.run("explain", "--matrix", "nett", "-c", "toy", "-p", "linux-64", *SNAP)
    assert (ran.code, ran.out) == (2, "")
    assert "no package nett is in toy for linux-64" in ran.err
    assert "did you mean net?" in ran.err


@pytest.mark.parametrize("words", [("--matrix", "net>=2"), ("--matrix", "n*"), ("--all",), ()])
def test_what_makes_no_sense_is_refused(there: Folder, words: tuple[str, ...]) -> None:
    ran = there.run("explain", *words, "-c", "toy", *SNAP)
    assert (ran.code, ran.out) == (2, "")


def test_a_matrix_annotates_nothing(there: Folder) -> None:
    assert there.run("explain", "--matrix", "net", "-c", "toy", "--format", "sarif", *SNAP).code == 2


def test_a_part_that_is_lacking_is_named(here: Folder) -> None:
    jax = record("jax", "0.7", "python >=3.11", "jaxlib 0.7.*", subdir="noarch")
    here.channel((jax, record("jaxlib", "0.7", "python >=3.12,<3.13.0a0")))
    ran = here.run("explain", "--matrix", "jax", "-c", "toy", "-p", "linux-64", "-p", "win-64", *SNAP)
    assert "On win-64 no release can be had: no channel has the jaxlib that it asks for." in ran.out


def test_what_was_built_later_is_not_there(here: Folder) -> None:
    late = record("net", "3.0", "python >=3.12,<3.13.0a0", timestamp=1_900_000_000_000)
    here.channel((*WORLD, late))
    words = ("explain", "--matrix", "net", "-c", "toy", "-p", "linux-64", *SNAP)
    assert "  3.0 " in here.run(*words).out
    assert "  3.0 " not in here.run(*words, "--exclude-newer", "2026-01-31").out
