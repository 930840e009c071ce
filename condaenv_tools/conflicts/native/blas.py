"""Two BLAS libraries: the one that conda-forge's interface stands for, and what packages need beside it.

conda-forge's packages need `libblas`, whose build says which library it is; those of defaults need `mkl` or
`libopenblas` themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from condaenv_tools.conflicts.native.case import NativeCase
from condaenv_tools.conflicts.native.rule import Hit, NativeRule
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.record import PackageRecord

__all__ = ["RULE"]

#: What a build of `libblas` ends with, and the package behind it.
_LIBRARIES = {
    "mkl": "mkl",
    "openblas": "libopenblas",
    "blis": "blis",
    "netlib": "netlib",
    "accelerate": "accelerate",
}
#: Libraries that packages can need directly.
_DIRECT = ("mkl", "libopenblas")
_INTERFACES = ("libblas", "libcblas", "liblapack", "liblapacke")
#: They stand for a library, or are parts of one, and compute nothing.
_NO_USERS = frozenset({
    *_INTERFACES, "blas", "blas-devel", "mkl-devel", "mkl-include", "mkl-service", "openblas", "openblas-devel",
    "libopenblas", "onemkl-license", "nomkl", "intel-openmp", "tbb",
})  # fmt: skip

#: What everything else computes with: in these, one library in place of another is a mixture of channels.
_NUMERIC = ("numpy", "numpy-base", "scipy", "scikit-learn")


def _find(case: NativeCase) -> Iterator[Hit]:
    active: dict[str, str] = {}
    mixed = False
    for library in _DIRECT:
        users = [one for one in case.needing(library) if one.name not in _NO_USERS]
        if users and library in case.conda:
            first = _best(users)
            active[library] = f"{first.name} {first.version} needs {library}"
            mixed = mixed or first.name in _NUMERIC
    chosen = case.conda.get("libblas")
    behind = next((name for end, name in _LIBRARIES.items() if chosen and chosen.build.endswith(end)), None)
    users = [one for one in case.needing(*_INTERFACES) if one.name not in _NO_USERS]
    if chosen is not None and behind is not None and users:
        first = _best(users)
        told = f"{first.name} {first.version} takes {behind} (libblas {chosen.version} {chosen.build})"
        active.setdefault(behind, told)
    if len(active) > 1:
        yield Hit(
            message=f"two BLAS libraries are in use: {' and '.join(active.values())}",
            hint="take all of these packages from one channel, or pin one library: libblas=*=*openblas or *mkl",
            # conda-forge builds some packages, torch among them, for one library whatever the others take.
            severity=None if mixed else Severity.INFO,
        )


def _best(users: Sequence[PackageRecord]) -> PackageRecord:
    """Return the package that a reader knows, else the first."""
    return next((one for name in _NUMERIC for one in users if one.name == name), users[0])


RULE = NativeRule(code="CE701", find=_find)
