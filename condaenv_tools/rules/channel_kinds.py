"""What is known of well-known channels, whichever mirror they are named by."""

from __future__ import annotations

import re
from functools import lru_cache

from condaenv_tools.errors import ParseError
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.finding import Severity

__all__ = ["DEFAULTS_KIN", "kinds_of", "retired"]

#: Channels with the packages of Anaconda. The channel `anaconda` holds copies of them.
DEFAULTS_KIN = frozenset({"pkgs/main", "pkgs/r", "pkgs/msys2", "pkgs/free", "pkgs/pro", "anaconda"})
_KNOWN = frozenset({"conda-forge", "bioconda", "pytorch", "nvidia", "intel", "anaconda"})
_TAIL = re.compile(r"(?:^|/)(?P<name>pkgs/(?:main|r|msys2|free|pro)|[\w.-]+)(?P<label>/label/[\w.-]+)?$")

_RETIRED: dict[str, tuple[Severity, str, str]] = {
    "intel": (
        Severity.WARNING,
        "was closed in 2024, and answers no more",
        "take the packages from conda-forge, or name Intel's own server",
    ),
    "pytorch": (
        Severity.INFO,
        "got its last release of PyTorch with 2.5",
        "take newer ones from conda-forge, where it is called pytorch too",
    ),
    "pkgs/free": (
        Severity.WARNING,
        "has packages from before September 2017 alone",
        "leave it out, unless the file is of that time",
    ),
}
_LABELS: dict[str, tuple[Severity, str, str]] = {
    r"conda-forge/label/broken": (Severity.WARNING, "holds what was withdrawn as broken", "leave it out"),
    r"conda-forge/label/(?:cf20\d{4}|gcc7)": (
        Severity.INFO,
        "holds packages from before a change of compilers, and is no longer filled",
        "leave it out, unless the file is of that time",
    ),
}


@lru_cache(maxsize=1024)
def kinds_of(text: str) -> frozenset[str]:
    """Return which well-known channels a line means: none, one, or the members of ``defaults``.

    Examples
    --------
    >>> sorted(kinds_of("defaults")), sorted(kinds_of("https://mirror.example.org/cloud/conda-forge/"))
    (['pkgs/main', 'pkgs/msys2', 'pkgs/r'], ['conda-forge'])
    >>> kinds_of("nodefaults") or kinds_of("someone/conda-forge") or kinds_of("mine")
    frozenset()
    """
    try:
        found = expand_channels([text], base_dir="/")
    except ParseError:
        return frozenset()
    kinds = set()
    for channel in found:
        tail = _TAIL.search(channel.name)
        if tail is None or channel.is_local:
            continue
        # Of a name all counts, of the URL of a mirror its end.
        if "://" not in channel.name and tail.start() > 0:
            continue
        if tail["name"] in _KNOWN or tail["name"] in DEFAULTS_KIN:
            kinds.add(tail["name"])
    return frozenset(kinds)


def retired(text: str) -> tuple[Severity, str, str] | None:
    """Return how bad it is to name a channel of the past, why, and what to do; None for others.

    Examples
    --------
    >>> retired("conda-forge/label/broken")[1], retired("conda-forge")
    ('holds what was withdrawn as broken', None)
    """
    for pattern, known in _LABELS.items():
        if re.search(rf"(?:^|/){pattern}/?$", text):
            return known
    kinds = kinds_of(text)
    return next((_RETIRED[kind] for kind in sorted(kinds) if kind in _RETIRED), None)
