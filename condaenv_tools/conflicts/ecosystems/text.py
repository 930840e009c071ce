"""Why lines of both halves exclude each other, in words: who demands what of PyPI, and what conda gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

from condaenv_tools.conflicts.ecosystems.clash import find_clash
from condaenv_tools.conflicts.ecosystems.probe import JointProbe
from condaenv_tools.conflicts.ecosystems.trail import trail_to
from condaenv_tools.conflicts.ecosystems.values import Item, JointAccount, JointCore
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.conflicts.search.universe import Universe
from condaenv_tools.conflicts.words.chains import find_chain
from condaenv_tools.conflicts.words.text import Account, account_of
from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.model.environment import Dependency, PipItem
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.resolve.joint_request import JointFailure
from condaenv_tools.resolve.pypi.answer import ConflictKind, PyPIConflict

__all__ = ["account_of_both"]

#: How uv begins, which says nothing.
_NO_ANSWER = "No solution found when resolving dependencies: "
_NEEDS = re.compile(r"(?P<who>\S+)(?: \S+)? needs (?P<what>.+)", re.DOTALL)


def account_of_both(core: JointCore, probe: JointProbe, known: JointFailure) -> JointAccount:
    """Tell a conflict of both halves.

    Parameters
    ----------
    core : JointCore
        The lines.
    probe : JointProbe
        Asked once more, about these lines alone, so that nothing else is told of.
    known : JointFailure
        What is told where the time is over.
    """
    failure = known
    if core.minimal:
        with suppress(OutOfTimeError):
            failure = probe.outcome(core.members).failure or known
    told = _Told(core, failure, probe)
    return told.account()


class _Told:
    """Collects what is said beside each line."""

    def __init__(self, core: JointCore, failure: JointFailure, probe: JointProbe) -> None:
        self._core = core
        self._failure = failure
        self._probe = probe
        self._first: PyPIConflict = failure.conflicts[0]
        self._pip = [item for item in core.members if isinstance(item, PipItem)]
        self._conda = [item for item in core.members if isinstance(item, Dependency)]
        self._remarks: dict[Item, list[str]] = {}
        self._sentences: list[str] = []
        self._further: list[str] = []

    def account(self) -> JointAccount:
        self._tell_pip()
        self._tell_conda()
        if not self._core.minimal:
            few = "the time ran out before it was known which of these lines matter"
            self._further.append(few)
            self._sentences.append(few)
        text = "; ".join(dict.fromkeys(self._sentences)) or self._first.text
        remarks = tuple((item, "; ".join(self._remarks.get(item, ()))) for item in self._core.members)
        # What to ask of conda is no advice where a line of the conda part stands against it.
        hints = () if self._conda else self._first.hints
        return JointAccount(
            remarks=remarks,
            further=tuple(dict.fromkeys(map(mask_credentials, self._further))),
            text=mask_credentials(text),
            hints=hints,
        )

    def _tell_pip(self) -> None:
        reasons = dict.fromkeys(reason for one in self._failure.conflicts for reason in one.reasons)
        for reason in reasons:
            self._tell_reason(reason)
        if reasons:
            return
        first = self._first
        if first.provided:
            self._tell_place() if not first.excluded else self._tell_own_versions()
            return
        # Words about the lines alone: behind the names of the lines comes what is wrong.
        if len(self._pip) > 1 and (clash := find_clash(self._pip, self._probe)):
            for item, demand in clash:
                self._remarks.setdefault(item, []).append(demand)
                self._sentences.append(demand if demand.split()[0] != "asks" else f"{item} {demand}")
            return
        words = (first.text.partition(": ")[2] or first.text).removeprefix(_NO_ANSWER)
        if len(self._pip) == 1 and first.kind is not ConflictKind.EXCLUDE:
            self._remarks.setdefault(self._pip[0], []).append(words)
            self._sentences.append(f"{self._pip[0]} cannot be met: {words}")
            return
        self._further.append(words)
        self._sentences.append(f"{' and '.join(map(str, self._pip))} cannot be had together: {words}")

    def _tell_reason(self, reason: str) -> None:
        match = _NEEDS.match(reason)
        own = next((item for item in self._pip if match and item.name == match["who"]), None)
        if own is not None:
            self._remarks.setdefault(own, []).append(reason)
            self._sentences.append(reason)
        elif len(self._pip) == 1 and match:
            item = self._pip[0]
            via = reason.removeprefix("it ") if match["who"] == "it" else f"brings {_which(reason)}"
            self._remarks.setdefault(item, []).append(via)
            self._sentences.append(f"{item} {via}")
        else:
            self._further.append(reason)
            self._sentences.append(reason)

    def _tell_place(self) -> None:
        names = ", ".join(str(one.name) for one in self._first.provided)
        for item in self._pip:
            self._remarks.setdefault(item, []).append(f"names a place for {names}")
        self._sentences.append(self._first.text)

    def _tell_own_versions(self) -> None:
        for item in self._pip:
            asked = f"asks for {item.name} {item.details.specifier}".rstrip()
            self._remarks.setdefault(item, []).append(asked)
            self._sentences.append(f"{item} {asked}")

    def _tell_conda(self) -> None:
        if not self._conda:
            self._tell_given()
            return
        accounts = [found for demand in self._demands() if (found := self._chain(demand)) is not None]
        for item in self._conda:
            gives = [
                f"conda gives {one.conda_name} {one.version} because of it"
                for conflict in self._failure.conflicts
                for one in conflict.provided
                if one.conda_name == item.name
            ]
            chain = [text for found in accounts for member, text in found.remarks if member == item and text]
            said = list(dict.fromkeys(gives or chain or self._brings(item)))
            self._remarks.setdefault(item, []).extend(said)
            place = f"{item} ({item.span})"
            self._sentences += [_in_full(text, place) for text in said]
        for found in accounts:
            # That a line asks for what the demand excludes is what the carets say.
            self._further += [text for text in found.further if "<pip>" not in text]

    def _tell_given(self) -> None:
        """Tell what conda gives without any line: there is no other version that it could give."""
        for one in dict.fromkeys(one for c in self._failure.conflicts for one in c.provided):
            told = f"conda gives {one.conda_name} {one.version}"
            self._further.append(told)
            self._sentences.append(told)

    def _brings(self, item: Dependency) -> list[str]:
        """Return how a line leads to what conda brings, where no version of that would do."""
        given = {str(one.conda_name) for conflict in self._failure.conflicts for one in conflict.provided}
        try:
            solution = self._probe.changed([item], {}).solution
        except OutOfTimeError:
            solution = None
        if solution is None:
            return []
        trail = trail_to(item.name, given, solution.records)
        return [f"needs {', which needs '.join(trail)}"] if trail else []

    def _demands(self) -> list[MatchSpec]:
        asked = [spec for refusal in self._failure.refusals for spec in refusal.demands]
        return list(dict.fromkeys(asked))

    def _chain(self, demand: MatchSpec) -> Account | None:
        """Return why the lines of the conda part exclude a demand, from the records."""
        members = _with(self._conda, demand)
        request = self._probe.request.conda
        try:
            chain = find_chain(members, Universe(request, self._probe.options))
            if chain is None:
                return None
            return account_of(chain, members, channels=[str(source.channel) for source in request.sources])
        except CondaEnvToolsError:
            return None


def _in_full(text: str, place: str) -> str:
    """Return what stands beside a line for a reader who does not see it."""
    if "because of it" in text:
        return text.replace("because of it", f"because of {place}")
    return f"{place} {text}" if text.startswith(("asks ", "needs ")) else f"{place}: {text}"


def _which(reason: str) -> str:
    who, _, what = reason.partition(" needs ")
    return f"{who}, which needs {what}"


def _with(members: Sequence[Dependency], demand: MatchSpec) -> list[Dependency]:
    place = SourceSpan(path="<pip>", line=0, column=0)
    return [*members, Dependency(text=f"<pip> {demand}", spec=demand, span=place)]
