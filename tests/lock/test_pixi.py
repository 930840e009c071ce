"""`pixi.lock`: reading and writing are inverse but for listed losses, and py-rattler reads the same of it."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rattler import LockFile

from condaenv_tools.errors import LockFormatError
from condaenv_tools.jobs.verify_files import read_lock
from condaenv_tools.lock.conda_lock_v1 import CondaLockV1
from condaenv_tools.lock.pixi import PixiLock
from condaenv_tools.lock.registry import loads_lock, read_format
from condaenv_tools.model.lock import Lock, LockChannel, PyPIRecord
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from tests.lock.toy_locks import (
    CHANNEL,
    LINUX,
    MAC,
    conda,
    digest,
    lock_of,
    locks,
    part,
    pip,
    root,
    small_lock,
)
from tests.shared_data import need_shared

NEWEST, OLDER = PixiLock(), PixiLock(6)
FORMS = pytest.mark.parametrize("form", [NEWEST, OLDER], ids=["v7", "v6"])
ENVIRONMENTS = sorted((Path(__file__).parents[2] / "environments").glob("*/conda-lock.yml"))
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def rattler_text(text: str, folder: Path) -> str:
    """Return what py-rattler writes of what it reads of a text: always version 7."""
    ours, theirs = folder / "ours.lock", folder / "theirs.lock"
    ours.write_text(text, encoding="utf-8")
    LockFile.from_path(ours).to_path(theirs)
    return theirs.read_text(encoding="utf-8")


def full_lock() -> Lock:
    """One lock with all that the format can say, and nothing that it cannot."""
    python = conda(
        "python 3.12.1 h1_0_cpython",
        "libffi  >=3.4,<4.0a0",
        "__glibc >=2.17",
        build_number=7,
        constrains=("python_abi 3.12.* *_cp312",),
        license="Python-2.0",
        license_family="PSF",
        size=30_000_000,
        timestamp=1_700_000_000_000,
        track_features=("one", "two"),
        features="old",
        flags=("cuda",),
        purls=("pkg:generic/python",),
        python_site_packages_path="lib/python3.12/site-packages",
        extra_depends=(("test", ("pytest >=8", "coverage")), ("x", ("why",))),
        noarch=None,
    )
    libffi = conda("libffi 3.4.2 h_5", build_number=5, size=1)
    tool = conda("tool 1.0 pyh_0", "python >=3.9", subdir="noarch", noarch="generic", categories=("dev",))
    local = conda("own 1 0", url="./own/own-1-0.conda", channel="", noarch="python")
    odd = conda("odd 2 1", url=f"{CHANNEL}/linux-64/other-1.0-0.tar.bz2", build_number=4)
    wheel = pip("idna 3.10", ("typing-extensions", ">=4"))
    address = f"git+https://git.example.org/app.git@{COMMIT}#subdirectory=lib"
    git = pip("app 1.2", url=address, source=address, sha256=None)
    tree = pip("own-tree 0", url="./libs/own", source="./libs/own", sha256=None)
    extension = pip(
        "typing-extensions 4.1", requirements=("a[x]>=1 ; python_version < '3.9'", "b ; extra == 'x'")
    )
    return lock_of(
        part(python, libffi, tool, local, odd, wheel, git, tree, extension),
        part(platform=MAC),
        channels=(
            LockChannel(url="conda-forge"),
            LockChannel(url="https://${TOKEN}@c.example.org/a", used_env_vars=("TOKEN",)),
        ),
        sources=(),
        metadata=(
            ("condaenv.strategy", "lowest"),
            ("pixi.channel-priority", "disabled"),
            ("pixi.find-links", "path: ./wheels\nurl: https://links.example.org/"),
            ("pixi.indexes", "https://index.example.org/simple"),
            ("pixi.pypi-prerelease-mode", "allow"),
        ),
    )


@FORMS
@given(locks())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=80)
def test_reading_is_the_inverse_of_writing(form: PixiLock, lock: Lock) -> None:
    text = form.dumps(lock)
    assert text.isascii()
    again = form.loads(text)
    assert again == form.kept(lock)
    assert form.kept(again) == again
    assert form.dumps(again) == text
    assert form.losses(again) == () or form is OLDER


@given(locks(), st.randoms(use_true_random=False))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40)
def test_bytes_do_not_depend_on_order(lock: Lock, random: Any) -> None:
    def shuffled(items: tuple[Any, ...]) -> tuple[Any, ...]:
        found = list(items)
        random.shuffle(found)
        return tuple(found)

    parts = [
        replace(
            p,
            packages=tuple(replace(q, categories=shuffled(q.categories)) for q in shuffled(p.packages)),
            virtual_packages=None if p.virtual_packages is None else shuffled(p.virtual_packages),
        )
        for p in shuffled(lock.platforms)
    ]
    other = replace(lock, platforms=tuple(parts), metadata=shuffled(lock.metadata))
    assert NEWEST.dumps(other) == NEWEST.dumps(lock)


@FORMS
@given(locks())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40)
def test_the_libraries_agree_on_what_we_write(form: PixiLock, lock: Lock) -> None:
    text = form.dumps(lock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "yaml_rs", None)
        assert form.loads(text) == form.kept(lock)


def test_all_that_the_format_says_comes_back() -> None:
    lock = full_lock()
    again = NEWEST.loads(NEWEST.dumps(lock))
    assert again.channels == lock.channels
    assert again.metadata == lock.metadata
    assert again.unknown == frozenset()
    assert [p.virtual_packages for p in again] == [p.virtual_packages for p in lock]
    before = {p.name: p for p in lock.on(LINUX).packages}
    after = {p.name: p for p in again.on(LINUX).packages}
    for name, package in before.items():
        if isinstance(package.record, PackageRecord):
            assert after[name] == package
    assert {p.manager for p in again.on(LINUX).packages} == {"conda", "pip"}
    assert tuple(map(str, NEWEST.losses(lock))) == ("hash of the input (2)",)


@FORMS
def test_py_rattler_writes_what_we_write(form: PixiLock, tmp_path: Path) -> None:
    lock = full_lock()
    # The crate puts the index into each package, and writes markers in its own way.
    pairs = tuple(pair for pair in lock.metadata if pair[0] not in {"pixi.indexes", "pixi.find-links"})
    linux = lock.on(LINUX)
    packages = tuple(p for p in linux.packages if p.name not in {"typing-extensions", "own-tree"})
    lock = replace(lock, metadata=pairs, platforms=(replace(linux, packages=packages),))
    text = form.dumps(lock)
    assert rattler_text(text, tmp_path) == NEWEST.dumps(form.loads(text))


def identity(record: PackageRecord | PyPIRecord) -> tuple[str | None, ...]:
    return record.name, record.version, record.url, record.sha256, record.md5


def same(ours: PackageRecord, theirs: dict[str, object]) -> bool:
    """Say whether py-rattler's record says what ours does, in every field."""
    alike = {
        "track_features": list(ours.track_features),
        "depends": list(ours.depends),
        "constrains": list(ours.constrains),
        "flags": list(ours.flags),
        "purls": list(ours.purls),
        "extra_depends": {k: list(v) for k, v in ours.extra_depends},
    }
    for field in fields(ours):
        value = alike.get(field.name, getattr(ours, field.name))
        found = theirs.get(field.name)
        if field.name == "channel":
            found = str(found or "").rstrip("/")
        if (value or None) != (found or None):
            return False
    return True


