"""An `Environment` as the text of an `environment.yml` (CEP 24), written new and not edited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from condaenv_tools.model.environment import Dependency, Environment, PipItem
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.yaml_nodes import plain_kind

__all__ = ["environment_text", "yaml_text"]

#: Characters; longer comments are broken at a blank.
WIDTH = 100

_PLAIN = re.compile(r"[A-Za-z0-9_./~$^(][^\n]*|-[A-Za-z-][^\n]*")
_NOT_PLAIN = re.compile(r":(?:\s|$)|\s#|^\S*:$|^\.{3}|^---|[\t]| $")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
#: Also the line breaks that YAML 1.1 knows besides.
_UNPRINTABLE = re.compile(
    r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def environment_text(
    environment: Environment,
    *,
    head: Iterable[str] = (),
    remarks: Mapping[Dependency | PipItem, Iterable[str]] | None = None,
) -> str:
    r"""Write an environment as a file that reads back as the same environment.

    Parameters
    ----------
    environment : Environment
        Items are written as their `text` says, in their order; the pip section comes last. Spans, sources and
        categories of items have no place in the text; the category of the environment has.
    head : iterable of str
        Remarks on the whole, written as comments above it.
    remarks : mapping of Dependency or PipItem to iterable of str, optional
        Remarks on single items, written as comments above them, where no tool takes them for selectors.

    Returns
    -------
    str
        Ends with a line break.

    Examples
    --------
    >>> from condaenv_tools.parse.environment_yml import loads_environment
    >>> environment = loads_environment("name: x\ndependencies: [numpy, {pip: [a]}]")
    >>> print(environment_text(environment, head=["made by hand"]), end="")
    # made by hand
    name: x
    dependencies:
      - numpy
      - pip:
          - a

    References
    ----------
    CEP 24, specification of ``environment.yml`` input files.
    """
    told = remarks or {}
    lines = list(_comments(head, ""))
    lines += [
        f"{key}: {yaml_text(value)}"
        for key in ("name", "category", "prefix")
        if (value := getattr(environment, key)) is not None
    ]
    if environment.channels:
        lines += ["channels:", *(_item(one.text, one.selector, "  ") for one in environment.channels)]
    if environment.platforms:
        lines += [
            "platforms:",
            *(_item(one.platform.value, one.selector, "  ") for one in environment.platforms),
        ]
    lines += _dependencies(environment, told)
    if environment.variables:
        lines.append("variables:")
        for variable in environment.variables:
            name = yaml_text(variable.name)
            lines.append(f"  {name}: {yaml_text(variable.value, value=True)}{_comment(variable.selector)}")
    return "\n".join(lines) + "\n"


def _dependencies(
    environment: Environment, told: Mapping[Dependency | PipItem, Iterable[str]]
) -> Iterator[str]:
    if not environment.dependencies and not environment.has_pip_section:
        yield "dependencies: []"
        return
    yield "dependencies:"
    for one in environment.dependencies:
        yield from _comments(told.get(one, ()), "  ")
        yield _item(one.text, one.selector, "  ")
    if environment.has_pip_section:
        yield "  - pip:" if environment.pip else "  - pip: []"
        for line in environment.pip:
            yield from _comments(told.get(line, ()), "      ")
            yield _item(line.text, line.selector, "      ")


def _item(text: str, selector: Selector | None, indent: str) -> str:
    if selector is not None and selector.dialect == "sel":
        return f"{indent}- sel({selector.text}): {yaml_text(text)}"
    return f"{indent}- {yaml_text(text)}{_comment(selector)}"


def _comment(selector: Selector | None) -> str:
    return "" if selector is None else f"  # [{selector.text}]"


def _comments(remarks: Iterable[str], indent: str) -> Iterator[str]:
    """Yield remarks as comment lines, broken at blanks."""
    for remark in remarks:
        line = ""
        for word in _UNPRINTABLE.sub(" ", remark).split():
            if line and len(indent) + 2 + len(line) + 1 + len(word) > WIDTH:
                yield f"{indent}# {line}"
                line = f"  {word}"
            else:
                line = f"{line} {word}" if line else word
        yield f"{indent}# {line}".rstrip()


def yaml_text(text: str, *, value: bool = False) -> str:
    """Return a text as a YAML scalar that every tool reads as that text: without quotes where that is safe.

    Parameters
    ----------
    text : str
        The text.
    value : bool
        Whether it stands where tools convert what looks like a number or a truth value.

    Examples
    --------
    >>> [yaml_text(text) for text in ("numpy>=1.2,<3", "3.10", "a: b", "*", "it's")]
    ['numpy>=1.2,<3', '"3.10"', '"a: b"', '"*"', "it's"]
    """
    plain = _PLAIN.fullmatch(text) and not _NOT_PLAIN.search(text) and not _UNPRINTABLE.search(text)
    if plain and plain_kind(text) == "str" and not (value and text.lower() in _WORDS):
        return text
    escaped = "".join(_ESCAPES.get(char, char) for char in text)
    return '"' + _UNPRINTABLE.sub(lambda match: _escape(ord(match[0])), escaped) + '"'


#: YAML 1.1 takes them for truth values, others for texts.
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false"}


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
