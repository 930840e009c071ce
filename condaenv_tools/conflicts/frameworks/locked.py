"""Rules on the packages of a lock: frameworks of two generations, two copies of one, builds for two CUDAs."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.conflicts.frameworks.names import CUDA_EVIDENCE
from condaenv_tools.conflicts.frameworks.needs import needs_of
from condaenv_tools.conflicts.native.case import NativeCase, at_least, major
from condaenv_tools.conflicts.native.rule import Hit, NativeRule
from condaenv_tools.model.version_spec import Operator, VersionSpec

__all__ = ["RULES"]

#: What installs the folder of TensorFlow: conda packages and distributions.
_TENSORFLOW = ("tensorflow-base", "tensorflow")
_TENSORFLOW_WHEELS = ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-rocm", "intel-tensorflow")
_KERAS_3 = "2.16"
#: Evidence that names the version of CUDA itself.
_SURE = CUDA_EVIDENCE[:3]


def _copies(case: NativeCase) -> Iterator[Hit]:
    copies = [case.owner(record.name) for record in case.conda_of(_TENSORFLOW)[:1]]
    copies += [case.pip_owner(record.name) for record in case.pip_of(_TENSORFLOW_WHEELS)]
    if len(copies) > 1:
        yield Hit(
            message=f"{' and '.join(copies)} install the same files: the last one wins",
            hint="keep one of them",
        )


def _generations(case: NativeCase) -> Iterator[Hit]:
    conda = [(case.owner(record.name), record.version) for record in case.conda_of(_TENSORFLOW)[:1]]
    wheels = [(case.pip_owner(r.name), r.version) for r in case.pip_of(_TENSORFLOW_WHEELS)[:1]]
    keras = [(case.owner(r.name), r.version) for r in case.conda_of(("keras",))]
    keras += [(case.pip_owner(r.name), r.version) for r in case.pip_of(("keras",))]
    for tensorflow, version in (conda + wheels)[:1]:
        for other, number in keras:
            first = major(number)
            if first is None or (first >= 3) == at_least(version, _KERAS_3):
                continue
            needs = "3" if first < 3 else "2"
            yield Hit(
                message=f"{tensorflow} works with Keras {needs}, and {other} is there",
                hint="take tf-keras where Keras 2 is needed" if first < 3 else "leave keras to TensorFlow",
            )


def _cudas(case: NativeCase) -> Iterator[Hit]:
    """Yield packages whose dependencies name CUDAs of two major versions; a build string alone proves nothing."""
    by_major: dict[int, tuple[str, VersionSpec, str]] = {}
    for record in case.conda.values():
        proof = needs_of(record).proof("cuda")
        if proof is None or proof[0] not in _SURE:
            continue
        number = _lowest(proof[1])
        if number is not None:
            by_major.setdefault(number, (case.owner(record.name), proof[1], proof[0]))
    if len(by_major) > 1:
        told = [f"{owner} is for {name} {spec}" for _, (owner, spec, name) in sorted(by_major.items())]
        yield Hit(
            message=", and ".join(told), hint="choose builds for one CUDA, with a line for cuda-version"
        )


def _lowest(spec: VersionSpec) -> int | None:
    """Return the major version to which a specifier is bound; None where it allows several."""
    lower = [
        c.version for c in spec.clauses() if c.operator is Operator.GREATER_EQUAL and c.version is not None
    ]
    upper = [c.version for c in spec.clauses() if c.operator is Operator.LESS and c.version is not None]
    if len(lower) == len(upper) == 1:
        first, last = major(lower[0].text), major(upper[0].text)
        whole = first is not None and last is not None and last - first <= 1
        return first if whole else None
    if spec.is_exact or spec.is_fuzzy:
        return next((major(c.version.text) for c in spec.clauses() if c.version is not None), None)
    return None


RULES = (
    NativeRule(code="CE712", find=_copies),
    NativeRule(code="CE713", find=_generations),
    NativeRule(code="CE714", find=_cudas),
)
