"""Source archives read as data: what they say, how far it counts, and that no archive can do harm."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st
from packaging.version import Version

from condaenv_tools.resolve.pypi import source_archives
from condaenv_tools.resolve.pypi.metadata import Metadata
from condaenv_tools.resolve.pypi.source_archives import members_of
from condaenv_tools.resolve.pypi.source_metadata import Trust, source_headers

ONE = Version("1.0")
NEW = "Metadata-Version: 2.2\nName: toy\nVersion: 1.0\n"
OLD = "Metadata-Version: 1.2\nName: toy\nVersion: 1.0\nRequires-Python: >=3.6\n"


def packed(members: Mapping[str, str | tarfile.TarInfo], mode: str = "w:gz", root: str = "toy-1.0/") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for path, what in members.items():
            if isinstance(what, tarfile.TarInfo):
                archive.addfile(what)
                continue
            info = tarfile.TarInfo(f"{root}{path}")
            info.size = len(what.encode())
            archive.addfile(info, io.BytesIO(what.encode()))
    return bytes(stream.getvalue())


def zipped(members: Mapping[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in members.items():
            archive.writestr(f"toy-1.0/{path}", text)
    return stream.getvalue()


def said(members: Mapping[str, str]) -> tuple[Trust, Metadata]:
    headers = source_headers(packed(members), "toy", ONE)
    return headers.trust, Metadata.parse(headers.text)


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_of_any_packing_is_read(mode: str) -> None:
    assert members_of(packed({"PKG-INFO": NEW, "setup.py": "x"}, mode)) == {"PKG-INFO": NEW}


def test_a_zip_is_read() -> None:
    members = {"PKG-INFO": NEW, "toy.egg-info/requires.txt": "b", "a/b/c/d.egg-info/requires.txt": "deep"}
    assert members_of(zipped(members)) == {"PKG-INFO": NEW, "toy.egg-info/requires.txt": "b"}


def test_a_leading_dot_is_no_folder() -> None:
    assert members_of(packed({"PKG-INFO": NEW}, root="./toy-1.0/")) == {"PKG-INFO": NEW}


class TestWhatCounts:
    def test_metadata_that_is_not_left_to_the_build(self) -> None:
        members = {
            "PKG-INFO": f"{NEW}Requires-Dist: b>=1\nProvides-Extra: x\nDynamic: License\n",
            "toy.egg-info/requires.txt": "other",
        }
        assert said(members) == (Trust.STATIC, Metadata(requires=("b>=1",), extras=("x",), version="1.0"))

    def test_a_project_table_that_says_all_comes_before_what_was_packed(self) -> None:
        members = {
            "PKG-INFO": OLD,
            "pyproject.toml": '[project]\nname = "toy"\ndependencies = ["b"]\n',
            "toy.egg-info/requires.txt": "b\nc\n",
        }
        assert said(members) == (Trust.STATIC, Metadata(requires=("b",)))

    def test_dynamic_requirements_are_those_of_the_packing(self) -> None:
        members = {
            "PKG-INFO": f"{NEW}Requires-Dist: b>=1\nRequires-Python: >=3.8\nDynamic: Requires-Dist\n",
            "pyproject.toml": '[project]\nname = "toy"\ndynamic = ["dependencies"]\n',
        }
        assert said(members) == (Trust.PACKED, Metadata(requires=("b>=1",), requires_python=">=3.8"))

    def test_requires_txt_with_its_sections(self) -> None:
        listed = (
            "b>=1\nc\n\n[:python_version < '3.8']\nold; os_name == 'nt'\n\n"
            "[fast]\nd\n\n[fast:os_name == 'nt']\ne>=2\n# a comment\n"
        )
        members = {"PKG-INFO": f"{OLD}Provides-Extra: fast\n", "src/toy.egg-info/requires.txt": listed}
        trust, metadata = said(members)
        assert trust is Trust.PACKED
        assert metadata == Metadata(
            requires=(
                "b>=1",
                "c",
                "old ; (os_name == \"nt\") and (python_version < '3.8')",
                'd ; extra == "fast"',
                'e>=2 ; (os_name == "nt") and extra == "fast"',
            ),
            requires_python=">=3.6",
            extras=("fast",),
        )

    def test_a_folder_of_setuptools_without_requirements_says_that_there_are_none(self) -> None:
        found = said({"PKG-INFO": OLD, "toy.egg-info/PKG-INFO": OLD})
        assert found == (Trust.PACKED, Metadata(requires_python=">=3.6"))

    def test_without_any_of_them_nothing_is_known(self) -> None:
        assert said({"PKG-INFO": OLD, "setup.py": "boom"})[0] is Trust.UNKNOWN
        assert said({})[0] is Trust.UNKNOWN

    @pytest.mark.parametrize(
        "own", ["Name: other\nVersion: 1.0\n", "Name: toy\nVersion: 2.0\n", "Name: toy\n"]
    )
    def test_an_archive_of_another_release_is_not_believed(self, own: str) -> None:
        members = {"PKG-INFO": f"Metadata-Version: 2.2\n{own}", "toy.egg-info/requires.txt": "b"}
        assert said(members)[0] is Trust.UNKNOWN

    def test_the_folder_of_another_distribution_does_not_count(self) -> None:
        assert said({"PKG-INFO": OLD, "vendored.egg-info/requires.txt": "b"})[0] is Trust.UNKNOWN

    def test_a_spelling_of_the_name_is_no_other_name(self) -> None:
        text = "Metadata-Version: 2.2\nName: My_Toy\nVersion: 1.0.0\nRequires-Dist: b\n"
        assert source_headers(packed({"PKG-INFO": text}), "my-toy", ONE).trust is Trust.STATIC


def link(path: str, target: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(path)
    info.type, info.linkname = kind, target
    return info


class TestHarm:
    """None of these is read, nothing lands on the disk, and memory stays small."""

    @pytest.fixture(autouse=True)
    def _nothing_is_written(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterable[None]:
        monkeypatch.chdir(tmp_path)
        before = sorted(os.walk(tmp_path.parent))
        yield
        assert sorted(os.walk(tmp_path.parent)) == before

    @pytest.mark.parametrize("root", ["../", "/", "/etc/", "./../", "a/../", ".//"])
    def test_a_path_out_of_the_archive(self, root: str) -> None:
        assert members_of(packed({"PKG-INFO": NEW}, root=root)) == {}

    @pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
    def test_a_link_or_a_device_in_place_of_a_file(self, kind: bytes) -> None:
        members = {"x": link("toy-1.0/PKG-INFO", "/etc/passwd", kind), "pyproject.toml": "[project]\n"}
        assert members_of(packed(members)) == {"pyproject.toml": "[project]\n"}

    def test_a_link_in_a_zip(self) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            entry = zipfile.ZipInfo("toy-1.0/PKG-INFO")
            entry.external_attr = 0o120777 << 16
            archive.writestr(entry, "/etc/passwd")
        assert members_of(stream.getvalue()) == {}

    def zeros(self, path: str, size: int) -> bytes:
        """Return an archive with so many zeros as one file, made without holding them."""
        info = tarfile.TarInfo(path)
        info.size = size
        stream = io.BytesIO()
        with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1) as packing:
            packing.write(info.tobuf())
            for _ in range(size // 1_000_000):
                packing.write(bytes(1_000_000))
            packing.write(bytes(-size % 512))
            packing.write(packed({"PKG-INFO": NEW}, "w"))
        return stream.getvalue()

    def peak(self, content: bytes) -> tuple[dict[str, str], int]:
        tracemalloc.start()
        try:
            found = members_of(content)
            return found, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def test_200_mb_of_zeros_are_passed_by(self) -> None:
        found, peak = self.peak(self.zeros("toy-1.0/data.bin", 200_000_000))
        assert found == {"PKG-INFO": NEW}
        assert peak < 20_000_000

    @pytest.mark.parametrize("name", ["PKG-INFO", "toy.egg-info/requires.txt"])
    def test_200_mb_of_zeros_in_place_of_metadata(self, name: str) -> None:
        found, peak = self.peak(self.zeros(f"toy-1.0/{name}", 200_000_000))
        assert name == "PKG-INFO" or "requires.txt" not in str(found)
        assert all(len(text) < 1000 for text in found.values())
        assert peak < 20_000_000

    def test_a_bomb_is_given_up(self) -> None:
        found, peak = self.peak(self.zeros("toy-1.0/data.bin", 400_000_000))
        assert found == {}
        assert peak < 20_000_000

    def test_a_zip_that_lies_about_a_size(self) -> None:
        content = zipped({"PKG-INFO": "x" * 5_000_000, "pyproject.toml": "[project]\n"})
        assert members_of(content) == {"pyproject.toml": "[project]\n"}
        small = content.replace((5_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
        assert "x" * 200 not in members_of(small).get("PKG-INFO", "")

    def test_a_header_that_is_too_long(self) -> None:
        head = tarfile.TarInfo("long")
        head.type, head.size = tarfile.XHDTYPE, 100_000_000
        stream = io.BytesIO()
        with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1) as packing:
            packing.write(head.tobuf())
            for _ in range(100):
                packing.write(bytes(1_000_000))
        found, peak = self.peak(stream.getvalue())
        assert found == {}
        assert peak < 5_000_000

    def test_too_many_files(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(source_archives, "_MOST_MEMBERS", 20)
        many = {f"f{i}": "" for i in range(30)}
        assert members_of(packed({**many, "PKG-INFO": NEW})) == {}
        assert members_of(packed({"PKG-INFO": NEW, **many})) == {"PKG-INFO": NEW}

    @pytest.mark.parametrize(
        "spoil",
        [lambda data: data[:200], lambda data: data[:-40], lambda data: data[:60] + b"\0" * 40 + data[100:]],
        ids=["cut", "end", "broken"],
    )
    @pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz", "zip"])
    def test_a_broken_archive_is_no_error(self, spoil: Callable[[bytes], bytes], mode: str) -> None:
        members = {"setup.py": "x" * 3000, "PKG-INFO": NEW}
        content = zipped(members) if mode == "zip" else packed(members, mode)
        assert set(members_of(spoil(content))) <= {"PKG-INFO"}

    def test_text_that_is_none(self) -> None:
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as archive:
            info = tarfile.TarInfo("toy-1.0/PKG-INFO")
            info.size = 4
            archive.addfile(info, io.BytesIO(b"\xff\xfe\x00\x01"))
        assert members_of(stream.getvalue()) == {}


@draw(
    st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00"])
)
def test_any_bytes_are_no_error(data: bytes, lead: bytes) -> None:
    assert members_of(lead + data) == {}


@draw(st.text(max_size=200), st.sampled_from(["PKG-INFO", "pyproject.toml", "toy.egg-info/requires.txt"]))
def test_any_text_of_metadata_is_no_error(text: str, name: str) -> None:
    try:
        content = packed({"PKG-INFO": OLD, name: text})
    except UnicodeEncodeError:
        return
    headers = source_headers(content, "toy", ONE)
    assert isinstance(Metadata.parse(headers.text), Metadata)