@FORMS
@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.parent.name)
def test_py_rattler_reads_the_locks_of_the_environments_alike(
    form: PixiLock, path: Path, tmp_path: Path
) -> None:
    lock = loads_lock(path.read_bytes())
    text = form.dumps(lock)
    again = form.loads(text)
    assert again == form.kept(lock)
    target = tmp_path / "pixi.lock"
    target.write_text(text, encoding="utf-8")
    read = LockFile.from_path(target)
    environment = read.environment("default")
    assert environment is not None
    for platform in read.platforms():
        theirs = {
            r.url: json.loads(r.to_json())
            for r in environment.conda_repodata_records_for_platform(platform) or ()
        }
        ours = again.on(platform.name)
        main = [
            p.record for p in ours.packages if "main" in p.categories and isinstance(p.record, PackageRecord)
        ]
        assert sorted(theirs) == sorted(r.url for r in main)
        assert all(same(record, theirs[record.url]) for record in main)
        wheels = {w.name: w for w in environment.pypi_packages_for_platform(platform) or ()}
        mine = [
            p.record for p in ours.packages if "main" in p.categories and isinstance(p.record, PyPIRecord)
        ]
        assert {r.name: r.version for r in mine} == {name: str(w.version) for name, w in wheels.items()}
        for one in mine:
            hashes = wheels[one.name].hashes
            assert one.sha256 == (hashes.sha256.hex() if hashes and hashes.sha256 else None)
            assert len(wheels[one.name].requires_dist) == len(one.requirements)


