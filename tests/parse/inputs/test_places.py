"""TOML and JSON: the values are those of the standard library, and each stands where it says."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.parse.inputs.items import Item, describe_value, read_json, read_toml
from condaenv_tools.parse.inputs.spots import MAX_DEPTH
from condaenv_tools.parse.report import Report
from condaenv_tools.parse.text import SourceText


def toml(text: str) -> Item:
    found = read_toml(Report(SourceText(text, path="p.toml")))
    assert found is not None
    return found


def fault(text: str, *, language: str = "toml") -> tuple[str, str, str]:
    report = Report(SourceText(text, path="p"))
    assert (read_toml if language == "toml" else read_json)(report) is None
    (finding,) = report.findings()
    return finding.location, finding.message, finding.hint


def leaves(item: Item) -> Iterator[Item]:
    if item.is_table:
        for _, member in item.members():
            yield from leaves(member)
    elif item.is_array:
        for element in item.elements():
            yield from leaves(element)
    else:
        yield item


def written(item: Item) -> str:
    return item.text[item.spot.start : item.spot.end]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
SCALARS = st.booleans() | st.integers(-(10**9), 10**9) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES, max_size=4)
SPACES = st.sampled_from(["", " ", "  ", "\t"])


def inline(value: Any, space: str) -> str:
    """Write a value as TOML: strings with JSON's escapes, which TOML shares."""
    if isinstance(value, dict):
        pairs = [
            f"{json.dumps(key, ensure_ascii=False)}{space}={space}{inline(member, space)}"
            for key, member in value.items()
        ]
        return "{" + space + f"{space},{space}".join(pairs) + space + "}"
    if isinstance(value, list):
        return (
            "[" + "".join(f"\n{space}{inline(member, space)}{space},{space}# ] x" for member in value) + "\n]"
        )
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


@given(DOCUMENTS, SPACES)
def test_every_value_of_a_toml_text_is_written_at_its_place(document: dict[str, Any], space: str) -> None:
    text = "".join(
        f"{json.dumps(key, ensure_ascii=False)} = {inline(value, space)}\n" for key, value in document.items()
    )
    root = toml(text)
    assert root.value == document
    for leaf in leaves(root):
        assert tomllib.loads(f"x = {written(leaf)}")["x"] == leaf.value


@given(st.dictionaries(TEXTS, DOCUMENTS, max_size=3))
def test_every_value_of_a_table_is_written_at_its_place(tables: dict[str, dict[str, Any]]) -> None:
    text = ""
    for name, members in tables.items():
        text += f"[[ a . {json.dumps(name, ensure_ascii=False)} ]] # x\r\n"
        text += "".join(
            f"b.{json.dumps(key, ensure_ascii=False)} = {inline(value, ' ')}\r\n"
            for key, value in members.items()
        )
    root = toml(text)
    for name, members in tables.items():
        found = root.get("a", name)
        assert found is not None
        (element,) = found.elements()
        assert element.value.get("b", {}) == members
        for leaf in leaves(element):
            assert tomllib.loads(f"x = {written(leaf)}")["x"] == leaf.value


@given(VALUES, st.sampled_from([None, 2]))
def test_every_value_of_a_json_text_is_written_at_its_place(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    root = read_json(Report(SourceText(text, path="p.json")))
    assert root is not None
    assert root.value == value
    for leaf in leaves(root):
        assert json.loads(written(leaf)) == leaf.value


@given(st.text("[]{}=,\"'\n#.a1 \\", max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    """What cannot be read is told once, at a place of the text; what can has the library's values."""
    report = Report(SourceText(text, path="p.toml"))
    found = read_toml(report)
    if found is None:
        (finding,) = report.findings()
        assert finding.span is not None
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
    else:
        assert list(leaves(found)) is not None


def test_places_of_strings_and_keys_are_without_quotes() -> None:
    text = '"a b" = \'x y\'\nc = """z"""\nd = ["e"]\n'
    root = toml(text)
    found = [(text[slice(*item.key)], text[slice(*item.place)]) for item in leaves(root)]
    # An item of a list has no key of its own.
    assert found == [("a b", "x y"), ("c", "z"), ('"e"', "e")]


def test_an_inline_table_may_go_over_lines() -> None:
    """TOML 1.1 has it, and manifests of pixi use it."""
    text = 'a = {\n  b = 1, # one\n  c = [2, {d = 3,}],\n}\ne = "x"\n'
    root = toml(text)
    assert root.value == {"a": {"b": 1, "c": [2, {"d": 3}]}, "e": "x"}
    found = root.get("e")
    assert found is not None
    assert text[slice(*found.place)] == "x"


@pytest.mark.parametrize(
    ("text", "where", "hint"),
    [
        ('[project]\nname = "x\n', "p:2:10", ""),
        (
            "[tool.poetry.dependencies]\nnumpy = ^1.2\n",
            "p:2:9",
            "put the version in quotes: `^1.2` is a text",
        ),
        ("a = 1\n<<<<<<< HEAD\nb = 2\n", "p:2:1", "git left a conflict here: keep one of the two sides"),
        ("a = 1\na = 2\n", "p:2:6", ""),
        ("a = {b = 1,\n c = }\n", "p:2:6", ""),
        ("a = [1, 2", "p:1:9", ""),
    ],
)
def test_bad_toml_is_told_once_with_its_place(text: str, where: str, hint: str) -> None:
    location, message, hinted = fault(text)
    assert message.startswith("the file is not TOML: ")
    assert (location, hinted) == (where, hint)


@pytest.mark.parametrize(("text", "where"), [('{"a": }', "p:1:7"), ('{"a"\n 1}', "p:2:2"), ("", "p:1:1")])
def test_bad_json_is_told_once_with_its_place(text: str, where: str) -> None:
    location, message, _ = fault(text, language="json")
    assert message.startswith("the file is not JSON: ")
    assert location == where


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a = " + "{a=" * 100_000,
        "a" + ".a" * 100_000 + " = 1",
        "[" + "a." * 100_000 + "a]",
    ],
    ids=["arrays", "tables", "keys", "headers"],
)
def test_nesting_beyond_sense_is_told_and_costs_nothing(text: str) -> None:
    _, message, _ = fault(text)
    assert "nested beyond all sense" in message


def test_json_nested_beyond_sense_is_told() -> None:
    assert "nested beyond all sense" in fault("[" * 100_000, language="json")[1]
    depth = MAX_DEPTH
    assert read_json(Report(SourceText("[" * depth + "]" * depth, path="p"))) is not None


def test_numbers_without_end_are_told() -> None:
    assert "more digits than any number needs" in fault("a = " + "9" * 5000)[1]
    assert "more digits than any number needs" in fault("9" * 5000, language="json")[1]


def test_types_have_names() -> None:
    values = ["x", {}, [], 1, 1.5, True, None, tomllib.loads("d = 1979-05-27")["d"]]
    assert list(map(describe_value, values)) == [
        "a text", "a table", "a list", "a number", "a number", "a truth value", "nothing", "a date",
    ]  # fmt: skip
