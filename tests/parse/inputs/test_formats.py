"""What each kind of file says, and what it cannot carry over, told at its place."""

from __future__ import annotations

import pytest

from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.inputs.registry import parse_input


def told(parsed: ParsedFile) -> list[tuple[str, str]]:
    return [(finding.code, finding.location.partition(":")[2]) for finding in parsed.findings]


def lines(parsed: ParsedFile) -> list[str]:
    assert parsed.environment is not None
    return [f"{item.category}: {item.text}" for item in parsed.environment.pip]


def specs(parsed: ParsedFile) -> list[str]:
    assert parsed.environment is not None
    return [
        f"{item.category}: {item.text}{f' {item.selector}' if item.selector else ''}"
        for item in parsed.environment.dependencies
    ]


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ('"^1.2"', "a>=1.2,<2.0"),
        ('"*"', "a"),
        ('{version = "~1.2", extras = ["x", "y"]}', "a[x,y]>=1.2,<1.3"),
        ('{version = "*", python = "^3.9"}', 'a; python_version >= "3.9" and python_version < "4.0"'),
        (
            '{version = "1", python = "~3.9.2"}',
            'a==1; python_full_version >= "3.9.2" and python_full_version < "3.10.0"',
        ),
        ('{version = "*", python = "3.9.*"}', 'a; python_version == "3.9"'),
        ('{version = "*", platform = "win32"}', 'a; sys_platform == "win32"'),
        (
            '{version = "*", markers = "os_name == \'nt\' or os_name == \'x\'", platform = "y"}',
            "a; (os_name == 'nt' or os_name == 'x') and sys_platform == \"y\"",
        ),
        ('{git = "https://example.org/a.git"}', "a @ git+https://example.org/a.git"),
        ('{git = "git@example.org:me/a.git", rev = "0ab"}', "a @ git+ssh://git@example.org/me/a.git@0ab"),
        (
            '{url = "https://example.org/a-1.zip", markers = "os_name == \'nt\'"}',
            "a @ https://example.org/a-1.zip ; os_name == 'nt'",
        ),
        ('{path = "../a"}', "../a"),
        ('{path = "a", develop = true}', "-e ./a"),
        ('{file = "dist/a-1.tar.gz"}', "./dist/a-1.tar.gz"),
    ],
)
def test_one_requirement_of_poetry(entry: str, line: str) -> None:
    parsed = parse_input(f"[tool.poetry.dependencies]\na = {entry}\n", path="pyproject.toml")
    assert lines(parsed) == [f"main: {line}"]
    assert not parsed.findings
    assert parsed.environment is not None
    assert str(parsed.environment.pip[0].span) == "pyproject.toml:2:1"


def test_groups_of_poetry_include_others() -> None:
    text = (
        '[tool.poetry.group.a.dependencies]\nx = "*"\n[tool.poetry.group.b]\ninclude-groups = ["a", "none"]\n'
        '[tool.poetry.group.b.dependencies]\ny = "*"\n'
    )
    parsed = parse_input(text, path="pyproject.toml")
    assert lines(parsed) == ["a: x", "b: y", "b: x"]
    assert told(parsed) == [("CE134", "4:25")]


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ('dependencies = "numpy"', [("CE133", "3:17")]),
        ("dependencies = [1]", [("CE133", "3:17")]),
        ('requires-python = "3.x"', [("CE201", "3:20")]),
        ('dependencies = ["numpy=1"]', [("CE402", "3:18")]),
        ('dependencies = ["a @"]', [("CE401", "3:18")]),
        ('dynamic = ["version", "dependencies"]', [("CE147", "3:24")]),
        ('scripts = {a = "b"}\nentry-points.x = {}', [("CE137", "3:1"), ("CE137", "4:1")]),
        ("optional-dependencies = {a = 'b'}", [("CE133", "3:31")]),
        ("optional-dependencies = {a = ['x[b]', 'x[c]'], c = []}", [("CE134", "3:32")]),
    ],
)
def test_faults_of_a_project(table: str, codes: list[tuple[str, str]]) -> None:
    assert told(parse_input(f'[project]\nname = "x"\n{table}\n', path="pyproject.toml")) == codes


def test_dependency_groups_are_followed_and_cycles_told() -> None:
    text = (
        "[dependency-groups]\n"
        'A_b = ["x", {include-group = "c"}]\n'
        'c = [{include-group = "a.B"}, "y"]\n'
        'd = [{include-group = "none"}, {set = 1}, 3]\n'
        "a-B = []\n"
    )
    parsed = parse_input(text, path="pyproject.toml")
    assert lines(parsed) == ["a-b: x", "a-b: y", "c: x", "c: y"]
    assert told(parsed) == [
        ("CE134", "2:31"),
        ("CE134", "3:24"),
        ("CE134", "4:24"),
        ("CE133", "4:32"),
        ("CE133", "4:43"),
        ("CE134", "5:1"),
    ]
    assert parsed.findings[0].message == "the group `c` includes itself: c -> a-b -> c"


