"""`condaenv completion`: the script that makes a shell complete commands, options and platforms."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from condaenv_tools.cli.output import print_result

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv completion bash >> ~/.bashrc
  condaenv completion zsh >> ~/.zshrc
  condaenv completion fish > ~/.config/fish/completions/condaenv.fish
"""


@click.command("completion", epilog=EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a shell."""
    kind = get_completion_class(shell)
    assert kind is not None
    group = click.get_current_context().find_root().command
    print_result(kind(group, {}, "condaenv", "_CONDAENV_COMPLETE").source())
