"""What was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.channels.absence import nearest_names, platforms_having, records_of, versions_of
from condaenv_tools.channels.source import RecordSource
from condaenv_tools.model.platform import Platform
from tests.builders import record, write_channel
from tests.channels.conftest import Opener

LINUX = Platform.LINUX_64


@pytest.fixture
def sources(tmp_path: Path, opened: Opener) -> tuple[RecordSource, ...]:
    first = [
        *(record("scikit-learn", v) for v in ("1.9", "1.10", "1.2")),
        *(record(name, subdir="noarch") for name in ("pandas", "pandera", "pytorch", "python-graphviz")),
        record("only-mac", subdir="osx-arm64"),
    ]
    second = [record("scikit-learn", "1.10"), record("scikit-learn", "1.11", subdir="noarch")]
    return opened(str(write_channel(tmp_path / "a", first)), str(write_channel(tmp_path / "b", second)))


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("scikit_learn", "scikit-learn"),
        ("panda", "pandas"),
        ("torch", "pytorch"),
        ("graphviz", "python-graphviz"),
    ],
)
def test_the_nearest_name_comes_first(sources: tuple[RecordSource, ...], name: str, nearest: str) -> None:
    assert nearest_names(sources, name, LINUX)[0] == nearest


def test_nothing_is_near(sources: tuple[RecordSource, ...]) -> None:
    assert nearest_names(sources, "qqqq", LINUX) == ()
    assert len(nearest_names(sources, "panda", LINUX, limit=1)) == 1


def test_the_platforms_that_have_it(sources: tuple[RecordSource, ...]) -> None:
    assert platforms_having(sources, "only-mac") == (Platform.OSX_ARM64,)
    assert platforms_having(sources, "pandas", [LINUX]) == (LINUX,)
    assert platforms_having(sources, "absent") == ()


def test_the_versions_that_exist(sources: tuple[RecordSource, ...]) -> None:
    assert versions_of(sources, "scikit-learn", LINUX) == ("1.2", "1.9", "1.10", "1.11")
    assert len(records_of(sources, "scikit-learn", LINUX)) == 5


def test_a_channel_that_cannot_be_read_says_nothing(opened: Opener) -> None:
    gone = opened("https://conda.invalid/x", offline=True)
    assert nearest_names(gone, "panda", LINUX) == ()
    assert platforms_having(gone, "pandas", [LINUX]) == ()
    assert versions_of(gone, "pandas", LINUX) == ()
