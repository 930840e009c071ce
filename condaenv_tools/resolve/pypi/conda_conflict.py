"""Lines that exclude a version that conda chose: which versions the PyPI side would take instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from condaenv_tools.model.names import PyPIName
from condaenv_tools.resolve.pypi.answer import ConflictKind, PyPIConflict
from condaenv_tools.resolve.pypi.lines import AskedLine
from condaenv_tools.resolve.pypi.uv_session import Part, Session, Stub
from condaenv_tools.resolve.pypi.wording import listed, of_line, of_provided

__all__ = ["Core", "Demands", "conflict_with_conda"]

#: Who demands what of a distribution: the parent (``""`` for a line) and its requirement.
Demands = dict[PyPIName, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """Lines and conda's versions that exclude each other, and whether that is proven to be minimal."""

    lines: tuple[AskedLine, ...]
    stubs: tuple[Stub, ...]
    minimal: bool


def conflict_with_conda(
    session: Session,
    core: Core,
    excluded: Sequence[str],
    demands: Callable[[Session, str, Iterable[Stub]], Demands],
) -> PyPIConflict:
    """Return the conflict of some lines with what conda provides.

    The request is solved again with that part of conda's left open. What the answer demands of it is what conda
    can be asked for; where even that has no answer, only conda's version itself is known to be excluded.
    """
    lines, stubs = core.lines, core.stubs
    kept = tuple(stub for stub in session.stubs if stub not in stubs)
    whole = Part(pinned=kept, excluded=tuple(excluded))
    alone = replace(
        whole,
        lines=tuple(line for line in session.lines if line in lines),
        constraints=tuple(line for line in session.constraints if line in lines),
    )
    found: Demands = {}
    for part in (whole, alone):
        run = session.ask(part)
        if not run.code:
            found = demands(session, run.output, stubs)
            break
    wanted = tuple((one.name, _specifier(found.get(one.name, ()), str(version))) for one, version, _ in stubs)
    who = listed([*map(of_line, lines), *(of_provided(one) for one, _, _ in stubs)])
    reasons = [text for one, _, _ in stubs for text in _reasons(found.get(one.name, ()))]
    tail = f": {listed(reasons)}" if reasons else ""
    return PyPIConflict(
        kind=ConflictKind.EXCLUDE,
        requirements=tuple(line.line for line in lines),
        provided=tuple(one for one, _, _ in stubs),
        text=f"{who} exclude each other on {session.request.platform}{tail}",
        excluded=wanted,
        minimal=core.minimal,
        hints=tuple(
            f"ask for {one.conda_name} {specifier} in the conda part"
            for (one, _, _), (_, specifier) in zip(stubs, wanted, strict=True)
        ),
    )


def _specifier(demands: Iterable[tuple[str, str]], version: str) -> str:
    """Return all that is demanded as one specifier, which always excludes conda's version: a step is made."""
    clauses: set[str] = set()
    for _, text in demands:
        try:
            clauses |= {str(clause) for clause in Requirement(text).specifier}
        except InvalidRequirement:
            continue
    specifier = SpecifierSet(",".join(sorted(clauses)))
    if specifier.contains(version, prereleases=True):
        clauses.add(f"!={version}")
    return ",".join(sorted(clauses))


def _reasons(demands: Iterable[tuple[str, str]]) -> list[str]:
    found = []
    for parent, text in demands:
        requirement = text.partition(";")[0].strip()
        if parent:
            found.append(f"{parent} needs {requirement}")
    return found
