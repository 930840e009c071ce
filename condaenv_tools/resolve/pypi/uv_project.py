"""A question for uv, written down: the files of a temporary folder and the arguments.

URLs with credentials stand in a file that only its owner can read, never among the arguments, which every user of
the machine can see.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from packaging.version import Version

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.names import PyPIName
from condaenv_tools.resolve.pypi.given import Provided
from condaenv_tools.resolve.pypi.request import Implementation, PyPIOptions, PyPIRequest
from condaenv_tools.resolve.pypi.tags import floor_of
from condaenv_tools.resolve.pypi.uv_binary import clean_environment

__all__ = ["Places", "Question", "builds", "target_of", "write_question"]

#: uv's words for the machines that have one of their own.
_TARGETS = {
    "osx-64": "x86_64-apple-darwin",
    "osx-arm64": "aarch64-apple-darwin",
    "win-32": "i686-pc-windows-msvc",
    "win-64": "x86_64-pc-windows-msvc",
    "win-arm64": "aarch64-pc-windows-msvc",
}
_LINUX = {"linux-64": "x86_64", "linux-aarch64": "aarch64"}
#: The versions of glibc (2.N) for which uv has a word.
_GLIBC = (17, 28, *range(31, 41))

#: Runs uv's own question about the interpreter as a free-threaded one would answer it: uv has no option for that.
_FREE_THREADED = """\
import sys
import sysconfig

_ask = sysconfig.get_config_var
sysconfig.get_config_var = lambda name: 1 if name == "Py_GIL_DISABLED" else _ask(name)
words = sys.argv[1:]
at = words.index("-c")
sys.argv = ["-c", *words[at + 2 :]]
exec(compile(words[at + 1], "<string>", "exec"), {"__name__": "__main__"})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where to look, variables expanded."""

    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()

    def lines(self, options: PyPIOptions) -> list[str]:
        """Return the lines of a requirements file."""
        found = ["--no-index"] if options.no_index else []
        if self.index_url is not None and not options.no_index:
            found.append(f"--index-url {self.index_url}")
        if not options.no_index:
            found += [f"--extra-index-url {url}" for url in self.extra_index_urls]
        return found + [f"--find-links {place}" for place in self.find_links]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One run of uv.

    Attributes
    ----------
    requirements, constraints : tuple of str
        Lines for uv.
    pinned : tuple of (Provided, Version, Path)
        What is given: each with its stub, which is the only candidate of its name.
    offered : tuple of (Provided, Version, Path)
        What may be taken from conda and need not be: its stub is one candidate among others.
    sources : tuple of Path
        The stubs of source archives that may be taken: each is one candidate among others.
    dropped : tuple of PyPIName
        Never looked at, whoever asks for them.
    places : Places
        Where to look.
    no_deps : bool
        Look at what is asked for alone, and not at what that brings.
    annotated : bool
        Ask for the list with each index in place of the lock.
    """

    requirements: tuple[str, ...]
    constraints: tuple[str, ...] = ()
    pinned: tuple[tuple[Provided, Version, Path], ...] = ()
    offered: tuple[tuple[Provided, Version, Path], ...] = ()
    sources: tuple[Path, ...] = ()
    dropped: tuple[PyPIName, ...] = ()
    places: Places = Places()
    no_deps: bool = False
    annotated: bool = False


def builds(request: PyPIRequest) -> bool:
    """Say whether source archives may be built: where it was allowed, and on the running platform alone."""
    return request.options.build_on is request.platform


