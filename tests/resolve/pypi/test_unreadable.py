"""Archives that cannot be read just now, told from those that say nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.errors import IndexFailureError
from condaenv_tools.resolve.pypi.answer import NoteKind
from tests.loopback import Reply
from tests.pypi_index import sdist, serve_index, wheel
from tests.resolve.pypi.conftest import Asker, versions

APP = wheel("app", "1.0", "base")
BASE = wheel("base", "1.0")


class OnlyForUs:
    """Answers the engine as usual, and our own questions for files with a fault.

    The engine asks first; what comes for the same path later is ours.
    """

    def __init__(self, reply: Reply, name: str, times: int = 99) -> None:
        self._reply, self._name, self._left = reply, name, times

    def __call__(self, path: str, before: int) -> Reply | None:
        ours = before > 0 or not path.endswith(".metadata")
        if not ours or self._name not in path or not path.startswith("/files/") or self._left <= 0:
            return None
        self._left -= 1
        return self._reply


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (Reply(status=500, body=b"broken"), "answered 500"),
        (Reply(status=503, body=b"busy"), "answered 503"),
        (Reply(status=403, body=b"no"), "answered 403"),
        (Reply(body=b"x" * 500, cut=20), "broke off its answer"),
        (Reply(hang=True), "did not answer within 1 s"),
    ],
    ids=["500", "503", "403", "cut", "silent"],
)
def test_a_wheel_that_cannot_be_read_just_now_ends_in_an_error(ask: Asker, reply: Reply, word: str) -> None:
    with serve_index([APP, BASE]) as index:
        index.fault = OnlyForUs(reply, "app-1.0")
        outcome = ask(index, "app", options={"network_timeout": 1})
    assert isinstance(outcome.error, IndexFailureError), outcome
    assert f"{APP.file_name} cannot be read: 127.0.0.1" in str(outcome.error)
    assert word in str(outcome.error)
    assert outcome.packages is None


def test_a_moment_of_trouble_is_waited_out(ask: Asker) -> None:
    with serve_index([APP, BASE]) as index:
        index.fault = OnlyForUs(Reply(status=503, body=b"busy"), "app-1.0", times=2)
        outcome = ask(index, "app", options={"tries": 4})
    assert versions(outcome) == {"app": "1.0", "base": "1.0"}
    assert outcome.notes == ()


def test_a_wheel_that_is_gone_for_good_is_a_note(ask: Asker) -> None:
    with serve_index([APP, BASE]) as index:
        index.fault = OnlyForUs(Reply(status=404, body=b"gone"), "base-1.0")
        outcome = ask(index, "app")
    assert versions(outcome) == {"app": "1.0", "base": "1.0"}
    assert [(note.kind, note.name) for note in outcome.notes] == [(NoteKind.UNKNOWN_METADATA, "base")]


def test_a_source_archive_by_address_that_cannot_be_read(ask: Asker) -> None:
    file = sdist("plain", "1.0", "base")

    def fault(path: str, before: int) -> Reply | None:
        return Reply(status=502, body=b"no") if path.endswith(".tar.gz") and before else None

    with serve_index([file, BASE], fault=fault) as index:
        outcome = ask(index, f"plain @ {index.url.replace('simple', 'files')}{file.file_name}")
    assert isinstance(outcome.error, IndexFailureError), outcome
    assert f"{file.file_name} cannot be read" in str(outcome.error)
    assert "answered 502" in str(outcome.error)


def test_offline_what_was_never_read_is_an_error(ask: Asker, tmp_path: Path) -> None:
    with serve_index([APP, BASE]) as index:
        ask(index, "app")
        for path in (tmp_path / "cache" / "pypi").rglob("*.json"):
            path.unlink()
        outcome = ask(index, "app", options={"offline": True})
    assert isinstance(outcome.error, IndexFailureError), outcome
    assert "--offline forbids the network" in str(outcome.error)
    assert outcome.error.hints == ("run once without --offline",)
