"""Lines that ask for a machine-learning framework, of the conda part and of the pip section alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.model.version_spec import VersionSpec
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.pip_items import PipLine, meet, requirements

__all__ = ["FrameworkLine", "Minor", "framework_lines", "pairs"]

#: A major and a minor version.
Minor = tuple[int, int]
#: Versions that there are or may come: what a line means is seen by which of them it allows.
_MINORS: tuple[Minor, ...] = tuple(product(range(5), range(60)))
_PATCHES = range(10)
#: What tells builds of one version apart (PEP 440).
_LOCAL = re.compile(r"\+[A-Za-z0-9.]+")

#: The projects, by the names that their packages have on conda's channels.
_CONDA = {
    "tensorflow": "tensorflow",
    "tensorflow-base": "tensorflow",
    "tensorflow-cpu": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
}
#: The same by the names of distributions.
_PYPI = {
    "intel-tensorflow": "tensorflow",
    "tensorflow": "tensorflow",
    "tensorflow-cpu": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "tensorflow-rocm": "tensorflow",
    "torch": "torch",
}
_OF_BOTH = ("jax", "jaxlib", "keras", "torchaudio", "torchvision")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameworkLine:
    """One line that asks for a framework.

    Attributes
    ----------
    project : str
        What it asks for, whatever the package is called: tensorflow, torch, jax, jaxlib, keras, torchaudio or
        torchvision.
    name : str
        The package.
    line : Dependency or PipLine
        The line.
    """

    project: str
    name: str
    line: Dependency | PipLine

    @property
    def is_pip(self) -> bool:
        """Whether it stands in the pip section."""
        return isinstance(self.line, PipLine)

    @property
    def text(self) -> str:
        """As written; may hold a credential."""
        return self.line.text

    @property
    def span(self) -> SourceSpan:
        """Where it stands."""
        return self.line.span

    @property
    def version(self) -> str:
        """What it asks of the version, as it is written; empty where any version will do."""
        if isinstance(self.line, PipLine):
            return self.line.details.specifier
        return "" if self.line.spec.version is None else str(self.line.spec.version)

    @property
    def minors(self) -> frozenset[Minor]:
        """The minor versions of which it allows some release; all where it says nothing that can be read."""
        return _minors(self.version, pip=self.is_pip)

    def only_before(self, minor: Minor) -> bool:
        """Say whether it allows earlier versions than a minor one alone."""
        return all(one < minor for one in self.minors)

    def only_from(self, minor: Minor) -> bool:
        """Say whether it allows a minor version and later ones alone."""
        return all(one >= minor for one in self.minors)


@lru_cache(maxsize=256)
def _minors(asked: str, *, pip: bool) -> frozenset[Minor]:
    found = [minor for minor, patch in product(_MINORS, _PATCHES) if _allows(asked, (*minor, patch), pip=pip)]
    return frozenset(found or _MINORS)


def _allows(asked: str, version: tuple[int, int, int], *, pip: bool) -> bool:
    text = ".".join(map(str, version))
    if not asked:
        return True
    if not pip:
        return VersionSpec.parse(asked).matches(text)
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - few files need it

    try:
        return SpecifierSet(_LOCAL.sub("", asked)).contains(text)
    except InvalidSpecifier:
        return False


def framework_lines(case: Case) -> tuple[FrameworkLine, ...]:
    """Return the lines that ask for a framework, in the order of the text.

    What counts under a condition alone (PEP 508, CEP 43) is left out: nobody knows here whether it holds.
    """
    return tuple(_conda(case)) + tuple(_pip(case))


def _conda(case: Case) -> Iterator[FrameworkLine]:
    for item in case.environment.dependencies:
        project = _CONDA.get(item.name) or (item.name if item.name in _OF_BOTH else "")
        if project and item.spec.when is None and item.spec.url is None:
            yield FrameworkLine(project=project, name=item.name, line=item)


def _pip(case: Case) -> Iterator[FrameworkLine]:
    for line in requirements(case):
        project = _PYPI.get(line.name) or (line.name if line.name in _OF_BOTH else "")
        if project and line.details.marker is None and line.details.url is None:
            yield FrameworkLine(project=project, name=line.name, line=line)


def pairs(case: Case, one: str, other: str) -> Iterator[tuple[FrameworkLine, FrameworkLine]]:
    """Yield lines of two projects that count on the same platform."""
    lines = framework_lines(case)
    for first in lines:
        for second in lines:
            if first.project == one and second.project == other and meet(first.line, second.line):
                yield first, second
