"""The pip half against the real package index: asked of uv by another way, and installed.

Run with ``pytest -m online tests/online``; everything else of the tests is offline.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

import condaenv_tools as ct
from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.model.lock import LockedPlatform, PyPIRecord
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.provided import interpreter_of, provided_by
from tests.shared_data import need_shared

pytestmark = pytest.mark.online

#: The corpus files with a pip section whose both halves have a solution, and where.
FILES = (
    ("01-edu__vizard.yml", ("linux-64", "osx-arm64", "win-64")),
    ("0312sarah__land-cover__tensorflow-baseline-environment-windows.yml", ("linux-64", "win-64")),
    (
        "AlexsLemonade__OpenScPCA-analysis__analyses-cell-type-ewings-environment.yml",
        ("linux-64", "osx-arm64"),
    ),
    ("DeepLabCut__DeepLabCut.yml", ("linux-64", "win-64")),
    ("FESOM__pyfesom2__ci-requirements-doc.yml", ("linux-64", "osx-arm64", "win-64")),
)
CASES = [(name, platform) for name, platforms in FILES for platform in platforms]
TARGETS = {
    "linux-64": "x86_64-manylinux_2_28",
    "osx-arm64": "aarch64-apple-darwin",
    "win-64": "x86_64-pc-windows-msvc",
}


def uv() -> str:
    import uv as package

    return os.fspath(package.find_uv_bin())


def locked(file_path: Path, platform: str) -> LockedPlatform:
    sources = SourceOptions(snapshot=need_shared("channel"))
    # These name a channel that is not recorded, and do without it.
    channels = ("conda-forge",) if file_path.name.startswith(("01-edu", "DeepLabCut")) else ()
    options = ct.LockOptions(platforms=(Platform(platform),), sources=sources, channels=channels)
    return ct.lock_files(file_path, options=options).lock.on(platform)


def pins(part: LockedPlatform) -> dict[str, PyPIRecord]:
    return {p.name: p.record for p in part.packages if isinstance(p.record, PyPIRecord)}


def stub(folder: Path, name: str, version: str) -> str:
    """Write a wheel of nothing but its name and version, what conda has installed already; return its URL."""
    stem = f"{name.replace('-', '_')}-{version}"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        wheel.writestr(f"{stem}.dist-info/METADATA", text)
        wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return (folder / f"{stem}-py3-none-any.whl").as_uri()


def lines_of(path: Path) -> list[str]:
    environment = ct.read_environment(path).environment
    assert environment is not None
    return [item.text for item in environment.pip]


def would_install(
    lines: Iterable[str], limits: Iterable[str], folder: Path, python: str, platform: str
) -> dict[str, str]:
    (folder / "lines.txt").write_text("\n".join(lines), encoding="utf-8")
    (folder / "limits.txt").write_text("\n".join(limits), encoding="utf-8")
    command = [
        uv(),
        "pip",
        "install",
        "--dry-run",
        "--target",
        str(folder / "into"),
        "--python",
        sys.executable,
    ]
    command += ["--python-version", python, "--python-platform", TARGETS[platform], "--only-binary", ":all:"]
    command += ["-r", "lines.txt", "-c", "limits.txt"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return dict(re.findall(r"^ \+ (\S+?)==(\S+)", run.stderr, re.MULTILINE))


@pytest.mark.parametrize(("name", "platform"), CASES)
def test_another_run_beside_what_conda_has_chooses_the_same(name: str, platform: str, tmp_path: Path) -> None:
    file = need_shared("corpus") / name
    part = locked(file, platform)
    found = pins(part)
    python = interpreter_of(part.records)
    assert python is not None
    (tmp_path / "stubs").mkdir()
    given = {str(one.name): one.version for one in provided_by(part.records)}
    limits = [f"{name}=={record.version}" for name, record in found.items()]
    for conda, version in given.items():
        if re.fullmatch(r"[0-9][0-9a-z.!+]*", version):
            # By its address, as the index may have the same version with requirements of its own.
            limits.append(f"{conda} @ {stub(tmp_path / 'stubs', conda, version)}")
    chosen = would_install(lines_of(file), limits, tmp_path, python.version, platform)
    assert {n: v for n, v in chosen.items() if n not in given} == {n: r.version for n, r in found.items()}


def test_the_locked_wheels_install_by_their_hashes_and_fit(tmp_path: Path) -> None:
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    file = tmp_path / "environment.yml"
    file.write_text(
        f"channels: [conda-forge, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - python={minor}\n"
        "  - pip\n  - pip:\n      - flask\n      - rich>=13\n      - httpx[socks]\n",
        encoding="utf-8",
    )
    part = locked(file, "linux-64")
    given = {str(one.name) for one in provided_by(part.records)}
    text = "".join(f"{n}=={r.version} --hash=sha256:{r.sha256}\n" for n, r in sorted(pins(part).items()))
    (tmp_path / "locked.txt").write_text(text, encoding="utf-8")
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*install, "-r", "locked.txt"], cwd=tmp_path, check=True, capture_output=True)
    check = subprocess.run([python, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    lacking = re.findall(r"requires (\S+), which is not installed", check.stdout)
    assert check.returncode == 0 or set(lacking) <= given, check.stdout
