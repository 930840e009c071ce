"""One distribution from both package managers, and what pip brings although conda could."""

from __future__ import annotations

import re
from collections.abc import Iterator

from condaenv_tools.channels.names import conda_names, pypi_names
from condaenv_tools.model.environment import Dependency, PipDetails, PipKind
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.codes.code import INFO, WARNING, code
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.pip_items import (
    PipLine,
    line_removal,
    line_word,
    meet,
    readable_items,
    requirements,
    where_counts,
)
from condaenv_tools.rules.pip_traps import STANDARD_LIBRARY, TRAPS
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_BOTH_HALVES = code(
    "CE430",
    WARNING,
    "a package in both halves",
    "pip puts its files over those that conda installed, and conda's records then describe files that are gone; "
    "conda-lock locks both versions side by side.",
    "dependencies:\n  - python\n  - pip\n  - numpy=1.26\n  - pip:\n      - numpy==2.0.0\n      - rich\n",
    "dependencies:\n  - python\n  - pip\n  - numpy=1.26\n  - pip:\n      - rich\n",
)
_ON_CONDA_FORGE = code(
    "CE438",
    INFO,
    "pip brings what conda-forge has",
    "conda solves only its own half: what pip adds later may not fit it, and compiled libraries come twice.",
    "channels: [conda-forge]\ndependencies:\n  - python\n  - pip\n  - pip:\n      - numpy\n",
    "channels: [conda-forge]\ndependencies:\n  - python\n  - numpy\n",
)
#: Names shown before "and N more".
_SHOWN = 8
#: Their wheels bring libraries (BLAS, HDF5, GEOS, CUDA, Qt, ...) that conda's packages share with each other.
_NATIVE = frozenset({
    "fiona", "gdal", "h5py", "jax", "jaxlib", "lxml", "mpi4py", "netcdf4", "numba", "numpy",
    "opencv-contrib-python", "opencv-python", "opencv-python-headless", "pandas", "psycopg2", "pyarrow",
    "pyproj", "pyqt5", "pyqt6", "pyside6", "rasterio", "rdkit", "scikit-image", "scikit-learn", "scipy",
    "shapely", "tables", "tensorflow", "torch", "torchaudio", "torchvision", "vtk", "xgboost",
})  # fmt: skip
#: Packages without files of their own, and whose distributions they bring.
_META = {
    "opencv": ("opencv-python", "opencv-python-headless"),
    "pytorch-gpu": ("torch",),
    "tensorflow-gpu": ("tensorflow",),
}
_KEY = re.compile(r"\b(pip)[\"']?[ ]*:(?=\s)")
#: Part of every environment that has pip.
_ALWAYS = {"pip", "setuptools", "wheel"}
#: Channels that hold conda-forge's packages.
_CONDA_FORGE = "conda-forge"


def _in_both_halves(case: Case) -> Iterator[Finding]:
    # Of lines that count in the same places the first is enough.
    bringing: dict[str, dict[frozenset[Platform] | None, Dependency]] = {}
    for dependency in case.environment.dependencies:
        for name in _brought(dependency):
            bringing.setdefault(name, {}).setdefault(where_counts(dependency), dependency)
    for item in requirements(case):
        name = item.name
        twin = next((one for one in bringing.get(name, {}).values() if meet(one, item)), None)
        if twin is not None:
            yield _tell_both(case, item, twin, name)


def _brought(dependency: Dependency) -> Iterator[str]:
    """Yield what a conda package brings for certain: alone, or as the first one to think of."""
    conda = dependency.spec.name
    contents = _contents(dependency)
    for name in contents:
        if conda in _META or len(contents) == 1 or (conda_names(name) or ("",))[0] == conda:
            yield name


def _contents(dependency: Dependency) -> tuple[str, ...]:
    """Return every distribution that a conda package is known to hold."""
    conda = dependency.spec.name
    return _META.get(conda) or pypi_names(conda) or ()


