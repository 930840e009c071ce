"""What a change does to a file, as a person reads it: a unified diff without credentials."""

from __future__ import annotations

import difflib
import io

from condaenv_tools.model.secrets import mask_line

__all__ = ["shown_diff"]


def shown_diff(before: str, after: str, path: str) -> str:
    r"""Return a unified diff for reading, credentials masked; empty where nothing changes.

    Parameters
    ----------
    before, after : str
        The texts. Lines end as editors count them, not where Unicode breaks lines besides.
    path : str
        How the diff names the file, on both sides.

    Examples
    --------
    >>> print(shown_diff("- a\nDB_PASSWORD: hunter2", "- b\nDB_PASSWORD: hunter2", "e.yml"))
    --- e.yml
    +++ e.yml
    @@ -1,2 +1,2 @@
    -- a
    +- b
     DB_PASSWORD: ********
    \ No newline at end of file
    <BLANKLINE>
    """
    old, new = (io.StringIO(text, newline="").readlines() for text in (before, after))
    return "".join(map(_shown, difflib.unified_diff(old, new, path, path)))


def _shown(line: str) -> str:
    # Behind its sign, a line begins as in the file: that is where the name of a secret may stand.
    masked = line[0] + mask_line(line[1:].rstrip("\r\n"))
    return f"{masked}\n" if line.endswith(("\n", "\r")) else f"{masked}\n\\ No newline at end of file\n"
