"""What conda-forge's packages are called on PyPI, and the reverse: a recorded table, never a guess.

The table, `conda_forge_names.txt`, has a line for each name of conda-forge as recorded in November 2026: `NAME`
where it holds the one PyPI distribution of the same name, `NAME DIST...` where it holds others, `NAME -` where it
holds none. ``environments/refresh_names.py`` makes it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from condaenv_tools.model.names import CondaName, PyPIName, pypi_name
from condaenv_tools.model.names import conda_name as conda_name_of

__all__ = ["conda_names", "is_conda_forge_name", "pypi_names"]

_TABLE = Path(__file__).with_name("conda_forge_names.txt")


def pypi_names(conda_name: str) -> tuple[PyPIName, ...] | None:
    """Return the PyPI distributions that a package of conda-forge contains.

    Parameters
    ----------
    conda_name : str
        The name of the package; case does not count.

    Returns
    -------
    tuple of PyPIName or None
        Normalised (PEP 503) and sorted; more than one for a package that carries others with it. Empty where
        the package is known to contain none. None where conda-forge has no such package: nothing is known,
        and that the PyPI name is the same must not be assumed.

    Examples
    --------
    >>> pypi_names("pytorch"), pypi_names("nodejs"), pypi_names("no-such-package")
    (('torch',), (), None)

    References
    ----------
    PEP 503, normalised names.
    """
    name = conda_name_of(conda_name)
    line = _lines().get(name)
    if line is None:
        return None
    if not line:
        return (PyPIName(name),)
    return () if line == "-" else tuple(map(PyPIName, line.split()))


def conda_names(pypi_name: str) -> tuple[CondaName, ...] | None:
    """Return the packages of conda-forge that contain a PyPI distribution, the likeliest first.

    Parameters
    ----------
    pypi_name : str
        The name of the distribution, normalised or not.

    Returns
    -------
    tuple of CondaName or None
        The package of the same name first; then one whose name differs in case and signs only
        (`typing_extensions`); then `python-NAME` and its like; then those of which one name holds the other
        (`pytorch` for `torch`); then the rest. Within each of these groups: packages that hold this
        distribution alone before those that carry others too, libraries (`lib...`) last, the shorter name
        first, then by alphabet. None where no package is known to hold it.

    Examples
    --------
    >>> conda_names("torch"), conda_names("opencv-python"), conda_names("no-such-dist")
    (('pytorch', 'pytorch-cpu'), ('py-opencv', 'libopencv'), None)
    >>> conda_names("Matplotlib")[:2]
    ('matplotlib', 'matplotlib-base')

    References
    ----------
    PEP 503, normalised names.
    """
    wanted = _normalised(pypi_name)
    found = _providers().get(wanted)
    if found is None:
        return None
    return tuple(CondaName(name) for name in sorted(found, key=lambda name: _rank(name, wanted)))


def is_conda_forge_name(name: str) -> bool:
    """Say whether conda-forge has, or once had, a package of this name.

    Examples
    --------
    >>> is_conda_forge_name("dask-core"), is_conda_forge_name("torch")
    (True, False)
    """
    return conda_name_of(name) in _lines()


def _normalised(text: str) -> str:
    return pypi_name(text)


def _rank(name: str, wanted: str) -> tuple[bool, bool, bool, bool, bool, bool, int, str]:
    plain = _normalised(name)
    return (
        name != wanted,
        plain != wanted,
        plain not in {f"python-{wanted}", f"py-{wanted}", f"{wanted}-python", f"{wanted}-py"},
        plain not in wanted and wanted not in plain,
        len(_lines()[name].split()) > 1,
        name.startswith("lib"),
        len(name),
        name,
    )


@cache
def _lines() -> dict[str, str]:
    """Return what stands behind each conda name: nothing where the one PyPI name is the same."""
    text = _TABLE.read_text(encoding="utf-8")
    return {name: rest for name, _, rest in (line.partition(" ") for line in text.splitlines())}


@cache
def _providers() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, rest in _lines().items():
        if rest != "-":
            for dist in rest.split() or (name,):
                found.setdefault(dist, []).append(name)
    return found
