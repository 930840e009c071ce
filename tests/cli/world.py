"""A folder with environment files and a recorded channel, and the command line run in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from condaenv_tools.cli.app import run
from condaenv_tools.model.record import PackageRecord
from tests.builders import record, write_channel

ROOT = Path(__file__).resolve().parents[2]

#: `a` needs `b`; `old` and `new` exclude each other; both platforms have all of it.
RECORDS = tuple(
    one
    for subdir in ("linux-64", "osx-arm64")
    for one in (
        record("a", "1.0", "b >=1", subdir=subdir),
        record("b", "1.0", subdir=subdir),
        record("b", "2.0", subdir=subdir),
        record("gpu", "1.0", "__cuda >=12", subdir=subdir),
        record("old", "1.0", "b <2", subdir=subdir),
        record("new", "1.0", "b >=2", subdir=subdir),
    )
)
GOOD = "channels: [toy, nodefaults]\nplatforms: [linux-64, osx-arm64]\ndependencies:\n  - a\n"
CONFLICT = f"{GOOD}  - old\n  - new\n"


@dataclass(frozen=True)
class Ran:
    """What one run did."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


class Folder:
    """The working folder of a user who has a recorded channel."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self._capsys = capsys
        self.channel(RECORDS)

    def channel(self, records: Iterable[PackageRecord], name: str = "toy") -> None:
        """Record a channel."""
        write_channel(self.path / "snap" / name, records)

    def write(self, text: str = GOOD, name: str = "environment.yml") -> str:
        """Write a file and return its name."""
        (self.path / name).write_text(text, encoding="utf-8")
        return name

    def read(self, name: str = "conda-lock.yml") -> str:
        """Return the text of a file."""
        return (self.path / name).read_text(encoding="utf-8")

    def has(self, name: str = "conda-lock.yml") -> bool:
        """Say whether there is such a file."""
        return (self.path / name).exists()

    def run(self, *words: str) -> Ran:
        """Run the command in this process."""
        self._capsys.readouterr()
        code = run(words)
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.err + captured.out
        return Ran(code, captured.out, captured.err)

    def lock(self, *words: str, file: str = "environment.yml") -> Ran:
        """Lock from the recorded channel."""
        return self.run("lock", file, "--snapshot", "snap", "--offline", *words)

    def spawn(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        """Start the command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "condaenv_tools", *words],
            cwd=self.path,
            env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def process(self, *words: str, stdin: str = "", **variables: str) -> Ran:
        """Run the command as a process of its own."""
        process = self.spawn(*words, **variables)
        out, err = process.communicate(stdin, timeout=60)
        assert "Traceback" not in err
        return Ran(process.returncode, out, err)


def keys(document: Mapping[str, Any]) -> list[str]:
    """Return the keys of a JSON object, sorted."""
    return sorted(document)
