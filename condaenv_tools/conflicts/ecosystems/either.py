"""What is told in the same way, whether one half is to blame or both are."""

from __future__ import annotations

from condaenv_tools.conflicts.corrections.values import Change, Correction
from condaenv_tools.conflicts.ecosystems.values import JointChange, JointConflict, JointCorrection
from condaenv_tools.conflicts.explain import Conflict

__all__ = ["AnyChange", "AnyConflict", "AnyCorrection"]

#: A conflict of one half, or of both.
AnyConflict = Conflict | JointConflict
#: A change of a line for conda, or of one of either half.
AnyChange = Change | JointChange
#: A correction of one half, or of both.
AnyCorrection = Correction | JointCorrection
