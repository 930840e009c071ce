"""What a version does not say of the pip section: extras, addresses, constraints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from condaenv_tools.lock.build import LOCKED_KINDS
from condaenv_tools.lock.currency.requirements import root_key
from condaenv_tools.lock.currency.values import Reason
from condaenv_tools.lock.rules.case import Case
from condaenv_tools.lock.rules.graph import within
from condaenv_tools.model.environment import PipItem
from condaenv_tools.model.lock import PyPIRecord, Root
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.pip_details import PipDetails
from condaenv_tools.model.pip_line import read_pip_line
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.model.spec_words import plain_spec

__all__ = ["constraint_reasons", "pip_reasons"]

_TOOL = re.compile(r"^(?:git|hg|svn|bzr)\+")
_REVISION = re.compile(r"(?<=[^/:@])@([^/@]+)$")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def pip_reasons(case: Case, lines: Sequence[PipItem]) -> Iterator[Reason]:
    """Find extras and addresses that the lock was not made for.

    Parameters
    ----------
    case : Case
        The platform, with the roots of the files.
    lines : sequence of PipItem
        The lines of the pip sections that count there.
    """
    records = {record.name: record for record in case.pip}
    before = _by_name(case.part.roots or ())
    for name, roots in _by_name(case.roots or ()).items():
        was = before.get(name, []) if case.part.roots is not None else None
        yield from _extras(case, roots, was, there=name in records or name in case.owned)
        record = records.get(name)
        if record is not None:
            yield from _address(case, roots, was, record)
        elif name in case.owned:
            yield from _address_of_conda(case, roots)
    yield from _nameless(case, lines, records.values())


def _by_name(roots: Iterable[Root]) -> dict[str, list[Root]]:
    found: dict[str, list[Root]] = {}
    for root in roots:
        if root.manager == "pip":
            found.setdefault(root_key(root)[1], []).append(root)
    return found


def _extras(case: Case, roots: list[Root], was: list[Root] | None, *, there: bool) -> Iterator[Reason]:
    """Compare extras with those that the lock was made for; where it does not say, nothing is known of them."""
    if was is None or not there:
        return
    asked, had = _extras_of(roots), _extras_of(was)
    for extra in sorted(asked - had):
        root = next(one for one in roots if extra in read_pip_line(one.spec).details.extras)
        code = "pip-changed" if was else "pip-added"
        message = (
            f"{root.source} asks for {plain_spec(root.spec)}, and the lock was not made for its extra {extra}"
        )
        yield _reason(code, case, root, message)
    for extra in sorted(had - asked):
        message = (
            f"the lock was made for the extra {extra} of {roots[0].name}, which no line asks for any more"
        )
        yield _reason("pip-changed", case, roots[0], message)


def _extras_of(roots: Iterable[Root]) -> set[str]:
    return {extra for root in roots for extra in read_pip_line(root.spec).details.extras}


def _address(case: Case, roots: list[Root], was: list[Root] | None, record: PyPIRecord) -> Iterator[Reason]:
    asked = [(root, _place(read_pip_line(root.spec).details)) for root in roots]
    asked = [(root, place) for root, place in asked if place]
    if not asked:
        if record.source is not None:
            message = f"{roots[0].source} asks for {roots[0].spec}, and the lock has it from {_shown(record)}"
            yield _reason("source-changed", case, roots[0], message)
        return
    had = {_place(read_pip_line(root.spec).details) for root in was or ()}
    silent = "url" in case.unknown and record.source is None
    for root, place in asked:
        if place not in had and not silent and not _is_from(record, place):
            message = (
                f"{root.source} asks for {plain_spec(root.spec)}, and the lock has it from {_shown(record)}"
            )
            yield _reason("source-changed", case, root, message)


def _address_of_conda(case: Case, roots: list[Root]) -> Iterator[Reason]:
    for root in roots:
        if _place(read_pip_line(root.spec).details):
            message = f"{root.source} asks for {plain_spec(root.spec)}, and the lock has it from conda"
            yield _reason("source-changed", case, root, message)


def _place(details: PipDetails) -> str:
    """Return from where a line asks for a distribution, without what may differ between equal places."""
    text = details.url or details.target or ""
    return mask_credentials(text).partition("#")[0].rstrip("/")


def _is_from(record: PyPIRecord, place: str) -> bool:
    """Say whether an archive is from a place; a branch or tag is taken to be at the commit that is locked."""
    theirs = mask_credentials(record.source or record.url).partition("#")[0].rstrip("/")
    if theirs == place:
        return True
    mine, revision = _cut(place)
    base, commit = _cut(theirs)
    if mine != base or _TOOL.match(place) is None:
        return False
    if revision and _COMMIT.fullmatch(revision):
        commit = commit or record.sha256 or ""
        return commit.startswith(revision)
    # conda-lock keeps a commit where the hash would be, and no revision.
    return not revision


def _cut(place: str) -> tuple[str, str]:
    match = _REVISION.search(place)
    return _TOOL.sub("", place[: match.start()] if match else place), match[1] if match else ""


def _shown(record: PyPIRecord) -> str:
    return mask_credentials(record.source or record.url)


def _nameless(case: Case, lines: Sequence[PipItem], records: Iterable[PyPIRecord]) -> Iterator[Reason]:
    """Compare lines such as ``./app``, which name no distribution, with what is locked from an address."""
    known = tuple(records)
    places = {_place(line.details): line for line in lines if line.kind in LOCKED_KINDS and not line.name}
    for place, line in places.items():
        if not any(_is_from(record, place) for record in known):
            where = f"{line.span.path}:{line.span.line}"
            message = f"{where} asks for {line}, and nothing in the lock is from there"
            yield Reason(
                code="pip-added", platform=case.part.platform, text=str(line), message=message, source=where
            )
    asked = {root_key(root)[1] for root in case.roots or () if root.manager == "pip"}
    asked |= {pypi_name(name) for record in known for name, _ in record.requires}
    for record in known:
        if record.source is None or record.name in asked:
            continue
        if not any(_is_from(record, place) for place in places):
            message = f"the lock has {record.name} from {_shown(record)}, for which no line asks"
            yield Reason(code="pip-removed", platform=case.part.platform, text=record.name, message=message)


def constraint_reasons(case: Case, lines: Iterable[PipItem]) -> Iterator[Reason]:
    """Find distributions of the pip half that a file of constraints excludes.

    Parameters
    ----------
    case : Case
        The platform.
    lines : iterable of PipItem
        The constraints that count there.
    """
    versions = {record.name: record.version for record in case.pip if record.has_version}
    wanted = {root_key(root)[1] for root in case.roots or () if root.manager == "pip"}
    wanted |= {pypi_name(name) for record in case.pip for name, _ in record.requires}
    versions |= {name: one.version for name, one in case.owned.items() if name in wanted}
    for line in lines:
        version = versions.get(line.name or "")
        if version is not None and not within(version, line.details.specifier):
            where = f"{line.span.path}:{line.span.line}"
            yield Reason(
                code="constraint-changed",
                platform=case.part.platform,
                text=str(line),
                message=f"{where} allows only {line}, and the lock has {line.name} {version}",
                source=where,
                package=line.name or "",
            )


def _reason(code: str, case: Case, root: Root, message: str) -> Reason:
    return Reason(
        code=code,
        platform=case.part.platform,
        text=plain_spec(root.spec),
        message=message,
        source=root.source,
    )
