"""`condaenv import`: a file of another tool as an `environment.yml`."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import click

from condaenv_tools.cli.options import json_option, verbosity_options
from condaenv_tools.cli.output import print_json, print_result, read_stdin, remark, say
from condaenv_tools.errors import OutputError, ParseError
from condaenv_tools.files import write_atomically
from condaenv_tools.model.environment import Environment, PipKind
from condaenv_tools.model.finding import Finding, Severity

__all__ = ["command"]

#: The kinds of file; a test holds them to those of `condaenv_tools.parse.inputs.registry`, imported on use.
_FORMATS = (
    "pyproject.toml", "pixi.toml", "Pipfile", "Pipfile.lock", "poetry.lock", "@EXPLICIT", "conda list --json",
    "environment.yml", "conda list --export", "requirements.txt",
)  # fmt: skip

EPILOG = """
\b
Examples:
  condaenv import requirements.txt -o environment.yml
  condaenv import pyproject.toml --group dev --python 3.12 > environment.yml
  condaenv import Pipfile.lock --pip-all
  conda list --export | condaenv import - --channel conda-forge
"""


@click.command("import", epilog=EPILOG, short_help="Turn a file of another tool into an environment.yml.")
@click.argument("file", type=click.Path(path_type=str, allow_dash=True))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file to write. Default: stdout, which is also `-`.",
)
@click.option("--force", is_flag=True, help="Replace the output file if it is there.")
@click.option("--name", help="The name of the environment, in place of the file's.")
@click.option(
    "-c",
    "--channel",
    "channels",
    multiple=True,
    help="A channel in place of those of the file (repeatable; the first has priority).",
)
@click.option(
    "--group", "groups", multiple=True, help="A group, extra or feature to take besides (repeatable)."
)
@click.option("--all-groups", is_flag=True, help="Take all groups, extras and features.")
@click.option("--python", help="The version of Python to write, such as 3.12; it decides markers.")
@click.option(
    "--pip", "pip", multiple=True, help="A distribution that stays in the pip section (repeatable)."
)
@click.option("--pip-all", is_flag=True, help="Leave all distributions in the pip section.")
@click.option(
    "--from", "form", type=click.Choice(_FORMATS), help="The kind of file, where it is not known by its name."
)
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    file: str,
    output: Path | None,
    force: bool,
    name: str | None,
    channels: tuple[str, ...],
    groups: tuple[str, ...],
    all_groups: bool,
    python: str | None,
    pip: tuple[str, ...],
    pip_all: bool,
    form: str | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Turn FILE into an environment.yml, with conda packages where they are known and pip's lines where not.

    FILE is a requirements.txt, pyproject.toml (PEP 621, PEP 735, poetry, uv, pixi), pixi.toml, Pipfile,
    Pipfile.lock, poetry.lock, an @EXPLICIT list, or what `conda list` and `conda env export` write; `-` is
    standard input. What cannot be carried over is told, and stands in the result as a comment.
    """
    from condaenv_tools.jobs.import_files import ImportOptions, import_environment, import_file

    to_stdout = output is None or str(output) == "-"
    if as_json and output is not None and to_stdout:
        raise click.UsageError("-o - and --json both want stdout; choose one")
    if output is not None and not to_stdout:
        _check_place(file, output, force=force)
    options = ImportOptions(
        name=name,
        channels=channels,
        groups=groups,
        all_groups=all_groups,
        pip=pip,
        pip_all=pip_all,
        python=python,
        form=form,
    )
    try:
        if file == "-":
            result = import_environment(read_stdin(), path="<stdin>", options=options)
        else:
            result = import_file(file, options)
    except ParseError as error:
        raise _told(error, "standard input" if file == "-" else file) from error
    if output is not None and not to_stdout:
        write_atomically(output, result.text)
    elif not as_json:
        print_result(result.text)
    if not quiet:
        remark(result.findings, least=Severity.INFO if verbose else Severity.WARNING)
        _tell_paths(file, output, result.environment)
        _summary(result.findings, "" if output is None or to_stdout else str(output), verbose=verbose)
    if as_json:
        from condaenv_tools.cli.findings import finding_document

        print_json({"text": result.text, "findings": list(map(finding_document, result.findings))})
    return 0


def _told(error: ParseError, path: str) -> ParseError:
    """Say that nothing was written, before all that is wrong."""
    if not error.findings:
        return error
    count = len(error.findings)
    faults = "1 error" if count == 1 else f"{count} errors"
    return ParseError(
        f"{path} cannot be imported: there {'is' if count == 1 else 'are'} {faults} in it\n{error.message}",
        findings=error.findings,
        hints=error.hints,
    )


def _check_place(file: str, output: Path, *, force: bool) -> None:
    """Refuse a place that cannot be written to, or that holds what would be lost."""
    place = str(output)
    if not output.parent.is_dir():
        hints = ["make it first, or choose another place with -o"]
        raise OutputError(
            f"there is no folder {output.parent} to write {output.name} to",
            path=place,
            usage=True,
            hints=hints,
        )
    if output.is_dir():
        raise OutputError(f"{output} is a folder, and the environment is a file", path=place, usage=True)
    if file != "-" and os.path.realpath(output) == os.path.realpath(file):
        hints = ["choose another place with -o"]
        raise OutputError(f"{output} is the file to import", path=place, usage=True, hints=hints)
    if not force and output.is_file():
        hints = ["choose another place with -o, or replace it with --force"]
        raise OutputError(f"{output} is there already", path=place, usage=True, hints=hints)


def _tell_paths(file: str, output: Path | None, environment: Environment) -> None:
    """Tell that paths of the pip section count from another folder than they are written in."""
    if file == "-" or output is None or str(output) == "-":
        return
    local = {PipKind.PATH, PipKind.EDITABLE, PipKind.FILE, PipKind.CONSTRAINT}
    here, there = Path(file).resolve().parent, output.resolve().parent
    if here != there and any(item.kind in local for item in environment.pip):
        say(f"paths in the pip section are those of {here}, and count from {there}: see that they are there")


def _summary(findings: tuple[Finding, ...], output: str, *, verbose: bool) -> None:
    counts = Counter(finding.severity for finding in findings)
    told = []
    if counts[Severity.WARNING]:
        told.append(f"{counts[Severity.WARNING]} warning{'s' * (counts[Severity.WARNING] > 1)}")
    if counts[Severity.INFO]:
        notes = f"{counts[Severity.INFO]} note{'s' * (counts[Severity.INFO] > 1)}"
        told.append(notes if verbose else f"{notes} (-v shows them)")
    where = f"written to {output}" if output else "imported"
    say(f"{where}: {', '.join(told) or 'nothing to remark'}")
