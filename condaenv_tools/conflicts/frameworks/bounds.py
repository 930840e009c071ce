"""Specifiers as a table shows them: several as one range, and bounds without the signs that only solvers need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from condaenv_tools.model.version import Version
from condaenv_tools.model.version_spec import AllOf, Clause, Operator, VersionSpec

__all__ = ["bounds_text", "hull_text", "versions_text"]

#: An upper bound excludes the first pre-releases as well; people leave the sign for that out.
_PRE_RELEASE = re.compile(r"(\.0)*(\.0?a0|a0)$")
_LOWER = (Operator.GREATER_EQUAL, Operator.GREATER)
_UPPER = (Operator.LESS, Operator.LESS_EQUAL)

#: A lower and an upper bound; None where there is none.
_Range: TypeAlias = "tuple[Clause | None, Clause | None]"


def bounds_text(spec: VersionSpec) -> str:
    """Return a specifier with its lower bound first, and without the ``a0`` of an upper bound.

    Examples
    --------
    >>> bounds_text(VersionSpec.parse("<2.0a0,>=1.21.6")), bounds_text(VersionSpec.parse("2.5.*"))
    ('>=1.21.6,<2', '2.5.*')
    """
    if spec.is_any:
        return "any"
    found = _range(spec)
    return str(spec) if found is None else _range_text(found)


def _range(spec: VersionSpec) -> _Range | None:
    """Return the bounds of a specifier that is a range, or None for any other."""
    parts = spec.root.parts if isinstance(spec.root, AllOf) else (spec.root,)
    lower: list[Clause] = [p for p in parts if isinstance(p, Clause) and p.operator in _LOWER]
    upper: list[Clause] = [p for p in parts if isinstance(p, Clause) and p.operator in _UPPER]
    if len(lower) > 1 or len(upper) > 1 or len(lower) + len(upper) != len(parts):
        return None
    return (lower[0] if lower else None), (upper[0] if upper else None)


def _range_text(found: _Range) -> str:
    lower, upper = found
    if lower is not None and upper is not None and lower.version == upper.version:
        return f"=={lower.version}"
    texts = []
    if lower is not None:
        texts.append(lower.text)
    if upper is not None:
        texts.append(_PRE_RELEASE.sub("", upper.text) if upper.operator is Operator.LESS else upper.text)
    return ",".join(texts)


def hull_text(specs: Iterable[VersionSpec]) -> str:
    """Return several specifiers as the range from the lowest to the highest version that one of them allows.

    Where one of them is no range, all are listed.

    Examples
    --------
    >>> hull_text(map(VersionSpec.parse, [">=1.21.6,<2.0a0", ">=1.23.5,<2.0a0"]))
    '>=1.21.6,<2'
    >>> hull_text(map(VersionSpec.parse, [">=1.21,<2", "2.5.*"]))
    '2.5.* or >=1.21,<2'
    """
    several = list({str(spec): spec for spec in specs}.values())
    if len(several) == 1:
        return bounds_text(several[0])
    if any(spec.is_any for spec in several):
        return "any"
    known = [found for spec in several if (found := _range(spec)) is not None]
    if len(known) < len(several):
        return " or ".join(sorted({bounds_text(spec) for spec in several}))
    lower, upper = _by_version(low for low, _ in known), _by_version(up for _, up in known)
    # Of one that lacks a bound there is no outermost one.
    return _range_text((lower[0] if None not in lower else None, upper[-1] if None not in upper else None))


def _by_version(clauses: Iterable[Clause | None]) -> list[Clause | None]:
    """Return bounds by rising version, those that are lacking first."""
    found = list(clauses)
    bounds = [
        (clause.version, clause) for clause in found if clause is not None and clause.version is not None
    ]
    bounds.sort(key=lambda pair: pair[0])
    return [*(None for _ in range(len(found) - len(bounds))), *(clause for _, clause in bounds)]


def versions_text(versions: Iterable[Version]) -> str:
    """Return versions as a range, or two as a list.

    Examples
    --------
    >>> versions_text(map(Version, ["0.25.0", "0.22.0", "0.26.0"])), versions_text([Version("1.0")])
    ('0.22.0 to 0.26.0', '1.0')
    """
    found = sorted(versions)
    if len(found) < 3:
        return ", ".join(map(str, found))
    return f"{found[0]} to {found[-1]}"
