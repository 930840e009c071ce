"""Names of packages in their two ecosystems, kept apart by type.

Mapping between the two is knowledge that lives in `condaenv_tools.channels`; identity is never assumed.
"""

from __future__ import annotations

import re
from typing import NewType

__all__ = ["CondaName", "PyPIName", "conda_name", "is_virtual", "pypi_name"]

CondaName = NewType("CondaName", str)
PyPIName = NewType("PyPIName", str)


def conda_name(text: str) -> CondaName:
    """Return the name of a conda package as channels write it: lower case, nothing else changed.

    Examples
    --------
    >>> conda_name("Scikit_Learn")
    'scikit_learn'
    """
    return CondaName(text.strip().lower())


def pypi_name(text: str) -> PyPIName:
    """Return the normalised name of a PyPI distribution (PEP 503).

    Examples
    --------
    >>> pypi_name("Scikit_Learn")
    'scikit-learn'
    """
    return PyPIName(re.sub(r"[-_.]+", "-", text.strip()).lower())


def is_virtual(name: str) -> bool:
    """Say whether a conda name is that of a virtual package (CEP 30): two underscores, then a letter.

    Examples
    --------
    >>> is_virtual("__glibc"), is_virtual("_libgcc_mutex"), is_virtual("__")
    (True, False, False)
    """
    return name.startswith("__") and len(name) > 2
