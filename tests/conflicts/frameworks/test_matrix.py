"""The matrix of a package: what its records, and those of its parts, say it is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.channels.source import SourceOptions, open_sources
from condaenv_tools.conflicts.frameworks.matrix import Matrix, Release, find_matrix
from condaenv_tools.conflicts.frameworks.needs import needs_of
from condaenv_tools.conflicts.frameworks.pythons import pythons_text
from condaenv_tools.conflicts.frameworks.rows import matrix_tables
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import (
    VirtualPackage,
    default_virtual_packages,
    override_virtual_packages,
)
from condaenv_tools.resolve.request import SolveOptions, SolveRequest
from condaenv_tools.resolve.solve import SOLVERS
from tests.builders import moved, record
from tests.conflicts.brute import Memory

LINUX, OSX = Platform.LINUX_64, Platform.OSX_ARM64
RECORDED = SourceOptions(
    snapshot=Path(__file__).resolve().parents[3] / "environments" / "channel", offline=True
)


def net(version: str, minor: int, *depends: str, build: str = "cpu") -> PackageRecord:
    """One build of a package for one Python."""
    python = (f"python >=3.{minor},<3.{minor + 1}.0a0", f"python_abi 3.{minor}.* *_cp3{minor}")
    return record("net", version, *python, *depends, build=f"{build}_py3{minor}_0")


def matrix(*records: PackageRecord, name: str = "net", platforms: tuple[Platform, ...] = (LINUX,)) -> Matrix:
    """The matrix of a toy channel."""
    channel = expand_channels(["toy"])[0]
    source = Memory("toy", tuple(moved(one, channel.url) for one in records))
    return find_matrix(name, dict.fromkeys(platforms, (source,)))


def rows(found: Matrix, *, every: bool = False) -> list[tuple[str, ...]]:
    """Head and rows of the one table of a matrix."""
    (table,) = matrix_tables(found, every=every)
    return [table.columns, *table.rows]


def test_builds_for_one_cuda_are_one_row_with_the_range_of_what_they_ask() -> None:
    cuda = ("cuda-version >=12.6,<13", "cudnn >=9.3,<10.0a0", "__cuda")
    found = matrix(
        net("2.0", 11, "numpy >=1.21,<3.0a0"),
        net("2.0", 12, "numpy >=1.26,<3.0a0"),
        net("2.0", 14, "numpy >=2.3,<3.0a0"),
        net("2.0", 12, "numpy >=1.26,<3.0a0", *cuda, build="cuda126"),
    )
    assert rows(found) == [
        ("net", "Python", "CUDA", "cuDNN", "numpy"),
        ("2.0", "3.11, 3.12, 3.14", "no", "-", ">=1.21,<3"),
        ("", "3.12", ">=12.6,<13", ">=9.3,<10", ">=1.26,<3"),
    ]
    assert rows(found, every=True)[1:] == [
        ("2.0", "3.11", "no", "-", ">=1.21,<3"),
        ("", "3.12", "no", "-", ">=1.26,<3"),
        ("", "3.14", "no", "-", ">=2.3,<3"),
        ("", "3.12", ">=12.6,<13", ">=9.3,<10", ">=1.26,<3"),
    ]


def test_neighbours_that_do_not_differ_are_one_row_and_the_newest_comes_first() -> None:
    found = matrix(*(net(version, 12) for version in ("1.0", "1.1", "1.10")), net("2.0", 13))
    assert rows(found) == [("net", "Python"), ("2.0", "3.13"), ("1.0 to 1.10", "3.12")]
    assert [row[0] for row in rows(found, every=True)[1:]] == ["2.0", "1.10", "1.1", "1.0"]


def test_platforms_that_do_not_differ_are_told_once() -> None:
    found = matrix(record("net", "1.0", "python >=3.9", subdir="noarch"), platforms=(LINUX, OSX))
    (table,) = matrix_tables(found)
    assert (table.platforms, table.rows) == ((LINUX, OSX), (("1.0", ">=3.9"),))


def test_a_long_table_is_cut_and_says_so() -> None:
    found = matrix(*(net(f"{number}.0", 8 + number % 5) for number in range(1, 41)))
    (table,) = matrix_tables(found)
    assert table.rows[0][0] == "40.0"
    assert len(table.rows) + table.left_out == 40
    assert table.left_out
    (whole,) = matrix_tables(found, every=True)
    assert (len(whole.rows), whole.left_out) == (40, 0)


def test_a_part_says_what_the_package_leaves_to_it() -> None:
    """As pytorch-gpu, pytorch and libtorch: what a build is for may be said two packages further on."""
    found = matrix(
        record("net-gpu", "2.0", "net 2.0 cuda*"),
        net("2.0", 12, "libnet 2.0.*", build="cuda126"),
        net("2.0", 13, "libnet 2.0.*", build="cpu"),
        record("libnet", "2.0", "cuda-version >=12.6,<13", "cudnn >=9.3,<10.0a0", build="cuda126_1"),
        record("libnet", "2.0", build="cpu_1"),
        name="net-gpu",
    )
    assert rows(found)[1:] == [("2.0", "3.12", ">=12.6,<13", ">=9.3,<10")]


def test_a_build_does_not_take_the_part_of_another_cuda() -> None:
    found = matrix(
        net("2.0", 12, "libnet 2.0", build="cuda118"),
        record("libnet", "2.0", "cudatoolkit >=11.8,<12", build="x"),
        record("libnet", "2.0", "cuda-version >=12.0,<13", build="y"),
        record("libnet", "2.0", build="cpu"),
    )
    assert rows(found)[1:] == [("2.0", "3.12", ">=11.8,<12")]


def test_a_release_whose_part_is_nowhere_is_left_out_and_named() -> None:
    """A package for any platform (`noarch`) is not there where its library is not."""
    found = matrix(
        record("jax", "0.7.2", "python >=3.11", "jaxlib >=0.7.2,<=0.7.2", subdir="noarch"),
        record("jaxlib", "0.7.2", "python >=3.12,<3.13.0a0", build="cpu"),
        name="jax",
        platforms=(LINUX, OSX),
    )
    (table,) = matrix_tables(found)
    assert table.platforms == (LINUX,)
    assert [release.lacking for one in found.platforms for release in one.releases] == [(), ("jaxlib",)]


def test_what_a_part_constrains_counts() -> None:
    found = matrix(
        record("jax", "0.4.1", "python >=3.8", "jaxlib >=0.3", subdir="noarch"),
        record("jaxlib", "0.9", "python >=3.12,<3.13.0a0", constrains=("jax >=0.9",)),
        record("jaxlib", "0.4", "python >=3.9,<3.10.0a0", constrains=("jax >=0.4",)),
        name="jax",
    )
    assert rows(found)[1][:2] == ("0.4.1", "3.9")


def test_frameworks_and_their_guests_have_columns() -> None:
    found = matrix(
        record("pytorch", "2.10.0", "python >=3.12,<3.13.0a0"),
        record("pytorch", "2.9.0", "python >=3.12,<3.13.0a0"),
        record("torchvision", "0.25.0", "pytorch >=2.10,<2.11.0a0"),
        record("torchvision", "0.24.0", "pytorch 2.9.*"),
        record("torchvision", "0.24.1", "pytorch 2.9.*", "pytorch"),
        name="pytorch",
    )
    assert rows(found) == [
        ("pytorch", "Python", "torchvision"),
        ("2.10.0", "3.12", "0.25.0"),
        ("2.9.0", "3.12", "0.24.0, 0.24.1"),
    ]


def test_a_guest_that_is_constrained_away_does_not_take_it() -> None:
    found = matrix(
        record("jaxlib", "0.9", "python >=3.12,<3.13.0a0", build="cpu", constrains=("jax >=0.9",)),
        record("jaxlib", "0.9", "cuda-version >=12.9,<13", build="cuda129", constrains=("jax >=0.9",)),
        record("jax", "0.4", "jaxlib >=0.3", subdir="noarch"),
        record("jax", "0.9", "jaxlib >=0.9,<=0.9", subdir="noarch"),
        name="jaxlib",
    )
    assert rows(found) == [
        ("jaxlib", "Python", "CUDA", "jax"),
        ("0.9", "3.12", "no", "0.9"),
        ("", "-", ">=12.9,<13", ""),
    ]


@pytest.mark.parametrize(
    ("depends", "build", "expected"),
    [
        (("cuda-version >=12.6,<13", "cudatoolkit >=11"), "cuda118", ("cuda-version", "<13,>=12.6")),
        (("cudatoolkit >=11.2,<12",), "cuda112py310", ("cudatoolkit", ">=11.2,<12")),
        (("pytorch-cuda >=12.1,<12.2",), "py3.11_cuda12.1_cudnn8.9.2_0", ("pytorch-cuda", ">=12.1,<12.2")),
        (("__cuda >=11.8",), "h0_0", ("__cuda", ">=11.8")),
        (("__cuda",), "cuda112py310", ("build", ">=11.2,<11.3.0a0")),
        ((), "py39_cu113", ("build", ">=11.3,<11.4.0a0")),
        ((), "py3.9_cuda11.1_cudnn8.0.5_0", ("build", ">=11.1,<11.2.0a0")),
        (("__cuda",), "h0_0", ("__cuda", "*")),
        ((), "h0cu12ab_0", None),
        ((), "cpu_py312_0", None),
    ],
)
def test_the_surest_evidence_of_cuda_counts(
    depends: tuple[str, ...], build: str, expected: tuple[str, str] | None
) -> None:
    proof = needs_of(record("net", "1.0", *depends, build=build)).proof("cuda")
    assert (None if proof is None else (proof[0], {*str(proof[1]).split(",")})) == (
        None if expected is None else (expected[0], {*expected[1].split(",")})
    )


def test_free_threaded_builds_are_told_apart() -> None:
    plain = net("1.0", 13)
    free = record("net", "1.0", "python >=3.13", "python_abi 3.13.* *_cp313t", build="cp313t")
    assert rows(matrix(plain, free))[1] == ("1.0", "3.13, 3.13t")


def test_records_that_nobody_can_read_say_nothing() -> None:
    found = matrix(
        net("1.0", 12, "numpy >=>=1", "libnet 1.0"),
        record("net", "not a version"),
        record("libnet", "not a version"),
        record("libnet", "1.0"),
    )
    assert rows(found)[1:] == [("1.0", "3.12")]


def _pythons(release: Release) -> set[tuple[int, int]]:
    return {minor for needs in release.needs for minor in needs.pythons or ()}


def test_the_solver_agrees_on_the_recorded_channel() -> None:
    """For the newest releases of PyTorch, and every Python: there is a row exactly where there is a solution."""
    sources = open_sources(expand_channels(["conda-forge"]), platforms=[LINUX], options=RECORDED)
    releases = find_matrix("pytorch", {LINUX: sources}).platforms[0].releases[:4]
    assert len(releases) == 4
    machine = override_virtual_packages(
        default_virtual_packages(LINUX), [VirtualPackage.parse("__cuda=13.9")]
    )
    asked = [(release, (3, minor)) for release in releases for minor in range(10, 15)]
    requests = [
        SolveRequest(
            platform=LINUX,
            specs=(
                MatchSpec.parse(f"pytorch=={release.version}"),
                MatchSpec.parse(f"python={pythons_text([minor])}"),
            ),
            sources=sources,
            virtual_packages=machine,
            reading=RECORDED,
        )
        for release, minor in asked
    ]
    solved = [
        SOLVERS["rattler"].solve([request], SolveOptions())[0].solution is not None for request in requests
    ]
    assert solved == [minor in _pythons(release) for release, minor in asked]
    assert 0 < sum(solved) < len(solved)
