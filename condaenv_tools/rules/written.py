"""A spec as it stands on its line: which characters are its version, its build, its brackets.

A `MatchSpec` says what a spec means; rules on spelling, and fixes, ask how it is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.rules.case import Case

__all__ = ["Part", "Written", "fix_of", "is_literal", "place_in", "take_apart"]

_VERSION_KEY = re.compile(r"""(?:^|[\s,])version\s*=\s*(?:'([^']*)'|"([^"]*)"|([^\s,'"]+))""")
#: What stands before brackets that have the build once more.
_VERSION_AND_BUILD = re.compile(r"(?P<version>[<>=!~]* *[^=\s]+)[= ](?P<build>[^=\s,|<>]+)")
_BUILD_KEY = re.compile(r"(?:^|[\s,])build\s*=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of the text of a spec, by character offsets, half open."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Behind its last character."""
        return self.start + len(self.text)

    @property
    def place(self) -> tuple[int, int]:
        """Both offsets."""
        return self.start, self.end

    def stripped(self) -> Part:
        """Return the part without the blanks around it."""
        lead = len(self.text) - len(self.text.lstrip())
        return Part(text=self.text.strip(), start=self.start + lead)

    def cut(self, start: int, end: int) -> Part:
        """Return a stretch of the part; offsets are its own."""
        return Part(text=self.text[start:end], start=self.start + start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The parts of a spec that is neither a URL nor a file.

    Attributes
    ----------
    text : str
        The whole of it.
    spec : MatchSpec
        What it means.
    name, version, build : Part
        Beside each other; empty where the spec has none. The operator is part of the version.
    brackets : Part
        What stands between the brackets; empty without them.
    bracket_version : Part
        The value of ``version=`` in them.
    """

    text: str
    spec: MatchSpec
    name: Part
    version: Part
    build: Part
    brackets: Part
    bracket_version: Part

    @property
    def any_version(self) -> Part:
        """The version that counts: that of the brackets, else the one beside the name."""
        return self.bracket_version if self.bracket_version.text else self.version


def take_apart(text: str, spec: MatchSpec) -> Written | None:
    """Return the parts of a spec as written; None for archives and what cannot be taken apart for certain.

    Parameters
    ----------
    text : str
        The spec.
    spec : MatchSpec
        What was read of it.

    Examples
    --------
    >>> parts = take_apart("numpy >=1.2 py3*", MatchSpec.parse("numpy >=1.2 py3*"))
    >>> parts.name.text, parts.version.text, parts.build.text
    ('numpy', '>=1.2', 'py3*')
    """
    if spec.url is not None or spec.fn is not None:
        return None
    whole = Part(text=text.partition("#")[0].partition(" if ")[0], start=0)
    opened = whole.text.find("[", whole.text.find("]::") + 1)
    closed = whole.text.rfind("]")
    brackets = whole.cut(opened + 1, closed) if 0 <= opened < closed else whole.cut(0, 0)
    outside = whole.cut(0, opened if opened >= 0 else len(whole.text))
    outside = outside.cut(outside.text.rfind(":") + 1, len(outside.text)).stripped()
    if not outside.text.lower().startswith(spec.name):
        return None
    name = outside.cut(0, len(spec.name))
    rest = outside.cut(len(spec.name), len(outside.text)).stripped()
    build = rest.cut(0, 0)
    if spec.build is not None and not _BUILD_KEY.search(brackets.text):
        if not rest.text.lower().endswith(spec.build.lower()):
            return None
        build = rest.cut(len(rest.text) - len(spec.build), len(rest.text))
        rest = rest.cut(0, max(len(rest.text) - len(spec.build) - 1, 0)).stripped()
    elif spec.build is not None and (both := _VERSION_AND_BUILD.fullmatch(rest.text)):
        build, rest = rest.cut(*both.span("build")), rest.cut(*both.span("version"))
    keyed = _VERSION_KEY.search(brackets.text)
    number = keyed.lastindex or 0 if keyed else 0
    inner = brackets.cut(*keyed.span(number)) if keyed else brackets.cut(0, 0)
    return Written(
        text=text, spec=spec, name=name, version=rest, build=build, brackets=brackets, bracket_version=inner
    )


def is_literal(case: Case, item: Dependency) -> bool:
    """Say whether a spec stands in the file character by character, so that its parts can be edited."""
    return case.text[item.span.start : item.span.end] == item.text


def place_in(case: Case, item: Dependency, place: tuple[int, int]) -> tuple[int, int]:
    """Return where a part of a spec stands in the file; the whole item where it is not literal."""
    if not is_literal(case, item):
        return item.span.start, item.span.end
    return item.span.start + place[0], item.span.start + max(place[1], place[0] + 1)


def fix_of(  # noqa: PLR0913 - what to write, where, and how it is told
    case: Case, item: Dependency, title: str, place: tuple[int, int], text: str, *, safe: bool = True
) -> Fix | None:
    """Return the fix that puts a text in the place of a part of a spec, or None where it cannot be edited.

    A fix that the spec would not survive as a spec is none.
    """
    if not is_literal(case, item):
        return None
    start, end = place
    try:
        MatchSpec.parse(item.text[:start] + text + item.text[end:])
    except ValueError:
        return None
    edit = TextEdit(start=item.span.start + start, end=item.span.start + end, text=text)
    return Fix(title=title, edits=(edit,), safe=safe)
