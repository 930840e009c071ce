"""Texts as YAML scalars: what is written is read as the same text, in every place."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from condaenv_tools.parse.editing.scalars import CONTEXTS, reads_plain, written

#: What a plain YAML loader must find.
FOUND = {
    "item": lambda text: [text],
    "flow": lambda text: [text, text],
    "value": lambda text: {"k": text},
    "item-value": lambda text: [{"k": text}],
    "flow-value": lambda text: {"k": text},
}
TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from(" -:#[]{}&*!|>'\"%@`,?=~\\<.0123eEyn"),
        st.characters(categories=("Ll", "Lu", "Nd", "Po", "Sm")),
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: text.isprintable() and text == text.strip())


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("quote", ["'", '"'])
@settings(max_examples=50, deadline=None)
@given(text=TEXTS)
@example(text="3.10")
@example(text='it\'s "so"\\')
@example(text="<<")
@example(text="=")
@example(text="a,b")
def test_what_is_written_is_read(context: str, quote: str, text: str) -> None:
    for always in (False, True):
        spelled = written(text, context, quote, always=always)
        assert yaml.safe_load(CONTEXTS[context].replace("T", spelled)) == FOUND[context](text)
        assert not always or spelled[0] in "'\""


@pytest.mark.parametrize(
    "text",
    [
        "numpy=1.26",
        "numpy >=1,<2",
        "-e .",
        "c::a[version='>=1']",
        "https://example.org/x.whl",
        "a@b",
        "r-base",
        "7zip",
    ],
)
def test_no_quotes_where_none_are_needed(text: str) -> None:
    assert written(text, "item", '"') == text


@pytest.mark.parametrize(
    "text", ["3.10", "1_0", "0o7", "0x1", "1e3", "y", "No", "null", "~", "2001-01-01", "", "12:30"]
)
def test_what_a_version_of_yaml_reads_otherwise_is_not_plain(text: str) -> None:
    assert not reads_plain(text)
