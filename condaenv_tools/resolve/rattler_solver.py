"""The engine: py-rattler's solver, all platforms side by side. Its types do not leave this module."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from condaenv_tools.channels import engine
from condaenv_tools.channels.convert import to_record
from condaenv_tools.channels.failures import channel_error, engine_errors
from condaenv_tools.channels.source import RecordSource
from condaenv_tools.errors import (
    ChannelError,
    CondaEnvToolsError,
    SolverTimeoutError,
    UnsatisfiableError,
)
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.solution import Solution
from condaenv_tools.resolve.absence import explain_absence
from condaenv_tools.resolve.rattler_question import Question, question_of
from condaenv_tools.resolve.request import ChannelPriority, Outcome, SolveOptions, SolveRequest

if TYPE_CHECKING:
    import rattler

__all__ = ["RattlerSolver"]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What became of one question: records, or what was raised."""

    index: int
    records: list[rattler.RepoDataRecord] | None
    error: Exception | None
    seconds: float


class RattlerSolver:
    """py-rattler's resolvo."""

    def solve(
        self,
        requests: Sequence[SolveRequest],
        options: SolveOptions,
        *,
        on_done: Callable[[Outcome], None] | None = None,
    ) -> tuple[Outcome, ...]:
        """Answer all requests side by side, in the order of the requests.

        While one platform is being solved in the engine's threads, the records of another that is done are
        converted here.
        """
        outcomes: dict[int, Outcome] = {}

        def settle(index: int, outcome: Outcome) -> None:
            outcomes[index] = outcome
            if on_done:
                on_done(outcome)

        questions: dict[int, Question] = {}
        for index, request in enumerate(requests):
            try:
                questions[index] = question_of(request)
            except CondaEnvToolsError as error:
                settle(index, Outcome(platform=request.platform, error=error))
        round_ = engine.run(_start(questions, options))
        try:
            for _ in questions:
                answer = engine.run(round_.answers.get())
                settle(answer.index, _outcome(requests[answer.index], options, answer))
        finally:
            engine.run(round_.stop())
        return tuple(outcomes[index] for index in range(len(requests)))


