"""The command `condaenv`: the only room that prints or exits."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Deferred: shell completion and `import condaenv_tools.cli` stay quick.
    from condaenv_tools.cli.app import run

    sys.exit(run(sys.argv[1:]))
