"""Two conda packages that install the same files, as builds of different channels do."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.conflicts.native.case import NativeCase
from condaenv_tools.conflicts.native.rule import Hit, NativeRule

__all__ = ["RULE"]

#: What both install.
_TWINS = {
    ("jpeg", "libjpeg-turbo"): "libjpeg",
    ("qt", "qt-main"): "Qt 5",
    ("pillow", "pillow-simd"): "PIL",
}


def _find(case: NativeCase) -> Iterator[Hit]:
    for (one, other), what in _TWINS.items():
        if one in case.conda and other in case.conda:
            yield Hit(
                message=f"{case.owner(one)} and {case.owner(other)} both install {what}",
                hint="take the packages that need them from one channel",
            )


RULE = NativeRule(code="CE711", find=_find)
