"""The one place where py-rattler runs: an event loop in its own thread, and the gateways it reads through.

py-rattler is asynchronous and this library is not. `asyncio.run` fails where a loop is running already (a
notebook), so all coroutines go to one background loop, whoever calls. It starts on first use.
"""

from __future__ import annotations

import asyncio
import atexit
import math
import os
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from condaenv_tools.channels.options import DEFAULT_TIMEOUT, SourceOptions
from condaenv_tools.errors import CondaEnvToolsError

if TYPE_CHECKING:
    import rattler

__all__ = ["TRIES", "forget", "gateway", "network_timeout", "run"]

T = TypeVar("T")

#: A waiting thread looks up this often, so that Ctrl-C is seen on every system.
_SLICE = 0.1
#: How often a question is asked before a server's fault, or a broken connection, counts.
TRIES = 4
#: Seconds after which a gateway's memory of a server is old.
_KEPT = 600.0

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_thread: threading.Thread | None = None
_gateways: dict[tuple[object, ...], tuple[float, rattler.Gateway]] = {}
_forked = False


def run(coroutine: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
    """Run a coroutine on the background loop and wait for its result.

    Works inside a running event loop, and from several threads at once. Ctrl-C stops the wait at once and
    cancels the coroutine.

    Parameters
    ----------
    coroutine : coroutine
        What to run.
    timeout : float, optional
        Seconds.

    Returns
    -------
    object
        What the coroutine returns; what it raises is raised.

    Raises
    ------
    TimeoutError
        The time ran out; the coroutine is cancelled.
    CondaEnvToolsError
        This process was forked from one that had used the engine.

    Examples
    --------
    >>> async def answer():
    ...     return 42
    >>> run(answer())
    42
    """
    try:
        loop = _running_loop()
    except BaseException:
        coroutine.close()
        raise
    future = asyncio.run_coroutine_threadsafe(coroutine, loop)
    deadline = math.inf if timeout is None else time.monotonic() + timeout
    try:
        return _wait(future, deadline)
    finally:
        future.cancel()  # of no effect on one that is done


def _wait(future: Future[T], deadline: float) -> T:
    while True:
        left = deadline - time.monotonic()
        try:
            return future.result(max(0.0, min(_SLICE, left)))
        except TimeoutError:
            # The coroutine's own time limit raises the same class as the wait for it.
            if future.done() or left <= 0:
                raise


def network_timeout(options: SourceOptions) -> float:
    """Return the seconds that one question to a channel may take."""
    return DEFAULT_TIMEOUT if options.timeout is None else options.timeout


def gateway(options: SourceOptions) -> rattler.Gateway:
    """Return the gateway for these options; the same for the same options, as it keeps what it has read.

    A gateway that was made with other credentials (another netrc, another credential store) is not reused.
    """
    key = (options.cache_dir, options.offline, options.timeout, _credentials())
    with _lock:
        made, found = _gateways.get(key, (0.0, None))
        if found is None or time.monotonic() - made > _KEPT:
            found = _make_gateway(options)
            _gateways[key] = (time.monotonic(), found)
    return found


def forget(location: str) -> None:
    """Drop from memory what the gateways hold of a location, because it has changed."""
    import rattler  # noqa: PLC0415 - on first use only

    with _lock:
        gateways = [one for _, one in _gateways.values()]
    for one in gateways:
        one.clear_repodata_cache(rattler.Channel(location))


def _make_gateway(options: SourceOptions) -> rattler.Gateway:
    import rattler  # noqa: PLC0415 - on first use only
    from rattler.networking import Client  # noqa: PLC0415

    return rattler.Gateway(
        cache_dir=None if options.cache_dir is None else options.cache_dir / "repodata",
        default_config=rattler.SourceConfig(
            cache_action="force-cache-only" if options.offline else "cache-or-fetch"
        ),
        # A retry waits; the limit of the whole question is what ends it.
        client=Client.default_client(TRIES - 1, timeout=max(1, math.ceil(network_timeout(options)))),
    )


def _credentials() -> tuple[object, ...]:
    """Return what tells one set of credentials from another, and holds none."""
    home = Path.home() if os.environ.get("HOME") or os.name == "nt" else Path()
    netrc = os.environ.get("NETRC") or home / ("_netrc" if os.name == "nt" else ".netrc")
    store = os.environ.get("RATTLER_AUTH_FILE") or home / ".rattler" / "credentials.json"
    return (*_stamp(netrc), *_stamp(store))


def _stamp(path: str | Path) -> tuple[str, int, int]:
    try:
        found = Path(path).stat()
    except OSError:
        return (str(path), 0, 0)
    return (str(path), found.st_mtime_ns, found.st_size)


def _running_loop() -> asyncio.AbstractEventLoop:
    global _loop, _thread  # noqa: PLW0603 - one loop a process is the point
    with _lock:
        if _forked:
            # The threads of py-rattler stayed behind in the parent; a question here would never be answered.
            raise CondaEnvToolsError(
                "this process was forked from one that had read channels already",
                hints=["start processes with the `spawn` or `forkserver` method of multiprocessing"],
            )
        if _loop is None or _thread is None or not _thread.is_alive():
            _loop = asyncio.new_event_loop()
            _thread = threading.Thread(target=_loop.run_forever, name="condaenv-channels", daemon=True)
            _thread.start()
        if _thread is threading.current_thread():
            raise RuntimeError("engine.run was called on its own loop")
        return _loop


def _stop() -> None:
    """End the loop before the interpreter goes, so that nothing calls into one that is gone."""
    if _loop is not None and _thread is not None and _thread.is_alive():
        asyncio.run_coroutine_threadsafe(_cancel_all(_loop), _loop)
        _thread.join(1)


async def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    """Let what is under way clean up, and stop the loop."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=0.5)
    loop.stop()


def _after_fork() -> None:
    global _lock, _loop, _thread, _forked  # noqa: PLW0603
    _forked = _forked or _loop is not None
    _lock = threading.Lock()
    _loop = _thread = None
    _gateways.clear()


atexit.register(_stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
