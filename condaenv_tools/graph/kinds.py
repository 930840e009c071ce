"""What kind of package a record is, decided from what the record says and never from the look of its name.

The first line that fits decides:

===========  ==========================================================================================
kind         evidence
===========  ==========================================================================================
``meta``     it is known to install no file
``python``   ``noarch: python``; or it needs ``python`` or ``python_abi`` at run time; or its record has
             ``python_site_packages_path`` (CEP 17); or it is the package ``python`` itself
``meta``     ``noarch: generic`` in an archive of at most `EMPTY_ARCHIVE` bytes
``native``   everything else: libraries, programs, data
===========  ==========================================================================================

A lock of conda-lock's making says neither `noarch` nor sizes. Its packages of the subdir ``noarch`` that need
Python are `python` all the same, and what is empty cannot be known: it counts as `native`. Build the graph
with the records of the channel to know more.
"""

from __future__ import annotations

from collections.abc import Collection

from condaenv_tools.model.record import PackageRecord

__all__ = ["EMPTY_ARCHIVE", "META", "NATIVE", "PYTHON", "VIRTUAL", "kind_of"]

PYTHON, NATIVE, VIRTUAL, META = "python", "native", "virtual", "meta"

#: An archive holds its own metadata and the recipe, which rarely take more bytes than this. A noarch package
#: that is smaller has no room for files worth the name; a small one for a platform may be one small library.
EMPTY_ARCHIVE = 24_000

#: What a package needs at run time if it brings Python code.
_PYTHON_NEEDS = frozenset({"python", "python_abi"})


def kind_of(record: PackageRecord, needs: Collection[str], *, files: int | None = None) -> str:
    """Return the kind of a conda package: `PYTHON`, `NATIVE` or `META`.

    Parameters
    ----------
    record : PackageRecord
        What its channel or its lock says.
    needs : collection of str
        The names in `record.depends`.
    files : int, optional
        How many files it installs, where that is known.

    Examples
    --------
    >>> record = PackageRecord(name="zlib-ng", version="2.2", build="h_0", subdir="linux-64",
    ...     channel="https://conda.example.org/toy", url="https://conda.example.org/toy/linux-64/zlib-ng.conda")
    >>> kind_of(record, ["libgcc"]), kind_of(record, ["libgcc", "python"]), kind_of(record, [], files=0)
    ('native', 'python', 'meta')
    """
    if files == 0:
        return META
    if record.noarch == "python" or not _PYTHON_NEEDS.isdisjoint(needs):
        return PYTHON
    if record.python_site_packages_path is not None or record.name == "python":
        return PYTHON
    if record.noarch == "generic" and record.size is not None and record.size <= EMPTY_ARCHIVE:
        return META
    return NATIVE
