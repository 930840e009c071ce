"""Import: a file of another tool in, an `environment.yml` and an account of what it cannot hold out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TypeVar

from condaenv_tools.errors import ParseError
from condaenv_tools.jobs.import_assembly import ImportOptions, assembled, python_condition, with_python
from condaenv_tools.jobs.import_includes import with_includes
from condaenv_tools.jobs.import_lines import Lines, Translator
from condaenv_tools.model.environment import Dependency, Environment, PipItem
from condaenv_tools.model.finding import Finding, sort_findings
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.environment_text import environment_text
from condaenv_tools.parse.environment_yml import ParsedFile, parse_environment
from condaenv_tools.parse.inputs.draft import MAIN, ParsedInput
from condaenv_tools.parse.inputs.registry import FORMATS, InputFormat, input_format, parse_input
from condaenv_tools.parse.pip_section import MAX_LINE
from condaenv_tools.parse.report import Report, quoted
from condaenv_tools.parse.text import SourceText, decode, read_bytes

__all__ = ["ImportOptions", "ImportResult", "import_environment", "import_file"]

#: Findings that lose nothing, since the line stands in the pip section as it was.
_NOT_LOST = {"CE143"}
#: Findings on the whole file, which stand at the first place that shows them.
_ON_FILE = {"CE136"}
_LOST = re.compile(r"CE1[34]\d|CE501|CE301")

Item = TypeVar("Item", Dependency, PipItem)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """An environment made of another file.

    Attributes
    ----------
    text : str
        The `environment.yml`, with a comment for each thing that could not be carried over.
    environment : Environment
        What it says; places are those in `text`.
    findings : tuple of Finding
        What there is to say about the file that was read, in its order; no errors.
    """

    text: str
    environment: Environment
    findings: tuple[Finding, ...]

    def _repr_html_(self) -> str:
        return self.environment._repr_html_()


def import_file(path: str | Path, options: ImportOptions | None = None) -> ImportResult:
    """Import a file; as `import_environment` for what is in it.

    Raises
    ------
    ParseError
        The file is absent, unreadable, a folder or too large, or what is in it is wrong.
    """
    folder = Path(path).parent
    return import_environment(read_bytes(path), path=str(path), options=options, folder=folder)


def import_environment(
    text: str | bytes,
    *,
    path: str = "<text>",
    options: ImportOptions | None = None,
    folder: Path | None = None,
) -> ImportResult:
    r"""Turn a file of another tool into an `environment.yml`.

    A line for pip becomes a conda requirement where a package of conda-forge is known to hold the distribution,
    where it has no extras, and where its marker can be decided: by the condition on Python, or as a selector.
    All else stays in the pip section. In files whose author has already told conda's packages from pip's
    lines, those lines stay as they are.

    Parameters
    ----------
    text : str or bytes
        What the file holds.
    path : str
        How findings name it; its last part tells what kind of file it is.
    options : ImportOptions, optional
        What may be said beside the file.
    folder : Path, optional
        Where it lies; the files that a requirements file names (`-r`, `-c`) are then read too. Without it,
        nothing is read, and such lines stay in the pip section.

    Returns
    -------
    ImportResult
        The text reads back as its environment, without errors.

    Raises
    ------
    ParseError
        With every error of the file; or a group or version of Python is asked for that it does not have.

    Examples
    --------
    >>> print(import_environment("torch>=2\nno-such-dist\n", path="requirements.txt").text, end="")
    # made from requirements.txt by condaenv import
    channels:
      - conda-forge
      - nodefaults
    dependencies:
      - pytorch>=2
      - pip
      - pip:
          - no-such-dist

    References
    ----------
    CEP 24, PEP 440, PEP 508.
    """
    wanted = options or ImportOptions()
    parsed, decoded, form = _read(text, path, wanted)
    assert parsed.environment is not None
    report = Report(SourceText(decoded, path=path))
    whole = parsed.environment
    included: tuple[Finding, ...] = ()
    if folder is not None and form.name == "requirements.txt":
        whole, included = with_includes(parsed.environment, folder=folder, text=decoded, report=report)
    chosen = with_python(_choose(whole, wanted, report), wanted, path)
    elsewhere = parsed.elsewhere if isinstance(parsed, ParsedInput) else frozenset()
    translator = Translator(
        report,
        python=python_condition(chosen),
        platforms=[item.platform for item in chosen.platforms],
        keep=frozenset({"*"}) if wanted.pip_all else elsewhere | {*map(pypi_name, wanted.pip)},
    )
    if form.keeps_pip:
        lines = Lines(pip=[translator.without_secret(item) for item in chosen.pip])
    else:
        lines = translator.translate(chosen.pip)
    environment = assembled(chosen, lines, wanted, report, as_written=form.name == "environment.yml")
    # That the file names no channel is of no account where another one is named beside it.
    told = [one for one in parsed.findings if one.code != "CE301" or not wanted.channels]
    findings = sort_findings([*told, *included, *translator.findings()])
    head, remarks = _remarks(environment, findings, path)
    written = environment_text(environment, head=head, remarks=remarks)
    return ImportResult(text=written, environment=_read_back(written), findings=findings)


def _read(text: str | bytes, path: str, options: ImportOptions) -> tuple[ParsedFile, str, InputFormat]:
    """Return the file as read, its text, and what kind of file it is."""
    parsed = parse_input(text, path=path, form=options.form)
    if parsed.errors or parsed.environment is None:
        raise ParseError("\n".join(map(str, parsed.errors)), findings=parsed.errors)
    decoded = decode(text) if isinstance(text, bytes) else text.lstrip("\ufeff")
    found = FORMATS[options.form] if options.form is not None else input_format(path, decoded)
    assert found is not None
    for item in parsed.environment.pip:
        if len(item.text) > MAX_LINE:
            raise ParseError(f"{item.span}: a line of {len(item.text):,} characters is no requirement")
    return parsed, decoded, found


def _choose(environment: Environment, options: ImportOptions, report: Report) -> Environment:
    """Return the environment with the groups that are asked for alone."""
    own = {"main", environment.category}
    items: tuple[Dependency | PipItem, ...] = (*environment.dependencies, *environment.pip)
    groups: dict[str, list[Dependency | PipItem]] = {}
    for item in items:
        if item.category not in own:
            groups.setdefault(item.category, []).append(item)
    asked = {pypi_name(group): group for group in options.groups}
    known = {pypi_name(group) for group in groups}
    for normal, group in asked.items():
        if normal not in known and normal not in {"main", "default"}:
            there = ", ".join(groups) or "none"
            raise ParseError(
                f"{report.source.path} has no group {quoted(group)}", hints=[f"there are: {there}"]
            )
    left = {group for group in groups if not options.all_groups and pypi_name(group) not in asked}
    for group, members in groups.items():
        if group in left:
            _tell_left(report, group, members)
    return replace(
        environment,
        dependencies=_once(environment.dependencies, left, environment.category),
        pip=_once(environment.pip, left, environment.category),
    )


def _once(items: tuple[Item, ...], left: set[str], category: str | None) -> tuple[Item, ...]:
    """Return what is in the groups that are taken, each text once: groups may include each other."""
    found: dict[object, Item] = {}
    for item in items:
        if item.category not in left:
            found.setdefault((item.text, item.selector), replace(item, category=category or MAIN))
    return tuple(found.values())


def _tell_left(report: Report, group: str, items: Sequence[Dependency | PipItem]) -> None:
    names = ", ".join(dict.fromkeys(quoted(item.name or item.text) for item in items[:8]))
    more = f" and {len(items) - 8} more" if len(items) > 8 else ""
    span = items[0].span
    message = f"the group {quoted(group)} is left out: {names}{more}"
    report.add("CE138", message, span.start, span.end, hint=f"take it with --group {group}")


def _remarks(
    environment: Environment, findings: Sequence[Finding], path: str
) -> tuple[list[str], dict[Dependency | PipItem, list[str]]]:
    """Return the comments: on an item where a finding stands in it, else on the whole file."""
    items: list[Dependency | PipItem] = sorted(
        (*environment.dependencies, *environment.pip), key=lambda item: (item.span.path, item.span.start)
    )
    starts = [(item.span.path, item.span.start) for item in items]
    shown = "standard input" if path == "<stdin>" else PurePath(path.replace("\\", "/")).name
    head = [f"made from {shown} by condaenv import"]
    remarks: dict[Dependency | PipItem, list[str]] = {}
    for finding in findings:
        if finding.code in _NOT_LOST or not _LOST.fullmatch(finding.code):
            continue
        on_item = finding.span is not None and finding.code not in _ON_FILE
        place = (finding.span.path, finding.span.start) if finding.span and on_item else ("", -1)
        at = bisect_right(starts, place) - 1
        if finding.span and on_item and at >= 0 and _belongs(finding.span, items[at].span):
            remarks.setdefault(items[at], []).append(finding.message)
        else:
            head.append(f"line {finding.span.line}: {finding.message}" if finding.span else finding.message)
    return head, remarks


def _belongs(place: SourceSpan, item: SourceSpan) -> bool:
    """Say whether a finding behind the beginning of an item is one on it."""
    return place.path == item.path and (place.start < item.end or place.line == item.line)


def _read_back(text: str) -> Environment:
    """Return what the text says; what the file itself says was proven before, so an error is in what was added."""
    parsed = parse_environment(text, path="environment.yml")
    if parsed.errors or parsed.environment is None:
        raise ParseError(
            "\n".join(["the environment.yml that would be made has errors", *map(str, parsed.errors)]),
            hints=["see which channels and which name are given beside the file"],
        )
    return parsed.environment
