"""Rules on names that belong to another ecosystem, or to nobody."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from condaenv_tools.channels.names import conda_names, is_conda_forge_name, pypi_names
from condaenv_tools.model.edit import Fix
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.names import is_virtual, pypi_name
from condaenv_tools.parse.codes.code import ERROR, INFO, WARNING, code
from condaenv_tools.rules import names_pip, names_retired, names_together
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.names_table import IMPORT_NAMES, MEANT_ON_CONDA_FORGE
from condaenv_tools.rules.nearest import nearest_names
from condaenv_tools.rules.one_system import SELECTORS, named_systems, systems_of
from condaenv_tools.rules.record_facts import asked, channels_of, has_name, joined, where
from condaenv_tools.rules.rule import Rule
from condaenv_tools.rules.written import fix_of, take_apart

__all__ = ["RULES"]

_FOREIGN = code(
    "CE210",
    WARNING,
    "a name of PyPI or of a module",
    "conda's channels name many packages otherwise than PyPI does or Python imports them.",
    "channels: [conda-forge]\ndependencies:\n  - torch\n",
    "channels: [conda-forge]\ndependencies:\n  - pytorch\n",
)
_UNKNOWN = code(
    "CE211",
    ERROR,
    "a name that no channel has",
    "conda refuses the whole file for one name that its channels do not have. Where no channel is asked, "
    "a recorded list of conda-forge's names is, and the finding is a warning.",
    "channels: [conda-forge]\ndependencies:\n  - nunpy\n",
    "channels: [conda-forge]\ndependencies:\n  - numpy\n",
)
_UPPER = code(
    "CE212",
    INFO,
    "upper case in the name of a conda package",
    "Names of conda packages are in lower case: tools read this one so, and a search of files does not find it.",
    "dependencies:\n  - PyYAML\n",
    "dependencies:\n  - pyyaml\n",
)
#: A shorter name resembles too many others.
_LONG_ENOUGH = 5
#: More packages that one channel would have are told as one.
_TOGETHER = 4
#: A file with more names that nobody has is no slip of the pen.
_MOST_LOOKED_FOR = 50
#: So many channels or packages are named one by one.
_FEW = 3


class _Meant(NamedTuple):
    """The package that is meant, why it has another name, and whether it is the very same project."""

    name: str
    reason: str
    same: bool


def _names_a_package(item: Dependency) -> bool:
    spec = item.spec
    return not spec.has_name_pattern and not is_virtual(spec.name) and spec.url is None


def _is_missing(case: Case, item: Dependency) -> bool:
    """Say whether no channel of the file is known to have a package of the name."""
    if not _names_a_package(item):
        return False
    if case.evidence is None:
        return not is_conda_forge_name(item.name) and _channels(case, item) <= {"conda-forge", "defaults"}
    platforms = asked(case, item)
    return bool(platforms) and not any(has_name(case, platform, item.name) for platform in platforms)


def _channels(case: Case, item: Dependency) -> frozenset[str]:
    return channels_of(
        [item.spec.channel] if item.spec.channel else [c.text for c in case.environment.channels]
    )


def _find_foreign(case: Case) -> Iterator[Finding]:
    lines = {item.name: item.span.line for item in reversed(case.environment.dependencies)}
    in_pip = {item.name for item in case.environment.pip if item.name}
    for item in case.environment.dependencies:
        if not _is_missing(case, item) or (meant := _meant(item.name)) is None:
            continue
        if case.evidence is not None and not _is_there(case, item, meant.name):
            continue
        message = f"conda-forge has no package {item.name}: {meant.reason}"
        severity = None
        if case.evidence is not None:
            message, severity = f"{_nobody_has(case, item)}: {meant.reason}", ERROR
        hint, fix = f"write {meant.name}", None
        if meant.name in lines:
            hint = f"remove the line: {meant.name} stands in line {lines[meant.name]}"
        elif meant.same and in_pip.isdisjoint(pypi_names(meant.name) or ()):
            # What pip installs as well would be in both halves.
            fix = _rename(case, item, meant.name)
        yield case.finding(_FOREIGN, message, item.span, hint=hint, severity=severity, fix=fix)


@lru_cache(maxsize=1024)
def _meant(name: str) -> _Meant | None:
    """Return the package that is meant by a name of another ecosystem."""
    if name in MEANT_ON_CONDA_FORGE:
        return _Meant(*MEANT_ON_CONDA_FORGE[name], same=False)
    if name in IMPORT_NAMES:
        instead = IMPORT_NAMES[name]
        reason = f"{name} is what Python imports; the package is {instead}"
        return _Meant(instead, reason, same=pypi_names(instead) == (instead,))
    found = conda_names(name)
    if found is None or is_conda_forge_name(name):
        return None
    instead = found[0]
    one, other = pypi_name(name), pypi_name(instead)
    if one == other:
        return _Meant(instead, f"conda-forge writes {instead}", same=True)
    # Where one name holds the other, or a package holds this distribution alone, it is that distribution.
    related = one in other or other in one
    alone = pypi_names(instead) == (one,)
    if not related and not alone:
        return None
    reason = f"{name} is a PyPI name; conda-forge has it as {instead}"
    return _Meant(instead, reason, same=related and alone)


def _is_there(case: Case, item: Dependency, name: str) -> bool:
    return any(has_name(case, platform, name) for platform in asked(case, item))


def _rename(case: Case, item: Dependency, name: str) -> Fix | None:
    """Return the fix that writes another name of the same project before the version that stands there."""
    parts = take_apart(item.text, item.spec)
    # A local version is that of a wheel.
    if parts is None or "+" in item.text or item.spec.build:
        return None
    if case.evidence is not None and item.spec.version is not None and not _has_version(case, item, name):
        return None
    return fix_of(case, item, f"write {name}", parts.name.place, name)


def _has_version(case: Case, item: Dependency, name: str) -> bool:
    version = item.spec.version
    assert case.evidence is not None
    assert version is not None
    return all(
        any(version.matches(record.version) for record in case.evidence.records(platform, name))
        for platform in asked(case, item)
    )


def _find_unknown(case: Case) -> Iterator[Finding]:
    unknown = [
        item
        for item in case.environment.dependencies
        if _is_missing(case, item) and not _told_as_foreign(case, item)
    ]
    if case.evidence is None:
        for number, item in enumerate(unknown):
            yield from _tell_unrecorded(case, item, look_around=number < _MOST_LOOKED_FOR)
        return
    # A channel that was forgotten is one fault, however many packages it would have.
    forgotten = [item for item in unknown if _lacks_conda_forge(case, item)]
    if len(forgotten) > _TOGETHER:
        yield _tell_forgotten(case, forgotten)
        unknown = [item for item in unknown if not _lacks_conda_forge(case, item)]
    for number, item in enumerate(unknown):
        yield _tell_unknown(case, item, look_around=number < _MOST_LOOKED_FOR)


def _told_as_foreign(case: Case, item: Dependency) -> bool:
    meant = _meant(item.name)
    return meant is not None and (case.evidence is None or _is_there(case, item, meant.name))


def _lacks_conda_forge(case: Case, item: Dependency) -> bool:
    known = channels_of(_evidence_channels(case))
    return item.spec.channel is None and is_conda_forge_name(item.name) and "conda-forge" not in known


def _nobody_has(case: Case, item: Dependency) -> str:
    """Say which channels lack a name, and where."""
    channels = sorted(channels_of([item.spec.channel] if item.spec.channel else _evidence_channels(case)))
    there = where(case, item, asked(case, item))
    if len(channels) > _FEW:
        return f"none of the {len(channels)} channels has a package {item.name}{there}"
    return f"{joined(channels)} {'has' if len(channels) == 1 else 'have'} no package {item.name}{there}"


def _evidence_channels(case: Case) -> list[str]:
    return [] if case.evidence is None else [channel.name for channel in case.evidence.channels]


def _tell_forgotten(case: Case, items: list[Dependency]) -> Finding:
    names = [item.name for item in items]
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    channels = joined(sorted(channels_of(_evidence_channels(case))))
    message = f"{len(names)} packages are not in {channels}: {', '.join(names[:_FEW])}{more}"
    return case.finding(
        _UNKNOWN, message, items[0].span, hint="add conda-forge to the channels, which has them"
    )


def _tell_unknown(case: Case, item: Dependency, *, look_around: bool) -> Finding:
    assert case.evidence is not None
    elsewhere = [p for p in case.evidence.platforms if has_name(case, p, item.name)]
    message = _nobody_has(case, item)
    if elsewhere:
        message += f"; it is there for {joined(elsewhere)}"
        return case.finding(_UNKNOWN, message, item.span, hint="correct the selector, or remove the line")
    if _lacks_conda_forge(case, item):
        return case.finding(
            _UNKNOWN, message, item.span, hint="add conda-forge to the channels, which has it"
        )
    systems = systems_of(item.name)
    if systems is not None and systems.isdisjoint(platform.os for platform in asked(case, item)):
        message += f": it exists on {named_systems(systems)} alone"
        hint = f"remove the line, or let it count there alone (# [{SELECTORS[systems]}])"
        return case.finding(_UNKNOWN, message, item.span, hint=hint)
    if is_conda_forge_name(item.name):
        hint = (
            "conda-forge has had it, perhaps for another platform; or what was read is a part of the channel"
        )
        return case.finding(_UNKNOWN, message, item.span, hint=hint)
    known = [case.evidence.names(platform) for platform in asked(case, item)]
    near = nearest_names(item.name, lambda name: any(name in names for names in known)) if look_around else ()
    return case.finding(_UNKNOWN, message, item.span, hint=_hint(case, item, near))


def _tell_unrecorded(case: Case, item: Dependency, *, look_around: bool) -> Iterator[Finding]:
    near = nearest_names(item.name, is_conda_forge_name) if look_around else ()
    message = f"conda-forge had no package {item.name} when its names were recorded"
    if _channels(case, item) != {"conda-forge"}:
        # The names of the defaults are not recorded: only what looks like a slip is told.
        if not near or len(item.name) < _LONG_ENOUGH:
            return
        message += ", and the name looks like a slip"
    elif not near:
        message += "; a newer package is not known here"
    hint = _hint(case, item, near)
    yield case.finding(_UNKNOWN, message, item.span, hint=hint, severity=Severity.WARNING)


def _hint(case: Case, item: Dependency, near: tuple[str, ...]) -> str:
    if near:
        return f"did you mean {joined(near, 'or')}?"
    if item.name in sys.stdlib_module_names:
        return "remove the line: it is a part of Python"
    bio = not any("bioconda" in channel.text for channel in case.environment.channels)
    if item.name.startswith("bioconductor-") and bio:
        return "add the channel bioconda, which has such packages"
    if item.name.startswith(("r-", "bioconductor-")):
        return "add the channel that has it"
    return "add the channel that has it, or move the line to the pip section if it is a PyPI package"


def _find_upper(case: Case) -> Iterator[Finding]:
    for item in case.environment.dependencies:
        parts = None if item.text.islower() else take_apart(item.text, item.spec)
        if parts is None or parts.name.text == item.name:
            continue
        message = f"conda packages have names in lower case: {parts.name.text} is {item.name}"
        fix = fix_of(case, item, f"write {item.name}", parts.name.place, item.name)
        yield case.finding(_UPPER, message, item.span, hint=f"write {item.name}", fix=fix)


RULES: tuple[Rule, ...] = (
    Rule(code=_FOREIGN, find=_find_foreign),
    Rule(code=_UNKNOWN, find=_find_unknown),
    Rule(code=_UPPER, find=_find_upper),
    *names_pip.RULES,
    *names_together.RULES,
    *names_retired.RULES,
)
