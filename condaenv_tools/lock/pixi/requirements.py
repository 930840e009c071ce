"""Requirements of distributions: those that a text can hold, and those that count on one platform."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.lock.pypi_target import Target
from condaenv_tools.model.lock import PyPIRecord
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.provided import interpreter_of

if TYPE_CHECKING:
    from packaging.requirements import Requirement

__all__ = ["counting", "requirement_texts", "sound_requirements"]

#: What decides whether a marker holds for some extras.
Holds = Callable[[str, frozenset[str]], bool]


@lru_cache(maxsize=20_000)
def _parsed(text: str) -> Requirement | None:
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - few locks have any

    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def requirement_texts(record: PyPIRecord) -> tuple[str, ...]:
    """Return what a record needs as PEP 508 has it, sorted; what is no requirement is among it.

    Examples
    --------
    >>> requirement_texts(PyPIRecord(name="a", version="1", url="", requires=(("b", ">=1"), ("c", "*"))))
    ('b>=1', 'c')
    """
    if record.requirements:
        return tuple(sorted(record.requirements))
    return tuple(sorted({name + ("" if spec == "*" else spec) for name, spec in record.requires}))


def sound_requirements(record: PyPIRecord) -> tuple[str, ...]:
    """Return those of `requirement_texts` that can be read: a pixi.lock with another is not read at all."""
    return tuple(text for text in requirement_texts(record) if _parsed(text) is not None)


def counting(
    requirements: Iterable[Sequence[str]],
    platform: Platform,
    records: Sequence[PackageRecord],
    virtual_packages: Sequence[VirtualPackage] | None,
) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return name and specifier of what counts of the requirements of each distribution, sorted.

    An extra counts where another of the distributions asks for it; what the user asked for is not known here.

    Parameters
    ----------
    requirements : iterable of sequence of str
        Those of each distribution of the platform, by itself: their first item is its name.
    platform : Platform
        The target machine.
    records : sequence of PackageRecord
        What conda installs; the version of its Python decides the markers.
    virtual_packages : sequence of VirtualPackage or None
        What is assumed of the machine; None for the defaults.
    """
    holds = _holds(platform, records, virtual_packages)
    all_texts = [(name, [one for text in texts if (one := _parsed(text))]) for name, *texts in requirements]
    asked: dict[str, set[str]] = {}
    for _, parsed in all_texts:
        for one in parsed:
            if one.extras:
                asked.setdefault(pypi_name(one.name), set()).update(map(pypi_name, one.extras))
    found = []
    for name, parsed in all_texts:
        extras = frozenset(asked.get(name, ()))
        found.append(
            tuple(
                sorted(
                    {
                        (pypi_name(one.name), str(one.specifier))
                        for one in parsed
                        if one.marker is None or holds(str(one.marker), extras)
                    }
                )
            )
        )
    return tuple(found)


def _holds(
    platform: Platform,
    records: Sequence[PackageRecord],
    virtual_packages: Sequence[VirtualPackage] | None,
) -> Holds:
    python = interpreter_of(records)
    if python is None:
        # Nothing decides; what only an extra brings is no more likely than not.
        return lambda text, extras: "extra" not in text or bool(extras)
    target = Target(platform, python.version, tuple(virtual_packages or ()))

    def holds(text: str, extras: frozenset[str]) -> bool:
        try:
            return target.holds(text, extras=extras)
        except UnsupportedError:
            return "extra" not in text or bool(extras)

    return holds
