"""Bytes to text and back."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import ParseError
from condaenv_tools.parse.encoding import TextFile
from condaenv_tools.parse.text import decode

MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


@pytest.mark.parametrize("encoding", MARKS)
@settings(deadline=None)
@given(text=st.text(), marks=st.integers(1, 3))
def test_bytes_come_back(encoding: str, text: str, marks: int) -> None:
    # The mark of UTF-16 and a null character are the mark of UTF-32.
    assume(not (encoding == "utf-16-le" and marks == 1 and text.startswith("\0")))
    data = MARKS[encoding] + ("\ufeff" * (marks - 1) + text).encode(encoding)
    file = TextFile.of(data)
    assert file.data == data
    assert (file.text, file.encoding) == (text.lstrip("\ufeff"), encoding)
    assert file.with_text(file.text + "é").data == data + "é".encode(encoding)


@settings(deadline=None)
@given(st.binary())
@example(b"\xff\xfe\x00\x00")
@example(b"\xef\xbb\xbf\xef\xbb\xbf")
def test_any_bytes_come_back_or_are_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except ParseError:
        with pytest.raises(ParseError):
            TextFile.of(data)
        return
    assert TextFile.of(data).text == text
    assert TextFile.of(data).data == data
