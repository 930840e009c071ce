"""What is lost when a lock is written in a format that cannot say it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Loss"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Loss:
    """One kind of thing that a format has no word for.

    Attributes
    ----------
    text : str
        What is lost, as a sentence without a full stop.
    count : int
        In how many packages, channels or lines.
    changes_install : bool
        Whether something else would be installed from what is written.
    """

    text: str
    count: int = 1
    changes_install: bool = False

    def __str__(self) -> str:
        return self.text
