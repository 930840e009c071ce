"""What records ask of a package, in the fewest words that still say why it excludes others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version
from condaenv_tools.model.version_spec import AllOf, Clause, Operator, VersionSpec

__all__ = ["ask_text", "line_subject", "version_range"]

_UPPER = {Operator.LESS, Operator.LESS_EQUAL}
_LOWER = {Operator.GREATER, Operator.GREATER_EQUAL}
#: So many alternatives are named one by one.
_FEW = 3


def version_range(records: Iterable[PackageRecord]) -> str:
    """Return the versions of some records: the few that there are, or the lowest and the highest.

    Examples
    --------
    >>> def records(*versions):
    ...     place = {"build": "0", "subdir": "noarch", "channel": "", "url": ""}
    ...     return [PackageRecord(name="a", version=v, **place) for v in versions]
    >>> version_range(records("2.1", "2.0", "2.1")), version_range(records("1", "2", "3", "10"))
    ('2.0 and 2.1', '1 to 10')
    """
    found = [version.text for version in sorted({Version.of(record.version) for record in records})]
    if len(found) <= 2:
        return " and ".join(found)
    return f"{found[0]} to {found[-1]}"


def line_subject(spec: MatchSpec) -> str:
    """Return how a sentence names what a line asks for.

    Examples
    --------
    >>> [line_subject(MatchSpec.parse(t)) for t in ("pandas=1.5", "pandas ==1.5.3", "pandas>=1,<2", "pandas")]
    ['pandas 1.5', 'pandas 1.5.3', 'pandas >=1,<2', 'pandas']
    """
    version = "" if spec.version is None or spec.version.is_any else str(spec.version)
    if spec.version is not None and spec.version.is_fuzzy:
        version = version.removesuffix(".*").removesuffix("*").removeprefix("=")
    elif spec.version is not None and spec.version.is_exact:
        version = version.removeprefix("==")
    return " ".join(part for part in (spec.name, version, spec.build or "") if part)


def ask_text(name: str, asked: Sequence[Sequence[MatchSpec]], excluded: Sequence[PackageRecord] = ()) -> str:
    """Return what is asked of a package: ranges, not lists.

    Parameters
    ----------
    name : str
        The package.
    asked : sequence of sequences of MatchSpec
        The alternatives: each is what one record asks for, all of it at once.
    excluded : sequence of PackageRecord
        Records that no alternative takes. If one bound says why, the others are left out.

    Examples
    --------
    >>> asked = [[MatchSpec.parse(t)] for t in ("numpy >=1.20.3,<2.0a0", "numpy >=1.21.6,<2.0a0")]
    >>> two = PackageRecord(name="numpy", version="2.0.2", build="0", subdir="noarch", channel="", url="")
    >>> ask_text("numpy", asked, [two])
    'numpy <2.0a0'
    >>> pythons = [[MatchSpec.parse(f"python >=3.{n},<3.{n + 1}.0a0")] for n in (9, 10, 11)]
    >>> new = PackageRecord(name="python", version="3.12.1", build="0", subdir="noarch", channel="", url="")
    >>> ask_text("python", pythons, [new])
    'python <3.12.0a0'
    """
    versions = [_joined(specs) for specs in asked]
    if all(version is not None for version in versions) and len(set(versions)) + bool(excluded) > 1:
        clauses = [_clauses(version) for version in versions if version is not None]
        bound = _one_bound(clauses, excluded) if excluded else _hull(clauses)
        if bound:
            return f"{name} {bound}"
    texts = list(dict.fromkeys(_text(specs) for specs in asked))
    if len(texts) == 1:
        return f"{name} {texts[0]}".rstrip()
    plain = [text for text in texts if text]
    if len(plain) < len(texts):
        return name
    plain = _sorted(plain)
    if len(plain) <= _FEW:
        return f"{name} {_or(plain)}"
    bare = _sorted(list(dict.fromkeys(str(version) for version in versions if version is not None)))
    if 0 < len(bare) <= _FEW and None not in versions:
        return f"{name} {_or(bare)} in certain builds"
    return f"{name} {plain[0]}, {plain[1]} or {len(plain) - 2} more such ranges"


def _or(texts: Sequence[str]) -> str:
    *first, last = texts
    return f"{', '.join(first)} or {last}" if first else last


def _text(specs: Sequence[MatchSpec]) -> str:
    parts = []
    for spec in specs:
        version = "" if spec.version is None or spec.version.is_any else str(spec.version)
        parts.append(" ".join(part for part in (version or ("*" if spec.build else ""), spec.build) if part))
    return ",".join(dict.fromkeys(part for part in parts if part))


def _joined(specs: Sequence[MatchSpec]) -> VersionSpec | None:
    """Return the condition on the version, whatever else is asked; None where there is none."""
    found: VersionSpec | None = None
    for spec in specs:
        if spec.version is not None:
            found = spec.version if found is None else found.intersect(spec.version)
    return found


def _clauses(spec: VersionSpec) -> list[Clause]:
    """Return conditions that all must hold; none where the specifier is no plain list of them."""
    parts = spec.root.parts if isinstance(spec.root, AllOf) else (spec.root,)
    return [part for part in parts if isinstance(part, Clause)]


def _one_bound(alternatives: Sequence[Sequence[Clause]], excluded: Sequence[PackageRecord]) -> str:
    """Return a bound that all alternatives imply and no excluded record fulfils, or nothing."""
    versions = [Version.of(record.version) for record in excluded]
    for clause in alternatives[0]:
        if all(clause in one for one in alternatives) and not any(map(clause.matches, versions)):
            return clause.text
    for clause in _loosest(alternatives):
        if not any(map(clause.matches, versions)):
            return clause.text
    return ""


def _hull(alternatives: Sequence[Sequence[Clause]]) -> str:
    """Return the range that all alternatives lie in, or nothing where they have no bounds in common."""
    return ",".join(clause.text for clause in reversed(_loosest(alternatives)))


def _loosest(alternatives: Sequence[Sequence[Clause]]) -> list[Clause]:
    """Return the highest of the upper bounds, and the lowest of the lower ones, if each alternative has one."""
    found = []
    for operators, loosest in ((_UPPER, max), (_LOWER, min)):
        bounds = [
            [c for c in one if c.operator in operators and c.version is not None] for one in alternatives
        ]
        if all(bounds):
            found.append(loosest((one[0] for one in bounds), key=lambda c: (_bound(c), c.text)))
    return found


def _bound(clause: Clause) -> Version:
    assert clause.version is not None
    return clause.version


def _sorted(texts: Sequence[str]) -> list[str]:
    """Return texts by their first version, then by themselves."""

    def key(text: str) -> tuple[str, str]:
        digits = "".join(c if c.isdigit() else " " for c in text).split()
        return " ".join(part.rjust(9, "0") for part in digits), text

    return sorted(texts, key=key)
