"""`condaenv edit`: change a file and keep all that was not asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click

from condaenv_tools.cli.options import PlatformType, json_option, verbosity_options
from condaenv_tools.cli.output import print_bytes, print_json, print_result, read_stdin, remark, say
from condaenv_tools.files import write_atomically
from condaenv_tools.jobs.edit_files import EditedFile, edit_data
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials, mask_line
from condaenv_tools.parse.editing.changes import Add, Change, Changed, EditError, Remove, Section, SetSpec
from condaenv_tools.parse.editing.items import name_of, read_item
from condaenv_tools.parse.editing.selecting import selector_for, selectors_of
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.text import read_bytes

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv edit environment.yml set numpy=2.0
  condaenv edit environment.yml add "scipy>=1.14" pandas --diff
  condaenv edit environment.yml add --pip "requests[socks]>=2.32"
  condaenv edit environment.yml add --pip -- "-e ."
  condaenv edit environment.yml remove pywin32 -p win-64
  condaenv edit environment.yml add --channel bioconda

\b
`set` writes the whole new spec: channel, build and extras of the old one are not carried over.
`remove` leaves comments on lines of their own where they are.
"""


@click.command("edit", epilog=EPILOG, short_help="Change a file; comments and layout stay.")
@click.argument("file", type=click.Path(path_type=str, allow_dash=True))
@click.argument("action", type=click.Choice(["add", "remove", "set"]))
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option("--pip", "section", flag_value=Section.PIP, type=Section, help="Edit the pip section.")
@click.option("--channel", "section", flag_value=Section.CHANNELS, type=Section, help="Edit the channels.")
@click.option(
    "--platform-list", "section", flag_value=Section.PLATFORMS, type=Section, help="Edit the platforms."
)
@click.option(
    "--variable",
    "section",
    flag_value=Section.VARIABLES,
    type=Section,
    help="Edit the variables: NAME=VALUE, or NAME to remove it.",
)
@click.option("--name", "section", flag_value=Section.NAME, type=Section, help="Set the environment's name.")
@click.option(
    "-p",
    "--platform",
    "platforms",
    multiple=True,
    type=PlatformType(),
    help="set, remove: of several lines of the name, the one that counts there. add: count there only "
    "(repeatable), where the file has such selectors already.",
)
@click.option(
    "--all", "every", is_flag=True, help="set, remove: all lines of the name, if there are several."
)
@click.option("--dry-run", "--diff", "dry_run", is_flag=True, help="Print a unified diff and write nothing.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=str, allow_dash=True),
    help="Where the changed file goes; `-` is stdout. Default: its own place; stdout where FILE is `-`.",
)
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    file: str,
    action: str,
    specs: tuple[str, ...],
    section: Section | None,
    platforms: tuple[Platform, ...],
    every: bool,
    dry_run: bool,
    output: str | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Add, remove or set SPEC... in FILE, an environment.yml; `-` is standard input.

    All of the changes are made, or none. Comments, blank lines, order, quotes, indentation, line ends and
    encoding stay as they were, and the result is read again before it is written.
    """
    target = output or file
    if target == "-" and as_json and not dry_run:
        raise click.UsageError("-o - and --json both want stdout; choose one")
    data = read_stdin() if file == "-" else read_bytes(file)
    wish = _Wish(
        path="<stdin>" if file == "-" else file,
        action=action,
        section=section or Section.DEPENDENCIES,
        platforms=platforms,
        every=every,
    )
    edited = edit_data(data, wish.changes(specs, data), path=wish.path)
    if not dry_run:
        _write(edited, target, copied=output is not None)
    if not quiet:
        _tell(edited, verbose=verbose, dry_run=dry_run)
    if as_json:
        print_json({"path": target, "changes": [_document(one) for one in edited.result.changed]})
    elif dry_run and edited.diff:
        print_result(edited.diff)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What the command line asks for, beside the specs."""

    path: str
    action: str
    section: Section
    platforms: tuple[Platform, ...]
    every: bool

    def changes(self, specs: Sequence[str], data: bytes) -> list[Change]:
        """Return the changes that are asked for."""
        self._check(specs)
        if self.action == "add":
            selector = self._selector(data)
            return [Add(section=self.section, text=spec, selector=selector) for spec in specs]
        platform = self.platforms[0] if self.platforms else None
        if self.action == "remove":
            return [
                Remove(section=self.section, name=spec, platform=platform, all=self.every) for spec in specs
            ]
        return [
            SetSpec(section=self.section, name=self._name(spec), text=spec, platform=platform, all=self.every)
            for spec in specs
        ]

    def _check(self, specs: Sequence[str]) -> None:
        if self.action == "add" and self.every:
            raise click.UsageError("--all goes with set and remove")
        if self.action != "add" and len(self.platforms) > 1:
            raise click.UsageError("one -p says which line is meant; use --all to mean all of them")
        if self.section is Section.NAME and (self.action != "set" or len(specs) > 1):
            raise click.UsageError("--name goes with set and one name")
        if self.section in {Section.CHANNELS, Section.PLATFORMS} and self.action == "set":
            raise click.UsageError(f"{self.section.value} have no specs to set: remove one and add another")

    def _selector(self, data: bytes) -> str | None:
        """Return the selector of new lines; the first one of a file is not begun in silence."""
        if not self.platforms:
            return None
        environment = parse_environment(data, path=self.path).environment
        if environment is None:
            return None  # the edit tells why
        if not selectors_of(environment):
            message = (
                f"{self.path}: no line has a selector yet, and conda and micromamba do not read them: "
                "they would take the new line on every platform; nothing was changed"
            )
            hint = "leave -p out, or write the first selector by hand: `# [win]` behind the line"
            raise EditError(message, hints=[hint])
        return selector_for(self.platforms, environment)

    def _name(self, spec: str) -> str:
        """Return the name of the line that a new spec is for."""
        if self.section is Section.NAME:
            return ""
        name = name_of(read_item(self.section, spec.strip()))
        if name is None:
            raise EditError(
                f"{mask_credentials(spec)!r} names no package, so nothing says which line it is for",
                hints=["remove the old line by its whole text, and add the new one"],
            )
        return name


def _write(edited: EditedFile, target: str, *, copied: bool) -> None:
    if target == "-":
        print_bytes(edited.after.data)
    elif copied or edited.after != edited.before:
        write_atomically(target, edited.after.data)


_DONE = {"add": "added", "remove": "removed", "set": "set"}


def _tell(edited: EditedFile, *, verbose: bool, dry_run: bool) -> None:
    for one in edited.result.changed:
        what = " -> ".join(mask_line(text) for text in (one.before, one.after) if text is not None)
        done = f"would have {_DONE[one.action]}" if dry_run else _DONE[one.action]
        say(f"{edited.path}:{one.line}: {done} {what}")
    if not edited.result.changed:
        say(f"{edited.path}: nothing to do; the file says so already")
    remark(edited.result.findings, least=Severity.INFO if verbose else Severity.WARNING)


def _document(one: Changed) -> dict[str, object]:
    return {
        "action": one.action,
        "section": one.section.value,
        "from": None if one.before is None else mask_line(one.before),
        "to": None if one.after is None else mask_line(one.after),
        "line": one.line,
    }
