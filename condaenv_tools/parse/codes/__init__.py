"""The codes of all findings that reading gives: what each means, why it matters, a bad and a good example.

CE1xx syntax and shape, CE2xx specs and names, CE3xx channels, CE4xx pip section, CE5xx portability and
reproducibility, CE6xx secrets and safety: one module a family. The pages of the docs are made from them.
"""

from __future__ import annotations

from condaenv_tools.parse.codes import channels, pip, portability, safety, shape, specs
from condaenv_tools.parse.codes.code import Code

__all__ = ["CODES", "Code"]

#: Every code, in order.
CODES: dict[str, Code] = {
    code.code: code for family in (shape, specs, channels, pip, portability, safety) for code in family.CODES
}
