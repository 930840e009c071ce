"""What the records of real channels ask for is read, and means what the engine makes of it."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
import rattler

from condaenv_tools.model.match_spec import MatchSpec
from tests.shared_data import need_shared

FILES = sorted(need_shared("channel").glob("*/*/repodata.json"))
#: Enough to meet each form of spec, and quick: the whole takes ten seconds.
SAMPLE = 400


@cache
def engine_version(text: str) -> rattler.Version:
    return rattler.Version(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}/{path.parts[-2]}")
def test_every_spec_of_a_channel_is_read_and_a_sample_means_the_same_to_the_engine(path: Path) -> None:
    repodata = json.loads(path.read_bytes())
    versions = defaultdict(set)
    texts = set()
    for record in [*repodata.get("packages", {}).values(), *repodata.get("packages.conda", {}).values()]:
        versions[record["name"]].add(record["version"])
        texts |= {*record.get("depends", ()), *record.get("constrains", ())}
    specs = {text: MatchSpec.parse(text) for text in sorted(texts)}
    assert not any(spec.unread for spec in specs.values())
    for text in random.Random(1).sample(list(specs), min(SAMPLE, len(specs))):
        spec, theirs = specs[text], rattler.MatchSpec(text)
        assert spec.build == theirs.build
        wanted = None if theirs.version is None else rattler.VersionSpec(theirs.version)
        for version in versions[spec.name]:
            found = wanted is None or wanted.matches(engine_version(version))
            assert (spec.version is None or spec.version.matches(version)) == found, (text, version)
