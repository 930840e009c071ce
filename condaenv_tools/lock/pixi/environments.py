"""The environments of a `pixi.lock`, which a lock has as categories: `default` is `main`, others add to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["DEFAULT", "Chosen", "Environment", "choose", "environment_name"]

DEFAULT = "default"
#: What a category is called that no environment can be called after.
_NAMELESS = "other"
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")

#: A package of the list: its key (`conda`, `pypi`) and its place.
Selector = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Environment:
    """What one environment has on each of the file's platforms, by the platform's own name."""

    name: str
    packages: Mapping[str, tuple[Selector, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is read: the environment that says the channels, and each package with its categories.

    Attributes
    ----------
    name : str or None
        The environment; None where the file has none.
    packages : mapping of str to mapping
        For each platform, each package with its categories, sorted.
    problem : str or None
        Why the environments make no one lock.
    """

    name: str | None
    packages: Mapping[str, Mapping[Selector, tuple[str, ...]]]
    problem: str | None = None


def environment_name(category: str) -> str:
    """Return the name of the environment for a category; `main` is in `default`.

    Examples
    --------
    >>> environment_name("main"), environment_name("dev"), environment_name("GPU_12")
    ('default', 'dev', 'gpu-12')
    """
    if category == "main":
        return DEFAULT
    name = _NOT_IN_A_NAME.sub("-", category.lower()).strip("-")
    return _NAMELESS if name in {"", DEFAULT, "main"} else name


def choose(
    environments: Mapping[str, Environment],
    wanted: str | None,
    names: Mapping[Selector, str],
) -> Chosen:
    """Return what is read of several environments.

    One alone is read as it is, whatever its name. Where there are several, `default` is `main` and each other one
    is a category: this needs that each has all of `default`, and that no two have different builds of a package.

    Parameters
    ----------
    environments : mapping of str to Environment
        Those of the file, by name.
    wanted : str or None
        The one that the user names.
    names : mapping of selector to str
        The name of each package.
    """
    if wanted is not None:
        if wanted not in environments:
            listed = ", ".join(sorted(environments)) or "none"
            return Chosen(None, {}, f"there is no environment {wanted}; it has: {listed}")
        return Chosen(wanted, _alone(environments[wanted]))
    if len(environments) <= 1:
        name = next(iter(environments), None)
        return Chosen(name, _alone(environments[name]) if name is not None else {})
    if DEFAULT not in environments:
        return Chosen(None, {}, "none of its environments is called default")
    return _together(environments, names)


def _alone(environment: Environment) -> dict[str, dict[Selector, tuple[str, ...]]]:
    return {
        platform: dict.fromkeys(selectors, ("main",)) for platform, selectors in environment.packages.items()
    }


def _together(environments: Mapping[str, Environment], names: Mapping[Selector, str]) -> Chosen:
    main = environments[DEFAULT].packages
    found: dict[str, dict[Selector, list[str]]] = {
        platform: {one: ["main"] for one in selectors} for platform, selectors in main.items()
    }
    for name in sorted(set(environments) - {DEFAULT}):
        for platform, selectors in environments[name].packages.items():
            left_out = sorted(set(main.get(platform, ())) - set(selectors))
            if left_out:
                problem = (
                    f"{name} does not have {names.get(left_out[0], left_out[0][1])} of default on {platform}"
                )
                return Chosen(None, {}, problem)
            in_main = set(main.get(platform, ()))
            there = found.setdefault(platform, {})
            for one in selectors:
                if one not in in_main:
                    there.setdefault(one, []).append(name)
    for platform, packages in found.items():
        twice = _twice((one, names.get(one, "")) for one in packages)
        if twice is not None:
            return Chosen(None, {}, f"they have different builds of {twice} on {platform}")
    return Chosen(
        DEFAULT, {p: {one: tuple(sorted(c)) for one, c in there.items()} for p, there in found.items()}
    )


def _twice(packages: Iterable[tuple[Selector, str]]) -> str | None:
    seen: set[tuple[str, str]] = set()
    for (kind, _), name in packages:
        if (kind, name) in seen:
            return name
        seen.add((kind, name))
    return None
