"""A real headless Chromium, driven through its DevTools protocol."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
#: Seconds that a busy machine may take for one answer.
PATIENCE = 60.0


def chromium() -> str | None:
    """Return the program, or None where there is none; the variable `CHROMIUM` names another."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM"), *NAMES) if name)
    return next((one for one in found if one), None)


class Page:
    """One page of a running browser, and all that it complained of."""

    def __init__(self, address: str) -> None:
        websocket = pytest.importorskip("websocket", reason="websocket-client is not installed")
        self._socket = websocket.create_connection(address, timeout=PATIENCE, suppress_origin=True)
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.requested: list[str] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._socket.recv())
            if told.get("id") == number:
                assert "error" not in told, told
                found = told["result"]
                assert isinstance(found, dict)
                return found
            self._note(told)

    def close(self) -> None:
        """Let go of the page."""
        self._socket.close()

    def _note(self, told: dict[str, Any]) -> None:
        parameters = told.get("params", {})
        match told.get("method"):
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(parameters["exceptionDetails"])[:2000])
            case "Runtime.consoleAPICalled":
                self.complaints.append(json.dumps(parameters["args"])[:2000])
            case "Log.entryAdded":
                self.complaints.append(parameters["entry"]["text"])
            case "Network.requestWillBeSent":
                self.requested.append(parameters["request"]["url"])

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page; a promise is waited for."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def open(self, path: Path, *, width: int = 1400, height: int = 900, dark: bool = False) -> None:
        """Open a file and wait until it is there."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media="", features=[theme])
        # The same file with another fragment would be taken for a place in the page that is open.
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=path.as_uri())
        self.wait("document.readyState === 'complete' && location.protocol === 'file:'")
        self.frame()

    def wait(self, condition: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.run(condition):
            assert time.monotonic() < end, f"never true: {condition}"
            time.sleep(0.02)

    def frame(self) -> None:
        """Wait until what was asked for is drawn."""
        self.run(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
        )

    def key(self, key: str, *, shift: bool = False) -> None:
        """Press and release a key."""
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        shared = {"key": key, "code": key, "modifiers": 8 if shift else 0}
        if key == "Enter":
            shared["windowsVirtualKeyCode"] = 13
        if key == "Tab":
            shared["windowsVirtualKeyCode"] = 9
        down = {"type": "keyDown" if text else "rawKeyDown", **shared, **({"text": text} if text else {})}
        self.call("Input.dispatchKeyEvent", **down)
        self.call("Input.dispatchKeyEvent", type="keyUp", **shared)
        self.frame()

    def type(self, text: str) -> None:
        """Type a text."""
        self.call("Input.insertText", text=text)
        self.frame()

    def click(self, x: float, y: float) -> None:
        """Click at a place of the window."""
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.frame()

    def click_on(self, selector: str) -> None:
        """Click into the middle of an element."""
        box = self.run(
            f"(() => {{ const e = document.querySelector({selector!r}); e.scrollIntoView({{block: 'nearest'}});"
            " const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        self.click(*box)

    def text(self, selector: str) -> str:
        """Return the text of an element as it is read."""
        found = self.run(f"document.querySelector({selector!r}).innerText")
        assert isinstance(found, str)
        return found

    def screenshot(self) -> bytes:
        """Return a PNG of the window."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])


@contextlib.contextmanager
def browser(program: str, home: Path) -> Iterator[Page]:
    """Start the browser in a home of its own, and end it."""
    words = [
        *(program, "--headless", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--disable-dev-shm-usage", "--force-color-profile=srgb", f"--user-data-dir={home}"),
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--no-sandbox")  # it cannot be root in one
    # The program may be a shell script around the browser: it and all that it starts are one group, to end as one.
    process = subprocess.Popen(
        [*words, "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stderr is not None
        with process.stderr as stream:
            port = next(
                (
                    line.partition("127.0.0.1:")[2].partition("/")[0]
                    for line in stream
                    if "127.0.0.1:" in line
                ),
                None,
            )
            assert port, "the browser did not start"
            page = Page(_address(int(port)))
            try:
                yield page
            finally:
                page.close()
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait(PATIENCE)


def _address(port: int) -> str:
    from urllib.request import urlopen

    end = time.monotonic() + PATIENCE
    while True:
        with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=PATIENCE) as answer:
            pages = [one for one in json.load(answer) if one["type"] == "page"]
        if pages:
            return str(pages[0]["webSocketDebuggerUrl"])
        assert time.monotonic() < end, "the browser opened no page"
        time.sleep(0.05)