@pytest.mark.parametrize(
    ("source", "line", "codes"),
    [
        (
            '{git = "https://example.org/a.git", branch = "b"}',
            "a[x] @ git+https://example.org/a.git@b ; os_name == 'nt'",
            [],
        ),
        ('{url = "https://example.org/a.zip"}', "a[x] @ https://example.org/a.zip ; os_name == 'nt'", []),
        ('{path = "../a", editable = true}', "-e ../a[x]", ["CE140"]),
        ('{index = "team"}', "a[x]>=1; os_name == 'nt'", ["CE135"]),
        (
            '[{git = "https://example.org/a.git", marker = "os_name == \'x\'"}]',
            "a[x]>=1; os_name == 'nt'",
            ["CE135"],
        ),
        ("{workspace = true}", None, ["CE135"]),
        ('"text"', "a[x]>=1; os_name == 'nt'", ["CE133"]),
    ],
)
def test_sources_of_uv(source: str, line: str | None, codes: list[str]) -> None:
    project = '[project]\nname = "p"\ndependencies = ["a[x]>=1; os_name == \'nt\'"]\n'
    text = f"{project}[tool.uv.sources]\na = {source}\n"
    parsed = parse_input(text, path="pyproject.toml")
    assert lines(parsed) == ([f"main: {line}"] if line else [])
    assert [code for code, _ in told(parsed)] == codes


def test_a_source_that_no_line_asks_for_is_told() -> None:
    text = '[project]\nname = "p"\n[tool.uv.sources]\na = {git = "https://example.org/a.git"}\n'
    assert told(parse_input(text, path="pyproject.toml")) == [("CE145", "4:5")]


@pytest.mark.parametrize(
    ("entry", "spec"),
    [
        ('"*"', "a"),
        ('"1.2.*"', "a=1.2"),
        ('"1.2"', "a==1.2"),
        ('">=1.2, <2"', "a>=1.2,<2"),
        ('"1.*|3.*"', "a 1.*|3.*"),
        ('{version = "1.2.*"}', "a=1.2"),
        ('{version = "*", channel = "c"}', "c::a"),
        (
            '{version = ">=1", build = "py*", build-number = ">=2"}',
            "a[version='>=1',build='py*',build_number='>=2']",
        ),
        ('{version = "*", extras = ["x"]}', "a[extras=[x]]"),
        ('{url = "https://example.org/noarch/a-1-0.conda"}', "https://example.org/noarch/a-1-0.conda"),
    ],
)
def test_one_conda_requirement_of_pixi(entry: str, spec: str) -> None:
    parsed = parse_input(f"[dependencies]\na = {entry}\n", path="pixi.toml")
    assert specs(parsed) == [f"main: {spec}"]
    assert not parsed.findings


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ('"*"', "a"),
        ('">=1,<2"', "a>=1,<2"),
        ('"1.2"', "a==1.2"),
        ('{version = "==1", extras = ["x"]}', "a[x]==1"),
        ('{path = ".", editable = true, extras = ["x"]}', "-e .[x]"),
        (
            '{git = "https://example.org/a.git", rev = "0ab", subdirectory = "d"}',
            "a @ git+https://example.org/a.git@0ab#subdirectory=d",
        ),
        (
            '{url = "https://example.org/a-1-py3-none-any.whl"}',
            "a @ https://example.org/a-1-py3-none-any.whl",
        ),
    ],
)
def test_one_line_for_pip_of_pixi(entry: str, line: str) -> None:
    parsed = parse_input(f"[pypi-dependencies]\na = {entry}\n", path="pixi.toml")
    assert lines(parsed) == [f"main: {line}"]
    assert not parsed.findings


def test_the_most_specific_target_counts() -> None:
    text = (
        '[dependencies]\na = "1"\nb = "1"\n[target.unix.dependencies]\na = "2"\n'
        '[target.linux-64.dependencies]\na = "3"\n[target.win.dependencies]\nA = "4"\n'
        '[target.mars.dependencies]\na = "5"\n'
    )
    parsed = parse_input(text, path="pixi.toml")
    assert parsed.environment is not None
    from condaenv_tools.model.platform import Platform

    def asked(platform: Platform) -> list[str]:
        assert parsed.environment is not None
        return sorted(item.text for item in parsed.environment.dependencies_on(platform))

    assert asked(Platform.LINUX_64) == ["a==3", "b==1"]
    assert asked(Platform.OSX_ARM64) == ["a==2", "b==1"]
    assert asked(Platform.WIN_64) == ["A==4", "b==1"]
    assert asked(Platform.FREEBSD_64) == ["a==1", "b==1"]
    assert told(parsed) == [("CE502", "10:9")]


