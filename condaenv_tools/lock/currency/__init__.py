"""Is a lock the answer to what the files say now: every line against the locked records, without solving."""

from __future__ import annotations

from condaenv_tools.lock.currency.report import lock_status
from condaenv_tools.lock.currency.values import CODES, HashState, Reason, StatusInputs, StatusReport

__all__ = ["CODES", "HashState", "Reason", "StatusInputs", "StatusReport", "lock_status"]
