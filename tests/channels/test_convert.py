"""From the engine's records to ours."""

from __future__ import annotations

import json
from typing import Any

import pytest

from condaenv_tools.channels.convert import to_record, without_credentials

PLACE = {
    "url": "file:///srv/x/linux-64/a-1-0.conda",
    "channel": "file:///srv/x/",
    "fn": "a-1-0.conda",
}
REAL = {"file:///srv/x": "https://conda.anaconda.org/x"}


class Given:
    """A record as the engine hands it over: one JSON document."""

    def __init__(self, **fields: Any) -> None:
        least = {"name": "a", "version": "1", "build": "0", "build_number": 0, "depends": []}
        self.fields = {**least, "subdir": "linux-64", **PLACE, **fields}

    def to_json(self) -> str:
        return json.dumps(self.fields)


def converted(relocate: dict[str, str] | None = None, **fields: Any) -> Any:
    return to_record(Given(**fields), relocate=REAL if relocate is None else relocate)  # type: ignore[arg-type]


def test_a_place_becomes_the_channel() -> None:
    record = converted()
    assert record.channel == "https://conda.anaconda.org/x"
    assert record.url == "https://conda.anaconda.org/x/linux-64/a-1-0.conda"


@pytest.mark.parametrize(
    ("location", "masked"),
    [
        ("https://me:hunter2@h.example/x", "https://me:********@h.example/x/"),
        ("https://h.example/t/hunter2/x", "https://h.example/t/********/x/"),
    ],
)
def test_a_masked_channel_is_found_by_its_url(location: str, masked: str) -> None:
    record = converted(
        {location: "https://h.example/x"}, url=f"{location}/linux-64/a-1-0.conda", channel=masked
    )
    assert record.channel == "https://h.example/x"
    assert record.url == "https://h.example/x/linux-64/a-1-0.conda"


def test_of_two_places_the_longer_one_counts() -> None:
    places = {
        "https://t@h.example/x": "https://h.example/x",
        "https://t@h.example/x/y": "https://h.example/x/y",
    }
    record = converted(
        places, url="https://t@h.example/x/y/linux-64/a-1-0.conda", channel="https://*@h.example/x/y/"
    )
    assert record.channel == "https://h.example/x/y"


def test_a_foreign_url_loses_its_credentials() -> None:
    record = converted(
        {}, url="https://me:hunter2@h.example/t/tk-1/x/linux-64/a-1-0.conda", channel="https://h/t/a/x"
    )
    assert record.url == "https://h.example/x/linux-64/a-1-0.conda"
    assert record.channel == "https://h/x"


@pytest.mark.parametrize(
    ("given", "kept"), [("x y", ("x", "y")), ("x,y", ("x", "y")), (["x"], ("x",)), (None, ()), ("", ())]
)
def test_features_are_a_tuple(given: object, kept: tuple[str, ...]) -> None:
    assert converted(track_features=given).track_features == kept


@pytest.mark.parametrize(
    ("given", "kept"), [(1_700_000_000, 1_700_000_000_000), (1_700_000_000_123,) * 2, (None, None)]
)
def test_timestamps_are_milliseconds(given: int | None, kept: int | None) -> None:
    assert converted(timestamp=given).timestamp == kept


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://h.example/x", "https://h.example/x"),
        ("https://me:p@h.example/t/tk/x", "https://h.example/x"),
        ("https://h.example/a/t/tk/x", "https://h.example/a/x"),
        ("file:///srv/t/tool/x", "file:///srv/t/tool/x"),
    ],
)
def test_credentials_are_taken_out(url: str, bare: str) -> None:
    assert without_credentials(url) == bare
