"""Repodata that is JSON and yet no repodata: told where it is recorded, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from condaenv_tools.channels.record_snapshot import SnapshotReport, record_snapshot
from condaenv_tools.channels.zstd import unpack
from condaenv_tools.errors import ChannelError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from tests.builders import entry, record, write_files
from tests.channels.conftest import Opener

ONE = entry(record("a", subdir="noarch"))


def of_one(**fields: Any) -> dict[str, Any]:
    return {"packages.conda": {"a-1.0-0.conda": ONE | fields}}


def recorded(tmp_path: Path, opened: Opener, text: str) -> SnapshotReport:
    write_files(tmp_path / "in" / "forge", {"noarch/repodata.json": text.encode()})
    sources = opened("forge", snapshot=tmp_path / "in", offline=True)
    return record_snapshot(sources, [MatchSpec.parse("a")], [Platform.LINUX_64], tmp_path / "out")


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"packages": {"a-1.0-0.tar.bz2": 1}}, "a-1.0-0.tar.bz2 is no record"),
        ({"packages.conda": {"a-1.0-0.conda": {"version": "1"}}}, "a-1.0-0.conda is no record"),
        ({"packages": [1]}, "its packages is no object"),
        ({"v3": {"conda": [1]}}, "its v3.conda is no object"),
        (of_one(depends="b"), "no record"),
        (of_one(depends=5), "no record"),
        (of_one(depends=["b", None]), "no record"),
        (of_one(extra_depends=["b"]), "no record"),
        (of_one(extra_depends={"test": "b"}), "no record"),
        (of_one() | {"info": [1]}, "its info is no object"),
        ([1], "no JSON object"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_record_is_told(tmp_path: Path, opened: Opener, document: object, told: str) -> None:
    with pytest.raises(ChannelError, match=told) as caught:
        recorded(tmp_path, opened, json.dumps(document))
    assert caught.value.subdir == "noarch"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["[" * 100_000, '{"packages": {}, "x": NaN}', '{"packages": {', "\0"])
def test_what_is_no_json_is_told(tmp_path: Path, opened: Opener, text: str) -> None:
    with pytest.raises(ChannelError, match="cannot be read"):
        recorded(tmp_path, opened, text)


def test_half_a_character_stays_as_it_was(tmp_path: Path, opened: Opener) -> None:
    text = json.dumps(of_one(license="é \ud800"))
    recorded(tmp_path, opened, text)
    found = json.loads(unpack((tmp_path / "out" / "forge" / "noarch" / "repodata.json.zst").read_bytes()))
    assert found["packages.conda"] == json.loads(text)["packages.conda"]


def test_a_record_may_leave_out_what_it_has_not(tmp_path: Path, opened: Opener) -> None:
    report = recorded(tmp_path, opened, json.dumps(of_one(depends=None, extra_depends=None)))
    assert report.records == 1
