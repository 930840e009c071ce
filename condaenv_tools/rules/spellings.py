"""Rules on spellings that one tool reads otherwise than another: who, and what to write that all read alike.

The families are those of the recorded table of spellings, on which conda 26 and libmamba 2 differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.patterns import is_pattern
from condaenv_tools.model.version_spec import Operator
from condaenv_tools.parse.codes.code import INFO, WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.odd import Odd, spelling_rule
from condaenv_tools.rules.rule import Rule
from condaenv_tools.rules.written import Written, is_literal

__all__ = ["RULES"]

_GLUED_STAR = re.compile(r"(?<![<>=!~])(?P<sign>={1,2}|!=) *(?P<stem>[\w.!+]*\w)\*(?=$|[\s,|)])")


def _glued_star(parts: Written) -> Iterator[Odd]:
    version = parts.any_version
    match = _GLUED_STAR.search(version.text)
    if match:
        effect = "excludes none" if match["sign"] == "!=" else "finds none"
        message = (
            f"micromamba takes the asterisk of {quoted(match[0])} for a part of the version and {effect}; "
            f"conda reads {match['stem']}.*"
        )
        sign, star = ("!=", ".*") if match["sign"] == "!=" else ("=", ".*" if parts.build.text else "")
        meant = f"{sign}{match['stem']}{star}"
        place = version.cut(*match.span()).place
        yield Odd(message, place, f"write {meant}", (*place, meant))


_SINGLE_EQUALS = re.compile(r"= *(?P<version>[\w.!+]+)")


def _beside_build(parts: Written) -> Iterator[Odd]:
    """Find ``=1.2=py3*``, and ``=1.2 py3*`` with a blank in front."""
    match = _SINGLE_EQUALS.fullmatch(parts.version.text)
    build = parts.spec.build
    if not match or build is None or not parts.build.text:
        return
    version, text = match["version"], parts.text
    gap = text[parts.version.end : parts.build.start]
    if gap == "=" and is_pattern(build):
        message = (
            f"conda takes the version beside a build for exactly {version}, micromamba for any {version}.*"
        )
        hint = f"write {parts.name.text}=={version}={build}; for any {version}.* write ={version}.*={build}"
        start = parts.version.start
        yield Odd(message, (start, parts.build.end), hint, (start, start + 1, "=="))
    elif not gap.strip():
        cep = f", CEP 29 for any {version}.*," if text[parts.name.end] == " " else ""
        message = (
            f"conda takes the version of {quoted(text)} for exactly {version}{cep} "
            f"and micromamba takes `{version} {build}` for a build"
        )
        hint = f"write {parts.name.text}=={version}={build}, or {parts.name.text}={version}.*={build}"
        yield Odd(message, (parts.version.start, parts.build.end), hint)


_EXACT_BUILD_BEHIND = re.compile(r"(?P<name> *(?:[\w./-]+::)?[\w.-]+ *)= *[\w.!+]+=[\w.+]+", re.ASCII)


def _find_exact_builds(case: Case) -> Iterator[Finding]:
    """Tell once a file of lines such as ``numpy=1.26.4=py312_0``, where the build leaves little to differ on."""
    found = [
        (item, match)
        for item in case.environment.dependencies
        if item.spec.build and (match := _EXACT_BUILD_BEHIND.fullmatch(item.text))
    ]
    if not found:
        return
    first = found[0][0]
    many = f", and {len(found) - 1} more lines," if len(found) > 2 else ""
    many = ", and 1 more line," if len(found) == 2 else many
    message = (
        f"conda takes the version of {quoted(first.text)}{many} as exact, micromamba as the beginning of one"
    )
    signs = [item.span.start + match.end("name") for item, match in found if is_literal(case, item)]
    edits = tuple(TextEdit(start=at, end=at + 1, text="==") for at in signs)
    fix = Fix(title="write == before the versions", edits=edits) if len(edits) == len(found) else None
    hint = "write == before a version that has a build behind it"
    yield case.finding(_EXACT_BUILD, message, first.span, hint=hint, fix=fix)


def _blanks(parts: Written) -> Iterator[Odd]:
    text = parts.text
    lead = len(text) - len(text.lstrip())
    if lead:
        message = f"conda refuses {quoted(text)} for the blank in front; micromamba reads it"
        yield Odd(message, (0, lead), "remove the blank", (0, lead, ""))
    blank = re.search(r" +[,|]|[|] +", parts.version.text)
    if blank and not parts.bracket_version.text:
        tight = re.sub(r"\s+", "", parts.version.text)
        message = (
            f"micromamba takes a part of {quoted(parts.version.text)} for a build, because of the blanks"
        )
        yield Odd(message, parts.version.place, f"write {tight}", (*parts.version.place, tight))


_STAR_BEHIND = re.compile(r"(?P<operator>[<>]=?) *(?P<bound>[\w.!+]+)\.\*(?=$|[\s,|)])")


_WITH_STAR = {
    ">": "{} itself is allowed",
    ">=": "versions such as {}+local are allowed",
    "<": "pre-releases such as {}rc1 are excluded",
    "<=": "{} itself is excluded",
}


def _inequality_with_star(parts: Written) -> Iterator[Odd]:
    version = parts.any_version
    match = _STAR_BEHIND.search(version.text)
    if match:
        bare = _STAR_BEHIND.sub(r"\g<operator>\g<bound>", version.text)
        effect = _WITH_STAR[match["operator"]].format(match["bound"])
        message = (
            f"conda passes over the .* of {quoted(match[0])}; micromamba takes it for a version "
            f"a little below {match['bound']}, so that {effect}"
        )
        yield Odd(message, version.place, f"write {bare}", (*version.place, bare))


def _operator(parts: Written) -> Iterator[Odd]:
    version = parts.any_version
    equals = re.search(r"={3,}", version.text)
    if equals:
        message = f"micromamba refuses {equals[0]}; conda reads it as =="
        place = (version.start + equals.start(), version.start + equals.end())
        yield Odd(message, place, "write ==", (*place, "=="))
    for clause in parts.spec.version.clauses() if parts.spec.version else ():
        if clause.operator is Operator.COMPATIBLE and clause.version and "." not in clause.version.text:
            at = version.text.find(clause.text)
            message = f"conda fails on {quoted(clause.text)}: ~= wants two parts at least (PEP 440)"
            meant = clause.text.replace("~=", ">=")
            place = (version.start + max(at, 0), version.start + max(at, 0) + len(clause.text))
            yield Odd(message, place, f"write {meant}", (*place, meant) if at >= 0 else None)


_KEY = re.compile(r"(?:^|[\s,])(\w+)\s*=")
_NEW_KEYS = {"extras": "CEP 44", "flags": "CEP 45", "when": "CEP 43"}


def _brackets(parts: Written) -> Iterator[Odd]:
    if not parts.brackets.text:
        return
    keys = _KEY.findall(parts.brackets.text)
    for name, beside in (("version", parts.version), ("build", parts.build)):
        if name in keys and beside.text:
            message = (
                f"the {name} is given beside the name and in the brackets: conda takes the brackets, "
                f"micromamba {quoted(beside.text)}"
            )
            yield Odd(message, (beside.start, parts.brackets.end + 1), f"write the {name} once")
    blank = re.search(r"""(?<=[\w*'"])\s+(?=\w+\s*=)""", parts.brackets.text)
    if blank and "'" not in parts.brackets.text[: blank.start()].replace("''", ""):
        start, end = parts.brackets.start + blank.start(), parts.brackets.start + blank.end()
        message = (
            "micromamba takes what is behind the blank for a part of the value before it; conda does not"
        )
        yield Odd(message, parts.brackets.place, "put a comma between the keys", (start, end, ","))
    for key in keys:
        if key in _NEW_KEYS:
            message = (
                f"{key}= is new ({_NEW_KEYS[key]}): conda refuses it unless its new reader is switched on, "
                "and micromamba passes over it"
            )
            start = parts.brackets.start + parts.brackets.text.find(key)
            yield Odd(message, (start, start + len(key)), "leave it out where older tools read the file")


def _dotted_star(parts: Written) -> Iterator[Odd]:
    version = parts.any_version
    if re.fullmatch(r"=?=? *\*\.\*", version.text):
        message = f"conda takes {quoted(version.text)} for any version with a dot, micromamba for another set"
        yield Odd(message, version.place, "write * for any version")


_EXACT_BUILD = code(
    "CE255",
    INFO,
    "= before a version with an exact build",
    "conda takes such a version as exact, micromamba as the beginning of one; with == both take it as exact.",
    "dependencies:\n  - numpy=1.26.4=py312heda63a1_0\n",
    "dependencies:\n  - numpy==1.26.4=py312heda63a1_0\n",
)

RULES: tuple[Rule, ...] = (
    spelling_rule(
        code(
            "CE253",
            WARNING,
            "an asterisk that sticks to a version behind =",
            "micromamba looks for a version with an asterisk in it, and finds none.",
            "dependencies:\n  - numpy=1.26*\n",
            "dependencies:\n  - numpy=1.26\n",
        ),
        _glued_star,
    ),
    spelling_rule(
        code(
            "CE254",
            WARNING,
            "= before a version with a build",
            "With a build behind it conda takes the version as exact, and micromamba as the beginning of one.",
            "dependencies:\n  - pytorch=2.3=*cuda*\n",
            "dependencies:\n  - pytorch=2.3.*=*cuda*\n",
        ),
        _beside_build,
    ),
    Rule(code=_EXACT_BUILD, find=_find_exact_builds),
    spelling_rule(
        code(
            "CE256",
            WARNING,
            "blanks that a tool stumbles over",
            "micromamba takes what is behind a blank for a build string; conda refuses a blank in front.",
            "dependencies:\n  - numpy >= 1.2 , < 2\n",
            "dependencies:\n  - numpy >=1.2,<2\n",
        ),
        _blanks,
    ),
    spelling_rule(
        code(
            "CE257",
            WARNING,
            ".* behind an inequality",
            "conda passes over it and micromamba does not, so that they differ on pre-releases and on the bound.",
            "dependencies:\n  - python>=3.10.*\n",
            "dependencies:\n  - python>=3.10\n",
        ),
        _inequality_with_star,
    ),
    spelling_rule(
        code(
            "CE258",
            WARNING,
            "an operator that not every tool reads",
            "micromamba refuses ===, and conda fails on ~= before a version of one part.",
            "dependencies:\n  - numpy===1.26\n",
            "dependencies:\n  - numpy==1.26\n",
        ),
        _operator,
    ),
    spelling_rule(
        code(
            "CE260",
            WARNING,
            "brackets that tools read differently",
            "conda lets brackets override what is before them and takes a blank for a comma; micromamba does not.",
            "dependencies:\n  - numpy=1.26[version='>=2']\n",
            "dependencies:\n  - numpy[version='>=2']\n",
        ),
        _brackets,
    ),
    spelling_rule(
        code(
            "CE261",
            WARNING,
            "the version *.*",
            "conda matches it as text, and micromamba by parts, so that versions without a dot or with + differ.",
            "dependencies:\n  - blas *.* mkl\n",
            "dependencies:\n  - blas * mkl\n",
        ),
        _dotted_star,
    ),
)
