"""A chain as sentences: one for each line of the file, and what only several lines together bring about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from condaenv_tools.conflicts.search.universe import all_match
from condaenv_tools.conflicts.words.asked import ask_text, line_subject, version_range
from condaenv_tools.conflicts.words.cases import Cases
from condaenv_tools.conflicts.words.reasons import Chain, Kind, Reason, Records, lines_behind
from condaenv_tools.model.channel_places import channel_label
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.record import PackageRecord

__all__ = ["Account", "account_of", "account_of_cases"]


#: So many lines of a derivation are shown.
_MOST_LINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Why lines exclude each other, in words.

    Attributes
    ----------
    remarks : tuple of (Dependency, str)
        What stands beside each line, in the order of the files; may be empty.
    further : tuple of str
        What no line brings about alone, in the order of the derivation; of a long one the beginning and the end.
    text : str
        All of it in one sentence or two, for a reader who does not see the lines.
    hints : tuple of str
        What to do next, where that is known without solving.
    fault : str
        The fault of ours that kept better words away; else empty.
    chains : tuple of Chain
        What is told: one chain, one for each case, or none. Two accounts of the same words are equal.
    """

    remarks: tuple[tuple[Dependency, str], ...]
    further: tuple[str, ...]
    text: str
    hints: tuple[str, ...] = ()
    fault: str = ""
    chains: tuple[Chain, ...] = field(default=(), repr=False, compare=False)


def account_of(chain: Chain, members: Sequence[Dependency], *, channels: Sequence[str]) -> Account:
    """Tell a chain.

    Parameters
    ----------
    chain : Chain
        The derivation.
    members : sequence of Dependency
        The core, in the order of the files.
    channels : sequence of str
        Those that were read, for what is on none of them.
    """
    teller = _Teller(chain)
    teller.tell_all()
    end = _end(chain, teller, channels)
    asking = set(lines_behind(chain.reasons))
    remarks = []
    for item in members:
        told = teller.remarks.get(item, [])
        remarks.append((item, "; ".join(told) or (_asks(item.spec) if item in asking else "")))
    further = [*teller.further, *([] if (teller.remarks or teller.further) and _is_said(chain) else [end])]
    sentences = [text for item in members for text in teller.remarks.get(item, [])]
    text = "; ".join([*sentences, *teller.further, end])
    return Account(
        remarks=tuple(remarks),
        further=_shortened(further),
        text=text,
        hints=_hints(chain),
        chains=(chain,),
    )


