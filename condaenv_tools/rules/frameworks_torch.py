"""Rules on what belongs to PyTorch or JAX: partners of another release, and builds for different CUDAs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from condaenv_tools.errors import ParseError
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.version import Version
from condaenv_tools.model.version_region import has_no_version
from condaenv_tools.model.version_spec import VersionSpec
from condaenv_tools.parse.codes.code import ERROR, WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.framework_lines import FrameworkLine, Minor, framework_lines, pairs
from condaenv_tools.rules.pip_items import meet
from condaenv_tools.rules.record_facts import joined
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_PARTNER = code(
    "CE234",
    ERROR,
    "a partner of another release",
    "The wheels of torchvision and torchaudio ask for one torch, and a jaxlib is never newer than its jax.",
    "channels: [conda-forge]\ndependencies:\n  - python=3.11\n  - pip\n  - pip:\n      - torch==2.4.1\n"
    "      - torchvision==0.15.2\n",
    "channels: [conda-forge]\ndependencies:\n  - python=3.11\n  - pip\n  - pip:\n      - torch==2.4.1\n"
    "      - torchvision==0.19.1\n",
)
_MIXED = code(
    "CE235",
    WARNING,
    "builds for different CUDAs",
    "One process loads one CUDA: builds for different ones do not install together, or crash when they are used.",
    "channels: [conda-forge]\ndependencies:\n  - python=3.11\n  - cuda-version=11.8\n  - pytorch=2.6=cuda12*\n",
    "channels: [conda-forge]\ndependencies:\n  - python=3.11\n  - cuda-version=12.6\n  - pytorch=2.6=cuda12*\n",
)
_PINNED = re.compile(r"===?\s*v?(\d+)\.(\d+)(?:\.(\d+))?(?:\.\d+)*(?:\+([a-z0-9.]+))?")
#: Until here the numbers of torch and of its partners are known to rise together.
_LAST_TORCH = 8
_CUDA_BUILD = re.compile(r"(?:^|[^a-z0-9])(?:cuda|cu)_?(\d{1,2})(?:(?:\.(\d))|(\d))?(?=$|[^0-9])")
_CHOOSERS = ("cuda-version", "pytorch-cuda", "cudatoolkit")


def torch_of(project: str, major: int, minor: int) -> tuple[int, int] | None:
    """Return the release of torch that a wheel of a partner asks for; None where it is not known.

    Examples
    --------
    >>> torch_of("torchvision", 0, 19), torch_of("torchvision", 0, 14), torch_of("torchaudio", 2, 4)
    ((2, 4), (1, 13), (2, 4))
    >>> torch_of("torchvision", 0, 2)
    """
    if project == "torchaudio":
        if major == 0:
            return (1, minor) if 8 <= minor <= 13 else None
        return (major, minor) if major == 2 and minor <= _LAST_TORCH else None
    if major != 0 or not 5 <= minor <= 15 + _LAST_TORCH:
        return None
    return (1, minor - 1) if minor < 15 else (2, minor - 15)


def _pinned(line: FrameworkLine) -> re.Match[str] | None:
    return _PINNED.fullmatch(line.version) if line.is_pip else None


def _wanted(partner: FrameworkLine) -> frozenset[Minor]:
    """Return the minor versions of torch that the wheels of a line ask for; none where one of them is not known.

    Conda's builds say for themselves what they need, and may be built otherwise.
    """
    if not partner.is_pip:
        return frozenset()
    found = {torch_of(partner.project, *minor) for minor in partner.minors}
    return frozenset() if None in found else frozenset(one for one in found if one is not None)


def _find_partners(case: Case) -> Iterator[Finding]:
    lines = framework_lines(case)
    from_pip = any(line.project == "torch" and line.is_pip for line in lines)
    for project in ("torchvision", "torchaudio"):
        for torch, partner in pairs(case, "torch", project):
            wanted = _wanted(partner)
            if from_pip and not torch.is_pip:
                continue  # The torch of the pip section takes the place of conda's, and is the one that counts.
            if not torch.version or not wanted or wanted & torch.minors:
                continue
            numbers = joined([f"{major}.{minor}" for major, minor in sorted(wanted)], "or")
            message = f"{quoted(partner.text)} asks for torch {numbers}, and line {torch.span.line} "
            message += f"is {quoted(torch.text)}"
            hint = f"leave the version of {project} out, or write torch of {numbers}"
            yield case.finding(_PARTNER, message, partner.span, hint=hint)
    for jax, jaxlib in pairs(case, "jax", "jaxlib"):
        mine, library = _exact(jax), _exact(jaxlib)
        if mine is not None and library is not None and library > mine:
            message = (
                f"{quoted(jaxlib.text)} is newer than {quoted(jax.text)} of line {jax.span.line}, which "
            )
            message += "refuses it"
            yield case.finding(
                _PARTNER, message, jaxlib.span, hint=f"write jaxlib of {mine}, or leave it out"
            )


def _exact(line: FrameworkLine) -> Version | None:
    """Return the version that a line pins; what stands behind a plus names the build alone."""
    found = re.fullmatch(r"={0,3}\s*(\d+\.\d+\.\d+)(?:\.\*)?(?:\+[a-z0-9.]+)?", line.version)
    return None if found is None else Version.of(found[1])


def _find_mixed(case: Case) -> Iterator[Finding]:
    yield from _mixed_wheels(case)
    yield from _mixed_builds(case)


def _mixed_wheels(case: Case) -> Iterator[Finding]:
    wheels = [
        (line, found[4])
        for line in framework_lines(case)
        if line.project.startswith("torch") and (found := _pinned(line)) is not None and found[4]
    ]
    for (one, first), (other, second) in combinations(wheels, 2):
        if one.project != other.project and first != second and meet(one.line, other.line):
            message = (
                f"{quoted(other.text)} is built for {second}, and {quoted(one.text)} of line {one.span.line} "
            )
            message += f"for {first}"
            yield case.finding(_MIXED, message, other.span, hint=f"write +{first} in both lines")


def _mixed_builds(case: Case) -> Iterator[Finding]:
    """Yield lines of the conda part whose build is for another CUDA than a line that chooses it allows."""
    items = case.environment.dependencies
    choosers = [
        i for i in items if i.name in _CHOOSERS and i.spec.version is not None and i.spec.when is None
    ]
    for item in items:
        build = item.spec.build
        if build is None or item.name.startswith(("cuda", "libcu", "cudnn")) or item.spec.when is not None:
            continue
        for chooser in choosers:
            named = _cuda_of(build)
            if named is None or not meet(chooser, item) or not _excludes(chooser, named):
                continue
            message = f"{quoted(item.text)} asks for a build for CUDA {build_cuda(build)}, and "
            message += f"{quoted(chooser.text)} of line {chooser.span.line} for another"
            hint = f"let {chooser.name} allow that CUDA, or ask for another build"
            yield case.finding(_MIXED, message, item.span, hint=hint)


def build_cuda(build: str) -> str:
    """Return the CUDA that a build names, as people write it.

    Examples
    --------
    >>> build_cuda("cuda12*"), build_cuda("cuda118_py312*"), build_cuda("py3.9_cuda11.1_cudnn8.0.5_0")
    ('12', '11.8', '11.1')
    """
    found = _CUDA_BUILD.search(build)
    if found is None:
        return ""
    minor = found[2] or found[3]
    return f"{found[1]}.{minor}" if minor else found[1]


def _cuda_of(build: str) -> VersionSpec | None:
    """Return the CUDA versions that go with the one of a build: a driver and runtime of one major version do."""
    major = build_cuda(build).partition(".")[0]
    return VersionSpec.parse(f">={major},<{int(major) + 1}.0a0") if major else None


def _excludes(chooser: Dependency, named: VersionSpec) -> bool:
    try:
        return chooser.spec.version is not None and has_no_version([chooser.spec.version, named])
    except ParseError:
        return False


RULES: tuple[Rule, ...] = (
    Rule(code=_PARTNER, find=_find_partners),
    Rule(code=_MIXED, find=_find_mixed),
)
