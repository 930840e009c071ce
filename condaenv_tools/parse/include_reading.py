"""Reading what -r and -c lines name, within bounds: a chain of files that may be long, circular or hostile."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from condaenv_tools.errors import ParseError
from condaenv_tools.model.environment import PipItem, PipKind
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.codes import CODES
from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.report import MAX_FINDINGS, make_finding, quoted
from condaenv_tools.parse.requirements_txt import read_requirements_text
from condaenv_tools.parse.text import MAX_FILE_SIZE, SourceText, nearest_file, read_bytes

__all__ = ["LEADS_ON", "MAX_DEPTH", "Bound", "IncludeReader", "identity_of"]

MAX_DEPTH = 32
#: Files read, a file that is named twice counted twice, as pip reads it twice.
MAX_FILES = 1000
#: Lines of all of them, counted likewise.
MAX_LINES = 200_000

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|file:", re.IGNORECASE)
LEADS_ON = {PipKind.FILE, PipKind.CONSTRAINT}


class Bound:
    """How much has been read: files that name each other twice grow without end otherwise."""

    def __init__(self) -> None:
        self.files = 0
        self.lines = 0

    def passed(self, more: int) -> bool:
        """Count one more file of so many lines, and say whether it is too much."""
        self.files += 1
        self.lines += more
        return self.files > MAX_FILES or self.lines > MAX_LINES


class IncludeReader:
    """The state of reading: what is read, and what is wrong."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, ParsedFile] = {}
        self.texts: dict[str, SourceText] = {}
        self.targets: dict[SourceSpan, str] = {}
        self.findings: list[Finding] = []
        self._told: set[tuple[SourceSpan, str]] = set()
        self._bound = Bound()
        self._size = 0
        self._full = False

    def follow(self, items: Sequence[PipItem], chain: dict[str, str], *, constraint: bool) -> None:
        """Read what the items of the last file of a chain name; the chain has identities and paths."""
        for item in items:
            if self._full:
                return
            if constraint and item.kind not in LEADS_ON:
                self._check_constraint(item)
            target = item.details.target if item.kind in LEADS_ON else None
            if not target:
                continue
            if _URL.match(target) or "${" in target:
                what = "a URL" if _URL.match(target) else "a name with a variable"
                message = f"{quoted(target)} is {what}: only pip reads it, and its lines are left out here"
                self._tell("CE423", message, item, "copy the file beside this one, and name it by its path")
            else:
                self._follow_path(item, _beside(list(chain.values())[-1], target), chain)

    def _follow_path(self, item: PipItem, path: str, chain: dict[str, str]) -> None:
        identity = identity_of(path)
        if identity in chain:
            self._tell_cycle(item, identity, chain)
            return
        if len(chain) > MAX_DEPTH:
            message = f"{quoted(path)} would be level {len(chain)} of files that include each other"
            self._tell("CE424", message, item, f"the bound is {MAX_DEPTH} levels: name the file further up")
            return
        file = self.files.get(identity) or self._read(path, identity, item)
        if file is None:
            return
        self.targets[item.span] = file.path
        if file.environment is None:
            return
        if self._bound.passed(len(file.environment.pip)):
            self._full = True
            message = f"more than {MAX_FILES:,} files or {MAX_LINES:,} lines are included up to here"
            self._tell("CE424", message, item, "name each file once, in one place")
            return
        as_constraint = item.kind is PipKind.CONSTRAINT
        self.follow(file.environment.pip, {**chain, identity: path}, constraint=as_constraint)

    def _read(self, path: str, identity: str, item: PipItem) -> ParsedFile | None:
        try:
            real = Path(os.path.realpath(path))
            if not real.is_relative_to(self.root):
                self._tell_outside(item, real)
                return None
            mode = real.stat().st_mode
            if not stat.S_ISREG(mode):
                what = "is a folder" if stat.S_ISDIR(mode) else "is no plain file"
                self._tell("CE420", f"{quoted(path)} {what}", item, "name a file with requirements")
                return None
            data = read_bytes(real)
        except FileNotFoundError:
            near = Path(nearest_file(path)).name
            hint = f"did you mean {quoted(near)[1:-1]}?" if near else "add the file, or remove the line"
            self._tell("CE420", f"there is no file {quoted(path)}", item, hint)
            return None
        except (OSError, ValueError, ParseError) as error:
            reason = getattr(error, "strerror", None) or (
                "it is too large" if _is_large(error) else "its name is none"
            )
            self._tell("CE420", f"{quoted(path)} cannot be read: {reason}", item, "")
            return None
        self._size += len(data)
        if self._size > MAX_FILE_SIZE:
            self._full = True
            message = f"the included files are larger than {MAX_FILE_SIZE // 2**20} MiB together"
            self._tell("CE424", message, item, "name lists of requirements, and no other files")
            return None
        self.files[identity], self.texts[path] = read_requirements_text(data, path=path)
        return self.files[identity]

    def _check_constraint(self, item: PipItem) -> None:
        """Tell of a line that pip refuses in a file of constraints."""
        if item.kind is PipKind.OPTION:
            return
        if item.kind is PipKind.EDITABLE:
            reason = "an editable line cannot be a constraint"
        elif item.name is None:
            reason = "a constraint needs the name of a distribution"
        elif item.details.extras:
            reason = "a constraint cannot have extras"
        else:
            return
        message = f"{quoted(item.text)}: {reason}, and pip stops at it"
        self._tell("CE425", message, item, "move it to a file of requirements")

    def _tell_outside(self, item: PipItem, real: Path) -> None:
        message = f"{quoted(item.details.target or '')} leads out of the project, to {quoted(str(real))}"
        self._tell(
            "CE422", message, item, f"only files below {quoted(str(self.root))} are read: copy it there"
        )

    def _tell_cycle(self, item: PipItem, identity: str, chain: dict[str, str]) -> None:
        first = list(chain).index(identity)
        names = [quoted(name)[1:-1] for name in (*list(chain.values())[first:], chain[identity])]
        if len(names) > 6:
            names[3:-3] = ["..."]
        message = f"the files include each other: {' -> '.join(names)}"
        self._tell("CE421", message, item, "remove one of the lines")

    def _tell(self, code: str, message: str, item: PipItem, hint: str) -> None:
        """Add a finding on the line of an item, once however often the line is read."""
        if (item.span, code) in self._told or len(self.findings) >= MAX_FINDINGS:
            return
        self._told.add((item.span, code))
        source = self.texts.get(item.span.path)
        shown = source.shown_line(item.span.line) if source is not None else ""
        place = SourceText("", path=item.span.path)
        told = make_finding(place, CODES[code], message, hint=hint)
        self.findings.append(replace(told, span=item.span, source=shown))


def identity_of(path: str) -> str:
    """Return what tells files apart for pip: the absolute path, symbolic links as they stand."""
    return os.path.abspath(path)  # noqa: PTH100 - Path.resolve would follow the links


def _beside(path: str, target: str) -> str:
    """Return the path of a file that another one names; `..` goes back by the text, as in pip."""
    return os.path.normpath(Path(path).parent / target)


def _is_large(error: Exception) -> bool:
    return isinstance(error, ParseError) and "larger" in str(error)
