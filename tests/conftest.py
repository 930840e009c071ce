"""What all tests share: the `online` marker is off unless asked for, and no test reads the user's own files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says something of the machine's load, and nothing of a law.
settings.register_profile("laws", deadline=None)
settings.load_profile("laws")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the online tests unless `-m` names them; let those that are left reach the network."""
    wanted = "online" in (config.getoption("markexpr") or "")
    kept = []
    for item in items:
        if item.get_closest_marker("online"):
            if not wanted:
                continue
            item.add_marker(pytest.mark.enable_socket)
        kept.append(item)
    if len(kept) != len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "RATTLER_CACHE_DIR"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("RATTLER_AUTH_FILE", str(Path(home) / "credentials.json"))
    for name in ("CONDAENV_SNAPSHOT", "NETRC", "CONDA_OVERRIDE_CUDA", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
