"""What an index lacks: one requirement looked at by itself, in what the index lists of its name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.resolve.pypi.answer import ConflictKind
from condaenv_tools.resolve.pypi.index_pages import IndexFile
from condaenv_tools.resolve.pypi.tags import TagOrder
from condaenv_tools.resolve.pypi.wording import ranged

__all__ = ["Machine", "Shortage", "find_shortage", "takes_python"]


_BUILD = "allow building with --build (on the running platform only)"
_OF_OTHER_INDEXES = ("a version with a + comes from an index of its own: name it with --extra-index-url",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Why no file of a name can be taken.

    Attributes
    ----------
    kind : ConflictKind
        Which sort it is.
    name : PyPIName
        The distribution.
    text : str
        A clause that begins with the name.
    specifier : str
        The versions that were asked for.
    trail : tuple of str
        The requirements that lead from the line to it; empty where the line itself asks for it.
    requires_python : str or None
        What the files demand of Python, where that is at fault.
    hints : tuple of str
        What to do next.
    """

    kind: ConflictKind
    name: PyPIName
    text: str
    specifier: str = ""
    trail: tuple[str, ...] = ()
    requires_python: str | None = None
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where a distribution is to run: its tags, the whole version of its Python, and what may be done there.

    `build` is whether a source archive may be built for it, `sources` whether one may be locked unbuilt.
    """

    tags: TagOrder
    python_version: str
    build: bool
    sources: bool = True


def find_shortage(
    requirement: Requirement,
    files: Sequence[IndexFile] | None,
    machine: Machine,
    *,
    near: Iterable[str] = (),
) -> Shortage | None:
    """Return why no file answers a requirement, or None where one does.

    Parameters
    ----------
    requirement : Requirement
        What is asked.
    files : sequence of IndexFile or None
        What the index lists of its name; None where it lists no such name.
    machine : Machine
        Where it is to run.
    near : iterable of str
        Names that exist, for a hint about the spelling.
    """
    name = pypi_name(requirement.name)
    if files is None:
        close = difflib.get_close_matches(name, sorted(set(near) - {name}), n=1, cutoff=0.8)
        hint = f"did you mean {close[0]}?" if close else f"see whether {name} is spelled right"
        again = "a package that only channels have belongs above the pip section"
        return Shortage(
            kind=ConflictKind.ABSENT, name=name, text=f"{name} is on no index", hints=(hint, again)
        )
    asked = [file for file in files if requirement.specifier.contains(file.version, prereleases=True)]
    if not asked:
        return Shortage(
            kind=ConflictKind.NO_VERSION,
            name=name,
            text=f"{name} has no version {requirement.specifier or ''}".rstrip()
            + f": there is {_versions(files)}",
            hints=_OF_OTHER_INDEXES if "+" in str(requirement.specifier) else (),
        )
    fitting = [file for file in asked if takes_python(file.requires_python, machine.python_version)]
    if not fitting:
        newest = max(asked, key=lambda file: file.version)
        return Shortage(
            kind=ConflictKind.PYTHON,
            name=name,
            text=f"{name} {newest.version} needs Python {newest.requires_python}, and "
            f"conda chose {machine.python_version}",
            requires_python=newest.requires_python,
            hints=(f"ask for a python {newest.requires_python} in the conda part",),
        )
    wheels = [file for file in fitting if file.is_wheel]
    if any(machine.tags.rank(file.file_name) is not None for file in wheels) or (
        machine.build and len(wheels) < len(fitting)
    ):
        return None
    return _for_other_pythons(name, wheels, machine) or _without_wheel(name, fitting, wheels, machine)


def _for_other_pythons(name: PyPIName, wheels: Sequence[IndexFile], machine: Machine) -> Shortage | None:
    """Return that the newest release with wheels for the machine has them for other Pythons; None if none has."""
    made = {file.version: set[tuple[int, int]]() for file in wheels}
    for file in wheels:
        made[file.version] |= machine.tags.pythons(file.file_name)
    version = max((version for version, pythons in made.items() if pythons), default=None)
    own = Version(machine.python_version)
    if version is None or (own.major, own.minor) in made[version]:
        return None
    low, high = min(made[version]), max(made[version])
    said = (
        ".".join(map(str, low)) if low == high else f"{'.'.join(map(str, low))} to {'.'.join(map(str, high))}"
    )
    wanted = f">={low[0]}.{low[1]},<{high[0]}.{high[1] + 1}"
    return Shortage(
        kind=ConflictKind.PYTHON,
        name=name,
        text=f"{name} {version} has wheels for Python {said} there, and conda chose {machine.python_version}",
        requires_python=wanted,
        hints=(
            f"ask for a python {wanted} in the conda part",
            f"take {name} from a channel, if one has it, or another version of it",
        ),
    )


def _without_wheel(
    name: PyPIName, fitting: Sequence[IndexFile], wheels: Sequence[IndexFile], machine: Machine
) -> Shortage:
    build = _BUILD if machine.sources else f"{_BUILD}, or allow sources"
    newest = max(file.version for file in fitting)
    if not wheels:
        return Shortage(
            kind=ConflictKind.SOURCE_ONLY,
            name=name,
            text=f"{name} {newest} is there as a source archive only, and building is not allowed",
            hints=(
                build,
                f"take {name} from a channel, if one has it",
            ),
        )
    latest = max(file.version for file in wheels)
    tags = ranged("-".join(file.file_name[:-4].split("-")[-3:]) for file in wheels if file.version == latest)
    return Shortage(
        kind=ConflictKind.NO_WHEEL,
        name=name,
        text=f"no wheel of {name} runs there: {latest} has {tags}",
        hints=(
            f"take {name} from a channel, if one has it",
            *((build,) if len(wheels) < len(fitting) else ()),
            "name a later glibc or macOS with --virtual-package, if the machines have it",
        ),
    )


def _versions(files: Sequence[IndexFile]) -> str:
    found = sorted({file.version for file in files})
    if not found:
        return "none that can be used"
    return str(found[0]) if len(found) == 1 else f"{found[0]} to {found[-1]}"


def takes_python(requires_python: str | None, python_version: str) -> bool:
    """Say whether an archive takes a version of Python; a demand that cannot be read is none."""
    if not requires_python:
        return True
    try:
        return SpecifierSet(requires_python).contains(python_version, prereleases=True)
    except InvalidSpecifier:
        return True
