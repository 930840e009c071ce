"""Requirements files of pip as an input of their own."""

from __future__ import annotations

import re

from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.inputs.draft import Draft

__all__ = ["parse_requirements_file"]

_LOGICAL = re.compile(r"(?:[^\r\n\\]|\\(?!\r?\n)|\\\r?\n)+")
_COMMENT = re.compile(r"(?:^|\s)#.*$")


def parse_requirements_file(text: str, path: str) -> ParsedFile:
    """Read a requirements file; every line becomes one of the pip section."""
    draft = Draft(text, path)
    for match in _LOGICAL.finditer(text):
        line = " ".join(_COMMENT.sub("", part).strip() for part in re.split(r"\\\r?\n", match[0])).strip()
        if line:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            draft.requirement(line, (start, start + len(match[0].strip())))
    return draft.parsed()
