"""Requirements files: lines joined and stripped as pip does it, encodings, places, and every fault at once."""

from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from condaenv_tools.model.environment import PipItem
from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.requirements_txt import logical_lines, parse_requirements
from tests.parse.laws import check_reading


def items(parsed: ParsedFile) -> tuple[PipItem, ...]:
    assert parsed.environment is not None
    return parsed.environment.pip


def codes(parsed: ParsedFile) -> list[str]:
    return [finding.code for finding in parsed.findings]


TEXT = """\
# what we need
--index-url https://pip.example.org/simple
-r base.txt   # more
Requests[socks] >= 2 ; python_version < "4" \\
    --hash=sha256:{digest} \\
    --hash=sha256:{digest}

  -e ./pkg
git+https://example.org/b.git@v1#egg=b
""".format(digest="0f" * 32)


def test_every_line_has_its_own_span() -> None:
    parsed = parse_requirements(TEXT, path="r.txt")
    assert not parsed.findings
    assert [(item.kind.value, item.name, str(item.span)) for item in items(parsed)] == [
        ("option", None, "r.txt:2:1"),
        ("file", None, "r.txt:3:1"),
        ("requirement", "requests", "r.txt:4:1"),
        ("editable", None, "r.txt:8:3"),
        ("vcs", "b", "r.txt:9:1"),
    ]
    joined = items(parsed)[2]
    assert TEXT[joined.span.start : joined.span.end].count("\n") == 2
    assert TEXT[joined.span.start : joined.span.end].endswith("0f0f")
    assert len(joined.details.hashes) == 2
    assert joined.details.marker == 'python_version < "4"'


def test_a_fault_in_a_continued_line_has_its_true_place() -> None:
    text = "a==1 \\\n  --hash=md5:1 \\\n\t --hash=sha256:2 # no\n"
    parsed = parse_requirements(text, path="r.txt")
    assert [(f.code, str(f.span), f.source) for f in parsed.findings] == [
        ("CE409", "r.txt:2:3", "  --hash=md5:1 \\"),
        ("CE410", "r.txt:3:3", "\t --hash=sha256:2 # no"),
    ]
    for finding in parsed.findings:
        assert finding.span is not None
        assert text[finding.span.start : finding.span.end].startswith("--hash=")


def test_all_faults_of_a_file_are_told_at_once() -> None:
    parsed = parse_requirements("a=1\nb>>1\n--nope\n-i https://me:hunter2@example.org/s\n", path="r.txt")
    assert codes(parsed) == ["CE402", "CE401", "CE401", "CE602"]
    assert [item.text for item in items(parsed)][:3] == ["a=1", "b>>1", "--nope"]
    assert "hunter2" not in "\n".join(map(str, parsed.findings)) + repr(parsed.environment)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\r\nb\rc\nd", ["a", "b", "c", "d"]),
        ("a\x0bb\x0cc\x85d\u2028e", ["a", "b", "c", "d", "e"]),
        ("a \\\n\nb", ["a", "b"]),
        ("a \\\n# b\nc", ["a", "c"]),
        ("# a \\\nb", ["b"]),
        ("a # b \\\nc", ["a"]),
        ("a#b\nc # d # e\n#f\n \t# g", ["a#b", "c"]),
        ("\\\n\\\na\\", ["a"]),
        ("\\\\a\\\\\nb", ["ab"]),
        ("\ufeffa", ["a"]),
        ("", []),
    ],
)
def test_lines_are_joined_and_stripped(text: str, lines: list[str]) -> None:
    assert [line.text for line in logical_lines(text.lstrip("\ufeff"))] == lines
    assert [item.text for item in items(parse_requirements(text))] == lines


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="ab#\\ \t\n\r\x0b\x85\u2028=", max_size=30))
@example("a\\\n #b")
@example("a \\\n b # c \\\n d")
def test_lines_are_those_of_pip(text: str) -> None:
    req_file = pytest.importorskip("pip._internal.req.req_file")
    joined = req_file.ignore_comments(req_file.join_lines(enumerate(text.splitlines(), start=1)))
    assert [line.text for line in logical_lines(text)] == [line for _, line in joined]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab#\\ \t\n\r\x0b=-", max_size=30))
