"""Stubs, pages of an index, and the words of a failure."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from condaenv_tools.errors import CondaEnvToolsError, IndexFailureError
from condaenv_tools.model.names import pypi_name
from condaenv_tools.resolve.pypi.answer import ConflictKind
from condaenv_tools.resolve.pypi.index_pages import IndexFile, Pages
from condaenv_tools.resolve.pypi.metadata import Metadata
from condaenv_tools.resolve.pypi.placeholders import Placeholders
from condaenv_tools.resolve.pypi.pylock_reading import read_pylock
from condaenv_tools.resolve.pypi.shortage import Machine, find_shortage
from condaenv_tools.resolve.pypi.source_metadata import archive_headers, tree_headers
from condaenv_tools.resolve.pypi.stubs import StubFolder, extra_requirements, stub_wheel
from condaenv_tools.resolve.pypi.tags import TagOrder
from condaenv_tools.resolve.pypi.web import Web
from condaenv_tools.resolve.pypi.wording import ranged, words_of
from tests.pypi_index import PURE, Index, sdist, serve_index, wheel
from tests.resolve.pypi.conftest import given


class TestStubs:
    ONE = given("my-array", "1.0", ("base", "fast>=1; extra == 'x'", 'y ; "z" == extra', "broken ;;"))

    def test_a_stub_says_the_requirements_of_extras_alone(self) -> None:
        name, content = stub_wheel(self.ONE, Version("1.0"))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = archive.read("my_array-1.0.dist-info/METADATA").decode()
        assert name == "my_array-1.0-py3-none-any.whl"
        assert "Requires-Dist: base" not in text
        assert 'Requires-Dist: fast>=1; extra == "x"' in text
        assert [line for line in text.splitlines() if line.startswith("Provides-Extra")] == [
            "Provides-Extra: x",
            "Provides-Extra: z",
        ]
        assert stub_wheel(self.ONE, Version("1.0"))[1] == content

    def test_the_extras(self) -> None:
        assert list(extra_requirements(self.ONE)) == ["x", "z"]
        assert extra_requirements(given("a")) == {}

    def test_platforms_share_equal_stubs(self) -> None:
        folder = StubFolder()
        one, two = (folder.path_of(given("a"), Version("1.0")) for _ in range(2))
        other = folder.path_of(given("a", "2.0"), Version("2.0"))
        assert one == two != other
        folder.close()
        assert not one.exists()


class TestPages:
    def pages(self, index: Index, *folders: str) -> Pages:
        return Pages(
            Web([], timeout=5, offline=False), [index.url] if index.port else [], folders, Placeholders({})
        )

    @pytest.mark.parametrize("html", [False, True])
    def test_both_forms_of_a_page_are_read(self, *, html: bool) -> None:
        files = [wheel("a", "1.0"), sdist("a", "1.1"), wheel("a-b", "2.0")]
        with serve_index(files, html=html) as index:
            found = self.pages(index).files_of([pypi_name("a"), pypi_name("gone")])
        listed = found[pypi_name("a")]
        assert listed is not None
        assert [(str(file.version), file.is_wheel) for file in listed] == [("1.0", True), ("1.1", False)]
        assert found[pypi_name("gone")] is None

    def test_a_folder_counts_too(self, tmp_path: Path) -> None:
        folder = Index(files=[wheel("a", "3.0")]).write(tmp_path / "w")
        (folder / "notes.txt").write_text("no archive")
        pages = self.pages(Index(), folder.as_uri(), (tmp_path / "gone").as_uri())
        found = pages.files_of([pypi_name("a")])[pypi_name("a")]
        assert found is not None
        assert [str(file.version) for file in found] == ["3.0"]
        assert pages.local_names() == ("a",)

    def test_a_page_with_links_is_read_once_and_kept_for_times_without_a_network(
        self, tmp_path: Path
    ) -> None:
        with serve_index([wheel("a", "3.0")], html=True) as index:
            for offline in (False, True):
                web = Web([], timeout=5, offline=offline)
                pages = Pages(web, [], [f"{index.url}a/"], Placeholders({}), tmp_path)
                for _ in range(2):
                    found = pages.files_of([pypi_name("a")])[pypi_name("a")]
                    assert found is not None
                    assert [str(file.version) for file in found] == ["3.0"]
            assert index.requests == ["/simple/a/"]
            cold = Pages(Web([], timeout=5, offline=True), [], [index.url], Placeholders({}), tmp_path)
            assert cold.files_of([pypi_name("a")]) == {"a": None}

    def test_a_link_that_is_no_url_is_passed_over(self) -> None:
        from tests.loopback import Reply

        text = f'<a href="http://[x/a-1.0-{PURE}.whl">a</a><a href="a-2.0-{PURE}.whl">a</a>'
        with serve_index([], fault=lambda path, before: Reply(body=text.encode())) as index:
            found = self.pages(index).files_of([pypi_name("a")])[pypi_name("a")]
        assert [str(file.version) for file in found or ()] == ["2.0"]

    def test_nothing_is_asked_for_nothing(self) -> None:
        with serve_index([]) as index:
            assert self.pages(index).files_of([]) == {}
            assert index.requests == []

    def test_a_page_of_another_kind_is_a_fault_of_the_index(self) -> None:
        from tests.loopback import Reply

        with (
            serve_index([], fault=lambda path, before: Reply(body=b"hello")) as index,
            pytest.raises(IndexFailureError, match="no page of a package index"),
        ):
            self.pages(index).files_of([pypi_name("a")])


class TestShortage:
    MACHINE = Machine(tags=TagOrder(()), python_version="3.12.1", build=False)

    def file(self, version: str, python: str | None = None, *, is_wheel: bool = True) -> IndexFile:
        name = f"a-{version}-{PURE}.whl" if is_wheel else f"a-{version}.tar.gz"
        return IndexFile(file_name=name, version=Version(version), is_wheel=is_wheel, requires_python=python)

    def test_pythons_that_cannot_be_read_do_not_count(self) -> None:
        found = find_shortage(Requirement("a"), [self.file("1.0", "three")], self.MACHINE)
        assert found is not None
        assert found.kind is ConflictKind.NO_WHEEL

    def test_a_range_of_versions_is_said_and_not_a_list(self) -> None:
        files = [self.file(version) for version in ("1.0", "1.5", "2.0", "2.1")]
        found = find_shortage(Requirement("a>3"), files, self.MACHINE)
        assert found is not None
        assert found.text == "a has no version >3: there is 1.0 to 2.1"

    def test_a_local_version_is_looked_for_elsewhere(self) -> None:
        found = find_shortage(Requirement("a==2.0+cu12"), [self.file("2.0")], self.MACHINE)
        assert found is not None
        assert "--extra-index-url" in found.hints[0]

    def test_a_source_beside_wheels_that_do_not_run_could_be_built(self) -> None:
        files = [self.file("1.0"), self.file("1.0", is_wheel=False)]
        found = find_shortage(Requirement("a"), files, self.MACHINE)
        assert found is not None
        assert any("--build" in hint for hint in found.hints)

    def test_an_index_with_an_empty_page(self) -> None:
        found = find_shortage(Requirement("a"), [], self.MACHINE)
        assert found is not None
        assert found.text == "a has no version: there is none that can be used"

    def test_what_may_be_built_is_no_shortage(self) -> None:
        machine = Machine(tags=TagOrder(()), python_version="3.12.1", build=True)
        assert find_shortage(Requirement("a"), [self.file("1.0", is_wheel=False)], machine) is None


class TestWords:
    def test_uv_s_account_in_one_paragraph(self) -> None:
        text = (
            "warning: something\n  Updating https://example.org/a\nerror: No solution found\n"
            "  cause: Because a needs b\n         and b is not there, it fails.\n\nhint: use --pre\nmore"
        )
        assert words_of(text) == "No solution found: Because a needs b and b is not there, it fails"

    def test_the_place_of_the_cache_is_not_shown(self) -> None:
        text = (
            "error: Git operation failed\n  cause: failed to fetch into: /home/me/uv/git-v2/db/c7: no branch"
        )
        assert words_of(text) == "Git operation failed: no branch"

    def test_secrets_and_places_of_ours_are_not_shown(self) -> None:
        text = "error: https://me:hunter2@example.org and file:///x/condaenv-stubs-ab/0/a-1-py3-none-any.whl"
        assert words_of(text) == "https://********@example.org and conda's version"

    def test_what_is_long_is_cut(self) -> None:
        assert len(words_of("error: " + "word " * 1000)) == 600

    def test_many_texts_become_a_few(self) -> None:
        assert ranged(["b", "a", "b"]) == "a, b"
        assert ranged(map(str, range(10, 30))) == "10, 11, 12, 13, 14, … (20 in all)"


def test_a_lock_without_hashes_is_read() -> None:
    text = (
        'lock-version = "1.0"\ncreated-by = "uv"\n[[packages]]\nname = "a"\nversion = "1.0"\n'
        'wheels = [{ url = "https://example.org/a-1.0-py3-none-any.whl", hashes = {} }]\n'
    )
    (package,) = read_pylock(text)
    assert package.name == "a"


@pytest.mark.parametrize(
    "text", ["nonsense", "packages = 3", 'lock-version = "9"\ncreated-by = "x"\npackages = []']
)
def test_what_is_no_lock_is_said(text: str) -> None:
    with pytest.raises(CondaEnvToolsError, match="not a lock that is understood"):
        read_pylock(text)


class TestSourceMetadata:
    def archive(self, text: str, *, path: str = "a-1.0/PKG-INFO", zipped: bool = False) -> bytes:
        stream = io.BytesIO()
        if zipped:
            with zipfile.ZipFile(stream, "w") as archive:
                archive.writestr(path, text)
        else:
            with tarfile.open(fileobj=stream, mode="w:gz") as archive:
                info = tarfile.TarInfo(path)
                info.size = len(text)
                archive.addfile(info, io.BytesIO(text.encode()))
        return stream.getvalue()

    @pytest.mark.parametrize("zipped", [False, True])
    def test_what_is_not_left_to_the_build_is_read(self, *, zipped: bool) -> None:
        text = "Metadata-Version: 2.2\nName: a\nRequires-Dist: b\nDynamic: Description\n"
        assert archive_headers(self.archive(text, zipped=zipped)) == text

    @pytest.mark.parametrize(
        "text",
        [
            "Metadata-Version: 2.1\nRequires-Dist: b\n",
            "Metadata-Version: 2.2\nDynamic: Requires-Dist\n",
            "Metadata-Version: new\n",
            "Name: a\n",
        ],
    )
    def test_what_is_left_to_the_build_is_unknown(self, text: str) -> None:
        assert archive_headers(self.archive(text)) is None

    def test_what_is_no_archive_is_unknown(self) -> None:
        assert archive_headers(b"no archive") is None
        assert archive_headers(self.archive("Metadata-Version: 2.2\n", path="a/b/PKG-INFO")) is None
        assert archive_headers(self.archive("Metadata-Version: 2.2\n", path="a/b", zipped=True)) is None

    def test_a_tree_that_says_all(self, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text(
            '[project]\nname = "a"\nrequires-python = ">=3.9"\ndependencies = ["b>=1"]\n'
            '[project.optional-dependencies]\nx = ["c", "d; os_name == \'nt\'"]\n'
        )
        text = tree_headers(tmp_path)
        assert text is not None
        found = Metadata.parse(text)
        assert found.requires == ("b>=1", 'c ; extra == "x"', 'd ; (os_name == "nt") and extra == "x"')
        assert (found.extras, found.requires_python) == (("x",), ">=3.9")

    @pytest.mark.parametrize(
        "text",
        ['[project]\ndynamic = ["dependencies"]', "[build-system]", "not toml", "[project]\ndependencies = 3",
         '[project]\noptional-dependencies = {x = ["; broken"]}'],
    )  # fmt: skip
    def test_a_tree_that_does_not(self, tmp_path: Path, text: str) -> None:
        assert tree_headers(tmp_path) is None
        (tmp_path / "pyproject.toml").write_text(text)
        assert tree_headers(tmp_path) is None
