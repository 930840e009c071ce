"""What an environment of a `pixi.lock` says of its solve, kept as pairs of a lock's metadata."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from condaenv_tools.lock.conda_lock_v1.entries import FaultList
from condaenv_tools.lock.metadata_keys import STRATEGY
from condaenv_tools.lock.yaml_scalars import scalar

__all__ = ["can_say", "options_text", "read_options"]

INDEXES = "pixi.indexes"
FIND_LINKS = "pixi.find-links"
PRIORITY = "pixi.channel-priority"
PRERELEASES = "pixi.pypi-prerelease-mode"

#: Our words for a strategy, and pixi's.
_STRATEGIES = {"lowest": "lowest-version", "lowest-direct": "lowest-version-direct"}
#: What each option may be, its default left out: that is not written.
_CHOICES = {
    "strategy": (STRATEGY, {v: k for k, v in _STRATEGIES.items()}),
    "channel-priority": (PRIORITY, {"disabled": "disabled"}),
    "pypi-prerelease-mode": (
        PRERELEASES,
        {word: word for word in ("disallow", "allow", "if-necessary", "explicit")},
    ),
}
_DEFAULTS = {
    "strategy": "highest",
    "channel-priority": "strict",
    "pypi-prerelease-mode": "if-necessary-or-explicit",
}


def read_options(
    body: Mapping[str, Any], where: tuple[str | int, ...], faults: FaultList
) -> tuple[tuple[str, str], ...]:
    """Return indexes and options of an environment as pairs, sorted."""
    pairs: dict[str, str] = {}
    indexes = body.get("indexes") or []
    if isinstance(indexes, list) and all(isinstance(url, str) for url in indexes):
        pairs |= {INDEXES: "\n".join(indexes)} if indexes else {}
    else:
        faults.append(((*where, "indexes"), "not a list of URLs"))
    links = body.get("find-links") or []
    if isinstance(links, list) and all(_is_link(item) for item in links):
        lines = [f"{kind}: {place}" for item in links for kind, place in item.items()]
        pairs |= {FIND_LINKS: "\n".join(lines)} if lines else {}
    else:
        faults.append(((*where, "find-links"), "not a list of `url:` and `path:`"))
    options = body.get("options") or {}
    if not isinstance(options, dict):
        faults.append(((*where, "options"), "not a mapping"))
        return ()
    for key, (name, words) in _CHOICES.items():
        value = options.get(key)
        if isinstance(value, str) and value in words:
            pairs[name] = words[value]
        elif value is not None and value != _DEFAULTS[key]:
            faults.append(((*where, "options", key), f"{key} should be one of {', '.join(words)}"))
    return tuple(sorted(pairs.items()))


def _is_link(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and len(item) == 1
        and all(key in {"url", "path"} and isinstance(value, str) for key, value in item.items())
    )


def can_say(key: str, value: str) -> bool:
    """Say whether a pair of a lock's metadata has a place in an environment."""
    for name, words in _CHOICES.values():
        if key == name:
            return value in words.values()
    lines = value.split("\n")
    if key == INDEXES:
        return all("://" in line for line in lines)
    return key == FIND_LINKS and all(
        line.partition(": ")[0] in {"url", "path"} and line.partition(": ")[2] for line in lines
    )


def options_text(pairs: Mapping[str, str]) -> Iterator[str]:
    """Return the lines of an environment that say the pairs which `can_say`, each without its indentation."""
    said = {key: value for key, value in pairs.items() if can_say(key, value)}
    if INDEXES in said:
        yield "indexes:"
        yield from (f"- {scalar(url)}" for url in said[INDEXES].split("\n"))
    if FIND_LINKS in said:
        # The format has no list of links without one of indexes.
        if INDEXES not in said:
            yield "indexes: []"
        yield "find-links:"
        for line in said[FIND_LINKS].split("\n"):
            kind, _, place = line.partition(": ")
            yield f"- {kind}: {scalar(place)}"
    options = [
        f"  {key}: {word}"
        for key, (name, words) in _CHOICES.items()
        for word, ours in words.items()
        if said.get(name) == ours
    ]
    if options:
        yield "options:"
        yield from options
