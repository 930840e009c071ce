"""What cannot be answered: what, where, why and what to do, and never in the engine's words alone."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from condaenv_tools.errors import CondaEnvToolsError, IndexFailureError, ParseError, SolverTimeoutError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.resolve.pypi import uv_binary, uv_engine
from condaenv_tools.resolve.pypi.answer import ConflictKind
from condaenv_tools.resolve.pypi.engine import resolve_all
from condaenv_tools.resolve.pypi.given import RequirementLine
from tests.loopback import Reply
from tests.pypi_index import MAC, WINDOWS, sdist, serve_index, wheel, wheels
from tests.resolve.pypi.conftest import Asker, Maker, versions

FILES = [
    wheel("app", "1.0", "base"),
    wheel("base", "1.0"),
    *wheels("elsewhere", "2.0", tags=[WINDOWS, MAC]),
    wheel("elsewhere", "1.0", tag=MAC),
    sdist("source", "3.0"),
    wheel("modern", "2.0", requires_python=">=3.13"),
    wheel("modern", "1.0", requires_python=">=3.13"),
    wheel("deep", "1.0", "deeper"),
    wheel("deeper", "1.0", "nowhere>=2"),
    wheel("needs-source", "1.0", "source>=3"),
]


@pytest.mark.parametrize(
    ("line", "kind", "package", "words"),
    [
        ("bse", ConflictKind.ABSENT, "bse", ["bse is on no index"]),
        ("base>=7", ConflictKind.NO_VERSION, "base", ["base has no version >=7: there is 1.0"]),
        ("elsewhere", ConflictKind.NO_WHEEL, "elsewhere", ["2.0 has", MAC, WINDOWS]),
        ("source", ConflictKind.SOURCE_ONLY, "source", ["a source archive only"]),
        ("modern", ConflictKind.PYTHON, "modern", ["modern 2.0 needs Python >=3.13", "3.12.7"]),
        (
            "deep",
            ConflictKind.ABSENT,
            "nowhere",
            ["it needs deeper, which needs nowhere>=2; nowhere is on no index"],
        ),
        ("needs-source", ConflictKind.SOURCE_ONLY, "source", ["it needs source>=3", "source 3.0"]),
    ],
    ids=["absent", "version", "wheel", "source", "python", "deep", "deep-source"],
)
def test_what_the_index_lacks_is_named(
    ask: Asker, line: str, kind: ConflictKind, package: str, words: list[str]
) -> None:
    span = SourceSpan(path="environment.yml", line=9, column=7)
    with serve_index(FILES) as index:
        outcome = ask(index, "app", RequirementLine(text=line, span=span), options={"sources": False})
    conflict = outcome.conflict
    assert conflict is not None, outcome
    assert (conflict.kind, conflict.package, conflict.minimal) == (kind, package, True)
    assert [one.text for one in conflict.requirements] == [line]
    assert conflict.text.startswith(f"{line} (environment.yml:9) cannot be met on linux-64: ")
    for word in words:
        assert word in conflict.text
    assert conflict.provided == ()


def test_a_python_that_is_demanded_is_handed_on(ask: Asker) -> None:
    with serve_index(FILES) as index:
        outcome = ask(index, "modern")
    assert outcome.conflict is not None
    assert outcome.conflict.requires_python == ">=3.13"


def test_wheels_for_other_pythons_are_a_demand_too(ask: Asker) -> None:
    tags = [f"cp3{minor}-cp3{minor}-manylinux_2_17_x86_64" for minor in (9, 10, 11)]
    files = [*wheels("aged", "1.0", tags=[*tags, WINDOWS]), *wheels("aged", "0.9", tags=tags[:1])]
    with serve_index(files) as index:
        outcome = ask(index, "aged")
    assert outcome.conflict is not None
    assert (outcome.conflict.kind, outcome.conflict.requires_python) == (ConflictKind.PYTHON, ">=3.9,<3.12")
    assert "aged 1.0 has wheels for Python 3.9 to 3.11 there, and conda chose 3.12.7" in outcome.conflict.text


def test_a_name_that_is_nearly_right_is_hinted_at(ask: Asker, tmp_path: Path) -> None:
    from tests.pypi_index import Index

    folder = Index(files=FILES).write(tmp_path / "wheels")
    outcome = ask(None, "elswhere", options={"no_index": True, "find_links": (str(folder),)})
    assert outcome.conflict is not None
    assert outcome.conflict.hints[0] == "did you mean elsewhere?"


def only(part: str, reply: Reply) -> Callable[[str, int], Reply | None]:
    return lambda path, before: reply if path.startswith(part) else None


@pytest.mark.parametrize("part", ["/simple/app", "/simple/base"], ids=["line", "dependency"])
@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (Reply(status=403, body=b"no"), "answered 403"),
        (Reply(status=500, body=b"broken"), "answered 500"),
        (Reply(status=503, body=b"busy"), "answered 503"),
        (Reply(body=b"\x00\xffgarbage"), "no page of a package index"),
        (Reply(body=b"{'not': json"), "no page of a package index"),
        (Reply(body=b"x" * 500, cut=20), "broke off its answer"),
    ],
    ids=["403", "500", "503", "garbage", "no-json", "cut"],
)
def test_an_index_that_is_broken_is_named(ask: Asker, part: str, reply: Reply, word: str) -> None:
    with serve_index(FILES, fault=only(part, reply)) as index:
        outcome = ask(index, "app", options={"network_timeout": 2})
        assert isinstance(outcome.error, IndexFailureError), outcome
        assert outcome.error.index == index.url
        assert index.url in str(outcome.error)
    assert word in str(outcome.error)
    assert outcome.error.hints


def test_an_index_that_is_silent(ask: Asker) -> None:
    with serve_index(FILES, fault=only("/simple/base", Reply(hang=True))) as index:
        outcome = ask(index, "app", options={"network_timeout": 1})
        assert isinstance(outcome.error, IndexFailureError)
    assert "did not answer within 1 s" in str(outcome.error)


def test_an_index_that_is_not_there(ask: Asker) -> None:
    outcome = ask(None, "app", options={"index_url": "http://127.0.0.1:9/simple/"})
    assert isinstance(outcome.error, IndexFailureError)
    assert "the connection is refused" in str(outcome.error)


def test_a_cold_cache_offline_and_a_warm_one(ask: Asker) -> None:
    with serve_index(FILES) as index:
        cold = ask(index, "app", options={"offline": True})
        assert index.requests == []
        assert versions(ask(index, "app")) == {"app": "1.0", "base": "1.0"}
        asked = len(index.requests)
        warm = ask(index, "app", options={"offline": True})
        assert len(index.requests) == asked
    assert isinstance(cold.error, IndexFailureError)
    assert "not in the cache" in str(cold.error)
    assert versions(warm) == {"app": "1.0", "base": "1.0"}
    assert warm.packages is not None
    assert warm.packages[0].needs == (("base", ""),)


def test_a_cut_off_that_hides_everything_is_hinted_at(ask: Asker) -> None:
    options = {"exclude_newer": datetime(2020, 1, 1, tzinfo=UTC)}
    with serve_index(FILES) as index:
        outcome = ask(index, "base", options=options)
    assert outcome.conflict is not None
    assert outcome.conflict.hints[0].startswith("files that were uploaded after 2020-01-01")


def test_a_time_limit(ask: Asker) -> None:
    with serve_index(FILES, fault=only("/simple/base", Reply(hang=True))) as index:
        begin = time.monotonic()
        outcome = ask(index, "app", options={"timeout": 0.5})
        taken = time.monotonic() - begin
    assert isinstance(outcome.error, SolverTimeoutError)
    assert "within 0.5 s" in str(outcome.error)
    assert taken < 5


def test_a_platform_that_fails_does_not_hide_the_others(make: Maker) -> None:
    with serve_index(FILES) as index:
        asked = [make(index, "elsewhere", platform=one) for one in (Platform.LINUX_64, Platform.WIN_64)]
        failed, fine = resolve_all(asked)
    assert failed.conflict is not None
    assert versions(fine) == {"elsewhere": "2.0"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("app ==", "not a requirement"),
        ("app --global-option=x", "cannot be locked"),
        ("-r other.txt", "locked"),
    ],
)
def test_a_line_that_cannot_be_read(ask: Asker, text: str, word: str) -> None:
    span = SourceSpan(path="environment.yml", line=3, column=7)
    outcome = ask(None, RequirementLine(text=text, span=span))
    assert isinstance(outcome.error, ParseError)
    assert str(outcome.error).startswith("environment.yml:3:7: ")
    assert word in str(outcome.error)


def test_without_the_program_it_is_said_how_to_get_it(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    import uv

    def absent() -> str:
        raise FileNotFoundError("uv")

    monkeypatch.setattr(uv, "find_uv_bin", absent)
    with pytest.raises(CondaEnvToolsError, match="not installed") as raised:
        resolve_all([make(None, "app")])
    assert raised.value.hints == ("install it into the same environment: python -m pip install uv",)


posix = pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for the program")


def pretend(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Put a script in the place of uv."""
    script = folder / "uv"
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o700)
    monkeypatch.setattr(uv_engine, "find_uv", lambda: str(script))


