"""Rules on what needs what: depends, constrains, roots, reachable."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator

from condaenv_tools.lock.build import dependency_name, reachable_names
from condaenv_tools.lock.rules.case import Case
from condaenv_tools.model.finding import Fault
from condaenv_tools.model.lock import Root
from condaenv_tools.model.names import is_virtual, pypi_name
from condaenv_tools.model.pip_line import read_pip_line
from condaenv_tools.model.record import PackageRecord

__all__ = ["constrains", "depends", "needs_of", "reachable", "root_unmet", "roots", "starts_of", "within"]


def depends(case: Case) -> Iterator[Fault]:
    """Find requirements of locked packages that no locked or virtual package meets."""
    for record in case.part.records:
        for spec in case.depends(record):
            name = dependency_name(spec)
            met = case.meeting(spec, name)
            if met is False and is_virtual(name) and case.is_guess(name):
                case.doubts.setdefault(name, []).append(f"{record.name} ({spec})")
            elif not met:
                yield case.fault(
                    "depends", record.name, _unmet(case, record, spec, name, readable=met is not None)
                )
    if case.pip or case.extra_needs:
        yield from _pip_depends(case)


def _pip_depends(case: Case) -> Iterator[Fault]:
    known = case.owned
    versions = {**case.provided, **{r.name: r.version for r in case.pip}}
    unknown = {r.name for r in case.pip if not r.has_version}
    needs = [
        (pip.name, f"{pip.name} {pip.version}", name, specifier)
        for pip in case.pip
        for name, specifier in pip.requires
    ]
    needs += [(one.name, f"{one.name}[{one.extra}]", one.wanted, one.specifier) for one in case.extra_needs]
    for parent, who, name, specifier in needs:
        wanted = pypi_name(name)
        version = versions.get(wanted) or (known[wanted].version if wanted in known else None)
        if version is None:
            message = f"{who} needs {name}, and the lock has none"
        elif wanted not in unknown and not within(version, specifier):
            message = f"{who} needs {name} {specifier}, and the lock has {version}"
        else:
            continue
        yield case.fault("depends", parent, message)


def _unmet(case: Case, record: PackageRecord, spec: str, name: str, *, readable: bool) -> str:
    if not readable:
        return f"{record} needs {spec!r}, which is not a MatchSpec"
    found = case.by_name.get(name)
    if is_virtual(name):
        there = (
            f"the machine is taken to have {found[0].version}"
            if found
            else "the machine is not taken to have it"
        )
        return f"{record} needs {spec}, and {there}"
    return f"{record} needs {spec}, and the lock has {_listed(found) if found else 'none'}"


def _listed(records: list[PackageRecord]) -> str:
    return " and ".join(str(record) for record in records)


def constrains(case: Case) -> Iterator[Fault]:
    """Find packages that another one forbids."""
    for record in case.part.records:
        for spec in case.constrains(record):
            name = dependency_name(spec)
            if name in case.by_name and case.meeting(spec, name) is False:
                found = _listed(case.by_name[name])
                yield case.fault(
                    "constrains", record.name, f"{record} allows only {spec}, and there is {found}"
                )


def roots(case: Case) -> Iterator[Fault]:
    """Find requirements of the files that nothing in the lock meets."""
    for root in case.roots or ():
        message = root_unmet(case, root)
        if message:
            yield case.fault("roots", root.name, f"{root.source} asks for {root.spec}, and {message}")


def root_unmet(case: Case, root: Root) -> str:
    """Return why nothing in the lock meets a requirement of the files; empty where something does."""
    return _pip_unmet(case, root) if root.manager == "pip" else _root_unmet(case, root)


def _root_unmet(case: Case, root: Root) -> str:
    met = case.meeting(root.spec, root.name) or case.may_meet(root.spec)
    if met:
        return ""
    if met is None:
        return "that is not a MatchSpec"
    found = case.by_name.get(root.name)
    return f"the lock has {_listed(found) if found else 'none'}"


def _pip_unmet(case: Case, root: Root) -> str:
    name = pypi_name(root.name)
    archives = [r for r in case.pip if r.name == name]
    versions = [r.version for r in archives]
    if name in case.owned:
        versions.append(case.owned[name].version)
    if not versions:
        return "the lock has none"
    # Of a bare URL or path, that the distribution is there is all that can be said.
    wanted = read_pip_line(root.spec).details
    known = all(r.has_version for r in archives)
    if known and not any(within(v, wanted.specifier) for v in versions):
        return f"the lock has {' and '.join(versions)}"
    hashes = {digest.lower() for digest in wanted.hashes if digest.startswith("sha256:")}
    wrong = [r.sha256 for r in archives if hashes and r.sha256 and f"sha256:{r.sha256.lower()}" not in hashes]
    return f"the lock has a file of another sha256, {wrong[0]}" if wrong else ""


def within(version: str, specifier: str) -> bool:
    """Say whether a version of a distribution is one that a specifier allows; what cannot be read allows it."""
    if specifier in {"", "*"}:
        return True
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - pip sections only
    from packaging.version import InvalidVersion  # noqa: PLC0415

    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return True  # conda-lock writes specifiers of poetry's making; what cannot be read accuses nobody


def reachable(case: Case) -> Iterator[Fault]:
    """Find packages that no root needs, directly or through others, where it is known what each needs."""
    if case.roots is None or not case.knows_needs:
        return
    needs = needs_of(case)
    seen = reachable_names(starts_of(case, case.roots), needs)
    for package in case.part.packages:
        if f"{package.manager}:{package.name}" not in seen:
            message = f"{package.name} {package.record.version} is needed by nothing that was asked for"
            yield case.fault("reachable", package.name, message)


def needs_of(case: Case) -> dict[str, list[str]]:
    """Return what each package leads to, by ``conda:NAME`` and ``pip:NAME``; a distribution to who brings it."""
    needs: dict[str, list[str]] = {
        f"conda:{record.name}": [f"conda:{dependency_name(spec)}" for spec in case.depends(record)]
        for record in case.part.records
    }
    # conda and mamba add pip to whatever has Python, without a word of it in any record.
    if "conda:python" in needs:
        needs["conda:python"].append("conda:pip")
    with_pip = bool(case.pip) or any(root.manager == "pip" for root in case.roots or ())
    for name, record in case.owned.items() if with_pip else ():
        # A distribution that pip asks for may come from conda.
        needs.setdefault(f"pip:{name}", []).append(f"conda:{record.name}")
    of_pip = [(pip.name, [name for name, _ in pip.requires]) for pip in case.pip]
    # The extras of what conda brings are pip's business.
    for parent, names in [*of_pip, *((one.name, [one.wanted]) for one in case.extra_needs)]:
        needs.setdefault(f"pip:{parent}", []).extend(f"pip:{pypi_name(name)}" for name in names)
    return needs


def starts_of(case: Case, roots: Iterable[Root]) -> list[str]:
    """Return where the search for what is needed begins."""
    asked = tuple(roots)
    starts = [f"pip:{pypi_name(root.name)}" for root in asked if root.manager == "pip"]
    # A line such as ./app names no distribution; what came from an address was asked for by it.
    starts += [f"pip:{pip.name}" for pip in case.pip if pip.source is not None]
    for root in asked:
        if root.manager == "conda":
            names = fnmatch.filter(case.by_name, root.name) if "*" in root.name else [root.name]
            starts += [f"conda:{name}" for name in names]
    if case.pip:
        starts.append("conda:pip")
    return starts
