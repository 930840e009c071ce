"""A real index: real sections, on several platforms, checked by another resolver's run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import default_virtual_packages
from condaenv_tools.resolve.pypi.answer import ConflictKind
from condaenv_tools.resolve.pypi.engine import resolve_all
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.pypi.request import PyPIOptions, PyPIRequest
from tests.resolve.pypi.conftest import given, versions

pytestmark = pytest.mark.online

PLATFORMS = (Platform.LINUX_64, Platform.OSX_ARM64, Platform.WIN_64, Platform.LINUX_AARCH64)
LINES = ("rich", "httpx[http2]", "jupyterlab", "scikit-learn", "pywin32; sys_platform == 'win32'")


def asked(platform: Platform, cache: Path, *lines: str, **fields: object) -> PyPIRequest:
    return PyPIRequest(
        platform=platform,
        virtual_packages=default_virtual_packages(platform),
        python_version="3.12.7",
        requirements=tuple(RequirementLine(text=text) for text in lines),
        options=PyPIOptions(cache_dir=cache),
        **fields,  # type: ignore[arg-type]
    )


def test_a_section_on_four_platforms(tmp_path: Path) -> None:
    outcomes = resolve_all([asked(platform, tmp_path, *LINES) for platform in PLATFORMS])
    for outcome in outcomes:
        found = versions(outcome)
        assert {"rich", "h2", "jupyterlab", "numpy"} <= found.keys()
        assert ("pywin32" in found) == (outcome.platform is Platform.WIN_64)
        assert outcome.packages is not None
        assert all(one.sha256 and one.size and one.is_wheel for one in outcome.packages)
        assert all(one.requires is not None and one.via for one in outcome.packages)
        assert outcome.notes == ()


def test_what_conda_provides_is_left_to_it(tmp_path: Path) -> None:
    numpy = given("numpy", "1.26.4")
    (outcome,) = resolve_all([asked(Platform.LINUX_64, tmp_path, "pandas", "scipy", provided=[numpy])])
    found = versions(outcome)
    assert {"pandas", "scipy"} <= found.keys()
    assert "numpy" not in found


def test_a_conflict_with_conda_names_the_demand(tmp_path: Path) -> None:
    request = asked(Platform.LINUX_64, tmp_path, "rich", "pandas==2.1.4", provided=[given("numpy", "2.3.1")])
    (outcome,) = resolve_all([request])
    assert outcome.conflict is not None
    assert outcome.conflict.kind is ConflictKind.EXCLUDE
    assert [line.text for line in outcome.conflict.requirements] == ["pandas==2.1.4"]
    assert outcome.conflict.excluded == (("numpy", "<2,>=1.26.0"),)


@pytest.mark.skipif(sys.platform != "linux", reason="the running platform installs what was locked for it")
def test_another_installer_agrees(tmp_path: Path) -> None:
    import platform

    glibc = platform.libc_ver()[1]
    from condaenv_tools.model.virtual import VirtualPackage, override_virtual_packages

    running = Platform.LINUX_64 if platform.machine() == "x86_64" else Platform.LINUX_AARCH64
    stated = [VirtualPackage(name="__glibc", version=glibc)]
    request = PyPIRequest(
        platform=running,
        virtual_packages=override_virtual_packages(default_virtual_packages(running), stated),
        python_version=platform.python_version(),
        requirements=tuple(RequirementLine(text=text) for text in LINES),
        options=PyPIOptions(cache_dir=tmp_path),
    )
    (outcome,) = resolve_all([request])
    assert outcome.packages is not None
    locked = tmp_path / "locked.txt"
    locked.write_text(
        "".join(f"{one.name} @ {one.url} --hash=sha256:{one.sha256}\n" for one in outcome.packages)
    )
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--require-hashes"]
    done = subprocess.run(
        [*command, "--quiet", "-r", str(locked)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
