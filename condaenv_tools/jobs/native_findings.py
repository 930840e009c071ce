"""The job of looking for native libraries that do not go together, on all platforms of a lock or a solution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from condaenv_tools.conflicts.native.registry import find_hits, native_finding
from condaenv_tools.conflicts.native.rule import Hit
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.lock import LockedPackage, LockedPlatform
from condaenv_tools.model.solution import Solution

__all__ = ["native_findings", "part_of"]

#: What locking finds where both halves bring the module of OpenCV.
_SAME_FILES = "CE495"


def native_findings(
    parts: Iterable[LockedPlatform], *, path: str, known: Sequence[Finding] = ()
) -> tuple[Finding, ...]:
    """Return what does not go together, each thing once for all platforms that it is true of.

    Parameters
    ----------
    parts : iterable of LockedPlatform
        All platforms.
    path : str
        The file that findings name.
    known : sequence of Finding
        What was found before; what one of these tells is not told again.

    Returns
    -------
    tuple of Finding
        In the order of their codes; a finding that is not of all platforms names those that it is of.
    """
    parts = tuple(parts)
    where: dict[tuple[str, Hit], list[str]] = {}
    for part in parts:
        for code, hit in dict.fromkeys(find_hits(part)):
            where.setdefault((code, hit), []).append(part.platform.value)
    told = any(one.code == _SAME_FILES and "opencv" in one.message for one in known)
    return tuple(
        native_finding(code, hit, path=path, where="" if len(on) == len(parts) else ", ".join(on))
        for (code, hit), on in sorted(where.items(), key=lambda pair: (pair[0][0], pair[0][1].message))
        if not (told and code == "CE710" and "both install cv2" in hit.message)
    )


def part_of(solution: Solution, pip: Sequence[LockedPackage] = ()) -> LockedPlatform:
    """Return the packages of a solution, and those that pip adds, as a lock has them."""
    conda = tuple(LockedPackage(record=record) for record in solution.records)
    return LockedPlatform(
        platform=solution.platform,
        packages=(*conda, *pip),
        virtual_packages=solution.virtual_packages,
    )
