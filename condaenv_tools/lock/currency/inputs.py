"""What the files say beside their requirements: platforms and channels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from condaenv_tools.lock.currency.values import Reason, StatusInputs
from condaenv_tools.lock.rules.current import channel_urls
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.platform import Platform

__all__ = ["channel_reasons", "judged_platforms", "platform_reasons"]

#: Where packages come from when no file and no option names a channel.
_DEFAULT_CHANNEL = "conda-forge"


def judged_platforms(lock: Lock, wanted: StatusInputs) -> tuple[Platform, ...]:
    """Return the platforms of the lock that are looked at: those that are stated, else all of them."""
    return tuple(
        part.platform for part in lock.platforms if not wanted.platforms or part.platform in wanted.platforms
    )


def platform_reasons(lock: Lock, wanted: StatusInputs) -> Iterator[Reason]:
    """Find platforms that only the files, or only the lock, have.

    Where neither the files nor an option name one, those that the lock was made for are right.
    """
    locked = {part.platform for part in lock.platforms}
    named = {item.platform: str(item.span) for file in wanted.files for item in file.platforms}
    asked = dict.fromkeys(wanted.platforms, "") if wanted.platforms else named
    for platform in sorted(asked.keys() - locked):
        source = _line(asked[platform])
        yield Reason(
            code="platform-added",
            platform=platform,
            text=platform.value,
            message=f"the files name {platform}, and the lock has no such part"
            if source
            else f"{platform} is asked for, and the lock has no such part",
            source=source,
        )
    if named and not wanted.platforms:
        for platform in sorted(locked - named.keys()):
            yield Reason(
                code="platform-removed",
                platform=platform,
                text=platform.value,
                message=f"the lock has a part for {platform}, which the files do not name",
            )


def _line(span: str) -> str:
    return span.rpartition(":")[0]


def channel_reasons(lock: Lock, wanted: StatusInputs) -> Iterator[Reason]:
    """Find channels that only one of both names, and another order."""
    if not lock.channels:
        return
    every = [part.platform for part in lock.platforms]
    # A lock names the channels of all its platforms in one list, with those that only a spec names; conda-lock
    # leaves the latter out, and knows no selectors on channels.
    full = [text for platform in every for text in _channels(wanted, platform, named=True)]
    listed = [text for platform in every for text in _channels(wanted, platform, named=False)]
    plain = [item.text for file in wanted.files for item in file.channels]
    for platform in judged_platforms(lock, wanted):
        theirs = channel_urls([channel.url for channel in lock.channels], platform)
        allowed = [channel_urls(texts, platform) for texts in (full, listed, wanted.channels or plain)]
        if _is_of_archives(lock):
            yield from _difference(platform, (), allowed[0], theirs, in_order=False)
        elif theirs not in allowed:
            here = channel_urls(_channels(wanted, platform, named=True), platform)
            yield from _difference(platform, here, allowed[0], theirs)


def _is_of_archives(lock: Lock) -> bool:
    """Say whether the channels are only those that the archives happen to be from (@EXPLICIT)."""
    return "depends" in lock.unknown and "url" not in lock.unknown


def _channels(wanted: StatusInputs, platform: Platform, *, named: bool) -> list[str]:
    """Return the channels of a platform as written: the listed ones, then those that only a spec names."""
    listed = wanted.channels or [item.text for file in wanted.files for item in file.channels_on(platform)]
    found = [text for text in listed if text != "nodefaults"] or [_DEFAULT_CHANNEL]
    if named:
        items = [item for file in wanted.files for item in file.dependencies_on(platform)]
        found += [item.spec.channel for item in items if item.spec.channel is not None]
    return found


def _difference(
    platform: Platform,
    here: Sequence[str],
    ours: Sequence[str],
    theirs: Sequence[str],
    *,
    in_order: bool = True,
) -> Iterator[Reason]:
    names, told = ", ".join(ours), ", ".join(theirs) or "none"
    what = f"the files name the channels {names}, and the lock {told}"
    added = [url for url in here if url not in theirs]
    removed = [url for url in theirs if url not in ours]
    for code, urls in (("channel-added", added), ("channel-removed", removed)):
        for url in urls:
            yield Reason(code=code, platform=platform, text=url, message=what)
    common = [url for url in ours if url in theirs]
    if in_order and not added and not removed and common != [url for url in theirs if url in ours]:
        yield Reason(code="channel-order", platform=platform, text=names, message=what)