def test_channels_of_pixi_stand_by_priority() -> None:
    tables = ['{channel = "b", priority = 2}', '{channel = "d", priority = -1}', "{x = 1}"]
    text = f'[workspace]\nchannels = ["a", {tables[0]}, "c", {tables[1]}, {tables[2]}]\n'
    parsed = parse_input(text, path="pixi.toml")
    assert parsed.environment is not None
    assert [item.text for item in parsed.environment.channels] == ["b", "a", "c", "d"]
    assert told(parsed) == [("CE133", "2:86")]


def test_what_pixi_says_of_the_machine_is_told_for_the_solver() -> None:
    text = '[system-requirements]\ncuda = "12"\nlibc = {family = "glibc", version = "2.28"}\nmacos = "13"\n'
    parsed = parse_input(text, path="pixi.toml")
    assert [finding.hint.partition(": ")[2] for finding in parsed.findings] == [
        "--virtual-package __cuda=12",
        "--virtual-package __glibc=2.28",
        "--virtual-package __osx=13",
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("https://example.org/c/linux-64/a-1.conda", "CE201"),
        ("https://example.org/c/linux-64/a-1-0.zip", "CE201"),
        ("https://example.org/c/linux-64/a-1-0.conda#0123", "CE201"),
        ("a=1=0", "CE201"),
        ("gopher://example.org/c/linux-64/a-1-0.conda", "CE304"),
        ("# platform: linux64", "CE502"),
    ],
)
def test_bad_lines_of_an_explicit_list(line: str, code: str) -> None:
    parsed = parse_input(f"@EXPLICIT\n  {line}\n", path="e.txt")
    assert [found for found, _ in told(parsed)] == [code]
    assert parsed.findings[0].location.startswith("e.txt:2:")


def test_an_explicit_list_for_two_platforms_is_none() -> None:
    text = "@EXPLICIT\n" + "".join(f"https://example.org/c/{p}/a-1-0.conda\n" for p in ("linux-64", "win-64"))
    assert told(parse_input(text, path="e.txt")) == [("CE503", "3:23")]


def test_packages_without_a_name_in_json() -> None:
    parsed = parse_input('[{"name": "a", "version": "1"}, {"name": "b"}, 3]', path="l.json")
    assert specs(parsed) == ["main: a=1"]
    assert told(parsed) == [("CE133", "1:33"), ("CE133", "1:48")]


def test_a_lock_of_pipenv_that_is_no_table() -> None:
    assert told(parse_input("[]", path="Pipfile.lock")) == [("CE133", "1:1")]
    assert told(parse_input('{"default": [], "develop": {"a": 1}}', path="Pipfile.lock")) == [
        ("CE133", "1:13"),
        ("CE133", "1:34"),
    ]


def test_extras_of_a_lock_of_poetry_are_groups() -> None:
    def package(name: str, markers: str, optional: str = "true") -> str:
        head = f"[[package]]\nname = '{name}'\nversion = '1'\noptional = {optional}\n"
        return f"{head}groups = ['main']\nmarkers = '''{markers}'''\n"

    text = (
        package("a", 'extra == "x"')
        + package("b", 'extra == "x" or extra == "y"')
        + package("c", 'os_name == "nt" and extra == "y"')
        + package("d", 'os_name == "nt"', "false")
    )
    parsed = parse_input(text, path="poetry.lock")
    assert lines(parsed) == [
        "x: a==1",
        "x: b==1",
        "y: b==1",
        'y: c==1; os_name == "nt"',
        'main: d==1; os_name == "nt"',
    ]


def test_what_other_tools_keep_in_a_pyproject() -> None:
    text = (
        "[tool.conda-lock]\nchannels = ['c']\nplatforms = ['linux-64']\n"
        "[tool.conda-lock.dependencies]\nsqlite = '>=3.34'\nb = {source = 'pypi', version = '>=1'}\n"
        "[tool.flit.metadata]\nrequires = ['x']\nrequires-python = '>=3.9'\n"
        "[tool.flit.metadata.requires-extra]\nt = ['y']\n"
        "[tool.pdm.dev-dependencies]\nlint = ['z']\n[tool.rye]\ndev-dependencies = ['w']\n"
        "[tool.hatch.envs.test]\ndependencies = ['v']\n"
    )
    parsed = parse_input(text, path="pyproject.toml")
    assert specs(parsed) == ["main: sqlite>=3.34", "main: python>=3.9"]
    assert lines(parsed) == ["main: b>=1", "main: x", "t: y", "lint: z", "dev: w"]
    assert [code for code, _ in told(parsed)] == ["CE145"]
