"""`condaenv explain`: what is to blame beside the lines, all cores, and a time limit, as a user meets them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from condaenv_tools.resolve.request import Outcome, SolveOptions, SolveRequest
from condaenv_tools.resolve.solve import SOLVERS
from tests.builders import moved, record
from tests.cli.world import Folder

SNAP = ("-p", "linux-64", "--snapshot", "snap", "--offline")
HEAD = "channels: [toy, nodefaults]\ndependencies:\n"
WORLD = (
    record("numpy", "1.26"),
    record("numpy", "2.0"),
    record("pandas", "1.5", "numpy <2"),
    record("new", "1.0", "numpy >=2", "libnew"),
    record("libnew", "1.0", "__glibc >=2.34,<3.0.a0"),
    record("gpu", "1.0", "__cuda >=12"),
)


@pytest.fixture
def there(here: Folder) -> Folder:
    here.channel(WORLD)
    return here


def cores(there: Folder, *words: str) -> list[dict[str, Any]]:
    ran = there.run("explain", "environment.yml", *SNAP, "--json", *words)
    assert ran.code == 1
    found = ran.document["platforms"]["linux-64"]["cores"]
    assert isinstance(found, list)
    return found


def specs(core: dict[str, Any]) -> list[str]:
    return [one["spec"] for one in core["specs"]]


def test_an_old_glibc_deep_below_a_line_is_to_blame_and_the_flag_mends_it(there: Folder) -> None:
    there.write(f"{HEAD}  - new\n")
    (core,) = cores(there)
    assert specs(core) == ["new"]
    assert core["with"] == [
        {
            "spec": "__glibc=2.28",
            "path": None,
            "line": None,
            "kind": "virtual",
            "instead": "__glibc=2.34",
        }
    ]
    ran = there.run("explain", "environment.yml", *SNAP)
    assert "hint: if the machine has it, say so: --virtual-package __glibc=2.34\n" in ran.out
    assert there.run("explain", "environment.yml", *SNAP, "--virtual-package", "__glibc=2.34").code == 0


def test_strict_priority_is_a_member_beside_the_lines(there: Folder) -> None:
    there.channel([moved(record("numpy", "3.0"), "https://conda.anaconda.org/extra")], "extra")
    there.channel([*WORLD, record("needs", "1.0", "numpy >=3")])
    there.write("channels: [toy, extra, nodefaults]\ndependencies:\n  - needs\n")
    (core,) = cores(there)
    (member,) = core["with"]
    assert (member["kind"], member["spec"]) == ("priority", "channel-priority=strict")
    kind, _, value = member["instead"].partition("=")
    assert there.run("explain", "environment.yml", *SNAP, f"--{kind}", value).code == 0


def test_a_date_is_a_member_beside_the_lines(there: Folder) -> None:
    there.write(f"{HEAD}  - numpy\n")
    (core,) = cores(there, "--exclude-newer", "2020-01-01")
    assert [one["kind"] for one in core["with"]] == ["cutoff"]


def test_what_no_surroundings_mend_has_nothing_beside_the_lines(there: Folder) -> None:
    there.write(f"{HEAD}  - numpy=2\n  - pandas\n")
    (core,) = cores(there)
    assert "with" not in core


@pytest.mark.parametrize(
    "words", [("--all-cores",), ("--all-cores", "9"), ("--all-cores=9",)], ids=["bare", "number", "equals"]
)
def test_all_cores_are_told_on_request(there: Folder, words: tuple[str, ...]) -> None:
    there.write(f"{HEAD}  - numpy=2\n  - pandas\n  - numpy>=2\n")
    assert [specs(core) for core in cores(there)] == [["numpy=2", "pandas"]]
    assert [specs(core) for core in cores(there, *words)] == [["numpy=2", "pandas"], ["pandas", "numpy>=2"]]


def test_a_file_behind_all_cores_is_a_file(there: Folder) -> None:
    there.write(f"{HEAD}  - numpy=2\n  - pandas\n")
    assert there.run("explain", "--all-cores", "environment.yml", *SNAP).code == 1
    assert there.run("explain", "environment.yml", *SNAP, "--all-cores", "0").code == 2


class Hanging:
    """A solver that never comes back."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def solve(
        self, requests: Sequence[SolveRequest], options: SolveOptions, **_others: Any
    ) -> tuple[Outcome, ...]:
        del requests, options
        self.over.wait()
        return ()


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    solver = Hanging()
    monkeypatch.setitem(SOLVERS, "rattler", solver)
    monkeypatch.setattr("condaenv_tools.conflicts.search.probe._GRACE", 0.02)
    monkeypatch.setattr("condaenv_tools.jobs.first_answers._GRACE", 0.02)
    yield
    solver.over.set()


@pytest.mark.usefixtures("hanging")
def test_a_solver_that_hangs_leaves_what_the_records_say(there: Folder) -> None:
    there.write(f"{HEAD}  - numpy=3\n  - pandas\n")
    words = ("--time-limit", "0.1", "--network-timeout", "0.1")
    ran = there.run("explain", "environment.yml", *SNAP, *words)
    assert ran.code == 1
    assert "no numpy fits numpy=3" in ran.out
    assert "The search ended early" in ran.out


@pytest.mark.usefixtures("hanging")
def test_a_solver_that_hangs_before_anything_is_known_is_a_failure_outside(there: Folder) -> None:
    there.write(f"{HEAD}  - numpy\n  - pandas\n")
    words = ("--time-limit", "0.1", "--network-timeout", "0.1")
    ran = there.run("explain", "environment.yml", *SNAP, *words)
    assert ran.code == 3
    assert "did not answer" in ran.err
