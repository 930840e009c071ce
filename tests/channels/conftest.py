"""What the tests of channels share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from condaenv_tools.channels.source import RecordSource, SourceOptions, open_sources
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.platform import Platform

#: Opens channels with a cache of their own and short time limits.
Opener = Callable[..., tuple[RecordSource, ...]]


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    def open_(
        *texts: str, platforms: tuple[Platform, ...] = (Platform.LINUX_64,), **settings: Any
    ) -> tuple[RecordSource, ...]:
        options = SourceOptions(**({"cache_dir": tmp_path / "cache", "timeout": 20.0} | settings))
        return open_sources(expand_channels(texts), platforms=platforms, options=options)

    return open_
