"""The options of all commands that solve environment files, and what they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import click

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.cli.options import DateType, channel_options, platform_option, virtual_package_options
from condaenv_tools.cli.pip_options import pip_option_group, pip_options_of
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.resolve.request import ChannelPriority, SolveOptions

__all__ = ["lock_options_of", "solving_options", "world_options"]

F = TypeVar("F", bound=Callable[..., Any])


def world_options(function: F) -> F:
    """Take what a file is solved against: channels, the target machines, and whether pip has a part in it."""
    function = click.option("--conda-only", is_flag=True, help="Leave the pip section of the files out.")(
        function
    )
    return channel_options(virtual_package_options(function))


def solving_options(function: F) -> F:
    """Take these, the platforms, which of the records of the channels count, and where the pip half looks."""
    options = [
        platform_option,
        click.option(
            "--channel-priority",
            type=click.Choice([p.value for p in ChannelPriority]),
            default=ChannelPriority.STRICT.value,
            show_default=True,
            help="Whether a package may come from a channel behind the first one that has its name.",
        ),
        click.option(
            "--exclude-newer", type=DateType(), help="Take nothing that was built later, such as 2026-01-31."
        ),
        world_options,
        pip_option_group,
    ]
    for option in reversed(options):
        function = option(function)
    return function


def lock_options_of(chosen: Mapping[str, Any]) -> LockOptions:
    """Return the values of `solving_options`, or of `world_options`, which leave the rest at its default."""
    options = LockOptions(
        channels=chosen["channels"],
        virtual_packages=chosen["virtual_packages"],
        virtual_package_spec=chosen["virtual_package_spec"],
        sources=SourceOptions(
            snapshot=chosen["snapshot"], offline=chosen["offline"], timeout=chosen["network_timeout"]
        ),
        conda_only=chosen["conda_only"],
    )
    if "platforms" not in chosen:
        return options
    priority = ChannelPriority(chosen["channel_priority"])
    return replace(
        options,
        platforms=chosen["platforms"],
        solve=SolveOptions(channel_priority=priority, exclude_newer=chosen["exclude_newer"]),
        pip=pip_options_of(chosen),
    )
