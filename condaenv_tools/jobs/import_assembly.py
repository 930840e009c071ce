"""What is put together of what was read and what is asked for: Python, pip, channels, the name."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TypeVar

from condaenv_tools.errors import ParseError
from condaenv_tools.jobs.import_lines import Lines, bare_url
from condaenv_tools.model.environment import ChannelItem, Dependency, Environment
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.secrets import has_credentials
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.model.version_spec import VersionSpec
from condaenv_tools.parse.inputs.conda_versions import conda_spec_text
from condaenv_tools.parse.inputs.draft import MAIN
from condaenv_tools.parse.markers import candidate_pythons
from condaenv_tools.parse.report import Report, quoted

__all__ = ["ImportOptions", "assembled", "python_condition", "with_python"]

_FORBIDDEN = re.compile(r"[/ :#]+")
Named = TypeVar("Named", ChannelItem, Dependency)

_PYTHON = re.compile(r"3\.\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What may be said beside the file.

    Attributes
    ----------
    name : str or None
        The environment's name, in place of the file's.
    channels : tuple of str
        In place of the file's, by falling priority.
    groups : tuple of str
        Groups, extras or features to take besides what is always installed.
    all_groups : bool
        Whether to take all of them.
    pip : tuple of str
        Distributions that stay in the pip section.
    pip_all : bool
        Whether all of them stay.
    python : str or None
        The version of Python to write, such as ``3.12``; it decides markers.
    form : str or None
        The kind of file, in place of a guess.
    """

    name: str | None = None
    channels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    all_groups: bool = False
    pip: tuple[str, ...] = ()
    pip_all: bool = False
    python: str | None = None
    form: str | None = None


def with_python(environment: Environment, options: ImportOptions, path: str) -> Environment:
    """Return the environment with the Python that is asked for in place of its condition."""
    if options.python is None:
        return environment
    if not _PYTHON.fullmatch(options.python):
        raise ParseError(
            f"{options.python!r} is no version of Python to write", hints=["write such as 3.12 or 3.12.4"]
        )
    wanted = MatchSpec.parse(f"python={options.python}")
    assert wanted.version is not None
    condition = python_condition(environment)
    if condition is not None and not candidate_pythons(condition.intersect(wanted.version)):
        raise ParseError(
            f"{path} wants Python {condition}, and {options.python} is none",
            hints=["choose another --python"],
        )
    old = [item for item in environment.dependencies if item.name == "python"]
    span = old[0].span if old else SourceSpan(path=path, line=1, column=1)
    python = Dependency(span=span, text=str(wanted), spec=wanted, category=environment.category or MAIN)
    others = [item for item in environment.dependencies if item.name != "python"]
    return replace(environment, dependencies=(python, *others))


def python_condition(environment: Environment) -> VersionSpec | None:
    """Return what all lines for Python ask together; None where there is none."""
    found: VersionSpec | None = None
    for item in environment.dependencies:
        if item.name == "python" and item.selector is None and item.spec.version is not None:
            found = item.spec.version if found is None else found.intersect(item.spec.version)
    return found


def assembled(
    chosen: Environment, lines: Lines, options: ImportOptions, report: Report, *, as_written: bool
) -> Environment:
    """Put the environment together."""
    conda = [_without_secret(item, report) for item in chosen.dependencies]
    for item in lines.conda:
        _join(conda, replace(item, category=chosen.category or MAIN))
    if lines.pip and not any(item.name == "pip" for item in conda):
        span = lines.pip[0].span
        pip = Dependency(span=replace(span, start=-1, end=-1), text="pip", spec=MatchSpec.parse("pip"))
        conda.append(replace(pip, category=chosen.category or MAIN))
    return replace(
        chosen,
        name=options.name or _usable(chosen.name),
        prefix=None,
        channels=_channels(chosen, options, report, as_written=as_written),
        dependencies=tuple(conda),
        pip=tuple(lines.pip),
        has_pip_section=bool(lines.pip),
    )


def _join(conda: list[Dependency], item: Dependency) -> None:
    """Add a requirement; one that the file already has for conda gets both conditions."""
    for at, known in enumerate(conda):
        if known.name != item.name or known.selector != item.selector:
            continue
        both = known.spec.intersect(item.spec)
        if both is None or item.spec.version is None:
            return
        bare = MatchSpec(name=both.name, version=both.version)
        if both == bare:
            version = str(both.version)
            simple = not re.search(r"[|()]", version)
            text = (
                conda_spec_text(both.name, tuple(version.split(","))) if simple else f"{both.name} {version}"
            )
            conda[at] = replace(known, text=text, spec=MatchSpec.parse(text))
        else:
            conda[at] = replace(known, text=str(both), spec=MatchSpec.parse(str(both)))
        return
    conda.append(item)


def _usable(name: str | None) -> str | None:
    """Return a name that an environment can have (CEP 24); None where there is none."""
    found = _FORBIDDEN.sub("-", (name or "").strip()).strip("-")
    return found or None


def _channels(
    chosen: Environment, options: ImportOptions, report: Report, *, as_written: bool
) -> tuple[ChannelItem, ...]:
    """Return the channels to write: those asked for, else the file's, else conda-forge; and no others."""
    span = SourceSpan(path=report.source.path, line=1, column=1)
    if options.channels:
        found = [ChannelItem(span=span, text=text) for text in options.channels]
    elif chosen.channels and as_written:
        return tuple(_without_secret(item, report) for item in chosen.channels)
    else:
        found = [_without_secret(item, report) for item in chosen.channels]
    found = found or [ChannelItem(span=span, text="conda-forge")]
    if not {"nodefaults", "defaults"} & {item.text for item in found}:
        found.append(ChannelItem(span=span, text="nodefaults"))
    return tuple(found)


def _without_secret(item: Named, report: Report) -> Named:
    """Return a channel or requirement without the credentials of its URL; tell that they are left out."""
    if not has_credentials(item.text):
        return item
    message = f"the credential in {quoted(item.text)} is left out"
    hint = "keep it in .netrc or in conda's own store"
    report.add("CE149", message, item.span.start, item.span.end, hint=hint)
    bare = bare_url(item.text)
    if isinstance(item, Dependency):
        return replace(item, text=bare, spec=MatchSpec.parse(bare))
    return replace(item, text=bare)
