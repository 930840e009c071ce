"""A short run of the fuzzer, and every input that once broke something. The long run is `tests.fuzz.run`."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.laws import check_laws
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
