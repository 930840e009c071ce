"""Every committed file at hand, and the cases of the oracle: edits and their inverses."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from condaenv_tools.errors import ParseError
from condaenv_tools.model.environment import Environment
from condaenv_tools.parse.editing.changes import Add, EditError, Remove, Section, SetSpec
from condaenv_tools.parse.editing.edit import edit_environment, edit_text
from condaenv_tools.parse.editing.items import items_of, text_of
from condaenv_tools.parse.editing.meaning import reads_alike
from condaenv_tools.parse.encoding import TextFile
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.text import SourceText
from tests.parse.editing.laws import NEW, edited, pushed
from tests.shared_data import shared_path

ROOT = Path(__file__).resolve().parents[3]


def files() -> list[Path]:
    """Every file that people committed and that is at hand, and the cases of the oracle."""
    folders = [ROOT / "environments", shared_path("corpus"), shared_path("oracle", "cases")]
    return [
        path
        for folder in folders
        if folder
        for path in sorted(folder.rglob("*.y*ml"))
        if "conda-lock" not in path.name and "virtual-packages" not in path.name
    ]


def test_there_are_files_of_our_own() -> None:
    assert any("environments" in path.parts for path in files())


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_bytes_that_are_not_edited_come_back(path: Path) -> None:
    data = path.read_bytes()
    assert TextFile.of(data).data == data
    if parse_environment(data).environment is not None:
        assert edit_environment(data, []) == data


@pytest.mark.parametrize(
    ("number", "path"), list(enumerate(files())), ids=lambda part: getattr(part, "stem", None)
)
def test_edits_of_real_files(number: int, path: Path) -> None:
    """One item of each list of each file; which item and which law follows from the numbers."""
    text = TextFile.of(path.read_bytes()).text
    environment = parse_environment(text).environment
    if environment is None:
        with pytest.raises(ParseError, match="cannot be edited"):
            edit_text(text, [Add(text="zz-new")])
        return
    for turn, section in enumerate(NEW):
        texts = [text_of(item) for item in items_of(environment, section)]
        if texts and NEW[section] not in texts and path.stem not in REFUSED:
            law = (add_law, set_law, remove_law)[(number + turn) % 3]
            law(text, section, texts, (number * 7 + turn) % len(texts))


#: Files of the oracle whose lists are an alias, written twice, or hold an item without a text.
REFUSED = {"anchors", "dup_key", "dup_dep", "chan_dup", "item_null"}


def the_rest(text: str, *, but: Section) -> Environment:
    """All that a file says, one section left out."""
    environment = parse_environment(text).environment
    assert environment is not None
    changes: dict[str, Any] = {but.value: (), "has_pip_section": False}
    return replace(environment, **changes)


def texts_of(text: str, section: Section) -> list[str]:
    environment = parse_environment(text).environment
    assert environment is not None
    return [text_of(item) for item in items_of(environment, section)]


#: Written without quotes here and there, and given them by an edit: some tool reads them as something else.
NEED_QUOTES = {"yes", "."}


def line_of(text: str, section: Section, at: int) -> int:
    environment = parse_environment(text).environment
    assert environment is not None
    return items_of(environment, section)[at].span.line


def add_law(text: str, section: Section, texts: list[str], at: int) -> None:
    new = NEW[section]
    there = edited(text, Add(section=section, text=new))
    assert sorted(texts_of(there.text, section)) == sorted([*texts, new])
    assert reads_alike(the_rest(there.text, but=section), the_rest(text, but=section))
    assert edited(there.text, Remove(section=section, name=new)).text == text


def set_law(text: str, section: Section, texts: list[str], at: int) -> None:
    line = line_of(text, section, at)
    there = edited(text, SetSpec(section=section, name=texts[at], text=NEW[section], line=line))
    assert texts_of(there.text, section) == [*texts[:at], NEW[section], *texts[at + 1 :]]
    assert reads_alike(the_rest(there.text, but=section), the_rest(text, but=section))
    try:
        back = edited(there.text, SetSpec(section=section, name=NEW[section], text=texts[at], line=line))
    except EditError:  # what stood there is an error, or the file has it twice
        assert parse_environment(text).findings
        return
    if pushed(text, there.text):
        assert back.text.split() == text.split()
    elif texts[at] in NEED_QUOTES:
        assert back.text.replace(f'"{texts[at]}"', texts[at]) == text
    else:
        assert back.text == text


def remove_law(text: str, section: Section, texts: list[str], at: int) -> None:
    line = line_of(text, section, at)
    gone = edited(text, Remove(section=section, name=texts[at], line=line))
    assert texts_of(gone.text, section) == [*texts[:at], *texts[at + 1 :]]
    assert reads_alike(the_rest(gone.text, but=section), the_rest(text, but=section))
    written = SourceText(text, path="").shown_line(line)
    if (
        re.fullmatch(rf" *- +{re.escape(texts[at])}", written)
        and len(texts) > 1
        and texts.count(texts[at]) == 1
    ):
        try:
            back = edited(gone.text, Add(section=section, text=texts[at], line=line))
        except EditError:
            assert parse_environment(text).findings
            return
        assert back.text == text
