"""What conda provides is given: never emitted, never replaced, and never asked for more than it is."""

from __future__ import annotations

import pytest

from condaenv_tools.model.names import conda_name, pypi_name
from condaenv_tools.resolve.pypi.answer import ConflictKind, NoteKind
from condaenv_tools.resolve.pypi.engine import resolve_all
from condaenv_tools.resolve.pypi.given import Provided
from tests.pypi_index import LINUX, serve_index, wheel
from tests.resolve.pypi.conftest import Asker, Maker, given, versions

FILES = [
    wheel("frame", "2.0", "array>=2", "dates"),
    wheel("frame", "1.0", "array>=1,<2", "dates"),
    wheel("array", "1.9", "compiled", tag=LINUX),
    wheel("array", "2.1", "compiled", tag=LINUX),
    wheel("array", "2.2", "compiled", tag=LINUX),
    wheel("dates", "1.0"),
    wheel("compiled", "1.0"),
    wheel("turbo", "0.3", "array"),
]


@pytest.mark.parametrize("version", ["2.1", "2.3.4"], ids=["also-on-the-index", "not-on-the-index"])
def test_what_conda_provides_is_never_emitted_nor_its_requirements(ask: Asker, version: str) -> None:
    with serve_index(FILES) as index:
        outcome = ask(index, "frame", provided=[given("array", version), given("unrelated", "9")])
    assert versions(outcome) == {"frame": "2.0", "dates": "1.0"}
    # It is not looked for; what its release says of itself is read, if the index has it.
    asked = {path for path in index.requests if "array" in path}
    assert asked <= {"/simple/array/", f"/files/{FILES[3].file_name}.metadata"}


def test_another_version_is_chosen_where_conda_excludes_the_newest(ask: Asker) -> None:
    with serve_index(FILES) as index:
        outcome = ask(index, "frame", provided=[given("array", "1.9")])
    assert versions(outcome) == {"frame": "1.0", "dates": "1.0"}


def test_a_line_that_conda_meets_brings_nothing(ask: Asker) -> None:
    with serve_index(FILES) as index:
        assert versions(ask(index, "array>=2", provided=[given("array", "2.1")])) == {}


@pytest.mark.parametrize(
    ("version", "line"),
    [
        ("2.1.0.post1", "array>=2.1.post1"),
        ("2.1rc1", "array>=2.1rc1"),
        ("2.1_rc2", "array==2.1rc2"),
        ("02.1", "array==2.1"),
    ],
)
def test_odd_spellings_of_versions_are_read(ask: Asker, version: str, line: str) -> None:
    with serve_index(FILES) as index:
        assert versions(ask(index, line, provided=[given("array", version)])) == {}


def test_a_version_that_pip_cannot_read_is_taken_as_met_and_told(ask: Asker) -> None:
    with serve_index(FILES) as index:
        outcome = ask(index, "frame", "array>=99", provided=[given("array", "2.1.1w")])
    assert versions(outcome) == {"frame": "2.0", "dates": "1.0"}
    (note,) = outcome.notes
    assert (note.kind, note.name) == (NoteKind.UNREADABLE_VERSION, "array")
    assert "2.1.1w" in note.message


