"""What an index has as source only: locked as it is, read as data, and never built."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from condaenv_tools.errors import IndexFailureError
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.pypi.answer import ConflictKind, NoteKind, SourceKind, Via
from condaenv_tools.resolve.pypi.engine import resolve_all
from condaenv_tools.resolve.pypi.request import PyPIOutcome
from condaenv_tools.resolve.request import Strategy
from tests.loopback import Reply
from tests.pypi_index import MAC, WINDOWS, File, Index, sdist, serve_index, wheel, wheels
from tests.resolve.pypi.conftest import Asker, Maker, given, versions

BASE = [wheel("base", "1.0"), wheel("base", "2.0"), wheel("other", "1.0")]
#: A build that would be noticed.
TRAP = "raise SystemExit('built')\n"


def packed(name: str, version: str, members: Mapping[str, str], **fields: object) -> File:
    """Return a source archive with just these files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path, text in members.items():
            info = tarfile.TarInfo(f"{name}-{version}/{path}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return File(
        name=name,
        version=version,
        file_name=f"{name}-{version}.tar.gz",
        content=gzip.compress(stream.getvalue(), mtime=0),
        metadata=b"",
        **fields,  # type: ignore[arg-type]
    )


def old(name: str, version: str, *requires: str, **fields: object) -> File:
    """Return a source archive of the old kind: `setup.py`, and what setuptools packed."""
    info = f"Metadata-Version: 1.1\nName: {name}\nVersion: {version}\n"
    members = {"setup.py": TRAP, "PKG-INFO": info, f"{name}.egg-info/requires.txt": "\n".join(requires)}
    return packed(name, version, members, **fields)


def kinds(outcome: PyPIOutcome) -> list[tuple[NoteKind, str]]:
    return [(note.kind, note.name) for note in outcome.notes]


def test_the_archive_itself_is_locked_with_its_hash_and_its_place(ask: Asker) -> None:
    file = sdist("plain", "1.0", "base<2")
    with serve_index([file, *BASE]) as index:
        outcome = ask(index, "plain")
        address = index.url.replace("simple", "files") + file.file_name
    assert versions(outcome) == {"base": "1.0", "plain": "1.0"}
    assert outcome.packages is not None
    base, plain = outcome.packages
    assert (plain.url, plain.sha256, plain.size) == (address, file.sha256, len(file.content))
    assert (plain.is_wheel, plain.source, plain.index) == (False, SourceKind.INDEX, index.url)
    assert (plain.requires, plain.needs) == (("base<2",), (("base", "<2"),))
    assert base.via == (Via(parent="plain", requirement="base<2"),)
    assert plain.to_record().url == address
    (note,) = outcome.notes
    assert note.kind is NoteKind.SOURCE_ARCHIVE
    assert note.message == "plain is locked as source, and is built wherever it is installed"


@pytest.mark.parametrize("platform", [Platform.LINUX_64, Platform.OSX_ARM64, Platform.WIN_64])
def test_on_every_platform(ask: Asker, platform: Platform) -> None:
    files = [old("plain", "1.0", "base", "[:sys_platform == 'win32']", "other"), *BASE]
    with serve_index(files) as index:
        found = versions(ask(index, "plain", platform=platform))
    assert found.keys() == {"base", "plain"} | ({"other"} if platform is Platform.WIN_64 else set())


def test_deep_in_the_tree_and_below_another_one(ask: Asker) -> None:
    files = [
        wheel("app", "1.0", "middle"),
        wheel("middle", "1.0", "first>=1"),
        old("first", "1.5", "second[fast]"),
        old("second", "3.0", "[fast]", "third"),
        sdist("third", "1.0", "base<2"),
        *BASE,
    ]
    with serve_index(files) as index:
        outcome = ask(index, "app", "other")
    assert versions(outcome) == {
        "app": "1.0", "base": "1.0", "first": "1.5", "middle": "1.0", "other": "1.0", "second": "3.0",
        "third": "1.0",
    }  # fmt: skip
    assert outcome.packages is not None
    second = next(one for one in outcome.packages if one.name == "second")
    assert (second.extras, second.needs) == (("fast",), (("third", ""),))
    assert kinds(outcome) == [
        (NoteKind.SOURCE_ARCHIVE, "first"),
        (NoteKind.SOURCE_ARCHIVE, "second"),
        (NoteKind.SOURCE_ARCHIVE, "third"),
        (NoteKind.UNKNOWN_METADATA, "first"),
        (NoteKind.UNKNOWN_METADATA, "second"),
    ]


