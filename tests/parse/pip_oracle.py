"""pip's own reading of a line, by the code that pip runs; the oracle of the tests of the grammar."""

from __future__ import annotations

import contextlib
import io
from typing import NamedTuple

import pytest

from condaenv_tools.model.names import pypi_name

__all__ = ["OPTIONS", "Reading", "pip_reads", "shell_words"]

#: What is refused and which options there are differs between versions; the tables are those of this one.
pytest.importorskip("pip", minversion="26.3", reason="there is no pip here, or an older one")
req_file = pytest.importorskip("pip._internal.req.req_file")
constructors = pytest.importorskip("pip._internal.req.constructors")
exceptions = pytest.importorskip("pip._internal.exceptions")


class Reading(NamedTuple):
    """What a line is to its reader; the fields that we and pip are to agree on."""

    kind: str
    name: str | None = None
    extras: tuple[str, ...] = ()
    marker: str | None = None
    hashes: tuple[str, ...] = ()
    target: str | None = None
    options: tuple[str, ...] = ()


_OPTIONS = {
    "index_url": "--index-url",
    "extra_index_urls": "--extra-index-url",
    "no_index": "--no-index",
    "find_links": "--find-links",
    "prefer_binary": "--prefer-binary",
    "require_hashes": "--require-hashes",
    "no_require_hashes": "--no-require-hashes",
    "pre": "--pre",
    "trusted_hosts": "--trusted-host",
}

#: The options whose use the oracle tells.
OPTIONS = set(_OPTIONS.values())


def pip_reads(text: str) -> Reading | None:
    """Return what pip takes a logical line for; None where it refuses it.

    The working directory decides which folders there are.
    """
    lines = [line for _, line in req_file.preprocess(text)]
    assert len(lines) == 1
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            args, opts = req_file.get_line_parser(None)(lines[0])
            line = req_file.ParsedLine("r.txt", 1, args, opts, False)
            if line.requirement is None:
                return _option(opts)
            parsed = req_file.handle_requirement_line(line)
            found = constructors.install_req_from_parsed_requirement(parsed, user_supplied=True)
            # A wheel with a false name is refused when the link is looked at.
            allowed = found.hashes(trust_internet=True)._allowed
    except (exceptions.PipError, req_file.OptionParsingError, ValueError):
        return None
    return Reading(
        kind=_kind(found, args),
        name=pypi_name(found.name) if found.name else None,
        extras=tuple(sorted({str(pypi_name(extra)) for extra in found.extras})),
        marker=str(found.markers) if found.markers else None,
        hashes=tuple(sorted(f"{name}:{digest}" for name, digests in allowed.items() for digest in digests)),
    )


def _option(opts: object) -> Reading:
    for kind, name in (("file", "requirements"), ("constraint", "constraints")):
        targets = getattr(opts, name)
        if targets:
            return Reading(kind=kind, target=targets[0])
    used = sorted(option for dest, option in _OPTIONS.items() if getattr(opts, dest))
    return Reading(kind="option", options=tuple(used))


def _kind(found: object, written: str) -> str:
    link = found.link  # type: ignore[attr-defined]
    if found.editable:  # type: ignore[attr-defined]
        return "editable"
    if link is None:
        return "requirement"
    if link.is_vcs:
        return "vcs"
    by_path = link.scheme == "file" and "file:" not in written.lower()
    return "path" if by_path else "url"


def shell_words(text: str) -> list[str] | None:
    """Split as pip splits the options of a line; None where it cannot."""
    import shlex

    try:
        return shlex.split(text)
    except ValueError:
        return None
