"""Data that every checkout of the project has beside it, and a user's clone has not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_ROOT = Path(os.environ.get("CONDAENV_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def shared_path(*parts: str) -> Path | None:
    """Return a file or folder of the shared data, or None where there is none."""
    path = _ROOT.joinpath(*parts)
    return path if path.exists() else None


def need_shared(*parts: str) -> Path:
    """Return a file or folder of the shared data; skip the test or module where there is none."""
    path = shared_path(*parts)
    if path is None:
        pytest.skip("the shared data is not beside this clone (set CONDAENV_SHARED)", allow_module_level=True)
    return path