def test_a_wheel_that_fits_is_better_than_a_newer_source(ask: Asker) -> None:
    files = [old("mixed", "3.0"), old("mixed", "2.5"), wheel("mixed", "2.0"), *BASE]
    with serve_index(files) as index:
        assert versions(ask(index, "mixed")) == {"mixed": "2.0"}
        outcome = ask(index, "mixed>=2.1")
        below = ask(index, "mixed>=2.1", constraints=["mixed<3"])
    assert versions(outcome) == {"mixed": "3.0"}
    assert versions(below) == {"mixed": "2.5"}


def test_a_wheel_for_another_machine_is_none(ask: Asker) -> None:
    files = [*wheels("core", "1.0", tags=[MAC, WINDOWS]), sdist("core", "1.0", "base")]
    with serve_index([*files, *BASE]) as index:
        here = ask(index, "core")
        there = ask(index, "core", platform=Platform.OSX_ARM64)
    assert versions(here) == {"base": "2.0", "core": "1.0"}
    assert kinds(here) == [(NoteKind.SOURCE_ARCHIVE, "core")]
    assert there.packages is not None
    assert there.packages[0].is_wheel


def test_what_was_offered_and_is_not_needed_goes_again(ask: Asker) -> None:
    # mixed>=2 of the newest app is source only, while an older app takes its wheel: only plain lacks one.
    files = [
        wheel("app", "2.0", "mixed>=2", "plain"),
        wheel("app", "1.0", "mixed<2", "plain"),
        old("mixed", "2.0"),
        wheel("mixed", "1.0"),
        old("plain", "1.0"),
    ]
    with serve_index(files) as index:
        outcome = ask(index, "app")
    assert versions(outcome) == {"app": "1.0", "mixed": "1.0", "plain": "1.0"}
    assert kinds(outcome)[0] == (NoteKind.SOURCE_ARCHIVE, "plain")


class TestChoice:
    def test_an_older_release_where_the_newest_does_not_agree(self, ask: Asker) -> None:
        files = [old("plain", f"{n}.0", f"base=={3 if n > 2 else 1}.0") for n in range(1, 6)]
        with serve_index([*files, *BASE, wheel("base", "3.0")]) as index:
            outcome = ask(index, "plain", "base<3")
        assert versions(outcome) == {"base": "1.0", "plain": "2.0"}

    def test_not_more_than_ten_are_tried(self, ask: Asker) -> None:
        files = [old("plain", f"{n}.0", f"base=={9 if n > 1 else 1}.0") for n in range(1, 13)]
        with serve_index([*files, *BASE]) as index:
            outcome = ask(index, "plain", "base")
            asked = {path for path in index.requests if path.endswith(".tar.gz")}
        assert outcome.conflict is not None
        assert len(asked) == 10

    def test_a_true_conflict_is_told_as_one(self, ask: Asker) -> None:
        with serve_index([old("plain", "1.0", "base>=2"), *BASE]) as index:
            outcome = ask(index, "plain", "base<2", "other")
        assert outcome.conflict is not None
        assert outcome.conflict.kind is ConflictKind.EXCLUDE
        assert [line.text for line in outcome.conflict.requirements] == ["plain", "base<2"]

    def test_a_source_does_not_hide_the_conflict_beside_it(self, ask: Asker) -> None:
        files = [wheel("app", "1.0", "plain"), old("plain", "1.0"), wheel("left", "1.0", "base<2"), *BASE]
        with serve_index(files) as index:
            outcome = ask(index, "app", "left", "base==2.0")
        assert outcome.conflict is not None
        assert [line.text for line in outcome.conflict.requirements] == ["left", "base==2.0"]

    def test_what_conda_provides_counts(self, ask: Asker) -> None:
        files = [old("plain", "2.0", "base>=2"), old("plain", "1.0", "base<2"), *BASE]
        with serve_index(files) as index:
            outcome = ask(index, "plain", provided=[given("base", "1.0")])
            moved = ask(index, "plain>=2", provided=[given("base", "1.0")])
        assert versions(outcome) == {"plain": "1.0"}
        assert moved.conflict is not None
        assert moved.conflict.excluded == (("base", ">=2"),)

    def test_an_extra_of_what_conda_provides(self, ask: Asker) -> None:
        provided = [given("core", "1.0", ("plain; extra == 'x'",))]
        with serve_index([old("plain", "1.0"), *BASE]) as index:
            assert versions(ask(index, "core[x]", provided=provided)) == {"plain": "1.0"}

    def test_prereleases_as_for_wheels(self, ask: Asker) -> None:
        files = [old("plain", "2.0rc1"), old("plain", "1.0"), old("early", "1.0a1")]
        with serve_index(files) as index:
            assert versions(ask(index, "plain", "early")) == {"early": "1.0a1", "plain": "1.0"}
            assert versions(ask(index, "plain>=2.0rc1")) == {"plain": "2.0rc1"}
            assert versions(ask(index, "plain", options={"prereleases": True})) == {"plain": "2.0rc1"}

    def test_the_cut_off_and_what_was_taken_back(self, ask: Asker) -> None:
        files = [
            old("plain", "1.0"),
            old("plain", "1.5", yanked=True),
            old("plain", "2.0", uploaded="2025-03-01T00:00:00Z"),
        ]
        then = {"exclude_newer": datetime(2025, 1, 1, tzinfo=UTC)}
        with serve_index(files) as index:
            assert versions(ask(index, "plain")) == {"plain": "2.0"}
            assert versions(ask(index, "plain", options=then)) == {"plain": "1.0"}
            assert versions(ask(index, "plain==1.5")) == {"plain": "1.5"}
            assert ask(index, "plain>=1.5,<2").conflict is not None

    def test_pythons(self, ask: Asker) -> None:
        files = [
            old("plain", "3.0", requires_python=">=3.13"),
            packed(
                "plain", "2.0", {"PKG-INFO": "Metadata-Version: 2.2\nName: plain\nVersion: 2.0\n"
                "Requires-Python: <3.12\n"},
            ),
            old("plain", "1.0"),
        ]  # fmt: skip
        with serve_index(files) as index:
            assert versions(ask(index, "plain")) == {"plain": "1.0"}

    def test_the_lowest(self, ask: Asker) -> None:
        with serve_index([old("plain", f"{n}.0") for n in (1, 2, 3)]) as index:
            found = versions(ask(index, "plain>=2", options={"strategy": Strategy.LOWEST}))
        assert found == {"plain": "2.0"}

    def test_wheels_that_are_asked_for_alone(self, ask: Asker) -> None:
        with serve_index([old("plain", "1.0")]) as index:
            for names in (("plain",), (":all:",)):
                outcome = ask(index, "plain", options={"only_binary": names})
                assert outcome.conflict is not None
                assert outcome.conflict.kind is ConflictKind.SOURCE_ONLY


