"""An environment as its `environment.yml` describes it (CEP 24): every item with its place in the text."""

from __future__ import annotations

from dataclasses import dataclass

from condaenv_tools.model.html import table
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.pip_details import PipDetails, PipKind
from condaenv_tools.model.pip_line import read_pip_line
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secret_shapes import is_placeholder, is_secret_name
from condaenv_tools.model.secrets import MASK, mask_credentials
from condaenv_tools.model.selector import Selector
from condaenv_tools.model.span import SourceSpan

__all__ = [
    "ChannelItem",
    "Dependency",
    "Environment",
    "Item",
    "PipDetails",
    "PipItem",
    "PipKind",
    "PlatformItem",
    "Variable",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    span: SourceSpan
    selector: Selector | None = None

    def counts_on(self, platform: Platform) -> bool:
        """Say whether the item's selector, if it has one, holds on `platform`."""
        return self.selector is None or self.selector.holds_on(platform)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelItem(_Item):
    """One line under `channels`: a name, a URL or a path, as written. May hold a credential; `str` masks it."""

    text: str

    def __str__(self) -> str:
        return mask_credentials(self.text)

    def __repr__(self) -> str:
        return f"ChannelItem(text={str(self)!r}, span={str(self.span)!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency(_Item):
    """One conda requirement.

    Attributes
    ----------
    text : str
        As written, without comment and selector. May hold a credential in a URL; `str` masks it.
    spec : MatchSpec
        What it means to conda.
    category : str
        That of its file; ``main`` where the file has none.
    """

    text: str
    spec: MatchSpec
    category: str = "main"

    @property
    def name(self) -> str:
        """The package asked for."""
        return self.spec.name

    def __str__(self) -> str:
        return mask_credentials(self.text)

    def __repr__(self) -> str:
        return f"Dependency(text={str(self)!r}, span={str(self.span)!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipItem(_Item):
    """One line of a pip section.

    Attributes
    ----------
    text : str
        As written, without comment. May hold a credential; `str` masks it.
    kind : PipKind
        What it is.
    name : str or None
        The distribution it names, normalised (PEP 503); None where it names none.
    category : str
        That of its file; ``main`` where the file has none.
    """

    text: str
    kind: PipKind
    name: str | None = None
    category: str = "main"

    @property
    def details(self) -> PipDetails:
        """The parts of the line: extras, specifier, marker, hashes, URL, target and options.

        They are read from the text on first use, since most readers want the name alone.

        Examples
        --------
        >>> span = SourceSpan(path="e.yml", line=5, column=5)
        >>> item = PipItem(text="dask[array]>=2024; os_name == 'nt'", kind=PipKind.REQUIREMENT, span=span)
        >>> item.details.extras, item.details.specifier, item.details.marker
        (('array',), '>=2024', 'os_name == "nt"')
        """
        return read_pip_line(self.text.rstrip("\\")).details

    def __str__(self) -> str:
        return mask_credentials(self.text)

    def __repr__(self) -> str:
        return f"PipItem(text={str(self)!r}, kind={self.kind.value!r}, span={str(self.span)!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable(_Item):
    """One environment variable that the activated environment sets. Its `repr` masks credentials."""

    name: str
    value: str

    @property
    def shown(self) -> str:
        """The value as it may be printed: masked where it is a secret by its name or its shape."""
        if is_secret_name(self.name) and not is_placeholder(self.value):
            return MASK
        return mask_credentials(self.value)

    def __repr__(self) -> str:
        name = mask_credentials(self.name)
        return f"Variable(name={name!r}, value={self.shown!r}, span={str(self.span)!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformItem(_Item):
    """One line under `platforms`."""

    platform: Platform


Item = ChannelItem | Dependency | PipItem | Variable | PlatformItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One environment, read from one file or merged from several.

    Attributes
    ----------
    sources : tuple of str
        The files, in the order in which they were merged.
    name, prefix, category : str or None
        As written; `category` is None where the file has none (`main` is then meant).
    channels, dependencies, pip, variables, platforms : tuples of items
        In the order of the text. An item with a selector counts only where the selector holds.
    key_spans : tuple of (str, SourceSpan)
        Where each top-level key stands.
    has_pip_section : bool
        Whether there is a pip section, even an empty one.
    """

    sources: tuple[str, ...]
    name: str | None = None
    prefix: str | None = None
    category: str | None = None
    channels: tuple[ChannelItem, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    pip: tuple[PipItem, ...] = ()
    variables: tuple[Variable, ...] = ()
    platforms: tuple[PlatformItem, ...] = ()
    key_spans: tuple[tuple[str, SourceSpan], ...] = ()
    has_pip_section: bool = False

    def items(self) -> tuple[Item, ...]:
        """Return the items of all five sections, section by section.

        Examples
        --------
        >>> span = SourceSpan(path="e.yml", line=1, column=1)
        >>> environment = Environment(sources=("e.yml",), channels=(ChannelItem(span=span, text="conda-forge"),))
        >>> environment.items()
        (ChannelItem(text='conda-forge', span='e.yml:1:1'),)
        """
        return (*self.channels, *self.dependencies, *self.pip, *self.variables, *self.platforms)

    def dependencies_on(self, platform: Platform) -> tuple[Dependency, ...]:
        """Return the conda requirements that count on `platform`, in the order of the text."""
        return tuple(item for item in self.dependencies if item.counts_on(platform))

    def channels_on(self, platform: Platform) -> tuple[ChannelItem, ...]:
        """Return the channels that count on `platform`, in order, `nodefaults` among them."""
        return tuple(item for item in self.channels if item.counts_on(platform))

    def pip_on(self, platform: Platform) -> tuple[PipItem, ...]:
        """Return the lines of the pip section that count on `platform`."""
        return tuple(item for item in self.pip if item.counts_on(platform))

    def span_of(self, key: str) -> SourceSpan | None:
        """Return where a top-level key stands, or None."""
        return dict(self.key_spans).get(key)

    def _repr_html_(self) -> str:
        rows = [("conda", str(d), str(d.spec), d.selector or "", d.span) for d in self.dependencies]
        rows += [("pip", str(p), p.name or "", p.selector or "", p.span) for p in self.pip]
        caption = f"{self.name or 'unnamed'} · channels: {', '.join(map(str, self.channels)) or 'none'}"
        return table(("part", "as written", "means", "where", "line"), rows, caption=caption)
