"""Two MPI libraries, from conda, from PyPI or from both."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.conflicts.native.case import NativeCase
from condaenv_tools.conflicts.native.rule import Hit, NativeRule

__all__ = ["RULE"]

#: By library: its conda packages, and its distributions.
_LIBRARIES = {
    "MPICH": (("mpich",), ("mpich",)),
    "Open MPI": (("openmpi",), ("openmpi",)),
    "Intel MPI": (("impi_rt", "impi-rt"), ("impi-rt",)),
    "MVAPICH": (("mvapich",), ()),
    "Microsoft MPI": (("msmpi",), ("msmpi",)),
}


def _find(case: NativeCase) -> Iterator[Hit]:
    found: dict[str, str] = {}
    for library, (conda, pip) in _LIBRARIES.items():
        told = [case.owner(one.name) for one in case.conda_of(conda)]
        told += [f"{case.pip_owner(one.name)} from PyPI" for one in case.pip_of(pip)]
        if told:
            found[library] = told[0]
    if len(found) > 1:
        yield Hit(
            message=f"{' and '.join(found)} are in one environment: {' and '.join(found.values())}",
            hint="pin one with `mpi=*=mpich` or `mpi=*=openmpi`, and drop the other from the pip section",
        )


RULE = NativeRule(code="CE703", find=_find)
