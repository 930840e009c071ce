"""Damage to a real lock is found, whatever it is and wherever it strikes; the undamaged is never accused."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.build import dependency_name, reachable_names
from condaenv_tools.lock.conda_lock_v1 import CondaLockV1
from condaenv_tools.lock.verify import Evidence, verify
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform, Root
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage, default_virtual_packages
from tests.lock.toy_locks import conda, pip
from tests.shared_data import need_shared

CHANNEL = "https://conda.anaconda.org/conda-forge"
FORM = CondaLockV1()
#: How often each kind of damage is done, each time elsewhere.
TIMES = 12


class Recorded:
    """The recorded channel."""

    def find(self, channel: str, subdir: str, names: Collection[str]) -> Mapping[str, PackageRecord] | None:
        return _records(subdir) if channel == CHANNEL else None


@cache
def _records(subdir: str) -> dict[str, PackageRecord]:
    path = need_shared("channel", "conda-forge", subdir, "repodata.json")
    tree = json.loads(path.read_text(encoding="utf-8"))
    return {
        file_name: PackageRecord(
            name=entry["name"],
            version=entry["version"],
            build=entry["build"],
            subdir=subdir,
            channel=CHANNEL,
            url=f"{CHANNEL}/{subdir}/{file_name}",
            md5=entry.get("md5"),
            sha256=entry.get("sha256"),
            depends=tuple(entry["depends"]),
            constrains=tuple(entry.get("constrains", ())),
        )
        for key in ("packages", "packages.conda")
        for file_name, entry in tree.get(key, {}).items()
    }


@cache
def sound(platform: str = "linux-64") -> Lock:
    """Return one platform of a published lock, with what was asked for and what was assumed."""
    lock = FORM.loads(need_shared("pangeo", "base-notebook", "conda-lock.yml").read_text(encoding="utf-8"))
    part = lock.on(platform)
    roots = tuple(
        Root(name=spec.split("=")[0], spec=spec, source=f"environment.yml:{line}")
        for line, spec in enumerate(["python=3.12", "pangeo-notebook=2026.01.21", "pip"], start=6)
    )
    machine = default_virtual_packages(part.platform)
    return replace(lock, platforms=(replace(part, roots=roots, virtual_packages=machine),))


def found(lock: Lock, *, records: bool = True) -> set[str]:
    return {fault.rule for fault in verify(lock, Evidence(records=Recorded() if records else None)).faults}


def with_part(lock: Lock, **changes: Any) -> Lock:
    return replace(lock, platforms=(replace(lock.platforms[0], **changes),))


def with_packages(lock: Lock, packages: Collection[LockedPackage]) -> Lock:
    return with_part(lock, packages=tuple(sorted(packages, key=lambda p: (p.manager, p.name))))


def changed(lock: Lock, random: Random, change: Callable[[PackageRecord], PackageRecord]) -> Lock:
    """Return the lock with one record, chosen at random, changed."""
    packages = list(lock.platforms[0].packages)
    i = random.randrange(len(packages))
    record = packages[i].record
    assert isinstance(record, PackageRecord)
    packages[i] = replace(packages[i], record=change(record))
    return with_packages(lock, packages)


def swapped(lock: Lock, old: PackageRecord, new: PackageRecord) -> Lock:
    packages = [replace(p, record=new) if p.record == old else p for p in lock.platforms[0].packages]
    return with_packages(lock, packages)


def removed(lock: Lock, random: Random) -> Lock:
    packages = list(lock.platforms[0].packages)
    del packages[random.randrange(len(packages))]
    return with_packages(lock, packages)


def other_version(lock: Lock, random: Random) -> Lock:
    return changed(lock, random, lambda r: replace(r, version=r.version + ".1"))


def other_build(lock: Lock, random: Random) -> Lock:
    return changed(lock, random, lambda r: replace(r, build="h1234567_99"))


def invented_file(lock: Lock, random: Random) -> Lock:
    def invent(r: PackageRecord) -> PackageRecord:
        version = r.version + ".1"
        return replace(r, version=version, url=f"{r.channel}/{r.subdir}/{r.name}-{version}-{r.build}.conda")

    return changed(lock, random, invent)


def hash_of_another(lock: Lock, random: Random) -> Lock:
    other = random.choice(lock.platforms[0].records)
    return changed(
        lock,
        random,
        lambda r: replace(r, sha256=other.sha256 if other.name != r.name else "0" * 64),
    )


def half_a_hash(lock: Lock, random: Random) -> Lock:
    return changed(lock, random, lambda r: replace(r, sha256=(r.sha256 or "")[:40]))


def no_hash(lock: Lock, random: Random) -> Lock:
    return changed(lock, random, lambda r: replace(r, sha256=None, md5=None))


def wrong_subdir(lock: Lock, random: Random) -> Lock:
    def move(r: PackageRecord) -> PackageRecord:
        return replace(r, subdir="win-64", url=f"{r.channel}/win-64/{r.file_name}")

    return changed(lock, random, move)


def record_of_another_platform(lock: Lock, random: Random) -> Lock:
    others = {r.name: r for r in sound("osx-arm64").platforms[0].records if r.subdir == "osx-arm64"}
    victims = [r for r in lock.platforms[0].records if r.name in others]
    victim = random.choice(victims)
    return swapped(lock, victim, others[victim.name])


def other_host(lock: Lock, random: Random) -> Lock:
    def move(r: PackageRecord) -> PackageRecord:
        channel = "https://conda.example.org/conda-forge"
        return replace(r, channel=channel, url=r.url.replace(r.channel, channel))

    return changed(lock, random, move)


def unmet(lock: Lock, random: Random) -> Lock:
    """Put another real build of a package in its place: one that somebody in the lock cannot work with."""
    records = {r.name: r for r in lock.platforms[0].records}
    wanted = [
        (dependency_name(spec), spec)
        for r in records.values()
        for spec in Recorded().find(CHANNEL, r.subdir, [])[r.file_name].depends  # type: ignore[index]
        if dependency_name(spec) in records
    ]
    return swapped(lock, *_wrong_one(records, wanted, random))


def constrained(lock: Lock, random: Random) -> Lock:
    """Add or swap in a real package that somebody in the lock forbids."""
    records = {r.name: r for r in lock.platforms[0].records}
    wanted = [
        (dependency_name(spec), spec)
        for r in records.values()
        for spec in Recorded().find(CHANNEL, r.subdir, [])[r.file_name].constrains  # type: ignore[index]
        if not spec.startswith("__") and dependency_name(spec) != r.name
    ]
    old, new = _wrong_one(records, wanted, random)
    if old is new:
        return with_packages(lock, [*lock.platforms[0].packages, LockedPackage(record=new)])
    return swapped(lock, old, new)


def _wrong_one(
    records: Mapping[str, PackageRecord], wanted: list[tuple[str, str]], random: Random
) -> tuple[PackageRecord, PackageRecord]:
    random.shuffle(wanted)
    for name, spec in wanted:
        there = [r for subdir in ("linux-64", "noarch") for r in _records(subdir).values() if r.name == name]
        wrong = [r for r in there if not MatchSpec.parse(spec).matches(r)]
        if wrong:
            new = random.choice(wrong)
            return records.get(name, new), new
    raise AssertionError("no record of the channel is wrong")


def old_machine(lock: Lock, random: Random) -> Lock:
    old = {"__glibc": "2.12", "__linux": "2.6"}
    gone = random.random() < 0.3
    machine = [
        replace(v, version=old.get(v.name, v.version))
        for v in lock.platforms[0].virtual_packages or ()
        if not (gone and v.name == "__glibc")
    ]
    return with_part(lock, virtual_packages=tuple(machine))


def dropped_root(lock: Lock, random: Random) -> Lock:
    """Take out a root with all that only it needs: nothing but the roots tells."""
    part = lock.platforms[0]
    needs = {r.name: [dependency_name(spec) for spec in r.depends] for r in part.records}
    leaf = random.choice(["pangeo-notebook"])
    kept = reachable_names(["python", "pip"], {name: n for name, n in needs.items() if name != leaf})
    return with_packages(lock, [p for p in part.packages if p.name in kept])


def unmet_root(lock: Lock, random: Random) -> Lock:
    roots = list(lock.platforms[0].roots or ())
    i = random.randrange(len(roots))
    roots[i] = replace(roots[i], spec=f"{roots[i].name} <0.{random.randrange(9)}")
    return with_part(lock, roots=tuple(roots))


def forgotten_root(lock: Lock, random: Random) -> Lock:
    roots = [r for r in lock.platforms[0].roots or () if r.name != "pangeo-notebook"]
    random.shuffle(roots)
    return with_part(lock, roots=tuple(roots))


def extra_package(lock: Lock, random: Random) -> Lock:
    names = {p.name for p in lock.platforms[0].packages}
    free = [r for r in _records("noarch").values() if r.name not in names]
    return with_packages(lock, [*lock.platforms[0].packages, LockedPackage(record=random.choice(free))])


def duplicate(lock: Lock, random: Random) -> Lock:
    record = random.choice(lock.platforms[0].records)
    again = [r for r in _records(record.subdir).values() if r.name == record.name]
    return with_packages(lock, [*lock.platforms[0].packages, LockedPackage(record=random.choice(again))])


def two_owners(lock: Lock, random: Random) -> Lock:
    record = random.choice(lock.platforms[0].records)
    name = record.name.replace("_", "-").strip("-")
    return with_packages(lock, [*lock.platforms[0].packages, pip(f"{name} {record.version}")])


def weaker_words(lock: Lock, random: Random) -> Lock:
    """Change what the lock says that a package needs, so that the lock cannot meet it."""
    needy = [r for r in lock.platforms[0].records if r.depends]
    record = random.choice(needy)
    name = dependency_name(random.choice(record.depends))
    return swapped(lock, record, replace(record, depends=(*record.depends, f"{name} >=9999")))


MUTATIONS: dict[Callable[[Lock, Random], Lock], set[str]] = {
    removed: {"depends", "roots"},
    other_version: {"known"},
    other_build: {"known"},
    invented_file: {"known"},
    hash_of_another: {"hashes"},
    half_a_hash: {"hashes"},
    no_hash: {"hashes"},
    wrong_subdir: {"known"},
    record_of_another_platform: {"known"},
    other_host: {"known"},
    unmet: {"depends"},
    constrained: {"constrains"},
    old_machine: {"depends"},
    dropped_root: {"roots"},
    unmet_root: {"roots"},
    forgotten_root: {"reachable"},
    extra_package: {"reachable"},
    duplicate: {"unique"},
    two_owners: {"ownership"},
    weaker_words: {"depends"},
}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.__name__)
@pytest.mark.parametrize("seed", range(TIMES))
def test_damage_is_found(mutation: Callable[[Lock, Random], Lock], seed: int) -> None:
    damaged = mutation(sound(), Random(f"{mutation.__name__}{seed}"))
    assert found(damaged) & MUTATIONS[mutation]


@pytest.mark.parametrize(
    "mutation",
    [m for m in MUTATIONS if m not in {invented_file, constrained, unmet}],
    ids=lambda m: m.__name__,
)
def test_most_damage_is_found_without_records_too(mutation: Callable[[Lock, Random], Lock]) -> None:
    for seed in range(TIMES):
        damaged = mutation(sound(), Random(f"{mutation.__name__}{seed}"))
        if mutation is hash_of_another and "0" * 64 in {r.sha256 for r in damaged.platforms[0].records}:
            continue
        assert found(damaged, records=False) & MUTATIONS[mutation]


def test_what_is_written_and_read_is_damaged_as_before() -> None:
    for mutation, rules in MUTATIONS.items():
        damaged = mutation(sound(), Random(mutation.__name__))
        assert found(FORM.loads(FORM.dumps(damaged))) & rules, mutation.__name__


@pytest.mark.parametrize("seed", range(TIMES))
def test_a_file_that_is_cut_off_is_found(seed: int) -> None:
    text = FORM.dumps(sound())
    cut = text[: Random(seed).randrange(len(text) - 2)]
    try:
        lock = FORM.loads(cut)
    except LockFormatError:
        return
    assert found(lock, records=False) & {"depends", "roots", "hashes"}


STATED = {"ml-notebook": "12.0", "pytorch-notebook": "12.0"}


@pytest.mark.parametrize("records", [True, False], ids=["records", "alone"])
@pytest.mark.parametrize("name", ["base-notebook", "ml-notebook", "pangeo-notebook", "pytorch-notebook"])
def test_published_locks_are_not_accused(name: str, *, records: bool) -> None:
    lock = FORM.loads(need_shared("pangeo", name, "conda-lock.yml").read_text(encoding="utf-8"))
    stated = (
        {Platform.LINUX_64: [VirtualPackage(name="__cuda", version=STATED[name])]} if name in STATED else None
    )
    report = verify(lock, Evidence(records=Recorded() if records else None, virtual_packages=stated))
    assert report.faults == ()


def test_the_sound_lock_is_sound() -> None:
    for platform in ("linux-64", "osx-arm64"):
        assert found(sound(platform)) == set()
        assert found(sound(platform), records=False) == set()
    assert isinstance(sound().platforms[0], LockedPlatform)
    assert conda("a 1").manager == "conda"
