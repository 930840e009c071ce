"""The job of updating: a lock and its files in, a proven lock out in which as little as possible has moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from condaenv_tools.errors import LockFormatError, UnsatisfiableError
from condaenv_tools.files import write_atomically
from condaenv_tools.jobs.lock_files import relative_source, solutions_of
from condaenv_tools.jobs.plan import NO_CHANNEL, Inputs, LockOptions, Plan, read_inputs
from condaenv_tools.jobs.update_build import UpdateParts, build_update, is_same_lock
from condaenv_tools.jobs.update_halves import PIP, final_solutions, has_pip_lines, pip_halves, pip_parts
from condaenv_tools.jobs.update_pip import PipUpdate
from condaenv_tools.jobs.update_platform import PlatformQuestion, PlatformUpdate, update_platform
from condaenv_tools.jobs.update_settings import known_records, plan_update, recorded_settings
from condaenv_tools.jobs.update_targets import Stuck
from condaenv_tools.jobs.verify_files import read_lock
from condaenv_tools.lock.diff import ChangeKind, LockDiff, diff_locks
from condaenv_tools.lock.registry import lock_format, read_format
from condaenv_tools.lock.wanted import Wanted, parse_wanted, unknown_name
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.html import table
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.request import Outcome, Strategy

__all__ = ["UpdateOptions", "UpdateResult", "update_files", "write_update"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOptions:
    """What may be said beside the files and the lock.

    Attributes
    ----------
    lock : LockOptions
        As for `lock_files`; what is not said there is as the lock recorded it.
    strategy : Strategy or None
        In place of the lock's.
    exclude_newer : datetime or None
        In place of the lock's; aware.
    everything : bool
        All packages may move to the newest that the files allow.
    """

    lock: LockOptions = field(default_factory=LockOptions)
    strategy: Strategy | None = None
    exclude_newer: datetime | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateResult:
    """A lock before and after.

    Attributes
    ----------
    path : str
        The lock file.
    form : str
        Its format.
    old, new : Lock
        Before and after; equal where nothing changed.
    diff : LockDiff
        What changed.
    text : str or None
        What to write; None where the file may stay as it is.
    updates : tuple of PlatformUpdate
        What moved on each platform that was solved, and whether it is proven that no fewer could.
    notes : tuple of str
        What is worth knowing: packages that stayed, went down, or are gone from their channel.
    findings : tuple of Finding
        What the files hold that is worth knowing.
    """

    path: str
    form: str
    old: Lock
    new: Lock
    diff: LockDiff
    text: str | None
    updates: tuple[PlatformUpdate, ...]
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def _repr_html_(self) -> str:
        return self.diff._repr_html_() + (table(("note",), [(n,) for n in self.notes]) if self.notes else "")


def update_files(
    *paths: str | Path,
    lock: str | Path,
    names: Sequence[str] = (),
    options: UpdateOptions | None = None,
    on_plan: Callable[[Plan], None] | None = None,
    on_done: Callable[[Outcome], None] | None = None,
) -> UpdateResult:
    """Bring a lock up to what its files demand now, or packages up to their newest versions.

    Nothing is written; `write_update` does.

    Parameters
    ----------
    *paths : str or Path
        The files, merged in this order.
    lock : str or Path
        The lock file, of any format that is written.
    names : sequence of str
        What shall move: ``numpy``, ``numpy=2.2``, ``py*``. None for what the files demand.
    options : UpdateOptions, optional
        What is said beside them. Platforms that are not among those of `options.lock`, where that names any, stay
        as they are.
    on_plan, on_done : callable, optional
        Told when solving begins, and as each platform is answered.

    Returns
    -------
    UpdateResult
        The new lock is verified, and keeps what did not move as the old one had it.

    Raises
    ------
    ParseError
        A file or the lock cannot be read, or a name is not in the lock.
    UnsatisfiableError
        The files have no solution, or a named package cannot move; the error says who holds it.
    ChannelError, SolverTimeoutError, VerificationError
        As for `lock_files`.
    """
    options = options or UpdateOptions()
    wanted = parse_wanted(names)
    old = read_lock(lock)
    form = read_format(Path(lock).read_bytes(), path=str(lock))
    _check_form(form, lock)
    settings = recorded_settings(
        old, options.lock, strategy=options.strategy, exclude_newer=options.exclude_newer
    )
    inputs = read_inputs(paths, conda_only=settings.conda_only)
    _check_names(wanted, old, inputs, str(lock))
    plan = plan_update(old, inputs, settings)
    if on_plan:
        on_plan(plan)
    options = replace(options, lock=settings)
    questions, notes = _questions(old, plan, inputs, options, wanted)
    updates = _solved(questions, on_done)
    solutions = solutions_of([_outcome(one) for one in updates], inputs)
    _refuse_stuck(old, {one.platform: one.stuck for one in updates})
    halves = pip_halves(old, inputs, questions, solutions, options=settings)
    _refuse_stuck(old, {platform: half.stuck for platform, half in halves.items()})
    parts = UpdateParts(
        old=old,
        inputs=inputs,
        sources=tuple(relative_source(file.sources[0], Path(lock).parent) for file in inputs.files),
        plan=plan,
        options=settings,
        solutions=final_solutions(solutions, halves),
        pip=pip_parts(old, inputs, solutions, halves, settings),
    )
    new = build_update(parts)
    kept = lock_format(form).kept(new)
    same = is_same_lock(old, kept)
    diff = diff_locks(old, old if same else kept)
    return UpdateResult(
        path=str(lock),
        form=form,
        old=old,
        new=old if same else new,
        diff=diff,
        text=None if same else lock_format(form).dumps(new),
        updates=updates,
        notes=(*notes, *_notes(updates, halves, diff, wanted)),
        findings=(*(f for f in inputs.findings if f.code != NO_CHANNEL), *plan.findings),
    )


def write_update(result: UpdateResult) -> bool:
    """Write the lock file of an update whole, and return whether there was anything to write.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    if result.text is None:
        return False
    write_atomically(result.path, result.text)
    return True


