"""What one record says of Python, CUDA, cuDNN, numpy and the frameworks, and with which of its parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from condaenv_tools.conflicts.frameworks.names import (
    CUDA_EVIDENCE,
    CUDNN,
    DRIVER,
    FRAMEWORKS,
    NUMPY,
    PYTHON,
    PYTHON_ABI,
)
from condaenv_tools.conflicts.frameworks.pythons import Minor, minors_of
from condaenv_tools.errors import InvalidVersionError, ParseError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version
from condaenv_tools.model.version_region import has_no_version, reduced
from condaenv_tools.model.version_spec import Operator, VersionSpec

__all__ = ["ANY", "BUILD", "Needs", "companions_of", "excludes", "is_part", "needs_of", "together"]

ANY = VersionSpec.parse("*")
#: The name of the evidence where only the build string says it.
BUILD = "build"
#: The rank of evidence: what a record depends on is surer than what it is called.
_RANKS = (*CUDA_EVIDENCE, CUDNN, DRIVER, BUILD)
#: Evidence that names the version of CUDA itself: not that of its runtime library, nor of the driver.
_ONE_VERSION = frozenset({"cuda-version", "cudatoolkit", "pytorch-cuda", BUILD})
_COLUMNS = frozenset({PYTHON, PYTHON_ABI, NUMPY, CUDNN, DRIVER, *CUDA_EVIDENCE})
_PINS = (Operator.EQUAL, Operator.STARTS_WITH, Operator.LESS_EQUAL)
_CUDA_BUILD = re.compile(r"(?:^|[^a-z0-9])(?:cuda|cu)_?(?:(\d{1,2})\.(\d{1,2})|(\d{2})(\d))?(?!\d)")
_CUDNN_BUILD = re.compile(r"cudnn_?(\d+(?:\.\d+)*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a build is for.

    Attributes
    ----------
    pythons : frozenset of (int, int), or None
        Minor versions; None where it does not depend on Python.
    free_threaded : bool
        Whether it is for Python without the global lock (PEP 703).
    cuda : bool or None
        Whether it is for CUDA; None where nothing says it.
    evidence : mapping as a tuple of (str, (str, VersionSpec)), sorted
        For ``cuda`` and ``cudnn``: the name of the record's dependency that says it, or ``build``, and what
        it says.
    specs : tuple of (str, VersionSpec), sorted
        What it asks of numpy, of the driver (``__cuda``) and of frameworks.
    """

    pythons: frozenset[Minor] | None = None
    free_threaded: bool = False
    cuda: bool | None = None
    evidence: tuple[tuple[str, tuple[str, VersionSpec]], ...] = ()
    specs: tuple[tuple[str, VersionSpec], ...] = field(default=())

    def spec(self, name: str) -> VersionSpec | None:
        """Return what is asked of numpy, the driver or a framework; None where it is not mentioned."""
        return dict(self.specs).get(name)

    def proof(self, name: str) -> tuple[str, VersionSpec] | None:
        """Return what says which CUDA (``cuda``) or cuDNN (``cudnn``), and what it says."""
        return dict(self.evidence).get(name)


def needs_of(record: PackageRecord) -> Needs:
    """Return what a record itself says; specs that cannot be read say nothing.

    Examples
    --------
    >>> record = PackageRecord(name="net", version="1.0", build="cuda126_py312", subdir="linux-64", channel="c",
    ...     url="", depends=("python >=3.12,<3.13.0a0", "cuda-version >=12.6,<13", "numpy >=1.23,<3"))
    >>> needs = needs_of(record)
    >>> needs.pythons, needs.cuda, str(needs.proof("cuda")[1]), str(needs.spec("numpy"))
    (frozenset({(3, 12)}), True, '>=12.6,<13', '>=1.23,<3')
    """
    asked: dict[str, VersionSpec] = {}
    free_threaded = False
    for spec in _depends(record):
        version = spec.version or ANY
        asked[spec.name] = asked[spec.name].intersect(version) if spec.name in asked else version
        free_threaded |= spec.name == PYTHON_ABI and (spec.build or "").endswith("t")
    cuda = _cuda(asked, record.build)
    evidence = {"cuda": cuda} if cuda else {}
    if (cudnn := _cudnn(asked, record)) is not None:
        evidence["cudnn"] = cudnn
    pythons = [asked[name] for name in (PYTHON, PYTHON_ABI) if name in asked]
    named = {name: asked[name] for name in (NUMPY, DRIVER, *FRAMEWORKS) if name in asked}
    return Needs(
        pythons=minors_of(pythons) if pythons else None,
        free_threaded=free_threaded,
        cuda=True if cuda else (False if "cpu" in record.build else None),
        evidence=tuple(sorted(evidence.items())),
        specs=tuple(sorted((name, _reduced(spec)) for name, spec in named.items())),
    )


def _depends(record: PackageRecord) -> Iterator[MatchSpec]:
    return _specs(record.depends)


def _specs(texts: Iterable[str]) -> Iterator[MatchSpec]:
    for text in texts:
        try:
            yield MatchSpec.parse(text)
        except ParseError:
            continue


