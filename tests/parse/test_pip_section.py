"""Lines of a pip section: what each is, and what is wrong with it."""

from __future__ import annotations

import pytest

from condaenv_tools.model.environment import PipItem
from condaenv_tools.model.finding import Severity
from condaenv_tools.parse.environment_yml import ParsedFile, parse_environment
from condaenv_tools.parse.pip_section import classify_pip_line


@pytest.mark.parametrize(
    ("line", "kind", "name"),
    [
        ("requests", "requirement", "requests"),
        ("Scikit_Learn >= 1.0, < 2", "requirement", "scikit-learn"),
        ("requests[security,socks]>=2", "requirement", "requests"),
        ("torch==2.1.0+cu118", "requirement", "torch"),
        ("a==1.*", "requirement", "a"),
        ("a~=1.4", "requirement", "a"),
        ("flit-core === 3.9.0 --hash=sha256:abc", "requirement", "flit-core"),
        ('pywin32; sys_platform == "win32"', "requirement", "pywin32"),
        ("numpy  # needed", "requirement", "numpy"),
        ("https://example.org/foo-1.0-py3-none-any.whl", "url", "foo"),
        ("b @ https://example.org/b.tar.gz", "url", "b"),
        ("file:///srv/wheels/a-1-py3-none-any.whl", "url", "a"),
        ("git+https://example.org/b.git@v1#egg=B_b", "vcs", "b-b"),
        ("git+ssh://git@example.org/b.git", "vcs", None),
        ("b[x] @ git+https://${TOKEN}@example.org/b.git", "vcs", "b"),
        (".", "path", None),
        (".[dev]", "path", None),
        ("./pkg", "path", None),
        ("../pkg", "path", None),
        ("/srv/pkg", "path", None),
        (r"C:\pkg", "path", None),
        ("wheels/foo-1.0-py3-none-any.whl", "path", "foo"),
        ("sub/folder", "path", None),
        ("-e .", "editable", None),
        ("-e.", "editable", None),
        ("--editable=./pkg", "editable", None),
        ("-e git+https://example.org/b.git#egg=b", "editable", "b"),
        ("-r requirements.txt", "file", None),
        ("--requirement=requirements.txt", "file", None),
        ("-rrequirements.txt", "file", None),
        ("-c constraints.txt", "constraint", None),
        ("--constraint constraints.txt", "constraint", None),
        ("--extra-index-url https://example.org/simple", "option", None),
        ("-f https://example.org/links.html", "option", None),
        ("--pre", "option", None),
    ],
)
def test_a_line_is_what_pip_takes_it_for(line: str, kind: str, name: str | None) -> None:
    found = classify_pip_line(line)
    assert (found.kind.value, found.name, found.code) == (kind, name, "")


@pytest.mark.parametrize(
    ("line", "code", "fault", "hint"),
    [
        ("requests=2.0", "CE402", "=", "write requests==2.0"),
        ("requests = 2.0", "CE402", "=", "write requests==2.0"),
        ("requests => 2.0", "CE402", "=", "write requests>=2.0"),
        ("numpy=1.26=py312_0", "CE402", "=", "write numpy==1.26"),
        ("numpy>>1", "CE401", ">>", "the operators are ==, >=, <=, ~=, !=, <, >, ==="),
        ("pip install foo", "CE401", "pip install", "write foo"),
        ("conda-forge::x", "CE401", "::", "this is conda's syntax: move the line out of the pip section"),
        ("--no-deps", "CE401", "--no-deps", "options of `pip install` itself cannot stand in a file"),
        ("--extra-index-ulr x", "CE401", "--extra-index-ulr", "did you mean --extra-index-url?"),
        ("-r", "CE401", "-r", ""),
        ("- foo", "CE401", "-", "remove one of the dashes"),
        ("foo {{ v }}", "CE401", "{{ v }}", "no tool fills in templates here: write the value itself"),
    ],
)
def test_a_bad_line_says_where_and_what_was_meant(line: str, code: str, fault: str | None, hint: str) -> None:
    found = classify_pip_line(line)
    assert (found.code, found.hint) == (code, hint)
    if fault is not None:
        assert line[found.start : found.end] == fault


def section(lines: str) -> ParsedFile:
    return parse_environment(
        f"channels: [a, nodefaults]\ndependencies:\n  - pip\n  - pip:\n{lines}", path="e.yml"
    )


def pip_of(parsed: ParsedFile) -> tuple[PipItem, ...]:
    assert parsed.environment is not None
    return parsed.environment.pip


def test_a_bad_line_is_kept_and_told() -> None:
    parsed = section("      - requests=2.0\n")
    assert [item.text for item in pip_of(parsed)] == ["requests=2.0"]
    assert "\n".join(map(str, parsed.findings)) == (
        "e.yml:5:17: error CE402: `requests=2.0`: pip wants ==; a single = is conda's\n"
        "  5 │       - requests=2.0\n"
        "    │                 ^\n"
        "  hint: write requests==2.0"
    )


def test_a_credential_is_masked_everywhere_and_kept_in_the_item() -> None:
    parsed = section("      - --index-url https://me:hunter2@pip.example.org/simple\n")
    assert "hunter2" not in "\n".join(map(str, parsed.findings))
    assert "hunter2" not in repr(parsed.environment)
    assert "CE602" in {finding.code for finding in parsed.findings}
    assert "hunter2" in pip_of(parsed)[0].text


def test_a_reference_to_a_variable_is_no_credential() -> None:
    parsed = section("      - pkg @ git+https://${TOKEN}@example.org/b.git\n")
    assert not parsed.findings
    assert pip_of(parsed)[0].text == "pkg @ git+https://${TOKEN}@example.org/b.git"


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        ("dependencies:\n  - pip\n  - pip:\n", "CE405", Severity.WARNING),
        ("dependencies:\n  - pip\n  - pip: []\n", "CE405", Severity.WARNING),
        ("dependencies:\n  - pip\n  - pip: numpy\n", "CE404", Severity.ERROR),
        ("dependencies:\n  - pip\n  - pip: {numpy: 1}\n", "CE404", Severity.ERROR),
        ("dependencies:\n  - pip\n  - pip:\n      -numpy\n", "CE404", Severity.ERROR),
        ("dependencies:\n  - pip\npip:\n  - numpy\n", "CE406", Severity.WARNING),
        ("dependencies:\n  - python\n  - pip: [numpy]\n", "CE403", Severity.WARNING),
        ("dependencies:\n  - pip\n  - pip: [a]\n  - pip: [b]\n", "CE407", Severity.WARNING),
        ("dependencies:\n  - pip\n  - pip:\n    - numpy: 1.2\n", "CE109", Severity.ERROR),
        ("dependencies:\n  - pip\n  - pip:\n    - 1.2\n", "CE109", Severity.ERROR),
    ],
)
def test_each_odd_shape_of_the_section_is_told(text: str, code: str, severity: Severity) -> None:
    assert (code, severity) in {(f.code, f.severity) for f in parse_environment(text).findings}


def test_an_empty_section_is_still_a_section() -> None:
    environment = parse_environment("dependencies:\n  - pip\n  - pip:\n").environment
    assert environment is not None
    assert environment.has_pip_section
    assert not environment.pip
