"""The JSON documents of `condaenv explain --json` and `condaenv fix --json`."""

from __future__ import annotations

from condaenv_tools.conflicts.corrections import Correction
from condaenv_tools.conflicts.explain import Conflict
from condaenv_tools.jobs.correct_file import CorrectedFile
from condaenv_tools.jobs.explain_files import Explanation, PlatformExplanation
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["corrected_document", "explanation_document"]


def explanation_document(found: Explanation) -> dict[str, object]:
    """Return all of an explanation, by platform.

    A core has the key `minimal` only where it is not proven to be, and a platform `text` only where the pip
    section is to blame.
    """
    return {"platforms": {one.platform.value: _platform(one, found) for one in found.platforms}}


def _platform(one: PlatformExplanation, found: Explanation) -> dict[str, object]:
    corrections = [] if one.satisfiable else [_correction(c) for c in found.corrections]
    document: dict[str, object] = {
        "satisfiable": one.satisfiable,
        "cores": [_core(conflict) for conflict in one.conflicts],
        "corrections": corrections,
    }
    if one.reason:
        document["text"] = mask_credentials(one.reason)
    return document


def _core(conflict: Conflict) -> dict[str, object]:
    document: dict[str, object] = {
        "specs": [
            {"spec": mask_credentials(str(item)), "path": item.span.path, "line": item.span.line}
            for item in conflict.members
        ],
        "text": mask_credentials(conflict.account.text),
    }
    return document if conflict.core.minimal else {**document, "minimal": False}


def corrected_document(made: CorrectedFile, *, written: bool) -> dict[str, object]:
    """Return what was made of a file: the changes of its lines, none where it can be solved as it is."""
    changed = made.correction is not None
    return {
        "path": made.explanation.paths[0],
        "changes": _correction(made.correction)["changes"] if made.correction else [],
        "verified": True,
        "written": written and changed,
    }


def _correction(correction: Correction) -> dict[str, object]:
    """Return one correction; only what was proven by a solve is one."""
    return {
        "changes": [
            {
                "from": mask_credentials(str(change.item)),
                "to": None if change.to is None else mask_credentials(change.to),
            }
            for change in correction.changes
        ],
        "verified": True,
    }
