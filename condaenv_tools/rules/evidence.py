"""What the channels of a file hold: the seam through which rules ask about records."""

from __future__ import annotations

from typing import Protocol

from condaenv_tools.model.channel import Channel
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["Evidence"]


class Evidence(Protocol):
    """Records to hold a file against; a rule that needs them is passed over where there are none."""

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that were asked, by falling priority."""
        ...

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """The platforms that the file is checked for, in the order of the request."""
        ...

    def names(self, platform: Platform) -> frozenset[str]:
        """Return every package name on a platform, `noarch` included.

        Raises
        ------
        ChannelError
            A channel cannot be read.
        """
        ...

    def records(self, platform: Platform, name: str) -> tuple[PackageRecord, ...]:
        """Return the records of a name on a platform, `noarch` included, channel by channel.

        Raises
        ------
        ChannelError
            A channel cannot be read.
        """
        ...
