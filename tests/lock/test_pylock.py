"""`pylock.toml`: reading and writing are inverse; `packaging` and uv accept what is written; others' are read."""

from __future__ import annotations

import subprocess
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.pylock import Pylock as Peer
from packaging.pylock import is_valid_pylock_path

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.formats import DumpOptions, ReadOptions
from condaenv_tools.lock.pylock import Pylock
from condaenv_tools.model.lock import Lock, LockedPackage, PyPIRecord
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.pypi.uv_binary import find_uv
from tests.lock.toy_locks import LINUX, conda, digest, lock_of, locks, part, pip, root, small_lock
from tests.pypi_index import LINUX as LINUX_TAG
from tests.pypi_index import serve_index, wheel

FORM = Pylock()
DATA = Path(__file__).parents[1] / "data" / "locks"
COMMIT = "0123456789abcdef0123456789abcdef01234567"

one_platform = (
    locks().filter(lambda lock: lock.platforms).map(lambda lock: replace(lock, platforms=lock.platforms[:1]))
)


def direct(name: str, url: str, version: str = "0", **fields: object) -> LockedPackage:
    record = PyPIRecord(name=name, version=version, url=url, source=url)
    return LockedPackage(record=replace(record, **fields))  # type: ignore[arg-type]


def mixed_lock() -> Lock:
    """All kinds of addresses, two categories, and a distribution that conda brings."""
    return lock_of(
        part(
            conda("python 3.12.1 h1_cpython"),
            conda("numpy 2.0"),
            pip("idna 3.10", ("numpy", ">=1"), ("six", "")),
            replace(pip("six 1.16.0"), categories=("dev", "main")),
            replace(pip("black 25.1"), categories=("dev",), optional=True),
            direct("tool", f"git+https://git.example.org/tool.git@{COMMIT}#subdirectory=lib"),
            direct("app", "./libs/app"),
            direct("far", "https://example.org/far-1.0.zip", "1.0", sha256=digest("far")),
            roots=[root("idna", manager="pip"), root("numpy")],
        ),
        metadata=(("team", "data"),),
    )


@given(one_platform)
@settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=75
)
def test_reading_is_the_inverse_of_writing(lock: Lock) -> None:
    text = FORM.dumps(lock)
    assert text.isascii()
    Peer.from_dict(tomllib.loads(text)).validate()
    again = FORM.loads(text)
    assert again == FORM.kept(lock)
    assert FORM.kept(again) == again
    assert FORM.dumps(again) == text


@given(one_platform, st.randoms(use_true_random=False))
@settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=40
)
def test_bytes_do_not_depend_on_order(lock: Lock, random: object) -> None:
    packages = list(lock.platforms[0].packages)
    random.shuffle(packages)  # type: ignore[attr-defined]
    other = replace(
        lock,
        platforms=(replace(lock.platforms[0], packages=tuple(packages)),),
        metadata=tuple(reversed(lock.metadata)),
    )
    assert FORM.dumps(other) == FORM.dumps(lock)


def test_all_kinds_of_addresses_are_kept() -> None:
    lock = mixed_lock()
    text = FORM.dumps(lock)
    assert FORM.loads(text) == FORM.kept(lock)
    ours = {p.name: p for p in lock.platforms[0].packages if p.manager == "pip"}
    assert {p.name: p for p in FORM.loads(text).platforms[0].packages} == ours


def test_packaging_selects_what_is_locked() -> None:
    peer = Peer.from_dict(tomllib.loads(FORM.dumps(mixed_lock())))
    assert str(peer.requires_python) == "==3.12.*"
    env = {
        "sys_platform": "linux",
        "platform_machine": "x86_64",
        "python_full_version": "3.12.1",
        "python_version": "3.12",
    }
    plain = {package.name for package, _ in peer.select(environment=env)}  # type: ignore[arg-type]
    assert plain == {"idna", "six", "tool", "app", "far"}
    with_dev = peer.select(environment=env, dependency_groups=["dev"])  # type: ignore[arg-type]
    assert "black" in {package.name for package, _ in with_dev}


def test_losses_say_what_is_not_written() -> None:
    told = {str(loss): loss.changes_install for loss in FORM.losses(mixed_lock())}
    assert told == {
        "the conda part (2 packages): pylock.toml has distributions of PyPI alone": False,
        "distributions that conda brings and the rest needs: numpy (for idna)": False,
        "the channels of conda": False,
        "which lines ask for packages of conda": False,
    }


