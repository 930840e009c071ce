"""MatchSpecs of a record as the map of a `conda-lock.yml`: one constraint for each name (CEP 37).

A name, a space and its constraint make a MatchSpec (CEP 29). So a build string can be kept, which conda-lock
itself drops, and several specs of one name are joined where one MatchSpec says the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import product

__all__ = ["Constraints", "constraints_of", "depends_of"]

_SPEC = re.compile(
    r"\s*(?:(?P<channel>\S+?)::)?(?P<name>[A-Za-z0-9_.*-]+)\s*(?P<rest>(?:[\s=<>!~\[(;].*?)?)\s*", re.DOTALL
)
_AROUND = re.compile(r"\s*([,|])\s*|(?<=[<>=])\s+")
#: More alternatives than this are not multiplied out.
_MOST_ALTERNATIVES = 16

#: The constraint of each name, sorted, and the specs that could not be said.
Constraints = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]


@lru_cache(maxsize=50_000)
def constraints_of(depends: tuple[str, ...]) -> Constraints:
    """Return the constraint of each name, sorted by name, and the specs that the map cannot say.

    Parameters
    ----------
    depends : tuple of str
        MatchSpecs in any order.

    Returns
    -------
    tuple
        Pairs of name and constraint, and the specs that were left out: what is left is weaker than the
        record.

    Examples
    --------
    >>> constraints_of(("python >=3.12,<3.13.0a0", "python_abi 3.12.* *_cp312", "python >=3.9", "abc"))[0]
    (('abc', ''), ('python', '>=3.12,<3.13.0a0,>=3.9'), ('python_abi', '3.12.* *_cp312'))
    >>> constraints_of(("a * x_*", "a * *_y"))
    ((('a', '* x_*'),), ('a * *_y',))
    """
    by_name: dict[str, list[str]] = {}
    left_out: list[str] = []
    for spec in depends:
        name, constraint = _split(spec)
        if not name:
            left_out.append(spec)
            continue
        known = by_name.setdefault(name, [])
        if constraint not in known:
            known.append(constraint)
    found = []
    for name in sorted(by_name):
        constraint, rest = _join(by_name[name])
        found.append((name, constraint))
        left_out += [f"{name} {text}" for text in rest]
    return tuple(found), tuple(left_out)


def depends_of(constraints: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the MatchSpecs of a map, in its order.

    Examples
    --------
    >>> depends_of({"abc": "", "python": ">=3.9"})
    ('abc', 'python >=3.9')
    """
    pairs = constraints.items() if isinstance(constraints, Mapping) else constraints
    return tuple([f"{name} {constraint}" if constraint else name for name, constraint in pairs])


@lru_cache(maxsize=50_000)
def _split(spec: str) -> tuple[str, str]:
    """Split a MatchSpec into its name and the rest, a channel moved behind the name."""
    match = _SPEC.fullmatch(spec)
    if match is None:
        return "", spec
    rest = match["rest"].strip()
    if match["channel"]:
        if "[" in rest:
            return "", spec
        rest = f"{rest}[channel={match['channel']}]"
    return match["name"], rest


def _join(constraints: list[str]) -> tuple[str, list[str]]:
    """Return one constraint that says all of them, and those that it does not say."""
    real = [text for text in constraints if text not in {"", "*"}]
    if len(real) < 2:
        return (real or constraints)[0], []
    kept, *others = real
    rest = []
    for other in others:
        joined = _conjunction(kept, other)
        if joined is None:
            rest.append(other)
        else:
            kept = joined
    return kept, rest


def _conjunction(one: str, other: str) -> str | None:
    first, second = _version_and_build(one), _version_and_build(other)
    if first is None or second is None:
        return None
    builds = [b for b in dict.fromkeys((first[1], second[1])) if b != "*"]
    if len(builds) > 1:
        return None
    alternatives = list(product(first[0].split("|"), second[0].split("|")))
    if len(alternatives) > _MOST_ALTERNATIVES:
        return None
    version = "|".join(dict.fromkeys(map(_and, alternatives)))
    return f"{version} {builds[0]}" if builds else version


def _and(parts: tuple[str, str]) -> str:
    terms = dict.fromkeys(term for part in parts for term in part.split(","))
    real = [term for term in terms if term != "*"]
    return ",".join(real) or "*"


def _version_and_build(constraint: str) -> tuple[str, str] | None:
    """Split a constraint of one or two words; anything richer (brackets, conditions) is not joined."""
    words = _AROUND.sub(lambda m: m[1] or "", constraint).split()
    if len(words) > 2 or any(c in constraint for c in "[](){};^$'\""):
        return None
    version, build = words[0], words[1] if len(words) == 2 else "*"
    if re.search(r"[,|]=(?!=)|[^,|=<>!~]=", version):
        return None  # a fuzzy term among others, or `1.2=build`, a build in the old notation
    if version[0] == "=" and version[1:2] != "=":
        if len(words) == 2:
            return None  # `=1.2 build` is 1.2 alone to conda, and any 1.2 to libmamba
        version = version[1:].removesuffix("*").removesuffix(".") + ".*"
    return version, build
