"""What would do in place of what is asked, as the records say it."""

from __future__ import annotations

from condaenv_tools.conflicts.explain import explain_platform
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.conflicts.search.universe import Universe
from condaenv_tools.conflicts.words.elsewhere import hints_elsewhere
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.request import ChannelPriority, SolveOptions
from tests.builders import record
from tests.conflicts.brute import Brute, Memory, lines, request

PYTHONS = tuple(record("python", version) for version in ("3.9.1", "3.10.2", "3.12.0", "3.13.1"))
NUMPYS = (
    record("numpy", "1.23", "python >=3.9,<3.10.0a0", build="py39"),
    record("numpy", "1.23", "python >=3.10,<3.11.0a0", build="py310"),
    record("numpy", "1.26", "python >=3.12,<3.13.0a0", build="py312"),
    record("numpy", "2.1", "python >=3.12,<3.14.0a0", build="py313"),
)


def hints(records: tuple[object, ...], *texts: str, virtual: tuple[str, ...] = ()) -> tuple[str, ...]:
    asked = request(records, *texts, virtual=virtual)  # type: ignore[arg-type]
    return hints_elsewhere(lines(*texts), Universe(asked))


def test_a_python_that_no_build_has() -> None:
    told = ("numpy 1.23 has builds for Python 3.9 to 3.10; for Python 3.12 there is numpy 1.26 and 2.1",)
    assert hints((*PYTHONS, *NUMPYS), "python=3.12", "numpy=1.23") == told
    probe = Probe(request([*PYTHONS, *NUMPYS]), Brute())
    (conflict,) = explain_platform(lines("python=3.12", "numpy=1.23"), probe).conflicts
    assert conflict.account.hints == told


def test_a_package_that_goes_with_that_python_gets_no_hint() -> None:
    assert hints((*PYTHONS, *NUMPYS), "python=3.12", "numpy=1.26") == ()


def test_builds_for_one_system() -> None:
    only = (record("kernels", "1.0", "__win"),)
    assert hints(only, "kernels", virtual=("__unix=0",)) == (
        "its builds are for win only: give its line a selector, `# [win]`",
    )
    assert hints(only, "kernels", virtual=("__win=0",)) == ()


def test_a_version_that_other_platforms_have() -> None:
    there = (
        record("numpy", "1.26"),
        record("numpy", "2.0", subdir="osx-64"),
        record("numpy", "2.0", subdir="osx-arm64"),
    )
    assert hints(there, "numpy=2.0") == ("osx-64, osx-arm64 have numpy 2.0",)
    assert hints(there, "numpy=3.0") == ()


def test_a_version_that_strict_priority_hides_everywhere_is_no_hint() -> None:
    first = [record("numpy", "1.26", subdir=subdir) for subdir in ("linux-64", "osx-64")]
    behind = (record("numpy", "2.0", channel="more"), record("numpy", "2.0", subdir="osx-64", channel="more"))
    asked = request(first, "numpy=2.0", more=(Memory("more", behind),))
    assert hints_elsewhere(lines("numpy=2.0"), Universe(asked)) == ()
    everything = SolveOptions(channel_priority=ChannelPriority.DISABLED)
    assert Universe(asked, everything).on(Platform.OSX_64).visible("numpy")[1].version == "2.0"
