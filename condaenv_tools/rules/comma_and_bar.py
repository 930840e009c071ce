"""The rule on comma and bar side by side, which conda and micromamba join in another order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

from condaenv_tools.errors import InvalidVersionError
from condaenv_tools.model.version_region import allow_the_same
from condaenv_tools.model.version_spec import VersionSpec
from condaenv_tools.parse.codes.code import WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.odd import Odd, spelling_rule
from condaenv_tools.rules.rule import Rule
from condaenv_tools.rules.written import Written

__all__ = ["RULES"]


def _joined(parts: Written) -> Iterator[Odd]:
    """Find ``,`` and ``|`` side by side: conda lets the comma bind tighter, micromamba the bar."""
    version = parts.any_version
    spec = parts.spec.version
    if "(" in version.text:
        message = f"conda fails on the parentheses of {quoted(version.text)}; micromamba reads them (CEP 29)"
        hint = "write it without parentheses"
        bare = re.sub(r"[()]", "", version.text)
        edit = (*version.place, bare) if spec and _reads_alike(bare, spec) else None
        yield Odd(message, version.place, f"write {bare}" if edit else hint, edit)
        return
    if spec is None or "," not in version.text or "|" not in version.text:
        return
    if _mamba_reading(version.text) is None or _reads_alike(version.text, spec):
        return
    message = (
        f"in {quoted(version.text)} conda lets the comma bind tighter than |, and micromamba the other way round, "
        "so that they allow different versions"
    )
    turned = _turned(version.text, spec)
    hint = f"write {turned}" if turned else "write it with commas alone, or with | alone"
    glued = version.start == parts.name.end
    edit = (*version.place, f" {turned}" if glued else turned) if turned else None
    yield Odd(message, version.place, hint, edit)


def _mamba_reading(text: str) -> VersionSpec | None:
    try:
        return VersionSpec.parse(",".join(f"({part})" for part in text.split(",")))
    except InvalidVersionError:
        return None


def _reads_alike(text: str, meant: VersionSpec) -> bool:
    """Say whether conda and micromamba both make what is meant of a text without parentheses."""
    try:
        conda = VersionSpec.parse(text)
    except InvalidVersionError:
        return False
    mamba = _mamba_reading(text)
    return mamba is not None and allow_the_same(conda, meant) and allow_the_same(mamba, meant)


def _turned(text: str, meant: VersionSpec) -> str | None:
    """Return the same alternatives in an order that both read alike, if there is one."""
    choices = [choice.strip() for choice in text.split("|")]
    if len(choices) > 3 or text.count(",") > 4:
        return None
    for order in permutations(choices):
        if _reads_alike("|".join(order), meant):
            return "|".join(order)
    return None


RULES: tuple[Rule, ...] = (
    spelling_rule(
        code(
            "CE259",
            WARNING,
            "comma and bar together",
            "conda lets the comma bind tighter than the bar, micromamba the bar tighter than the comma.",
            "dependencies:\n  - numpy>=2,<2.5|1.26\n",
            "dependencies:\n  - numpy 1.26|>=2,<2.5\n",
        ),
        _joined,
    ),
)
