"""Lines of the pip section whose source moves, cannot be checked, or is on one machine only."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from condaenv_tools.model.environment import PipKind
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.parse.codes.code import INFO, WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.pip_items import PipLine, readable_items
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_MOVING = code(
    "CE435",
    WARNING,
    "a repository without a commit",
    "What is installed changes with every push to the branch; a tag can be moved, a full commit hash cannot.",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - git+https://git.example.org/team/tool.git@main\n",
    "dependencies:\n  - python\n  - pip\n  - pip:\n"
    "      - git+https://git.example.org/team/tool.git@0123456789abcdef0123456789abcdef01234567\n",
)
_NO_HASH = code(
    "CE436",
    INFO,
    "a URL without a hash",
    "Whatever lies behind the URL tomorrow is installed; with a hash pip refuses another file.",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - https://example.org/tool-1.0-py3-none-any.whl\n",
    "dependencies:\n  - python\n  - pip\n  - pip:\n"
    "      - https://example.org/tool-1.0-py3-none-any.whl#sha256=" + "ab" * 32 + "\n",
)
_OUTSIDE = code(
    "CE437",
    WARNING,
    "a path that leaves the project",
    "Who clones the project has no such folder, and pip stops there.",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - -e ../tool\n",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - -e ./tool\n",
)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.IGNORECASE)
_SHORT_COMMIT = re.compile(r"(?=[0-9a-f]*\d)[0-9a-f]{7,39}", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_TAG = re.compile(r"(?:[A-Za-z][\w-]*?[-_/])?[vVrR]?\d+(?:[._-]\w+)*(?:\+\w+)?|refs/tags/.+")
_BRANCHES = {
    "main",
    "master",
    "develop",
    "devel",
    "dev",
    "trunk",
    "head",
    "stable",
    "latest",
    "nightly",
    "next",
}
_ABSOLUTE = re.compile(r"[/~\\]|[A-Za-z]:[\\/]")
#: Where conda-build works: `pip freeze` prints such places for what conda installed.
_BUILD_PLACE = re.compile(
    r"/(?:croot|tmp/build|home/conda/feedstock_root|opt/conda/conda-bld|work/ci_py\d+|tmp/abs_\w+)/"
)


def _moving(case: Case) -> Iterator[Finding]:
    for item in readable_items(case):
        url = item.details.url or ""
        tool = url.partition("+")[0].lower()
        if item.kind not in {PipKind.VCS, PipKind.EDITABLE} or tool not in {"git", "hg", "svn", "bzr"}:
            continue
        revision = item.details.revision
        fixed = _NUMBER if tool in {"svn", "bzr"} else _COMMIT
        if revision is None:
            message = (
                f"{quoted(_repository(item))} names no commit: pip takes what the main branch holds that day"
            )
            yield case.finding(_MOVING, message, item.span, hint="write @COMMIT, in full, behind the URL")
        elif not fixed.fullmatch(revision):
            yield _tell_revision(case, item, revision)


def _repository(item: PipLine) -> str:
    return re.split(r"[?#]", item.details.url or item.text)[0]


def _tell_revision(case: Case, item: PipLine, revision: str) -> Finding:
    severity: Severity | None = Severity.INFO
    hint = "write the full hash of the commit in its place"
    if revision.lower().removeprefix("refs/heads/") in _BRANCHES or revision.startswith("refs/heads/"):
        message = f"{quoted(revision)} is a branch: pip takes what it holds that day"
        severity = None
    elif _SHORT_COMMIT.fullmatch(revision):
        message = f"{quoted(revision)} is a shortened commit, for which pip must ask the whole repository"
        hint = "write all 40 digits"
    elif _TAG.fullmatch(revision):
        message = f"{quoted(revision)} looks like a tag, which its owner can move to another commit"
    else:
        message = (
            f"{quoted(revision)} is no commit: a branch holds something else tomorrow, and a tag can be moved"
        )
        severity = None
    return case.finding(_MOVING, message, item.span, hint=hint, severity=severity)


def _no_hash(case: Case) -> Iterator[Finding]:
    for item in readable_items(case):
        url = item.details.url or ""
        if item.kind is not PipKind.URL or not url.lower().startswith(("http:", "https:", "ftp:")):
            continue
        if not item.details.hashes and not _COMMIT.search(url):
            message = (
                f"{quoted(_repository(item))} has no hash, so pip would install another file in its place"
            )
            yield case.finding(_NO_HASH, message, item.span, hint="write #sha256=DIGEST behind the URL")


def _outside(case: Case) -> Iterator[Finding]:
    for item in readable_items(case):
        if item.kind not in {PipKind.PATH, PipKind.EDITABLE, PipKind.URL}:
            continue
        place = item.details.target or item.details.url or ""
        if _BUILD_PLACE.search(place.replace("\\", "/")):
            message = (
                f"{quoted(place)} is a folder of the machine that built conda's package; pip freeze shows it"
            )
            name = item.name or "the package"
            hint = f"name {name} with its version, in the conda part"
            yield case.finding(_OUTSIDE, message, item.span, hint=hint)
            continue
        reason = _why_outside(place)
        if reason:
            hint = "keep it in the project, or name a repository or a release that others can reach"
            yield case.finding(_OUTSIDE, f"{quoted(place)} {reason}", item.span, hint=hint)


def _why_outside(place: str) -> str:
    """Say in which way a path leaves the project; an empty text where it does not."""
    path = place
    if place.lower().startswith("file:"):
        path = place[len("file:") :].removeprefix("//").removeprefix("localhost")
    elif "://" in place or "+" in place.partition(":")[0]:
        return ""
    if _ABSOLUTE.match(path):
        return "is a place on one machine"
    normal = posixpath.normpath(path.replace("\\", "/"))
    return "lies outside the project" if normal == ".." or normal.startswith("../") else ""


RULES: tuple[Rule, ...] = (
    Rule(code=_MOVING, find=_moving),
    Rule(code=_NO_HASH, find=_no_hash),
    Rule(code=_OUTSIDE, find=_outside),
)
