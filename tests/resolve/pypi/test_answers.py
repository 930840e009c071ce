"""What is locked: which archive, why, and with what said of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from condaenv_tools.errors import ParseError
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.pypi.answer import NoteKind, SourceKind, Via
from condaenv_tools.resolve.pypi.engine import resolve_all
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.pypi.request import PyPIOptions
from condaenv_tools.resolve.request import Strategy
from tests.loopback import Reply
from tests.pypi_index import (
    ARM_LINUX,
    LINUX,
    MAC,
    OLD_LINUX,
    PURE,
    WINDOWS,
    sdist,
    serve_index,
    wheel,
    wheels,
)
from tests.resolve.pypi.conftest import Asker, Maker, versions

FILES = [
    wheel(
        "app",
        "1.0",
        "core[fast]>=2",
        "colour; sys_platform == 'win32'",
        'tool; extra == "dev"',
        extras=["dev"],
    ),
    *wheels("core", "2.0", "speed>=1; extra == 'fast'", tags=[LINUX, WINDOWS, MAC, PURE], extras=["fast"]),
    wheel("core", "1.0"),
    wheel("speed", "1.5", requires_python=">=3.9"),
    wheel("colour", "0.4"),
    wheel("tool", "3.0"),
]


def test_an_answer_says_which_archive_from_where_and_who_asked(ask: Asker) -> None:
    with serve_index(FILES) as index:
        outcome = ask(index, "app", "speed<2")
        assert outcome.packages is not None
        app, core, speed = outcome.packages
        assert [one.name for one in outcome.packages] == ["app", "core", "speed"]
        assert core.url == f"{index.url.replace('simple', 'files')}core-2.0-{LINUX}.whl"
        assert core.index == index.url
    assert core.sha256 == FILES[1].sha256
    assert core.size == len(FILES[1].content)
    assert core.extras == ("fast",)
    assert core.via == (Via(parent="app", requirement="core[fast]>=2"),)
    assert app.needs == (("core", ">=2"),)
    assert app.requires is not None
    assert "colour; sys_platform == 'win32'" in app.requires
    assert speed.requires_python == ">=3.9"
    assert speed.via == (
        Via(parent="", requirement="speed<2"),
        Via(parent="core", requirement="speed>=1; extra == 'fast'", extra="fast"),
    )
    assert (core.source, core.is_wheel, core.file_name) == (SourceKind.INDEX, True, f"core-2.0-{LINUX}.whl")
    assert outcome.notes == ()


def test_a_record_for_a_lock_has_the_needs_that_count(ask: Asker) -> None:
    with serve_index(FILES) as index:
        outcome = ask(index, "app")
    assert outcome.packages is not None
    record = outcome.packages[0].to_record()
    assert (record.name, record.requires, record.source) == ("app", (("core", ">=2"),), None)


@pytest.mark.parametrize(
    ("platform", "extra", "tag"),
    [
        (Platform.LINUX_64, set(), LINUX),
        (Platform.OSX_ARM64, set(), MAC),
        (Platform.WIN_64, {"colour"}, WINDOWS),
        (Platform.OSX_64, set(), PURE),
        (Platform.WIN_ARM64, {"colour"}, PURE),
        (Platform.LINUX_AARCH64, set(), PURE),
    ],
    ids=str,
)
def test_markers_and_tags_are_those_of_the_target(
    ask: Asker, platform: Platform, extra: set[str], tag: str
) -> None:
    with serve_index(FILES) as index:
        outcome = ask(index, "app", platform=platform)
    assert versions(outcome).keys() == {"app", "core", "speed"} | extra
    assert outcome.packages is not None
    assert {one.name: one for one in outcome.packages}["core"].file_name == f"core-2.0-{tag}.whl"


def test_lines_whose_marker_does_not_hold_ask_for_nothing(ask: Asker) -> None:
    with serve_index(FILES) as index:
        outcome = ask(index, "tool; os_name == 'nt'", "colour; python_version >= '3.13'", "speed")
    assert versions(outcome) == {"speed": "1.5"}


def test_nothing_asked_is_nothing_answered(ask: Asker) -> None:
    assert ask(None, "tool; os_name == 'nt'").packages == ()


def test_categories_follow_what_leads_to_a_distribution(ask: Asker) -> None:
    asked = [RequirementLine(text="app"), RequirementLine(text="speed", category="dev")]
    with serve_index(FILES) as index:
        outcome = ask(index, *asked, RequirementLine(text="tool", category="dev"))
    assert outcome.packages is not None
    found = {one.name: one.categories for one in outcome.packages}
    assert found == {"app": ("main",), "core": ("main",), "speed": ("dev", "main"), "tool": ("dev",)}


def test_platforms_are_answered_in_the_order_in_which_they_were_asked(make: Maker) -> None:
    platforms = [Platform.WIN_64, Platform.LINUX_64, Platform.OSX_ARM64]
    told = []
    with serve_index(FILES) as index:
        asked = [make(index, "app", platform=platform) for platform in platforms]
        outcomes = resolve_all(asked, on_done=lambda outcome: told.append(outcome.platform))
    assert [outcome.platform for outcome in outcomes] == platforms
    assert sorted(told) == sorted(platforms)
    assert resolve_all([]) == ()


def test_the_same_question_has_the_same_answer_whatever_the_order_of_lines(make: Maker) -> None:
    with serve_index(FILES) as index:
        one, other, again = resolve_all(
            [make(index, "app", "tool"), make(index, "tool", "app"), make(index, "app", "tool")]
        )
    assert one.packages == other.packages == again.packages


def test_an_older_index_gives_no_sizes_and_metadata_is_read_from_the_wheel(ask: Asker) -> None:
    with serve_index(FILES, html=True, core_metadata=False) as index:
        outcome = ask(index, "app")
    assert outcome.packages is not None
    assert [(one.name, one.size) for one in outcome.packages] == [
        ("app", None),
        ("core", None),
        ("speed", None),
    ]
    assert outcome.packages[0].needs == (("core", ">=2"),)


def test_metadata_is_read_once_and_kept(ask: Asker) -> None:
    with serve_index(FILES) as index:
        ask(index, "app")
        first = list(index.requests)
        assert versions(ask(index, "app"))
        assert [path for path in index.requests[len(first) :] if path.endswith(".metadata")] == []


def test_the_best_of_several_wheels_is_the_one_with_the_best_tags(ask: Asker) -> None:
    tags = [PURE, "cp310-abi3-manylinux_2_17_x86_64", OLD_LINUX, LINUX, ARM_LINUX]
    with serve_index(wheels("core", "1.0", tags=tags)) as index:
        outcome = ask(index, "core")
    assert outcome.packages is not None
    assert outcome.packages[0].file_name == f"core-1.0-{LINUX}.whl"


def test_constraints_bind_only_what_is_asked_for(ask: Asker) -> None:
    files = [*FILES, wheel("speed", "2.0")]
    with serve_index(files) as index:
        outcome = ask(index, "app", constraints=["speed<2", "tool==1", "core==9; os_name == 'nt'"])
    assert versions(outcome) == {"app": "1.0", "core": "2.0", "speed": "1.5"}


def test_strategies_prereleases_and_the_cut_off(ask: Asker) -> None:
    files = [
        wheel("base", "1.0"),
        wheel("base", "1.5", uploaded="2025-03-01T00:00:00Z"),
        wheel("base", "2.0rc1"),
        wheel("top", "1.0", "base"),
        wheel("top", "2.0", "base"),
    ]
    then = datetime(2025, 1, 1, tzinfo=UTC)
    with serve_index(files) as index:

        def found(**options: object) -> dict[str, str | None]:
            return versions(ask(index, "top", options=options))

        assert found() == {"base": "1.5", "top": "2.0"}
        assert found(strategy=Strategy.LOWEST) == {"base": "1.0", "top": "1.0"}
        assert found(strategy=Strategy.LOWEST_DIRECT) == {"base": "1.5", "top": "1.0"}
        assert found(prereleases=True) == {"base": "2.0rc1", "top": "2.0"}
        assert found(exclude_newer=then) == {"base": "1.0", "top": "2.0"}


def test_a_cut_off_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ParseError, match="no time zone"):
        PyPIOptions(exclude_newer=datetime(2025, 1, 1))  # noqa: DTZ001 - that is the point


def test_a_source_archive_is_locked_where_building_is_allowed_and_is_told(ask: Asker) -> None:
    files = [sdist("plain", "1.0", "speed"), sdist("dynamic", "2.0", static=False), *FILES]
    with serve_index(files) as index:
        outcome = ask(index, "plain", "dynamic", options={"build_on": Platform.LINUX_64})
    assert versions(outcome) == {"dynamic": "2.0", "plain": "1.0", "speed": "1.5"}
    assert outcome.packages is not None
    assert [one.is_wheel for one in outcome.packages] == [False, False, True]
    assert outcome.packages[1].needs == (("speed", ""),)
    assert [(note.kind, note.name) for note in outcome.notes] == [
        (NoteKind.SOURCE_ARCHIVE, "dynamic"),
        (NoteKind.SOURCE_ARCHIVE, "plain"),
    ]


def test_building_counts_on_the_running_platform_alone(ask: Asker) -> None:
    with serve_index([sdist("plain", "1.0")]) as index:
        options = {"build_on": Platform.LINUX_64, "sources": False}
        outcome = ask(index, "plain", platform=Platform.WIN_64, options=options)
    assert outcome.conflict is not None
    assert outcome.conflict.package == "plain"
    with serve_index(FILES) as index:
        told = ask(index, "tool", platform=Platform.WIN_64, options={"build_on": Platform.LINUX_64}).notes
    assert [note.kind for note in told] == [NoteKind.BUILD_ELSEWHERE]


def test_a_source_is_preferred_where_wheels_are_refused(ask: Asker) -> None:
    files = [wheel("both", "1.0"), sdist("both", "1.0")]
    build = {"build_on": Platform.LINUX_64, "no_binary": ("both",)}
    with serve_index(files) as index:
        outcome = ask(index, "both", options=build)
        refused = ask(index, "both", options={"no_binary": ("both",)})
    assert outcome.packages is not None
    assert outcome.packages[0].file_name == "both-1.0.tar.gz"
    assert "building is not allowed" in str(refused.error)


def test_an_extra_that_does_not_exist_is_told(ask: Asker) -> None:
    with serve_index(FILES) as index:
        outcome = ask(index, "core[slow]")
    assert versions(outcome) == {"core": "2.0"}
    (note,) = outcome.notes
    assert (note.kind, note.hint) == (NoteKind.ABSENT_EXTRA, "its extras are fast")


def test_a_file_of_which_the_index_gives_no_hash_is_locked_with_one(ask: Asker) -> None:
    def bare(path: str, before: int) -> Reply | None:
        page = f'<a href="/files/{FILES[-1].file_name}">{FILES[-1].file_name}</a>'
        return Reply(body=page.encode()) if path.startswith("/simple/") else None

    with serve_index(FILES, fault=bare) as index:
        outcome = ask(index, "tool")
    assert outcome.packages is not None
    assert [one.sha256 for one in outcome.packages] == [FILES[-1].sha256]


def test_only_what_counts_on_the_real_machine_is_locked(ask: Asker) -> None:
    # uv does not know the release of a foreign kernel and takes such a marker for false.
    files = [
        wheel("app", "1.0", "modern; platform_release >= '5.0'", "ancient; platform_release < '5.0'"),
        wheel("modern", "1.0", "below"),
        wheel("ancient", "1.0"),
        wheel("below", "1.0"),
    ]
    with serve_index(files) as index:
        assert versions(ask(index, "app")).keys() == {"app", "modern", "below"}
        old = ask(index, "app", virtual=["__linux=4.18"])
    assert versions(old).keys() == {"app", "ancient"}


def test_the_cache_of_metadata_may_be_broken(ask: Asker, tmp_path: Path) -> None:
    with serve_index(FILES) as index:
        ask(index, "tool")
        (kept,) = (tmp_path / "cache" / "pypi").rglob("*.json")
        kept.write_text("{")
        assert versions(ask(index, "tool")) == {"tool": "3.0"}
