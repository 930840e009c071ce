"""The job of a matrix: with what the releases of a package go, in the channels of some files or of an option."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from condaenv_tools.channels.absence import nearest_names
from condaenv_tools.channels.names import conda_names
from condaenv_tools.channels.source import SourceOptions, open_sources
from condaenv_tools.conflicts.frameworks.matrix import Matrix, find_matrix
from condaenv_tools.errors import ParseError
from condaenv_tools.jobs.plan import read_inputs
from condaenv_tools.jobs.targets import target_channels, target_platforms, unique_channels
from condaenv_tools.model.channel import Channel
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform

__all__ = ["MatrixOptions", "package_matrix"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixOptions:
    """Where a matrix is read from.

    Attributes
    ----------
    platforms : tuple of Platform
        In place of those of the files; empty for those, or for the five common ones.
    channels : tuple of str
        In place of those of the files; empty for those, or for conda-forge.
    sources : SourceOptions
        Snapshot, offline, cache and time limits of the channels.
    newest : datetime or None
        Nothing that was built later counts.
    strict : bool
        Leave out what strict channel priority hides.
    """

    platforms: tuple[Platform, ...] = ()
    channels: tuple[str, ...] = ()
    sources: SourceOptions = field(default_factory=SourceOptions)
    newest: datetime | None = None
    strict: bool = False


def package_matrix(name: str, *paths: str | Path, options: MatrixOptions | None = None) -> Matrix:
    """Return with what the releases of a package go: Python, CUDA, cuDNN, numpy and frameworks.

    Parameters
    ----------
    name : str
        Of a conda package; case does not count.
    *paths : str or Path
        Files whose channels and platforms are read; none for those of the options.
    options : MatrixOptions, optional
        Which channels, and how they are read.

    Returns
    -------
    Matrix
        For each platform, sorted by name, all releases of each channel, the newest first.

    Raises
    ------
    ParseError
        A file cannot be read, `name` is no name of a package, or no channel has such a package.
    ChannelError
        A channel cannot be read.

    References
    ----------
    CEP 26, names of packages.
    """
    options = options or MatrixOptions()
    wanted = _name(name)
    environment = read_inputs(paths, conda_only=True).environment if paths else Environment(sources=())
    platforms = target_platforms(environment, options.platforms)
    expanded = target_channels(environment, platforms, options.channels)
    channels = unique_channels(expanded.values())
    opened = open_sources(channels, platforms=platforms, options=options.sources)
    by_url = {channel.url: source for channel, source in zip(channels, opened, strict=True)}
    sources = {p: tuple(by_url[channel.url] for channel in expanded[p]) for p in platforms}
    matrix = find_matrix(wanted, sources, newest=options.newest, strict=options.strict)
    if not matrix.found:
        near = nearest_names(opened, wanted, platforms[0])
        raise _not_there(wanted, channels, platforms, near)
    return matrix


def _name(text: str) -> str:
    spec = MatchSpec.parse(text)
    if spec.has_name_pattern or spec != MatchSpec(name=spec.name):
        raise ParseError(
            f"{text!r} is not the name of a package", hints=["write a name alone, such as pytorch"]
        )
    return spec.name


def _not_there(
    name: str, channels: Sequence[Channel], platforms: Sequence[Platform], near: Sequence[str]
) -> ParseError:
    where = ", ".join(map(str, channels))
    known = [one for one in conda_names(name) or () if one != name][:1]
    meant = list(dict.fromkeys([*known, *near]))[:3]
    return ParseError(
        f"no package {name} is in {where} for {', '.join(platforms)}",
        hints=[f"did you mean {' or '.join(meant)}?" if meant else "name another channel with -c"],
    )