@posix
@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("echo 'thread panicked at x' >&2; exit 101", "exit 101"),
        ("echo 'error: unexpected argument' >&2; exit 2", "unexpected argument"),
        ("exit 2", "it said nothing"),
        ("echo 'not = [a lock'", "not a lock that is understood"),
        ('echo \'lock-version = "7.0"\ncreated-by = "x"\npackages = []\'', "not a lock that is understood"),
    ],
    ids=["panic", "usage", "mute", "garbage", "version"],
)
def test_a_program_of_another_kind(
    ask: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, word: str
) -> None:
    pretend(tmp_path, monkeypatch, script)
    outcome = ask(None, "app", options={"index_url": "http://127.0.0.1:9/simple/"})
    assert outcome.error is not None
    assert word in str(outcome.error)


@posix
def test_an_interruption_ends_what_is_under_way(
    make: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(tmp_path, monkeypatch, f"echo $$ >> {tmp_path}/pids\nexec sleep 60")
    pids = tmp_path / "pids"

    def interrupt() -> None:
        while not pids.exists() or len(pids.read_text().split()) < 2:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        resolve_all([make(None, "app"), make(None, "base"), make(None, "deep")])
    assert time.monotonic() - begin < 20
    for pid in pids.read_text().split():
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


@posix
def test_the_program_sees_no_settings_of_the_user_and_no_secret_among_its_arguments(
    ask: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(tmp_path, monkeypatch, f'env > {tmp_path}/env; echo "$@" > {tmp_path}/words; exit 2')
    for name in ("UV_INDEX_URL", "PIP_INDEX_URL", "UV_CONFIG_FILE", "PYTHONPATH", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "leaks")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    ask(None, "app", options={"index_url": "http://me:hunter2@127.0.0.1:9/simple/"})
    seen = (tmp_path / "env").read_text()
    assert "leaks" not in seen
    assert "HTTPS_PROXY=http://127.0.0.1:9" in seen
    assert "hunter2" not in (tmp_path / "words").read_text()


def test_a_stopped_runner_starts_nothing_more(tmp_path: Path) -> None:
    runner = uv_binary.Runner()
    runner.stop()
    with pytest.raises(uv_binary.Interrupted):
        runner.run([sys.executable, "-c", ""], folder=tmp_path, environ=os.environ, limit=None)