def test_what_has_no_hash_is_a_loss_that_changes_what_is_installed() -> None:
    lock = lock_of(part(pip("a 1.0", sha256=None), pip("b 1.0", url="")))
    changing = [loss for loss in FORM.losses(lock) if loss.changes_install]
    assert [loss.text.rpartition(": ")[2] for loss in changing] == ["a, b"]
    assert FORM.loads(FORM.dumps(lock)).platforms[0].packages == ()


def test_a_file_is_about_one_platform() -> None:
    with pytest.raises(LockFormatError, match="the lock has 2: linux-64, osx-arm64"):
        FORM.dumps(small_lock())


@pytest.mark.parametrize(
    "package",
    [
        pip("a 1", url="https://me:hunter2@files.example.org/a-1.zip"),
        direct("a", f"git+https://me:hunter2@git.example.org/a@{COMMIT}"),
        pip("a 1", requirements=("b @ https://me:hunter2@example.org/b.zip",)),
    ],
)
def test_no_credential_is_written(package: LockedPackage) -> None:
    with pytest.raises(LockFormatError, match="must not hold a credential") as caught:
        FORM.dumps(lock_of(part(package)))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("platform", Platform)
def test_file_names_are_those_of_the_specification(platform: Platform) -> None:
    assert is_valid_pylock_path(Path(FORM.file_name(platform)))
    assert is_valid_pylock_path(Path(FORM.file_name()))


