"""`pixi.toml`, and `[tool.pixi]` of a pyproject.toml: conda and PyPI requirements, features, targets."""

from __future__ import annotations

from dataclasses import dataclass

from condaenv_tools.model.finding import Severity
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.inputs.draft import MAIN, Draft
from condaenv_tools.parse.inputs.items import Item
from condaenv_tools.parse.inputs.pixi_specs import conda_text, pypi_text
from condaenv_tools.parse.inputs.project import tell_members
from condaenv_tools.parse.platform_selector import selector_of
from condaenv_tools.parse.report import quoted

__all__ = ["read_pixi"]

#: The words of `target`, with how specific each is; a more specific one takes the place of the others.
_ALL = frozenset(Platform)
_TARGETS: dict[str, tuple[int, frozenset[Platform]]] = {
    **{p.value: (3, frozenset({p})) for p in Platform},
    **{system: (2, frozenset(p for p in Platform if p.os == system)) for system in ("linux", "osx", "win")},
    "macos": (2, frozenset(p for p in Platform if p.os == "osx")),
    "unix": (1, frozenset(p for p in Platform if p.os in {"linux", "osx"})),
}
#: What a feature or a target may hold besides.
_TOLD = {
    "tasks": ("CE137", "tasks are left out"),
    "host-dependencies": ("CE148", "requirements of a build are left out"),
    "build-dependencies": ("CE148", "requirements of a build are left out"),
    "pypi-options": ("CE145", "options for PyPI are left out"),
    "pypi-option": ("CE145", "options for PyPI are left out"),
    "constraints": ("CE145", "constraints are left out"),
    "dependency-overrides": ("CE145", "overrides are left out"),
    "dev": ("CE145", "packages in development are left out"),
}
_IN_TARGET = {"dependencies", "pypi-dependencies", "activation", "system-requirements", *_TOLD}
_IN_FEATURE = {"target", "channels", "platforms", *_IN_TARGET}
_READ = {
    "workspace", "project", "dependencies", "pypi-dependencies", "target", "feature", "environments",
    "activation", "system-requirements", "channels", "platforms", "tool", "schema", "$schema",
}  # fmt: skip
_SETTINGS = (
    "channel-priority", "solve-strategy", "conda-pypi-map", "requires-pixi", "preview", "pypi-options",
    "exclude-newer", "build-variants",
)  # fmt: skip
_VIRTUAL = {
    "cuda": "__cuda",
    "libc": "__glibc",
    "glibc": "__glibc",
    "linux": "__linux",
    "macos": "__osx",
    "osx": "__osx",
    "archspec": "__archspec",
}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One requirement of one table."""

    name: str
    item: Item
    category: str
    rank: int
    platforms: frozenset[Platform]
    is_pypi: bool

    @property
    def key(self) -> tuple[str, str, bool]:
        """What a more specific entry takes the place of."""
        return self.category, self.name.lower(), self.is_pypi


def read_pixi(draft: Draft, root: Item) -> None:
    """Read a manifest of pixi."""
    workspace = root.get("workspace") or root.get("project")
    _read_workspace(draft, workspace)
    machines = _machines(workspace)
    entries = _read_part(draft, root, MAIN, machines)
    for name, feature in draft.table(root.get("feature"), "feature"):
        if draft.table(feature, f"the feature {quoted(name)}"):
            entries += _read_part(draft, feature, name, machines)
            _tell_places(draft, name, feature)
    _add(draft, entries)
    environments = root.get("environments")
    if environments is not None and environments.value:
        message = "environments are combinations of features"
        hint = "choose features with --group, one environment.yml an environment"
        tell_members(draft, "CE145", environments, message, hint=hint)
    for name, item in root.members():
        if name not in _READ and name not in _TOLD:
            draft.tell("CE145", f"the table {quoted(name)} of pixi is left out", item.key)


def _tell_places(draft: Draft, name: str, feature: Item) -> None:
    """Tell of channels and platforms that one feature has and the others have not."""
    known = {item.text for item in draft.channels} | {item.platform.value for item in draft.platforms}
    for key in ("channels", "platforms"):
        part = feature.get(key)
        items = part.elements() if part is not None else ()
        texts = [str(item.value.get("channel", "") if item.is_table else item.value) for item in items]
        if part is None or known.issuperset(texts):
            continue
        message = f"{key} of the feature {quoted(name)} are left out: {', '.join(map(quoted, texts))}"
        hint = "name them with --channel if the feature is taken" if key == "channels" else ""
        severity = Severity.WARNING if key == "channels" else None
        draft.tell("CE145", message, part.key, hint=hint, severity=severity)


def _read_workspace(draft: Draft, item: Item | None) -> None:
    members = dict(draft.table(item, "workspace"))
    name = members.get("name")
    if draft.name is None and name is not None:
        draft.name = draft.text_of(name, "the name of the workspace")
    _read_channels(draft, members.get("channels"))
    _read_platforms(draft, members.get("platforms"))
    for key in _SETTINGS:
        if key in members:
            draft.tell("CE145", f"the setting {quoted(key)} of pixi is left out", members[key].key)


def _read_channels(draft: Draft, item: Item | None) -> None:
    """Read the channels by falling priority; pixi asks no others."""
    if item is not None and not item.is_array:
        draft.wrong(item, "channels", "a list")
    found: list[tuple[int, str, Item]] = []
    for one in item.elements() if item is not None else ():
        named = one.get("channel") if one.is_table else one
        if named is None or not isinstance(named.value, str):
            draft.wrong(one, "a channel", "a text, or a table with `channel`")
            continue
        priority = one.value.get("priority", 0) if one.is_table else 0
        found.append((-priority if isinstance(priority, int) else 0, named.value, named))
    for _, text, named in sorted(found, key=lambda channel: channel[0]):
        draft.channel(text, named.place)


def _read_platforms(draft: Draft, item: Item | None) -> None:
    if item is not None and not item.is_array:
        draft.wrong(item, "platforms", "a list")
    for one in item.elements() if item is not None else ():
        named = one.get("platform") if one.is_table else one
        if named is None or not isinstance(named.value, str):
            draft.wrong(one, "a platform", "a text, or a table with `platform`")
            continue
        draft.platform(named.value, named.place)
        if one.is_table:
            for name, part in one.members():
                if name not in {"platform", "name"}:
                    _tell_machine(draft, name, part, f"on {named.value}")


def _machines(workspace: Item | None) -> frozenset[str]:
    """Return the names that the workspace gives to machines of its own: a platform and what it has."""
    platforms = workspace.get("platforms") if workspace is not None else None
    named = (one.get("name") for one in (platforms.elements() if platforms is not None else ()))
    return frozenset(str(name.value) for name in named if name is not None)


def _tell_target(draft: Draft, word: str, target: Item, machines: frozenset[str]) -> None:
    """Tell of a target that no selector can name."""
    if word not in machines:
        message = f"{quoted(word)} is no platform and no group of platforms that pixi knows"
        draft.tell("CE502", message, target.key, hint="such as linux-64, osx, win or unix")
        return
    names = [
        quoted(name) for key in ("dependencies", "pypi-dependencies") for name, _ in _members(target, key)
    ]
    what = f": {', '.join(names[:8])}" if names else ""
    message = f"what is for the machine {quoted(word)} alone is left out{what}"
    draft.tell(
        "CE139", message, target.key, hint="a selector knows platforms, and not what else a machine has"
    )


def _members(item: Item, key: str) -> list[tuple[str, Item]]:
    found = item.get(key)
    return list(found.members()) if found is not None else []


def _read_part(draft: Draft, part: Item, category: str, machines: frozenset[str]) -> list[_Entry]:
    """Read the root, or a feature, with its targets."""
    if category != MAIN:
        draft.others(part, _IN_FEATURE, f"the feature {quoted(category)}")
    entries = _read_tables(draft, part, category, 0, _ALL)
    for word, target in draft.table(part.get("target"), "target"):
        known = _TARGETS.get(word)
        if known is None:
            _tell_target(draft, word, target, machines)
            continue
        draft.others(target, _IN_TARGET, f"the target {quoted(word)}")
        entries += _read_tables(draft, target, category, *known)
    return entries


def _read_tables(
    draft: Draft, part: Item, category: str, rank: int, platforms: frozenset[Platform]
) -> list[_Entry]:
    found = [
        _Entry(name, item, category, rank, platforms, is_pypi=key == "pypi-dependencies")
        for key in ("dependencies", "pypi-dependencies")
        for name, item in draft.table(part.get(key), key)
    ]
    for key, (code, message) in _TOLD.items():
        tell_members(draft, code, part.get(key), message)
    for name, item in draft.table(part.get("system-requirements"), "system-requirements"):
        _tell_machine(draft, name, item, "")
    _read_activation(draft, part.get("activation"), category, selector_of(platforms))
    return found


def _tell_machine(draft: Draft, name: str, item: Item, where: str) -> None:
    version = item.value.get("version", "") if item.is_table else item.value
    virtual = _VIRTUAL.get(name, f"__{name}")
    message = f"the machine should have {virtual} {version} {where}".rstrip()
    hint = f"hand it to the solver: --virtual-package {virtual}={version}"
    draft.tell("CE139", f"{message}; an environment.yml cannot say so", item.key, hint=hint)


def _read_activation(draft: Draft, item: Item | None, category: str, selector: Selector | None) -> None:
    members = dict(draft.table(item, "activation"))
    tell_members(draft, "CE137", members.get("scripts"), "scripts of the activation are left out")
    for name, value in draft.table(members.get("env"), "activation.env"):
        text = str(value.value) if isinstance(value.value, (str, int, float)) else None
        if text is None:
            draft.wrong(value, f"the variable {quoted(name)}", "a text")
        elif category != MAIN:
            draft.tell(
                "CE145",
                f"the variable {quoted(name)} of the feature {quoted(category)} is left out",
                value.key,
            )
        elif selector is not None:
            draft.tell(
                "CE145",
                f"the variable {quoted(name)} is left out: it is set on some platforms only",
                value.key,
            )
        elif "$" in text:
            message = (
                f"the variable {quoted(name)} is left out: it refers to another, which conda does not read"
            )
            draft.tell("CE145", message, value.key)
        else:
            draft.variable(name, text, value.place)


def _add(draft: Draft, entries: list[_Entry]) -> None:
    """Add what the tables ask for; where tables of one package overlap, the most specific counts."""
    alike: dict[tuple[str, str, bool], list[_Entry]] = {}
    for entry in entries:
        alike.setdefault(entry.key, []).append(entry)
    for entry in entries:
        above = [other for other in alike[entry.key] if other.rank > entry.rank]
        platforms = entry.platforms.difference(*(other.platforms for other in above))
        if not platforms:
            continue
        selector = selector_of(platforms)
        if entry.is_pypi:
            line = pypi_text(draft, entry.name, entry.item)
            if line is not None:
                draft.requirement(line, entry.item.key, category=entry.category, selector=selector)
            continue
        text = conda_text(draft, entry.name, entry.item)
        if text is not None:
            draft.spec(text, entry.item.key, category=entry.category, selector=selector)
