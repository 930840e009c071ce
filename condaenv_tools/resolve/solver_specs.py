"""MatchSpecs for the engine: the records that match are those that conda means.

Only this module writes specs for py-rattler. It always hands over objects: plain strings are parsed strictly
by the solver, which refuses much of what conda accepts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.version_spec import AllOf, Clause, Node, Operator

if TYPE_CHECKING:
    import rattler

__all__ = ["needs_versions", "to_solver_spec"]

#: Asks for what no version is: nothing comes before the development releases of zero.
_NOTHING = "<0.dev"

_ENGINE_FIELDS = {
    "build": "build",
    "build_number": "build_number",
    "subdir": "subdir",
    "fn": "fn",
    "url": "url",
    "md5": "md5",
    "sha256": "sha256",
    "license": "license",
    "when": "when",
}


def needs_versions(spec: MatchSpec) -> bool:
    """Say whether the engine's grammar cannot say what `spec` asks of the version.

    That is so for regular expressions, for a glob that is not at the end, and for a glob behind ``<`` or ``>``.
    Such a spec becomes a choice of exact versions: those that exist and match.
    """
    return spec.version is not None and any(_is_beyond(clause) for clause in spec.version.clauses())


def _is_beyond(clause: Clause) -> bool:
    return clause.operator is Operator.PATTERN or (clause.version is not None and "*" in clause.version.text)


def to_solver_spec(
    spec: MatchSpec,
    *,
    channel_url: str | None = None,
    versions: Iterable[str] | None = None,
    spell_out: bool = False,
) -> rattler.MatchSpec:
    """Return the engine's form of a spec.

    Parameters
    ----------
    spec : MatchSpec
        What is asked.
    channel_url : str, optional
        The place from which the engine reads the spec's channel; needed where `spec.channel` is set.
    versions : iterable of str, optional
        The versions that exist; needed where `needs_versions` says so.
    spell_out : bool
        Say the version as a choice of those that exist, whether that is needed or not.

    Raises
    ------
    UnsupportedError
        The spec names no package: a pattern can be searched for and not installed.
    """
    import rattler  # noqa: PLC0415 - heavy, and only needed to solve

    if spec.has_name_pattern:
        raise UnsupportedError(
            f"{spec} names no package: a pattern can be searched for, not installed",
            hints=["write the whole name of each package"],
        )
    text = spec.name if channel_url is None else f"{channel_url}::{spec.name}"
    fields = []
    version = _version_text(spec, versions, spell_out=spell_out)
    if version:
        fields.append(f'version="{version}"')
    for ours, theirs in _ENGINE_FIELDS.items():
        value = getattr(spec, ours)
        if value is not None and value != "*":
            fields.append(f"{theirs}={_quoted(value)}")
    fields += [
        f"{name}=[{','.join(getattr(spec, name))}]" for name in ("extras", "flags") if getattr(spec, name)
    ]
    return rattler.MatchSpec(f"{text}[{', '.join(fields)}]" if fields else text)


def _quoted(value: str) -> str:
    return f"'{value}'" if '"' in value else f'"{value}"'


def _version_text(spec: MatchSpec, versions: Iterable[str] | None, *, spell_out: bool) -> str:
    if spec.version is None or spec.version.is_any:
        return ""
    if not spell_out and not needs_versions(spec):
        return _node(spec.version.root)
    fitting = sorted({v for v in versions or () if spec.version.matches(v)})
    return "|".join(f"=={version}" for version in fitting) or _NOTHING


def _node(node: Node) -> str:
    if isinstance(node, Clause):
        return _clause(node)
    sign = "," if isinstance(node, AllOf) else "|"
    return sign.join(_node(part) if isinstance(part, Clause) else f"({_node(part)})" for part in node.parts)


def _clause(clause: Clause) -> str:
    if clause.operator is Operator.ANY:
        return "*"
    assert clause.version is not None
    bound = clause.version.text
    match clause.operator:
        case Operator.STARTS_WITH:
            return f"{bound}.*"
        case Operator.NOT_STARTS_WITH:
            return f"!={bound}.*"
        case Operator.COMPATIBLE if "." not in bound:
            return f">={bound}"
        case _:
            return f"{clause.operator.value}{bound}"