def uv_dry_run(lock: Lock, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    uv = find_uv()
    subprocess.run([uv, "venv", "-q", "--no-python-downloads", folder / "env"], check=True)
    path = folder / FORM.file_name(lock.platforms[0].platform)
    path.write_text(FORM.dumps(lock), encoding="utf-8")
    command = [
        uv,
        "pip",
        "install",
        "--dry-run",
        "--preview",
        "-r",
        str(path),
        "--python",
        str(folder / "env"),
    ]
    return subprocess.run([*command, *options], capture_output=True, text=True, check=False)


def served_lock(index_files: dict[str, str], url: str, **fields: object) -> Lock:
    """Return a lock of a served index for the running machine."""
    import sys

    from condaenv_tools.lock.metadata_keys import PYTHON

    packages = [
        pip(f"{file.split('-')[0]} 1.0", url=f"{url}/files/{file}", sha256=sha, **fields)
        for file, sha in index_files.items()
    ]
    python = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    return lock_of(part(*packages), metadata=((PYTHON, python),))


def test_uv_accepts_what_is_written(tmp_path: Path) -> None:
    with serve_index([wheel("aa"), wheel("bb", "1.0", "aa")]) as index:
        files = {one.file_name: one.sha256 for one in index.files}
        lock = served_lock(files, f"http://127.0.0.1:{index.port}")
        told = uv_dry_run(lock, tmp_path, "--no-cache")
    assert told.returncode == 0, told.stderr
    assert "+ aa==1.0" in told.stderr
    assert "+ bb==1.0" in told.stderr


def test_uv_refuses_a_wrong_hash_of_ours(tmp_path: Path) -> None:
    """The hashes that are written are the ones that uv checks."""
    with serve_index([wheel("aa")]) as index:
        lock = served_lock({"aa-1.0-py3-none-any.whl": digest("other")}, f"http://127.0.0.1:{index.port}")
        uv = find_uv()
        path = tmp_path / "pylock.toml"
        path.write_text(FORM.dumps(lock), encoding="utf-8")
        subprocess.run([uv, "venv", "-q", "--no-python-downloads", tmp_path / "env"], check=True)
        command = [uv, "pip", "install", "--preview", "-r", str(path), "--no-cache"]
        told = subprocess.run(
            [*command, "--python", str(tmp_path / "env")], capture_output=True, text=True, check=False
        )
    assert told.returncode != 0
    assert "Hash mismatch" in told.stderr


FILES = "https://files.example.org"
BASE = f"{FILES}/MarkupSafe-3.0.2"
OLD = "manylinux_2_17_x86_64.manylinux2014_x86_64"
FOREIGN = f"""
lock-version = "1.0"
created-by = "some tool"
requires-python = ">=3.11"
extras = ["fast"]
dependency-groups = ["dev"]
default-groups = []

[[packages]]
name = "markupsafe"
version = "3.0.2"
sdist = {{ url = "https://files.example.org/markupsafe-3.0.2.tar.gz", hashes = {{ sha256 = "{digest("0")}" }} }}
wheels = [
    {{ url = "{BASE}-cp311-cp311-macosx_11_0_arm64.whl", hashes = {{ sha256 = "{digest("1")}" }} }},
    {{ url = "{BASE}-cp311-cp311-{OLD}.whl", hashes = {{ sha256 = "{digest("2")}" }} }},
    {{ url = "{BASE}-cp311-cp311-manylinux_2_99_x86_64.whl", hashes = {{ sha256 = "{digest("3")}" }} }},
]

[[packages]]
name = "colorama"
version = "0.4.6"
marker = "sys_platform == 'darwin'"
dependencies = [{{ name = "absent" }}, {{ name = "markupsafe" }}]
wheels = [{{ url = "{FILES}/colorama-0.4.6-py3-none-any.whl", hashes = {{ SHA256 = "{digest("4")}" }} }}]

[[packages]]
name = "pluggy"
version = "1.5.0"
marker = "'dev' in dependency_groups or 'fast' in extras"
wheels = [{{ url = "{FILES}/pluggy-1.5.0-py3-none-any.whl", hashes = {{ sha256 = "{digest("5")}" }} }}]
"""


def test_a_file_for_several_machines_is_read_for_those_that_it_serves() -> None:
    lock = FORM.loads(FOREIGN)
    assert [part.platform.value for part in lock] == ["linux-64", "osx-arm64"]
    linux, mac = ({p.name: p for p in part.packages} for part in lock)
    assert sorted(linux) == ["markupsafe", "pluggy"]
    assert linux["markupsafe"].record.sha256 == digest("2")
    assert mac["markupsafe"].record.sha256 == digest("1")
    assert mac["colorama"].record == PyPIRecord(
        name="colorama",
        version="0.4.6",
        url="https://files.example.org/colorama-0.4.6-py3-none-any.whl",
        sha256=digest("4"),
        requires=(("markupsafe", ""),),
    )
    assert linux["pluggy"].categories == ("dev", "fast")
    assert dict(lock.metadata) == {"condaenv.python": "3.11"}


def test_a_platform_that_is_asked_for_may_have_to_build() -> None:
    lock = FORM.loads(FOREIGN, options=ReadOptions(platforms=(Platform.WIN_64,)))
    assert lock.on("win-64").packages[0].record.url.endswith(".tar.gz")


def test_a_python_that_is_asked_for_decides() -> None:
    lock = FORM.loads(FOREIGN, options=ReadOptions(platforms=(LINUX,), python="3.13"))
    assert lock.on(LINUX).packages[0].record.url.endswith(".tar.gz")


def test_a_platform_that_is_not_served_is_told() -> None:
    text = FOREIGN.replace("sdist = ", "# ")
    with pytest.raises(LockFormatError) as caught:
        FORM.loads(text, path="pylock.toml", options=ReadOptions(platforms=(Platform.WIN_64,)))
    told = str(caught.value)
    assert "pylock.toml:9: markupsafe 3.0.2 has no archive for win-64 with Python 3.11" in told
    assert "-p names the platforms" in told


def test_the_name_of_a_file_says_its_platform() -> None:
    lock = FORM.loads(FOREIGN, path="locks/pylock.osx-arm64.toml")
    assert [part.platform.value for part in lock] == ["osx-arm64"]


def test_environments_say_the_platforms() -> None:
    marker = "environments = [\"sys_platform == 'linux' and platform_machine == 'ppc64le'\"]\n"
    text = "\n".join(line for line in FOREIGN.splitlines() if "MarkupSafe" not in line)
    lock = FORM.loads(marker + text)
    assert [part.platform.value for part in lock] == ["linux-ppc64le"]


def test_a_wheel_for_one_python_says_which() -> None:
    text = f"""
lock-version = "1.0"
created-by = "pip"
[[packages]]
name = "aa"
version = "1.0"
[[packages.wheels]]
name = "aa-1.0-{LINUX_TAG}.whl"
url = "https://me:hunter2@files.example.org/aa-1.0-{LINUX_TAG}.whl"
[packages.wheels.hashes]
sha256 = "{digest("aa")}"
"""
    lock = FORM.loads(text)
    assert [part.platform.value for part in lock] == ["linux-64"]
    assert dict(lock.metadata) == {"condaenv.python": "3.12"}
    assert lock.on(LINUX).packages[0].record.url == f"https://files.example.org/aa-1.0-{LINUX_TAG}.whl"


def test_what_conda_brings_has_no_address_to_write() -> None:
    lock, options = lock_of(part(conda("pytorch 2.5.1"), pip("idna 3.10"))), DumpOptions(map_conda=True)
    changing = [str(loss) for loss in FORM.losses(lock, options) if loss.changes_install]
    assert changing == ["left out, since PEP 751 wants an address and a hash of each archive: torch"]
    assert [p.name for p in FORM.loads(FORM.dumps(lock, options)).platforms[0].packages] == ["idna"]
