"""`condaenv export`: another format of the same lock."""

from __future__ import annotations

from pathlib import Path

import click

from condaenv_tools.cli.exporting import check_inputs, check_place, files_document, tell_losses, write_files
from condaenv_tools.cli.graph_options import locked_platform_option
from condaenv_tools.cli.options import json_option, verbosity_options
from condaenv_tools.cli.output import print_json, say
from condaenv_tools.jobs.export_lock import export_lock, output_paths, refuse_losses
from condaenv_tools.jobs.verify_files import read_lock
from condaenv_tools.lock.formats import DumpOptions, ReadOptions
from condaenv_tools.lock.registry import FORMATS
from condaenv_tools.model.platform import Platform

__all__ = ["command"]

EPILOG = """
\b
One text goes to stdout, or to -o FILE. A format that has one file for each platform is written beside the
lock, or into -o FOLDER, or to a name for each: -o 'NAME-{platform}.lock'.

\b
Examples:
  condaenv export conda-lock.yml --format pixi -o pixi.lock
  condaenv export pixi.lock --format explicit -p linux-64 > conda-linux-64.lock
  condaenv export conda-lock.yml --format explicit -o locks/
  condaenv export conda-lock.yml --format environment -p osx-arm64 --no-builds
  condaenv export uv.lock --format pylock -p linux-64 -o pylock.toml
  condaenv export poetry.lock --format requirements --one-file -o requirements.txt
"""


@click.command("export", epilog=EPILOG, short_help="Write another format of the same lock.")
@click.argument("lock", type=click.Path(path_type=str))
@click.option(
    "--format", "form", type=click.Choice(sorted(FORMATS)), required=True, help="What to write it as."
)
@locked_platform_option("all of the lock (repeatable)")
@click.option("-o", "--output", help="A file, a folder, a name with {platform} in it, or `-` for stdout.")
@click.option(
    "--allow-loss", is_flag=True, help="Write it even if what is lost changes what would be installed."
)
@click.option(
    "--map-conda",
    is_flag=True,
    help="For a format of PyPI: take what conda brings from PyPI, too, where it is there.",
)
@click.option("--builds/--no-builds", default=True, help="For an environment file: pin builds, too.")
@click.option(
    "--one-file",
    is_flag=True,
    help="For an environment or requirements file: one for all platforms, with selectors or markers.",
)
@click.option("--name", help="For an environment file: its name.")
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    lock: str,
    form: str,
    platforms: tuple[Platform, ...],
    output: str | None,
    allow_loss: bool,
    map_conda: bool,
    builds: bool,
    one_file: bool,
    name: str | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Write LOCK in another format, and say what that format has no word for.

    What would change what is installed is lost only with --allow-loss; without it nothing is written, and the
    exit code is 1.
    """
    del verbose
    if output == "-" and as_json:
        raise click.UsageError("-o - and --json both want stdout; choose one")
    check_place(output, [lock])
    options = DumpOptions(map_conda=map_conda, builds=builds, name=name, selectors=one_file)
    files = export_lock(read_lock(lock, ReadOptions(platforms=platforms)), form, platforms, options)
    if not allow_loss:
        refuse_losses(files, form=form)
    paths = output_paths(files, output, Path(lock).parent)
    check_inputs([path for path in paths if path is not None], [lock])
    to_stdout = None in paths
    if not (as_json and to_stdout):
        write_files(files, paths)
    if not quiet:
        tell_losses(files, form)
        for path in paths:
            if path is not None:
                say(f"written to {path}")
    if as_json:
        print_json({"format": form, "files": files_document(files, paths, text=True)})
    return 0
