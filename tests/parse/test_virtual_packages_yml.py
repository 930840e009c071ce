"""Files of virtual packages in conda-lock's format."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import ParseError
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.virtual_packages_yml import parse_virtual_packages, read_virtual_packages

GOOD = """\
subdirs:
  linux-64:
    packages:
      __glibc: "2.28"
      __archspec: "1 x86_64"
      __cuda: 12.0
  osx-arm64:
    packages: {__osx: '11.0'}
"""


def test_a_file_is_read_as_written() -> None:
    table = parse_virtual_packages(GOOD)
    assert {p: list(map(str, found)) for p, found in table.items()} == {
        Platform.LINUX_64: ["__archspec=1=x86_64", "__cuda=12.0=0", "__glibc=2.28=0"],
        Platform.OSX_ARM64: ["__osx=11.0=0"],
    }


def test_a_number_keeps_its_zero() -> None:
    table = parse_virtual_packages("subdirs: {linux-64: {packages: {__cuda: 12.10}}}")
    assert table[Platform.LINUX_64][0].version == "12.10"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "v.yml: error CE103: the file is empty"),
        ("- a\n", "v.yml:1:1: error CE104: the file is a list"),
        ("{}\n", "the key subdirs is missing"),
        ("subdirs: [a]\n", "v.yml:1:10: error CE108: subdirs should be a mapping, and is a list"),
        ("subdir: {}\n", "did you mean subdirs?"),
        ("subdirs: {linux64: {packages: {}}}\n", "did you mean linux-64?"),
        ("subdirs: {noarch: {packages: {}}}\n", "`noarch` is not a platform"),
        ("subdirs: {linux-64: [x]}\n", "linux-64 should have the key packages"),
        ("subdirs: {linux-64: {packages: [x]}}\n", "packages should be a mapping, and is a list"),
        ("subdirs: {linux-64: {packages: {glibc: 2}}}\n", "did you mean __glibc?"),
        ("subdirs: {linux-64: {packages: {__glibc: }}}\n", "`__glibc` should have a version"),
        ("subdirs: {linux-64: {packages: {__glibc: 1 a b}}}\n", "should have a version"),
        ("subdirs: {linux-64: {packages: {__glibc: [2]}}}\n", "should have a version"),
        ('subdirs: {linux-64: {packages: {__cuda: "!!"}}}\n', "`!!` is no version"),
        (
            "subdirs: {linux-64: {packages: {__cuda: 1, __cuda: 2}}}\n",
            "`__cuda` is written already in line 1",
        ),
        ("subdirs: {linux-64: {packages: {'__cuda: 1}}}\n", "is never closed"),
    ],
)
def test_a_wrong_shape_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_virtual_packages(text, path="v.yml")
    assert message in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ParseError) as caught:
        parse_virtual_packages(
            "subdirs:\n  linux64: {}\n  osx-64:\n    packages:\n      osx: 11\n", path="v.yml"
        )
    assert str(caught.value) == (
        "v.yml:2:3: error CE502: `linux64` is not a platform that conda knows\n"
        "  2 │   linux64: {}\n"
        "    │   ^^^^^^^\n"
        "  hint: did you mean linux-64?\n"
        "v.yml:5:7: error CE209: `osx` is no virtual package: their names begin with two underscores (CEP 30)\n"
        "  5 │       osx: 11\n"
        "    │       ^^^\n"
        "  hint: did you mean __osx?"
    )


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "v.yml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_virtual_packages(path) == parse_virtual_packages(GOOD)
    with pytest.raises(ParseError, match="there is no such file"):
        read_virtual_packages(tmp_path / "none.yml")


def test_bytes_that_are_no_text_are_a_parse_error() -> None:
    with pytest.raises(ParseError, match="not UTF-8"):
        parse_virtual_packages(b"subdirs: \xff\n")


pieces = st.sampled_from(GOOD.splitlines(keepends=True)) | st.text(max_size=6)


@settings(deadline=None)
@given(st.lists(pieces, max_size=8).map("".join))
def test_nothing_but_a_table_or_a_parse_error_comes_out(text: str) -> None:
    try:
        table = parse_virtual_packages(text)
    except ParseError:
        return
    assert all(isinstance(platform, Platform) for platform in table)
