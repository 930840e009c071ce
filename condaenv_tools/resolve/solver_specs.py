"""MatchSpecs for the engine: the records that match are those that conda means.

Only this module writes specs for py-rattler. It always hands over objects: plain strings are parsed strictly
by the solver, which refuses much of what conda accepts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.patterns import is_pattern
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.spec_condition import split_condition
from condaenv_tools.model.version_spec import AllOf, Clause, Node, Operator, VersionSpec

if TYPE_CHECKING:
    import rattler

__all__ = ["needs_records", "needs_versions", "to_plain_spec", "to_solver_spec"]

#: Asks for what no version is: nothing comes before the development releases of zero.
_NOTHING = "<0.dev"

#: What the engine reads and takes no notice of, or reads as something else (it fetches a `url`).
_PASSED_OVER = ("subdir", "fn", "url", "license", "license_family", "features", "track_features")
_HASHES = ("md5", "sha256")


def needs_versions(spec: MatchSpec) -> bool:
    """Say whether the engine's grammar cannot say what `spec` asks of the version.

    That is so for regular expressions, for a glob that is not at the end, and for a glob behind ``<`` or ``>``.
    Such a spec becomes a choice of exact versions: those that exist and match.
    """
    return spec.version is not None and any(_is_beyond(clause) for clause in spec.version.clauses())


def _is_beyond(clause: Clause) -> bool:
    return clause.operator is Operator.PATTERN or (clause.version is not None and "*" in clause.version.text)


def needs_records(spec: MatchSpec) -> bool:
    """Say whether `spec` asks for something that the engine takes no notice of, such as a file name.

    Such a spec becomes one that asks for the same records by version, build and hash.
    """
    return any(getattr(spec, name) for name in _PASSED_OVER) or any(
        is_pattern(getattr(spec, name) or "") for name in _HASHES
    )


def to_plain_spec(spec: MatchSpec, records: Sequence[PackageRecord]) -> MatchSpec:
    """Return a spec that the engine understands, for the same ones of `records`.

    Parameters
    ----------
    spec : MatchSpec
        What is asked.
    records : sequence of PackageRecord
        All records of its name.

    Raises
    ------
    UnsupportedError
        No such spec exists.
    """
    fitting = [record for record in records if spec.matches(record)]
    changes: dict[str, Any] = dict.fromkeys((*_PASSED_OVER, *_HASHES))
    plain = replace(spec, **changes)
    if not fitting:
        return replace(plain, version=VersionSpec.parse(_NOTHING))
    choices = [plain]
    if len(fitting) == 1:
        choices.append(replace(plain, sha256=fitting[0].sha256, md5=fitting[0].md5))
    versions = "|".join(sorted({f"=={record.version}" for record in fitting}))
    builds = "|".join(sorted({re.escape(record.build) for record in fitting}))
    choices.append(replace(plain, version=VersionSpec.parse(versions), build=f"^({builds})$"))
    for choice in choices:
        if [record for record in records if choice.matches(record)] == fitting:
            return choice
    raise UnsupportedError(
        f"{spec} cannot be given to the solver: {len(fitting)} records fit, and nothing that it knows tells "
        "them from the others",
        hints=["ask for a version and a build in its place"],
    )


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
    text = _text(spec, _version_text(spec, versions, spell_out=spell_out))
    return rattler.MatchSpec(text if channel_url is None else f"{channel_url}::{text}")


def _text(spec: MatchSpec, version: str) -> str:
    asked = {"version": version, "build": spec.build, "md5": spec.md5, "sha256": spec.sha256}
    if spec.build_number is not None:
        # A single `=`, as fuzzy as a number can be, is no word of the engine's.
        asked["build_number"] = re.sub(r"^=(?=[0-9])", "==", spec.build_number.replace(" ", ""))
    if spec.when is not None:
        asked["when"] = _condition(spec.when)
    fields = [f"{name}={_quoted(value)}" for name, value in asked.items() if value and value != "*"]
    fields += [
        f"{name}=[{','.join(getattr(spec, name))}]" for name in ("extras", "flags") if getattr(spec, name)
    ]
    return f"{spec.name}[{', '.join(fields)}]" if fields else spec.name


def _condition(text: str) -> str:
    """Return a condition whose specs mean to the engine what they mean to conda."""
    parts = []
    for part, _ in split_condition(text):
        if part not in {"(", ")", "and", "or"}:
            spec = MatchSpec.parse(part)
            part = _text(spec, _version_text(spec, None, spell_out=False)).replace('"', "'")  # noqa: PLW2901
        parts.append(part)
    return " ".join(parts)


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
