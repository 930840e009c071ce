"""Is a lock the answer to what the files say now, without solving."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.lock.content_hash import HashOptions, content_hashes
from condaenv_tools.lock.currency.inputs import channel_reasons, judged_platforms, platform_reasons
from condaenv_tools.lock.currency.machine import category_reasons, machine_reasons
from condaenv_tools.lock.currency.pip_lines import constraint_reasons, pip_reasons
from condaenv_tools.lock.currency.requirements import leftover_reasons, requirement_reasons
from condaenv_tools.lock.currency.values import HashState, Reason, StatusInputs, StatusReport
from condaenv_tools.lock.extra_needs import load_extra_needs
from condaenv_tools.lock.markers import marker_test
from condaenv_tools.lock.metadata_keys import CONDA_ONLY, EXTRA_NEEDS
from condaenv_tools.lock.rules.case import Case, Matcher
from condaenv_tools.lock.rules.current import file_roots, unsaid
from condaenv_tools.model.environment import PipItem
from condaenv_tools.model.lock import Lock, LockedPlatform
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import default_virtual_packages, override_virtual_packages

__all__ = ["lock_status"]


def lock_status(lock: Lock, wanted: StatusInputs, *, hashing: HashOptions | None = None) -> StatusReport:
    r"""Hold a lock against what the files say now, without a solver and without records of channels.

    Parameters
    ----------
    lock : Lock
        Of any format.
    wanted : StatusInputs
        The files, and what is said beside them.
    hashing : HashOptions, optional
        What the content hash depends on beside the files; by default the channels that are wanted.

    Returns
    -------
    StatusReport
        A lock without a reason satisfies every line of the files, has their platforms and channels, and no package
        that nothing asks for. A line that changed and is still satisfied is no reason. Whether the packages of the
        lock go together is not asked here: `verify` proves that.

    Examples
    --------
    >>> from condaenv_tools.parse.environment_yml import loads_environment
    >>> file = loads_environment("channels: [conda-forge]\ndependencies: [xz]\n", path="e.yml")
    >>> part = LockedPlatform(platform=Platform.LINUX_64, packages=(), roots=())
    >>> report = lock_status(Lock(platforms=(part,)), StatusInputs(files=(file,), channels=("conda-forge",)))
    >>> [reason.code for reason in report.reasons]
    ['spec-added']
    """
    reasons = [*platform_reasons(lock, wanted), *channel_reasons(lock, wanted)]
    matcher = Matcher()
    notes: list[str] = []
    judged = judged_platforms(lock, wanted)
    for part in lock.platforms:
        if part.platform not in judged:
            continue
        case = _case(lock, part, wanted, matcher)
        reasons += requirement_reasons(case)
        reasons += leftover_reasons(case)
        reasons += _further(case, wanted, _holds(case))
        notes += _notes(case, lock, wanted)
    order = {platform: i for i, platform in enumerate(sorted({one.platform for one in reasons}))}
    return StatusReport(
        reasons=tuple(sorted(dict.fromkeys(reasons), key=lambda reason: order[reason.platform])),
        notes=tuple(dict.fromkeys(notes)),
        hashes=tuple(_hashes(lock, wanted, hashing)),
    )


def _case(lock: Lock, part: LockedPlatform, wanted: StatusInputs, matcher: Matcher) -> Case:
    recorded = part.virtual_packages
    base = default_virtual_packages(part.platform) if recorded is None else recorded
    stated = (wanted.virtual_packages or {}).get(part.platform, ())
    roots = file_roots(lock, wanted.files, part.platform, conda_only=wanted.conda_only)
    return Case(
        part=part,
        virtual_packages=override_virtual_packages(base, stated),
        roots=roots,
        channel_urls=None,
        matcher=matcher,
        unknown=unsaid(lock),
        extra_needs=load_extra_needs(dict(lock.metadata).get(EXTRA_NEEDS, "")).get(str(part.platform), ()),
    )


def _holds(case: Case) -> Callable[[str], bool] | None:
    return marker_test(case.part.platform, case.part.records, case.virtual_packages)


def _further(case: Case, wanted: StatusInputs, holds: Callable[[str], bool] | None) -> Iterator[Reason]:
    platform = case.part.platform
    if case.pip or any(root.manager == "pip" for root in case.roots or ()):
        lines = [line for file in wanted.files for line in file.pip_on(platform)]
        yield from pip_reasons(case, tuple(_counting(lines, holds)))
        constraints = [line for line in wanted.constraints if line.counts_on(platform)]
        yield from constraint_reasons(case, _counting(constraints, holds))
    yield from category_reasons(case)
    stated = frozenset(one.name for one in (wanted.virtual_packages or {}).get(platform, ()))
    yield from machine_reasons(case, stated)


def _counting(lines: Iterable[PipItem], holds: Callable[[str], bool] | None) -> Iterator[PipItem]:
    for line in lines:
        marker = line.details.marker if holds is not None and ";" in line.text else None
        if marker is None or holds is None or holds(marker):
            yield line


def _notes(case: Case, lock: Lock, wanted: StatusInputs) -> Iterator[str]:
    recorded = {one.name: one for one in case.part.virtual_packages or ()}
    for one in (wanted.virtual_packages or {}).get(case.part.platform, ()):
        was = recorded.get(one.name)
        if case.part.virtual_packages is not None and was != one:
            yield f"the lock was made for {was or f'machines without {one.name}'}, and {one} is stated"
    if CONDA_ONLY in dict(lock.metadata) and any(file.pip for file in wanted.files):
        yield "the pip section was left out of the lock on request, and is not looked at"
    if not case.knows_needs:
        yield "the lock does not say what each package needs, so that what is left over cannot be told"
    if not lock.channels:
        yield "the lock names no channel, so that those of the files are not compared"
    if case.part.roots is None:
        yield "the lock does not say what was asked for: it is judged by its packages alone"
        if any(root.manager == "pip" and "[" in root.spec for root in case.roots or ()):
            yield "whether the extras of the pip section are locked cannot be told"


def _hashes(lock: Lock, wanted: StatusInputs, hashing: HashOptions | None) -> Iterator[tuple[Platform, str]]:
    options = hashing or HashOptions(
        channels=wanted.channels, conda_only=wanted.conda_only or CONDA_ONLY in dict(lock.metadata)
    )
    judged = judged_platforms(lock, wanted)
    try:
        ours = content_hashes(wanted.files, judged, options)
    except CondaEnvToolsError:
        return  # A file that conda-lock does not read has no hash.
    for platform in judged:
        theirs = lock.on(platform).content_hash
        if theirs is None:
            yield platform, HashState.ABSENT
        else:
            yield platform, HashState.EQUAL if theirs == ours[platform] else HashState.DIFFERS
