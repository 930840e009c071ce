"""Rules on packages that nobody looks after any more, or that go on under another name."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.channels.names import conda_names
from condaenv_tools.errors import InvalidMatchSpecError
from condaenv_tools.model.environment import Dependency, PipItem, PipKind
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import is_virtual, pypi_name
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version
from condaenv_tools.parse.codes.code import INFO, code
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.names_table import RETIRED
from condaenv_tools.rules.record_facts import Look, looks
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_RETIRED = code(
    "CE217",
    INFO,
    "a package that nobody maintains",
    "It will not be made to work with newer Pythons, nor will its faults be mended.",
    "dependencies:\n  - nose\n",
    "dependencies:\n  - pytest\n",
)
_RENAMED = code(
    "CE218",
    INFO,
    "a package that goes on under another name",
    "Its newest release is empty and asks for the other package, which alone will be looked after.",
    "channels: [conda-forge]\ndependencies:\n  - roman-numerals-py\n",
    "channels: [conda-forge]\ndependencies:\n  - roman-numerals\n",
)
#: Bytes; an archive that holds no more than a list of its dependencies is smaller.
_NOTHING = 12_000


def _find_retired(case: Case) -> Iterator[Finding]:
    # A build is that of an export, where nobody has chosen the package.
    items: list[Dependency | PipItem] = [d for d in case.environment.dependencies if not d.spec.build]
    items += [item for item in case.environment.pip if item.kind is PipKind.REQUIREMENT]
    for item in items:
        instead, reason = RETIRED.get(item.name or "", ("", ""))
        if not reason:
            continue
        if isinstance(item, Dependency) and instead:
            instead = str((conda_names(instead) or (instead,))[0])
        hint = f"see whether {instead} will do" if instead else "see whether it is still needed"
        yield case.finding(_RETIRED, reason, item.span, hint=hint)


def _find_renamed(case: Case) -> Iterator[Finding]:
    seen: set[str] = set()
    for look in looks(case):
        if look.item.name in seen:
            continue
        seen.add(look.item.name)
        records = [record for found in look.records.values() for record in found]
        newest = max(records, key=lambda one: (Version.of(one.version), one.build_number), default=None)
        target = _pointed_at(newest) if newest else None
        if newest is None or target is None or not _once_held_something(records, newest):
            continue
        # A package in whose name it is contained (libharfbuzz-devel) is a part of it.
        if pypi_name(newest.name) in pypi_name(target) or _names_target(case, target, look):
            continue
        message = f"{newest.name} {newest.version} is empty and asks for {target}, which goes on in its place"
        yield case.finding(_RENAMED, message, look.item.span, hint=f"write {target}")


def _pointed_at(record: PackageRecord) -> str | None:
    """Return the one package, in the very same version, that an empty package asks for."""
    if record.size is None or record.size > _NOTHING:
        return None
    specs = []
    for text in record.depends:
        try:
            spec = MatchSpec.parse(text)
        except InvalidMatchSpecError:
            return None
        if not is_virtual(spec.name) and spec.name not in {"python", "python_abi"}:
            specs.append(spec)
    if len(specs) != 1 or specs[0].version is None or not specs[0].version.matches(record.version):
        return None
    # A condition that other releases fulfil as well is that of an ordinary dependency.
    return specs[0].name if not specs[0].version.matches(f"{record.version}.9999") else None


def _once_held_something(records: list[PackageRecord], newest: PackageRecord) -> bool:
    """Say whether an older release was a package of its own; an alias has always been empty."""
    older = [one for one in records if Version.of(one.version) < Version.of(newest.version)]
    return any(_pointed_at(one) is None and one.size is not None and one.size > _NOTHING for one in older)


def _names_target(case: Case, target: str, look: Look) -> bool:
    return any(item.name == target and item is not look.item for item in case.environment.dependencies)


RULES: tuple[Rule, ...] = (
    Rule(code=_RETIRED, find=_find_retired),
    Rule(code=_RENAMED, find=_find_renamed, needs_records=True),
)
