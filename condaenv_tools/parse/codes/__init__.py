"""The codes of all findings that reading gives: what each means, why it matters, a bad and a good example.

CE1xx syntax and shape, from CE130 on other files and their import, CE2xx specs and names, CE3xx channels, CE4xx
the pip section, CE5xx portability and reproducibility, CE6xx secrets and safety, CE7xx native
libraries of a solution: one module a family. The pages of the docs are made from them.
"""

from __future__ import annotations

from condaenv_tools.parse.codes import (
    channels,
    conflicts,
    inputs,
    locking,
    native,
    pip,
    portability,
    safety,
    shape,
    specs,
)
from condaenv_tools.parse.codes.code import Code

__all__ = ["CODES", "Code"]

#: Every code, in order.
CODES: dict[str, Code] = {
    code.code: code
    for family in (shape, inputs, specs, conflicts, channels, pip, locking, portability, safety, native)
    for code in family.CODES
}
