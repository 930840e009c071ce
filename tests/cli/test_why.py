"""`condaenv why`: trees, chains, and what cannot be answered."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import condaenv_tools as ct
from condaenv_tools.model.lock import Lock, LockedPackage
from tests.cli.world import Folder, keys
from tests.lock.toy_locks import LINUX, MAC, conda, lock_of, part, pip, root

ROOTS = (root("app>=1"), root("tool", line=4))


def packages(subdir: str = "linux-64") -> tuple[LockedPackage, ...]:
    return (
        conda("app 1", "web >=2", "log", subdir=subdir),
        conda("web 2", "net >=3,<4", subdir=subdir),
        conda("log 1", "net", subdir=subdir),
        conda("tool 1", "app", subdir=subdir),
        conda("net 3", "__unix", subdir=subdir),
    )


def write(folder: Folder, lock: Lock) -> Folder:
    folder.write(ct.lock_text(lock), "conda-lock.yml")
    return folder


@pytest.fixture
def locked(here: Folder) -> Folder:
    mac = (*packages("osx-arm64"), conda("more 1", subdir="osx-arm64"))
    return write(
        here, lock_of(part(*packages(), roots=ROOTS), part(*mac, platform=MAC, roots=(*ROOTS, root("more"))))
    )


TREE = """\
linux-64, osx-arm64
net 3
├── log 1 (needs net)
│   └── app 1 (needs log) [asked for in environment.yml:3: app>=1]
│       └── tool 1 (needs app) [asked for in environment.yml:4: tool]
└── web 2 (needs net >=3,<4)
    └── app 1 (needs web >=2) [asked for in environment.yml:3: app>=1] (*)
constrained by
  net >=3,<4  web
