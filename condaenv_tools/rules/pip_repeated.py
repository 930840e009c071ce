"""Lines of the pip section that ask for one distribution twice, or for a version that cannot exist."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.model.environment import PipKind
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.codes.code import ERROR, WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.pip_items import PipLine, line_removal, meet, requirements, where_counts
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_TWICE = code(
    "CE431",
    WARNING,
    "the same package twice in the pip section",
    "Both lines must hold at once; whoever changes one of them overlooks the other.",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - rich>=13\n      - rich<15\n",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - rich>=13,<15\n",
)
_NO_VERSION = code(
    "CE432",
    ERROR,
    "no version that pip could take",
    "The clauses exclude each other (PEP 440), so pip stops, after all conda packages were installed.",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - rich==13.0\n      - rich>=14\n",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - rich>=14\n",
)


def _pairs(case: Case) -> Iterator[tuple[PipLine, PipLine]]:
    """Yield each line with the first one of the same name that counts where it does."""
    first: dict[tuple[str, str | None], dict[frozenset[Platform] | None, PipLine]] = {}
    for item in requirements(case):
        known = first.setdefault((item.name, item.details.marker), {})
        earlier = next((other for other in known.values() if meet(other, item)), None)
        if earlier is not None:
            yield earlier, item
        known.setdefault(where_counts(item), item)


def _exclude_each_other(*specifiers: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - few files need it

    try:
        return SpecifierSet(",".join(filter(None, specifiers))).is_unsatisfiable()
    except InvalidSpecifier:
        return False


def _twice(case: Case) -> Iterator[Finding]:
    for earlier, item in _pairs(case):
        one, other = earlier.details, item.details
        if _exclude_each_other(one.specifier, other.specifier):
            continue
        line = earlier.span.line
        if (one, earlier.kind) == (other, item.kind):
            message = f"{item.name} is listed already in line {line}"
            safe = earlier.selector == item.selector
            fix = line_removal(case, item, safe=safe)
            yield case.finding(_TWICE, message, item.span, hint="remove one of the lines", fix=fix)
            continue
        message = (
            f"{item.name} is listed already in line {line}, as {quoted(earlier.text)}: both must hold at once"
        )
        hint = "keep one of the lines"
        if item.kind is earlier.kind is PipKind.REQUIREMENT:
            extras = ",".join(sorted({*one.extras, *other.extras}))
            clauses = ",".join(dict.fromkeys(filter(None, [one.specifier, other.specifier])))
            hint = f"write one line that says both: {item.name}{f'[{extras}]' if extras else ''}{clauses}"
        yield case.finding(_TWICE, message, item.span, hint=hint)


def _no_version(case: Case) -> Iterator[Finding]:
    alone = set()
    for item in requirements(case):
        specifier = item.details.specifier
        if "," in specifier and _exclude_each_other(specifier):
            alone.add(item)
            message = f"no version of {item.name} fulfils {specifier}"
            yield case.finding(_NO_VERSION, message, item.span, hint="drop one of the bounds")
    for earlier, item in _pairs(case):
        one, other = earlier.details.specifier, item.details.specifier
        if not {earlier, item} & alone and one and other and _exclude_each_other(one, other):
            message = f"no version of {item.name} is {other} here and {one} in line {earlier.span.line}"
            yield case.finding(_NO_VERSION, message, item.span, hint="keep one of the lines")


RULES: tuple[Rule, ...] = (
    Rule(code=_TWICE, find=_twice),
    Rule(code=_NO_VERSION, find=_no_version),
)
