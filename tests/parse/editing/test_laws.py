"""What must hold of every edit of every file that can be drawn."""

from __future__ import annotations

import re
from contextlib import suppress

import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import ParseError
from condaenv_tools.parse.editing.changes import Add, Change, Remove, Section, SetSpec
from condaenv_tools.parse.editing.edit import edit_environment
from condaenv_tools.parse.environment_yml import loads_environment
from tests.parse.editing.laws import NEW, edited, pushed
from tests.strategies import Drawn, environment_files

LISTS = (Section.DEPENDENCIES, Section.PIP, Section.CHANNELS)


def drawn_items(file: Drawn) -> list[tuple[Section, str]]:
    return [
        (section, text)
        for section, texts in zip(LISTS, (file.dependencies, file.pip, file.channels), strict=True)
        for text in texts
    ]


def loaded(text: str) -> dict[str, list[str]]:
    """The lists of a file as a plain YAML loader has them."""
    data = yaml.safe_load(text) or {}
    deps = data.get("dependencies") or []
    return {
        "dependencies": [item for item in deps if isinstance(item, str)],
        "pip": [line for item in deps if isinstance(item, dict) for line in item["pip"]],
        "channels": data.get("channels") or [],
    }


@settings(deadline=None)
@given(environment_files(), st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-32")))
def test_no_edit_gives_the_same_bytes(file: Drawn, encoding: str) -> None:
    data = file.text.encode(encoding)
    assert edit_environment(data, []) == data
    assert edit_environment(file.text, []) == file.text


@settings(deadline=None)
@given(environment_files(), st.sampled_from(LISTS))
def test_add_and_remove_are_inverse(file: Drawn, section: Section) -> None:
    assume(any(where is section for where, _ in drawn_items(file)))
    new = NEW[section]
    there = edited(file.text, Add(section=section, text=new))
    assert sorted(loaded(there.text)[section.value]) == sorted([*loaded(file.text)[section.value], new])
    assert edited(there.text, Remove(section=section, name=new)).text == file.text


@settings(deadline=None)
@given(environment_files(), st.data())
def test_remove_and_add_at_its_place_are_inverse(file: Drawn, data: st.DataObject) -> None:
    assume(drawn_items(file))
    section, text = data.draw(st.sampled_from(drawn_items(file)))
    gone = edited(file.text, Remove(section=section, name=text))
    line = gone.changed[0].line
    assert text not in loaded(gone.text)[section.value]
    if line in file.plain and loaded(gone.text)[section.value]:
        assert edited(gone.text, Add(section=section, text=text, line=line)).text == file.text


@settings(deadline=None)
@given(environment_files(), st.data())
def test_set_and_set_back_are_inverse(file: Drawn, data: st.DataObject) -> None:
    items = [item for item in drawn_items(file) if item[0] is not Section.CHANNELS]
    assume(items)
    section, text = data.draw(st.sampled_from(items))
    new = NEW[section]
    there = edited(file.text, SetSpec(section=section, name=text, text=new))
    before = loaded(file.text)[section.value]
    assert loaded(there.text)[section.value] == [new if item == text else item for item in before]
    back = edited(there.text, SetSpec(section=section, name="zz-new", text=text))
    if pushed(file.text, there.text):
        assert re.sub(" +#", " #", back.text) == re.sub(" +#", " #", file.text)
    else:
        assert back.text == file.text


@settings(deadline=None)
@given(environment_files(), st.data())
def test_any_changes_leave_what_they_mean(file: Drawn, data: st.DataObject) -> None:
    lists = loaded(file.text)
    changes: list[Change] = []
    for number in range(data.draw(st.integers(1, 6))):
        section = data.draw(st.sampled_from(LISTS))
        texts = lists[section.value]
        action = data.draw(st.sampled_from(("add", "remove", "set")))
        new = f"zz{number}" + ("" if section is Section.CHANNELS else ">=1,<2")
        if action == "add" or not texts:
            changes.append(Add(section=section, text=new))
            if (
                section is Section.PIP
                and not texts
                and not any(d.split("=")[0] == "pip" for d in lists["dependencies"])
            ):
                lists["dependencies"].append("pip")
            texts.append(new)
            continue
        at = data.draw(st.integers(0, len(texts) - 1))
        if action == "remove":
            changes.append(Remove(section=section, name=texts.pop(at)))
        else:
            changes.append(SetSpec(section=section, name=texts[at], text=new))
            texts[at] = new
    result = edited(file.text, *changes)
    assert {key: sorted(texts) for key, texts in loaded(result.text).items()} == {
        key: sorted(texts) for key, texts in lists.items()
    }
    loads_environment(result.text)
    left = [line.strip() for line in result.text.splitlines() if line.strip().startswith("#")]
    assert left == [line.strip() for line in file.text.splitlines() if line.strip().startswith("#")]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=" \n-:#[]{}&*!|>'\"%@`,?abpip\t\r\u00e9", max_size=40), st.sampled_from(list(NEW)))
def test_whatever_the_text_an_edit_is_right_or_refused(tail: str, section: Section) -> None:
    text = f"dependencies:\n  - a\n  - b {tail}"
    changes: list[Change] = [
        Add(section=section, text=NEW[section]),
        Remove(name="a"),
        SetSpec(name="a", text="a=2"),
    ]
    for change in changes:
        with suppress(ParseError):
            edited(text, change)
