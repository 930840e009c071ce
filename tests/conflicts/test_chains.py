"""Chains: what follows from the lines, told so that it reads as prose, and never more than it takes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.conflicts.search.cores import find_cores
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.conflicts.search.universe import Universe as Records
from condaenv_tools.conflicts.words import text as text_module
from condaenv_tools.conflicts.words.asked import ask_text
from condaenv_tools.conflicts.words.chains import find_chain
from condaenv_tools.conflicts.words.reasons import Chain, lines_behind
from condaenv_tools.conflicts.words.text import Account, account_of
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from tests.builders import record
from tests.conflicts.brute import Brute, lines, request
from tests.conflicts.worlds import Universe, universes


def chain(records: Sequence[PackageRecord], *texts: str, virtual: Sequence[str] = ()) -> Chain:
    asked = request(records, *texts, virtual=virtual)
    found = find_chain(lines(*texts), Records(asked))
    assert found is not None
    return found


def account(records: Sequence[PackageRecord], *texts: str, virtual: Sequence[str] = ()) -> Account:
    return account_of(chain(records, *texts, virtual=virtual), lines(*texts), channels=["toy"])


def told(found: Account) -> list[str]:
    return [*(f"{item} ^ {text}" for item, text in found.remarks), *found.further]


@settings(max_examples=500, deadline=None)
@given(universes())
def test_a_chain_of_a_core_needs_every_line_of_it(universe: Universe) -> None:
    """A derivation that passed over a line of a minimal core would prove what is not so."""
    probe = Probe(request(universe.records), Brute())
    for core in find_cores(universe.items, probe.fails).cores:
        asked = request(universe.records, *(str(item) for item in core.members))
        found = find_chain(core.members, Records(asked))
        if found is not None:
            assert set(lines_behind(found.reasons)) == set(core.members)
            text = account_of(found, core.members, channels=["toy"]).text
            assert text
            assert found.name in text


@settings(max_examples=300, deadline=None)
@given(universes(), st.data())
def test_lines_that_go_together_have_no_chain(universe: Universe, data: st.DataObject) -> None:
    items = data.draw(st.lists(st.sampled_from(universe.items), unique=True, min_size=1))
    probe = Probe(request(universe.records), Brute())
    if not probe.fails(items):
        assert find_chain(items, Records(request(universe.records))) is None


NUMPY = tuple(record("numpy", version) for version in ("1.26.4", "2.0.1", "2.0.2"))
GOLDEN = {
    "direct": (
        [
            *NUMPY,
            record("pandas", "1.5.3", "numpy >=1.20.3,<2.0a0"),
            record("pandas", "1.5.3", "numpy >=1.21.6,<2.0a0", build="1"),
        ],
        ["numpy=2.0", "pandas=1.5"],
        ["numpy=2.0 ^ asks for numpy 2.0.*", "pandas=1.5 ^ every pandas 1.5 (1.5.3) needs numpy <2.0a0"],
        "every pandas 1.5 (1.5.3) needs numpy <2.0a0; numpy=2.0 excludes it",
    ),
    "over one package": (
        [
            *NUMPY,
            record("pandas", "1.5.2", "numpy <2"),
            record("pandas", "1.5.3", "numpy <2"),
            record("pandas", "2.2.3", "numpy >=1.26"),
            record("xgeo", "0.1", "pandas <2"),
        ],
        ["numpy=2.0", "xgeo"],
        [
            "numpy=2.0 ^ asks for numpy 2.0.*",
            "xgeo ^ every xgeo (0.1) needs pandas <2, and every such pandas (1.5.2 and 1.5.3) needs numpy <2",
        ],
        (
            "every xgeo (0.1) needs pandas <2, and every such pandas (1.5.2 and 1.5.3) needs numpy <2; "
            "numpy=2.0 excludes it"
        ),
    ),
    "at a package that no line names": (
        [*NUMPY, record("a", "1.0", "numpy <2"), record("b", "1.0", "numpy >=2")],
        ["a=1", "b"],
        ["a=1 ^ every a 1 (1.0) needs numpy <2", "b ^ every b (1.0) needs numpy >=2", "no numpy is both"],
        "every a 1 (1.0) needs numpy <2; every b (1.0) needs numpy >=2; no numpy is both",
    ),
    "three lines, one release": (
        [
            record("python", "3.11.9"),
            record("python", "3.12.4"),
            record("core", "1.0", "python >=3.11"),
            record("core", "2.0", "python <3.12"),
            record("core", "3.0", "python >=3.11"),
            record("left", "1.0", "core >=2"),
            record("right", "1.0", "core <3"),
        ],
        ["python=3.12", "left", "right"],
        [
            "python=3.12 ^ asks for python 3.12.*",
            "left ^ every left (1.0) needs core >=2",
            "right ^ every right (1.0) needs core <3",
            "both together leave core 2.0, every one of which needs python <3.12",
        ],
        (
            "every left (1.0) needs core >=2; every right (1.0) needs core <3; "
            "both together leave core 2.0, every one of which needs python <3.12; python=3.12 excludes it"
        ),
    ),
    "a driver that is not there": (
        [record("gpu", "1.0", "__cuda >=12")],
        ["gpu"],
        ["gpu ^ every gpu (1.0) needs __cuda >=12", "the machine is taken to have no __cuda"],
        "every gpu (1.0) needs __cuda >=12; the machine is taken to have no __cuda",
    ),
    "what a package brings is nowhere": (
        [record("a", "1.0", "lost >=2"), record("lost", "1.0"), record("lost", "1.5")],
        ["a"],
        ["a ^ every a (1.0) needs lost >=2", "toy has lost 1.0 and 1.5"],
        "every a (1.0) needs lost >=2; toy has lost 1.0 and 1.5",
    ),
    "what a package needs is called nothing": (
        [record("a", "1.0", "lost")],
        ["a"],
        ["a ^ every a (1.0) needs lost", "toy has no lost"],
        "every a (1.0) needs lost; toy has no lost",
    ),
    "a constraint": (
        [
            record("torch", "1.0", constrains=("torch-cpu <1",)),
            record("torch-cpu", "1.0"),
        ],
        ["torch", "torch-cpu"],
        [
            "torch ^ every torch (1.0) allows only torch-cpu <1",
            "torch-cpu ^ asks for torch-cpu",
        ],
        "every torch (1.0) allows only torch-cpu <1; torch-cpu excludes it",
    ),
    "each release for a reason of its own": (
        [
            record("d", "1.0", "b >=3"),
            record("d", "2.0", "c <3"),
            record("b", "1.0"),
            record("b", "2.0"),
            record("c", "2.0"),
            record("c", "3.0"),
        ],
        ["c=3", "d"],
        [
            "c=3 ^ asks for c 3.*",
            "d ^ asks for d",
            "d 2.0 needs c <3, and only c 3.0 is left",
            "both together leave d 1.0, every one of which needs b >=3",
            "toy has b 1.0 and 2.0",
        ],
        (
            "d 2.0 needs c <3, and only c 3.0 is left; both together leave d 1.0, every one of which "
            "needs b >=3; toy has b 1.0 and 2.0"
        ),
    ),
    "two lines of one package": (
        [record("a", "1.0"), record("a", "2.0")],
        ["a<2", "a>=2"],
        ["a<2 ^ asks for a <2", "a>=2 ^ asks for a >=2", "no a is what a<2 and a>=2 ask for"],
        "no a is what a<2 and a>=2 ask for",
    ),
}


@pytest.mark.parametrize("case", GOLDEN)
def test_it_reads_as_prose(case: str) -> None:
    records, texts, wanted, text = GOLDEN[case]
    found = account(records, *texts)
    assert told(found) == wanted
    assert found.text == text


def test_a_missing_driver_names_the_option_that_states_it() -> None:
    found = account([record("gpu", "1.0", "__cuda >=12.4")], "gpu")
    assert found.hints == ("if the machine has it, say so: --virtual-package __cuda=12.4",)


def test_a_machine_that_is_too_old_is_told_with_what_it_has() -> None:
    found = account([record("new", "1.0", "__glibc >=2.34")], "new", virtual=["__glibc=2.28"])
    assert found.text == "every new (1.0) needs __glibc >=2.34; the machine is taken to have __glibc 2.28"


def test_records_that_cannot_be_read_do_not_hide_the_rest() -> None:
    records = [*NUMPY, record("pandas", "1.5.3", "numpy <2", "odd >>=", "[["), record("odd", "?")]
    assert account(records, "numpy=2.0", "pandas").text.startswith("every pandas (1.5.3) needs numpy <2")


@pytest.mark.parametrize(("number", "shown"), [(6, 6), (7, 7), (9, 7)])
def test_a_long_derivation_is_shortened_for_reading(number: int, shown: int) -> None:
    steps = [f"step {n}" for n in range(number)]
    found = text_module._shortened(steps)
    assert len(found) == shown
    assert found[:3] == tuple(steps[:3])
    assert found[-3:] == tuple(steps[-3:])
    if number > 6:
        assert found[3] == f"... and {number - 6} more step{'s' if number > 7 else ''}"


def test_builds_of_few_versions_are_told_as_versions() -> None:
    asked = [
        [MatchSpec.parse(f"python_abi {v}.* *_cp{n}")]
        for v, n in (("3.9", 1), ("3.10", 2), ("3.10", 3), ("3.11", 4))
    ]
    assert ask_text("python_abi", asked) == "python_abi 3.9.*, 3.10.* or 3.11.* in certain builds"


def test_a_line_under_a_condition_has_no_chain() -> None:
    asked = request(NUMPY, "numpy=3")
    assert find_chain(lines("numpy=3"), Records(asked)) is not None
    assert find_chain(lines('numpy[version="3.*",when="python >=3"]'), Records(asked)) is None
