"""MatchSpecs: what a conda requirement asks for (CEP 29), with conda's reading and conda's canonical text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Protocol

from condaenv_tools.errors import InvalidMatchSpecError, InvalidVersionError
from condaenv_tools.model.match_spec_parser import parse_parts
from condaenv_tools.model.patterns import compile_regex, glob_to_regex
from condaenv_tools.model.version import Version
from condaenv_tools.model.version_spec import VersionSpec

__all__ = ["MatchSpec", "Matchable", "channel_location"]

_ALIAS = "https://conda.anaconda.org"
_DEFAULTS = "https://repo.anaconda.com/pkgs"
_DEFAULT_MEMBERS = frozenset({"pkgs/main", "pkgs/r", "pkgs/msys2"})


class Matchable(Protocol):
    """What a spec is matched against; `PackageRecord` is one."""

    @property
    def name(self) -> str:
        """Name of the package."""
        ...

    @property
    def version(self) -> str:
        """Version as text."""
        ...

    @property
    def build(self) -> str:
        """Build string."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSpec:
    """A query for packages. Fields that are None ask for nothing.

    Attributes
    ----------
    name : str
        Lower case; ``"*"`` for any.
    version : VersionSpec or None
        Condition on the version.
    build, license, license_family, md5, sha256, url, fn, features, track_features : str or None
        A text, a glob, or a regular expression between ``^`` and ``$``; case does not count.
    build_number : str or None
        A number, or a condition on it.
    channel, subdir : str or None
        A channel's name or URL; a subdir.
    extras, flags : tuple of str
        CEP 44 and CEP 45.
    when : str or None
        CEP 43.
    unread : tuple of str
        What conda passes over in silence, such as the brackets of ``dask[complete]``. Not compared.

    Examples
    --------
    >>> str(MatchSpec.parse("numpy=1.26")), str(MatchSpec.parse("numpy 1.26"))
    ('numpy=1.26', 'numpy==1.26')
    >>> str(MatchSpec.parse("conda-forge::pytorch>=2.7.0=cuda12*"))
    "conda-forge::pytorch[version='>=2.7.0',build=cuda12*]"
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
        """Say whether `record` is what is asked for; `when`, `extras` and `flags` are conditions of a solver."""
        if self.name != record.name and not (self.has_name_pattern and _text_matches(self.name, record.name)):
            return False
        if self.version is not None and not self.version.root.matches(Version.of(record.version)):
            return False
        if self.build is not None and self.build != "*" and not _text_matches(self.build, record.build):
            return False
        return self._is_plain or self._rest_matches(record)

    @property
    def _is_plain(self) -> bool:
        return not (self.channel or self.subdir or self.build_number or any(getattr(self, f) for f in _TEXTS))

    def _rest_matches(self, record: Matchable) -> bool:
        if self.subdir is not None and not _text_matches(self.subdir, getattr(record, "subdir", "")):
            return False
        if self.build_number is not None and not _number_matches(
            self.build_number, getattr(record, "build_number", 0)
        ):
            return False
        if self.channel is not None and not _same_channel(self.channel, getattr(record, "channel", "")):
            return False
        return all(
            wanted is None or _text_matches(wanted, _text_of(record, name))
            for name in _TEXTS
            if (wanted := getattr(self, name)) is not None
        )

    def intersect(self, other: MatchSpec) -> MatchSpec | None:
        """Return the spec that asks for what both ask for, or None where one spec cannot say it.

        Examples
        --------
        >>> str(MatchSpec.parse("numpy>=1.26").intersect(MatchSpec.parse("numpy<3")))
        "numpy[version='>=1.26,<3']"
        """
        changes: dict[str, object] = {}
        for item in fields(self):
            mine, theirs = getattr(self, item.name), getattr(other, item.name)
            if mine == theirs or not theirs:
                continue
            if not mine:
                changes[item.name] = theirs
            elif item.name == "version":
                changes["version"] = mine.intersect(theirs)
            elif item.name in {"extras", "flags", "unread"}:
                changes[item.name] = tuple(dict.fromkeys((*mine, *theirs)))
            else:
                return None
        return replace(self, **changes)  # type: ignore[arg-type]  # names and types are those of the fields

    def __str__(self) -> str:
        return _canonical(self)


#: Fields that are matched as texts, in conda's order of writing.
_TEXTS = ("track_features", "features", "url", "md5", "sha256", "license", "license_family", "fn")


@lru_cache(maxsize=65_536)
def _parse(text: str) -> MatchSpec:
    parts = parse_parts(text)
    plain = {k: v for k, v in parts.fields.items() if k not in {"extras", "flags"}}
    lists = {k: _items(parts.fields[k]) for k in ("extras", "flags") if k in parts.fields}
    spec = MatchSpec(name=parts.name, version=parts.version, unread=parts.unread, **plain, **lists)  # type: ignore[arg-type]
    for name in ("build", *_TEXTS):
        wanted = getattr(spec, name)
        if wanted and (wanted[0] == "^" or wanted[-1] == "$"):
            _check_regex(wanted, text)
    if spec.build_number is not None:
        _check_number(spec.build_number, text)
    return spec


def _items(text: str) -> tuple[str, ...]:
    return tuple(item.strip(" '\"") for item in text.split(",") if item.strip(" '\""))


def _check_regex(pattern: str, text: str) -> None:
    try:
        compile_regex(pattern)
    except InvalidVersionError as error:
        start = max(0, text.find(pattern))
        raise InvalidMatchSpecError(error.reason, text=text, start=start, end=start + len(pattern)) from None


def _check_number(wanted: str, text: str) -> None:
    try:
        _number_spec(wanted)
    except InvalidVersionError:
        start = max(0, text.find(wanted))
        raise InvalidMatchSpecError(
            "a build number is a number, or a condition on one",
            text=text,
            start=start,
            end=start + len(wanted),
            hints=["write build_number=1 or build_number='>=1'"],
        ) from None


@lru_cache(maxsize=1024)
def _number_spec(wanted: str) -> VersionSpec:
    return VersionSpec.parse(wanted)


def _number_matches(wanted: str, number: int) -> bool:
    return _number_spec(wanted).matches(str(number))


@lru_cache(maxsize=16_384)
def _pattern(wanted: str) -> re.Pattern[str] | None:
    """Return the compiled pattern of a text that is one."""
    if wanted.startswith("^") and wanted.endswith("$") and len(wanted) > 1:
        return compile_regex(wanted, re.IGNORECASE)
    return re.compile(glob_to_regex(wanted), re.IGNORECASE) if "*" in wanted else None


def _text_matches(wanted: str, found: str) -> bool:
    if wanted == found:
        return True
    pattern = _pattern(wanted)
    return wanted.lower() == found.lower() if pattern is None else pattern.search(found) is not None


def _text_of(record: Matchable, name: str) -> str:
    value = getattr(record, "file_name" if name == "fn" else name, None)
    return " ".join(value) if isinstance(value, tuple) else str(value or "")


def channel_location(text: str) -> str:
    """Return the URL that a channel's name stands for; a URL or path comes back without its last slash.

    Examples
    --------
    >>> channel_location("conda-forge"), channel_location("pkgs/main")
    ('https://conda.anaconda.org/conda-forge', 'https://repo.anaconda.com/pkgs/main')
    """
    bare = text.rstrip("/")
    if "://" in bare or bare.startswith((".", "/", "~")):
        return bare
    return f"{_DEFAULTS}/{bare[5:]}" if bare.startswith("pkgs/") else f"{_ALIAS}/{bare}"


def _same_channel(wanted: str, found: str) -> bool:
    if wanted == "defaults":
        return channel_location(found).startswith(_DEFAULTS)
    return _text_matches(channel_location(wanted), channel_location(found))


def _canonical(spec: MatchSpec) -> str:
    """Write a spec as conda does (CEP 29, appendix A)."""
    front, brackets = "", []
    if spec.channel and "*" not in spec.channel:
        front = _channel_name(spec.channel) + (f"/{spec.subdir}" if spec.subdir else "") + "::"
    else:
        brackets += [f"channel={spec.channel}"] if spec.channel else []
        brackets += [f"subdir={spec.subdir}"] if spec.subdir else []
    version, exact = _canonical_version(spec, brackets)
    build = ""
    if spec.build is not None:
        if any(char in spec.build for char in "><$^|,"):
            brackets.append(f"build='{spec.build}'")
        elif "*" in spec.build or not exact:
            brackets.append(f"build={spec.build}")
        else:
            build = f"={spec.build}"
    brackets += _canonical_rest(spec)
    return f"{front}{spec.name}{version}{build}" + (f"[{','.join(brackets)}]" if brackets else "")


def _canonical_version(spec: MatchSpec, brackets: list[str]) -> tuple[str, bool]:
    """Return the version that stands beside the name, and whether it is exact; others go to the brackets."""
    if spec.version is None or spec.version.is_any:
        return "", False
    text = str(spec.version)
    unequal = text.startswith(("!=", "~="))
    if any(char in text for char in "><$^|,") or (unequal and spec.build is not None):
        brackets.append(f"version='{text}'")
        return "", False
    if text.endswith("*") and not unequal:
        return f"={text.removesuffix('*').removesuffix('.')}", False
    if unequal or (text.startswith("=") and not text.startswith("==")):
        return text, False
    return (text if text.startswith("==") else f"=={text}"), True


def _canonical_rest(spec: MatchSpec) -> list[str]:
    found = []
    for name in ("build_number", *_TEXTS, "when"):
        value = getattr(spec, name)
        if value is None or (name == "fn" and spec.url) or (name == "url" and spec.channel):
            continue
        found.append(f"{name}='{value}'" if any(char in value for char in ", =") else f"{name}={value}")
    lists = ((name, getattr(spec, name)) for name in ("extras", "flags"))
    found += [f"{name}=[{', '.join(map(repr, values))}]" for name, values in lists if values]
    return found


def _channel_name(channel: str) -> str:
    if channel in _DEFAULT_MEMBERS:
        return "defaults"
    return channel.removeprefix(f"{_ALIAS}/") if channel.startswith(_ALIAS) else channel
