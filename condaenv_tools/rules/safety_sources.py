"""Channels, indexes and downloads that somebody else could answer for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.environment import ChannelItem, Dependency, PipItem
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.parse.codes.code import WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.pip_items import option_values
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_PLAIN_HTTP = code(
    "CE612",
    WARNING,
    "a source without encryption",
    "Whoever is on the way, in a hotel or at a provider, can put other packages into the answer.",
    "channels: ['http://conda.example.org/team']\ndependencies: [python]\n",
    "channels: ['https://conda.example.org/team']\ndependencies: [python]\n",
)
_TRUSTED_HOST = code(
    "CE613",
    WARNING,
    "a host whose certificate is not checked",
    "With --trusted-host pip takes packages from anybody who answers under that name.",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - --trusted-host pip.example.org\n      - rich\n",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - rich\n",
)
_TWO_INDEXES = code(
    "CE614",
    WARNING,
    "more than one index",
    "pip takes the highest version from any of them: whoever registers a name of yours on the public index wins "
    "(dependency confusion).",
    "dependencies:\n  - pip\n  - pip:\n      - --extra-index-url https://pip.example.org/simple\n      - rich\n",
    "dependencies:\n  - pip\n  - pip:\n      - --index-url https://pip.example.org/simple\n      - rich\n",
)
_OWN_INDEX = code(
    "CE615",
    WARNING,
    "an index of one machine",
    "Nobody else has that folder or that server, and pip stops there.",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - --find-links /home/me/wheels\n      - rich\n",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - --find-links ./wheels\n      - rich\n",
)
#: Schemes that neither encrypt nor prove who answers.
_INSECURE = re.compile(
    r"\b(?:(?:git|hg|svn|bzr)\+)?(http|ftp|git)://(?:[^\s/@]*@)?(\[[^\]]*\]|[^\s/:?#\"'\]]+)", re.IGNORECASE
)
_LOOPBACK = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|\S+\.localhost)", re.IGNORECASE)
_PLACES = {"--index-url", "--extra-index-url", "--find-links"}
_OWN_PATH = re.compile(r"(?:file:(?://)?(?:localhost)?)?(?:/|~|[A-Za-z]:[\\/]|\\\\)")
_URL_HOST = re.compile(r"[a-z+]+://(?:[^\s/@]*@)?(\[[^\]]*\]|[^\s/:?#]+)", re.IGNORECASE)


def _sources(case: Case) -> Iterator[ChannelItem | Dependency | PipItem]:
    environment = case.environment
    return chain(environment.channels, environment.dependencies, environment.pip)


def _plain_http(case: Case) -> Iterator[Finding]:
    for item in _sources(case):
        if "://" not in item.text:
            continue
        match = next((m for m in _INSECURE.finditer(item.text) if not _LOOPBACK.fullmatch(m[2])), None)
        if match is None:
            continue
        scheme, host = match[1].lower(), match[2]
        message = (
            f"{host} is asked over {scheme}, without encryption: others on the way can change the packages"
        )
        literal = case.text[item.span.start : item.span.end] == item.text
        fix = None
        if literal and scheme == "http":
            at = item.span.start + match.start(1)
            edit = TextEdit(start=at, end=at + len("http"), text="https")
            fix = Fix(title="write https", edits=(edit,), safe=False)
        place = (item.span.start + match.start(), item.span.start + match.end()) if literal else item.span
        yield case.finding(_PLAIN_HTTP, message, place, hint="write https://", fix=fix)


def _trusted_host(case: Case) -> Iterator[Finding]:
    for item, name, value in option_values(case):
        if name == "--trusted-host" and value and not _LOOPBACK.fullmatch(value.partition(":")[0] or value):
            message = f"pip does not check the certificate of {value}, for any line of the section"
            hint = "remove it; for a certificate of your own set PIP_CERT on the machine"
            yield case.finding(_TRUSTED_HOST, message, item.span, hint=hint)


def _two_indexes(case: Case) -> Iterator[Finding]:
    replacing = [item for item, name, _ in option_values(case) if name == "--index-url"]
    first = True
    for item, name, value in option_values(case):
        if name != "--extra-index-url" or not value:
            continue
        below = next((one for one in replacing if one.span.start > item.span.start), None)
        if below is not None:
            line = below.span.line
            message = (
                f"pip drops {quoted(value)}: the --index-url of line {line} takes the place of all above it"
            )
            hint = f"remove the line; below line {line} it would be asked beside that index"
            yield case.finding(_TWO_INDEXES, message, item.span, hint=hint, severity=Severity.INFO)
            continue
        beside = "the index of --index-url" if replacing else "PyPI"
        message = (
            f"{quoted(value)} is asked beside {beside}: pip takes the highest version of any name from either"
        )
        hint = "ask one index that passes the other on (--index-url); uv stays with the first that has a name"
        # One warning says it; the others are there for whoever looks for them.
        yield case.finding(
            _TWO_INDEXES, message, item.span, hint=hint, severity=None if first else Severity.INFO
        )
        first = False


def _own_index(case: Case) -> Iterator[Finding]:
    for item, name, value in option_values(case):
        if name not in _PLACES:
            continue
        host = _URL_HOST.match(value)
        if host and _LOOPBACK.fullmatch(host[1]):
            message = f"{quoted(value)} is a server on one machine"
        elif _OWN_PATH.match(value):
            message = f"{quoted(value)} is a folder of one machine"
        else:
            continue
        hint = "name an index or a folder of the project that others have too"
        yield case.finding(_OWN_INDEX, message, item.span, hint=hint)


RULES: tuple[Rule, ...] = (
    Rule(code=_PLAIN_HTTP, find=_plain_http),
    Rule(code=_TRUSTED_HOST, find=_trusted_host),
    Rule(code=_TWO_INDEXES, find=_two_indexes),
    Rule(code=_OWN_INDEX, find=_own_index),
)
