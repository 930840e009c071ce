"""One meaning of a text, whichever YAML library is installed, and no text that brings the process down."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from condaenv_tools.lock.yaml_text import YamlError, read_exactly, read_quickly


def test_a_scalar_is_its_text() -> None:
    tree, _ = read_exactly("a: 1e5\nb: yes\nc: 08\nd: 2024-01-01\ne: 0x1f\nf: null\ng: 'null'\nh:\n1: ~\n")
    assert tree == {
        "a": "1e5",
        "b": "yes",
        "c": "08",
        "d": "2024-01-01",
        "e": "0x1f",
        "f": None,
        "g": "null",
        "h": None,
        "1": None,
    }


def test_every_value_has_its_line() -> None:
    _, positions = read_exactly("a:\n- x\n- b: y\n  c: z\n")
    assert positions.line(("a", 1, "c")) == 4
    assert positions.line(("a", 0)) == 2
    assert positions.line(("a", 7)) == 1
    assert positions.line(()) == 1


def test_aliases_are_one_value() -> None:
    tree, _ = read_exactly("a: &x {b: '1'}\nc: *x\n")
    assert tree["c"] is tree["a"]


def test_an_empty_text_is_none() -> None:
    assert read_exactly("# nothing\n")[0] is None


def test_without_the_quick_library_nothing_is_read_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml_rs", None)
    assert read_quickly("a: 1") is None


BOMBS = {
    "flow": "[" * 200_000,
    "flow-map": "{a: " * 200_000,
    "compact": "- " * 200_000 + "a",
    "questions": "? " * 200_000 + "a",
    "block": "".join(" " * i + "a:\n" for i in range(3000)),
    "shallow-enough-for-the-guard": "".join(" " * i + "a:\n" for i in range(300)),
    "laughs": "a: &a [x,x]\n"
    + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(24)),
    "loop": "a: &a [*a]\n",
}


@pytest.mark.parametrize("name", [name for name in BOMBS if name != "laughs"])
def test_nesting_is_bounded(name: str) -> None:
    with pytest.raises(YamlError):
        read_exactly(BOMBS[name])


@pytest.mark.parametrize("name", BOMBS)
def test_nothing_brings_the_quick_way_down(name: str) -> None:
    found: Any = read_quickly(BOMBS[name])
    assert found is None or isinstance(found, dict)


def test_repeated_aliases_take_no_memory() -> None:
    tree, _ = read_exactly(BOMBS["laughs"])
    assert tree["z"][0] is tree["y"] if "z" in tree else tree


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("a: 1\na: 2\n", "'a' stands twice", 2),
        ("a: *b\n", "stands for nothing", 1),
        ("a: 1\n---\nb: 2\n", "more than one document", 2),
        ("[1]: 2\n", "a key is no plain text", 1),
        ("a:\n\tb: 1\n", "cannot start any token", 2),
        ("a: 'b\n", "quoted scalar", 2),
        ("a: \x07\n", "control characters", 1),
    ],
    ids=["twice", "alias", "documents", "key", "tab", "quote", "control"],
)
def test_faults_have_a_reason_and_a_line(text: str, reason: str, line: int) -> None:
    with pytest.raises(YamlError, match=reason) as caught:
        read_exactly(text)
    assert caught.value.line == line
