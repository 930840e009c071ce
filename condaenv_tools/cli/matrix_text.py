"""A matrix of what goes with a package: as tables for a terminal, and as the JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from condaenv_tools.conflicts.frameworks.bounds import versions_text
from condaenv_tools.conflicts.frameworks.matrix import Matrix, Release
from condaenv_tools.conflicts.frameworks.names import DRIVER, FRAMEWORKS, NUMPY
from condaenv_tools.conflicts.frameworks.needs import Needs
from condaenv_tools.conflicts.frameworks.pythons import pythons_text
from condaenv_tools.conflicts.frameworks.rows import MatrixTable, matrix_tables
from condaenv_tools.rules.record_facts import joined

__all__ = ["matrix_document", "matrix_text"]

#: What a column means, where its name does not say it.
_MEANINGS = {
    "CUDA": "CUDA: what cuda-version, cudatoolkit or the build itself says; no: a build without CUDA",
    "driver": "driver: the CUDA version that the driver must have",
}


def matrix_text(matrix: Matrix, *, every: bool = False) -> str:
    """Return a matrix for a terminal: platforms that do not differ once, the newest release first."""
    tables = matrix_tables(matrix, every=every)
    lines = [f"{matrix.name} and what goes with it, by the records of {joined(matrix.channels)}."]
    for table in tables:
        lines += ["", f"{joined(table.platforms)}:", "", *_aligned(table)]
        if table.left_out:
            many = f"{table.left_out} older release{'' if table.left_out == 1 else 's'}"
            lines += [f"  … and {many}: --all shows every release"]
    lines += _lacking(matrix)
    told = [_MEANINGS[name] for name in tables[0].columns if name in _MEANINGS] if tables else []
    return "\n".join([*lines, *([""] if told else []), *told, ""])


def _lacking(matrix: Matrix) -> list[str]:
    """Return what cannot be had, and where."""
    lines = []
    without = [one.platform for one in matrix.platforms if not one.releases]
    if without:
        lines.append(f"No channel has {matrix.name} for {joined(without, 'or')}.")
    for one in matrix.platforms:
        left_out = [release for release in one.releases if not release.needs]
        if left_out:
            names = joined(sorted({name for release in left_out for name in release.lacking}), "or")
            which = f"{versions_text(release.version for release in left_out)} cannot be had"
            if len(left_out) == len(one.releases):
                which = "no release can be had"
            verb = "it asks" if len(left_out) == 1 else "they ask"
            lines.append(f"On {one.platform} {which}: no channel has the {names} that {verb} for.")
    return ["", *lines] if lines else []


def _aligned(table: MatrixTable) -> list[str]:
    widths = [max(map(len, column)) for column in zip(table.columns, *table.rows, strict=True)]
    return [
        "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (table.columns, *table.rows)
    ]


def matrix_document(matrix: Matrix) -> dict[str, object]:
    """Return all of a matrix as JSON: every release, and each kind of build with the Pythons that it is for.

    `cuda` is what the evidence says, False for a build without CUDA, and null where nothing says it.
    """
    return {
        "matrix": {
            "name": matrix.name,
            "channels": list(matrix.channels),
            "platforms": {
                one.platform.value: [_release(release) for release in one.releases]
                for one in matrix.platforms
            },
        }
    }


def _release(release: Release) -> dict[str, object]:
    kinds: dict[Needs, list[Needs]] = {}
    for needs in release.needs:
        kinds.setdefault(replace(needs, pythons=None), []).append(needs)
    return {
        "version": str(release.version),
        "channel": release.channel,
        "builds": release.builds,
        "kinds": [_kind(kind, found) for kind, found in kinds.items()],
        "lacking": list(release.lacking),
        "taken_by": {name: list(map(str, versions)) for name, versions in release.guests},
    }


def _kind(kind: Needs, found: Sequence[Needs]) -> dict[str, object]:
    minors = frozenset[tuple[int, int]]().union(*(needs.pythons or () for needs in found))
    driver, numpy = kind.spec(DRIVER), kind.spec(NUMPY)
    return {
        "python": pythons_text(minors) if minors else None,
        "free_threaded": kind.free_threaded,
        "cuda": _proof(kind, "cuda") or (None if kind.cuda is None else kind.cuda),
        "cudnn": _proof(kind, "cudnn"),
        "driver": None if driver is None else str(driver),
        "numpy": None if numpy is None else str(numpy),
        "frameworks": {name: str(spec) for name, spec in kind.specs if name in FRAMEWORKS},
    }


def _proof(needs: Needs, name: str) -> dict[str, str] | None:
    proof = needs.proof(name)
    return None if proof is None else {"spec": str(proof[1]), "evidence": proof[0]}
