"""The requirements of the files, line by line, and what is locked for lines that are gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from condaenv_tools.errors import InvalidMatchSpecError
from condaenv_tools.lock.build import reachable_names
from condaenv_tools.lock.currency.values import Reason
from condaenv_tools.lock.rules import graph
from condaenv_tools.lock.rules.case import Case
from condaenv_tools.model.lock import Root
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import is_virtual, pypi_name
from condaenv_tools.model.spec_words import plain_spec

__all__ = ["leftover_reasons", "requirement_reasons", "root_key"]


def root_key(root: Root) -> tuple[str, str]:
    """Return by what the lines of one package are known: manager and name."""
    return root.manager, pypi_name(root.name) if root.manager == "pip" else root.name


def requirement_reasons(case: Case) -> Iterator[Reason]:
    """Find lines of the files that nothing in the lock satisfies; the rule `roots` decides."""
    known = {root_key(root) for root in case.part.roots or ()}
    there = {f"{package.manager}:{package.name}" for package in case.part.packages}
    there |= {f"pip:{name}" for name in case.owned}
    for root in case.roots or ():
        message = graph.root_unmet(case, root)
        if not message:
            continue
        message = _without_builds(case, root) or message
        key = root_key(root)
        is_new = key not in known if case.part.roots is not None else ":".join(key) not in there
        yield Reason(
            code=f"{'spec' if root.manager == 'conda' else 'pip'}-{'added' if is_new else 'changed'}",
            platform=case.part.platform,
            text=plain_spec(root.spec),
            message=f"{root.source} asks for {plain_spec(root.spec)}, and {message}",
            source=root.source,
            package=root.name,
        )


def _without_builds(case: Case, root: Root) -> str:
    """Say what is locked without its build where only a version was asked for: the same on all platforms."""
    found = case.by_name.get(root.name, ()) if root.manager == "conda" else ()
    if not found:
        return ""
    try:
        spec = MatchSpec.parse(root.spec)
    except InvalidMatchSpecError:
        return ""
    if spec != MatchSpec(name=spec.name, version=spec.version):
        return ""
    has = "the machine that it was made for" if is_virtual(root.name) else "the lock"
    return f"{has} has {' and '.join(f'{one.name} {one.version}' for one in found)}"


def leftover_reasons(case: Case) -> Iterator[Reason]:
    """Find packages that nothing asks for any more, by the line that went; the rule `reachable` decides."""
    if not case.knows_needs:
        return
    needs = graph.needs_of(case)
    needed = reachable_names(graph.starts_of(case, case.roots or ()), needs)
    rest = {f"{p.manager}:{p.name}": p.record.version for p in case.part.packages}
    rest = {node: version for node, version in rest.items() if node not in needed}
    if not rest:
        return
    if case.part.roots is not None:
        asked = {root_key(root) for root in case.roots or ()}
        for root in case.part.roots:
            if root_key(root) not in asked:
                yield from _of_line(case, root, needs, rest)
    code = "spec" if case.part.roots is None else ""
    yield from _alone(case, needs, rest, code)


def _of_line(
    case: Case, root: Root, needs: Mapping[str, Sequence[str]], rest: dict[str, str]
) -> Iterator[Reason]:
    """Take out of `rest` what was there for a line that is gone."""
    found = reachable_names(graph.starts_of(case, [root]), needs) & rest.keys()
    if not found:
        return
    for node in found:
        del rest[node]
    yield Reason(
        code="pip-removed" if root.manager == "pip" else "spec-removed",
        platform=case.part.platform,
        text=plain_spec(root.spec),
        message=f"the files no longer ask for {plain_spec(root.spec)} ({root.source}), and {_listed(found)} "
        f"{'is' if len(found) == 1 else 'are'} locked for it alone",
        package=root.name,
    )


def _alone(
    case: Case, needs: Mapping[str, Sequence[str]], rest: Mapping[str, str], code: str
) -> Iterator[Reason]:
    """Tell of packages that no line explains, by those that no other of them needs."""
    left = set(rest)
    while left:
        inner = {target for node in left for target in needs.get(node, ()) if target != node}
        # What is left may hang on cycles alone; then the first by name begins.
        tops = sorted(left - inner) or [min(left)]
        for top in tops:
            found = reachable_names([top], needs) & left
            if top not in left:
                continue
            left -= found
            manager, _, name = top.partition(":")
            kind = {"spec": "pip-removed" if manager == "pip" else "spec-removed"}.get(code, "not-needed")
            more = f", nor for {_listed(found - {top})}, which it needs" if len(found) > 1 else ""
            yield Reason(
                code=kind,
                platform=case.part.platform,
                text=name,
                message=f"nothing asks for {name} {rest[top]}{more}",
                package=name,
            )


def _listed(nodes: set[str]) -> str:
    names = sorted(node.partition(":")[2] for node in nodes)
    if len(names) > 6:
        return f"{', '.join(names[:5])} and {len(names) - 5} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
