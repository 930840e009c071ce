"""What exists instead, in ranges rather than lists: versions, the nearest of them, builds, selectors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version
from condaenv_tools.model.version_spec import Clause, Operator
from condaenv_tools.parse.platform_words import VARIABLES
from condaenv_tools.rules.record_facts import channels_of, joined, versions_of

__all__ = ["around", "builds", "held", "lost_zero", "nearest_hint", "pivot", "selector_word", "span_of"]

#: So many versions or builds are named one by one.
_FEW = 3
_MOST_BUILDS = 4
_LOWER = {Operator.GREATER, Operator.GREATER_EQUAL, Operator.COMPATIBLE}
_POINTS = {Operator.EQUAL, Operator.STARTS_WITH, Operator.COMPATIBLE}
_HASH = re.compile(r"h[0-9a-f]{7,8}_\d+$")
#: Words that every reader of comment selectors knows, the plainest first.
_SYSTEMS = ("linux", "osx", "win", "unix", "linux64", "osx64", "win64")
#: Words for processors: meant where the same systems are lacking on another one.
_PROCESSORS = ("arm64", "aarch64", "x86_64")


def held(records: Iterable[PackageRecord]) -> str:
    """Return what channels have of a package: ``conda-forge has 1.21.6 to 2.3.4``."""
    records = tuple(records)
    channels = sorted(channels_of(record.channel for record in records))
    return f"{joined(channels)} {'has' if len(channels) == 1 else 'have'} {span_of(versions_of(records))}"


def span_of(versions: Sequence[Version]) -> str:
    """Return versions, which rise, as a range; few of them one by one."""
    if len(versions) == 1:
        return f"only {versions[0]}"
    if len(versions) <= _FEW:
        return joined(map(str, versions))
    return f"{versions[0]} to {versions[-1]}"


def pivot(spec: MatchSpec) -> Version | None:
    """Return the version around which a spec asks: that of a pin, else its lower, else its upper bound."""
    clauses: list[Clause] = (
        [c for c in spec.version.clauses() if c.version is not None] if spec.version else []
    )
    for wanted in (_POINTS, _LOWER, set(Operator)):
        for clause in clauses:
            if clause.operator in wanted:
                return clause.version
    return None


def around(spec: MatchSpec, versions: Sequence[Version]) -> tuple[Version, ...]:
    """Return the version below and the version above the one asked for; what does not exist is left out.

    The newest alone where a spec asks around none, or around a word such as ``latest``: all numbers are above it.
    """
    wanted = pivot(spec)
    if wanted is None or not wanted.text[:1].isdigit():
        return tuple(versions[-1:])
    return (*[v for v in versions if v < wanted][-1:], *[v for v in versions if v > wanted][:1])


def lost_zero(spec: MatchSpec, versions: Sequence[Version]) -> str:
    """Return the version that a spec means if a YAML tool took its last zero; empty where there is none."""
    wanted = pivot(spec)
    if wanted is None or spec.version is None or not (spec.version.is_exact or spec.version.is_fuzzy):
        return ""
    if not re.fullmatch(r"\d+\.\d*[1-9]", wanted.text):
        return ""
    restored = Version.of(f"{wanted.text}0")
    return restored.text if any(version.starts_with(restored) for version in versions) else ""


def nearest_hint(spec: MatchSpec, versions: Sequence[Version]) -> str:
    """Return what to write instead of a version that does not exist."""
    near = around(spec, versions)
    if spec.version is not None and (spec.version.is_exact or spec.version.is_fuzzy):
        return f"write {joined([f'{spec.name}={version}' for version in near], 'or')}"
    return f"let the line allow {joined(map(str, near), 'or')}"


def builds(records: Iterable[PackageRecord]) -> str:
    """Return the builds of some records with their hashes left out: ``py310*, py311* and 4 more``."""
    found = {record.build for record in records}
    patterns = sorted({_HASH.sub("*", build) for build in found})
    if patterns[0] == "*":
        # All that tells such builds apart is the hash, which tells a reader nothing.
        return joined(sorted(found)) if len(found) < _FEW else f"{len(found)} others"
    shown = patterns if len(patterns) <= _MOST_BUILDS else patterns[: _MOST_BUILDS - 1]
    more = len(patterns) - len(shown)
    return joined([*shown, f"{more} more"] if more else shown)


def selector_word(platforms: Iterable[Platform], asked: Iterable[Platform]) -> str:
    """Return the one word of a selector that is true on `platforms` and on no other of `asked`, or nothing."""
    wanted, universe = frozenset(platforms), frozenset(asked)
    same = {platform.os for platform in universe - wanted} <= {platform.os for platform in wanted}
    words = (*_SYSTEMS, *(_PROCESSORS if same else ()))
    return next((word for word in words if VARIABLES[word] & universe == wanted), "")
