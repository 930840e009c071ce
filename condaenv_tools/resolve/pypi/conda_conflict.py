"""Lines that exclude a version that conda chose: which versions the PyPI side would take instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import Version

from condaenv_tools.model.names import PyPIName
from condaenv_tools.resolve.pypi.answer import ConflictKind, PyPIConflict, SourceKind
from condaenv_tools.resolve.pypi.given import Provided
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
    placed = [line for line in lines if line.kind is not SourceKind.INDEX]
    twice = [stub for stub in stubs if stub[0].name in {session.named(line) for line in placed}]
    if twice:
        return _brought_twice(session, core, twice[0][0])
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
    else:
        # Another version of it may fall out with the rest of what conda has: what the lines say of it still holds.
        found = _of_lines(lines, stubs)
    wanted = _wanted(stubs, found)
    who = listed([*map(of_line, lines), *(of_provided(one) for one, _, _ in stubs)])
    reasons = [text for one, version, _ in stubs for text in _reasons(found.get(one.name, ()), version)]
    tail = f": {listed(reasons)}" if reasons else ""
    return PyPIConflict(
        kind=ConflictKind.EXCLUDE,
        requirements=tuple(line.line for line in lines),
        provided=tuple(one for one, _, _ in stubs),
        text=f"{who} exclude each other on {session.request.platform}{tail}",
        excluded=wanted,
        reasons=tuple(reasons),
        minimal=core.minimal,
        hints=tuple(
            f"ask for {one.conda_name} {specifier} in the conda part"
            for (one, _, _), (_, specifier) in zip(stubs, wanted, strict=True)
        ),
    )


def _of_lines(lines: Sequence[AskedLine], stubs: Sequence[Stub]) -> Demands:
    """Return what lines demand themselves of what conda provides."""
    named = [
        (line.name, str(line.requirement)) for line in lines if line.name and line.requirement is not None
    ]
    return {
        one.name: tuple(("", text) for name, text in named if name == one.name)
        for one, _, _ in stubs
        if any(name == one.name for name, _ in named)
    }


def _brought_twice(session: Session, core: Core, one: Provided) -> PyPIConflict:
    """Return the conflict of a line that names a place for what conda brings: no version of conda's would do."""
    who = listed([of_line(line) for line in core.lines])
    return PyPIConflict(
        kind=ConflictKind.EXCLUDE,
        requirements=tuple(line.line for line in core.lines),
        provided=(one,),
        text=f"{who} names a place for {one.name}, and {of_provided(one)} brings it to "
        f"{session.request.platform}: pip would install one over the other",
        package=one.name,
        minimal=core.minimal,
        hints=(f"drop the line, or what brings {one.conda_name} in the conda part",),
    )


def _wanted(stubs: Sequence[Stub], found: Demands) -> tuple[tuple[PyPIName, str], ...]:
    """Return what is demanded of each distribution as one specifier.

    At least one of them excludes what conda has: a step that changes nothing would be taken again and again.
    """
    wanted = {one.name: _clauses(found.get(one.name, ())) for one, _, _ in stubs}
    if all(SpecifierSet(",".join(wanted[one.name])).contains(v, prereleases=True) for one, v, _ in stubs):
        for one, version, _ in stubs:
            wanted[one.name] |= {f"!={version}"}
    return tuple((name, ",".join(_simplified(clauses))) for name, clauses in wanted.items())


def _simplified(clauses: Iterable[str]) -> list[str]:
    """Return the clauses that count beside the others, sorted: one lower and one upper bound of each kind."""
    bounds: dict[str, Specifier] = {}
    rest: list[Specifier] = []
    for clause in map(Specifier, sorted(clauses)):
        sign = clause.operator
        if sign not in {">=", ">", "<", "<="}:
            rest.append(clause)
            continue
        known = bounds.get(sign)
        tighter = known is None or (Version(clause.version) > Version(known.version)) == (sign[0] == ">")
        if tighter:
            bounds[sign] = clause
    whole = SpecifierSet(",".join(map(str, bounds.values())))
    # What a bound excludes already need not be excluded once more.
    kept = [
        clause
        for clause in rest
        if clause.operator != "!="
        or clause.version.endswith("*")
        or whole.contains(clause.version, prereleases=True)
    ]
    return sorted(map(str, [*kept, *bounds.values()]))


def _clauses(demands: Iterable[tuple[str, str]]) -> set[str]:
    clauses: set[str] = set()
    for _, text in demands:
        try:
            clauses |= {str(clause) for clause in Requirement(text).specifier}
        except InvalidRequirement:
            continue
    return clauses


def _reasons(demands: Iterable[tuple[str, str]], version: Version) -> list[str]:
    """Return who demands a version other than conda's; whoever is content with it is no reason."""
    found = []
    for parent, text in demands:
        specifier = SpecifierSet(",".join(_clauses([(parent, text)])))
        if parent and not specifier.contains(version, prereleases=True):
            found.append(f"{parent} needs {text.partition(';')[0].strip()}")
    return found
