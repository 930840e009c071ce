"""What a line may become: its nearest versions in both directions, or what it may have meant."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from condaenv_tools.channels.source import RecordSource
from condaenv_tools.conflicts.corrections.proof import Targets
from condaenv_tools.conflicts.corrections.renames import renamings
from condaenv_tools.conflicts.corrections.values import Change
from condaenv_tools.conflicts.corrections.widening import Widening, widenings
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.conflicts.search.universe import Universe
from condaenv_tools.errors import ChannelError
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["Candidate", "LineOptions", "Side"]

#: A change, and what its text means.
Candidate = tuple[Change, MatchSpec]
#: Candidates that lie in one direction, or are of one other name: the nearest first.
Side = tuple[Candidate, ...]

#: So many other texts of a line are looked at, in each direction.
_MOST = 200


class LineOptions:
    """Reads from the records what other texts a line could have.

    Parameters
    ----------
    targets : mapping of Platform to Target
        A text counts only if something fits it on every platform on which the line does.
    """

    def __init__(self, targets: Targets) -> None:
        self._targets = targets
        self._universes = {
            platform: Universe(target.probe.request, target.probe.options)
            for platform, target in targets.items()
        }
        self._known: dict[Dependency, tuple[Side, ...]] = {}

    def sides(self, item: Dependency) -> tuple[Side, ...]:
        """Return what a line may become; nothing where it names no version, and its package is there.

        Raises
        ------
        OutOfTimeError
            The time is over: reading the records of many lines takes longer than a question.
        """
        if item not in self._known:
            if any(target.probe.is_late for target in self._targets.values()):
                raise OutOfTimeError
            self._known[item] = tuple(side for side in self._sides(item) if side)
        return self._known[item]

    def has(self, name: str, platform: Platform) -> bool:
        """Say whether there is anything of a package on a platform."""
        return bool(self._records(name, platform))

    def absent_on(self, item: Dependency) -> tuple[Platform, ...]:
        """Return the platforms on which no record fits a line that counts there."""
        return tuple(p for p in self._places(item) if not self._fits(item.spec, p))

    def _sides(self, item: Dependency) -> tuple[Side, ...]:
        if item.spec.has_name_pattern:
            return ()
        places = self._places(item)
        if not any(self._records(item.name, platform) for platform in places):
            return tuple(self._candidates(item, texts) for texts in self._renamings(item, places))
        found = self._candidates(item, widenings(item.spec, self._records(item.name, places[0])))
        return tuple(
            tuple(one for one in found if one[0].upward is upward)[:_MOST] for upward in (True, False)
        )

    def _renamings(self, item: Dependency, places: Sequence[Platform]) -> tuple[tuple[Widening, ...], ...]:
        named = {other.name for target in self._targets.values() for other in target.items}
        return renamings(
            item.spec,
            lambda name: name not in named and all(name in self._names[platform] for platform in places),
            lambda name: self._records(name, places[0]),
        )

    def _candidates(self, item: Dependency, texts: Sequence[Widening]) -> Side:
        places = self._places(item)
        return tuple(
            (Change(item=item, to=spaced(one.text, item.text), steps=one.steps, upward=one.upward), one.spec)
            for one in texts[: 2 * _MOST]
            if all(self._fits(one.spec, platform) for platform in places[1:])
        )

    def _places(self, item: Dependency) -> list[Platform]:
        return [platform for platform, target in self._targets.items() if item in target.items]

    def _fits(self, spec: MatchSpec, platform: Platform) -> bool:
        return any(spec.matches(record) for record in self._records(spec.name, platform))

    def _records(self, name: str, platform: Platform) -> tuple[PackageRecord, ...]:
        return self._universes[platform].visible(name)

    @cached_property
    def _names(self) -> dict[Platform, frozenset[str]]:
        return {
            platform: frozenset().union(
                *(
                    _names_of(source, subdir)
                    for source in target.probe.request.sources
                    for subdir in (platform.value, "noarch")
                )
            )
            for platform, target in self._targets.items()
        }


def spaced(text: str, old: str) -> str:
    """Return the text of a spec with a space behind the name, where the text that it replaces has one.

    Examples
    --------
    >>> spaced("numpy>=1.26,<2", "numpy >=2,<2.1"), spaced("numpy=1.26", "numpy=2.0")
    ('numpy >=1.26,<2', 'numpy=1.26')
    """
    signs = "<>=!~ ["
    name = next((text[:at] for at, sign in enumerate(text) if sign in signs), text)
    end = next((at for at, sign in enumerate(old) if sign in signs), len(old))
    if name == text or old[end : end + 1] != " " or text[len(name)] in " [":
        return text
    made = f"{name} {text[len(name) :]}"
    return made if MatchSpec.parse(made) == MatchSpec.parse(text) else text


def _names_of(source: RecordSource, subdir: str) -> frozenset[str]:
    try:
        return source.package_names(subdir)
    except ChannelError:
        return frozenset()
