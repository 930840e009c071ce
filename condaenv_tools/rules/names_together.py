"""Rules on names that mislead beside, or without, another name of the same file."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.version_region import has_no_version
from condaenv_tools.model.version_spec import VersionSpec
from condaenv_tools.parse.codes.code import INFO, WARNING, code
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.names_table import HOMONYMS, PARTS
from condaenv_tools.rules.record_facts import channels_of
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_PART = code(
    "CE214",
    INFO,
    "a package and its part",
    "The larger package brings the smaller one along, so that one of the two lines says nothing.",
    "dependencies:\n  - matplotlib\n  - matplotlib-base\n",
    "dependencies:\n  - matplotlib-base\n",
)
_HOMONYM = code(
    "CE215",
    INFO,
    "a library with the name of a Python module",
    "conda's channels have libraries and programs of every language, and the plain name is often not Python's.",
    "dependencies:\n  - python=3.12\n  - yaml\n",
    "dependencies:\n  - python=3.12\n  - pyyaml\n",
)
_CUDA = code(
    "CE216",
    WARNING,
    "cudatoolkit beside a PyTorch that does not use it",
    "Newer builds of PyTorch are chosen by pytorch-cuda or cuda-version; with cudatoolkit alone the solver is "
    "free to take one without CUDA.",
    "channels: [conda-forge]\ndependencies:\n  - pytorch>=2.7\n  - cudatoolkit=11.8\n",
    "channels: [conda-forge]\ndependencies:\n  - pytorch-gpu>=2.7\n  - cuda-version=12.6\n",
)
#: Before these releases PyTorch had builds on cudatoolkit: those of channel pytorch, and of conda-forge.
_ON_TOOLKIT = {"pytorch": VersionSpec.parse("<1.13"), "conda-forge": VersionSpec.parse("<2.7")}


def _exact(item: Dependency) -> bool:
    """Say whether a line comes from an export rather than from a person."""
    version = item.spec.version
    return bool(item.spec.build) or (
        version is not None and (version.is_exact or str(version).count(".") > 1)
    )


def _by_name(case: Case) -> dict[str, Dependency]:
    return {item.name: item for item in reversed(case.environment.dependencies)}


def _find_parts(case: Case) -> Iterator[Finding]:
    items = _by_name(case)
    for whole, (part, more) in PARTS.items():
        if whole not in items or part not in items:
            continue
        one, other = items[whole], items[part]
        if (_exact(one) and _exact(other)) or one.selector != other.selector:
            continue
        message = f"{whole} of line {one.span.line} is {part} and {more}, so that this line adds nothing"
        if other.spec.version is not None:
            message = f"{whole} of line {one.span.line} is {part} and {more}: both have one version"
        hint = f"remove this line, or {whole} where {more} {'are' if ' and ' in more else 'is'} not needed"
        yield case.finding(_PART, message, other.span, hint=hint)


def _find_homonyms(case: Case) -> Iterator[Finding]:
    items = _by_name(case)
    in_pip = {item.name for item in case.environment.pip}
    if "python" not in items:
        return
    for name, (module, what) in HOMONYMS.items():
        item = items.get(name)
        if item is None or _exact(item) or module in items or {name, module} & in_pip:
            continue
        message = f"{name} is {what}; the Python module is in {module}"
        hint = f"write {module} if the module is meant"
        yield case.finding(_HOMONYM, message, item.span, hint=hint)


def _find_cuda(case: Case) -> Iterator[Finding]:
    items = _by_name(case)
    toolkit, torch = items.get("cudatoolkit"), items.get("pytorch")
    if toolkit is None or torch is None or torch.spec.version is None or torch.spec.build:
        return
    if {"pytorch-cuda", "cuda-version", "pytorch-gpu"} & set(items):
        return
    channels = [torch.spec.channel] if torch.spec.channel else [c.text for c in case.environment.channels]
    label = next((c for text in channels for c in channels_of([text]) if c in _ON_TOOLKIT), None)
    if label is None or not has_no_version([torch.spec.version, _ON_TOOLKIT[label]]):
        return
    message = f"the builds of {torch.text} do not use cudatoolkit, which does not choose CUDA for them"
    hint = "write pytorch-gpu and cuda-version=12.6, or the version that your driver runs"
    if label == "pytorch":
        hint = (
            "name pytorch-cuda, and the channel nvidia, or take pytorch-gpu and cuda-version of conda-forge"
        )
    yield case.finding(_CUDA, message, toolkit.span, hint=hint)


RULES: tuple[Rule, ...] = (
    Rule(code=_PART, find=_find_parts),
    Rule(code=_HOMONYM, find=_find_homonyms),
    Rule(code=_CUDA, find=_find_cuda),
)
