"""The background loop: from threads, from notebooks, interrupted, forked."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from condaenv_tools.channels import engine
from condaenv_tools.channels.options import DEFAULT_TIMEOUT, SourceOptions

ROOT = Path(__file__).resolve().parents[2]


async def double(number: int) -> int:
    await asyncio.sleep(0.01)
    return 2 * number


def test_a_result_comes_back() -> None:
    assert engine.run(double(21)) == 42


def test_an_error_comes_back() -> None:
    async def fail() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        engine.run(fail())


def test_it_works_inside_a_running_loop() -> None:
    async def notebook() -> int:
        return engine.run(double(4))

    assert asyncio.run(notebook()) == 8


def test_it_works_from_many_threads() -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda i=i: found.append(engine.run(double(i)))) for i in range(20)]  # type: ignore[misc]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [2 * i for i in range(20)]


def test_a_time_limit_cancels_the_coroutine() -> None:
    ended = threading.Event()

    async def long() -> None:
        try:
            await asyncio.sleep(30)
        finally:
            ended.set()

    with pytest.raises(TimeoutError):
        engine.run(long(), timeout=0.05)
    assert ended.wait(5)


def test_a_time_limit_of_the_coroutine_itself_comes_back() -> None:
    async def limited() -> None:
        await asyncio.wait_for(asyncio.sleep(30), 0.05)

    with pytest.raises(TimeoutError):
        engine.run(limited())


def test_it_cannot_wait_for_itself() -> None:
    async def inner() -> int:
        return engine.run(double(1))

    with pytest.raises(RuntimeError, match="its own loop"):
        engine.run(inner())


def test_gateways_are_kept_by_their_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = SourceOptions(cache_dir=tmp_path)
    first = engine.gateway(options)
    assert engine.gateway(SourceOptions(cache_dir=tmp_path)) is first
    assert engine.gateway(SourceOptions(cache_dir=tmp_path, offline=True)) is not first
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert engine.gateway(options) is not first


def test_the_time_limit_has_a_default() -> None:
    assert engine.network_timeout(SourceOptions()) == DEFAULT_TIMEOUT
    assert engine.network_timeout(SourceOptions(timeout=0.5)) == 0.5


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_ctrl_c_stops_the_wait_at_once() -> None:
    code = (
        "import asyncio, os\n"
        "from condaenv_tools.channels import engine\n"
        "def say(word):\n"
        "    os.write(1, f'{word}\\n'.encode())  # whole lines: two threads write\n"
        "async def wait():\n"
        "    say('waiting')\n"
        "    try:\n"
        "        await asyncio.sleep(60)\n"
        "    except asyncio.CancelledError:\n"
        "        say('cancelled')\n"
        "        raise\n"
        "try:\n"
        "    engine.run(wait())\n"
        "except KeyboardInterrupt:\n"
        "    say('interrupted')\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=10)
    assert time.monotonic() - started < 3
    assert sorted(out.split()) == ["cancelled", "interrupted"]
    assert process.returncode == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_is_told_and_does_not_hang() -> None:
    code = (
        "import os\n"
        "from condaenv_tools.channels import engine\n"
        "async def one():\n"
        "    return 1\n"
        "def ask(who):\n"
        "    try:\n"
        "        print(who, engine.run(one()), flush=True)\n"
        "    except Exception as error:\n"
        "        print(who, error.message, flush=True)\n"
        "pid = os.fork()\n"
        "if not pid:\n"
        "    ask('early')\n"
        "    os._exit(0)\n"
        "os.waitpid(pid, 0)\n"
        "ask('parent')\n"
        "pid = os.fork()\n"
        "if not pid:\n"
        "    ask('late')\n"
        "    os._exit(0)\n"
        "os.waitpid(pid, 0)\n"
        "ask('parent')\n"
    )
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    lines = found.stdout.splitlines()
    assert lines[:2] == ["early 1", "parent 1"]
    assert lines[2].startswith("late this process was forked")
    assert lines[3] == "parent 1"


def test_importing_it_loads_no_engine() -> None:
    code = (
        "import sys, condaenv_tools.channels.source, condaenv_tools.channels.record_snapshot\n"
        "print('rattler' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
