"""The files that -r and -c lines name, read in turn, and the list of lines that pip makes of them all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from condaenv_tools.model.environment import Environment, PipItem, PipKind
from condaenv_tools.model.finding import Finding, sort_findings
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.include_reading import LEADS_ON, MAX_DEPTH, Bound, IncludeReader, identity_of
from condaenv_tools.parse.selectors import intersect
from condaenv_tools.parse.text import SourceText

__all__ = ["Includes", "find_root", "flat_pip", "read_includes"]

_ROOT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Includes:
    """What the -r and -c lines of an environment lead to.

    Attributes
    ----------
    files : tuple of ParsedFile
        Each file once, in the order in which pip first reads them. Its path is the folder that was given with
        what the lines say; its findings are those of its own text.
    findings : tuple of Finding
        What is wrong with the lines that lead on, each on its line; and lines of a file of constraints that
        pip refuses as such.
    constraints : tuple of PipItem
        The lines of all files of constraints, in the order of pip.
    targets : tuple of (SourceSpan, str)
        For each line that leads on, the path of the file in `files`.
    texts : tuple of (str, str)
        Path and decoded text of each file, in the order of `files`; spans count in it. Not in the `repr`, since
        it may hold a credential.
    """

    files: tuple[ParsedFile, ...] = ()
    findings: tuple[Finding, ...] = ()
    constraints: tuple[PipItem, ...] = ()
    targets: tuple[tuple[SourceSpan, str], ...] = ()
    texts: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of the files and of the lines that lead to them."""
        return sort_findings([*self.findings, *(f for file in self.files for f in file.findings)])


def find_root(folder: Path) -> Path:
    """Return the folder of the project that a folder belongs to.

    It is the nearest one above, or the folder itself, that has a ``.git``, ``pyproject.toml``, ``setup.py`` or
    ``setup.cfg``; else the folder itself.
    """
    place = Path(os.path.realpath(folder))
    marked = (
        above for above in (place, *place.parents) if any((above / mark).exists() for mark in _ROOT_MARKS)
    )
    return next(marked, place)


def read_includes(
    environment: Environment, *, folder: Path, root: Path | None = None, text: str = ""
) -> Includes:
    r"""Read the files that the -r and -c lines of an environment name, and those that these name.

    As in pip, a relative name is relative to the folder of the file in which it stands, and a file of
    constraints that says -r brings requirements. The path of a project (``-e ./x``, ``./x``, an archive) stays
    as written: for pip it is relative to the working directory wherever it stands, which conda makes the
    folder of the environment file. Only ``--find-links`` is looked for beside its own file first.

    Parameters
    ----------
    environment : Environment
        As read from one file.
    folder : Path
        That of the file.
    root : Path or None
        Nothing outside it is read, symbolic links followed; `find_root` of the folder if None.
    text : str
        That of the environment's own file, to show a line beside a finding.

    Returns
    -------
    Includes
        The files and all that is wrong; nothing is raised, and no URL is fetched.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from condaenv_tools.parse.requirements_txt import parse_requirements
    >>> with TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "base.txt").write_text("numpy<2")
    ...     environment = parse_requirements("-r base.txt\nscipy", path="all.txt").environment
    ...     includes = read_includes(environment, folder=Path(folder))
    >>> [item.text for item in flat_pip(environment, includes)]
    ['numpy<2', 'scipy']

    References
    ----------
    The requirements file format of pip.
    """
    reader = IncludeReader(Path(os.path.realpath(root)) if root is not None else find_root(folder))
    own = environment.sources[0] if environment.sources else "<text>"
    if text:
        reader.texts[own] = SourceText(text, path=own)
    start = str(folder / Path(own).name)
    reader.follow(environment.pip, {identity_of(start): start}, constraint=False)
    found = Includes(
        files=tuple(reader.files.values()),
        findings=sort_findings(reader.findings),
        targets=tuple(reader.targets.items()),
        texts=tuple((file.path, reader.texts[file.path].text) for file in reader.files.values()),
    )
    lines = _Expansion(found).lines(environment.pip, ())
    return replace(found, constraints=tuple(item for item, bound in lines if bound))


def flat_pip(environment: Environment, includes: Includes) -> tuple[PipItem, ...]:
    """Return all lines that pip reads, those of included files in the place of the line that names the file.

    Parameters
    ----------
    environment : Environment
        The one that `includes` was read for.
    includes : Includes
        What its -r and -c lines lead to.

    Returns
    -------
    tuple of PipItem
        Requirements and options in the order of pip, each with the span in its own file and with the selector
        and category of the line that led to it; -r and -c lines are gone, and constraints are in
        `Includes.constraints`. Options in a file of constraints are among them: pip applies them to all.
    """
    lines = _Expansion(includes).lines(environment.pip, ())
    return tuple(item for item, bound in lines if not bound)


class _Expansion:
    """Files put in the place of the lines that name them."""

    def __init__(self, includes: Includes) -> None:
        self._targets = dict(includes.targets)
        self._files = {file.path: file for file in includes.files}
        self._bound = Bound()

    def lines(
        self, items: Sequence[PipItem], chain: tuple[str, ...], *, constraint: bool = False
    ) -> Iterator[tuple[PipItem, bool]]:
        """Yield each line, and whether it is a constraint."""
        for item in items:
            if item.kind not in LEADS_ON:
                yield item, constraint and item.kind is not PipKind.OPTION
                continue
            path = self._targets.get(item.span, "")
            file = self._files.get(path)
            if file is None or file.environment is None or path in chain or len(chain) >= MAX_DEPTH:
                continue
            if self._bound.passed(len(file.environment.pip)):
                return
            as_constraint = item.kind is PipKind.CONSTRAINT
            for line, bound in self.lines(file.environment.pip, (*chain, path), constraint=as_constraint):
                yield _inside(line, item), bound


def _inside(item: PipItem, outer: PipItem) -> PipItem:
    """Return an item of a file as the line that names the file makes it count."""
    if outer.selector is None and outer.category == item.category:
        return item
    selector = item.selector
    if outer.selector is not None:
        selector = outer.selector if selector is None else intersect(outer.selector, selector)
    return replace(item, selector=selector, category=outer.category)
