"""Keys of `Lock.metadata` by which a lock says how it was made; part of the format, so never rename one."""

from __future__ import annotations

__all__ = ["CONDA_ONLY", "EXCLUDE_NEWER", "EXTRA_NEEDS", "PROVIDED", "PYTHON", "STRATEGY"]

#: What was left out on request (`--conda-only`): a sentence for people; its presence is what counts.
CONDA_ONLY = "condaenv.conda-only"

#: The strategy, where it was not `highest`.
STRATEGY = "condaenv.strategy"

#: Nothing that was built later was taken: ISO 8601 in UTC.
EXCLUDE_NEWER = "condaenv.exclude-newer"

#: What extras of distributions that conda brings need: ``linux-64: dask[complete] lz4 >=4.3.2``, one a line.
EXTRA_NEEDS = "condaenv.extra-needs"

#: What conda brings to the distributions of a lock that has them alone: ``linux-64: numpy 2.0.2``, one a line.
PROVIDED = "condaenv.provided"

#: The Python that wheels were chosen and markers decided with, where no package of the lock is one: ``3.12.7``.
PYTHON = "condaenv.python"