@pytest.mark.parametrize("name", ["base-notebook", "ml-notebook", "pangeo-notebook", "pytorch-notebook"])
def test_published_locks_there_and_back(name: str, tmp_path: Path) -> None:
    """What conda-lock wrote is what it would read again: only the input's hash and the sources are lost."""
    lock = loads_lock(need_shared("pangeo", name, "conda-lock.yml").read_bytes())
    text = NEWEST.dumps(lock)
    back = CondaLockV1().loads(CondaLockV1().dumps(NEWEST.loads(text)))
    ours = {(p.platform, q.name): q for p in back for q in p.packages}
    theirs = {(p.platform, q.name): q for p in CondaLockV1().kept(lock) for q in p.packages}
    assert ours.keys() == theirs.keys()
    differing = {package.record.url for key, package in theirs.items() if package != ours[key]}
    for key, package in theirs.items():
        if package != ours[key]:
            # conda-lock says other things of the archive on another platform.
            assert identity(package.record) == identity(ours[key].record)
            assert len({one.record for one in theirs.values() if one.record.url == package.record.url}) > 1
    told = {re.sub(r" \(\d+\)", "", loss.text) for loss in NEWEST.losses(lock)}
    said = {"that platforms say different things of one archive"} if differing else set()
    assert told == {"files that were locked", "hash of the input", *said}
    assert back.unknown == lock.unknown
    assert rattler_text(text, tmp_path) == text


def test_a_lock_that_says_little_claims_no_more() -> None:
    said = CondaLockV1().loads(CondaLockV1().dumps(small_lock()))
    bare = NEWEST.loads(NEWEST.dumps(said))
    assert {"constrains", "size", "license"} <= bare.unknown
    assert NEWEST.loads(NEWEST.dumps(full_lock())).unknown == frozenset()


def test_categories_are_environments_and_default_has_main_alone() -> None:
    text = NEWEST.dumps(small_lock())
    default, dev = re.findall(r"^  (default|dev):", text, re.MULTILINE)
    assert (default, dev) == ("default", "dev")
    in_default = text.partition("  default:")[2].partition("  dev:")[0]
    assert "black" not in in_default
    again = NEWEST.loads(text).on(LINUX)
    assert {p.name: (p.categories, p.optional) for p in again.packages} == {
        "black": (("dev",), True),
        "libffi": (("main",), False),
        "pip": (("main",), False),
        "python": (("main",), False),
    }
    told = [loss.text for loss in NEWEST.losses(small_lock())]
    assert "other categories of packages that main has, too (6)" in told
    assert not any(loss.changes_install for loss in NEWEST.losses(small_lock()))


def test_what_pip_needs_is_decided_by_the_python_of_the_lock() -> None:
    python = conda("python 3.12.1 h_0", size=1)
    app = pip(
        "app 1",
        requirements=("tool[fast]>=2", "old ; python_version < '3.9'", "mac ; sys_platform == 'darwin'"),
    )
    tool = pip("tool 2", requirements=("quick ; extra == 'fast'", "slow ; extra == 'other'"))
    again = NEWEST.loads(NEWEST.dumps(lock_of(part(python, app, tool))))
    found = {p.name: p.record.requires for p in again.on(LINUX).packages if isinstance(p.record, PyPIRecord)}
    assert found == {"app": (("tool", ">=2"),), "tool": (("quick", ""),)}


