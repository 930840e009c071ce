"""The pip half alone, its cache warm: a section for several platforms, against as many bare runs of uv."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.interface import Inputs, Row
from benchmarks.sides import call_sides
from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import default_virtual_packages
from condaenv_tools.resolve.pypi.engine import resolve_all
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.pypi.request import PyPIOptions, PyPIRequest

__all__ = ["pip_section"]

_PYTHON = "3.12.7"
#: uv's words for the platforms, as one would type them.
_TARGETS = {
    "linux-64": "x86_64-manylinux_2_28",
    "linux-aarch64": "aarch64-manylinux_2_28",
    "osx-64": "x86_64-apple-darwin",
    "osx-arm64": "aarch64-apple-darwin",
    "win-64": "x86_64-pc-windows-msvc",
}


def pip_section(inputs: Inputs) -> list[Row]:
    """Measure `resolve_all`, which reads and proves every archive's metadata, and the bare runs side by side."""
    folder = inputs.scratch / "pip"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "requirements.in").write_text("".join(f"{line}\n" for line in inputs.requirements))
    requests = [_request(inputs, Platform(name), folder / "ours") for name in inputs.platforms]
    found: list[int] = []

    def ours() -> None:
        found[:] = [_count(outcome.packages, outcome.error) for outcome in resolve_all(requests)]

    what = f"pip section of {len(inputs.requirements)} lines, {len(inputs.platforms)} platforms"
    against = "bare uv pip compile, side by side"
    try:
        mine, theirs = call_sides([ours, lambda: _bare(inputs, folder)], runs=inputs.runs)
    except (CondaEnvToolsError, subprocess.CalledProcessError):
        return [Row(what=what, unit="s", ours=None, theirs=None, against=against, note="no index answers")]
    what = f"{what}, {sum(found):,} archives: warm"
    target = inputs.target(1.3)
    return [
        Row(what=what, unit="s", ours=mine, theirs=theirs, against=against, target=target, note=inputs.note)
    ]


def _request(inputs: Inputs, platform: Platform, cache: Path) -> PyPIRequest:
    return PyPIRequest(
        platform=platform,
        virtual_packages=default_virtual_packages(platform),
        python_version=_PYTHON,
        requirements=tuple(RequirementLine(text=text) for text in inputs.requirements),
        options=PyPIOptions(index_url=inputs.index, cache_dir=cache),
    )


def _count(packages: tuple[object, ...] | None, error: CondaEnvToolsError | None) -> int:
    if error is not None:
        raise error
    assert packages is not None, "the section of the benchmark has an answer"
    return len(packages)


def _bare(inputs: Inputs, folder: Path) -> None:
    from uv import find_uv_bin  # noqa: PLC0415 - as the engine itself finds it

    command = [find_uv_bin(), "pip", "compile", "requirements.in", "--format", "pylock.toml", "--quiet"]
    command += ["--only-binary", ":all:", "--no-config", "--no-python-downloads", "--python", sys.executable]
    command += ["--python-version", _PYTHON, "--cache-dir", str(folder / "bare")]
    command += ["--index-url", inputs.index] if inputs.index else []
    environ = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    runs = [
        subprocess.Popen(
            [*command, "--python-platform", _TARGETS[name]],
            cwd=folder,
            env=environ,
            stdout=subprocess.DEVNULL,
        )
        for name in inputs.platforms
    ]
    codes = [run.wait() for run in runs]
    if any(codes):
        raise subprocess.CalledProcessError(max(codes), command)