def _tell_both(case: Case, item: PipLine, twin: Dependency, name: str) -> Finding:
    line = twin.span.line
    called = "" if twin.name == name else f" as {twin.name}"
    details = item.details
    known = f"conda installs {name} already{called} (line {line})"
    if item.kind is not PipKind.REQUIREMENT:
        message = f"{known}, and pip puts this one over conda's files"
        hint = f"keep one of the two: remove this line or line {line}"
        return case.finding(_BOTH_HALVES, message, item.span, hint=hint)
    if details.extras:
        message = f"{known}, and pip puts its own over conda's files where the versions differ"
        extras = " and ".join(details.extras)
        hint = (
            f"add what the {'extra' if len(details.extras) == 1 else 'extras'} {extras} would bring by name"
        )
        return case.finding(_BOTH_HALVES, message, item.span, hint=f"{hint}, and remove this line")
    version = str(twin.spec.version or "").lstrip("=").removesuffix(".*")
    if version and details.specifier == f"=={version}":
        message = f"{known}, in the same version: this line does nothing until one of the two changes"
        fix = line_removal(case, item, safe=False)
        hint = "remove this line"
        return case.finding(_BOTH_HALVES, message, item.span, hint=hint, severity=INFO, fix=fix)
    if details.specifier.startswith("==") and "," not in details.specifier:
        wanted = details.specifier.lstrip("=")
        message = f"{known}, and pip puts {wanted} over conda's files unless conda took the same"
        hint = f"remove this line, and write the version into line {line}"
    else:
        message = f"{known}, and conda runs pip with -U: a newer one from PyPI goes over conda's files"
        hint = "remove this line"
        if details.specifier:
            hint = f"remove this line, and let line {line} say {details.specifier}"
    fix = line_removal(case, item, safe=False)
    return case.finding(_BOTH_HALVES, message, item.span, hint=hint, fix=fix)


def _has_conda_forge(case: Case) -> bool:
    channels = [item.text for item in case.environment.channels if item.text != "nodefaults"]
    return not channels or any(text.rstrip("/").rpartition("/")[2] == _CONDA_FORGE for text in channels)


def _on_conda_forge(case: Case) -> Iterator[Finding]:
    if not _has_conda_forge(case):
        return
    there = {name for d in case.environment.dependencies for name in _contents(d)}
    found: dict[str, PipLine] = {}
    asked = [item for item in requirements(case) if item.kind is PipKind.REQUIREMENT]
    asked += _nearly_read(case)
    for item in asked:
        name = item.name
        special = name in _ALWAYS or name in there or name in STANDARD_LIBRARY or name in TRAPS
        if not special and "+" not in item.details.specifier and conda_names(name):
            found.setdefault(name, item)
    if not found:
        return
    verb = "names a package" if len(found) == 1 else "name packages"
    count = f"{line_word(len(found))} of {len(asked)} in the pip section"
    message = f"{count} {verb} that conda-forge has: {_listed(found)}"
    native = [name for name in found if name in _NATIVE]
    if native:
        message += ", which" if len(found) == 1 else f"; {_enumeration(native)}"
        message += " brings" if len(native) == 1 else " bring"
        message += " compiled libraries from PyPI that conda's packages do not share"
    hint = "as conda packages they are solved together with the rest, and go into a lock with it"
    yield case.finding(_ON_CONDA_FORGE, message, _section(case, next(iter(found.values()))), hint=hint)


def _section(case: Case, line: PipLine) -> SourceSpan | tuple[int, int]:
    """Return where the key of the section stands; a file of requirements has none."""
    keys = list(_KEY.finditer(case.text, 0, line.span.start))
    return keys[-1].span(1) if keys else line.span


def _nearly_read(case: Case) -> list[PipLine]:
    """Return the lines whose name is known although pip cannot read the rest, such as `numpy=1.2`."""
    read = {id(line.item) for line in readable_items(case)}
    unread = [item for item in case.environment.pip if item.name and id(item) not in read]
    return [PipLine(item=item, details=PipDetails(name=item.name)) for item in unread]


def _listed(found: dict[str, PipLine]) -> str:
    shown = []
    for name in list(found)[:_SHOWN]:
        conda = (conda_names(name) or (name,))[0]
        shown.append(name if conda == name else f"{name} (as {conda})")
    more = len(found) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _enumeration(names: list[str]) -> str:
    shown = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


RULES: tuple[Rule, ...] = (
    Rule(code=_BOTH_HALVES, find=_in_both_halves),
    Rule(code=_ON_CONDA_FORGE, find=_on_conda_forge),
)