class TestExtras:
    REQUIRES = (
        "compiled",
        "turbo>=0.2; extra == 'fast'",
        "dates; extra == 'fast' and sys_platform == 'win32'",
        "dates; extra == 'all'",
    )

    def test_an_extra_brings_what_it_needs_and_no_more(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(
                index, "array[fast]", provided=[given("array", "2.1", self.REQUIRES), given("compiled")]
            )
        assert versions(outcome) == {"turbo": "0.3"}
        assert outcome.packages is not None
        assert [(via.parent, via.extra) for via in outcome.packages[0].via] == [("array", "fast")]
        assert outcome.notes == ()

    def test_an_extra_asked_for_on_the_way_counts_too(self, ask: Asker) -> None:
        files = [*FILES, wheel("app", "1.0", "array[all]")]
        with serve_index(files) as index:
            outcome = ask(index, "app", provided=[given("array", "2.1", self.REQUIRES)])
        assert versions(outcome) == {"app": "1.0", "dates": "1.0"}

    def test_an_extra_of_which_nothing_is_known_is_told(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "array[fast]", provided=[given("array", "2.3.4")])
        assert versions(outcome) == {}
        (note,) = outcome.notes
        assert (note.kind, note.name) == (NoteKind.UNKNOWN_EXTRAS, "array")
        assert "array[fast]" in note.message


class TestConflicts:
    def test_the_minimal_part_and_the_demand_are_named(self, ask: Asker) -> None:
        many = [given(f"other{i}") for i in range(40)]
        with serve_index(FILES) as index:
            outcome = ask(index, "turbo", "dates", "frame==2.0", provided=[*many, given("array", "1.9")])
        assert outcome.packages is None
        conflict = outcome.conflict
        assert conflict is not None
        assert conflict.kind is ConflictKind.EXCLUDE
        assert [line.text for line in conflict.requirements] == ["frame==2.0"]
        assert [one.name for one in conflict.provided] == ["array"]
        assert conflict.excluded == (("array", ">=2"),)
        assert conflict.minimal
        assert conflict.text == (
            "frame==2.0 and array 1.9 from conda exclude each other on linux-64: frame 2.0 needs array>=2"
        )
        assert conflict.hints == ("ask for array >=2 in the conda part",)

    def test_a_demand_holds_all_that_is_asked_of_it(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "frame==2.0", "array!=2.2", provided=[given("array", "1.0")])
        assert outcome.conflict is not None
        assert outcome.conflict.excluded == (("array", "!=2.2,>=2"),)

    def test_a_demand_is_said_as_shortly_as_it_can_be(self, ask: Asker) -> None:
        files = [wheel("x", "1.0", "array>=1.2,!=1.1,!=1.9.*,<3"), wheel("y", "1.0", "array>=1.5,<2.2,!=2.0")]
        with serve_index([*files, *FILES]) as index:
            outcome = ask(index, "x", "y", "array!=2.0", provided=[given("array", "1.0")])
        assert outcome.conflict is not None
        assert outcome.conflict.excluded == (("array", "!=1.9.*,!=2.0,<2.2,>=1.5"),)

    def test_what_the_index_lacks_can_still_be_in_conflict(self, ask: Asker) -> None:
        files = [wheel("plugin", "1.0", "conda-only>=3")]
        with serve_index(files) as index:
            outcome = ask(index, "plugin", provided=[given("conda-only", "2.0")])
        assert outcome.conflict is not None
        assert [one.name for one in outcome.conflict.provided] == ["conda-only"]
        assert outcome.conflict.excluded == (("conda-only", ">=3"),)
        assert outcome.conflict.text == (
            "plugin and conda-only 2.0 from conda exclude each other on linux-64: it needs conda-only>=3"
        )

    def test_two_packages_of_conda_that_exclude_each_other_through_pip(self, ask: Asker) -> None:
        files = [
            wheel("bridge", "1.0", "left==1.0", "right==1.0"),
            wheel("bridge", "2.0", "left==2.0", "right==2.0"),
            *(wheel(name, version) for name in ("left", "right") for version in ("1.0", "2.0")),
        ]
        with serve_index(files) as index:
            outcome = ask(index, "bridge", provided=[given("left", "1.0"), given("right", "2.0")])
        assert outcome.conflict is not None
        assert [one.name for one in outcome.conflict.provided] == ["left", "right"]
        # Both are left open, so the newest bridge speaks.
        assert outcome.conflict.excluded == (("left", "==2.0"), ("right", "==2.0"))

    def test_a_line_alone_against_conda(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "array>=2", provided=[given("array", "1.9")])
        assert outcome.conflict is not None
        assert outcome.conflict.excluded == (("array", ">=2"),)

    def test_constraints_are_part_of_it(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "frame", constraints=["array<2", "frame>=2"])
        assert outcome.conflict is not None
        assert [line.text for line in outcome.conflict.requirements] == ["frame", "array<2", "frame>=2"]
        assert outcome.conflict.provided == ()

    def test_lines_that_exclude_each_other_without_conda(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            outcome = ask(index, "turbo", "array<2", "frame>=2", provided=[given("other")])
        assert outcome.conflict is not None
        assert [line.text for line in outcome.conflict.requirements] == ["array<2", "frame>=2"]
        assert "exclude each other on linux-64" in outcome.conflict.text
        assert outcome.conflict.provided == ()


def test_the_names_of_both_ecosystems_are_kept_apart(make: Maker) -> None:
    one = Provided(name=pypi_name("Array"), version="1.9", conda_name=conda_name("python-array"))
    with serve_index(FILES) as index:
        (outcome,) = resolve_all([make(index, "array>=2", provided=[one])])
    assert outcome.conflict is not None
    assert "python-array 1.9 from conda" in outcome.conflict.text
    assert outcome.conflict.hints == ("ask for python-array >=2 in the conda part",)
