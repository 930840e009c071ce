"""What files say, in the words of a lock: its roots and the URLs of its channels."""

from __future__ import annotations

from collections.abc import Sequence

from condaenv_tools.errors import ParseError
from condaenv_tools.lock.build import roots_of
from condaenv_tools.lock.channel_names import bare_url
from condaenv_tools.lock.markers import marker_test
from condaenv_tools.lock.metadata_keys import CONDA_ONLY, PYTHON
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.lock import Lock, PyPIRecord, Root
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import default_virtual_packages

__all__ = ["channel_urls", "file_roots", "unsaid"]


def unsaid(lock: Lock) -> frozenset[str]:
    """Return the fields that a lock does not say, `requires` among them where no distribution has a requirement.

    A list of pins (requirements.txt) says as little of what its distributions need as one that needs nothing,
    and so does a list of packages (@EXPLICIT, a pinned environment file).
    """
    bare = PYTHON in dict(lock.metadata) or not lock.unknown.isdisjoint({"depends", "url"})
    silent = bare and not any(
        isinstance(one.record, PyPIRecord) and one.record.requires
        for part in lock.platforms
        for one in part.packages
    )
    return lock.unknown | {"requires"} if silent else lock.unknown


def file_roots(
    lock: Lock, files: Sequence[Environment], platform: Platform, *, conda_only: bool = False
) -> tuple[Root, ...]:
    """Return what the files ask for on a platform, without pip where the lock says that it was left out."""
    sources = [file.sources[0] if file.sources else "<text>" for file in files]
    part = lock.on(platform)
    virtual = default_virtual_packages(platform) if part.virtual_packages is None else part.virtual_packages
    return roots_of(
        files,
        sources,
        platform,
        conda_only=conda_only or CONDA_ONLY in dict(lock.metadata),
        holds=marker_test(platform, part.records, virtual),
    )


def channel_urls(texts: Sequence[str], platform: Platform) -> tuple[str, ...]:
    """Return the URLs that names and URLs of channels stand for, by falling priority, without credentials."""
    found: dict[str, None] = {}
    for text in texts:
        try:
            found |= dict.fromkeys(
                bare_url(channel.url) for channel in expand_channels([text], platform=platform)
            )
        except ParseError:
            found[bare_url(text)] = None
    return tuple(found)
