"""What changed between two locks, in which way, and why."""

from __future__ import annotations

from condaenv_tools.lock.diff.locks import diff_locks
from condaenv_tools.lock.diff.values import (
    Cause,
    CauseKind,
    Change,
    ChangeKind,
    Intent,
    LockDiff,
    PlatformDiff,
)

__all__ = [
    "Cause",
    "CauseKind",
    "Change",
    "ChangeKind",
    "Intent",
    "LockDiff",
    "PlatformDiff",
    "diff_locks",
]
