"""What conda's distributions ask for beyond conda: what extras bring, and what a build leaves out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.pypi.answer import ConflictKind, NoteKind, PyPINote
from condaenv_tools.resolve.pypi.engine import resolve_all
from condaenv_tools.resolve.pypi.request import PyPIOutcome
from tests.loopback import Reply
from tests.pypi_index import ARM_LINUX, LINUX, MAC, WINDOWS, File, sdist, serve_index, wheel
from tests.resolve.pypi.conftest import Asker, Maker, given, versions

REQUIRES = (
    "core",
    "shell; sys_platform == 'win32'",
    "turbo>=0.2; extra == 'fast'",
    "winner; extra == 'fast' and sys_platform == 'win32'",
    "grid[fast]; extra == 'all'",
    "plots[svg]; extra == 'all'",
)
EXTRAS = ("fast", "all", "empty")
GRID = wheel("grid", "2.0", *REQUIRES, extras=EXTRAS)
FILES = [
    wheel("grid", "1.0", "ancient; extra == 'fast'", extras=["fast"]),
    GRID,
    wheel("grid", "3.0", "modern; extra == 'fast'", extras=["fast"]),
    wheel("app", "1.0", "grid[all]>=1"),
    wheel("plain-app", "1.0", "grid"),
    *(wheel(name) for name in ("core", "shell", "turbo", "winner", "vector", "ancient", "modern")),
    wheel("plots", "1.0", "vector; extra == 'svg'", "grid", extras=["svg"]),
]
GIVEN = (given("grid", "2.0"), given("core"))


def of_kind(outcome: PyPIOutcome, kind: NoteKind) -> list[PyPINote]:
    return [note for note in outcome.notes if note.kind is kind]


def reasons(outcome: PyPIOutcome) -> list[str]:
    return [note.message for note in of_kind(outcome, NoteKind.UNKNOWN_EXTRAS)]


class TestExtras:
    def test_one_that_a_line_asks_for_brings_what_it_needs_there(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "grid[fast]", provided=GIVEN)
            windows = ask(index, "grid[fast]", provided=GIVEN, platform=Platform.WIN_64)
        assert versions(outcome) == {"turbo": "1.0"}
        assert versions(windows) == {"turbo": "1.0", "winner": "1.0"}
        assert outcome.packages is not None
        (via,) = outcome.packages[0].via
        assert (via.parent, via.extra, via.requirement) == ("grid", "fast", REQUIRES[2])
        assert outcome.notes == ()

    def test_one_that_a_locked_distribution_asks_for_counts_and_extras_of_extras_too(
        self, ask: Asker
    ) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "app", provided=GIVEN)
        assert versions(outcome) == {"app": "1.0", "plots": "1.0", "turbo": "1.0", "vector": "1.0"}
        assert outcome.notes == ()

    def test_an_extra_of_conda_s_that_leads_to_another_one_of_conda_s(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "grid[all]", provided=[*GIVEN, given("plots")])
        assert versions(outcome) == {"turbo": "1.0", "vector": "1.0"}

    def test_what_conda_provides_of_it_is_met(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "grid[fast]", provided=[*GIVEN, given("turbo", "0.5")])
        assert (versions(outcome), outcome.notes) == ({}, ())

    def test_what_it_demands_of_conda_is_a_conflict_that_names_both(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "grid[fast]==2.0", provided=[*GIVEN, given("turbo", "0.1")])
        assert outcome.conflict is not None
        assert outcome.conflict.kind is ConflictKind.EXCLUDE
        assert ("turbo", ">=0.2") in outcome.conflict.excluded

    def test_one_that_does_not_exist_is_told(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "grid[quick]", provided=GIVEN)
        (note,) = outcome.notes
        assert (note.kind, note.name) == (NoteKind.ABSENT_EXTRA, "grid")
        assert note.message == "grid has no extra quick, so grid[quick] brings nothing more than grid"
        assert note.hint == "its extras are all, empty, fast"

    def test_one_that_needs_nothing_is_no_fault(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "grid[empty]", provided=GIVEN)
        assert (versions(outcome), outcome.notes) == ({}, ())

    def test_a_source_archive_is_read_where_there_is_no_wheel(self, ask: Asker) -> None:
        files = [sdist("grid", "2.0", *REQUIRES), *(one for one in FILES if one.name != "grid")]
        with serve_index(files) as index:
            outcome = ask(index, "grid[fast]", provided=GIVEN)
        assert versions(outcome) == {"turbo": "1.0"}

    @pytest.mark.parametrize("core_metadata", [True, False], ids=["beside", "within"])
    def test_the_wheel_that_runs_on_the_machine_is_read(self, ask: Asker, *, core_metadata: bool) -> None:
        files = [
            wheel("grid", "2.0", f"{name}; extra == 'fast'", tag=tag, extras=["fast"])
            for name, tag in (("vector", MAC), ("turbo", LINUX), ("winner", WINDOWS))
        ]
        with serve_index([*files, *FILES[3:]], core_metadata=core_metadata) as index:
            outcome = ask(index, "grid[fast]", provided=[given("grid", "2.0")])
            other = ask(index, "grid[fast]", provided=[given("grid", "2.0")], platform=Platform.LINUX_AARCH64)
        assert versions(outcome) == {"turbo": "1.0"}
        # conda has builds where the index has no wheel; the first by name tells what it needs.
        assert versions(other) == {"vector": "1.0"}

    def test_a_requirement_that_cannot_be_read_is_told(self, ask: Asker) -> None:
        file = wheel("grid", "2.0", "turbo>=x; extra == 'fast'", extras=["fast", "all"])
        with serve_index([file, *FILES[3:]]) as index:
            outcome = ask(index, "grid[fast,all]", provided=[given("grid", "2.0")])
        assert versions(outcome) == {}
        (said,) = reasons(outcome)
        assert said == (
            "grid[fast] is asked for, and conda's package grid brings grid: its requirement "
            "\"turbo>=x; extra == 'fast'\" cannot be read, and nothing was added for it"
        )


class TestWhatIsNotKnown:
    @pytest.mark.parametrize(
        ("version", "said"),
        [("2.5", "no index has grid 2.5"), ("2.0w", "2.0w is no version that pip reads")],
        ids=["absent", "unreadable"],
    )
    def test_no_other_version_is_read(self, ask: Asker, version: str, said: str) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "grid[fast]", provided=[given("grid", version)])
        assert versions(outcome) == {}
        assert [said in text for text in reasons(outcome)] == [True]
        assert not any("grid-" in path for path in index.requests)

    def test_an_archive_that_says_another_version_is_not_believed(self, ask: Asker) -> None:
        wrong = File(**{**_fields(GRID), "metadata": GRID.metadata.replace(b"Version: 2.0", b"Version: 9")})
        with serve_index([wrong, *FILES[3:]]) as index:
            outcome = ask(index, "grid[fast]", provided=GIVEN)
        assert versions(outcome) == {}
        assert ["what the index has of grid 2.0 does not say it" in text for text in reasons(outcome)] == [
            True
        ]

    @pytest.mark.parametrize("fault", ["/simple/grid/", f"/files/{GRID.file_name}"], ids=["page", "archive"])
    def test_a_fault_of_the_index_is_told_and_stops_nothing(self, ask: Asker, fault: str) -> None:
        with serve_index(FILES, fault=_busy(fault)) as index:
            outcome = ask(index, "grid[fast]", "app", provided=GIVEN)
        assert versions(outcome) == {"app": "1.0"}
        assert len(reasons(outcome)) == 2
        assert all("503" in text for text in reasons(outcome))
        assert of_kind(outcome, NoteKind.LEFT_OUT) == []


def _fields(one: File) -> dict[str, Any]:
    return {name: getattr(one, name) for name in File.__dataclass_fields__}


def _busy(begin: str) -> Callable[[str, int], Reply | None]:
    return lambda path, before: Reply(status=503, body=b"busy") if path.startswith(begin) else None


class TestLeftOut:
    def test_what_nothing_brings_is_told_and_not_added(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "plain-app", provided=[given("grid", "2.0")])
            windows = ask(index, "plain-app", provided=[given("grid", "2.0")], platform=Platform.WIN_64)
        assert versions(outcome) == versions(windows) == {"plain-app": "1.0"}
        (note,) = outcome.notes
        assert (note.kind, note.name) == (NoteKind.LEFT_OUT, "grid")
        assert note.message == "conda's grid 2.0 is built without core, which grid asks for on PyPI"
        (note,) = windows.notes
        assert note.message == "conda's grid 2.0 is built without core, shell, which grid asks for on PyPI"

    def test_a_line_alone_is_enough(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "grid", provided=[given("grid", "2.0")])
        assert [note.kind for note in outcome.notes] == [NoteKind.LEFT_OUT]

    @pytest.mark.parametrize("lines", [("plain-app", "core"), ("plain-app",)], ids=["locked", "from-conda"])
    def test_what_is_there_is_not_left_out(self, ask: Asker, lines: tuple[str, ...]) -> None:
        provided = [given("grid", "2.0"), *([given("core", "9")] if len(lines) == 1 else [])]
        with serve_index(FILES) as index:
            assert ask(index, *lines, provided=provided).notes == ()

    def test_a_package_of_which_nobody_knows_what_it_brings_may_bring_it(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "plain-app", provided=[given("grid", "2.0")], unclear=(pypi_name("core"),))
        assert outcome.notes == ()

    def test_nothing_is_asked_of_an_index_for_what_the_section_does_not_need(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            ask(index, "core", "vector", provided=[given("grid", "2.0"), given("turbo")])
        assert not any("grid" in path or "turbo" in path for path in index.requests)

    def test_a_large_source_archive_is_not_fetched_for_a_remark(self, ask: Asker) -> None:
        large = sdist("grid", "2.0", *REQUIRES)
        large = File(**{**_fields(large), "content": large.content + bytes(2_000_001)})
        with serve_index([large, *FILES[3:]]) as index:
            assert ask(index, "plain-app", provided=[given("grid", "2.0")]).notes == ()
            assert not any(large.file_name in path for path in index.requests)
            assert versions(ask(index, "grid[fast]", provided=GIVEN)) == {"turbo": "1.0"}

    def test_many_are_told_in_one_line(self, ask: Asker) -> None:
        file = wheel("grid", "2.0", *(f"part{i}" for i in range(9)))
        with serve_index([file, *FILES[3:]]) as index:
            (note,) = ask(index, "grid", provided=[given("grid", "2.0")]).notes
        assert "part0, part1, part2, part3, part4, … (9 in all)" in note.message

    def test_offline_without_a_cache_there_is_no_remark(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "grid", provided=[given("grid", "2.0")], options={"offline": True})
        assert (versions(outcome), outcome.notes) == ({}, ())


class TestCost:
    def test_a_release_is_read_once_for_all_platforms_and_all_times(self, make: Maker) -> None:
        platforms = (Platform.LINUX_64, Platform.OSX_ARM64, Platform.WIN_64)
        with serve_index(FILES) as index:
            asked = [make(index, "app", provided=GIVEN, platform=platform) for platform in platforms]
            first = resolve_all(asked)
            paths = [path for path in index.requests if "grid" in path]
            assert paths == ["/simple/grid/", f"/files/{GRID.file_name}.metadata"]
            assert [(one.packages, one.notes) for one in resolve_all(asked)] == [
                (one.packages, one.notes) for one in first
            ]
            assert [path for path in index.requests if "grid" in path] == paths

    def test_without_a_network_the_answer_is_the_same(self, ask: Asker) -> None:
        lines = ("app", "grid")
        with serve_index(FILES) as index:
            once = ask(index, *lines, provided=[given("grid", "2.0")])
            again = ask(index, *lines, provided=[given("grid", "2.0")], options={"offline": True})
        assert (again.packages, again.notes) == (once.packages, once.notes)
        assert [note.kind for note in once.notes] == [NoteKind.LEFT_OUT]

    def test_what_was_kept_holds_neither_address_nor_credential(self, make: Maker, tmp_path: Path) -> None:
        with serve_index(FILES, user="me:hunter2") as index:
            url = index.with_user("me:hunter2")
            (outcome,) = resolve_all([make(None, "grid[fast]", provided=GIVEN, options={"index_url": url})])
        assert versions(outcome) == {"turbo": "1.0"}
        (kept,) = (tmp_path / "cache" / "pypi" / "releases").rglob("*.json")
        assert json.loads(kept.read_text()) == {GRID.file_name: [GRID.sha256, len(GRID.content)]}

    @pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"grid-2.0-py3-none-any.whl": [5, "x"]}'])
    def test_a_broken_cache_costs_a_question(self, ask: Asker, tmp_path: Path, text: str) -> None:
        with serve_index(FILES) as index:
            once = ask(index, "grid[fast]", provided=GIVEN)
            for path in (tmp_path / "cache" / "pypi" / "releases").rglob("*.json"):
                path.write_text(text)
            assert ask(index, "grid[fast]", provided=GIVEN).packages == once.packages

    def test_links_in_a_folder_are_read_each_time(self, ask: Asker, tmp_path: Path) -> None:
        with serve_index(FILES) as index:
            folder = index.write(tmp_path / "links")
            options = {"no_index": True, "find_links": (str(folder),)}
            assert versions(ask(None, "grid[fast]", provided=GIVEN, options=options)) == {"turbo": "1.0"}
            (folder / GRID.file_name).unlink()
            assert versions(ask(None, "grid[fast]", provided=GIVEN, options=options)) == {}
        assert index.requests == []


def test_no_order_of_what_is_given_changes_the_answer(ask: Asker) -> None:
    files = [*FILES, wheel("mesh", "1.0", "core", "turbo; extra == 'fast'", extras=["fast"], tag=ARM_LINUX)]
    provided = [given("grid", "2.0"), given("mesh")]
    with serve_index(files) as index:
        once = ask(index, "app", "mesh[fast]", provided=provided)
        again = ask(index, "mesh[fast]", "app", provided=provided[::-1])
    assert (again.packages, again.notes) == (once.packages, once.notes)
    assert [note.name for note in once.notes] == ["grid", "mesh"]