"""


def test_the_tree_as_people_know_it(locked: Folder) -> None:
    ran = locked.run("why", "conda-lock.yml", "net")
    assert (ran.code, ran.out, ran.err) == (0, TREE, "")


@pytest.mark.parametrize("name", ["NET", "conda:net", " net "])
def test_a_name_may_be_written_in_several_ways(locked: Folder, name: str) -> None:
    assert locked.run("why", "conda-lock.yml", name).out == TREE


def test_depth_cuts_the_tree(locked: Folder) -> None:
    ran = locked.run("why", "conda-lock.yml", "net", "--depth", "1", "-p", "linux-64")
    assert ran.out.splitlines()[:4] == [
        "linux-64",
        "net 3",
        "├── log 1 (needs net)",
        "└── web 2 (needs net >=3,<4)",
    ]
    assert "app" not in ran.out
    assert "├" not in locked.run("why", "conda-lock.yml", "net", "--depth", "0").out


def test_json_has_the_shape_of_the_contract(locked: Folder) -> None:
    ran = locked.run("why", "conda-lock.yml", "net", "-p", "linux-64", "--json")
    assert ran.document == {
        "platforms": {
            "linux-64": {
                "paths": [
                    ["conda:app", "conda:log", "conda:net"],
                    ["conda:app", "conda:web", "conda:net"],
                    ["conda:tool", "conda:app", "conda:log", "conda:net"],
                    ["conda:tool", "conda:app", "conda:web", "conda:net"],
                ],
                "constrained_by": [{"package": "conda:web", "kind": "depends", "spec": "net >=3,<4"}],
            }
        }
    }


def test_a_root_is_constrained_by_its_line(locked: Folder) -> None:
    ran = locked.run("why", "conda-lock.yml", "app", "-p", "linux-64", "--json")
    answer = ran.document["platforms"]["linux-64"]
    assert answer["paths"] == [["conda:app"], ["conda:tool", "conda:app"]]
    assert answer["constrained_by"] == [{"package": "environment.yml:3", "kind": "root", "spec": "app>=1"}]


def test_a_package_of_one_platform(locked: Folder) -> None:
    ran = locked.run("why", "conda-lock.yml", "more")
    assert (
        ran.out == "linux-64\nit is not there\n\nosx-arm64\nmore 1 [asked for in environment.yml:3: more]\n"
    )
    answers = locked.run("why", "conda-lock.yml", "more", "--json").document["platforms"]
    assert answers["linux-64"] == {"paths": [], "constrained_by": []}
    assert answers["osx-arm64"]["paths"] == [["conda:more"]]


def test_all_shows_longer_chains_too(here: Folder) -> None:
    chain = (conda("a 1", "b", "c"), conda("b 1", "c"), conda("c 1", "a"))
    write(here, lock_of(part(*chain, roots=[root("a")])))
    short = here.run("why", "conda-lock.yml", "c").out
    assert short == "linux-64\nc 1\n└── a 1 (needs c) [asked for in environment.yml:3: a]\n"
    every = here.run("why", "conda-lock.yml", "c", "--all").out
    assert every == (
        "linux-64\nc 1\n"
        "├── a 1 (needs c) [asked for in environment.yml:3: a]\n"
        "│   └── c 1 (needs a) (*)\n"
        "└── b 1 (needs c)\n"
        "    └── a 1 (needs b) [asked for in environment.yml:3: a] (*)\n"
    )


def test_a_virtual_package_and_a_distribution(here: Folder) -> None:
    found = (
        conda("net 3", "__unix", "__glibc >=2.17"),
        conda("python 3", "net"),
        conda("lib 1", "python"),
        pip("lib 2"),
        pip("dist 1", ("lib", ">=2")),
    )
    write(here, lock_of(part(*found, roots=[root("lib"), root("dist", line=7, manager="pip")])))
    assert here.run("why", "conda-lock.yml", "__unix").out.startswith(
        "linux-64\n__unix 0\n└── net 3 (needs __unix)"
    )
    assert "└── net 3 (needs __glibc >=2.17)" in here.run("why", "conda-lock.yml", "virtual:__glibc").out
    assert here.run("why", "conda-lock.yml", "lib").out == (
        "linux-64\n"
        "lib 1 [asked for in environment.yml:3: lib]\n"
        "\n"
        "lib 2 (pypi)\n"
        "└── dist 1 (pypi) (needs lib >=2) [asked for in environment.yml:7: dist]\n"
        "constrained by\n"
        "  lib >=2  dist\n"
    )
    assert "lib 1" not in here.run("why", "conda-lock.yml", "pypi:Lib").out


def test_without_roots_the_tree_ends_where_nothing_needs_it(here: Folder) -> None:
    write(here, lock_of(part(*packages(), roots=None)))
    ran = here.run("why", "conda-lock.yml", "web")
    assert ran.out.splitlines()[-3:-1] == ["    └── tool 1 (needs app) [needed by nothing]", "constrained by"]


def test_what_nothing_needs_is_told(here: Folder) -> None:
    write(here, lock_of(part(*packages(), conda("left 1"), roots=ROOTS)))
    ran = here.run("why", "conda-lock.yml", "left")
    assert ran.out == "linux-64\nleft 1\n    nothing that was asked for needs it\n"
    assert (
        here.run("why", "conda-lock.yml", "left", "--json").document["platforms"]["linux-64"]["paths"] == []
    )


def test_many_holders_are_counted(here: Folder) -> None:
    users = [conda(f"u{i} 1", "net >=3") for i in range(6)]
    net = conda("net 3")
    other = conda("x 1", constrains=("net <4",))
    write(here, lock_of(part(*users, net, other, roots=[])))
    assert "  net >=3  u0, u1, u2 and 3 more\n" in here.run("why", "conda-lock.yml", "net").out
    assert "  net >=3  u0, u1, u2, u3, u4, u5\n" in here.run("why", "conda-lock.yml", "net", "-v").out


def test_records_of_a_snapshot_tell_the_constraints(here: Folder) -> None:
    from tests.builders import record

    here.channel([record("a", "1.0", "b"), record("b", "1.0"), record("c", "1.0", constrains=("b <3",))])
    here.write("channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies: [a, c]\n")
    assert here.lock("-q").code == 0
    with_records = here.run("why", "conda-lock.yml", "b", "--snapshot", "snap")
    assert with_records.out.endswith("constrained by\n  b <3  c (constrains)\n")
    # A channel that is not recorded adds nothing, and is no fault.
    (here.path / "empty").mkdir()
    assert here.run("why", "conda-lock.yml", "b", "--snapshot", "empty").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("conda-lock.yml", "nett"), "did you mean net?"),
        (("conda-lock.yml", "pypi:net"), "did you mean net?"),
        (("conda-lock.yml", "ap"), "app"),
        (("conda-lock.yml", ""), "is not in the lock"),
        (("conda-lock.yml", "more", "-p", "linux-64"), "more is not in the lock (linux-64)"),
        (("conda-lock.yml", "net", "-p", "win-64"), "it has linux-64, osx-arm64"),
        (("conda-lock.yml", "net", "-p", "linux-46"), "linux-64"),
        (("conda-lock.yml",), "NAME"),
        (("missing.yml", "net"), "condaenv lock environment.yml"),
        (("snap", "net"), "snap"),
        (("conda-lock.yml", "net", "--snapshot", "missing"), "missing"),
    ],
    ids=str,
)
def test_wrong_input_exits_with_2(locked: Folder, words: tuple[str, ...], said: str) -> None:
    ran = locked.run("why", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in re.sub(r"\s+", " ", ran.err)


def test_an_environment_file_is_no_lock(locked: Folder) -> None:
    locked.write()
    ran = locked.run("why", "environment.yml", "net", "--json")
    assert ran.code == 2
    assert ran.document["error"]["kind"] == "LockFormatError"


def test_a_lock_without_depends_says_what_cannot_be_answered(here: Folder) -> None:
    bare = [replace(p, record=replace(p.record, depends=())) for p in packages()]
    write(here, lock_of(part(*bare, roots=ROOTS)))
    ran = here.run("why", "conda-lock.yml", "net")
    assert ran.code == 0
    assert "no package of linux-64 says what it needs" in ran.err
    assert "nothing that was asked for needs it" in ran.out
    assert here.run("why", "conda-lock.yml", "net", "-q").err == ""


def test_an_empty_platform_is_told(here: Folder) -> None:
    write(here, lock_of(part(roots=[]), part(*packages("osx-arm64"), platform=MAC, roots=ROOTS)))
    ran = here.run("why", "conda-lock.yml", "net")
    assert ran.code == 0
    assert "linux-64 has no packages in this lock" in ran.err
    assert here.run("why", "conda-lock.yml", "net", "-p", LINUX.value).code == 2


def test_a_requirement_that_is_missing_is_told(here: Folder) -> None:
    write(here, lock_of(part(conda("a 1", "gone >=1"), roots=[root("a")])))
    assert "conda:a needs gone >=1, which is not in the lock" in here.run("why", "conda-lock.yml", "a").err


def test_the_keys_of_an_answer(locked: Folder) -> None:
    document = locked.run("why", "conda-lock.yml", "net", "--json").document
    assert keys(document) == ["platforms"]
    assert all(keys(answer) == ["constrained_by", "paths"] for answer in document["platforms"].values())


def test_a_virtual_package_that_is_not_assumed_has_no_version(here: Folder) -> None:
    write(here, lock_of(part(conda("a 1", "__cuda >=12"), virtual=(), roots=[root("a")])))
    told = here.run("why", "conda-lock.yml", "__cuda").out
    assert told.startswith("linux-64\n__cuda\n└── a 1 (needs __cuda >=12) [asked for")


def test_a_lock_without_platforms_exits_with_2(here: Folder) -> None:
    write(here, lock_of())
    assert "a is not in the lock" in here.run("why", "conda-lock.yml", "a").err
    ran = here.run("graph", "conda-lock.yml")
    assert (ran.code, ran.out) == (2, "")
    assert "conda-lock.yml has no platform" in ran.err
