"""How a line can be made to allow another version: the nearest ones in both directions, in the user's own way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version
from condaenv_tools.model.version_spec import AllOf, Clause, VersionSpec
from condaenv_tools.rules.record_texts import pivot

__all__ = ["Widening", "any_of", "spec_text", "widenings"]

#: Parts of a version that count as one step where a line names bounds.
_PARTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Widening:
    """Another text of a line.

    Attributes
    ----------
    text : str
        The whole new text.
    spec : MatchSpec
        What it means.
    steps : int
        How many groups of releases lie between; 0 where the version stays and the build goes.
    upward : bool
        Whether the version rises.
    """

    text: str
    spec: MatchSpec
    steps: int
    upward: bool


def widenings(spec: MatchSpec, records: Iterable[PackageRecord]) -> tuple[Widening, ...]:
    """Return other texts of a line, the nearest first, upward before downward.

    Parameters
    ----------
    spec : MatchSpec
        What the line asks for.
    records : iterable of PackageRecord
        What there is of the package.

    Returns
    -------
    tuple of Widening
        None where the line names neither version nor build. A pin moves to another release with as many parts; a
        bound gives way so far that a release is let in.

    Examples
    --------
    >>> place = {"build": "0", "subdir": "noarch", "channel": "", "url": ""}
    >>> versions = ("1.26.4", "2.0.1", "2.0.2", "2.1.0", "2.2.0")
    >>> records = [PackageRecord(name="numpy", version=v, **place) for v in versions]
    >>> [w.text for w in widenings(MatchSpec.parse("numpy=2.0"), records)]
    ['numpy=2.1', 'numpy=1.26', 'numpy=2.2']
    >>> [w.text for w in widenings(MatchSpec.parse("numpy>=2,<2.1"), records)]
    ['numpy>=2,<=2.1.0', 'numpy>=1.26,<2.1', 'numpy>=2,<=2.2.0']
    """
    named = spec.version is not None and not spec.version.is_any
    found: list[Widening] = []
    if spec.build is not None:
        plain = replace(spec, build=None)
        found.append(Widening(text=spec_text(plain), spec=plain, steps=0, upward=True))
    wanted = pivot(spec)
    if not named or wanted is None or spec.version is None:
        return tuple(found)
    others = sorted(
        {version for record in records if not spec.version.matches(version := Version.of(record.version))}
    )
    parts = _parts(spec.version, wanted)
    for upward in (True, False):
        side = [v for v in (others if upward else reversed(others)) if (v > wanted) is upward]
        for steps, (_, group) in enumerate(groupby(side, key=lambda v: _beginning(v, parts)), 1):
            made = _allowing(spec, spec.version, max(group), parts, upward=upward)
            found.append(Widening(text=spec_text(made), spec=made, steps=steps, upward=upward))
    return tuple(sorted(found, key=lambda one: (one.steps, not one.upward)))


def any_of(specs: Sequence[MatchSpec]) -> MatchSpec:
    """Return a spec that allows what any of some specs of one package allows; builds are left out.

    Examples
    --------
    >>> str(any_of([MatchSpec.parse("numpy=2.1"), MatchSpec.parse("numpy>=1,<2")]))
    "numpy[version='2.1.*|>=1,<2']"
    """
    first = specs[0]
    texts = [str(spec.version) for spec in specs if spec.version is not None]
    return MatchSpec(
        name=first.name,
        channel=first.channel,
        version=VersionSpec.parse("|".join(texts)) if len(texts) == len(specs) else None,
    )


def _parts(version: VersionSpec, wanted: Version) -> int | None:
    """Return of how many parts a group of releases is told by; None where each release counts."""
    if version.is_exact:
        return None
    return len(wanted.text.split(".")) if version.is_fuzzy else _PARTS


def _beginning(version: Version, parts: int | None) -> str:
    return version.text if parts is None else ".".join(version.text.split(".")[:parts])


def _allowing(
    spec: MatchSpec, version: VersionSpec, other: Version, parts: int | None, *, upward: bool
) -> MatchSpec:
    """Return a spec that allows another version as well, or instead where it names one release or family."""
    channel = spec.channel
    if version.is_exact:
        text = f"=={other}"
    elif version.is_fuzzy or not _is_list(version):
        text = f"={_beginning(other, parts)}"
    else:
        kept = [clause.text for clause in version.clauses() if clause.matches(other)]
        bound = f"<={other}" if upward else f">={_beginning(other, parts)}"
        text = ",".join([*kept, bound] if upward else [bound, *kept])
    made = MatchSpec.parse(f"{spec.name}{text}")
    return made if channel is None else replace(made, channel=channel)


def _is_list(version: VersionSpec) -> bool:
    return isinstance(version.root, Clause) or (
        isinstance(version.root, AllOf) and all(isinstance(part, Clause) for part in version.root.parts)
    )


def spec_text(spec: MatchSpec) -> str:
    """Return a spec as people write it in a file, which is shorter than conda's canonical form.

    Examples
    --------
    >>> [spec_text(MatchSpec.parse(text)) for text in ("numpy 2.0.*", "numpy 2.0.1", "numpy >=2")]
    ['numpy=2.0', 'numpy==2.0.1', 'numpy>=2']
    """
    channel = "" if spec.channel is None else f"{spec.channel}::"
    version = "" if spec.version is None else str(spec.version)
    if spec.version is not None and spec.version.is_fuzzy:
        version = f"={version.removesuffix('.*').removeprefix('=')}"
    elif spec.version is not None and spec.version.is_exact:
        version = f"=={version.removeprefix('==')}"
    text = f"{channel}{spec.name}{version}"
    return text if MatchSpec.parse(text) == spec else str(spec)
