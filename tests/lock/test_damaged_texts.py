"""Text that is cut, shuffled or half merged: an error with a place and a next step, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random

import pytest

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.registry import FORMATS, loads_lock, lock_format
from condaenv_tools.lock.verify import verify
from tests.lock.test_pylock import mixed_lock
from tests.lock.test_tool_locks import FOLDER, MADE_BY

TIMES = 40
Damage = Callable[[list[str], Random], str]


@cache
def text_of(name: str) -> str:
    if name in FORMATS:
        return lock_format(name).dumps(mixed_lock())
    return (FOLDER / name).read_text(encoding="utf-8")


def cut(lines: list[str], random: Random) -> str:
    text = "".join(lines)
    return text[: random.randrange(len(text))]


def headless(lines: list[str], random: Random) -> str:
    text = "".join(lines)
    return text[random.randrange(len(text)) :]


def swapped(lines: list[str], random: Random) -> str:
    i, k = random.randrange(len(lines)), random.randrange(len(lines))
    lines[i], lines[k] = lines[k], lines[i]
    return "".join(lines)


def without_a_line(lines: list[str], random: Random) -> str:
    del lines[random.randrange(len(lines))]
    return "".join(lines)


def line_twice(lines: list[str], random: Random) -> str:
    i = random.randrange(len(lines))
    lines.insert(i, lines[i])
    return "".join(lines)


def other_character(lines: list[str], random: Random) -> str:
    text = "".join(lines)
    i = random.randrange(len(text))
    return text[:i] + random.choice("\x00\t\"'{}[]:#=-\n0é\ud7ff") + text[i + 1 :]


def half_merged(lines: list[str], random: Random) -> str:
    i = random.randrange(len(lines))
    ours, theirs = lines[i], lines[random.randrange(len(lines))]
    lines[i : i + 1] = ["<<<<<<< HEAD\n", ours, "=======\n", theirs, ">>>>>>> other\n"]
    return "".join(lines)


DAMAGE: tuple[Damage, ...] = (
    cut,
    headless,
    swapped,
    without_a_line,
    line_twice,
    other_character,
    half_merged,
)


@pytest.mark.parametrize("name", [*FORMATS, *MADE_BY])
@pytest.mark.parametrize("damage", DAMAGE, ids=lambda d: d.__name__)
def test_damaged_text_is_refused_with_a_next_step_or_read(name: str, damage: Damage) -> None:
    told = []
    for seed in range(TIMES):
        text = damage(text_of(name).splitlines(keepends=True), Random(f"{name}{damage.__name__}{seed}"))
        try:
            verify(loads_lock(text, path="the.file"))
        except LockFormatError as error:
            told.append(str(error))
    assert [text for text in told if "the.file" not in text or "\n  hint: " not in text] == []
    assert len(told) == TIMES or damage is not half_merged
