"""The group of commands, each loaded on first use, and the one place where errors become exit codes."""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from collections.abc import Sequence

import click

from condaenv_tools.cli.output import complain, error_document, exit_code, print_json

__all__ = ["condaenv", "run"]

#: Where each command lives. A module is imported when its command runs or its help is asked for.
COMMANDS = {
    "check": "condaenv_tools.cli.check",
    "edit": "condaenv_tools.cli.edit",
    "import": "condaenv_tools.cli.import_",
    "lock": "condaenv_tools.cli.lock",
    "explain": "condaenv_tools.cli.explain",
    "fix": "condaenv_tools.cli.fix",
    "verify": "condaenv_tools.cli.verify",
    "update": "condaenv_tools.cli.update",
    "status": "condaenv_tools.cli.status",
    "diff": "condaenv_tools.cli.diff",
    "merge": "condaenv_tools.cli.merge",
    "merge-driver": "condaenv_tools.cli.merge_driver",
    "subset": "condaenv_tools.cli.subset",
    "combine": "condaenv_tools.cli.combine",
    "export": "condaenv_tools.cli.export",
    "why": "condaenv_tools.cli.why",
    "ask": "condaenv_tools.cli.ask",
    "graph": "condaenv_tools.cli.graph",
    "snapshot": "condaenv_tools.cli.snapshot",
    "completion": "condaenv_tools.cli.completion",
}

EPILOG = """
\b
Examples:
  condaenv check environment.yml
  condaenv lock environment.yml -p linux-64 -p osx-arm64
  condaenv verify conda-lock.yml environment.yml

\b
Exit codes: 0 yes or done; 1 the answer is no; 2 the input or the usage is wrong;
3 something outside failed; 130 interrupted.
"""


class LazyGroup(click.Group):
    """A group whose commands are imported only when one of them is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands in the order in which a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or fail with the nearest one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0].lower(), COMMANDS, n=1)
            if not near or "mean" in error.message:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]}?", ctx) from None


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_name="condaenv-tools", prog_name="condaenv")
def condaenv() -> None:
    """Read environment.yml files, lock them for every platform, and prove the locks."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; no traceback ever reaches the user.

    Parameters
    ----------
    arguments : sequence of str
        The command line without the program's name.
    """
    as_json = "--json" in arguments
    stdout = sys.stdout
    try:
        result = condaenv.main(args=list(arguments), prog_name="condaenv", standalone_mode=False)
        print(end="", flush=True)
    except KeyboardInterrupt:
        complain("interrupted")
        return 130
    except click.exceptions.Abort:
        complain("interrupted")
        return 130
    except (BrokenPipeError, SystemExit) as leaving:
        # Where the reader goes in the midst of a result, click wraps the stream and leaves with 1.
        if isinstance(leaving, SystemExit) and sys.stdout is stdout:
            raise
        _let_go_of_stdout()
        return 0
    except click.ClickException as error:
        error.show(sys.stderr)
        if as_json:
            _print_error({"error": {"kind": "UsageError", "message": error.format_message(), "hints": []}})
        return 2
    except Exception as error:  # noqa: BLE001 - whatever it is, a user gets a sentence and a code
        complain(error)
        if as_json:
            _print_error(error_document(error))
        return exit_code(error)
    return int(result or 0)


def _print_error(document: dict[str, object]) -> None:
    """Print what stands in the place of a result; that nobody reads it changes no exit code."""
    try:
        print_json(document)
        print(end="", flush=True)
    except BrokenPipeError:
        _let_go_of_stdout()


def _let_go_of_stdout() -> None:
    """Leave a stream whose reader has gone (`| head`): what is still buffered must not fail at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
