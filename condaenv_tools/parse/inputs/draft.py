"""What a format gathers while it reads a file: the items of an environment, and what it cannot carry over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from condaenv_tools.errors import InvalidMatchSpecError, InvalidPlatformError, ParseError
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.environment import (
    ChannelItem,
    Dependency,
    Environment,
    PipItem,
    PlatformItem,
    Variable,
)
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.selector import Selector
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.inputs.items import Item, describe_value
from condaenv_tools.parse.pip_line import classify_pip_line
from condaenv_tools.parse.pip_section import MAX_LINE
from condaenv_tools.parse.report import Report, quoted
from condaenv_tools.parse.specs import instead_of, odd_character
from condaenv_tools.parse.text import SourceText

__all__ = ["MAIN", "Draft", "ParsedInput", "Place"]

#: The category of what is always installed.
MAIN = "main"

#: A stretch of the text, as character offsets, half open.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedInput(ParsedFile):
    """What reading a file of another tool gave.

    Attributes
    ----------
    elsewhere : frozenset of str
        Distributions, normalised, that come from an index of their own: what the default index or a channel
        has under the same name may be something else.
    """

    elsewhere: frozenset[str] = frozenset()


class Draft:
    """Gathers one file.

    Parameters
    ----------
    text : str
        The decoded text.
    path : str
        How findings and spans name the file.
    """

    def __init__(self, text: str, path: str) -> None:
        self.source = SourceText(text, path=path)
        self.report = Report(self.source)
        self.name: str | None = None
        self.channels: list[ChannelItem] = []
        self.conda: list[Dependency] = []
        self.pip: list[PipItem] = []
        self.variables: list[Variable] = []
        self.platforms: list[PlatformItem] = []
        self.elsewhere: set[str] = set()
        #: Where in `pip` the lines of the standard tables of a pyproject.toml stand, by distribution.
        self.standard: dict[str, list[int]] = {}
        self._channel_texts: set[str] = set()

    def span(self, place: Place) -> SourceSpan:
        """Return a stretch as a span."""
        return self.source.span(*place)

    def tell(
        self,
        code: str,
        message: str,
        place: Place | None,
        *,
        hint: str = "",
        severity: Severity | None = None,
    ) -> None:
        """Add a finding."""
        start, end = place or (None, None)
        self.report.add(code, message, start, end, hint=hint, severity=severity)

    def text_of(self, item: Item, what: str) -> str | None:
        """Return the text of an item; None, and told, where it is none."""
        if isinstance(item.value, str):
            return item.value
        self.wrong(item, what, "a text")
        return None

    def wrong(self, item: Item, what: str, wanted: str) -> None:
        """Tell that a value is of another type than its format has it."""
        message = f"{what} should be {wanted}, and is {describe_value(item.value)}"
        self.tell("CE133", message, item.place)

    def texts(self, item: Item | None, what: str) -> list[Item]:
        """Return the texts of a list; tell of what is none."""
        if item is None:
            return []
        if not item.is_array:
            self.wrong(item, what, "a list")
            return []
        return [one for one in item.elements() if self.text_of(one, f"an item of {what}") is not None]

    def table(self, item: Item | None, what: str) -> list[tuple[str, Item]]:
        """Return the members of a table; tell where it is none."""
        if item is None:
            return []
        if not item.is_table:
            self.wrong(item, what, "a table")
            return []
        return list(item.members())

    def others(self, item: Item, known: Collection[str], of: str) -> None:
        """Tell of the members of a table that are not among those that are read."""
        for name, part in item.members():
            if name not in known:
                self.tell("CE145", f"{quoted(name)} of {of} is left out", part.key)

    def channel(self, text: str, place: Place) -> None:
        """Add a channel, each once; tell of what is none."""
        odd = odd_character(text)
        if odd:
            self.tell("CE304", f"the channel {quoted(text)} holds {odd[1]}", place, hint=instead_of(odd[2]))
            return
        try:
            expand_channels([text], base_dir="/")
        except ParseError as error:
            self.tell("CE304", error.message, place, hint=error.hints[0] if error.hints else "")
            return
        if text not in self._channel_texts:
            self._channel_texts.add(text)
            self.channels.append(ChannelItem(span=self.span(place), text=text))

    def platform(self, text: str, place: Place) -> None:
        """Add a platform, each once; tell of what is none."""
        try:
            platform = Platform.parse(text)
        except InvalidPlatformError as error:
            hint = f"did you mean {error.nearest}?" if error.nearest else ""
            self.tell("CE502", f"{quoted(text)} is not a platform that conda knows", place, hint=hint)
            return
        if platform not in {known.platform for known in self.platforms}:
            self.platforms.append(PlatformItem(span=self.span(place), platform=platform))

    def spec(
        self, text: str, place: Place, *, category: str = MAIN, selector: Selector | None = None
    ) -> None:
        """Add a conda requirement; tell of one that cannot be read."""
        try:
            spec = MatchSpec.parse(text)
        except InvalidMatchSpecError as error:
            hint = error.hints[0] if error.hints else ""
            self.tell("CE201", f"{quoted(text)} cannot be read: {error.reason}", place, hint=hint)
            return
        self.conda.append(
            Dependency(span=self.span(place), selector=selector, text=text, spec=spec, category=category)
        )

    def requirement(
        self, text: str, place: Place, *, category: str = MAIN, selector: Selector | None = None
    ) -> None:
        """Add a line as pip reads it; tell of one that it cannot read."""
        if len(text) > MAX_LINE:
            self.tell("CE401", f"a line of {len(text):,} characters is no requirement", place)
            return
        line = classify_pip_line(text)
        if line.code:
            self.tell(line.code, f"{quoted(text)}: {line.reason}", place, hint=line.hint)
            return
        self.pip.append(
            PipItem(
                span=self.span(place),
                selector=selector,
                text=text,
                kind=line.kind,
                name=line.name,
                category=category,
            )
        )

    def variable(self, name: str, value: str, place: Place, selector: Selector | None = None) -> None:
        """Add an environment variable."""
        self.variables.append(Variable(span=self.span(place), selector=selector, name=name, value=value))

    def own_index(self, name: str, index: str, place: Place) -> None:
        """Tell that a distribution comes from an index of its own, and note it."""
        self.elsewhere.add(pypi_name(name))
        message = f"{quoted(name)} comes from {index}, which no line of an environment.yml can name"
        self.tell("CE135", message, place, hint="see that pip finds it, and nothing else of the same name")

    def index_left(self, what: str, place: Place) -> None:
        """Tell that an index for all packages is not carried over."""
        message = f"{what} is left out: packages come from the default index"
        hint = "add the index to the pip section by hand if it is needed"
        self.tell("CE144", message, place, hint=hint)

    def hashes_left(self, place: Place) -> None:
        """Tell that the hashes of a lock are not carried over."""
        message = "the hashes of the lock are left out: versions say which releases are meant"
        self.tell("CE136", message, place, hint="a lock made from the environment.yml has hashes again")

    def marker_left(self, name: str, place: Place) -> None:
        """Tell that a package that lies beside the file is taken whatever its marker says."""
        message = f"a path cannot have a marker, so {quoted(name)} is taken on every platform"
        self.tell("CE140", message, place)

    def lines(self) -> dict[str, list[int]]:
        """Return where in `pip` the lines of each distribution stand."""
        found: dict[str, list[int]] = {}
        for at, item in enumerate(self.pip):
            if item.name is not None:
                found.setdefault(item.name, []).append(at)
        return found

    def parsed(self) -> ParsedInput:
        """Return what was gathered, sorted as it stands in the text where a format did not say otherwise."""
        environment = Environment(
            sources=(self.source.path,),
            name=self.name,
            channels=tuple(self.channels),
            dependencies=tuple(self.conda),
            pip=tuple(self.pip),
            variables=tuple(self.variables),
            platforms=tuple(self.platforms),
            has_pip_section=bool(self.pip),
        )
        return ParsedInput(
            path=self.source.path,
            environment=environment,
            findings=self.report.findings(),
            elsewhere=frozenset(self.elsewhere),
        )

    def unread(self) -> ParsedFile:
        """Return the findings alone: nothing of the text could be read."""
        return ParsedFile(path=self.source.path, environment=None, findings=self.report.findings())
