"""`condaenv merge-driver`: what git calls to merge a lock."""

from __future__ import annotations

from pathlib import Path

import click

from condaenv_tools.cli.merging import merge_options_of, merging_options, tell_merge
from condaenv_tools.files import write_atomically
from condaenv_tools.jobs.merge_locks import merge_files

__all__ = ["command"]

EPILOG = """
\b
Two lines make git use it. In .gitattributes of the repository:
  conda-lock.yml merge=condaenv

\b
Once on each machine:
  git config --global merge.condaenv.driver "condaenv merge-driver %O %A %B %P"

\b
Examples:
  condaenv merge-driver base.yml ours.yml theirs.yml conda-lock.yml

\b
Where the two sides contradict each other, git reports a conflict as ever: the file in the working tree is our
side, whole and readable, and the reason is on stderr. Settle it in the environment file, run `condaenv update`,
and `git add` both.
"""


@click.command("merge-driver", epilog=EPILOG, short_help="Merge locks in git.")
@click.argument("base", metavar="%O", type=click.Path(path_type=Path))
@click.argument("ours", metavar="%A", type=click.Path(path_type=Path))
@click.argument("theirs", metavar="%B", type=click.Path(path_type=Path))
@click.argument("path", metavar="[%P]", required=False)
@click.option("--marker-size", type=int, help="Taken and not needed: no marks are written into a lock (%L).")
@merging_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    base: Path,
    ours: Path,
    theirs: Path,
    path: str | None,
    marker_size: int | None,
    snapshot: Path | None,
    online: bool,
) -> int:
    """Merge a lock for git: %A becomes what both sides asked for and moved since %O, proven.

    No network is used unless --online says so. Exits with 1 where the two contradict each other; %A stays our
    side then.
    """
    del marker_size
    result = merge_files(base, ours, theirs, options=merge_options_of(snapshot, online=online))
    if result.text is not None and result.text != ours.read_bytes():
        write_atomically(ours, result.text)
    tell_merge(result, path or str(ours), quiet=False)
    return 0 if result.lock is not None else 1
