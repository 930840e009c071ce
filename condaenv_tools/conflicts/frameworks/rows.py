"""A matrix as rows: builds for one CUDA as one, releases that do not differ as one, and so are platforms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from condaenv_tools.conflicts.frameworks.bounds import bounds_text, hull_text, versions_text
from condaenv_tools.conflicts.frameworks.matrix import Matrix, PlatformMatrix, Release
from condaenv_tools.conflicts.frameworks.names import DRIVER, FRAMEWORKS, GUESTS, NUMPY, PYTHON
from condaenv_tools.conflicts.frameworks.needs import Needs
from condaenv_tools.conflicts.frameworks.pythons import pythons_text
from condaenv_tools.model.channel_places import channel_label
from condaenv_tools.model.html import table
from condaenv_tools.model.platform import Platform

__all__ = ["MatrixTable", "matrix_tables"]

#: Rows of one table up to which a reader looks.
_SHOWN = 24
#: What a cell says where nothing is asked, and where a build is not for CUDA.
_NOTHING, _NO_CUDA = "-", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixTable:
    """The rows of platforms that have the same.

    Attributes
    ----------
    platforms : tuple of Platform
        In the order of the request.
    columns : tuple of str
        The package, Python, CUDA, cuDNN, numpy and what else goes with it: those of which there is something.
    rows : tuple of tuples of str
        The newest release first. Where one has several rows, the first cell of the others is empty.
    left_out : int
        So many older releases are not among the rows.
    """

    platforms: tuple[Platform, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int = 0

    def _repr_html_(self) -> str:
        older = f", and {self.left_out} older releases" if self.left_out else ""
        caption = f"{', '.join(self.platforms)}{older}"
        return table(self.columns, self.rows, caption=caption, limit=max(len(self.rows), 1))


#: The cells of one row behind the version, by column.
_Cells = dict[str, str]


def matrix_tables(matrix: Matrix, *, every: bool = False) -> tuple[MatrixTable, ...]:
    """Return a matrix for people.

    Parameters
    ----------
    matrix : Matrix
        Of `find_matrix`.
    every : bool
        Each release and each kind of build by itself. Otherwise the builds for one CUDA are one row with the
        range of what they ask, neighbours that do not differ are one row, and very old releases are left out.

    Returns
    -------
    tuple of MatrixTable
        One for each group of platforms that have the same rows, in the order of the request; none of a platform
        that lacks the package.
    """
    columns = _columns(matrix)
    groups: dict[tuple[tuple[str, ...], ...], list[Platform]] = {}
    left_out: dict[tuple[tuple[str, ...], ...], int] = {}
    for one in matrix.platforms:
        if not any(release.needs for release in one.releases):
            continue
        blocks = list(_blocks(one, columns, every=every))
        shown = blocks if every else _newest(blocks)
        rows = tuple(row for block in shown for row in block.rows)
        groups.setdefault(rows, []).append(one.platform)
        left_out[rows] = sum(block.releases for block in blocks[len(shown) :])
    return tuple(
        MatrixTable(platforms=tuple(platforms), columns=columns, rows=rows, left_out=left_out[rows])
        for rows, platforms in groups.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    rows: tuple[tuple[str, ...], ...]
    releases: int


def _columns(matrix: Matrix) -> tuple[str, ...]:
    releases = [release for one in matrix.platforms for release in one.releases]
    needs = [one for release in releases for one in release.needs]
    asked = {name for one in needs for name, _ in one.specs}
    given = {name for release in releases for name, _ in release.guests}
    known = {
        "Python": matrix.name != PYTHON and any(one.pythons is not None for one in needs),
        "CUDA": any(one.cuda or one.proof("cuda") for one in needs),
        "driver": any(not spec.is_any for one in needs for name, spec in one.specs if name == DRIVER),
        "cuDNN": any(one.proof("cudnn") for one in needs),
        "numpy": NUMPY in asked,
        **{name: name in asked and name != matrix.name for name in FRAMEWORKS},
    }
    guests = dict.fromkeys(name for release in releases for name, _ in release.guests if name in given)
    channels = ("channel",) if len({release.channel for release in releases}) > 1 else ()
    names = [name for name, there in known.items() if there]
    return (matrix.name, *channels, *names, *(guest for guest in guests if guest not in names))


def _newest(blocks: Sequence[_Block]) -> Sequence[_Block]:
    """Return the first blocks that are looked at; a few more are better than a remark on them."""
    count, number = 0, 0
    for block in blocks:
        if count and count + len(block.rows) > _SHOWN:
            break
        count += len(block.rows)
        number += 1
    rest = sum(len(block.rows) for block in blocks[number:])
    return blocks if rest <= 2 else blocks[:number]


def _blocks(one: PlatformMatrix, columns: Sequence[str], *, every: bool) -> Iterator[_Block]:
    told = [
        (release, tuple(_rows(release, columns, every=every))) for release in one.releases if release.needs
    ]
    # Neighbours are one block only where they lie in one channel, which the cells need not say.
    for _, found in groupby(told, key=lambda pair: (pair[0] if every else pair[0].channel, pair[1])):
        releases, (rows, *_) = zip(*found, strict=True)
        newest, oldest = releases[0].version, releases[-1].version
        first = str(newest) if len(releases) == 1 else f"{oldest} to {newest}"
        yield _Block(
            rows=tuple((first if not number else "", *row) for number, row in enumerate(rows)),
            releases=len(releases),
        )


def _rows(release: Release, columns: Sequence[str], *, every: bool) -> Iterator[tuple[str, ...]]:
    groups: dict[tuple[str, ...], list[Needs]] = {}
    for needs in release.needs:
        key: tuple[str, ...] = (_cuda(needs) if "CUDA" in columns else _NOTHING,)
        if every:
            key = (*key, _proof(needs, "cudnn"), *(f"{name} {spec}" for name, spec in needs.specs))
        groups.setdefault(key, []).append(needs)
    guests = {name: versions_text(versions) for name, versions in release.guests}
    given = GUESTS.get(columns[0], ())
    ordered = sorted(groups.items(), key=lambda pair: (pair[0][0] not in {_NO_CUDA, _NOTHING}, pair[0]))
    for number, (_, found) in enumerate(ordered):
        cells = {**_cells(found), **(guests if not number else {})}
        cells["channel"] = channel_label(release.channel) if not number else ""
        empty = "" if number else _NOTHING
        yield tuple(cells.get(name, empty if name in given else _NOTHING) for name in columns[1:])


def _cells(found: Sequence[Needs]) -> _Cells:
    cells = {"CUDA": _cuda(found[0]), "Python": _pythons(found)}
    cudnn = [proof[1] for needs in found if (proof := needs.proof("cudnn")) is not None]
    if cudnn:
        cells["cuDNN"] = hull_text(cudnn)
    for name in (DRIVER, NUMPY, *FRAMEWORKS):
        specs = [spec for needs in found if (spec := needs.spec(name)) is not None]
        if specs and not (name == DRIVER and all(spec.is_any for spec in specs)):
            cells["driver" if name == DRIVER else name] = hull_text(specs)
    return cells


def _cuda(needs: Needs) -> str:
    proof = needs.proof("cuda")
    if proof is not None:
        return bounds_text(proof[1])
    return _NO_CUDA if needs.cuda is False else _NOTHING


def _proof(needs: Needs, name: str) -> str:
    proof = needs.proof(name)
    return "" if proof is None else str(proof[1])


def _pythons(found: Iterable[Needs]) -> str:
    """Return the Pythons of some builds, those of free-threaded builds with a t (PEP 703)."""
    plain: set[tuple[int, int]] = set()
    free: set[tuple[int, int]] = set()
    for needs in found:
        (free if needs.free_threaded else plain).update(needs.pythons or ())
    texts = [pythons_text(plain)] if plain else []
    texts += [f"{major}.{minor}t" for major, minor in sorted(free)]
    return ", ".join(texts) or _NOTHING
