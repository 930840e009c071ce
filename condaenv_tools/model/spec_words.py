"""A spec as people write it, where conda's canonical text is another."""

from __future__ import annotations

import re

__all__ = ["plain_spec"]

_VERSION_ONLY = re.compile(r"(?P<package>[^\[\]]+)\[version='(?P<version>[<>=!~][^']*)'\]")


def plain_spec(text: str) -> str:
    """Return a spec without the brackets that conda puts around a range of versions.

    Examples
    --------
    >>> plain_spec("numpy[version='>=1.26,<3']"), plain_spec("numpy=1.26"), plain_spec("a[build=x*]")
    ('numpy>=1.26,<3', 'numpy=1.26', 'a[build=x*]')
    """
    match = _VERSION_ONLY.fullmatch(text)
    return f"{match['package']}{match['version']}" if match else text
