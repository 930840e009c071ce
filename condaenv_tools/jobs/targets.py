"""Which platforms and channels an environment is about, and what may be said in their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from condaenv_tools.model.channel import Channel, expand_channels
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform

__all__ = ["DEFAULT_CHANNEL", "channel_texts", "target_channels", "target_platforms", "unique_channels"]

#: Where packages come from when no file and no option names a channel.
DEFAULT_CHANNEL = "conda-forge"


def target_platforms(environment: Environment, stated: Sequence[Platform] = ()) -> tuple[Platform, ...]:
    """Return the platforms that were stated, else those of the file, else the five common ones, sorted.

    Examples
    --------
    >>> [p.value for p in target_platforms(Environment(sources=()))]
    ['linux-64', 'linux-aarch64', 'osx-64', 'osx-arm64', 'win-64']
    """
    return tuple(sorted(set(stated or [p.platform for p in environment.platforms] or DEFAULT_PLATFORMS)))


def channel_texts(
    environment: Environment, platform: Platform, stated: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the channels of one platform as written: the listed ones, then those that only a spec names.

    Parameters
    ----------
    environment : Environment
        The file.
    platform : Platform
        Items with a selector count where it holds.
    stated : sequence of str
        In place of those of the file.

    Returns
    -------
    tuple of str
        By falling priority; empty where no channel is named anywhere. May hold a credential.
    """
    listed = stated or tuple(item.text for item in environment.channels_on(platform))
    named = tuple(
        item.spec.channel for item in environment.dependencies_on(platform) if item.spec.channel is not None
    )
    real = [text for text in listed if text != "nodefaults"]
    return (*(real or (DEFAULT_CHANNEL,) * bool(named)), *named)


def target_channels(
    environment: Environment, platforms: Iterable[Platform], stated: Sequence[str] = ()
) -> dict[Platform, tuple[Channel, ...]]:
    """Return the channels of each platform by falling priority, `defaults` as its members.

    Raises
    ------
    ParseError
        A channel cannot be read.
    """
    base = Path(environment.sources[0]).parent if environment.sources else Path()
    return {
        p: tuple(
            expand_channels(
                channel_texts(environment, p, stated) or (DEFAULT_CHANNEL,), base_dir=base, platform=p
            )
        )
        for p in platforms
    }


def unique_channels(lists: Iterable[Sequence[Channel]]) -> tuple[Channel, ...]:
    """Return the channels of several lists, each once, in order of first mention."""
    return tuple({channel.url: channel for channels in lists for channel in channels}.values())