def _check_form(form: str, path: str | Path) -> None:
    try:
        lock_format(form)
    except LockFormatError as error:
        raise LockFormatError(
            f"{path} is a lock of {form}, which is read and not written",
            hints=["lock anew: condaenv lock, or export it first"],
        ) from error


def _check_names(wanted: Sequence[Wanted], old: Lock, inputs: Inputs, path: str) -> None:
    conda = {record.name for part in old.platforms for record in part.records}
    pip = {package.name for part in old.platforms for package in part.packages if package.manager == "pip"}
    lines = {item.name for item in inputs.environment.dependencies}
    lines |= {item.name for item in inputs.environment.pip if item.name}
    for one in wanted:
        if not one.among(conda) and not one.among_pypi(pip) and not one.among(lines):
            raise unknown_name(one, conda | pip | lines, path)


def _questions(
    old: Lock, plan: Plan, inputs: Inputs, options: UpdateOptions, wanted: tuple[Wanted, ...]
) -> tuple[tuple[PlatformQuestion, ...], tuple[str, ...]]:
    found: list[PlatformQuestion] = []
    notes: list[str] = []
    with ThreadPoolExecutor(max_workers=max(1, len(plan.requests))) as pool:
        kept = list(pool.map(lambda request: known_records(old, request), plan.requests))
    for request, known in zip(plan.requests, kept, strict=True):
        notes += known.notes
        specs = request.specs
        if has_pip_lines(inputs, request.platform, options.lock) and "pip" not in {s.name for s in specs}:
            specs = (*specs, PIP)
        found.append(
            PlatformQuestion(
                request=replace(request, specs=specs),
                records=known.records,
                lines=tuple(dict.fromkeys(inputs.environment.dependencies_on(request.platform))),
                wanted=wanted,
                everything=options.everything,
                options=options.lock.solve,
            )
        )
    return tuple(found), tuple(dict.fromkeys(notes))


def _solved(
    questions: Sequence[PlatformQuestion], on_done: Callable[[Outcome], None] | None
) -> tuple[PlatformUpdate, ...]:
    """Search on all platforms side by side; who waits is told in this thread."""
    with ThreadPoolExecutor(max_workers=max(1, len(questions))) as pool:
        under_way = [pool.submit(update_platform, question) for question in questions]
        found = []
        for one in under_way:
            found.append(one.result())
            if on_done:
                on_done(_outcome(found[-1]))
    return tuple(found)


def _outcome(update: PlatformUpdate) -> Outcome:
    return Outcome(platform=update.platform, solution=update.solution, error=update.error)


def _refuse_stuck(old: Lock, stuck: Mapping[Platform, Sequence[Stuck]]) -> None:
    """Raise where something was named that moves on no platform that has it, and is held on one of them."""
    on: dict[str, list[tuple[Platform, Stuck]]] = {}
    for platform, several in stuck.items():
        for one in several:
            if one.explicit and not one.newest:
                on.setdefault(one.name, []).append((platform, one))
    staying = {(platform, one.name) for platform, several in stuck.items() for one in several}
    having = {
        (part.platform, package.name)
        for part in old.platforms
        if part.platform in stuck
        for package in part.packages
    }
    # What moves on one platform moves.
    free = {name for platform, name in having - staying}
    held = {name: found for name, found in on.items() if name not in free}
    if not held:
        return
    lines, hints = [], dict.fromkeys(h for found in held.values() for _, one in found for h in one.hints)
    for name, found in held.items():
        reasons: dict[tuple[str, str], list[str]] = {}
        for platform, one in found:
            reasons.setdefault((one.version, one.reason), []).append(platform.value)
        for (version, reason), platforms in reasons.items():
            lines.append(f"{name} cannot move from {version} on {', '.join(platforms)}: {reason}")
    lines.append("nothing was written")
    raise UnsatisfiableError(
        "\n".join(lines),
        reasons={platform: one.reason for found in held.values() for platform, one in found},
        hints=list(hints),
    )


def _notes(
    updates: Iterable[PlatformUpdate],
    halves: Mapping[Platform, PipUpdate],
    diff: LockDiff,
    wanted: Sequence[Wanted],
) -> Iterator[str]:
    updates = tuple(updates)
    stuck = [(one.platform, one.stuck) for one in updates]
    stuck += [(platform, half.stuck) for platform, half in halves.items()]
    said: dict[tuple[str, str], list[Platform]] = {}
    for platform, several in stuck:
        for one in several:
            if one.explicit or not one.newest:
                said.setdefault((f"{one.name} stays at {one.version}", f": {one.reason}"), []).append(
                    platform
                )
    for part in diff.platforms:
        for change in part.changed:
            named = any(one.spec is not None and one.name == change.name for one in wanted)
            if change.kind is ChangeKind.DOWNGRADED and not named:
                what = f"{change.name} goes down from {change.old_version} to {change.new_version}"
                said.setdefault((what, ""), []).append(part.platform)
    every = {one.platform for one in updates}
    for (what, why), platforms in said.items():
        yield f"{what}{'' if set(platforms) == every else ' on ' + ', '.join(platforms)}{why}"
    unproven = [one.platform.value for one in updates if not one.proven]
    unproven += [platform.value for platform, half in halves.items() if not half.proven]
    if unproven:
        where = ", ".join(dict.fromkeys(unproven))
        yield f"that no fewer packages can move is not proven on {where}: the search was cut short"
