"""The section `variables`: what the activated environment sets (CEP 24)."""

from __future__ import annotations

import re

from condaenv_tools.model.environment import Variable
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.secret_shapes import is_secret_name
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.reading import Reading, describe
from condaenv_tools.parse.report import quoted
from condaenv_tools.parse.scalar_fixes import in_quotes, rewritten
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode

__all__ = ["read_variables"]

_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_variables(reading: Reading, node: Node, selector: Selector | None) -> list[Variable]:
    """Read `variables`, in order, values as written."""
    reading.check_tag(node)
    if isinstance(node, ScalarNode) and node.plain and node.kind == "null":
        return []
    if not isinstance(node, MappingNode):
        message = f"variables should be a mapping, and is {describe(node)}"
        reading.fault("CE108", message, node, hint="write `NAME: value`, without a dash")
        return []
    found = []
    first: dict[str, ScalarNode] = {}
    for name, value in node.pairs:
        if not isinstance(name, ScalarNode) or not isinstance(value, ScalarNode):
            message = f"{describe(value if isinstance(name, ScalarNode) else name)} cannot be a variable"
            reading.fault("CE108", message, value if isinstance(name, ScalarNode) else name)
            continue
        if first.setdefault(name.value, name) is not name:
            message = (
                f"{quoted(name.value)} is written already in line {reading.span(first[name.value]).line}"
            )
            reading.fault("CE106", f"{message}: conda refuses the file", name, hint="keep one of the two")
        _tell_variable(reading, name, value)
        own = reading.item_selector(value, selector)
        span = reading.span(value)
        found.append(Variable(span=span, selector=own, name=name.value, value=_value(value)))
    return found


def _value(node: ScalarNode) -> str:
    """Return a value as text, as written; nothing at all is an empty text."""
    return "" if node.plain and node.kind == "null" and node.value != "null" else node.value


def _tell_variable(reading: Reading, name: ScalarNode, value: ScalarNode) -> None:
    if not _VARIABLE_NAME.fullmatch(name.value):
        message = f"{quoted(name.value)} is no name of an environment variable"
        better = re.sub(r"\W", "_", name.value, flags=re.ASCII)
        hint = "a name has letters, digits and underscores, and does not begin with a digit"
        fix = None
        if _VARIABLE_NAME.fullmatch(better) and "://" not in name.value:
            hint = f"write {better}"
            fix = rewritten(reading, name, better, safe=False)
        reading.fault("CE505", message, name, hint=hint, fix=fix)
    if not value.plain:
        return
    kind = value.kind
    if kind == "null":
        message = f"{quoted(name.value)} has no value: conda sets None, micromamba null"
        reading.fault("CE506", message, name, hint=f'write `{name.value}: ""` if it is to be empty')
    elif kind not in {"str", "value", "merge"}:
        what = "the value" if is_secret_name(name.value) else describe(value)
        message = f"{what} is no text; it is converted, and tools convert differently (CEP 24)"
        reading.report.add(
            "CE506",
            message,
            value.start,
            value.end,
            hint=f'put it in quotes: `{name.value}: "{value.value}"`',
            severity=Severity.INFO if kind == "int" else None,
            # A truth value is written in other words by each tool, so that nobody can say what is meant.
            fix=in_quotes(reading, value, safe=kind in {"int", "float"}),
        )
