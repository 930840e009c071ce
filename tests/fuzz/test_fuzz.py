"""A short run of the fuzzer, and every input that once broke something. The long run is `tests.fuzz.run`."""

from __future__ import annotations

import random
import sys
from types import FrameType

import pytest

from condaenv_tools.jobs.check_text import check_text
from condaenv_tools.parse import environment_yml
from condaenv_tools.parse.report import MAX_FINDINGS
from tests.fuzz.laws import OPTIONS, check_laws
from tests.fuzz.mutate import make, seeds
from tests.fuzz.run import fuzz

#: What the long runs found, cut down to what is needed.
FOUND = {
    "a blanket noqa hid that the file was no mapping": b'"ame: a/b" # noqa\n',
    "a channel in the home of a user that does not exist": b"channels: [~bioconda]\ndependencies: [a]\n",
    "one line of noqa comments": b"dependencies:\n  - a " + b"# noqa " * 20_000,
    "noqa comments for the whole file": b"# condaenv: noqa: CE1\n" * 3_000 + b"dependencies: [a]\n",
    "useless noqa comments": b"dependencies:\n" + b"  - a  # noqa: CE201\n" * 1_500,
    "thousands of lines that belong to another tool": b"dependencies:\n" + b"```\n  - a: [\n" * 10_000,
    "thousands of unknown keys": b"".join(b"dependancies%d: 1\n" % n for n in range(3_000)),
    "thousands of faults in a file that is not read": b"dependencies:\n" + b"  - 'a\n" * 5_000,
    "thousands of specs with brackets": b"dependencies:\n" + b"  - a[version='>=1',build=x]\n" * 2_000,
}


#: What the long runs found to take minutes: how a file begins, and what is repeated.
SLOW = {
    "empty pip sections": ("dependencies:\n", "  - pip:\n"),
    "an empty pip section in each of many dependencies": ("", "dependencies:\n  - pip:\n  - a\n"),
    "pip sections at the top": ("dependencies:\n- a\n", "pip:\n- a\n"),
    "dashes with nothing behind them": ("", "dependencies:\n  - numpy\n  -\n"),
    "bare dashes alone": ("dependencies:\n", "  -\n"),
    "bare dashes for pip": ("dependencies:\n  - pip:\n", "    -\n"),
    "misspelled keys": ("", "depenies:\n"),
    "misspelled keys with lists": ("", "dependancies:\n  - numpy>=1\n"),
    "keys written again": ("", "channels:\n"),
    "the path of the environment": ("", "prefix: /home/me/env\ndependencies: [numpy]\nchannels:\n"),
    "sections that are texts": ("", "dependencies: -a\n"),
    "items that swallow others": ("dependencies:\n", "  - a\n    - b\n"),
    "pip lines that swallow others": ("dependencies:\n  - pip:\n", "    - a\n      - b\n"),
    "platforms over and over": ("platforms:\n", "  - osx-64\n"),
    "no platforms": ("platforms:\n", "  - defaults\n"),
    "channels over and over": ("channels:\n", "  - nvidia\n"),
    "channels that are specs": ("channels:\n", "  - numpy==1.2\n"),
    "stars for dashes": ("dependencies:\n", "  * numpy\n"),
    "mappings for requirements": ("dependencies:\n  - pip:\n", "    - a: 1\n"),
    "words that are truth values": ("dependencies:\n", "  - yes\n"),
}


def _steps(text: str) -> int:
    """Return how many calls checking a text takes, those of functions in C included."""
    count = 0

    def on_event(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(on_event)
    try:
        check_text(text, OPTIONS)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("case", SLOW)
def test_twice_the_text_takes_about_twice_the_work(case: str) -> None:
    head, unit = SLOW[case]
    check_text(head + unit, OPTIONS)  # what is read once a process is no work of a text
    steps, twice = _steps(head + unit * 200), _steps(head + unit * 400)
    assert twice < 2.6 * steps


@pytest.mark.parametrize("case", SLOW)
def test_beyond_the_last_finding_a_line_takes_little(case: str) -> None:
    head, unit = SLOW[case]
    many, more = head + unit * MAX_FINDINGS * 2, head + unit * MAX_FINDINGS * 3
    assert _steps(more) - _steps(many) < 150 * MAX_FINDINGS * unit.count("\n")


def test_a_text_is_searched_once_for_the_key_that_misspelled_ones_mean() -> None:
    environment_yml._begins_a_line.cache_clear()
    check_text("".join(f"dependancie{number}:\n" for number in range(500)), OPTIONS)
    found = environment_yml._begins_a_line.cache_info()
    assert found.misses == 1
    assert found.hits > 100


@pytest.mark.parametrize("case", FOUND)
def test_what_was_found_once_stays_mended(case: str) -> None:
    check_laws(FOUND[case], random.Random(1))


def test_no_law_is_broken_by_a_thousand_files() -> None:
    count, _, kinds = fuzz(seconds=60, seed=4, most=2000)
    broken = {kind: number for kind, number in kinds.items() if not kind.startswith("slow")}
    assert not broken
    assert count > 100


def test_the_same_seed_makes_the_same_files() -> None:
    one, other = random.Random(3), random.Random(3)
    assert [make(one) for _ in range(50)] == [make(other) for _ in range(50)]


def test_the_files_differ_and_are_small_enough() -> None:
    chance = random.Random(5)
    found = [make(chance) for _ in range(500)]
    assert len(set(found)) > 400
    assert max(map(len, found)) <= 4_100_000
    assert len(set(found) - set(seeds())) > 400