@dataclass(frozen=True, slots=True)
class _Round:
    """Questions under way on the engine's loop, and the queue of their answers."""

    tasks: list[asyncio.Task[None]]
    answers: asyncio.Queue[_Answer]

    async def stop(self) -> None:
        """Cancel what is still under way."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def _start(questions: dict[int, Question], options: SolveOptions) -> _Round:
    answers: asyncio.Queue[_Answer] = asyncio.Queue()

    async def ask(index: int, question: Question) -> None:
        started = time.monotonic()
        records, error = None, None
        try:
            records = await _solved(question, options)
        except Exception as raised:  # noqa: BLE001 - it is handed to the waiting thread, which sorts it
            error = raised
        await answers.put(_Answer(index, records, error, time.monotonic() - started))

    tasks = [asyncio.ensure_future(ask(index, question)) for index, question in questions.items()]
    return _Round(tasks, answers)


async def _solved(question: Question, options: SolveOptions) -> list[rattler.RepoDataRecord]:
    import rattler  # noqa: PLC0415 - heavy, and only needed to solve

    request = question.request
    gateway = engine.gateway(request.reading)
    channels = [rattler.Channel(source.location) for source in request.sources]
    await _reached(request, channels, gateway)
    limit = options.time_limit
    return await rattler.solve(
        channels,
        question.specs,
        constraints=question.constraints or None,
        gateway=gateway,
        platforms=[rattler.Subdir(request.platform.value), rattler.Subdir("noarch")],
        virtual_packages=question.virtual_packages,
        locked_packages=question.locked or None,
        pinned_packages=question.pinned or None,
        timeout=None if limit is None else timedelta(seconds=limit),
        channel_priority=getattr(rattler.ChannelPriority, options.channel_priority.name.capitalize()),
        exclude_newer=options.exclude_newer,
        strategy=options.strategy.value,
        channel_relations="disabled",
    )


async def _reached(request: SolveRequest, channels: list[rattler.Channel], gateway: rattler.Gateway) -> None:
    """Ask every server for what it has, so that one that does not answer is found, named and given up in time.

    Each subdir is asked for by itself and every answer is waited for: nothing is left under way in the engine's
    threads when an error ends the program.
    """
    import rattler  # noqa: PLC0415

    limit = engine.network_timeout(request.reading)

    async def one(source: RecordSource, channel: rattler.Channel, subdir: str) -> None:
        try:
            question = gateway.names([channel], [rattler.Subdir(subdir)], channel_relations="disabled")
            await asyncio.wait_for(question, limit)
        except engine_errors() as error:
            raise channel_error(error, [source], timeout=limit) from None

    remote = [
        one(source, channel, subdir)
        for source, channel in zip(request.sources, channels, strict=True)
        if not source.location.startswith("file:")
        for subdir in (request.platform.value, "noarch")
    ]
    for answer in await asyncio.gather(*remote, return_exceptions=True):
        if isinstance(answer, BaseException):
            raise answer


def _outcome(request: SolveRequest, options: SolveOptions, answer: _Answer) -> Outcome:
    if answer.records is not None:
        relocate = {source.location: source.channel.url for source in request.sources}
        given = {r.url: r for r in (*request.locked, *request.pinned)}
        records = sorted((_record(r, relocate, given) for r in answer.records), key=lambda r: r.name)
        hidden = _hidden_by_priority(request, options, records)
        if hidden is not None:
            return Outcome(platform=request.platform, error=hidden, seconds=answer.seconds)
        solution = Solution(
            platform=request.platform, records=tuple(records), virtual_packages=request.virtual_packages
        )
        return Outcome(platform=request.platform, solution=solution, seconds=answer.seconds)
    assert answer.error is not None
    error = _told(request, options, answer.error)
    return Outcome(platform=request.platform, error=error, seconds=answer.seconds)


def _record(
    found: rattler.RepoDataRecord, relocate: Mapping[str, str], given: Mapping[str, PackageRecord]
) -> PackageRecord:
    """Return a record as ours; one that was given comes back as it was, since the engine forgets parts of it."""
    if given:
        url = found.url
        place = next((place for place in relocate if url.startswith(f"{place}/")), "")
        known = given.get(relocate[place] + url[len(place) :] if place else url)
        if known is not None:
            return known
    return to_record(found, relocate=relocate)


def _hidden_by_priority(
    request: SolveRequest, options: SolveOptions, records: Sequence[PackageRecord]
) -> CondaEnvToolsError | None:
    """Return the error of an answer that strict channel priority forbids.

    Of what is asked for by name, the engine reads only the records that match. A channel that has the package
    and no such record is as good as none to it, and the next channel's is taken.
    """
    if options.channel_priority is not ChannelPriority.STRICT or len(request.sources) < 2:
        return None
    free = {s.name for s in request.specs} - {s.name for s in request.specs if s.channel is not None}
    rank = {source.channel.url: index for index, source in enumerate(request.sources)}
    subdirs = (request.platform.value, "noarch")
    try:
        broken = any(
            record.name in source.package_names(subdir)
            for record in records
            if record.name in free
            for source in request.sources[: rank.get(record.channel, 0)]
            for subdir in subdirs
        )
    except ChannelError as error:
        return error
    known = explain_absence(request) if broken else None
    if known is None:
        return None
    text, hints = known
    return UnsatisfiableError(text, reasons={request.platform: text}, hints=hints)


def _told(request: SolveRequest, options: SolveOptions, error: Exception) -> CondaEnvToolsError:
    from rattler.exceptions import SolverError  # noqa: PLC0415

    if isinstance(error, CondaEnvToolsError):
        return error
    if isinstance(error, engine_errors()):
        return channel_error(error, request.sources, timeout=engine.network_timeout(request.reading))
    if not isinstance(error, SolverError):
        raise error
    if options.time_limit is not None and "cancelled" in str(error):
        return SolverTimeoutError(
            f"no answer for {request.platform} within {options.time_limit:g} s",
            hints=["raise --time-limit; nothing is known about the file yet"],
        )
    strict = options.channel_priority is ChannelPriority.STRICT
    known = explain_absence(request, strict=strict) if options.tells_why else None
    if known is not None:
        text, hints = known
    else:
        text, hints = _trimmed(str(error), request), ()
    if options.exclude_newer is not None:
        hints = (*hints, f"nothing built after {options.exclude_newer:%Y-%m-%d %H:%M} UTC was looked at")
    return UnsatisfiableError(text, reasons={request.platform: text}, hints=hints)


#: Lines of the engine's text that are passed on. The rest repeats itself, once for each build.
_LINES = 24


def _trimmed(text: str, request: SolveRequest) -> str:
    for source in request.sources:
        text = text.replace(f"{source.location}/", source.channel.name).replace(
            source.location, source.channel.name
        )
    text = text.removeprefix("Cannot solve the request because of: ")
    lines = list(dict.fromkeys(line.rstrip() for line in text.splitlines() if line.strip()))
    if len(lines) > _LINES:
        left = len(lines) - _LINES
        lines = [*lines[:_LINES], f"... and {left} more lines of the same kind"]
    return "\n".join(lines)
