"""The section `dependencies`: specs, ``sel(...)`` items and subsections (CEP 24)."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import partial

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.environment import Dependency, PipItem
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.pip_section import read_pip_section
from condaenv_tools.parse.reading import Reading, describe
from condaenv_tools.parse.report import quoted
from condaenv_tools.parse.scalar_fixes import in_quotes
from condaenv_tools.parse.specs import dependency, odd_character, ordinary_spec, read_spec
from condaenv_tools.parse.text_fixes import bare_dash_removed, list_shown
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, plain_kind

__all__ = ["DependenciesSection", "read_dependencies"]

#: YAML 1.2 has these two only; conda reads `yes` as the text it is.
_TRUTH = {"true", "false"}
_TAKEN = re.compile(r"([!&][^\s!&]\S*)\s*$")
_PACKAGE = re.compile(r"[A-Za-z0-9_][\w.-]*(?:::[\w.-]+)?")


@dataclass(slots=True)
class DependenciesSection:
    """What the section holds, in the order of the text."""

    conda: list[Dependency] = field(default_factory=list)
    pip: list[PipItem] = field(default_factory=list)
    pip_keys: list[ScalarNode] = field(default_factory=list)


def read_dependencies(
    reading: Reading, key: ScalarNode, node: Node, selector: Selector | None, found: DependenciesSection
) -> None:
    """Read the section and add what it holds to `found`."""
    reading.check_tag(node)
    if not isinstance(node, SequenceNode):
        _tell_shape(reading, key, node)
        if isinstance(node, MappingNode):
            _read_mapping(reading, node, selector, found)
        return
    text = reading.source.text
    for item in node.items:
        if isinstance(item, ScalarNode):
            known = ordinary_spec(item.value) if item.plain and item.tag is None else None
            if known is not None and reading.is_literal(item):
                # Most lines end here, and each of tens of thousands would be asked for its comment.
                ends = text[item.end : item.end + 1] == "\n"
                own = selector if ends else reading.item_selector(item, selector)
                found.conda.append(dependency(reading, item, known, own))
            elif not item.plain or _is_text(reading, item):
                spec = read_spec(reading, item, reading.item_selector(item, selector))
                if spec is not None:
                    found.conda.append(spec)
        elif isinstance(item, MappingNode):
            # The comment behind its last line is that line's, not the mapping's.
            _read_mapping(reading, item, selector, found)
        elif item.start < node.start:
            message = (
                "this list is repeated in dependencies by an alias (*): it stays a list there, and no spec"
            )
            reading.fault("CE109", message, item, hint="write its specs into dependencies themselves")
        else:
            message = "a list stands where a spec should: one dash or bracket is too many"
            reading.fault("CE109", message, item, hint="write one spec an item: `- numpy`")


def _is_text(reading: Reading, node: ScalarNode) -> bool:
    """Say whether a scalar without quotes is a text to conda; tell what it is otherwise."""
    kind = plain_kind(node.value)
    if kind in {"str", "value", "merge"}:
        return True
    if kind == "bool" and node.value.lower() not in _TRUTH:
        message = f"`{node.value}` is a text to conda and a truth value to conda-lock, which fails"
        fix = partial(in_quotes, reading, node)
        hint = "put it in quotes"
        reading.report.add(
            "CE109", message, node.start, node.end, hint=hint, severity=Severity.WARNING, fix=fix
        )
        return True
    if kind == "null":
        _tell_nothing(reading, node)
        return False
    if kind in {"int", "float"}:
        message = f"{describe(node)} is no spec"
        hint = f"name the package too, such as python={node.value}"
    else:
        message, hint = f"{describe(node)} is no spec", "put it in quotes if it is the name of a package"
    reading.fault("CE109", message, node, hint=hint)
    return False


def _tell_nothing(reading: Reading, node: ScalarNode) -> None:
    """Tell of an item without a text: a bare dash, or a name that YAML takes for a tag or an anchor."""
    line_start = reading.source.line_bounds(reading.source.line_number(node.start))[0]
    taken = _TAKEN.search(reading.source.text[line_start : node.start])
    if taken is None:
        message, hint = "there is nothing behind the dash", "remove the line, or name a package"
        reading.fault(
            "CE109", message, node, hint=hint, fix=partial(bare_dash_removed, reading.source, node.start)
        )
        return
    what = "a tag" if taken[1][0] == "!" else "an anchor"
    message = f"YAML takes {quoted(taken[1])} for {what}, so there is nothing behind the dash"
    start = line_start + taken.start(1)
    hint = f"write `- {taken[1].lstrip('!&')}`"
    reading.report.add("CE109", message, start, start + len(taken[1]), hint=hint)


def _read_mapping(
    reading: Reading, node: MappingNode, outer: Selector | None, found: DependenciesSection
) -> None:
    for key, value in node.pairs:
        if not isinstance(key, ScalarNode):
            _tell_no_name(reading, key)
            continue
        selector = reading.key_selector(key)
        selector = outer if selector is None else reading.both(outer, selector)
        if key.value == "pip":
            found.pip_keys.append(key)
            found.pip.extend(read_pip_section(reading, key, value, selector))
            continue
        sel = reading.sel_key(key)
        if sel is not None:
            _read_sel(reading, key, value, reading.both(selector, sel), found)
        else:
            _tell_subsection(reading, key, value, alone=len(node.pairs) == 1)


def _tell_no_name(reading: Reading, key: Node) -> None:
    text = reading.source.text
    if text[key.start - 1 : key.start + 1] == "{{":
        message = "this is a template (Jinja), and no tool fills in templates in an environment file"
        hint = "write the value itself, or render the file first"
        end = text.find("}}", key.start, key.start + 200)
        reading.report.add("CE201", message, key.start - 1, end + 2 if end > 0 else key.start + 1, hint=hint)
    else:
        reading.fault("CE110", f"{describe(key)} cannot be the name of a subsection", key)


def _read_sel(
    reading: Reading, key: ScalarNode, value: Node, selector: Selector | None, found: DependenciesSection
) -> None:
    """Read what stands behind ``sel(...)``: one spec (CEP 24), or a list of them."""
    if isinstance(value, SequenceNode):
        message = "a list behind sel(...) is read by no other tool: micromamba takes one spec"
        reading.fault("CE113", message, key, hint=f"repeat the key: `- {key.value}: SPEC`")
    for item in value.items if isinstance(value, SequenceNode) else [value]:
        if not isinstance(item, ScalarNode):
            reading.fault("CE109", f"{describe(item)} stands where a spec should", item)
        elif not item.plain or _is_text(reading, item):
            spec = read_spec(reading, item, reading.item_selector(item, selector))
            if spec is not None:
                found.conda.append(spec)


def _tell_subsection(reading: Reading, key: ScalarNode, value: Node, *, alone: bool) -> None:
    name = key.value
    if isinstance(value, ScalarNode) and _PACKAGE.fullmatch(name):
        written = reading.source.text[value.start : value.end] or value.value
        _tell_lost_version(reading, key, value, written, alone=alone)
        return
    near = difflib.get_close_matches(name.lower(), ["pip"], n=1, cutoff=0.6)
    message = f"{quoted(name)} is no subsection that conda or condaenv can process (CEP 24)"
    hint = "did you mean pip?" if near else "install such packages in a step of their own"
    reading.fault("CE110", message, key, hint=hint)


def _tell_lost_version(
    reading: Reading, key: ScalarNode, value: ScalarNode, written: str, *, alone: bool
) -> None:
    name = key.value
    message = (
        f"the colon makes {quoted(f'{name}: {written}')} a mapping: conda sees a subsection {quoted(name)}"
    )
    meant: str | None = None
    if not written or value.kind == "null":
        hint, meant = f"write `- {name}`, without the colon", ""
    elif written[0] in "<>=!~":
        hint, meant = f"write `- {name}{written}`", written
    elif written[0].isdigit():
        hint, meant = f"write `- {name}={written}`", f"={written}"
    else:
        hint = f"write `- {name}::{written}` if {name} is a channel"
    fix = partial(_joined, reading, key, value, meant) if meant is not None and alone else None
    reading.report.add("CE203", message, key.start, max(value.end, key.end + 1), hint=hint, fix=fix)


def _joined(reading: Reading, key: ScalarNode, value: ScalarNode, meant: str) -> Fix | None:
    """Return the fix that makes one spec of `name: version`; None where it is not all in one line."""
    text = reading.source.text
    between = re.match(r":[ \t]*[\"']?", text[key.end :])
    end = max(value.end, key.end + 1)
    if between is None or not reading.is_literal(key) or (meant and key.end + between.end() != value.start):
        return None
    end += meant != "" and text[end : end + 1] in {'"', "'"} and text[value.start - 1] == text[end]
    spec = f"{key.value}{meant}"
    if ordinary_spec(spec) is None or text[end : end + 1] not in {"", "\n", "\r", " ", "\t", ",", "}"}:
        return None
    if text[end : end + 1] == "}" or text[key.start - 1 : key.start] == "{":
        return None
    return Fix(title=f"write {spec}", edits=(TextEdit(start=key.end, end=end, text=meant),))


def _tell_shape(reading: Reading, key: ScalarNode, node: Node) -> None:
    """Say why `dependencies` is no list."""
    if isinstance(node, MappingNode):
        message = "dependencies should be a list, and is a mapping: tools read its keys and lose the versions"
        reading.fault("CE108", message, node, hint="begin each line with a dash: `- numpy=1.2`")
        return
    if not isinstance(node, ScalarNode):
        return
    if node.kind == "null" and node.plain:
        message = (
            "dependencies is empty: conda makes an empty environment, conda-lock fails (CEP 24 wants a list)"
        )
        reading.fault("CE118", message, key, hint="write `dependencies: []` if nothing is meant")
        return
    written = reading.source.text[node.start : node.end]
    first = written.lstrip()
    odd = odd_character(first[:2])
    message = f"dependencies should be a list, and is {describe(node)}"
    if odd:
        message += f": {odd[1]} stands in the place of {odd[2]}"
        hint = "type `- ` (a hyphen and a space) before each spec"
    else:
        word = (first.lstrip("-").split() or ["numpy"])[0]
        hint = f"write each spec on a line of its own, with a dash: `- {word}`"
        if first.startswith("-"):
            message += ": there is no space behind the dash"
            hint = f"write `- {word}`"
    end = node.start + len(re.split(r"[\r\n]", written)[0])
    fix = partial(list_shown, reading.source)
    reading.report.add("CE108", message, node.start, max(end, node.start + 1), hint=hint, fix=fix)
