"""From one format to another and back: what is lost is what was listed, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from condaenv_tools.lock.formats import DumpOptions
from condaenv_tools.lock.registry import loads_lock, lock_format, read_format
from condaenv_tools.lock.verify import verify
from condaenv_tools.model.lock import Lock, LockChannel
from tests.lock.test_pylock import mixed_lock, one_platform
from tests.lock.toy_locks import conda, lock_of, part, root
from tests.shared_data import need_shared

NAMES = ("pylock", "requirements", "environment")
ALL = DumpOptions(selectors=True)


@given(one_platform, st.sampled_from(NAMES))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=40)
def test_a_text_is_known_and_read_by_its_own_format(lock: Lock, name: str) -> None:
    form = lock_format(name)
    # An environment file is held to what conda takes for a channel.
    lock = replace(lock, channels=(LockChannel(url="conda-forge"),))
    text = form.dumps(lock)
    assert read_format(text) == name
    assert loads_lock(text) == form.kept(lock)


@pytest.mark.parametrize("name", NAMES)
def test_what_loses_nothing_that_changes_what_is_installed_keeps_every_version(name: str) -> None:
    lock = mixed_lock()
    kept = {
        (p.manager, p.name): p.record.version
        for p in loads_lock(lock_format(name).dumps(lock)).platforms[0].packages
    }
    ours = {(p.manager, p.name): p.record.version for p in lock.platforms[0].packages}
    assert kept.items() <= (ours | {("pip", "far"): kept.get(("pip", "far"), "1.0")}).items()
    gone = {key for key in ours.keys() - kept.keys() if name == "environment" or key[0] == "pip"}
    told = " ".join(str(loss) for loss in lock_format(name).losses(lock) if loss.changes_install)
    assert all(key[1] in told for key in gone)


@pytest.mark.parametrize("name", ["base-notebook"])
def test_a_published_lock_as_environment_files(name: str) -> None:
    lock = loads_lock(need_shared("pangeo", name, "conda-lock.yml").read_bytes())
    form = lock_format("environment")
    again = loads_lock(form.dumps(lock, ALL))
    assert again == form.kept(lock, ALL)
    assert [[(r.name, r.version, r.build) for r in part.records] for part in again] == [
        [(r.name, r.version, r.build) for r in part.records] for part in lock
    ]
    assert not [loss for loss in form.losses(lock, ALL) if loss.changes_install]


def test_a_lock_of_versions_alone_is_not_accused_of_what_it_cannot_say() -> None:
    lock = lock_of(part(conda("python 3.12.1 h1_cpython"), roots=[root("python")]))
    report = verify(loads_lock(lock_format("environment").dumps(lock)))
    assert report.ok
    assert report.undecided


def test_the_damage_of_a_version_is_still_found() -> None:
    """What such a lock does say is held to the rules: two packages of one name are one too many."""
    lock = loads_lock(lock_format("environment").dumps(lock_of(part(conda("a 1"), conda("b 1")))))
    packages = lock.platforms[0].packages
    twice = replace(packages[1], record=replace(packages[1].record, name="a"))
    broken = replace(lock, platforms=(replace(lock.platforms[0], packages=(packages[0], twice)),))
    assert [fault.rule for fault in verify(broken).faults] == ["unique"]
