"""What extras of distributions that conda brings need, as lines of text in the metadata of a lock.

conda's package cannot say it, since it is no dependency of the package, and the lines of the file ask for the
extra only. Without it nobody could tell such a distribution from one that nothing needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from condaenv_tools.model.lock import ExtraNeed

__all__ = ["dump_extra_needs", "load_extra_needs"]

_LINE = re.compile(
    r"(?P<platform>\S+): (?P<name>[^\s\[]+)\[(?P<extra>[^\s\]]+)\] (?P<wanted>\S+)(?: (?P<rest>.+))?"
)


def dump_extra_needs(needs: Mapping[str, Iterable[ExtraNeed]]) -> str:
    """Return one line for each platform and need, sorted; empty where there is none.

    Examples
    --------
    >>> need = ExtraNeed(name="dask", extra="complete", wanted="lz4", specifier=">=4.3.2")
    >>> dump_extra_needs({"linux-64": [need]})
    'linux-64: dask[complete] lz4 >=4.3.2'
    """
    return "\n".join(
        f"{platform}: {need.name}[{need.extra}] {need.wanted} {need.specifier}".rstrip()
        for platform in sorted(needs)
        for need in sorted(set(needs[platform]))
    )


def load_extra_needs(text: str) -> dict[str, tuple[ExtraNeed, ...]]:
    """Read what `dump_extra_needs` wrote; a line that it did not write says nothing.

    Examples
    --------
    >>> load_extra_needs("linux-64: dask[complete] lz4")["linux-64"][0].wanted
    'lz4'
    """
    found: dict[str, list[ExtraNeed]] = {}
    for line in text.splitlines():
        if match := _LINE.fullmatch(line.strip()):
            need = ExtraNeed(
                name=match["name"],
                extra=match["extra"],
                wanted=match["wanted"],
                specifier=match["rest"] or "",
            )
            found.setdefault(match["platform"], []).append(need)
    return {platform: tuple(needs) for platform, needs in found.items()}
