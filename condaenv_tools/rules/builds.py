"""The rule on exact builds, which tie a file to one platform."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.finding import Finding
from condaenv_tools.parse.codes.code import INFO, code
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_EXACT_BUILDS = code(
    "CE507",
    INFO,
    "exact builds",
    "A build string belongs to one platform; the file cannot be solved on another.",
    "dependencies:\n  - numpy=1.26.4=py312heda63a1_0\n",
    "dependencies:\n  - numpy=1.26.4\n",
)
_DIGIT = re.compile(r"\d")
_PATTERN_SIGNS = frozenset("*^$|")
_EXACT_BUILD = re.compile(
    r"(?P<name>[\w.-]+|[\w./-]+::[\w.-]+)(?: *={1,2} *| +)(?P<version>[\w.!+]+)[= ][\w.+]*\d[\w.+]*"
)


def _exact_builds(case: Case) -> Iterator[Finding]:
    """Tell, once a file, that specs name exact builds; a build without a digit, as `openblas`, is a variant."""
    exact = [
        item
        for item in case.environment.dependencies
        if (build := item.spec.build) and _DIGIT.search(build) and _PATTERN_SIGNS.isdisjoint(build)
    ]
    if exact:
        lines = (
            "1 line names an exact build" if len(exact) == 1 else f"{len(exact)} lines name an exact build"
        )
        message = f"{lines}, which exists on one platform only and may vanish from its channel"
        hint = "name versions here, and leave builds to the lock"
        yield case.finding(_EXACT_BUILDS, message, exact[0].span, hint=hint, fix=_without_builds(case, exact))


def _without_builds(case: Case, items: Sequence[Dependency]) -> Fix | None:
    """Return the fix that leaves the versions of the lines; None where one is not written in the plain way."""
    edits = []
    for item in items:
        match = _EXACT_BUILD.fullmatch(item.text)
        start, end = item.span.start, item.span.end
        if match is None or case.text[start:end] != item.text:
            return None
        edits.append(TextEdit(start=start + match.end("name"), end=end, text=f"={match['version']}"))
    return Fix(title="leave out the builds", edits=tuple(edits), safe=False)


RULES: tuple[Rule, ...] = (Rule(code=_EXACT_BUILDS, find=_exact_builds),)