THREE = f"""version: 7
platforms:
- name: linux-64
environments:
  default:
    channels: []
    packages:
      linux-64:
      - conda: {CHANNEL}/linux-64/a-1-0.conda
  one:
    channels: []
    packages:
      linux-64:
      - conda: {CHANNEL}/linux-64/a-1-0.conda
      - conda: {CHANNEL}/linux-64/b-1-0.conda
  two:
    channels: []
    packages:
      linux-64:
      - conda: {CHANNEL}/linux-64/b-2-0.conda
packages:
- conda: {CHANNEL}/linux-64/a-1-0.conda
- conda: {CHANNEL}/linux-64/b-1-0.conda
- conda: {CHANNEL}/linux-64/b-2-0.conda
"""


def test_environments_that_make_no_one_lock_are_named(tmp_path: Path) -> None:
    with pytest.raises(LockFormatError) as caught:
        loads_lock(THREE, path="pixi.lock")
    assert str(caught.value).splitlines()[1] == (
        "  pixi.lock:4: its 3 environments (default, one, two) make no one lock: "
        "two does not have a of default on linux-64"
    )
    assert caught.value.hints == ("name the one that is meant behind the file: pixi.lock#ENVIRONMENT",)
    (tmp_path / "pixi.lock").write_text(THREE, encoding="utf-8")
    for name, expected in (("default", ["a 1"]), ("one", ["a 1", "b 1"]), ("two", ["b 2"])):
        lock = read_lock(tmp_path / f"pixi.lock#{name}")
        assert [f"{r.name} {r.version}" for r in lock.on(LINUX).records] == expected
        assert {p.categories for p in lock.on(LINUX).packages} == {("main",)}
    with pytest.raises(LockFormatError, match="there is no environment three; it has: default, one, two"):
        read_lock(tmp_path / "pixi.lock#three")


def test_environments_that_differ_in_a_build_are_no_lock() -> None:
    first, second = (f"      - conda: {CHANNEL}/linux-64/{name}-0.conda\n" for name in ("a-1", "b-2"))
    text = THREE.replace(f"{second}packages", f"{first}{second}packages")
    with pytest.raises(LockFormatError, match="they have different builds of b on linux-64"):
        loads_lock(text)


def test_what_is_built_from_source_is_refused_where_it_is_read() -> None:
    text = THREE.replace(f"- conda: {CHANNEL}/linux-64/b-2-0.conda", "- conda_source: b[0123] @ ../b")
    with pytest.raises(LockFormatError, match=r"x#two:20: b\[0123\] @ \.\./b is built from source"):
        loads_lock(text, path="x#two")
    assert len(loads_lock(text, path="x#one").on(LINUX).packages) == 2


def test_platforms_with_names_of_their_own_are_read() -> None:
    text = THREE.replace(
        "- name: linux-64", "- name: box\n  subdir: linux-64\n  virtual-packages:\n  - __glibc=2.17"
    ).replace("      linux-64:", "      box:")
    lock = loads_lock(text, path="x#one")
    assert [str(v) for v in lock.on(LINUX).virtual_packages or ()] == ["__glibc=2.17=0"]


OLD = """version: {}
environments:
  default:
    channels:
    - url: https://conda.anaconda.org/conda-forge/
    packages:
      linux-64:
      - conda: {}/linux-64/xz-5.8.1-h_0.conda
packages:
- kind: conda
  name: xz
  version: 5.8.1
  build: h_0
  build_number: 0
  subdir: linux-64
  url: {}/linux-64/xz-5.8.1-h_0.conda
  md5: {}
  size: 12
"""
LISTS = """version: {}
metadata:
  content_hash:
    linux-64: abc
  channels:
  - url: https://conda.anaconda.org/conda-forge/
    used_env_vars: []
  platforms:
  - linux-64
  sources: []
package:
- platform: linux-64
  name: xz
  version: 5.8.1
  category: main
  manager: conda
  dependencies:
  - __glibc >=2.17
  url: {}/linux-64/xz-5.8.1-h_0.conda
  hash:
    md5: {}
  build: h_0
  subdir: linux-64
  build_number: 0
  size: 12
"""


@pytest.mark.parametrize("version", [2, 3, 4, 5])
def test_older_versions_are_read(version: int) -> None:
    md5 = digest("xz", "md5")
    text = LISTS.format(version, CHANNEL, md5) if version < 4 else OLD.format(version, CHANNEL, CHANNEL, md5)
    assert read_format(text) == "pixi-older"
    lock = loads_lock(text)
    (record,) = lock.on(LINUX).records
    assert (str(record), record.md5, record.size) == ("xz 5.8.1 h_0", md5, 12)
    assert lock.channels == (LockChannel(url="conda-forge"),)


