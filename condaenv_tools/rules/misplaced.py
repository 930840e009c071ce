"""Rules on what stands where a version or a build should: builds, other packages, and versions cut short."""

from __future__ import annotations

import re
from collections.abc import Iterator

from condaenv_tools.parse.codes.code import WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.odd import Odd, spelling_rule
from condaenv_tools.rules.rule import Rule
from condaenv_tools.rules.written import Written

__all__ = ["RULES"]

#: A build string behind a hyphen: `1.2-py39_0`, `1.2-h1234567_0`, `1.2-0`.
_BUILD_BEHIND = re.compile(r"(?P<operator>==?)? *(?P<version>\d[\w.!]*)-(?P<build>[A-Za-z0-9_.]+)")
#: What PEP 440 lets stand behind a hyphen.
_SUFFIX = re.compile(r"(?:a|b|c|rc|alpha|beta|pre|preview|post|rev|dev)[._]?\d*", re.IGNORECASE)
#: Builds that are words; what else is one is probably the name of another package.
_WORD_BUILDS = frozenset(
    {
        "mkl",
        "openblas",
        "netlib",
        "blis",
        "accelerate",
        "main",
        "gnu",
        "llvm",
        "conda_forge",
        "cpu",
        "cuda",
        "gpu",
    }
    | {
        "nompi",
        "mpich",
        "openmpi",
        "mpi",
        "nomkl",
        "generic",
        "default",
        "full",
        "minimal",
        "headless",
        "opencl",
        "tk",
        "qt",
    }
)
_WORD = re.compile(r"[a-z][a-z_]*", re.IGNORECASE)


def _build_behind_hyphen(parts: Written) -> Iterator[Odd]:
    match = _BUILD_BEHIND.fullmatch(parts.version.text)
    if not match or parts.build.text or _SUFFIX.fullmatch(match["build"]):
        return
    stuck = f"{match['version']}-{match['build']}"
    message = f"conda takes {quoted(stuck)} for a version; a build stands behind ="
    meant = f"=={match['version']}={match['build']}"
    yield Odd(message, parts.version.place, f"write {parts.name.text}{meant}")


def _several_packages(parts: Written) -> Iterator[Odd]:
    """Find ``numpy scipy`` and ``python 3.9 numpy``."""
    if not parts.version.text or not _stands_apart(parts):
        return
    if _WORD.fullmatch(parts.version.text):
        message = (
            f"{quoted(parts.version.text)} stands in the place of a version, and no version is a bare word"
        )
        yield Odd(message, parts.version.place, "write one package a line")
    elif _WORD.fullmatch(parts.build.text) and parts.build.text.lower() not in _WORD_BUILDS:
        message = f"{quoted(parts.build.text)} stands in the place of a build string of {parts.name.text}"
        yield Odd(message, parts.build.place, "write one package a line")


def _stands_apart(parts: Written) -> bool:
    """Say whether a blank alone parts the version from the name."""
    blank = parts.text[parts.name.end : parts.version.start]
    return bool(blank) and not blank.strip()


def _of_pip(parts: Written) -> Iterator[Odd]:
    """Find ``=v1.2``, ``>=1.2-rc1`` and ``=latest``."""
    written = parts.any_version
    if _WORD.fullmatch(written.text) and _stands_apart(parts):
        return
    clauses = parts.spec.version.clauses() if parts.spec.version else ()
    for text in (clause.version.text for clause in clauses if clause.version):
        release, _, suffix = text.partition("-")
        if re.match(r"v\d", text, re.IGNORECASE):
            message = f"conda takes the v of {quoted(text)} for a part of the version; pip passes over it"
            hint = f"write {text[1:]}"
        elif text[:1].isalpha():
            message = f"conda takes {quoted(text)} for a version, and versions begin with a number"
            hint = "leave it out; without a version the newest that fits is taken"
        elif _SUFFIX.fullmatch(suffix):
            meant = f"{release}{suffix}"
            message = f"{quoted(text)} is another version than {meant} to conda, and the same to pip"
            hint = f"write {meant}"
        else:
            continue
        at = written.text.lower().find(text.lower())
        yield Odd(message, written.cut(at, at + len(text)).place if at >= 0 else written.place, hint)


def _first_release(parts: Written) -> Iterator[Odd]:
    """Find a Python of two parts that is meant as any of its releases and read as the first one."""
    version = parts.spec.version
    if parts.spec.name != "python" or version is None or not version.is_exact or parts.spec.build:
        return
    (clause,) = version.clauses()
    series = re.fullmatch(r"[23]\.\d{1,2}", str(clause.version))
    if series:
        message = (
            f"{quoted(parts.text)} asks for exactly {series[0]}.0, the first release of Python {series[0]}"
        )
        meant = f"python={series[0]}"
        yield Odd(message, parts.any_version.place, f"write {meant} for any {series[0]}, or {meant}.0")


def _placeholder(parts: Written) -> Iterator[Odd]:
    """Find ``python=3.x``."""
    match = re.fullmatch(r"(?P<stem>[=<>!~]*\s*\d+(?:\.\d+)*)(?:\.[xX])+", parts.any_version.text)
    if match:
        message = (
            f"{quoted(parts.any_version.text)} asks for a version with the letter x, which stands for itself"
        )
        place = parts.any_version.place
        yield Odd(message, place, f"write {match['stem']}", (*place, match["stem"]))


RULES: tuple[Rule, ...] = (
    spelling_rule(
        code(
            "CE262",
            WARNING,
            "a build in the place of a version",
            "A build string stands behind a second =; behind a hyphen conda takes it for a part of the version.",
            "dependencies:\n  - numpy=1.26.4-0\n",
            "dependencies:\n  - numpy==1.26.4=0\n",
        ),
        _build_behind_hyphen,
    ),
    spelling_rule(
        code(
            "CE263",
            WARNING,
            "several packages in one item",
            "Behind a name come a version and a build, so that the second name is asked for as one of these.",
            "dependencies:\n  - numpy scipy\n",
            "dependencies:\n  - numpy\n  - scipy\n",
        ),
        _several_packages,
    ),
    spelling_rule(
        code(
            "CE264",
            WARNING,
            "the first release of a Python",
            "`python==3.12` and `python 3.12` are 3.12.0 alone, without any of the corrections that followed.",
            "dependencies:\n  - python==3.12\n",
            "dependencies:\n  - python=3.12\n",
        ),
        _first_release,
    ),
    spelling_rule(
        code(
            "CE265",
            WARNING,
            "x in the place of a number",
            "conda knows no such placeholder, and looks for a version that has the letter in it.",
            "dependencies:\n  - python=3.x\n",
            "dependencies:\n  - python=3\n",
        ),
        _placeholder,
    ),
    spelling_rule(
        code(
            "CE266",
            WARNING,
            "a version that conda does not read as pip does",
            "To conda a v in front and a hyphen before rc1 are parts of the version, so that it finds none; "
            "pip passes over them. Neither has a word for the newest.",
            "dependencies:\n  - numpy=v2.0\n",
            "dependencies:\n  - numpy=2.0\n",
        ),
        _of_pip,
    ),
)
