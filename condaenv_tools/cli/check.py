"""`condaenv check`: read files and report every finding."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from condaenv_tools.channels.options import SourceOptions
from condaenv_tools.cli.findings import FORMATS, code_page, code_table, file_document, render
from condaenv_tools.cli.options import channel_options, platform_option
from condaenv_tools.cli.output import complain, exit_code, print_json, print_result, read_stdin, say
from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.jobs.check_files import CheckedFile, CheckOptions, check_files
from condaenv_tools.jobs.find_files import find_environment_files
from condaenv_tools.jobs.settings import NO_SETTINGS, check_codes
from condaenv_tools.model.platform import Platform
from condaenv_tools.rules.registry import ALL_CODES

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv check environment.yml
  condaenv check envs/ --format github
  condaenv check environment.yml --fix
  condaenv check environment.yml --snapshot channels/ --offline
  condaenv check environment.yml --json | jq '.files[].findings'
  condaenv check --explain CE204
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    form: str
    quiet: bool
    verbose: bool


def _split(_: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Take codes one by one, or several with commas."""
    try:
        return check_codes(text for value in values for text in value.split(",") if text.strip())
    except CondaEnvToolsError as error:
        raise click.BadParameter(error.message, param=parameter) from None


def _fix_options(function: Callable[..., int]) -> Callable[..., int]:
    options = [
        click.option(
            "--fix", is_flag=True, help="Mend what can be mended safely, in place; - goes to stdout."
        ),
        click.option(
            "--unsafe-fixes",
            is_flag=True,
            help="With --fix or --diff: also fixes that may change the meaning.",
        ),
        click.option(
            "--diff", "as_diff", is_flag=True, help="Print what --fix would change, and write nothing."
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def _choice_options(function: Callable[..., int]) -> Callable[..., int]:
    options = [
        click.option(
            "--select",
            multiple=True,
            callback=_split,
            metavar="CODE",
            help="Only findings with this code, or a beginning such as CE5 (repeatable, or with commas).",
        ),
        click.option(
            "--ignore", multiple=True, callback=_split, metavar="CODE", help="No findings with this code."
        ),
        click.option("--no-config", is_flag=True, help="Do not read [tool.condaenv] of pyproject.toml."),
        click.option(
            "--root",
            type=click.Path(path_type=Path, file_okay=False, exists=True),
            help="The folder that files included with -r and -c must lie in. Default: the file's project.",
        ),
        click.option(
            "-j",
            "--jobs",
            type=click.IntRange(min=1),
            help="Processes at most. Default: as many as pay.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def _explain(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is None or context.resilient_parsing:
        return
    code = ALL_CODES.get(value.strip().upper())
    if code is None:
        near = difflib.get_close_matches(value.upper(), ALL_CODES, n=1)
        more = f"did you mean {near[0]}?" if near else "--list-codes shows the codes"
        raise click.BadParameter(f"no finding has the code {value!r}; {more}", param=parameter)
    print_result(code_page(code))
    context.exit()


def _list_codes(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's way
    if value and not context.resilient_parsing:
        print_result(code_table(list(ALL_CODES.values())))
        context.exit()


@click.command("check", epilog=EPILOG, short_help="Report all that is wrong in environment files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=str, readable=False))
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="text for people, json for programs, github for annotations of a pull request, sarif for code scanning.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@_fix_options
@_choice_options
@click.option(
    "--records",
    is_flag=True,
    help="Hold the files against the records of their channels, over the network; --snapshot does without it.",
)
@platform_option
@channel_options
@click.option(
    "--explain",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    metavar="CODE",
    help="Explain one code.",
)
@click.option(
    "--list-codes",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_codes,
    help="List all codes.",
)
@click.option("-q", "--quiet", is_flag=True, help="Errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Say as well which files are clean.")
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    files: tuple[str, ...],
    form: str,
    as_json: bool,
    fix: bool,
    unsafe_fixes: bool,
    as_diff: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    no_config: bool,
    root: Path | None,
    jobs: int | None,
    records: bool,
    platforms: tuple[Platform, ...],
    channels: tuple[str, ...],
    snapshot: Path | None,
    offline: bool,
    network_timeout: float | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Read environment files and report all that is wrong, or will bite, at once.

    FILE is an environment.yml; `-` is standard input; a folder stands for the environment files in and below it.
    A comment `# noqa: CE113` silences a finding on its line, `# condaenv: noqa: CE113` in the whole file,
    `ignore` and `per-file-ignores` below [tool.condaenv] in pyproject.toml in the whole project.
    Exits with 1 if there is an error.
    """
    if unsafe_fixes and not (fix or as_diff):
        raise click.UsageError("--unsafe-fixes says what --fix and --diff may do; add one of them")
    if as_json and form not in {"text", "json"}:
        raise click.UsageError(f"--json and --format {form} both say what is printed; choose one")
    form = "json" if as_json else form
    if form != "text" and (as_diff or (fix and "-" in files)):
        wanted = "--diff" if as_diff else "- and --fix"
        raise click.UsageError(
            f"{wanted} and --{'json' if as_json else f'format {form}'} both want stdout; choose one"
        )
    sources = SourceOptions(snapshot=snapshot, offline=offline, timeout=network_timeout)
    options = CheckOptions(
        platforms=platforms,
        channels=channels,
        sources=sources if records or snapshot is not None else None,
        select=select,
        ignore=ignore,
        settings=NO_SETTINGS if no_config else None,
        root=root,
        workers=jobs,
        environments=form == "json",
    )
    found = find_environment_files(files)
    stdin = read_stdin() if "-" in found else b""
    shown = _Shown(form=form, quiet=quiet, verbose=verbose)
    if as_diff:
        from condaenv_tools.cli.fixing import show_diff

        return show_diff(found, options, stdin=stdin, unsafe=unsafe_fixes, quiet=quiet)
    failed = 0
    if fix:
        from condaenv_tools.cli.fixing import fix_all

        stdin, failed = fix_all(found, options, stdin=stdin, unsafe=unsafe_fixes, quiet=quiet)
    checked = check_files(found, options, stdin=stdin)
    return max(failed, _report(checked, shown, aside=fix and "-" in found))


def _report(checked: Sequence[CheckedFile], shown: _Shown, *, aside: bool) -> int:
    """Print findings, on stderr where stdout has the mended text; then the failures, and return the exit code."""
    failures = [file.error for file in checked if file.error is not None]
    readable = [
        file for file in checked if file.error is None or file.findings or file.environment is not None
    ]
    if shown.form == "json":
        print_json({"files": [file_document(file) for file in checked]})
    else:
        # What a service reads says also that a file could not be checked.
        told = checked if shown.form == "sarif" else readable
        text = render(told, shown.form, quiet=shown.quiet, verbose=shown.verbose) if told else ""
        if text:
            (say if aside else print_result)(text)
    for error in failures:
        complain(error)
    bad = any(file.errors for file in checked)
    return min((exit_code(error) for error in failures), default=int(bad))
