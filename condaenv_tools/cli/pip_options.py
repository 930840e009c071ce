"""Options on the pip half, and the machine that may build for itself."""

from __future__ import annotations

import platform as machine
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from condaenv_tools.errors import InvalidPlatformError
from condaenv_tools.jobs.pip_half import PipOptions
from condaenv_tools.model.platform import Platform

__all__ = ["pip_option_group", "pip_options_of", "running_platform"]

F = TypeVar("F", bound=Callable[..., Any])

_SYSTEMS = {"linux": "linux", "darwin": "osx", "win32": "win"}
_PROCESSORS = {"x86_64": "64", "amd64": "64", "aarch64": "aarch64", "arm64": "arm64", "ppc64le": "ppc64le"}


def pip_option_group(function: F) -> F:
    """Take where the pip half looks, and what it may do."""
    options = [
        click.option("--index-url", help="The package index of the pip section, in place of the files' own."),
        click.option(
            "--extra-index-url",
            "extra_index_urls",
            multiple=True,
            help="Another index, looked at first; the first index that has a name is the only one for it "
            "(repeatable).",
        ),
        click.option(
            "--find-links",
            multiple=True,
            help="A folder, or a page with links to archives (repeatable).",
        ),
        click.option("--no-index", is_flag=True, help="Look at --find-links alone."),
        click.option("--pre", is_flag=True, help="Take pre-releases of distributions."),
        click.option(
            "--build",
            is_flag=True,
            help="Let source archives be built where there is no wheel; for this machine's platform only.",
        ),
        click.option(
            "--no-sources",
            is_flag=True,
            help="Lock no source archive: what has no wheel is a conflict, unless --build builds it.",
        ),
        click.option(
            "--joint/--no-joint",
            default=True,
            show_default=True,
            help="Let the pip section move what conda chose freely.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def pip_options_of(chosen: Mapping[str, Any]) -> PipOptions:
    """Return the values of these options."""
    return PipOptions(
        index_url=chosen["index_url"],
        extra_index_urls=chosen["extra_index_urls"],
        find_links=chosen["find_links"],
        no_index=chosen["no_index"],
        prereleases=chosen["pre"],
        build_on=running_platform() if chosen["build"] else None,
        sources=not chosen["no_sources"],
        joint=chosen["joint"],
    )


def running_platform() -> Platform | None:
    """Return the platform that this program runs on; None where conda has none of that name."""
    system = _SYSTEMS.get(sys.platform, sys.platform)
    processor = machine.machine().lower()
    try:
        return Platform.parse(f"{system}-{_PROCESSORS.get(processor, processor)}")
    except InvalidPlatformError:
        return None
