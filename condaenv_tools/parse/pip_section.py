"""The pip section: each line read as pip would read it in a requirements file."""

from __future__ import annotations

from functools import partial

from condaenv_tools.model.edit import Fix
from condaenv_tools.model.environment import PipItem, PipKind
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.secrets import has_credentials
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.pip_fixes import corrected_line, empty_section, one_requirement, without_colon
from condaenv_tools.parse.pip_line import PipLine, classify_pip_line
from condaenv_tools.parse.reading import Reading, describe
from condaenv_tools.parse.report import Mend, quoted
from condaenv_tools.parse.text_fixes import bare_dash_removed, list_shown
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["PipLine", "classify_pip_line", "read_pip_section"]

MAX_LINE = 16384

#: Faults whose hint may be the line as it is meant.
_SYNTAX = {"CE401", "CE402"}
#: conda-lock refuses all of them, or leaves them out.
_ODD = {PipKind.PATH, PipKind.FILE, PipKind.CONSTRAINT, PipKind.OPTION, PipKind.EDITABLE}


def read_pip_section(
    reading: Reading, key: ScalarNode, node: Node, selector: Selector | None
) -> list[PipItem]:
    """Read one pip section, its lines in order; those that cannot be read are told and kept."""
    reading.check_tag(node)
    if not isinstance(node, SequenceNode):
        _tell_shape(reading, key, node)
        return []
    if not node.items:
        fix = partial(empty_section, reading.source, key)
        reading.fault("CE405", "the pip section is empty", key, hint="remove it", fix=fix)
    found = []
    told: set[PipKind] = set()
    for item in node.items:
        if not isinstance(item, ScalarNode) or (item.plain and item.kind not in {"str", "value", "merge"}):
            _tell_item(reading, item)
            continue
        line = _read_line(reading, item, reading.item_selector(item, selector))
        if line is None:
            continue
        found.append(line)
        if line.kind in _ODD and line.kind not in told and not classify_pip_line(line.text).code:
            told.add(line.kind)
            _tell_support(reading, item, line.kind)
    return found


def _read_line(reading: Reading, node: ScalarNode, selector: Selector | None) -> PipItem | None:
    if node.tag is not None:
        reading.check_tag(node)
    text = node.value
    if len(text) > MAX_LINE:
        reading.fault("CE401", f"a line of {len(text):,} characters is no requirement", node, (0, 40))
        return None
    line = classify_pip_line(text)
    folded = reading.lines_of(node) if line.code else []
    if folded:
        reading.tell_folded(node, folded, "requirement", Severity.ERROR)
    elif not text.strip():
        reading.fault("CE401", "an empty text is no requirement", node, hint="remove the line")
    elif line.code or line.more:
        for fault in line.faults:
            message = f"{quoted(text)}: {fault.reason}"
            fix = partial(corrected_line, reading, node, fault.hint) if fault.code in _SYNTAX else None
            reading.fault(fault.code, message, node, (fault.start, fault.end), hint=fault.hint, fix=fix)
    if "://" in text and has_credentials(text):
        message = f"there is a credential in {quoted(text)}"
        hint = "write a reference, https://${USER}:${TOKEN}@..., or keep it in .netrc"
        reading.fault("CE602", message, node, hint=hint)
    return PipItem(
        span=reading.source.span(node.start, node.end),
        selector=selector,
        text=text,
        kind=line.kind,
        name=line.name,
        category=reading.category,
    )


def _tell_support(reading: Reading, node: ScalarNode, kind: PipKind) -> None:
    what = {
        PipKind.EDITABLE: "an editable line",
        PipKind.PATH: "a path",
        PipKind.FILE: "a reference to another file",
        PipKind.CONSTRAINT: "a file of constraints",
    }.get(kind, "an option")
    does = "leaves it out of the lock" if node.value.startswith("-e ") else "refuses the file"
    reading.fault("CE408", f"{quoted(node.value)} is {what}: conda hands it to pip, conda-lock {does}", node)


def _tell_item(reading: Reading, node: Node) -> None:
    if reading.report.full:
        return
    message = f"{describe(node)} is no requirement"
    hint = ""
    fix: Mend = None
    pair = node.pairs[0] if isinstance(node, MappingNode) and node.pairs else None
    if pair and isinstance(pair[0], ScalarNode):
        name, value = pair[0].value, pair[1]
        written = reading.source.text[value.start : value.end] if isinstance(value, ScalarNode) else ""
        message = f"the colon makes a mapping of {quoted(f'{name}: {written}'.rstrip())}"
        operator = "==" if written[:1].isdigit() else ""
        hint = f"write `- {name}{operator}{written}`"
        if name.startswith("-"):  # the colon is one of `:all:`
            hint = f"put it in quotes: `- '{name}:{written}'`"
        fix = partial(without_colon, reading, node, operator) if isinstance(node, MappingNode) else None
    elif isinstance(node, ScalarNode) and node.kind in {"int", "float"}:
        hint = f"name the package too: NAME=={node.value}"
    elif isinstance(node, ScalarNode) and node.kind == "null":
        message, hint = "there is nothing behind the dash", "remove the line, or name a package"
        fix = partial(bare_dash_removed, reading.source, node.start)
    reading.fault("CE109", message, node, hint=hint, fix=fix)


def _tell_shape(reading: Reading, key: ScalarNode, node: Node) -> None:
    if reading.report.full:
        return
    if isinstance(node, ScalarNode) and node.kind == "null":
        message = "the pip section is empty; are the lines below it meant for pip?"
        hint = "indent them by two more spaces than `pip:`; else remove the section"
        reading.fault("CE405", message, key, hint=hint, fix=partial(empty_section, reading.source, key))
        return
    fix: Mend = None
    message = f"the pip section should be a list, and is {describe(node)}"
    if isinstance(node, ScalarNode):
        first = (node.value.split() or ["requests"])[0].lstrip("-")
        hint = f"write each requirement on a line of its own: `- {first}`"
        if node.value.startswith("-"):
            message += ": there is no space behind the dash"
        fix = partial(_as_list, reading, node)
    else:
        hint = "begin each line with a dash: `- requests`"
    reading.fault("CE404", message, node, hint=hint, fix=fix)


def _as_list(reading: Reading, node: ScalarNode) -> Fix | None:
    return list_shown(reading.source) or one_requirement(reading, node)
