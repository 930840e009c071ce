"""`condaenv check`: read files and report every finding."""

from __future__ import annotations

import sys

import click

from condaenv_tools.cli.findings import FORMATS, environment_document, render
from condaenv_tools.cli.options import files_argument
from condaenv_tools.cli.output import print_json, print_result
from condaenv_tools.model.finding import Severity
from condaenv_tools.parse.environment_yml import ParsedFile, parse_environment, read_environment

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv check environment.yml
  condaenv check envs/*.yml --format github
  condaenv check environment.yml --json | jq '.files[].findings'
"""


@click.command("check", epilog=EPILOG, short_help="Report all that is wrong in environment files.")
@files_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="text for people, json for programs, github for annotations of a pull request, sarif for code scanning.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("-q", "--quiet", is_flag=True, help="Errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Say as well which files are clean.")
def command(files: tuple[str, ...], form: str, as_json: bool, quiet: bool, verbose: bool) -> int:  # noqa: FBT001
    """Read environment files and report all that is wrong, or will bite, at once.

    FILE is an environment.yml; `-` is standard input. Exits with 1 if there is an error.
    """
    parsed = [_read(path) for path in files]
    if as_json or form == "json":
        print_json({"files": [_document(file) for file in parsed]})
    else:
        text = render(parsed, form, quiet=quiet, verbose=verbose)
        if text:
            print_result(text)
    bad = any(finding.severity is Severity.ERROR for file in parsed for finding in file.findings)
    return int(bad)


def _read(path: str) -> ParsedFile:
    if path == "-":
        return parse_environment(sys.stdin.buffer.read(), path="<stdin>")
    return read_environment(path)


def _document(file: ParsedFile) -> dict[str, object]:
    return {
        "path": file.path,
        "environment": None if file.environment is None else environment_document(file.environment),
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "message": finding.message,
                # A finding on the whole file stands at its beginning: programs want a place.
                "line": finding.span.line if finding.span else 1,
                "column": finding.span.column if finding.span else 1,
                "hint": finding.hint,
            }
            for finding in file.findings
        ],
    }
