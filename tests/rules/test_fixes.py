"""A safe fix mends its finding, keeps what is meant, and makes no new finding: over real files and examples."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from condaenv_tools.model.edit import apply_edits
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.parse.codes import CODES
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.text import NotTextError, decode
from condaenv_tools.rules import channels, portability, specs
from condaenv_tools.rules.case import Case
from tests.shared_data import shared_path

RULES = [rule for family in (specs, channels, portability) for rule in family.RULES if not rule.needs_records]
EXAMPLES = [code.bad for code in CODES.values()] + [rule.code.bad for rule in RULES]
#: A file or a section of which nothing could be read.
SHAPE = ("CE1", "CE404")
#: Fixes that only take away what has no effect, or write the same in other words.
KEEPS_ALL = {"CE202", "CE302", "CE315", "CE501", "CE504", "CE506", "CE207"}


def corpus() -> Iterator[str]:
    """Every real file and every case of the oracle that is text."""
    for folder in (shared_path("corpus"), shared_path("oracle", "cases")):
        for path in sorted(folder.glob("*.yml")) if folder else ():
            try:
                yield decode(path.read_bytes())
            except NotTextError:
                continue


def run(text: str) -> tuple[Environment | None, list[Finding]]:
    parsed = parse_environment(text)
    found = list(parsed.findings)
    if parsed.environment is not None:
        case = Case(parsed, text)
        found += [finding for rule in RULES for finding in rule.find(case)]
    return parsed.environment, found


def meaning(environment: Environment) -> tuple[object, ...]:
    """What an environment asks for, wherever it stands; what is said twice counts once."""
    return (
        environment.name,
        tuple(dict.fromkeys((item.spec, item.selector) for item in environment.dependencies)),
        tuple((item.text, item.selector) for item in environment.pip),
        tuple(dict.fromkeys(item.platform for item in environment.platforms)),
        tuple((item.name, item.value) for item in environment.variables),
    )


def check(text: str) -> int:
    """Hold every fix of a text to the law; return how many there are."""
    before, found = run(text)
    codes = {finding.code for finding in found}
    # What mends the shape of a file lets readers see more of it, and has tests of its own.
    fixes = [f for f in found if f.fix is not None and before is not None and not f.code.startswith(SHAPE)]
    for finding in fixes:
        assert finding.fix is not None
        assert finding.fix.edits
        assert not finding.fix.title.endswith(".")
        new = apply_edits(text, finding.fix.edits)
        assert new != text
        after, left = run(new)
        assert after is not None
        key = (finding.code, finding.message)
        assert key not in {(other.code, other.message) for other in left}, (key, new)
        if finding.fix.safe:
            assert {other.code for other in left} <= codes, (
                finding.code,
                {o.code for o in left} - codes,
                new,
            )
        else:
            errors = {other.code for other in left if other.severity is Severity.ERROR}
            assert errors <= codes
        if finding.code in KEEPS_ALL and before is not None:
            assert meaning(after) == meaning(before)
    return len(fixes)


def test_over_the_files_at_hand() -> None:
    number = sum(check(text) for text in corpus())
    if shared_path("corpus"):
        assert number > 100


@pytest.mark.parametrize(
    "text", EXAMPLES, ids=[code.code for code in CODES.values()] + [r.code.code for r in RULES]
)
def test_over_the_examples(text: str) -> None:
    check(text)


def fixed(text: str, code: str) -> str:
    """The text with the fix of its one finding of a code."""
    (finding,) = [finding for finding in run(text)[1] if finding.code == code]
    assert finding.fix is not None
    return apply_edits(text, finding.fix.edits)


@pytest.mark.parametrize(
    ("code", "line", "better"),
    [
        ("CE204", "- python=3.1", "- python=3.10"),
        ("CE204", "- python==3.1", "- python=3.10"),
        ("CE204", "- python 3.1", "- python=3.10"),
        ("CE204", "- 'python=3.1.*'", "- 'python=3.10.*'"),
        ("CE204", "- conda-forge::python=3.1  # old", "- conda-forge::python=3.10  # old"),
        ("CE205", "- numpy=>1.2", "- numpy>=1.2"),
        ("CE205", "- numpy=<2", "- numpy<=2"),
        ("CE203", "- python: 3.10", "- python=3.10"),
        ("CE203", "- python: '3.10'  # why", "- python=3.10  # why"),
        ("CE203", '- numpy: ">=1.2,<2"', "- numpy>=1.2,<2"),
        ("CE203", "- numpy:", "- numpy"),
        ("CE201", "- numpy≥1.2", "- numpy>=1.2"),
        ("CE201", "- numpy\u00a0=1.2", "- numpy =1.2"),
        ("CE201", "- scikit–learn", "- scikit-learn"),
        ("CE507", "- numpy=1.26.4=py312h1_0  # why", "- numpy=1.26.4  # why"),
        ("CE507", "- 'c::numpy 1.26.4 py312h1_0'", "- 'c::numpy=1.26.4'"),
    ],
)
def test_a_line_of_the_dependencies(code: str, line: str, better: str) -> None:
    head = "channels: [c, nodefaults]\ndependencies:\n  "
    assert fixed(f"{head}{line}\n  - other\n", code) == f"{head}{better}\n  - other\n"
    assert fixed(f"{head}- other\n  {line}", code) == f"{head}- other\n  {better}"


@pytest.mark.parametrize(
    ("code", "text", "better"),
    [
        ("CE202", "dependencies:\n- a\n- b\n- a\n", "dependencies:\n- a\n- b\n"),
        ("CE302", "channels:\n- a\n- nodefaults\n- 'a'\n", "channels:\n- a\n- nodefaults\n"),
        ("CE302", "channels: [a, a, nodefaults]\n", "channels: [a, nodefaults]\n"),
        ("CE302", "channels: [a, nodefaults, a]\n", "channels: [a, nodefaults]\n"),
        ("CE303", "channels:\r\n- a\r\n- b # why\r\n", "channels:\r\n- a\r\n- b # why\r\n- nodefaults\r\n"),
        ("CE303", "channels: [a, 'b']\n", "channels: [a, 'b', nodefaults]\n"),
        ("CE304", "channels:\n- a,\n- nodefaults\n", "channels:\n- a\n- nodefaults\n"),
        ("CE501", "name: x\nprefix: /home/me\n", "name: x\n"),
        ("CE501", "prefix: '/home/me'\r\nname: x", "name: x"),
        ("CE501", "name: x\nprefix: /home/me", "name: x"),
        ("CE504", "platforms: [linux-64, linux-64]\n", "platforms: [linux-64]\n"),
        ("CE502", "platforms: [linux64]\n", "platforms: [linux-64]\n"),
        ("CE207", "name: 3.10\n", 'name: "3.10"\n'),
        ("CE206", "name: my env\n", "name: my-env\n"),
        ("CE505", "variables:\n  MY-VAR: x\n", "variables:\n  MY_VAR: x\n"),
        ("CE506", "variables:\n  A: 1.10\n", 'variables:\n  A: "1.10"\n'),
        ("CE506", "variables:\n  A: 12:30\n", 'variables:\n  A: "12:30"\n'),
        ("CE506", "variables:\n  A: 017 \n", 'variables:\n  A: "017" \n'),
    ],
)
def test_a_line_of_another_section(code: str, text: str, better: str) -> None:
    assert fixed(text, code) == better


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("CE302", "channels:\n- a\n- a # why\n"),
        ("CE302", "channels:\n- a # [linux]\n- a\n"),
        ("CE303", "channels:\n- defaults\n"),
        ("CE501", "prefix: /home/me # mine\nname: x\n"),
        ("CE501", "{prefix: /home/me, name: x}\n"),
        ("CE203", "dependencies:\n- {python: 3.10}\n"),
        ("CE203", "dependencies:\n- python: 3.10\n  numpy: 1.2\n"),
        ("CE203", "dependencies:\n- python:\n    3.10\n"),
        ("CE203", "dependencies:\n- conda-forge: numpy\n"),
        ("CE507", "dependencies:\n- https://conda.anaconda.org/c/linux-64/a-1-h1_0.conda\n"),
        ("CE207", "name: &n 3.10\ncategory: *n\n"),
        ("CE502", "platforms: [solaris]\n"),
    ],
)
def test_where_a_person_must_look_there_is_no_fix(code: str, text: str) -> None:
    found = [finding for finding in run(text)[1] if finding.code == code]
    assert found
    if code == "CE207":
        assert all(finding.fix is None or "&n" in apply_edits(text, finding.fix.edits) for finding in found)
    else:
        assert all(finding.fix is None for finding in found)


def test_a_fix_shows_no_credential() -> None:
    text = "channels:\n- https://me:hunter2@h.example.org/c\n- https://me:hunter2@h.example.org/c\n"
    (finding,) = [finding for finding in run(text)[1] if finding.code == "CE302"]
    assert finding.fix is not None
    assert "hunter2" not in finding.fix.title