def test_each_character_has_its_place(text: str) -> None:
    for line in logical_lines(text):
        for at, character in enumerate(line.text):
            start, end = line.place(at, at + 1)
            assert end == start + 1
            # The space that keeps a comment a comment is in no text.
            assert text[start] == character


def test_a_backslash_with_white_space_behind_it_joins_nothing() -> None:
    parsed = parse_requirements("a \\ \nb \\ # c\nd\n", path="r.txt")
    assert [(f.code, str(f.span)) for f in parsed.findings] == [
        ("CE401", "r.txt:1:3"),
        ("CE401", "r.txt:2:3"),
    ]
    assert [item.text for item in items(parsed)] == ["a", "b", "d"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (codecs.BOM_UTF8 + "a # é".encode(), "a"),
        ("a".encode("utf-16"), "a"),
        ("# -*- coding: latin-1 -*-\n./caf\xe9\n".encode("latin-1"), "./caf\xe9"),
        ("#!x\n# vim: set fileencoding=cp1252 :\n./\u20ac\n".encode("cp1252"), "./\u20ac"),
        ("# coding=utf-8\n./\u20ac\n".encode(), "./\u20ac"),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n./\xc3\xa9", "./é"),
        (b"a\n\n# coding: nonsense\n", "a"),
    ],
)
def test_bytes_are_decoded_as_pip_does(data: bytes, text: str) -> None:
    parsed = parse_requirements(data, path="r.txt")
    assert [item.text for item in items(parsed)] == [text]
    req_file = pytest.importorskip("pip._internal.req.req_file")
    assert text in req_file._decode_req_file(data, "r.txt")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"# coding: nonsense\na", "`nonsense`, which the file names, is no encoding of text"),
        (b"# coding: rot13\na", "`rot13`, which the file names, is no encoding of text"),
        (b"# coding: punycode\na", "`punycode`, which the file names, is no encoding of text"),
        (b"# coding: ascii\n\xe9", "the file says that it is ascii, and is not: byte 16 does not fit"),
        (b"a\n\xe9", "the file is not UTF-8: byte 0xe9 at offset 2, which would be 'é' in Windows-1252"),
    ],
)
def test_bytes_that_are_no_text_are_told(data: bytes, message: str) -> None:
    parsed = parse_requirements(data, path="r.txt")
    assert parsed.environment is None
    assert [(f.code, f.message) for f in parsed.findings] == [("CE102", message)]


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=40) | st.text(alphabet="ab1 -=;@[]#\"'\\/:.+${}~<>!,\t\n\r", max_size=40))
def test_any_text_is_read_or_told(text: str) -> None:
    check_reading(parse_requirements(text, path="r.txt"), text)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.binary(max_size=30).map(lambda data: b"# coding: utf-7\n" + data))
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    parsed = parse_requirements(data, path="r.txt")
    assert parsed.environment is not None or parsed.findings


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000, "(" * 1_000_000, "\\" * 1_000_000, " " * 1_000_000, "#" * 1_000_000, "\n" * 1_000_000,
        "\\\n" * 500_000, "a \\\n" * 250_000, "a\n" * 300_000, " #\n" * 300_000, "a==1 \\\n --hash=x\n" * 60_000,
        "-r a.txt\n" * 110_000, "=\n" * 300_000, "a\tb\n" * 200_000, "\\ \n" * 300_000, " \\" * 500_000,
        "https://a:b@c/" * 70_000, "a @ https://" * 80_000,
    ],
    ids=lambda text: f"{text[:6]!r}",
)  # fmt: skip
def test_a_huge_file_is_read_in_bounded_time(text: str) -> None:
    begun = time.process_time()
    parsed = parse_requirements(text, path="r.txt")
    # A bound against running away, wide enough for any machine.
    assert time.process_time() - begun < 5
    assert len(parsed.findings) <= 1000


def test_lines_beyond_reason_are_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("condaenv_tools.parse.requirements_txt.MAX_LINES", 3)
    assert not parse_requirements("a\nb\nc\n# d\n").findings
    parsed = parse_requirements("a\nb\nc\n# d\ne\n")
    assert [item.text for item in items(parsed)] == ["a", "b", "c"]
    assert [finding.message for finding in parsed.findings] == [
        "the file has more than 3 requirements, and the rest is left out"
    ]
