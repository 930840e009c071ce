"""One line of a requirements file or pip section, read as pip reads it: kind, parts, problems.

What pip decides by a look at the disk (is there such a folder?) is decided by the spelling alone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.pip_details import PipDetails, PipKind
from condaenv_tools.model.pip_places import (
    NAME,
    SCHEME,
    URL_SCHEMES,
    VCS,
    VCS_SCHEMES,
    PipPart,
    fragment_problems,
    is_path,
    normal_extras,
    path_details,
    read_path,
    read_url,
)
from condaenv_tools.model.pip_words import PipOption, PipProblem, cut_comment, cut_words

__all__ = ["PipReading", "read_pip_line"]

#: Characters before the first option; no name, URL or marker comes near it, and `packaging` is not quick.
MAX_BODY = 16384
#: Characters; a longer line is read again each time, and not kept.
MAX_CACHED = 4096

_DIRECT = re.compile(rf"({NAME})\s*(?:\[[^\]]*\]\s*)?@")
_WORD = re.compile(r"\w+")
_HEX = re.compile(r"[0-9a-fA-F]*")
_DIGITS = {"sha256": 64, "sha384": 96, "sha512": 128}
_OWN = {"--hash", "--config-settings", "--global-option", "--install-option"}


class PipReading(NamedTuple):
    """What a line says.

    Attributes
    ----------
    kind : PipKind
        Its kind; a requirement where it cannot be read.
    details : PipDetails
        Its parts.
    problems : tuple of PipProblem
        In the order of the text, those that stop pip and those that do not.
    body : str
        What stands before the options.
    start : int
        Where that begins.
    """

    kind: PipKind
    details: PipDetails
    problems: tuple[PipProblem, ...] = ()
    body: str = ""
    start: int = 0


def read_pip_line(text: str) -> PipReading:
    """Read one line; comments are dropped, variables stay as written.

    Parameters
    ----------
    text : str
        One logical line: no line break in it.

    Returns
    -------
    PipReading
        Its kind, its parts, and every problem.

    Examples
    --------
    >>> reading = read_pip_line("Requests[socks]>=2; python_version < '3.14'")
    >>> reading.kind.value, reading.details
    ('requirement', PipDetails(name='requests', extras=('socks',), specifier='>=2',
    marker='python_version < "3.14"'))

    References
    ----------
    PEP 508, and the requirements file format of pip.
    """
    return _read_short(text) if len(text) <= MAX_CACHED else _read(text)


def _read(text: str) -> PipReading:
    words = cut_words(text)
    problems = list(words.problems)
    body = words.body
    if not body:
        found = _read_leading(words.options, problems, cut_comment(text))
    else:
        found = _read_body(body, words.start)
        for option in words.options:
            if option.name not in _OWN:
                reason = f"pip ignores {option.name} behind a requirement in silence"
                hint = "write it on a line of its own, where it counts for every requirement"
                problems.append(PipProblem("ignored", reason, option.start, option.end, hint))
    hashes = _read_hashes(words.options, problems) if body else ()
    details = found.details
    if words.options:
        details = _with_options(details, words.options, hashes, used=found.kind)
    problems += found.problems
    problems.sort(key=lambda problem: problem.start)
    return PipReading(found.kind, details, tuple(problems), body, words.start)


_read_short = lru_cache(maxsize=4096)(_read)


def _with_options(
    details: PipDetails, options: tuple[PipOption, ...], hashes: tuple[str, ...], *, used: PipKind
) -> PipDetails:
    shown = {
        PipKind.FILE: "--requirement",
        PipKind.CONSTRAINT: "--constraint",
        PipKind.EDITABLE: "--editable",
    }
    rest = tuple((o.name, o.value) for o in options if o.name not in {"--hash", shown.get(used)})
    return replace(details, hashes=hashes + details.hashes, options=rest)


def _read_hashes(options: tuple[PipOption, ...], problems: list[PipProblem]) -> tuple[str, ...]:
    found = []
    for option in options:
        if option.name == "--config-settings" and "=" not in option.value:
            reason = "a setting of the build is a name and a value"
            problems.append(PipProblem("option", reason, option.start, option.end, "write -C NAME=VALUE"))
        if option.name != "--hash" or not option.value:
            continue
        algorithm, colon, digest = option.value.partition(":")
        place = (option.start, option.end)
        if not colon:
            hint = "write --hash=sha256:DIGEST"
            problems.append(PipProblem("hash", "there is no algorithm before the digest", *place, hint))
        elif algorithm not in _DIGITS:
            known = ", ".join(_DIGITS)
            shown = algorithm if len(algorithm) < 20 else f"{algorithm[:19]}…"
            reason = f"{shown or 'nothing'} is no algorithm of hashes that pip takes"
            problems.append(PipProblem("hash", reason, *place, f"the algorithms are {known}"))
        else:
            found.append(option.value.lower())
            if len(digest) != _DIGITS[algorithm] or not _HEX.fullmatch(digest):
                size = _DIGITS[algorithm]
                reason = f"a digest of {algorithm} has {size} hexadecimal digits, so no file matches it"
                problems.append(PipProblem("digest", reason, *place, "copy the whole digest"))
    return tuple(found)


def _read_leading(options: tuple[PipOption, ...], problems: list[PipProblem], text: str) -> PipPart:
    """Read a line without a requirement: pip takes the first -e, else the first -r, else the first -c."""
    for name, kind in (
        ("--editable", PipKind.EDITABLE),
        ("--requirement", PipKind.FILE),
        ("--constraint", PipKind.CONSTRAINT),
    ):
        first = next((option for option in options if option.name == name), None)
        if first is None:
            continue
        for option in options:
            if option is not first and not (kind is PipKind.EDITABLE and option.name in _OWN - {"--hash"}):
                reason = f"pip ignores {option.name} on a line with {name} in silence"
                hint = "write it on a line of its own"
                problems.append(PipProblem("ignored", reason, option.start, option.end, hint))
        if kind is not PipKind.EDITABLE:
            return PipPart(kind, PipDetails(target=first.value or None))
        rest = text[first.end :].lstrip()
        if rest.startswith("@"):
            problems[:] = [problem for problem in problems if problem.rule != "ignored"]
            hint = f'write -e "{first.value} {rest}"'
            reason = "pip cuts the line at the space before the @"
            at = len(text) - len(rest)
            return PipPart(
                PipKind.EDITABLE, PipDetails(), (PipProblem("requirement", reason, at, at + 1, hint),)
            )
        return _read_editable(first)
    for option in options:
        if option.name in _OWN:
            reason = f"{option.name} counts for a requirement, and there is none before it"
            hint = "write it behind the requirement, or end the line before with a backslash"
            problems.append(PipProblem("ignored", reason, option.start, option.end, hint))
    return PipPart(PipKind.OPTION, PipDetails())


def _read_editable(option: PipOption) -> PipPart:
    value = option.value
    if not value:
        return PipPart(PipKind.EDITABLE, PipDetails())
    if _DIRECT.match(value):
        found = _read_direct(value, option.start)
        return PipPart(PipKind.EDITABLE, found.details, found.problems)
    for tool in VCS:
        if value.lower().startswith(f"{tool}:"):
            value = f"{tool}+{value}"
    scheme = SCHEME.match(value)
    known = scheme[1].lower() if scheme else ""
    if known not in URL_SCHEMES:
        return PipPart(PipKind.EDITABLE, path_details(value), _path_problems(value, option))
    found = read_url(value, option.start)
    problems = list(found.problems)
    if known in VCS_SCHEMES and found.details.name is None and not any(p.rule == "egg" for p in problems):
        hint = f"write {value}{'&' if '#' in value else '#'}egg=NAME"
        reason = "pip wants the name of what it checks out"
        problems.append(PipProblem("requirement", reason, option.start, option.end, hint))
    elif known in {"http", "https", "ftp"}:
        reason = "pip installs a folder or a repository as editable, and no other URL"
        hint = "leave -e out"
        if "git" in value:
            hint = f"write git+{value}"
        problems.append(PipProblem("requirement", reason, option.start, option.end, hint))
    return PipPart(PipKind.EDITABLE, found.details, tuple(problems))


def _path_problems(value: str, option: PipOption) -> tuple[PipProblem, ...]:
    """Return why what looks like a folder is none."""
    place = (option.start, option.end)
    if value.startswith(tuple(f"{tool}+" for tool in VCS)):
        host, colon, path = value.partition("+")[2].partition(":")
        hint = (
            f"write git+ssh://{host}/{path}#egg=NAME" if colon and "/" not in host and "#" not in path else ""
        )
        return (PipProblem("requirement", "pip wants the URL of a repository behind the +", *place, hint),)
    if "#" in value:
        return fragment_problems(value, option.start, option.end)
    if value.rfind("[") > value.rfind("]"):
        reason = "pip cuts the line at the space, and the bracket is never closed"
        return (PipProblem("requirement", reason, *place, "write the extras without a space"),)
    return ()


def _read_body(body: str, start: int) -> PipPart:
    """Read what stands before the options, in the order in which pip tries."""
    if len(body) > MAX_BODY:
        reason = f"a line of {len(body):,} characters is no requirement"
        return PipPart(
            PipKind.REQUIREMENT, PipDetails(), (PipProblem("requirement", reason, start, start + 40),)
        )
    scheme = SCHEME.match(body)
    is_url = scheme is not None and scheme[1].lower() in URL_SCHEMES
    target, separator, marker = body.partition("; " if is_url else ";")
    target = target.rstrip()
    if is_url:
        found = read_url(target, start)
    elif _DIRECT.match(target):
        found = _read_direct(target, start)
    elif is_path(target):
        found = read_path(target, start)
    else:
        return _read_requirement(body, start)
    return _with_marker(found, marker, start + len(body) - len(marker)) if separator else found


def _with_marker(found: PipPart, text: str, start: int) -> PipPart:
    from packaging.markers import InvalidMarker, Marker  # noqa: PLC0415 - few lines have one

    written = text.strip()
    if not written:
        return found
    start += text.index(written)
    try:
        marker = str(Marker(written))
    except InvalidMarker as error:
        return PipPart(found.kind, found.details, (*found.problems, _problem_of(error, written, start)))
    return PipPart(found.kind, replace(found.details, marker=marker), found.problems)


def _problem_of(error: Exception, text: str, start: int) -> PipProblem:
    """Return the reason that `packaging` gives, and its place."""
    cause = error.__cause__
    begin, end = getattr(cause, "span", (0, len(text)))
    reason = str(getattr(cause, "message", None) or str(error).partition("\n")[0])
    reason = reason[:1].lower() + reason[1:].rstrip(".")
    word = _WORD.match(text, begin)
    if end - begin < 2 and word:
        end = word.end()
    return PipProblem("requirement", reason, start + begin, start + min(max(end, begin + 1), len(text)))


def _read_requirement(body: str, start: int) -> PipPart:
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - few files need it

    try:
        found = Requirement(body)
    except InvalidRequirement as error:
        return PipPart(PipKind.REQUIREMENT, PipDetails(), (_problem_of(error, body, start),))
    details = PipDetails(
        name=pypi_name(found.name),
        extras=normal_extras(found.extras),
        specifier=str(found.specifier),
        marker=str(found.marker) if found.marker else None,
    )
    return PipPart(PipKind.REQUIREMENT, details)


def _read_direct(text: str, start: int) -> PipPart:
    """Read ``NAME[EXTRAS] @ URL``."""
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - few files need it

    try:
        found = Requirement(text)
    except InvalidRequirement as error:
        return PipPart(PipKind.URL, PipDetails(), (_problem_of(error, text, start),))
    url = found.url or ""
    parts, problems = read_url(url, start + text.index(url), named=True)[1:] if url else (PipDetails(), ())
    scheme = SCHEME.match(url)
    if not (scheme and scheme[1].lower() in URL_SCHEMES) and "${" not in url:
        hint = ""
        if url.partition(":")[0].count(".") and found.name == "git":
            hint = f"write git+ssh://git@{url.replace(':', '/', 1)}"
        reason = f"pip reads a distribution {found.name} here, and behind the @ is no URL that it takes"
        at = start + text.index(url)
        problems = (*problems, PipProblem("requirement", reason, at, at + len(url), hint))
    kind = PipKind.VCS if url.lower().startswith(tuple(f"{tool}+" for tool in VCS)) else PipKind.URL
    details = PipDetails(
        name=pypi_name(found.name),
        extras=normal_extras(found.extras),
        marker=str(found.marker) if found.marker else None,
        hashes=parts.hashes,
        url=url,
        revision=parts.revision,
        subdirectory=parts.subdirectory,
    )
    return PipPart(kind, details, problems)
