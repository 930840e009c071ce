"""MatchSpecs: what a conda requirement asks for (CEP 29), with conda's reading and conda's canonical text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import attrgetter
from pathlib import Path, PureWindowsPath
from typing import Any, Protocol

from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.channel_places import is_relative, narrower_channel, same_channel
from condaenv_tools.model.match_spec_brackets import FIELDS
from condaenv_tools.model.match_spec_parser import parse_fields
from condaenv_tools.model.match_spec_text import canonical_text
from condaenv_tools.model.patterns import is_pattern, text_matches
from condaenv_tools.model.version import Version
from condaenv_tools.model.version_spec import VersionSpec

__all__ = ["MatchSpec", "Matchable"]

#: Fields that are matched as texts.
_TEXTS = ("subdir", "url", "md5", "sha256", "license", "license_family", "fn")
_SETS = ("track_features", "features")
_BEYOND_PLAIN = attrgetter("channel", "build_number", "flags", *_TEXTS, *_SETS)


class Matchable(Protocol):
    """What a spec is matched against; `PackageRecord` is one.

    Further fields (``build_number``, ``channel``, ``subdir``, ``file_name``, ...) are looked up where a spec
    asks for them; a record that lacks one does not match.
    """

    @property
    def name(self) -> str:
        """Name of the package, in lower case."""
        ...

    @property
    def version(self) -> str:
        """Version as text."""
        ...

    @property
    def build(self) -> str:
        """Build string."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MatchSpec:
    """A query for packages. Fields that are None ask for nothing.

    Attributes
    ----------
    name : str
        Lower case; ``"*"`` for any.
    version : VersionSpec or None
        Condition on the version; ``*`` asks for nothing.
    build, subdir, license, license_family, md5, sha256, url, fn : str or None
        A text, a glob, or a regular expression between ``^`` and ``$``; case does not count. `fn` is the
        name of the archive. A path to an archive stays in `url` as it is written.
    build_number : str or None
        A number, or a condition on it.
    channel : str or None
        Name, URL, path or pattern; as written, so it may hold a credential, which no text of the spec shows.
    features, track_features : str or None
        Words, all of which and no others must be there.
    extras : tuple of str
        Groups of optional dependencies (CEP 44). Every record matches.
    flags : tuple of str
        Each must match a flag of the record (CEP 45).
    when : str or None
        The condition under which the spec holds (CEP 43). Every record matches.
    unread : tuple of str
        What conda passes over in silence, such as the brackets of ``dask[complete]``. Not compared.

    Examples
    --------
    >>> str(MatchSpec.parse("numpy=1.26")), str(MatchSpec.parse("numpy 1.26"))
    ('numpy=1.26', 'numpy==1.26')
    >>> str(MatchSpec.parse("conda-forge::pytorch>=2.7.0=cuda12*"))
    "conda-forge::pytorch[version='>=2.7.0',build=cuda12*]"

    References
    ----------
    CEP 29 (syntax and matching), CEP 43, CEP 44, CEP 45.
    """

    name: str = "*"
    version: VersionSpec | None = None
    build: str | None = None
    build_number: str | None = None
    channel: str | None = None
    subdir: str | None = None
    track_features: str | None = None
    features: str | None = None
    url: str | None = None
    md5: str | None = None
    sha256: str | None = None
    license: str | None = None
    license_family: str | None = None
    fn: str | None = None
    when: str | None = None
    extras: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    unread: tuple[str, ...] = field(default=(), compare=False)
    #: Whether name, version and build are all that a record is asked for.
    _is_plain: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_is_plain", not any(_BEYOND_PLAIN(self)))

    @classmethod
    def parse(cls, text: str) -> MatchSpec:
        """Read a spec as conda reads it.

        Raises
        ------
        InvalidMatchSpecError
            With the place of the fault and what was probably meant.
        """
        return _parse(text)

    @property
    def has_name_pattern(self) -> bool:
        """Whether the name is a glob, which can be searched for and not installed."""
        return "*" in self.name

    def matches(self, record: Matchable) -> bool:
        """Say whether `record` is what is asked for; `when` and `extras` are matters of a solver.

        Examples
        --------
        >>> from condaenv_tools.model.record import PackageRecord
        >>> record = PackageRecord(name="xz", version="5.8.1", build="h_0", subdir="linux-64", channel="c", url="")
        >>> MatchSpec.parse("xz=5").matches(record), MatchSpec.parse("xz 5").matches(record)
        (True, False)
        """
        if self.name != record.name and not (self.has_name_pattern and text_matches(self.name, record.name)):
            return False
        if self.version is not None and not self.version.root.matches(Version.of(record.version)):
            return False
        if self.build is not None and not text_matches(self.build, record.build):
            return False
        return self._is_plain or self._rest_matches(record)

    def _rest_matches(self, record: Matchable) -> bool:
        for name in _TEXTS:
            wanted = getattr(self, name)
            if wanted is not None and not text_matches(wanted, _text_of(record, name)):
                return False
        for name in _SETS:
            wanted = getattr(self, name)
            if wanted is not None and _words(wanted) != _words(_text_of(record, name)):
                return False
        if self.build_number is not None:
            number = str(getattr(record, "build_number", ""))
            if not number or not VersionSpec.parse(self.build_number).matches(number):
                return False
        if self.channel is not None and not same_channel(self.channel, _text_of(record, "channel")):
            return False
        flags = getattr(record, "flags", ())
        return all(any(text_matches(wanted, flag) for flag in flags) for wanted in self.flags)

    def intersect(self, other: MatchSpec) -> MatchSpec | None:
        """Return the spec that asks for what both ask for, or None where one spec cannot say it.

        Examples
        --------
        >>> str(MatchSpec.parse("numpy>=1.26").intersect(MatchSpec.parse("numpy<3")))
        "numpy[version='>=1.26,<3']"
        >>> MatchSpec.parse("numpy=1=a").intersect(MatchSpec.parse("numpy=1=b")) is None
        True
        """
        # A condition belongs to all that its spec says: what always holds cannot be joined to it.
        if self.name != other.name or self.when != other.when:
            return None
        changes: dict[str, Any] = {}
        for name in (*FIELDS, "unread"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if not theirs or mine == theirs:
                continue
            both = theirs if not mine else _both(name, mine, theirs)
            if both is None:
                return None
            changes[name] = both
        return replace(self, **changes)

    def anchored(self, base: str | Path) -> MatchSpec:
        """Return the spec with its relative paths made URLs; conda takes them from the working directory.

        Parameters
        ----------
        base : str or Path
            The folder from which the paths go: that of the file in which the spec stands.

        Examples
        --------
        >>> str(MatchSpec.parse("./channel::pkg").anchored("/srv"))
        'file:///srv/channel::pkg'
        """
        changes: dict[str, Any] = {}
        if self.channel is not None and is_relative(self.channel):
            changes["channel"] = expand_channels([self.channel], base_dir=base)[0].url
        if self.url is not None and "://" not in self.url:
            if PureWindowsPath(self.url).drive:
                changes["url"] = PureWindowsPath(self.url).as_uri()
            else:
                changes["url"] = Path(base).joinpath(Path(self.url).expanduser()).absolute().as_uri()
        return replace(self, **changes) if changes else self

    def __repr__(self) -> str:
        return f"MatchSpec({str(self)!r})"

    def __str__(self) -> str:
        return canonical_text({name: value for name in FIELDS if (value := getattr(self, name))})


@lru_cache(maxsize=65_536)
def _parse(text: str) -> MatchSpec:
    return MatchSpec(**parse_fields(text))


def _text_of(record: Matchable, name: str) -> str:
    value = getattr(record, "file_name" if name == "fn" else name, None)
    return " ".join(value) if isinstance(value, tuple) else str(value or "")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.replace(",", " ").split())


def _both(name: str, mine: Any, theirs: Any) -> Any:
    """Return what two specs ask of one field; None where no one value says it."""
    match name:
        case "version":
            return mine.intersect(theirs)
        case "extras" | "flags" | "unread":
            return tuple(dict.fromkeys((*mine, *theirs)))
        case "channel":
            return narrower_channel(mine, theirs)
        case "build_number" | "track_features" | "features":
            return None
    # Of a pattern and a text that it matches, the text is what both ask for.
    for text, pattern in ((mine, theirs), (theirs, mine)):
        if pattern == "*" or (not is_pattern(text) and text_matches(pattern, text)):
            return text
    return None