def target_of(request: PyPIRequest) -> str:
    """Return uv's word for the machine.

    uv knows some versions of glibc only. For another the next later one is taken, so that no wheel is missed;
    what does not run on the machine is found by its tags and excluded.

    Raises
    ------
    UnsupportedError
        uv has no word for it.
    """
    if request.implementation is not Implementation.CPYTHON:
        raise UnsupportedError(
            f"a pip section can be resolved for CPython only, and conda chose {request.implementation} on "
            f"{request.platform}",
            hints=["ask for a python of CPython: python=3.12=*_cpython"],
        )
    floor = floor_of(request.platform, request.virtual_packages)
    if request.platform.value in _TARGETS:
        return _TARGETS[request.platform.value]
    if request.platform.value not in _LINUX:
        raise UnsupportedError(
            f"a pip section cannot be resolved for {request.platform}: uv does not know this platform",
            hints=["leave the platform out, or ask for the packages from a channel"],
        )
    assert floor is not None
    fitting = [number for number in _GLIBC if floor[0] == 2 and number >= floor[1]]
    return f"{_LINUX[request.platform.value]}-manylinux_2_{fitting[0] if fitting else _GLIBC[-1]}"


def write_question(
    question: Question, request: PyPIRequest, *, folder: Path, uv: str
) -> tuple[list[str], dict[str, str]]:
    """Write a question to an empty folder; return command and environment."""
    lines = question.places.lines(request.options)
    candidates = [*(path for _, _, path in question.offered), *question.sources]
    lines += [f"--find-links {path.parent.as_uri()}" for path in candidates]
    _write(folder / "requirements.in", [*lines, *question.requirements])
    pins = [f"{one.name} @ {path.as_uri()}" for one, _, path in question.pinned]
    command = [uv, "pip", "compile", "requirements.in"]
    if limits := [*question.constraints, *pins]:
        _write(folder / "constraints.txt", limits)
        command += ["--constraints", "constraints.txt"]
    if question.dropped:
        _write(folder / "overrides.txt", [f'{name} ; python_version < "0"' for name in question.dropped])
        command += ["--overrides", "overrides.txt"]
    command += ["--no-deps"] if question.no_deps else []
    if question.annotated:
        command += ["--format", "requirements.txt", "--no-annotate", "--emit-index-annotation"]
    else:
        command += ["--format", "pylock.toml"]
    command += ["--python", _interpreter(request, folder), "--python-version", request.python_version]
    command += ["--python-platform", target_of(request), *_switches(request)]
    return command, _environ(request, os.environ)


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _interpreter(request: PyPIRequest, folder: Path) -> str:
    """Return the interpreter that uv asks for what it cannot be told by options."""
    if not request.free_threaded:
        return sys.executable
    if sys.platform == "win32":
        raise UnsupportedError(
            "a pip section for a free-threaded Python cannot be resolved on Windows by this version",
            hints=["lock on Linux or macOS: they resolve for Windows too"],
        )
    shim = folder / "python"
    shim.write_text(f"#!{sys.executable}\n{_FREE_THREADED}", encoding="utf-8")
    shim.chmod(0o700)
    return str(shim)


def _switches(request: PyPIRequest) -> Sequence[str]:
    options = request.options
    found = ["--no-header", "--no-config", "--no-sources", "--no-progress", "--no-python-downloads"]
    found += ["--color", "never", "--index-strategy", "first-index", "--resolution", options.strategy.value]
    found += ["--prerelease", "allow"] if options.prereleases else []
    if options.exclude_newer is not None:
        moment = options.exclude_newer.astimezone(UTC).isoformat().replace("+00:00", "Z")
        found += ["--exclude-newer", moment]
    if options.offline:
        found.append("--offline")
    if options.cache_dir is not None:
        found += ["--cache-dir", str(options.cache_dir / "uv")]
    if builds(request):
        found += [word for name in options.only_binary for word in ("--only-binary", name)]
        found += [word for name in options.no_binary for word in ("--no-binary", name)]
    else:
        found += ["--only-binary", ":all:"]
    return found


def _environ(request: PyPIRequest, environ: Mapping[str, str]) -> dict[str, str]:
    options = request.options
    own = {
        "NO_COLOR": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_HTTP_TIMEOUT": str(max(1, round(options.network_timeout))),
        "UV_HTTP_RETRIES": str(max(0, options.tries - 1)),
    }
    if request.platform.os == "osx":
        floor = floor_of(request.platform, request.virtual_packages)
        assert floor is not None
        own["MACOSX_DEPLOYMENT_TARGET"] = f"{floor[0]}.{floor[1]}"
    return clean_environment(environ, own)