class TestSwitches:
    def test_off(self, ask: Asker) -> None:
        with serve_index([old("plain", "1.0")]) as index:
            outcome = ask(index, "plain", options={"sources": False})
        assert outcome.conflict is not None
        assert outcome.conflict.kind is ConflictKind.SOURCE_ONLY
        assert outcome.conflict.hints[0] == (
            "allow building with --build (on the running platform only), or allow sources"
        )

    def test_building_is_left_to_the_engine(self, ask: Asker) -> None:
        files = [sdist("dynamic", "1.0", "base<2", static=False), *BASE]
        options = {"build_on": Platform.LINUX_64}
        with serve_index(files) as index:
            built = ask(index, "dynamic", options=options)
            foreign = ask(index, "dynamic", options=options, platform=Platform.WIN_64)
        assert versions(built) == versions(foreign) == {"base": "1.0", "dynamic": "1.0"}
        assert NoteKind.BUILD_ELSEWHERE in [note.kind for note in foreign.notes]


class TestTrust:
    def message(self, outcome: PyPIOutcome) -> str:
        return next(note.message for note in outcome.notes if note.kind is NoteKind.UNKNOWN_METADATA)

    def test_what_the_makers_packed_is_told(self, ask: Asker) -> None:
        with serve_index([old("plain", "1.0", "base"), *BASE]) as index:
            outcome = ask(index, "plain")
        assert self.message(outcome) == (
            "the requirements of plain 1.0 are as its makers wrote them when they packed it, and building it may "
            "find others"
        )

    def test_what_is_not_known_is_told(self, ask: Asker) -> None:
        with serve_index([packed("plain", "1.0", {"setup.py": TRAP}), *BASE]) as index:
            outcome = ask(index, "plain", "base")
        assert versions(outcome) == {"base": "2.0", "plain": "1.0"}
        assert outcome.packages is not None
        assert outcome.packages[1].requires is None
        assert "plain 1.0 are not known before it is built" in self.message(outcome)

    def test_a_requirement_that_cannot_be_read_is_told(self, ask: Asker) -> None:
        with serve_index([old("plain", "1.0", "base", "pytz>dev"), *BASE]) as index:
            outcome = ask(index, "plain")
        assert versions(outcome) == {"base": "2.0", "plain": "1.0"}
        assert "the requirement 'pytz>dev' of plain 1.0 cannot be read" in self.message(outcome)

    @pytest.mark.parametrize("harm", ["traversal", "link", "zeros"])
    def test_an_archive_that_means_harm_is_locked_unread(self, ask: Asker, harm: str, tmp_path: Path) -> None:
        info = tarfile.TarInfo("../../PKG-INFO" if harm == "traversal" else "plain-1.0/PKG-INFO")
        if harm == "link":
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        content = bytes(200_000_000) if harm == "zeros" else b"Metadata-Version: 2.2\n"
        info.size = 0 if harm == "link" else len(content)
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=1) as archive:
            archive.addfile(info, io.BytesIO(content))
        file = File(
            name="plain",
            version="1.0",
            file_name="plain-1.0.tar.gz",
            content=stream.getvalue(),
            metadata=b"",
        )
        with serve_index([file]) as index:
            outcome = ask(index, "plain")
        assert outcome.packages is not None
        assert [(one.sha256, one.requires) for one in outcome.packages] == [(file.sha256, None)]
        assert not list(tmp_path.rglob("PKG-INFO"))


