"""Another machine: the smallest version of a virtual package with which a file solves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

from condaenv_tools.conflicts.corrections.other_world import (
    cores_go,
    elsewhere,
    reached,
    solved_elsewhere,
    told_versions,
)
from condaenv_tools.conflicts.corrections.proof import Targets
from condaenv_tools.conflicts.corrections.values import OtherCorrection, OtherKind, Target
from condaenv_tools.conflicts.search.universe import Universe
from condaenv_tools.errors import ParseError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.version import Version
from condaenv_tools.model.virtual import (
    VirtualPackage,
    fitting_virtual_packages,
    override_virtual_packages,
)

__all__ = ["change_machine"]

#: What a user may state of a machine, and a version that every lower bound lets in, and every bound against the
#: next generation, too. The operating system is not a matter of choice.
_BEYOND = {"__cuda": "999", "__glibc": "2.999", "__osx": "999", "__linux": "999"}
#: What is stated of a package that is asked for without a version.
_SOME = {"__cuda": "12.0"}
#: So many machines are tried.
_MOST = 60


def change_machine(targets: Targets) -> OtherCorrection | None:
    """Return the flags that state the least machine with which every platform solves, or None.

    Parameters
    ----------
    targets : mapping of Platform to Target
        All platforms that are asked for, with their conflicts.

    Returns
    -------
    OtherCorrection or None
        As few virtual packages as suffice, each of the smallest version that works: of those that the packages in
        reach name, since nothing changes between them.

    Raises
    ------
    OutOfTimeError
        The time is over.
    """
    if not cores_go(_on(targets, _BEYOND)):
        return None
    names = _needed(targets)
    mentioned = _mentioned(targets)
    choices = [_rising(targets, name, mentioned) for name in names]
    # By how many versions are passed in all, so that each is as low as the others allow.
    places = sorted(product(*(range(len(one)) for one in choices)), key=lambda way: (sum(way), way))
    for way in places[:_MOST]:
        stated = {name: one[at] for name, one, at in zip(names, choices, way, strict=True)}
        other = _on(targets, stated)
        solutions = solved_elsewhere(other)
        if solutions is not None:
            return OtherCorrection(
                kind=OtherKind.VIRTUAL_PACKAGE,
                flags=tuple(f"--virtual-package {name}={version}" for name, version in stated.items()),
                versions=told_versions(targets, solutions),
            )
    return None


def _on(targets: Targets, stated: Mapping[str, str]) -> dict[Platform, Target]:
    packages = [VirtualPackage(name=name, version=version) for name, version in stated.items()]
    return elsewhere(
        targets,
        lambda platform, probe: probe.under(
            request=replace(
                probe.request,
                virtual_packages=override_virtual_packages(
                    probe.request.virtual_packages, fitting_virtual_packages(packages, platform)
                ),
            )
        ),
    )


def _needed(targets: Targets) -> tuple[str, ...]:
    """Return as few virtual packages as mend the conflicts, by leaving out those without which they are mended."""
    kept = dict(_BEYOND)
    for name in _BEYOND:
        rest = {other: version for other, version in kept.items() if other != name}
        if cores_go(_on(targets, rest)):
            kept = rest
    return tuple(kept)


def _rising(targets: Targets, name: str, mentioned: Mapping[str, set[str]]) -> list[str]:
    """Return the versions to state, the lowest first: those that are higher than what is stated already."""
    have = [
        Version.of(one.version)
        for target in targets.values()
        for one in target.probe.request.virtual_packages
        if one.name == name
    ]
    found = sorted({Version.of(text) for text in mentioned.get(name, ())})
    higher = [version.text for version in found if not have or version > min(have)]
    return higher or [_SOME.get(name, "1")]


def _mentioned(targets: Targets) -> dict[str, set[str]]:
    """Return the versions from which on packages in reach of the conflicts take a virtual package."""
    texts: set[str] = set()
    for target in targets.values():
        members = {item for core in target.cores for item in core.members}
        texts |= {str(item.spec) for item in members if is_virtual(item.name)}
        universe = Universe(target.probe.request, target.probe.options)
        for _, records in reached(target, universe):
            asked = {text for record in records for text in (*record.depends, *record.constrains)}
            texts |= {text for text in asked if is_virtual(text)}
    found: dict[str, set[str]] = {}
    for spec in filter(None, map(_read, texts)):
        found.setdefault(spec.name, set()).update(_lower_bounds(spec))
    return found


def _read(text: str) -> MatchSpec | None:
    try:
        return MatchSpec.parse(text)
    except ParseError:
        return None


def _lower_bounds(spec: MatchSpec) -> list[str]:
    clauses = spec.version.clauses() if spec.version is not None else ()
    bounds = [clause for clause in clauses if clause.version is not None and clause.matches(clause.version)]
    return [clause.version.text for clause in bounds if clause.version is not None]
