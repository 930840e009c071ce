"""One browser for all tests that need a real one; they are skipped where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.report.browser import Page, browser, chromium


@pytest.fixture(scope="session")
def running_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    program = chromium()
    if program is None:
        pytest.skip("no Chromium is installed (Debian: chromium-headless-shell, or set CHROMIUM)")
    pytest.importorskip("websocket", reason="websocket-client is not installed")
    with browser(program, tmp_path_factory.mktemp("browser")) as page:
        yield page
