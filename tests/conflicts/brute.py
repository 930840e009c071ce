"""A solver that tries everything, over channels that are held in memory: what the search is proven against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from condaenv_tools.errors import UnsatisfiableError
from condaenv_tools.model.channel import Channel, expand_channels
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.solution import Solution
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.request import ChannelPriority, Outcome, SolveOptions, SolveRequest

LINUX = Platform.LINUX_64

#: What can be chosen for a name.
Thing = PackageRecord | VirtualPackage


@dataclass(frozen=True)
class Memory:
    """A channel of a few records."""

    name: str
    held: tuple[PackageRecord, ...]

    @property
    def channel(self) -> Channel:
        return expand_channels([self.name])[0]

    @property
    def location(self) -> str:
        return self.channel.url

    def package_names(self, subdir: str) -> frozenset[str]:
        return frozenset(one.name for one in self.held if one.subdir == subdir)

    def records(self, subdir: str, *names: str) -> tuple[PackageRecord, ...]:
        return tuple(one for one in self.held if one.subdir == subdir and one.name in names)


class Brute:
    """Answers by trying every record of every package that is needed."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def solve(
        self,
        requests: Sequence[SolveRequest],
        options: SolveOptions,
        *,
        on_done: Callable[[Outcome], None] | None = None,
    ) -> tuple[Outcome, ...]:
        del on_done
        return tuple(self._one(request, options) for request in requests)

    def _one(self, request: SolveRequest, options: SolveOptions) -> Outcome:
        self.asked.append(tuple(map(str, request.specs)))
        found = solution(request, options)
        if found is None:
            return Outcome(platform=request.platform, error=UnsatisfiableError("it cannot be", reasons={}))
        solved = Solution(
            platform=request.platform,
            records=tuple(found),
            virtual_packages=request.virtual_packages,
        )
        return Outcome(platform=request.platform, solution=solved)


def solution(request: SolveRequest, options: SolveOptions | None = None) -> list[PackageRecord] | None:
    """Return records that fulfil a request, the highest versions first, or None."""
    options = options or SolveOptions()
    machine: dict[str, list[Thing]] = {}
    for one in request.virtual_packages:
        machine.setdefault(one.name, []).append(one)

    def search(chosen: dict[str, Thing], todo: list[MatchSpec]) -> dict[str, Thing] | None:
        if not todo:
            return chosen
        spec, *rest = todo
        if spec.name in chosen:
            return search(chosen, rest) if spec.matches(chosen[spec.name]) else None
        there: Sequence[Thing] = machine.get(spec.name, [])
        if not spec.name.startswith("__"):
            there = _visible(request, spec.name, options)
        for one in filter(spec.matches, there):
            if not _allowed(request, one) or _bars(chosen, one):
                continue
            needs = [MatchSpec.parse(text) for text in getattr(one, "depends", ())]
            found = search({**chosen, one.name: one}, [*rest, *needs])
            if found is not None:
                return found
        return None

    found = search({}, list(request.specs))
    if found is None:
        return None
    return sorted((r for r in found.values() if isinstance(r, PackageRecord)), key=lambda r: r.name)


def _allowed(request: SolveRequest, one: Thing) -> bool:
    return all(pin.matches(one) for pin in request.constraints if pin.name == one.name)


def _visible(request: SolveRequest, name: str, options: SolveOptions) -> list[PackageRecord]:
    found: list[PackageRecord] = []
    newest = options.exclude_newer
    for source in request.sources:
        here = [r for subdir in (request.platform.value, "noarch") for r in source.records(subdir, name)]
        found += [r for r in here if newest is None or (r.built is not None and r.built <= newest)]
        if here and options.channel_priority is ChannelPriority.STRICT:
            break
    return sorted(found, key=lambda r: r.version, reverse=True)


def _bars(chosen: dict[str, Thing], one: Thing) -> bool:
    """Say whether a record and those that are there constrain each other away."""
    pairs = [(one, other) for other in chosen.values()] + [(other, one) for other in chosen.values()]
    return any(
        spec.name == second.name and not spec.matches(second)
        for first, second in pairs
        for spec in map(MatchSpec.parse, getattr(first, "constrains", ()))
    )


def line(text: str, number: int = 1) -> Dependency:
    """Return one line of a file."""
    span = SourceSpan(path="environment.yml", line=number, column=5, start=100 * number, end=100 * number + 9)
    return Dependency(text=text, spec=MatchSpec.parse(text), span=span)


def lines(*texts: str) -> tuple[Dependency, ...]:
    """Return lines of a file, the first of which is the fourth."""
    return tuple(line(text, number) for number, text in enumerate(texts, 4))


def request(
    records: Sequence[PackageRecord],
    *specs: str,
    virtual: Sequence[str] = (),
    more: Sequence[Memory] = (),
) -> SolveRequest:
    """Return a question about channel `toy`, and others behind it."""
    return SolveRequest(
        platform=LINUX,
        specs=tuple(map(MatchSpec.parse, specs)),
        sources=(Memory("toy", tuple(records)), *more),
        virtual_packages=tuple(map(VirtualPackage.parse, virtual)),
    )
