"""All rules about native libraries, and how a platform of a lock is held against them."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.conflicts.frameworks import locked
from condaenv_tools.conflicts.native import (
    blas,
    bundled,
    cuda,
    interpreter,
    machine,
    mpi,
    numpy_abi,
    openmp,
    twins,
)
from condaenv_tools.conflicts.native.case import NativeCase
from condaenv_tools.conflicts.native.rule import Hit, NativeRule
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.lock import LockedPlatform
from condaenv_tools.parse.codes import CODES

__all__ = ["RULES", "find_hits", "find_native_conflicts", "native_finding"]

#: Every rule, by its code.
RULES: tuple[NativeRule, ...] = tuple(
    sorted(
        (
            blas.RULE,
            openmp.RULE,
            mpi.RULE,
            *cuda.RULES,
            numpy_abi.RULE,
            interpreter.RULE,
            *machine.RULES,
            bundled.RULE,
            twins.RULE,
            *locked.RULES,
        ),
        key=lambda rule: rule.code,
    )
)


def find_hits(part: LockedPlatform) -> Iterator[tuple[str, Hit]]:
    """Yield the code and the words of each case on a platform, in the order of the codes."""
    case = NativeCase(part)
    for rule in RULES:
        for hit in rule.find(case):
            yield rule.code, hit


def native_finding(code: str, hit: Hit, *, path: str, where: str = "") -> Finding:
    """Return a case as a finding on a whole file."""
    return Finding(
        code=code,
        severity=hit.severity or CODES[code].severity,
        message=f"{hit.message}{f' ({where})' if where else ''}",
        path=path,
        hint=hit.hint,
    )


def find_native_conflicts(part: LockedPlatform, *, path: str = "<lock>") -> tuple[Finding, ...]:
    """Return native libraries and binary interfaces that do not go together on one platform of a lock.

    Parameters
    ----------
    part : LockedPlatform
        One platform of a `Lock`, such as ``lock.on("linux-64")``.
    path : str
        How the findings name the lock.

    Returns
    -------
    tuple of Finding
        In the order of their codes, CE701 to CE714. Each names the packages that prove it; what a format does not
        say, such as the machine that was assumed, is not held against a lock.

    Examples
    --------
    >>> from condaenv_tools.model.lock import LockedPackage, PyPIRecord
    >>> from condaenv_tools.model.platform import Platform
    >>> names = ("nvidia-cudnn-cu11", "nvidia-cudnn-cu12")
    >>> part = LockedPlatform(platform=Platform.LINUX_64, packages=tuple(
    ...     LockedPackage(record=PyPIRecord(name=name, version="9.0", url=f"https://example.org/{name}.tar.gz"))
    ...     for name in names))
    >>> [(finding.code, finding.message) for finding in find_native_conflicts(part)]
    [('CE705', 'nvidia-cudnn-cu11 9.0 and nvidia-cudnn-cu12 9.0 install into the same folder nvidia/cudnn')]
    """
    return tuple(native_finding(code, hit, path=path) for code, hit in find_hits(part))
