"""What the tests of solving share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from condaenv_tools.model.record import PackageRecord
from tests.resolve.toy import World

#: Makes one channel, `toy`, of some records.
Maker = Callable[..., World]


@pytest.fixture
def toy(tmp_path: Path) -> Maker:
    def make(*records: PackageRecord) -> World:
        return World(tmp_path, {"toy": records})

    return make
