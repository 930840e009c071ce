"""`condaenv ask`: the questions as tables and as JSON, and what cannot be asked."""

from __future__ import annotations

import pytest

import condaenv_tools as ct
from condaenv_tools.cli import ask as command
from condaenv_tools.graph.questions import QUESTIONS
from condaenv_tools.model.table import Table
from tests.cli.world import Folder
from tests.lock.toy_locks import MAC, conda, lock_of, part, root

ROOTS = (root("app>=1"), root("web", line=4))


@pytest.fixture
def locked(here: Folder) -> Folder:
    def packages(subdir: str) -> list[ct.Lock]:
        return [
            conda("app 1", "web >=2", "log", subdir=subdir),
            conda("web 2", "net >=3,<4", subdir=subdir),
            conda("log 1", "net", subdir=subdir),
            conda("net 3", "__unix", subdir=subdir),
        ]

    mac = [*packages("osx-arm64"), conda("more 1", subdir="osx-arm64")]
    lock = lock_of(
        part(*packages("linux-64"), roots=ROOTS), part(*mac, platform=MAC, roots=(*ROOTS, root("more")))
    )
    here.write(ct.lock_text(lock), "conda-lock.yml")
    return here


def test_every_question_is_known_to_the_command() -> None:
    assert set(command._QUESTIONS) == {*QUESTIONS, "differs"}


def test_platforms_that_agree_are_told_together(locked: Folder) -> None:
    ran = locked.run("ask", "conda-lock.yml", "redundant-roots")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "linux-64, osx-arm64",
        "roots that others imply",
        "  root       implied by",
        "  conda:web  conda:app",
    ]


def test_one_platform_and_one_package(locked: Folder) -> None:
    ran = locked.run("ask", "conda-lock.yml", "native-stack", "app", "-p", "linux-64")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "linux-64",
        "the native libraries under conda:app",
        "  library         steps",
        "  conda:log           1",
        "  conda:web           1",
        "  conda:net           2",
        "  virtual:__unix      3",
    ]


def test_json_has_a_row_for_each_line(locked: Folder) -> None:
    ran = locked.run("ask", "conda-lock.yml", "needed-by", "log", "--json")
    rows = [{"package": "conda:app", "how": "directly"}]
    assert ran.document == {"platforms": {"linux-64": rows, "osx-arm64": rows}}


def test_what_differs_between_platforms(locked: Folder) -> None:
    ran = locked.run("ask", "conda-lock.yml", "differs", "--json")
    rows = ran.document["differs"]
    assert rows[0] == {"package": "conda:more", "linux-64": None, "osx-arm64": "1"}
    assert {row["package"] for row in rows[1:]} == {"virtual:__glibc", "virtual:__linux", "virtual:__osx"}


def test_a_long_cell_is_cut_and_whole_on_request() -> None:
    names = tuple(f"conda:package-{number}" for number in range(9))
    table = Table(columns=("which",), rows=((names,),), caption="many")
    cut, whole = (command._text(table, whole=whole).splitlines()[2].strip() for whole in (False, True))
    shown, _, more = cut.partition(", … and ")
    assert whole == ", ".join(names)
    assert whole.startswith(f"{shown}, ")
    assert more == f"{9 - shown.count('conda:')} more"


def test_licences_of_all_and_of_one(locked: Folder) -> None:
    assert "\nlicences\n" in locked.run("ask", "conda-lock.yml", "licences").out
    assert "\nlicences: conda:app\n" in locked.run("ask", "conda-lock.yml", "licences", "app").out


def test_who_holds_back_needs_the_channels(locked: Folder) -> None:
    ran = locked.run("ask", "conda-lock.yml", "holds-back", "net")
    assert ran.code == 2
    assert "--snapshot" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("needs",), "condaenv ask LOCK needs NAME"),
        (("cycles", "app"), "about the whole lock"),
        (("needs", "apq"), "did you mean app"),
        (("what",), "is not one of"),
        (("differs", "-p", "linux-64"), "there is linux-64 alone"),
    ],
)
def test_a_question_that_cannot_be_asked(locked: Folder, arguments: tuple[str, ...], said: str) -> None:
    ran = locked.run("ask", "conda-lock.yml", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_a_folder_that_is_no_environment(locked: Folder) -> None:
    ran = locked.run("ask", ".", "cycles")
    assert ran.code == 2
    assert "no conda environment" in ran.err
