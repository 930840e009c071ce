"""`--all-cores [N]`: an option whose number may be left out, with file names beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["WithBareAllCores", "all_cores_option"]

F = TypeVar("F", bound=Callable[..., Any])

#: So many cores are looked for on a platform, where no number is said.
_MOST = 32


class WithBareAllCores(click.Command):
    """A command whose `--all-cores` takes the next word only if it is a number, and no file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words of the command line."""
        for place, word in enumerate(args):
            if word == "--":
                break
            if word == "--all-cores" and not "".join(args[place + 1 : place + 2]).isdecimal():
                args = [*args[:place], f"--all-cores={_MOST}", *args[place + 1 :]]
        return super().parse_args(ctx, args)


def all_cores_option(function: F) -> F:
    """Take how many cores to look for, where all of them are asked for."""
    return click.option(
        "--all-cores",
        type=click.IntRange(min=1),
        metavar="[N]",
        help=f"Tell all minimal sets of lines, those that share lines as well, up to N ({_MOST}).",
    )(function)