def _cuda(asked: dict[str, VersionSpec], build: str) -> tuple[str, VersionSpec] | None:
    for name in CUDA_EVIDENCE:
        if name in asked and (name != "cuda-cudart" or not asked[name].is_any):
            return name, _reduced(asked[name])
    if DRIVER in asked and not asked[DRIVER].is_any:
        return DRIVER, _reduced(asked[DRIVER])
    named = _CUDA_BUILD.search(build)
    if named is not None:
        major, minor = named[1] or named[3], named[2] or named[4]
        return BUILD, _minor(int(major), int(minor)) if major else ANY
    return (DRIVER, ANY) if DRIVER in asked else None


def _cudnn(asked: dict[str, VersionSpec], record: PackageRecord) -> tuple[str, VersionSpec] | None:
    if CUDNN in asked:
        return CUDNN, _reduced(asked[CUDNN])
    named = _CUDNN_BUILD.search(record.build)
    return (BUILD, _starting(named[1])) if named is not None and "." in named[1] else None


@lru_cache(maxsize=256)
def _minor(major: int, minor: int) -> VersionSpec:
    # Not `12.0.*`, which pre-releases below 12 fulfil as well.
    return VersionSpec.parse(f">={major}.{minor},<{major}.{minor + 1}.0a0")


@lru_cache(maxsize=256)
def _starting(version: str) -> VersionSpec:
    return VersionSpec.parse(f"{version}.*")


def companions_of(record: PackageRecord) -> tuple[MatchSpec, ...]:
    """Return what a record asks of its parts (`is_part`) and of frameworks.

    Examples
    --------
    >>> record = PackageRecord(name="jax", version="0.7.2", build="0", subdir="noarch", channel="c", url="",
    ...     depends=("jaxlib >=0.7.2,<=0.7.2", "opt_einsum", "scipy >=1.13"))
    >>> [spec.name for spec in companions_of(record)]
    ['jaxlib']
    """
    return tuple(spec for spec in _depends(record) if spec.name in FRAMEWORKS or is_part(spec, record))


def is_part(spec: MatchSpec, record: PackageRecord) -> bool:
    """Say whether a record asks a package for its own version: then both are released together.

    Such a package holds a part of the same software, as `libtorch` does of PyTorch.
    """
    if spec.version is None or spec.name in _COLUMNS:
        return False
    try:
        return _at(spec.version, Version.of(record.version))
    except InvalidVersionError:
        return False


def excludes(build: PackageRecord, record: PackageRecord) -> bool:
    """Say whether a build constrains a package in a way that a record of it does not fulfil."""
    return any(
        spec.name == record.name and not spec.matches(record)
        for spec in _specs(build.constrains)
        if not spec.has_name_pattern
    )


def _at(spec: VersionSpec, own: Version) -> bool:
    return any(
        clause.operator in _PINS
        and clause.version is not None
        and "." in clause.version.text
        and own.starts_with(clause.version)
        for clause in spec.clauses()
    )


def together(one: Needs, other: Needs) -> Needs | None:
    """Return what two builds that are installed together need, or None where they do not go together."""
    pythons = one.pythons if other.pythons is None else other.pythons
    if one.pythons is not None and other.pythons is not None:
        pythons = one.pythons & other.pythons
        if not pythons or one.free_threaded != other.free_threaded:
            return None
    if None not in (one.cuda, other.cuda) and one.cuda != other.cuda:
        return None
    specs = _intersected(one.specs, other.specs)
    if specs is None:
        return None
    evidence = dict(one.evidence)
    if _differ(one.proof("cuda"), other.proof("cuda")):
        return None
    for name, proof in other.evidence:
        mine = evidence.get(name)
        if mine is None or _RANKS.index(proof[0]) < _RANKS.index(mine[0]):
            evidence[name] = proof
        elif proof[0] == mine[0]:
            if _disjoint(proof[1], mine[1]):
                return None
            evidence[name] = (proof[0], _both(mine[1], proof[1]))
    return replace(
        one,
        pythons=pythons,
        free_threaded=one.free_threaded or other.free_threaded,
        cuda=other.cuda if one.cuda is None else one.cuda,
        evidence=tuple(sorted(evidence.items())),
        specs=specs,
    )


def _differ(one: tuple[str, VersionSpec] | None, other: tuple[str, VersionSpec] | None) -> bool:
    """Say whether two builds are for different CUDAs, whatever says so: all but the driver's is one version."""
    if one is None or other is None or not {one[0], other[0]} <= _ONE_VERSION:
        return False
    return _disjoint(one[1], other[1])


# The builds of a package ask for the same few things.
@lru_cache(maxsize=16_384)
def _reduced(spec: VersionSpec) -> VersionSpec:
    return reduced(spec)


@lru_cache(maxsize=16_384)
def _both(one: VersionSpec, other: VersionSpec) -> VersionSpec:
    return one if one == other else reduced(one.intersect(other))


@lru_cache(maxsize=16_384)
def _disjoint(one: VersionSpec, other: VersionSpec) -> bool:
    return one != other and has_no_version([one, other])


def _intersected(
    one: tuple[tuple[str, VersionSpec], ...], other: tuple[tuple[str, VersionSpec], ...]
) -> tuple[tuple[str, VersionSpec], ...] | None:
    specs = dict(one)
    for name, spec in other:
        if name in specs and _disjoint(specs[name], spec):
            return None
        specs[name] = _both(specs[name], spec) if name in specs else spec
    return tuple(sorted(specs.items(), key=lambda pair: pair[0]))
