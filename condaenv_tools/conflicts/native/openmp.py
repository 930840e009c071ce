"""Two OpenMP runtimes of one kind.

That libgomp and LLVM's runtime are there together is arranged by conda-forge's `_openmp_mutex`, and no finding.
Intel's and LLVM's have the same files, and a wheel that carries one of them loads it a second time.

References
----------
The documentation of threadpoolctl on several OpenMP runtimes.
"""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.conflicts.native.case import NativeCase
from condaenv_tools.conflicts.native.rule import Hit, NativeRule

__all__ = ["RULE"]

_RUNTIMES = ("intel-openmp", "llvm-openmp")
#: Its wheels carry LLVM's or Intel's runtime on these systems; on Linux they carry libgomp.
_CARRYING = "torch"
_SYSTEMS = {"win": "libiomp5md.dll", "osx": "libomp.dylib"}


def _find(case: NativeCase) -> Iterator[Hit]:
    there = [name for name in _RUNTIMES if name in case.conda]
    if len(there) == 2:
        yield Hit(
            message=f"{case.owner(there[0])} and {case.owner(there[1])} install the same OpenMP runtime",
            hint="take the packages that need it from one channel",
        )
    wheel = case.wheels.get(_CARRYING)
    library = _SYSTEMS.get(case.platform.partition("-")[0])
    if wheel is not None and wheel.is_native and library and there:
        yield Hit(
            message=f"{wheel} from PyPI carries its own {library}, beside {case.owner(there[0])} of conda; "
            "where both are loaded the process ends with OMP: Error #15, or hangs",
            hint="take pytorch from conda instead of torch from PyPI",
        )


RULE = NativeRule(code="CE702", find=_find)
