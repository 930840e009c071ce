"""Damage in each format that is read and written: found where the format can express it, and else told as open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.registry import FORMATS, lock_format
from condaenv_tools.lock.verify import Evidence, VerifyReport, verify
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.lock import Lock, PyPIRecord, Root
from condaenv_tools.parse.environment_yml import parse_environment
from tests.lock import test_mutations as conda_damage
from tests.lock.test_mutations import Recorded, changed, sound, with_packages, with_part
from tests.lock.toy_locks import digest, pip

FILE = """\
channels: [conda-forge, nodefaults]
platforms: [linux-64]
dependencies:
  - python=3.12
  - pangeo-notebook=2026.01.21
  - pip
  - pip:
    - app
"""
#: What is asked of a format that has nothing of conda.
PIP_FILE = "channels: [conda-forge, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - pip:\n    - app\n"
PYPI_ALONE = ("pylock", "requirements")
TIMES = 3
Mutation = Callable[[Lock, Random], Lock]


@cache
def mixed() -> Lock:
    """Return a published lock with two distributions, of which one needs the other and a package of conda."""
    lock = sound()
    roots = (*(lock.platforms[0].roots or ()), Root(name="app", spec="app", source="e.yml:8", manager="pip"))
    ours = (pip("app 1.0", ("jinja2", ">=2"), ("lib", ">=1")), pip("lib 1.2"))
    return with_packages(with_part(lock, roots=roots), [*lock.platforms[0].packages, *ours])


@cache
def files(text: str = FILE) -> tuple[Environment, ...]:
    environment = parse_environment(text, path="environment.yml").environment
    assert environment is not None
    return (environment,)


@cache
def clean(name: str) -> Lock:
    form = lock_format(name)
    return form.loads(form.dumps(mixed()))


def proven(lock: Lock, *, records: bool = True) -> VerifyReport:
    return verify(lock, Evidence(records=Recorded() if records else None))


def conda_only(change: Mutation) -> Mutation:
    """Apply damage that is made for records of conda, and leave the distributions as they are."""

    def damage(lock: Lock, random: Random) -> Lock:
        packages = lock.platforms[0].packages
        bare = with_packages(lock, [p for p in packages if p.manager == "conda"])
        damaged = change(bare, random)
        ours = [p for p in packages if p.manager == "pip"]
        return with_packages(damaged, [*damaged.platforms[0].packages, *ours])

    damage.__name__ = change.__name__
    return damage


def both_hashes_of_another(lock: Lock, random: Random) -> Lock:
    return changed(lock, random, lambda r: replace(r, sha256="0" * 64, md5="0" * 32))


CONDA = {conda_only(change): rules for change, rules in conda_damage.MUTATIONS.items()}
CONDA[conda_only(both_hashes_of_another)] = {"hashes"}


def of_pip(lock: Lock, name: str, **fields: object) -> Lock:
    packages = [
        replace(p, record=replace(p.record, **fields))  # type: ignore[arg-type]
        if isinstance(p.record, PyPIRecord) and p.name == name
        else p
        for p in lock.platforms[0].packages
    ]
    return with_packages(lock, packages)


def removed_distribution(lock: Lock, _: Random) -> Lock:
    return with_packages(lock, [p for p in lock.platforms[0].packages if p.name != "lib"])


def other_release(lock: Lock, _: Random) -> Lock:
    return of_pip(lock, "lib", version="1.3")


def unmet_requirement(lock: Lock, random: Random) -> Lock:
    version = random.choice(["0.1", "0.9", "1.0rc1"])
    url = f"https://files.example.org/lib-{version}-py3-none-any.whl"
    return of_pip(lock, "lib", version=version, url=url, sha256=digest(url))


def hash_of_the_other(lock: Lock, _: Random) -> Lock:
    return of_pip(lock, "lib", sha256=pip("app 1.0").record.sha256)


def distribution_of_both(lock: Lock, _: Random) -> Lock:
    return with_packages(lock, [*lock.platforms[0].packages, pip("jinja2 3.0")])


def distribution_too_many(lock: Lock, random: Random) -> Lock:
    return with_packages(lock, [*lock.platforms[0].packages, pip(f"spare {random.randrange(9)}.1")])


def asked_for_and_gone(lock: Lock, _: Random) -> Lock:
    return with_packages(lock, [p for p in lock.platforms[0].packages if p.manager == "conda"])


PIP: dict[Mutation, set[str]] = {
    removed_distribution: {"depends"},
    other_release: {"known"},
    unmet_requirement: {"depends"},
    hash_of_the_other: {"hashes"},
    distribution_of_both: {"ownership"},
    distribution_too_many: {"reachable"},
    asked_for_and_gone: {"roots"},
}

#: What a format cannot decide, though its text differs: the rule that says so in words.
OPEN = {
    ("pylock", "distribution_of_both"): "ownership",
    ("requirements", "distribution_of_both"): "ownership",
    ("requirements", "distribution_too_many"): "depends, reachable",
    ("requirements", "other_release"): "known, hashes",
    ("requirements", "removed_distribution"): "depends, reachable",
    ("requirements", "unmet_requirement"): "depends, reachable",
    ("environment", "distribution_too_many"): "depends, reachable",
    # A distribution of which nobody knows the needs may need it.
    ("environment", "extra_package"): "depends, reachable",
    ("environment", "other_release"): "known, hashes",
    ("environment", "removed_distribution"): "depends, reachable",
    ("environment", "unmet_requirement"): "depends, reachable",
    ("explicit", "distribution_too_many"): "depends, reachable",
    ("explicit", "extra_package"): "depends, reachable",
    ("explicit", "removed_distribution"): "depends, reachable",
    ("explicit", "unmet_requirement"): "depends, reachable",
}


#: Damage of which the text of a format says nothing: it comes back undamaged.
SILENT = {
    "pixi": {"unmet_root", "forgotten_root"},
    "pixi-v6": {"unmet_root", "forgotten_root", "old_machine"},
    "explicit": {
        *("unmet_root", "forgotten_root", "old_machine", "weaker_words"),
        # The name of the archive says version and build, and the MD5 stands for both hashes.
        *("hash_of_another", "other_build", "other_release", "other_version"),
    },
    "environment": {
        *("unmet_root", "forgotten_root", "old_machine", "weaker_words"),
        *(
            "both_hashes_of_another",
            "hash_of_another",
            "half_a_hash",
            "no_hash",
            "other_host",
            "wrong_subdir",
        ),
    },
}


def outcome(name: str, mutation: Mutation, seed: int) -> str:
    """Return what becomes of a damaged lock that goes through a format, in one word."""
    form = lock_format(name)
    try:
        read = form.loads(form.dumps(mutation(mixed(), Random(f"{mutation.__name__}{seed}"))))
    except LockFormatError:
        return "refused"
    if read == clean(name):
        return "silent"
    alone = proven(read)
    beside = alone
    # What only the roots tell is seen beside the files, in a format that does not say what was asked for.
    if any(part.roots is None for part in read.platforms):
        wanted = files(PIP_FILE) if name in PYPI_ALONE else files()
        beside = verify(read, Evidence(records=Recorded(), files=wanted))
    found = {fault.rule for fault in (*alone.faults, *beside.faults)}
    if found & (CONDA | PIP)[mutation] or (found and beside.faults):
        return "found"
    open_rule = OPEN.get((name, mutation.__name__))
    if open_rule is not None and any(text.partition(":")[0] == open_rule for text in alone.undecided):
        return "open"
    return "missed"


def expected(name: str, mutation: Mutation) -> set[str]:
    if mutation.__name__ in SILENT.get(name, ()):
        return {"silent"}
    # Of two lines with one name, one is written: that of the locked record, or the other, which is found.
    if (name, mutation.__name__) == ("environment", "duplicate"):
        return {"silent", "found"}
    # A random choice may meet what the format does say.
    return {"found", "refused", "open"} if (name, mutation.__name__) in OPEN else {"found", "refused"}


WITH_CONDA = [name for name in FORMATS if name not in PYPI_ALONE]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("records", [True, False], ids=["records", "alone"])
def test_the_undamaged_is_not_accused(name: str, *, records: bool) -> None:
    assert proven(clean(name), records=records).faults == ()


@pytest.mark.parametrize("name", FORMATS)
def test_the_undamaged_is_not_accused_beside_its_file(name: str) -> None:
    wanted = files(PIP_FILE) if name in PYPI_ALONE else files()
    assert verify(clean(name), Evidence(records=Recorded(), files=wanted)).faults == ()


@pytest.mark.parametrize("name", WITH_CONDA)
@pytest.mark.parametrize("mutation", CONDA, ids=lambda m: m.__name__)
def test_damage_to_what_conda_brings_is_found(name: str, mutation: Mutation) -> None:
    for seed in range(TIMES):
        assert outcome(name, mutation, seed) in expected(name, mutation), seed


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("mutation", PIP, ids=lambda m: m.__name__)
def test_damage_to_distributions_is_found(name: str, mutation: Mutation) -> None:
    for seed in range(TIMES):
        assert outcome(name, mutation, seed) in expected(name, mutation), seed