class TestPlaces:
    def test_a_folder(self, ask: Asker, tmp_path: Path) -> None:
        file = old("plain", "1.0", "base<2")
        folder = Index(files=[file, *BASE]).write(tmp_path / "wheels")
        outcome = ask(None, "plain", options={"no_index": True, "find_links": (str(folder),)})
        assert versions(outcome) == {"base": "1.0", "plain": "1.0"}
        assert outcome.packages is not None
        plain = outcome.packages[1]
        assert (plain.url, plain.sha256) == ((folder / file.file_name).as_uri(), file.sha256)
        assert plain.index is None

    def test_the_first_index_that_has_a_name(self, ask: Asker) -> None:
        file = old("plain", "1.0", "base")
        with serve_index([file]) as first, serve_index([*BASE, old("plain", "2.0")]) as index:
            outcome = ask(index, "plain", options={"extra_index_urls": (first.url,)})
            assert outcome.packages is not None
            assert [(one.name, one.version, one.index) for one in outcome.packages] == [
                ("base", "2.0", index.url),
                ("plain", "1.0", first.url),
            ]

    def test_an_older_page_without_sizes(self, ask: Asker) -> None:
        file = old("plain", "1.0", "base")
        with serve_index([file, *BASE], html=True, core_metadata=False) as index:
            outcome = ask(index, "plain")
        assert outcome.packages is not None
        assert (outcome.packages[1].sha256, outcome.packages[1].size) == (file.sha256, len(file.content))

    def test_credentials_are_used_and_not_kept(self, ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("INDEX_USER", "robot")
        monkeypatch.setenv("INDEX_PASSWORD", "hunter2-hunter2")
        file = old("plain", "1.0")
        with serve_index([file], user="robot:hunter2-hunter2") as index:
            url = index.with_user("${INDEX_USER}:${INDEX_PASSWORD}")
            outcome = ask(index, "plain", options={"index_url": url})
            address = index.url.replace("simple", "files") + file.file_name
        assert outcome.packages is not None
        assert outcome.packages[0].url == address
        assert "hunter2" not in repr(outcome)

    def test_offline_with_a_warm_cache(self, ask: Asker) -> None:
        files = [wheel("app", "1.0", "plain"), old("plain", "1.0", "base<2"), *BASE]
        with serve_index(files) as index:
            first = ask(index, "app")
            asked = len(index.requests)
            again = ask(index, "app", options={"offline": True})
            assert len(index.requests) == asked
        assert (again.packages, again.notes) == (first.packages, first.notes)


class TestBelowPlaces:
    """Source archives that are needed by what a line names by its place."""

    @pytest.mark.parametrize(
        "line", ["./local", "-e ./local", "./local[fast]", "local[fast] @ file:{here}/local"]
    )
    def test_a_tree(self, ask: Asker, tmp_path: Path, line: str) -> None:
        (tmp_path / "local").mkdir()
        (tmp_path / "local" / "pyproject.toml").write_text(
            '[project]\nname = "local"\nversion = "1.0"\ndependencies = ["plain"]\n'
            '[project.optional-dependencies]\nfast = ["quick"]\n'
        )
        with serve_index([old("plain", "1.0", "base<2"), old("quick", "1.0"), *BASE]) as index:
            outcome = ask(index, line.format(here=tmp_path), folder=tmp_path)
        wanted = {"base", "local", "plain"} | ({"quick"} if "fast" in line else set())
        assert versions(outcome).keys() == wanted

    def test_a_wheel_and_a_source_archive_by_address(self, ask: Asker) -> None:
        files = [wheel("app", "1.0", "plain"), sdist("given", "1.0", "plain"), old("plain", "1.0"), *BASE]
        with serve_index(files) as index:
            places = index.url.replace("simple", "files")
            app = ask(index, f"app @ {places}{files[0].file_name}")
            bare = ask(index, f"{places}{files[0].file_name}")
            source = ask(index, f"given @ {places}{files[1].file_name}#sha256={files[1].sha256}")
        assert versions(app) == versions(bare) == {"app": "1.0", "plain": "1.0"}
        assert versions(source) == {"given": "1.0", "plain": "1.0"}


class TestHashes:
    FILE = old("plain", "1.0", "base")

    def test_a_line_with_the_hash_of_the_source(self, ask: Asker) -> None:
        with serve_index([self.FILE, old("plain", "2.0"), *BASE]) as index:
            good = ask(index, f"plain --hash=sha256:{self.FILE.sha256}")
            bad = ask(index, f"plain==1.0 --hash=sha256:{'0' * 64}")
        assert versions(good) == {"base": "2.0", "plain": "1.0"}
        assert bad.packages is None
        assert bad.conflict is not None

    def test_a_hash_that_excludes_the_wheel_of_the_same_release(self, ask: Asker) -> None:
        with serve_index([self.FILE, wheel("plain", "1.0", "base"), *BASE]) as index:
            outcome = ask(index, f"plain==1.0 --hash=sha256:{self.FILE.sha256}", "other")
        assert outcome.packages is not None
        assert [one.sha256 for one in outcome.packages if one.name == "plain"] == [self.FILE.sha256]

    def test_an_archive_that_is_not_what_the_index_lists(self, ask: Asker) -> None:
        def fault(path: str, before: int) -> Reply | None:
            return Reply(body=old("plain", "1.0", "evil").content) if path.endswith(".tar.gz") else None

        with serve_index([self.FILE, *BASE], fault=fault) as index:
            outcome = ask(index, "plain")
        assert isinstance(outcome.error, IndexFailureError)
        assert "plain-1.0.tar.gz is not the file that its index lists" in str(outcome.error)


class TestFaults:
    FILE = old("plain", "1.0", "base")

    @pytest.mark.parametrize(
        ("reply", "word"),
        [
            (Reply(status=503, body=b"busy"), "answered 503"),
            (Reply(body=b"x" * 500, cut=20), "broke off its answer"),
            (Reply(hang=True), "did not answer within 1 s"),
        ],
        ids=["503", "cut", "silent"],
    )
    def test_a_source_that_cannot_be_read_just_now(self, ask: Asker, reply: Reply, word: str) -> None:
        def fault(path: str, before: int) -> Reply | None:
            return reply if path.endswith(".tar.gz") else None

        with serve_index([self.FILE, *BASE], fault=fault) as index:
            outcome = ask(index, "plain", options={"network_timeout": 1})
        assert isinstance(outcome.error, IndexFailureError), outcome
        assert "plain-1.0.tar.gz cannot be read" in str(outcome.error)
        assert word in str(outcome.error)

    def test_a_moment_of_trouble_is_waited_out(self, ask: Asker) -> None:
        def fault(path: str, before: int) -> Reply | None:
            return Reply(status=503, body=b"busy") if path.endswith(".tar.gz") and before < 2 else None

        with serve_index([self.FILE, *BASE], fault=fault) as index:
            outcome = ask(index, "plain", options={"tries": 4})
        assert versions(outcome) == {"base": "2.0", "plain": "1.0"}

    def test_a_listed_source_that_is_gone_is_passed_over(self, ask: Asker) -> None:
        def fault(path: str, before: int) -> Reply | None:
            return Reply(status=404, body=b"gone") if path.endswith("plain-2.0.tar.gz") else None

        with serve_index([self.FILE, old("plain", "2.0"), *BASE], fault=fault) as index:
            outcome = ask(index, "plain")
        assert versions(outcome) == {"base": "2.0", "plain": "1.0"}


def test_it_is_read_once_for_all_platforms_and_runs(make: Maker) -> None:
    files = [old("plain", "1.0", "base"), *BASE]
    with serve_index(files) as index:
        asked = [make(index, "plain", platform=one) for one in (Platform.LINUX_64, Platform.WIN_64)]
        first = resolve_all(asked)
        second = resolve_all(asked)
        assert sum(path.endswith(".tar.gz") for path in index.requests) == 1
    assert [one.packages for one in first] == [one.packages for one in second]
    assert first[0].packages == first[1].packages
