"""Running uv: a clean environment, a time limit, no shell, and no child that outlives the caller.

Nothing of the user's uv or pip configuration counts: an answer follows from the request alone. Kept are proxies,
certificates, git's and ssh's variables, `NETRC`, and what says how credentials are found
(``UV_KEYRING_PROVIDER``).
"""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from condaenv_tools.errors import CondaEnvToolsError

__all__ = ["Interrupted", "Run", "Runner", "TimeLimitError", "clean_environment", "find_uv"]

_DROPPED = ("UV_", "PIP_", "PYTHON", "CONDA_", "RUST_", "VIRTUAL_ENV", "MACOSX_DEPLOYMENT_TARGET")
_KEPT = {"UV_KEYRING_PROVIDER", "UV_SYSTEM_CERTS", "UV_NATIVE_TLS"}


class TimeLimitError(Exception):
    """The time limit ran out before uv ended."""


class Interrupted(KeyboardInterrupt):
    """The caller stopped the engine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of uv said."""

    code: int
    output: str
    words: str


def find_uv() -> str:
    """Return the path of uv's binary.

    Raises
    ------
    CondaEnvToolsError
        It is not installed.
    """
    try:
        from uv import find_uv_bin  # noqa: PLC0415 - absent on some machines

        return find_uv_bin()
    except (ImportError, FileNotFoundError):
        raise CondaEnvToolsError(
            "pip sections are resolved by uv, and its program is not installed beside this Python",
            hints=["install it into the same environment: python -m pip install uv"],
        ) from None


def clean_environment(environ: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for uv: the caller's without what would change an answer, and `own`.

    Examples
    --------
    >>> clean_environment({"PATH": "/bin", "UV_INDEX_URL": "x", "HTTPS_PROXY": "p"}, {"NO_COLOR": "1"})
    {'PATH': '/bin', 'HTTPS_PROXY': 'p', 'NO_COLOR': '1'}
    """
    kept = {
        name: value
        for name, value in environ.items()
        if name in _KEPT or not name.upper().startswith(_DROPPED)
    }
    return {**kept, **own}


class Runner:
    """Runs uv from several threads, and can end all that is under way.

    Attributes
    ----------
    known : dict of object to Run
        What has been answered, by question, for as long as an index is taken not to change.
    """

    def __init__(self) -> None:
        self.known: dict[object, Run] = {}
        self._lock = threading.Lock()
        self._children: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def run(
        self, command: Sequence[str], *, folder: Path, environ: Mapping[str, str], limit: float | None
    ) -> Run:
        """Run a command to its end.

        Raises
        ------
        TimeLimitError
            It took longer than `limit` seconds, and was killed.
        Interrupted
            `stop` was called.
        """
        with self._lock:
            if self._stopped:
                raise Interrupted
            child = subprocess.Popen(  # noqa: S603 - no shell, and every word is ours or checked
                command,
                cwd=folder,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
            self._children.add(child)
        try:
            output, words = child.communicate(timeout=None if limit is None else max(limit, 0.0))
        except subprocess.TimeoutExpired:
            raise TimeLimitError from None
        finally:
            _end(child)
            with self._lock:
                self._children.discard(child)
        if self._stopped:
            raise Interrupted
        if child.returncode in {-signal.SIGINT, -signal.SIGTERM}:
            raise Interrupted
        return Run(code=child.returncode, output=output, words=words)

    def stop(self) -> None:
        """Kill every child, and refuse new ones."""
        with self._lock:
            self._stopped = True
            children = tuple(self._children)
        for child in children:
            with suppress(OSError):
                child.kill()


def _end(child: subprocess.Popen[str]) -> None:
    """See to it that a child is gone, whatever ended the wait for it."""
    if child.poll() is None:
        with suppress(OSError):
            child.kill()
        child.wait()
    for stream in (child.stdout, child.stderr):
        if stream is not None:
            stream.close()
