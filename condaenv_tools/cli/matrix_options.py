"""`condaenv explain --matrix`: what goes with a package, from channels alone or those of some files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click
from click.core import ParameterSource

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.cli.output import print_json, print_result, say
from condaenv_tools.jobs.targets import DEFAULT_CHANNEL

__all__ = ["show_matrix"]


def show_matrix(files: Sequence[str], chosen: Mapping[str, Any], *, form: str, quiet: bool) -> int:
    """Print the matrix that the options ask for; without a file and `-c`, of conda-forge, which is said."""
    if chosen["matrix"] is None:
        if chosen["every"]:
            raise click.UsageError("--all says how much of a matrix is shown; add --matrix NAME")
        raise click.UsageError("Missing argument 'FILES...'; --matrix NAME does without.")
    from condaenv_tools.cli.matrix_text import matrix_document, matrix_text
    from condaenv_tools.jobs.matrix import MatrixOptions, package_matrix

    if form not in {"text", "json"}:
        raise click.UsageError(
            f"--matrix has no lines of a file to annotate, so that --format {form} says nothing"
        )
    if not files and not chosen["channels"]:
        say(f"no file and no channel is named; {DEFAULT_CHANNEL} is read (-c names another)", quiet=quiet)
    options = MatrixOptions(
        platforms=chosen["platforms"],
        channels=chosen["channels"],
        newest=chosen["exclude_newer"],
        strict=_asks_for_strict(),
        sources=SourceOptions(
            snapshot=chosen["snapshot"], offline=chosen["offline"], timeout=chosen["network_timeout"]
        ),
    )
    matrix = package_matrix(chosen["matrix"], *files, options=options)
    if form == "json":
        print_json(matrix_document(matrix))
    else:
        print_result(matrix_text(matrix, every=chosen["every"]))
    return 0


def _asks_for_strict() -> bool:
    """Say whether strict priority is asked for: what it hides is part of a matrix unless somebody says so."""
    context = click.get_current_context()
    return (
        context.params.get("channel_priority") == "strict"
        and context.get_parameter_source("channel_priority") is not ParameterSource.DEFAULT
    )
