"""The command `condaenv`: the only room that prints or exits."""

from __future__ import annotations

import contextlib
import gc
import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and leave with its exit code."""
    # A command lives for a second and makes hundreds of thousands of values that stay: looking for cycles among
    # them again and again costs a tenth of its time and frees nothing.
    gc.set_threshold(200_000, 50, 50)
    # Deferred: shell completion and `import condaenv_tools.cli` stay quick.
    from condaenv_tools.cli.app import run

    code = run(sys.argv[1:])
    if "rattler" in sys.modules:
        # The engine's threads may still be busy with what was given up (a server that does not answer, Ctrl-C),
        # and they crash an interpreter that is taking itself apart. Only the streams are left to be flushed.
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError, OSError, ValueError):
                stream.flush()
        os._exit(code)
    sys.exit(code)
