"""Why both halves do not agree, in words: the lines, what conda chose freely, and why it cannot give way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from condaenv_tools.errors import UnsatisfiableError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.resolve.core import Budget, find_core
from condaenv_tools.resolve.joint_demands import Demand
from condaenv_tools.resolve.joint_request import JointFailure, JointRequest, Refusal
from condaenv_tools.resolve.request import SolveOptions
from condaenv_tools.resolve.solve import solve

__all__ = ["ATTEMPTS", "find_refusals", "no_agreement", "no_python"]

#: How often the halves of one platform are asked before the search is given up.
ATTEMPTS = 8
#: How often conda is asked for the specs that exclude a demand, once the search has failed.
_CORE_SOLVES = 40


def no_python(request: JointRequest) -> UnsatisfiableError:
    """Tell that there are lines for pip, and no Python to install them for."""
    first = request.lines[0]
    where = f"{first.span}: " if first.span else ""
    text = f"{where}there is a pip section, and nothing brings Python to {request.conda.platform}"
    return UnsatisfiableError(
        text, reasons={request.conda.platform: text}, hints=["add `- python` and `- pip` to the dependencies"]
    )


def find_refusals(
    request: JointRequest,
    options: SolveOptions,
    refused: Mapping[tuple[Demand, ...], str],
    *,
    blame: bool,
) -> tuple[Refusal, ...]:
    """Return what conda could not give, with the fewest specs of the file that exclude each demand.

    Parameters
    ----------
    request : JointRequest
        The platform.
    options : SolveOptions
        Of the conda half.
    refused : mapping of tuple of Demand to str
        What was demanded, and what the solver said of it.
    blame : bool
        Whether the specs are looked for, which takes solving.
    """
    found = []
    for demands, reason in refused.items():
        core, proven = _core(request, options, demands) if blame else ((), False)
        asked = tuple(demand.spec for demand in demands)
        found.append(Refusal(demands=asked, specs=core if proven else (), reason=reason))
    return tuple(found)


def no_agreement(request: JointRequest, failure: JointFailure) -> UnsatisfiableError:
    """Tell of the first conflict, which is about what conda chose freely, and why conda cannot give way."""
    conflict, refused = failure.conflicts[0], failure.refusals
    lines = [conflict.text]
    lines += [f"  {line.span}: {line}" if line.span else f"  {line}" for line in conflict.requirements]
    lines += [f"  conda brings {one.conda_name} {one.version}" for one in conflict.provided]
    for one in refused:
        lines += _refusal(one)
    # What to ask of conda is no advice where conda has refused it.
    hints = ["change one of these lines"] if refused else list(conflict.hints)
    if not failure.complete:
        lines.append(f"the search was given up after {ATTEMPTS} attempts; there may be an answer")
        hints.append("name the versions that you want in the conda part")
    text = "\n".join(lines)
    return UnsatisfiableError(text, reasons={request.conda.platform: text}, hints=hints)


def _refusal(one: Refusal) -> list[str]:
    """Return why conda has no solution with demands: the fewest specs of the file that exclude them.

    Where these are not found, what the solver says of it.
    """
    wanted = ", ".join(map(_plain, one.demands))
    if not one.specs:
        return [f"conda has no solution with {wanted}:", *(f"  {line}" for line in one.reason.splitlines())]
    who = " and ".join(map(_plain, one.specs))
    verb = "excludes" if len(one.specs) == 1 else "exclude"
    return [f"conda has no solution with {wanted}: in the conda part, {who} {verb} it"]


def _plain(spec: MatchSpec) -> str:
    """Return a spec as people write it, where version and build are all that it says."""
    version = "" if spec.version is None or spec.version.is_any else str(spec.version)
    plain = " ".join(part for part in (spec.name, version, spec.build) if part)
    return plain if spec == MatchSpec.parse(plain) else str(spec)


def _core(
    request: JointRequest, options: SolveOptions, demands: tuple[Demand, ...]
) -> tuple[tuple[MatchSpec, ...], bool]:
    constraints = (*request.conda.constraints, *(demand.spec for demand in demands))
    demanded = tuple(MatchSpec.parse(demand.spec.name) for demand in demands)

    def fails(specs: Sequence[MatchSpec]) -> bool:
        # What is demanded has to be there: a constraint alone says nothing of a package that is not.
        asked = replace(request.conda, specs=(*specs, *demanded), constraints=constraints)
        return isinstance(solve([asked], options)[0].error, UnsatisfiableError)

    return find_core(request.conda.specs, fails, Budget(_CORE_SOLVES))