def test_an_older_version_that_is_damaged_is_told() -> None:
    with pytest.raises(LockFormatError, match=r"my\.lock is an old pixi\.lock that cannot be read: "):
        loads_lock("version: 4\nenvironments: 3\npackages: []\n", path="my.lock")


@FORMS
@pytest.mark.parametrize(
    "lock",
    [
        lock_of(part(conda("a 1", url="https://me:hunter2@conda.example.org/c/linux-64/a-1-0.conda"))),
        lock_of(part(conda("a 1", channel="https://conda.example.org/t/hunter2/c"))),
        lock_of(part(), channels=(LockChannel(url="https://me:hunter2@conda.example.org/c"),)),
        lock_of(part(pip("a 1", requirements=("b @ https://me:hunter2@files.example.org/b.whl",)))),
    ],
    ids=["password", "token", "channel", "requirement"],
)
def test_no_credential_is_written(form: PixiLock, lock: Lock) -> None:
    with pytest.raises(LockFormatError, match="credential") as caught:
        form.dumps(lock)
    assert "hunter2" not in str(caught.value)


def test_a_list_of_versions_is_no_pixi_lock() -> None:
    with pytest.raises(LockFormatError, match="the lock does not say it of a, b"):
        NEWEST.dumps(lock_of(part(conda("a 1", url=""), pip("b 1", url=""))))


def test_losses_are_listed() -> None:
    lock = lock_of(
        part(
            conda("a 1 h_0", subdir="noarch", categories=("Big Data",)),
            pip("b 1", ("c", "no specifier"), source="https://files.example.org/b-1-py3-none-any.whl"),
            pip("d 1.5", url="../d", source="../d"),
            roots=[root("a")],
        ),
        channels=(LockChannel(url="defaults"),),
        metadata=(("team", "x"),),
    )
    assert tuple(map(str, NEWEST.losses(lock))) == (
        "files that were locked (1)",
        "hash of the input (1)",
        "name of a category, which no environment can have (1)",
        "notes in the metadata (1)",
        "requirements that PEP 508 does not read (1)",
        "that a package of noarch says no kind (1)",
        "that an archive was asked for by its URL (1)",
        "the name of a channel, for which its URLs stand (1)",
        "version of a source tree (1)",
        "what was asked for (1)",
    )
    assert "virtual packages that were assumed of a machine (1)" in map(str, OLDER.losses(lock))


def test_a_file_that_is_cut_anywhere_is_refused_or_misses_what_stood_last() -> None:
    text = NEWEST.dumps(small_lock())
    whole = NEWEST.loads(text)
    accepted = 0
    for end in range(0, len(text), 7):
        try:
            found = loads_lock(text[:end], path="x")
        except LockFormatError:
            continue
        accepted += 1
        assert [[p.name for p in part_.packages] for part_ in found] == [
            [p.name for p in part_.packages] for part_ in whole
        ]
    # The last package alone may be short of its last lines.
    assert accepted < 30


def test_platforms_without_packages_are_kept() -> None:
    lock = NEWEST.loads(NEWEST.dumps(lock_of(part(platform=Platform.WIN_64))))
    assert [p.platform for p in lock] == [Platform.WIN_64]


def test_the_commit_that_conda_lock_calls_a_hash_is_none(tmp_path: Path) -> None:
    address = f"git+https://git.example.org/app@{COMMIT}"
    lock = lock_of(part(pip("app 1", url=address, source=address, sha256=COMMIT)))
    text = NEWEST.dumps(lock)
    assert "sha256" not in text
    assert NEWEST.loads(text) == NEWEST.kept(lock)
    assert rattler_text(text, tmp_path) == text


def test_a_hash_that_is_none_is_refused_before_it_is_written() -> None:
    with pytest.raises(LockFormatError, match="the md5 of a on linux-64 is no such hash: 'abc'"):
        NEWEST.dumps(lock_of(part(conda("a 1", md5="abc"))))
