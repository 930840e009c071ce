"""Each rule on toy locks: what it finds, in which words, and what it leaves undecided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import pytest

from condaenv_tools.lock.metadata_keys import CONDA_ONLY
from condaenv_tools.lock.verify import Evidence, verify
from condaenv_tools.model.environment import (
    ChannelItem,
    Dependency,
    Environment,
    PipItem,
    PipKind,
    PlatformItem,
)
from condaenv_tools.model.finding import Fault
from condaenv_tools.model.lock import Lock, LockChannel, PyPIRecord, Root
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.model.virtual import VirtualPackage
from tests.lock.toy_locks import CHANNEL, LINUX, MAC, conda, digest, lock_of, part, pip, root, small_lock

DIGEST, OTHER = "a" * 64, "c" * 64
HASHED = f"a --hash=sha256:{OTHER}"


class Shelf:
    """Records at hand: those of some locked packages, changed or not."""

    def __init__(self, *records: PackageRecord, subdirs: Collection[str] = ("linux-64", "noarch")) -> None:
        self.records = records
        self.subdirs = subdirs

    def find(self, channel: str, subdir: str, names: Collection[str]) -> Mapping[str, PackageRecord] | None:
        if subdir not in self.subdirs or channel != CHANNEL:
            return None
        return {r.file_name: r for r in self.records if r.subdir == subdir and r.name in names}


def records_of(*packages: Any) -> list[PackageRecord]:
    return [p.record for p in packages if isinstance(p.record, PackageRecord)]


def faults(lock: Lock, **evidence: Any) -> list[str]:
    return [f"{f.rule} {f.package}: {f.message}" for f in verify(lock, Evidence(**evidence)).faults]


def span(line: int) -> SourceSpan:
    return SourceSpan(path="environment.yml", line=line, column=3)


def environment(
    *specs: str, pips: Collection[str] = (), channels: Collection[str] = ("conda-forge", "nodefaults")
) -> Environment:
    return Environment(
        sources=("environment.yml",),
        channels=tuple(ChannelItem(text=text, span=span(2)) for text in channels),
        dependencies=tuple(
            Dependency(text=text, spec=MatchSpec.parse(text), span=span(3 + i))
            for i, text in enumerate(specs)
        ),
        pip=tuple(
            PipItem(text=text, kind=PipKind.REQUIREMENT, name=text.split(">")[0], span=span(9))
            for text in pips
        ),
        has_pip_section=bool(pips),
    )


def test_a_sound_lock_has_no_fault() -> None:
    report = verify(small_lock())
    assert report.ok
    assert report.undecided == (
        "known, hashes: no records of the channels are at hand; a file is taken to be there as locked",
    )


A_FILE = f"{CHANNEL}/linux-64/a-1-0.conda"
NEEDY = conda("a 1", "b >=2")
UNKNOWN_TO_CHANNEL = Shelf()
CASES: dict[str, tuple[Lock, dict[str, Any], list[str]]] = {
    "depends-none": (
        lock_of(part(NEEDY)),
        {},
        ["depends a: a 1 0 needs b >=2, and the lock has none"],
    ),
    "depends-wrong-version": (
        lock_of(part(NEEDY, conda("b 1.5"))),
        {},
        ["depends a: a 1 0 needs b >=2, and the lock has b 1.5 0"],
    ),
    "depends-wrong-build": (
        lock_of(part(conda("a 1", "b 1.5 py_*"), conda("b 1.5"))),
        {},
        ["depends a: a 1 0 needs b 1.5 py_*, and the lock has b 1.5 0"],
    ),
    "depends-virtual-recorded": (
        lock_of(part(conda("a 1", "__glibc >=2.34"))),
        {},
        ["depends a: a 1 0 needs __glibc >=2.34, and the machine is taken to have 2.28"],
    ),
    "depends-virtual-absent": (
        lock_of(part(conda("a 1", "__cuda"))),
        {},
        ["depends a: a 1 0 needs __cuda, and the machine is not taken to have it"],
    ),
    "depends-virtual-of-another-system": (
        lock_of(replace(part(conda("a 1", "__osx >=11")), virtual_packages=None)),
        {},
        ["depends a: a 1 0 needs __osx >=11, and the machine is not taken to have it"],
    ),
    "depends-virtual-stated": (
        lock_of(part(conda("a 1", "__glibc >=2.17"))),
        {"virtual_packages": {LINUX: [VirtualPackage(name="__glibc", version="2.12")]}},
        ["depends a: a 1 0 needs __glibc >=2.17, and the machine is taken to have 2.12"],
    ),
    "depends-unreadable": (
        lock_of(part(conda("a 1", "b ><1"), conda("b 1"))),
        {},
        ["depends a: a 1 0 needs 'b ><1', which is not a MatchSpec"],
    ),
    "depends-of-pip": (
        lock_of(
            part(
                conda("numpy 1.26"),
                pip("a 1", ("numpy", ">=2"), ("B_c", ""), ("d", "<2"), ("e", "*")),
                pip("d 3"),
            )
        ),
        {},
        [
            "depends a: a 1 needs B_c, and the lock has none",
            "depends a: a 1 needs d <2, and the lock has 3",
            "depends a: a 1 needs e, and the lock has none",
            "depends a: a 1 needs numpy >=2, and the lock has 1.26",
        ],
    ),
    "depends-as-the-channel-says": (
        lock_of(part(conda("a 1"), conda("b 1"))),
        {"records": Shelf(*records_of(conda("a 1", "b >=2"), conda("b 1")))},
        ["depends a: a 1 0 needs b >=2, and the lock has b 1 0"],
    ),
    "constrains-as-the-lock-says": (
        lock_of(part(conda("a 1", constrains=("b <1", "c <1")), conda("b 1"))),
        {},
        ["constrains a: a 1 0 allows only b <1, and there is b 1 0"],
    ),
    "constrains-as-the-channel-says": (
        lock_of(part(conda("a 1"), conda("b 1"))),
        {"records": Shelf(*records_of(conda("a 1", constrains=("b <1",)), conda("b 1")))},
        ["constrains a: a 1 0 allows only b <1, and there is b 1 0"],
    ),
    "constrains-of-a-virtual-package": (
        lock_of(part(conda("a 1", constrains=("__glibc >=2.34",)))),
        {},
        ["constrains a: a 1 0 allows only __glibc >=2.34, and there is __glibc 2.28 0"],
    ),
    "known-name": (
        lock_of(part(conda("a 1", version="2"))),
        {},
        [f"known a: a 2 0 is said to be {CHANNEL}/linux-64/a-1-0.conda, which is another package"],
    ),
    "known-subdir": (
        lock_of(part(conda("a 1", subdir="osx-64"))),
        {},
        [f"known a: a 1 0 comes from the subdir osx-64: {CHANNEL}/osx-64/a-1-0.conda"],
    ),
    "known-channel": (
        lock_of(part(conda("a 1")), channels=(LockChannel(url="bioconda"),)),
        {},
        [f"known a: a 1 0 comes from {CHANNEL}, which is no channel of the lock"],
    ),
    "known-file": (
        lock_of(part(conda("a 1"))),
        {"records": UNKNOWN_TO_CHANNEL},
        [f"known a: a 1 0 is in no channel at hand: {CHANNEL}/linux-64/a-1-0.conda"],
    ),
    "unique": (
        lock_of(part(conda("a 1"), conda("a 2"))),
        {},
        ["unique a: a is locked twice: a 1 and a 2"],
    ),
    "hashes-none": (
        lock_of(part(conda("a 1", md5=None, sha256=None), pip("b 1", sha256=None))),
        {},
        [
            "hashes a: a 1 has no hash, so what is installed cannot be checked",
            "hashes b: b 1 has no sha256, so what is installed cannot be checked",
        ],
    ),
    "hashes-malformed": (
        lock_of(part(conda("a 1", md5="abc"), conda("b 1", sha256="X" * 64))),
        {},
        ["hashes a: md5 of a 1 is not a md5: abc", f"hashes b: sha256 of b 1 is not a sha256: {'X' * 64}"],
    ),
    "hashes-of-another-file": (
        lock_of(part(conda("a 1"), conda("b 1", sha256=digest(A_FILE)))),
        {},
        ["hashes b: two files have one hash: a-1-0.conda and b-1-0.conda"],
    ),
    "hashes-of-the-channel": (
        lock_of(part(conda("a 1"))),
        {"records": Shelf(*records_of(conda("a 1", sha256="b" * 64)))},
        [f"hashes a: sha256 of a 1 is {digest(A_FILE)}, and in the channel {'b' * 64}"],
    ),
    "ownership": (
        lock_of(part(conda("scikit-learn 1.5"), pip("scikit-learn 1.6"))),
        {},
        ["ownership scikit-learn: scikit-learn is locked from both: 1.5 with conda, 1.6 with pip"],
    ),
    "roots-none": (
        lock_of(part(roots=[root("a>=1")])),
        {},
        ["roots a: environment.yml:3 asks for a>=1, and the lock has none"],
    ),
    "roots-wrong": (
        lock_of(part(conda("a 1"), roots=[root("a>=2"), root("a", line=4)])),
        {},
        ["roots a: environment.yml:3 asks for a>=2, and the lock has a 1 0"],
    ),
    "roots-of-pip": (
        lock_of(
            part(
                conda("pip 25"),
                pip("a 1"),
                conda("b 1"),
                roots=[
                    root("a>=2", manager="pip"),
                    root("B>=1", manager="pip"),
                    root("c", manager="pip"),
                    replace(root("a", manager="pip"), spec="a @ https://example.org/a.whl"),
                    replace(root("a", manager="pip"), spec="https://example.org/a.whl"),
                ],
            )
        ),
        {},
        [
            "roots a: environment.yml:3 asks for a>=2, and the lock has 1",
            "roots c: environment.yml:3 asks for c, and the lock has none",
        ],
    ),
    "roots-of-pip-with-hashes": (
        lock_of(
            part(
                conda("pip 25"),
                pip("a 1", sha256=DIGEST),
                conda("b 1"),
                roots=[
                    replace(root(line, manager="pip"), spec=f"{line} --hash=sha256:{wanted}")
                    for line, wanted in (
                        ("a>=1", DIGEST.upper()),
                        ("a", OTHER),
                        ("a>=2", DIGEST),
                        ("b", OTHER),
                    )
                ],
            )
        ),
        {},
        [
            f"roots a: environment.yml:3 asks for {HASHED}, and the lock has a file of another sha256, {DIGEST}",
            f"roots a: environment.yml:3 asks for a>=2 --hash=sha256:{DIGEST}, and the lock has 1",
        ],
    ),
    "roots-by-pattern": (
        lock_of(
            part(
                conda("a 1"),
                conda("a-b 1"),
                conda("z 1"),
                roots=[Root(name="a*", spec="a*", source="e.yml:1")],
            )
        ),
        {},
        ["reachable z: z 1 is needed by nothing that was asked for"],
    ),
    "roots-unreadable": (
        lock_of(part(conda("a 1"), roots=[Root(name="a", spec="a ><1", source="e.yml:1")])),
        {},
        ["roots a: e.yml:1 asks for a ><1, and that is not a MatchSpec"],
    ),
    "known-channel-unreadable": (
        lock_of(part(conda("a 1")), channels=(LockChannel(url="a b"),)),
        {},
        [f"known a: a 1 0 comes from {CHANNEL}, which is no channel of the lock"],
    ),
    "depends-of-pip-in-words-of-its-own": (
        lock_of(part(pip("a 1", ("b", "^1")), pip("b x"))),
        {},
        [],
    ),
    "reachable": (
        lock_of(
            part(conda("a 1", "b"), conda("b 1", "a"), conda("c 1", "d"), conda("d 1"), roots=[root("a")])
        ),
        {},
        [
            "reachable c: c 1 is needed by nothing that was asked for",
            "reachable d: d 1 is needed by nothing that was asked for",
        ],
    ),
    "reachable-through-pip": (
        lock_of(
            part(
                conda("pip 25"),
                conda("numpy 2"),
                pip("a 1", ("Numpy", "")),
                pip("z 1"),
                roots=[root("a", manager="pip")],
            )
        ),
        {},
        ["reachable z: z 1 is needed by nothing that was asked for"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_rule(name: str) -> None:
    lock, evidence, expected = CASES[name]
    assert faults(lock, **evidence) == expected


def test_pip_may_come_with_python_unasked() -> None:
    lock = lock_of(part(conda("python 3.12"), conda("pip 25", "python"), roots=[root("python")]))
    assert faults(lock) == []


def test_a_pip_root_may_be_met_by_conda() -> None:
    lock = lock_of(part(conda("scikit_learn 1.5"), roots=[root("scikit-learn>=1", manager="pip")]))
    assert faults(lock) == []


def test_the_same_record_on_two_platforms_is_not_two_files() -> None:
    shared = conda("a 1", subdir="noarch")
    assert faults(lock_of(part(shared), part(shared, platform=MAC))) == []


def test_a_repository_has_its_commit_in_place_of_a_hash() -> None:
    package = pip("a 1", url="git+https://git.example.org/a", sha256="a" * 40)
    assert isinstance(package.record, PyPIRecord)
    assert faults(lock_of(part(package))) == []


def test_a_default_accuses_nobody() -> None:
    """Where neither the lock nor the user speaks of the machine, what it cannot do is not known."""
    lock = lock_of(replace(part(conda("a 1", "__glibc >=2.34", "__cuda >=12")), virtual_packages=None))
    report = verify(lock)
    assert report.ok
    cuda, glibc = report.undecided[-2:]
    who = "depends: nobody says which"
    assert cuda == f"{who} __cuda linux-64 has, and there is none by default for a (__cuda >=12)"
    assert glibc == f"{who} __glibc linux-64 has, and the default, 2.28, is not enough for a (__glibc >=2.34)"


@pytest.mark.parametrize(
    ("lock", "evidence", "word"),
    [
        (lock_of(part()), {}, "known, hashes: no records"),
        (lock_of(part(), unknown=frozenset({"constrains"})), {}, "constrains: this format"),
        (lock_of(part()), {}, "roots, reachable: the lock does not say"),
        (lock_of(part()), {"files": (environment(),)}, "current: the lock does not say"),
        (
            lock_of(part(conda("a 1", subdir="noarch"))),
            {"records": Shelf(subdirs=["linux-64"])},
            f"known, hashes, constrains: no records of {CHANNEL}/noarch",
        ),
    ],
    ids=["records", "constrains", "roots", "current", "subdir"],
)
def test_what_is_not_decided_is_said(lock: Lock, evidence: dict[str, Any], word: str) -> None:
    assert any(text.startswith(word) for text in verify(lock, Evidence(**evidence)).undecided)


LOCKED = lock_of(part(conda("a 1.2"), conda("b 3"), roots=[root("a=1"), root("b", line=4)]))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ((environment("a=1", "b"),), []),
        ((environment("a=1"), environment("b")), []),
        ((environment("b<4", "a>=1.2"),), []),
        (
            (environment("a=1"),),
            [
                "current b: the files no longer ask for b (environment.yml:4), and b is locked for it alone",
                "reachable b: b 3 is needed by nothing that was asked for",
            ],
        ),
        (
            (environment("a=1", "b", "c"),),
            [
                "current c: environment.yml:5 asks for c, and the lock has none",
                "roots c: environment.yml:5 asks for c, and the lock has none",
            ],
        ),
        (
            (environment("a=2", "b"),),
            [
                "current a: environment.yml:3 asks for a=2, and the lock has a 1.2",
                "roots a: environment.yml:3 asks for a=2, and the lock has a 1.2 0",
            ],
        ),
        (
            (environment("a=1", "b", channels=["bioconda"]),),
            [f"current : the files name the channels {CHANNEL[:-11]}bioconda, and the lock {CHANNEL}"],
        ),
        (
            (
                replace(
                    environment("a=1", "b"), platforms=(PlatformItem(platform=Platform.WIN_64, span=span(2)),)
                ),
            ),
            [
                "current : the lock has a part for linux-64, which the files do not name",
                "current : the files name win-64, and the lock has no such part",
            ],
        ),
        (
            (environment("a=1", "b", pips=["c>=1"]),),
            [
                "current c: environment.yml:9 asks for c>=1, and the lock has none",
                "roots c: environment.yml:9 asks for c>=1, and the lock has none",
            ],
        ),
    ],
    ids=["same", "two-files", "still-met", "dropped", "added", "changed", "channel", "platform", "pip"],
)
def test_current(files: tuple[Environment, ...], expected: list[str]) -> None:
    assert faults(LOCKED, files=files) == expected


def test_a_pip_section_that_was_left_out_is_not_asked_for() -> None:
    lock = replace(LOCKED, metadata=((CONDA_ONLY, "left out"),))
    assert faults(lock, files=(environment("a=1", "b", pips=["c>=1"]),)) == []


def test_channels_given_in_place_of_the_files_are_those_that_count() -> None:
    files = (environment("a=1", "b", channels=["bioconda"]),)
    assert faults(LOCKED, files=files, channels=("conda-forge",)) == []


def test_a_channel_with_variables_is_the_channel_of_its_packages() -> None:
    channel = LockChannel(url="https://${USER}:${TOKEN}@conda.example.org/t/${KEY}/team")
    url = "https://conda.example.org/team"
    package = conda("a 1", channel=url, url=f"{url}/linux-64/a-1-0.conda")
    assert faults(lock_of(part(package), channels=(channel,))) == []


def test_no_credential_is_told() -> None:
    url = "https://me:hunter2@conda.example.org/team"
    package = conda("a 1", channel=url, url=f"{url}/linux-64/a-2-0.conda")
    told = faults(lock_of(part(package)))
    assert told
    assert not any("hunter2" in text for text in told)


def test_faults_are_sorted_and_have_a_table() -> None:
    report = verify(lock_of(part(conda("b 1", "c"), conda("a 1", "c"), platform=MAC, virtual=[])))
    assert list(report.faults) == sorted(report.faults)
    assert isinstance(report.faults[0], Fault)
    assert not report.ok
    assert "<table>" in report._repr_html_()