def _shortened(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the beginning and the end of a long derivation: what lies between is for programs."""
    if len(lines) <= _MOST_LINES:
        return tuple(lines)
    half = _MOST_LINES // 2
    left_out = len(lines) - 2 * half
    return (*lines[:half], f"... and {left_out} more step{'s' if left_out > 1 else ''}", *lines[-half:])


def account_of_cases(cases: Cases, members: Sequence[Dependency], *, channels: Sequence[str]) -> Account:
    """Tell a conflict case by case.

    Parameters
    ----------
    cases : Cases
        The package and its releases.
    members : sequence of Dependency
        The core, in the order of the files.
    channels : sequence of str
        As for `account_of`.
    """
    told: dict[str, list[str]] = {}
    for case in cases.cases:
        text = account_of(case.chain, [*members, case.assumed], channels=channels).text
        told.setdefault(text, []).append(line_subject(case.assumed.spec).removeprefix(f"{cases.name} "))
    head = f"no release of {cases.name}, which they need, will do"
    further = [f"with {cases.name} {' and '.join(releases)}: {text}" for text, releases in told.items()]
    return Account(
        remarks=tuple((item, _asks(item.spec)) for item in members),
        further=(head, *further),
        text="; ".join([head, *further]),
        chains=tuple(case.chain for case in cases.cases),
    )


class _Teller:
    """Walks over a chain and collects sentences, each under the line that begins it."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.remarks: dict[Dependency, list[str]] = {}
        self.further: list[str] = []

    def tell_all(self) -> None:
        for reason in self.chain.reasons:
            self._keep(*self._told(reason, self._excluded(reason)))

    def _excluded(self, reason: Reason) -> Records:
        """Return what the other reasons leave of the package."""
        left = self.chain.visible
        for other in self.chain.reasons:
            if other is not reason:
                left = tuple(record for record in left if _allows(other, record))
        return left

    def _keep(self, line: Dependency | None, text: str) -> None:
        if not text:
            return
        where = self.further if line is None else self.remarks.setdefault(line, [])
        if text not in where:
            where.append(text)

    def _told(self, reason: Reason, excluded: Records = ()) -> tuple[Dependency | None, str]:
        """Return the line that a reason begins with, if it is one line, and the sentence."""
        if reason.line is not None:
            return reason.line, ""
        begun, behind = self._behind(reason)
        if reason.kind is Kind.FIT:
            self._keep(begun, behind)
            return None, _fit(reason)
        subject = self._subject(reason, begun)
        verb = "needs" if reason.kind is Kind.NEED else "allows only"
        return begun, _and(behind, f"{subject} {verb} {ask_text(reason.name, reason.specs, excluded)}")

    def _behind(self, reason: Reason) -> tuple[Dependency | None, str]:
        if len(reason.behind) == 1:
            return self._told(reason.behind[0])
        for one in reason.behind:
            self._keep(*self._told(one))
        return None, ""

    def _subject(self, reason: Reason, begun: Dependency | None) -> str:
        versions = version_range(reason.records)
        if len(reason.behind) == 1 and reason.behind[0].line is begun and begun is not None:
            subject = line_subject(begun.spec)
            return f"every {subject}" if subject.endswith(f" {versions}") else f"every {subject} ({versions})"
        if len(reason.behind) == 1:
            return f"every such {reason.source} ({versions})"
        if not reason.behind:
            return f"every {reason.source} ({versions})"
        together = "both" if len(reason.behind) == 2 else "all of them"
        return f"{together} together leave {reason.source} {versions}, every one of which"


def _fit(reason: Reason) -> str:
    """Tell of one case of several: which records go out, and for what."""
    asked = ask_text(reason.source, reason.specs, reason.records)
    need = "need" if _several(reason.dropped) else "needs"
    needs = f"{reason.name} {version_range(reason.dropped)} {need} {asked}"
    if not reason.records:
        lacking = (
            "which the machine is taken to lack" if is_virtual(reason.source) else "which does not exist"
        )
        return f"{needs}, and none is left" if reason.behind else f"{needs}, {lacking}"
    left = f"{reason.source} {version_range(reason.records)}"
    are = "are" if _several(reason.records) else "is"
    return f"{needs}, and only {left} {are} left" if reason.behind else f"{needs}, and there {are} {left}"


def _several(records: Records) -> bool:
    return len({record.version for record in records}) > 1


def _allows(reason: Reason, record: PackageRecord) -> bool:
    if reason.line is not None:
        return reason.line.spec.matches(record)
    if reason.kind is Kind.FIT:
        return record not in reason.dropped
    return any(all_match(specs, record) for specs in reason.specs)


def _and(first: str, second: str) -> str:
    return f"{first}, and {second}" if first else second


def _asks(spec: MatchSpec) -> str:
    version = "" if spec.version is None or spec.version.is_any else f" {spec.version}"
    build = f" in a build {spec.build}" if spec.build else ""
    return f"asks for {spec.name}{version}{build}"


def _lines(chain: Chain) -> list[Dependency]:
    return [reason.line for reason in chain.reasons if reason.line is not None]


def _is_said(chain: Chain) -> bool:
    """Say whether the carets say the end of the chain: a line asks for what another one excludes."""
    return bool(_lines(chain)) and len(chain.reasons) > 1 and not _has_fit(chain)


def _end(chain: Chain, teller: _Teller, channels: Sequence[str]) -> str:
    """Return why that is too much: who excludes it, or what there is."""
    if _has_fit(chain):
        return f"no {chain.name} is left"
    if len(chain.reasons) == 1:
        return _what_there_is(chain, channels)
    lines = " and ".join(map(str, _lines(chain)))
    if not lines:
        return f"no {chain.name} is {'both' if len(chain.reasons) == 2 else 'all of that'}"
    if teller.remarks or teller.further:
        return f"{lines} excludes it"
    return f"no {chain.name} is what {lines} ask for"


def _what_there_is(chain: Chain, channels: Sequence[str]) -> str:
    if is_virtual(chain.name):
        there = ", ".join(record.version for record in chain.visible)
        return f"the machine is taken to have {f'{chain.name} {there}' if there else f'no {chain.name}'}"
    if not chain.visible:
        return f"{' and '.join(channels)} {'has' if len(channels) == 1 else 'have'} no {chain.name}"
    holders = sorted({channel_label(record.channel) for record in chain.visible})
    have = "has" if len(holders) == 1 else "have"
    return f"{' and '.join(holders)} {have} {chain.name} {version_range(chain.visible)}"


def _has_fit(chain: Chain) -> bool:
    return any(reason.kind is Kind.FIT for reason in chain.reasons)


def _hints(chain: Chain) -> tuple[str, ...]:
    if not is_virtual(chain.name):
        return ()
    asked = [spec for reason in chain.reasons for specs in reason.specs for spec in specs]
    floors = [
        clause.version
        for spec in asked
        if spec.version is not None
        for clause in spec.version.clauses()
        if clause.version is not None and clause.operator.value in {">=", "=", "=="}
    ]
    least = min(floors) if floors else "VERSION"
    return (f"if the machine has it, say so: --virtual-package {chain.name}={least}",)
