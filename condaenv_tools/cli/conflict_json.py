"""The JSON documents of `condaenv explain --json` and `condaenv fix --json`."""

from __future__ import annotations

from condaenv_tools.conflicts.corrections.values import OtherCorrection, in_order
from condaenv_tools.conflicts.ecosystems.either import AnyChange, AnyConflict, AnyCorrection
from condaenv_tools.conflicts.ecosystems.values import Item, JointChange
from condaenv_tools.conflicts.search.cores import Beside
from condaenv_tools.jobs.correct_file import CorrectedFile
from condaenv_tools.jobs.explain_files import Explanation, PlatformExplanation
from condaenv_tools.model.environment import PipItem
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["corrected_document", "explanation_document"]


def explanation_document(found: Explanation) -> dict[str, object]:
    """Return all of an explanation, by platform.

    A core has the key `minimal` only where it is not proven to be, `with` only where something beside the lines is
    to blame, and a platform `text` only where the pip section is. `satisfiable` is null where that did not come
    out in time. `corrections` holds what a reader can do by putting one spec in the place of another;
    what it takes more for, a selector or another channel, is under `other_corrections`, which is only there where
    there is such a thing.
    """
    return {"platforms": {one.platform.value: _platform(one, found) for one in found.platforms}}


def _platform(one: PlatformExplanation, found: Explanation) -> dict[str, object]:
    corrections = [_correction(c) for c in found.corrections if not (one.satisfiable or c.has_selector)]
    others = [] if one.satisfiable else _others(found)
    document: dict[str, object] = {
        "satisfiable": one.satisfiable if one.known else None,
        "cores": [_core(conflict) for conflict in one.conflicts],
        "corrections": corrections,
    }
    if others:
        document["other_corrections"] = others
    if one.reason:
        document["text"] = mask_credentials(one.reason)
    return document


def _core(conflict: AnyConflict) -> dict[str, object]:
    document: dict[str, object] = {
        "specs": [_spec(item) for item in conflict.members],
        "text": mask_credentials(conflict.account.text),
    }
    if conflict.core.beside:
        document["with"] = [_beside(one) for one in conflict.core.beside]
    return document if conflict.core.minimal else {**document, "minimal": False}


def _beside(one: Beside) -> dict[str, object]:
    """Return what is to blame and no line of a file, in the shape of a member."""
    document: dict[str, object] = {"spec": one.spec, "path": None, "line": None, "kind": one.kind}
    return {**document, "instead": one.instead} if one.instead else document


def _spec(item: Item) -> dict[str, object]:
    """Return one line of a core; one of the pip section says so."""
    document: dict[str, object] = {
        "spec": mask_credentials(str(item)),
        "path": item.span.path,
        "line": item.span.line,
    }
    return {**document, "kind": "pip"} if isinstance(item, PipItem) else document


def corrected_document(made: CorrectedFile, *, written: bool) -> dict[str, object]:
    """Return what was made of a file: the changes of its lines, none where it can be solved as it is."""
    one = made.correction
    document: dict[str, object] = {
        "path": made.explanation.paths[0],
        "changes": _correction(one)["changes"]
        if one is not None and not isinstance(one, OtherCorrection)
        else [],
        "verified": True,
        "written": written and one is not None,
    }
    if isinstance(one, OtherCorrection):
        document |= _other(one)
    elif one is not None and one.has_selector:
        document["kind"] = "selector"
    return document


def _correction(correction: AnyCorrection) -> dict[str, object]:
    """Return one correction; only what was proven by a solve is one."""
    return {"changes": [_change(change) for change in correction.changes], "verified": True}


def _change(change: AnyChange) -> dict[str, object]:
    document: dict[str, object] = {
        "from": mask_credentials(str(change.item)),
        "to": None if change.to is None else mask_credentials(change.to),
    }
    if isinstance(change, JointChange) and isinstance(change.item, PipItem):
        document["kind"] = "moved" if change.moved else "pip"
    if change.only_on:
        document["only_on"] = [platform.value for platform in change.only_on]
    return document


def _others(found: Explanation) -> list[dict[str, object]]:
    """Return what is no plain change of lines, each with its number in the list that `fix --number` counts."""
    return [
        _other(one, number)
        if isinstance(one, OtherCorrection)
        else {"kind": "selector", "number": number, **_correction(one)}
        for number, one in enumerate(in_order(found.corrections, found.others), 1)
        if isinstance(one, OtherCorrection) or one.has_selector
    ]


def _other(one: OtherCorrection, number: int | None = None) -> dict[str, object]:
    document: dict[str, object] = {"kind": one.kind.value}
    if number is not None:
        document["number"] = number
    if one.channel:
        document["channel"] = one.channel
    if one.flags:
        document["flags"] = list(one.flags)
    if one.parts:
        document["parts"] = [[mask_credentials(str(item)) for item in part] for part in one.parts]
    return {**document, "changes": [], "verified": True}
