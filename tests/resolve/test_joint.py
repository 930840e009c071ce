"""The joint step with a toy channel and a function for a pip half: what is tried, in which order, when it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from condaenv_tools.errors import IndexFailureError, UnsatisfiableError
from condaenv_tools.model.names import pypi_name
from condaenv_tools.resolve.joint import ATTEMPTS, solve_joint
from condaenv_tools.resolve.joint_request import JointOutcome, JointRequest
from condaenv_tools.resolve.pypi.answer import ConflictKind, Distribution, PyPIConflict
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.pypi.request import PyPIOutcome, PyPIRequest
from tests.builders import record
from tests.resolve.toy import World

LINE = RequirementLine(text="app")
APP = Distribution(name=pypi_name("app"), version="1.0", url="https://pip.example.org/app.whl")
TZDATA = Distribution(name=pypi_name("tzdata"), version="2024.1", url="https://pip.example.org/tzdata.whl")
Answer = Callable[[PyPIRequest], PyPIOutcome]


@pytest.fixture
def world(tmp_path: Path) -> World:
    numbers = range(1, 30)
    records = [
        *(record("python", version, build="0_cpython") for version in ("3.11.1", "3.12.1")),
        record("pip", "24.0", "python"),
        *(record("numpy", f"{n}.0", "python") for n in numbers),
        *(record("scipy", f"{n}.0", "python") for n in numbers),
        record("tzdata", "2024a"),
        record("python-tzdata", "2024.1", "python"),
        record("python-tzdata", "0.1", "python", purls=("pkg:pypi/another",)),
        record("keeps-it-out", "1.0", constrains=("python-tzdata <0",)),
    ]
    return World(tmp_path, {"toy": records})


def fits(request: PyPIRequest) -> PyPIOutcome:
    return PyPIOutcome(platform=request.platform, packages=(APP,))


def refuses(request: PyPIRequest, *names: str, python: str | None = None, **demands: str) -> PyPIOutcome:
    found = tuple(one for one in request.provided if one.name in names)
    excluded = tuple((one.name, demands[one.name]) for one in found)
    conflict = PyPIConflict(
        kind=ConflictKind.EXCLUDE,
        requirements=(LINE,),
        provided=found,
        text="app cannot live with that",
        excluded=excluded,
        requires_python=python,
    )
    return PyPIOutcome(platform=request.platform, conflict=conflict)


def version(request: PyPIRequest, name: str) -> str:
    return next(one.version for one in request.provided if one.name == name)


def solved(
    world: World, answer: Answer, *more: str, joint: bool = True
) -> tuple[JointOutcome, list[PyPIRequest]]:
    asked: list[PyPIRequest] = []

    def ask(requests: Sequence[PyPIRequest]) -> tuple[PyPIOutcome, ...]:
        asked.extend(requests)
        return tuple(map(answer, requests))

    request = JointRequest(conda=world.request("python", "pip", "numpy", "scipy", *more), lines=(LINE,))
    (outcome,) = solve_joint([request], ask=ask, joint=joint)
    return outcome, asked


def test_what_both_accept_is_asked_once(world: World) -> None:
    outcome, asked = solved(world, fits)
    assert (outcome.distributions, outcome.moves, len(asked)) == ((APP,), (), 1)


def test_one_package_moves_and_the_others_stay(world: World) -> None:
    def answer(request: PyPIRequest) -> PyPIOutcome:
        if version(request, "numpy") == "29.0":
            return refuses(request, "numpy", "scipy", numpy="<10", scipy="<10")
        return fits(request)

    outcome, asked = solved(world, answer)
    assert [(m.name, m.before, m.after, m.demand) for m in outcome.moves] == [
        ("numpy", "29.0", "9.0", "numpy <10a0")
    ]
    assert outcome.moves[0].lines == (LINE,)
    assert len(asked) == 2


def test_where_one_does_not_help_the_next_and_then_all_are_moved(world: World) -> None:
    def answer(request: PyPIRequest) -> PyPIOutcome:
        if version(request, "numpy") == "29.0" or version(request, "scipy") == "29.0":
            return refuses(request, "numpy", "scipy", numpy="<10", scipy="<10")
        return fits(request)

    outcome, _ = solved(world, answer)
    assert [(m.name, m.after) for m in outcome.moves] == [("numpy", "9.0"), ("scipy", "9.0")]


def test_another_python_can_be_demanded(world: World) -> None:
    def answer(request: PyPIRequest) -> PyPIOutcome:
        return refuses(request, python="<3.12") if request.python_version == "3.12.1" else fits(request)

    outcome, asked = solved(world, answer)
    assert [one.python_version for one in asked] == ["3.12.1", "3.11.1"]
    assert outcome.moves[0].name == "python"


def test_without_the_joint_step_the_first_conflict_is_told(world: World) -> None:
    outcome, asked = solved(world, lambda r: refuses(r, "numpy", numpy="<10"), joint=False)
    assert isinstance(outcome.error, UnsatisfiableError)
    assert "app cannot live with that" in str(outcome.error)
    assert len(asked) == 1


def test_the_search_is_bounded_and_says_so(world: World) -> None:
    def answer(request: PyPIRequest) -> PyPIOutcome:
        return refuses(request, "numpy", numpy=f"<{version(request, 'numpy')}")

    outcome, asked = solved(world, answer)
    assert len(asked) == ATTEMPTS
    assert f"given up after {ATTEMPTS} attempts" in str(outcome.error)


def test_what_no_build_meets_is_told_with_both_reasons(world: World) -> None:
    outcome, _ = solved(world, lambda r: refuses(r, "numpy", numpy=">=99"))
    text = str(outcome.error)
    assert "conda has no solution with numpy >=99" in text
    assert "conda brings numpy 29.0" in text
    assert "given up" not in text


def test_the_specs_that_exclude_a_demand_are_told_and_no_others(tmp_path: Path) -> None:
    records = [
        record("python", "3.12.1", build="0_cpython"),
        record("pip", "24.0", "python"),
        record("numpy", "1.0", "python"),
        record("numpy", "2.0", "python"),
        record("plot", "1.0", "numpy >=2"),
        record("idle", "1.0", "numpy"),
    ]
    world = World(tmp_path, {"toy": records})

    def ask(requests: Sequence[PyPIRequest]) -> tuple[PyPIOutcome, ...]:
        return tuple(refuses(one, "numpy", numpy="<2") for one in requests)

    request = JointRequest(conda=world.request("python", "pip", "plot=1", "idle"), lines=(LINE,))
    (outcome,) = solve_joint([request], ask=ask)
    assert "in the conda part, plot 1.* excludes it" in str(outcome.error)


def test_a_conflict_among_the_lines_alone_is_not_handed_to_conda(world: World) -> None:
    outcome, asked = solved(world, refuses)
    assert isinstance(outcome.error, UnsatisfiableError)
    assert len(asked) == 1


def brings_tzdata(request: PyPIRequest) -> PyPIOutcome:
    """Answer with a distribution that has the name of another conda package, unless conda brings it."""
    given = {one.name for one in request.provided}
    return PyPIOutcome(platform=request.platform, packages=(APP,) if "tzdata" in given else (APP, TZDATA))


def test_what_has_the_name_of_another_package_comes_from_conda_under_its_own(world: World) -> None:
    outcome, asked = solved(world, brings_tzdata, "tzdata")
    assert (outcome.instead, outcome.assumed) == ((("tzdata", "python-tzdata"),), ())
    assert (outcome.distributions, len(asked)) == ((APP,), 2)


@pytest.mark.parametrize("more", ["keeps-it-out", "python-tzdata=0"], ids=["no-solution", "no-purl"])
def test_where_conda_cannot_bring_it_its_own_package_is_taken_for_it(world: World, more: str) -> None:
    outcome, _ = solved(world, brings_tzdata, "tzdata", more)
    assert (outcome.instead, outcome.assumed) == ((), ("tzdata",))
    assert outcome.distributions == (APP,)


def test_a_demand_that_fails_does_not_cost_what_conda_brings_in_place_of_another(world: World) -> None:
    def answer(request: PyPIRequest) -> PyPIOutcome:
        if "tzdata" in {one.name for one in request.provided} and version(request, "scipy") == "29.0":
            return refuses(request, "numpy", "scipy", numpy=">=99", scipy="<10")
        return brings_tzdata(request)

    outcome, _ = solved(world, answer, "tzdata")
    assert [(move.name, move.after) for move in outcome.moves if move.demand] == [("scipy", "9.0")]
    assert (outcome.instead, outcome.assumed) == ((("tzdata", "python-tzdata"),), ())


def test_a_failure_of_the_index_ends_it(world: World) -> None:
    failure = IndexFailureError("the index is gone", index="https://pip.example.org")
    outcome, _ = solved(world, lambda r: PyPIOutcome(platform=r.platform, error=failure))
    assert outcome.error is failure


def test_a_platform_without_pip_lines_asks_no_index(world: World) -> None:
    def ask(requests: Sequence[PyPIRequest]) -> tuple[PyPIOutcome, ...]:
        raise AssertionError(requests)

    (outcome,) = solve_joint([JointRequest(conda=world.request("numpy"))], ask=ask)
    assert outcome.solution is not None


def test_an_unsolvable_conda_half_is_its_own_error(world: World) -> None:
    request = JointRequest(conda=world.request("numpy>99"), lines=(LINE,))
    (outcome,) = solve_joint([request], ask=lambda requests: tuple(map(fits, requests)))
    assert isinstance(outcome.error, UnsatisfiableError)
    assert "numpy" in str(outcome.error)
