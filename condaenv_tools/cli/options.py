"""Options that several commands share, and how their texts become values."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from condaenv_tools.errors import InvalidPlatformError, ParseError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage

__all__ = [
    "DateType",
    "SecondsType",
    "channel_options",
    "files_argument",
    "json_option",
    "platform_option",
    "verbosity_options",
    "virtual_package_options",
]

F = TypeVar("F", bound=Callable[..., Any])


class PlatformType(click.ParamType[Platform]):
    """The name of a platform; completes in the shell."""

    name = "platform"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Platform:
        """Read a platform, or fail with the nearest one."""
        if isinstance(value, Platform):
            return value
        try:
            return Platform.parse(value)
        except InvalidPlatformError as error:
            hint = f"; did you mean {error.nearest}?" if error.nearest else ""
            self.fail(f"{error.message}{hint}", param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Offer the platforms that begin so."""
        del ctx, param
        return [
            click.shell_completion.CompletionItem(p.value) for p in Platform if p.value.startswith(incomplete)
        ]


class VirtualPackageType(click.ParamType[VirtualPackage]):
    """``NAME=VERSION[=BUILD]``."""

    name = "name=version"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> VirtualPackage:
        """Read a virtual package, or fail with the form it has."""
        if isinstance(value, VirtualPackage):
            return value
        try:
            return VirtualPackage.parse(value)
        except ParseError as error:
            self.fail(f"{error.message}; {error.hints[0]}", param, ctx)


class DateType(click.ParamType[datetime]):
    """A date, a moment (ISO 8601; UTC where it names no zone), or a number of days such as ``7d``."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a moment; a bare date means its first instant in UTC."""
        if isinstance(value, datetime):
            return value
        text = value.strip()
        try:
            if text.endswith("d") and text[:-1].isdigit():
                return datetime.now(tz=UTC) - timedelta(days=int(text[:-1]))
            moment = datetime.fromisoformat(text)
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is not a date; write 2026-01-31, 2026-01-31T12:00:00Z or 7d", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class SecondsType(click.ParamType[float]):
    """A time limit."""

    name = "seconds"

    def __init__(self, least: float) -> None:
        self.least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a number of seconds; what is no number, or endless, is no limit."""
        try:
            seconds = float(value)
        except ValueError:
            seconds = math.nan
        if not self.least <= seconds <= _A_YEAR:
            self.fail(f"{str(value)!r} is not a number of seconds from {self.least:g} on", param, ctx)
        return seconds


#: Engines count seconds in whole numbers of limited size.
_A_YEAR = 366 * 86_400


def files_argument(function: F) -> F:
    """Take one or more environment files."""
    return click.argument("files", nargs=-1, required=True, type=click.Path(path_type=str))(function)


def platform_option(function: F) -> F:
    """Take platforms, repeatable."""
    return click.option(
        "-p",
        "--platform",
        "platforms",
        multiple=True,
        type=PlatformType(),
        help="A platform, such as linux-64 or osx-arm64 (repeatable). Default: those of the files, else "
        "linux-64, osx-64, osx-arm64, win-64 and linux-aarch64.",
    )(function)


def json_option(function: F) -> F:
    """Take `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")(
        function
    )


def verbosity_options(function: F) -> F:
    """Take `-q` and `-v`."""
    function = click.option(
        "-v", "--verbose", is_flag=True, help="Say more: what was assumed, and every note."
    )(function)
    return click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")(function)


def channel_options(function: F) -> F:
    """Take where records come from."""
    options = [
        click.option(
            "-c",
            "--channel",
            "channels",
            multiple=True,
            help="A channel in place of those of the files (repeatable; the first has priority).",
        ),
        click.option(
            "--snapshot",
            type=click.Path(path_type=Path, file_okay=False),
            envvar="CONDAENV_SNAPSHOT",
            help="A folder CHANNEL/SUBDIR/repodata.json[.zst], read in place of the network for the channels "
            "it holds.",
        ),
        click.option("--offline", is_flag=True, help="Never use the network."),
        click.option(
            "--network-timeout",
            type=SecondsType(0.1),
            default=None,
            help="Seconds after which a channel that does not answer is given up.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def virtual_package_options(function: F) -> F:
    """Take what may be assumed of the target machines."""
    options = [
        click.option(
            "--virtual-package",
            "virtual_packages",
            multiple=True,
            type=VirtualPackageType(),
            help="A virtual package on every platform that can have it, such as __cuda=12.4 or __glibc=2.34 "
            "(repeatable).",
        ),
        click.option(
            "--virtual-package-spec",
            type=click.Path(path_type=Path, dir_okay=False),
            help="A file of virtual packages in conda-lock's format; what it does not list keeps its default.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function
