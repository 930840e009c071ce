"""The rule on files: is the lock the answer to what they say now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from condaenv_tools.errors import ParseError
from condaenv_tools.lock.build import roots_of
from condaenv_tools.lock.channel_names import bare_url
from condaenv_tools.lock.markers import marker_test
from condaenv_tools.lock.metadata_keys import CONDA_ONLY
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.finding import Fault
from condaenv_tools.model.lock import Lock, Root
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import default_virtual_packages

__all__ = ["channel_urls", "current", "file_roots"]


def file_roots(lock: Lock, files: Sequence[Environment], platform: Platform) -> tuple[Root, ...]:
    """Return what the files ask for on a platform, without pip where the lock says that it was left out."""
    sources = [file.sources[0] if file.sources else "<text>" for file in files]
    part = lock.on(platform)
    virtual = default_virtual_packages(platform) if part.virtual_packages is None else part.virtual_packages
    return roots_of(
        files,
        sources,
        platform,
        conda_only=CONDA_ONLY in dict(lock.metadata),
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


def current(lock: Lock, files: Sequence[Environment], channels: Sequence[str]) -> Iterator[Fault]:
    """Find what the files say and the lock does not: platforms, channels, requirements.

    Parameters
    ----------
    lock : Lock
        The lock.
    files : sequence of Environment
        The files, in order.
    channels : sequence of str
        In place of the files' channels; empty for those.
    """
    locked = {part.platform for part in lock.platforms}
    for platform in sorted({item.platform for file in files for item in file.platforms} - locked):
        yield Fault(
            platform="",
            rule="current",
            package="",
            message=f"the files name {platform}, and the lock has no such part",
        )
    for part in lock.platforms:
        name = part.platform.value
        wanted = channels or [item.text for file in files for item in file.channels_on(part.platform)]
        ours = channel_urls(wanted, part.platform)
        theirs = channel_urls([channel.url for channel in lock.channels], part.platform)
        # A `channel::spec` adds a channel behind those that are listed.
        if ours and ours != theirs[: len(ours)]:
            message = (
                f"the files name the channels {', '.join(ours)}, and the lock {', '.join(theirs) or 'none'}"
            )
            yield Fault(platform=name, rule="current", package="", message=message)
        if part.roots is not None:
            asked = {_key(root): root for root in file_roots(lock, files, part.platform)}
            answered = {_key(root): root for root in part.roots}
            for key in asked.keys() - answered.keys():
                root = asked[key]
                message = f"{root.source} asks for {root.spec}, which the lock was not made for"
                yield Fault(platform=name, rule="current", package=root.name, message=message)
            for key in answered.keys() - asked.keys():
                root = answered[key]
                message = (
                    f"the lock was made for {root.spec} ({root.source}), which the files no longer ask for"
                )
                yield Fault(platform=name, rule="current", package=root.name, message=message)


def _key(root: Root) -> tuple[str, str, str, str]:
    return root.manager, root.name, root.spec, root.category
