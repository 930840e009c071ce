"""What we write, every reader gives back, and PyYAML would have written it so where nothing is in doubt."""

from __future__ import annotations

import pytest
import yaml
import yaml_rs
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.lock.yaml_scalars import block, scalar
from condaenv_tools.lock.yaml_text import read_exactly

#: Texts that one of the readers takes for something else when they stand unquoted.
TRICKY = [
    *[
        "1e5",
        "12e34",
        "1E5",
        "1e+5",
        "0e0",
        "1_0",
        "_1",
        "08",
        "0777",
        "0o14",
        "0x1f",
        "0b11",
        "12:30",
        "1:2.5",
        "2024-01-01",
        "2024-1-1",
        ".5",
        "5.",
        ".",
        "..",
        "...",
    ],
    *[
        "---",
        "-",
        "?",
        ":",
        "#",
        "*",
        "&",
        "!",
        "|",
        ">",
        "'",
        '"',
        "%",
        "@",
        "`",
        "~",
        "=",
        "<<",
        "<4",
        "~=1.2",
        "=1",
        "==1",
        "!=1",
        "yes",
        "No",
        "ON",
        "off",
        "y",
        "n",
        "TRUE",
        "false",
        "Null",
    ],
    *[
        "null",
        "nan",
        ".NaN",
        ".inf",
        "-.INF",
        "+",
        "+1",
        "-1",
        "a:",
        "a:b",
        ":a",
        "a#b",
        "#a",
        "{a",
        "[a",
        ",a",
        "a,",
        "]a",
        "}a",
        "0.1",
        "1.10",
        "1.2.3",
        "2024.01",
    ],
    *[
        "0b830",
        "../a",
        ".a",
        "a@b",
        "$a",
        "\\",
        "\\n",
        "(a)",
        "{}",
        "[]",
        "1e",
        "1e5.2",
        "0x",
        "0b",
        "0o",
        "1-",
        "1_",
    ],
]
READERS = {
    "PyYAML": lambda text: yaml.load(text, yaml.SafeLoader),
    "PyYAML (C)": lambda text: yaml.load(text, yaml.CSafeLoader),
    # As we call it: it takes even a quoted date for a date otherwise.
    "yaml-rs": lambda text: yaml_rs.loads(text, parse_datetime=False),
    "exact": lambda text: read_exactly(text)[0],
}


def assert_same(text: str) -> None:
    written = scalar(text)
    assert written.isascii()
    assert written.isprintable()
    document = f"list:\n- {written}\nmap:\n  {written}: {written}\n  z: {written}\nlast: {written}\n"
    for name, read in READERS.items():
        assert read(document) == {"list": [text], "map": {text: text, "z": text}, "last": text}, name


@pytest.mark.parametrize(
    "text", [*TRICKY, "", " ", " a", "a ", "a  b", "a b", "a: b", "a #b", "\n", "a\nb", "\t", "\0"]
)
def test_tricky_texts(text: str) -> None:
    if text == "z":
        return
    assert_same(text)


@given(st.text(max_size=60).filter(lambda t: t != "z"))
def test_any_text(text: str) -> None:
    assert_same(text)


@given(st.text("0123456789eExXoObB_.:+-naifNAIF", min_size=1, max_size=8))
def test_whatever_looks_like_a_number(text: str) -> None:
    assert_same(text)


@given(st.text(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~a1", min_size=1, max_size=8))
def test_any_sign(text: str) -> None:
    assert_same(text)


@given(
    st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12), max_size=5).map(
        "\n".join
    )
)
def test_blocks(text: str) -> None:
    document = f"a:\n  key: {block(text, '    ')}\n  z: 1\n"
    for name, read in READERS.items():
        assert read(document)["a"]["key"] == text, name


PLAIN_AND_QUOTED = [
    *[
        "python",
        "6.5.2",
        "0.1",
        "1.10",
        ">=1,<2",
        "<4",
        "_libgcc_mutex",
        "2024.01",
        "../e.yml",
        "h1_0",
        "1_0",
        "0",
        "no",
        "0b830ba4",
        "!=1.2",
    ],
    *("3.13.* *_cp313", "", "https://conda.anaconda.org/conda-forge/noarch/a-1-0.conda"),
]


@pytest.mark.parametrize("text", PLAIN_AND_QUOTED)
def test_the_choice_is_that_of_pyyaml(text: str) -> None:
    assert yaml.dump({"k": text}, width=1000) == f"k: {scalar(text)}\n"
