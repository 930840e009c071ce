"""Nothing is lost in silence: each thing that an environment cannot hold is told, at its place."""

from __future__ import annotations

import pytest

from condaenv_tools.parse.inputs.registry import parse_input

POETRY = "[tool.poetry.dependencies]\n"
LOCK = "[[package]]\nname = 'a'\nversion = '1'\noptional = false\ngroups = ['main']\n"


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("pyproject.toml", f"{POETRY}a = 1\n", ["CE133 2:5"]),
        ("pyproject.toml", f"{POETRY}a = 'x y'\n", ["CE201 2:6"]),
        ("pyproject.toml", f"{POETRY}python = 3\n", ["CE133 2:10"]),
        ("pyproject.toml", f"{POETRY}python = 'snake'\n", ["CE201 2:11"]),
        ("pyproject.toml", f"{POETRY}a = {{version = '1', source = 's'}}\n", ["CE135 2:5"]),
        ("pyproject.toml", f"{POETRY}a = {{version = '1', allow-prereleases = true}}\n", ["CE145 2:5"]),
        ("pyproject.toml", f"{POETRY}a = {{version = '1', colour = 'x'}}\n", ["CE145 2:21"]),
        ("pyproject.toml", f"{POETRY}a = {{path = 'x', markers = \"os_name == 'nt'\"}}\n", ["CE140 2:5"]),
        ("pyproject.toml", f"{POETRY}a = {{version = '1', optional = true}}\n", ["CE138 2:1"]),
        ("pyproject.toml", "[tool.poetry]\nextras = {a = 'b'}\n", ["CE133 2:16"]),
        ("pyproject.toml", "[tool.poetry]\nname = 1\n", ["CE133 2:8"]),
        (
            "pyproject.toml",
            "[tool.poetry]\nscripts = {a = 'b:c'}\nbuild = 'b.py'\n",
            ["CE137 2:1", "CE145 3:1"],
        ),
        (
            "pyproject.toml",
            "[[tool.poetry.source]]\nname = 's'\nurl = 'https://example.org'\n",
            ["CE144 3:8"],
        ),
        (
            "pyproject.toml",
            "[tool.poetry.group]\na.include-groups = ['b']\nb.include-groups = ['c']\nc.dependencies = {}\n",
            ["CE145 3:22"],
        ),
        ("pyproject.toml", "[tool.poetry]\ngroup.a.include-groups = ['A']\n", ["CE134 2:28"]),
        ("pyproject.toml", "[project]\nname = 'x'\n[tool.hatch.envs.a]\nb = 1\n", ["CE145 3:13"]),
        (
            "pyproject.toml",
            "[tool.uv]\nprerelease = 'allow'\n[[tool.uv.index]]\nurl = 'u'\n",
            ["CE145 2:1", "CE144 3:11"],
        ),
        ("pyproject.toml", "[tool.black]\nx = 1\n", ["CE132 "]),
        ("pyproject.toml", "project = 3\n", ["CE133 1:11"]),
        ("poetry.lock", "package = 3\n", ["CE133 1:11"]),
        ("poetry.lock", "[[package]]\nname = 'a'\n", ["CE133 1:1", "CE145 1:1"]),
        (
            "poetry.lock",
            f"{LOCK}[package.source]\ntype = 'legacy'\nurl = 'https://example.org'\n",
            ["CE135 6:1"],
        ),
        ("poetry.lock", f"{LOCK}[package.source]\ntype = 'url'\nurl = 'https://example.org/a-1.zip'\n", []),
        ("poetry.lock", f"{LOCK}files = [{{hash = 'x'}}]\n", ["CE136 6:1"]),
        ("poetry.lock", LOCK.replace("groups", "x"), ["CE145 1:1"]),
        ("poetry.lock", LOCK.replace("false", "true"), ["CE145 1:1"]),
        ("poetry.lock", "[[package]\n", ["CE130 1:10"]),
        ("Pipfile", "[packages]\na = 1\n", ["CE133 2:5"]),
        ("Pipfile", "packages = 1\n", ["CE133 1:12"]),
        ("Pipfile", "[packages]\na = {version = '*', colour = 'x'}\n", ["CE145 2:21"]),
        ("Pipfile", "[packages]\na = {path = 'x', markers = \"os_name == 'nt'\"}\n", ["CE140 2:1"]),
        ("Pipfile", "[requires]\npython_version = 'x'\n", ["CE201 2:19"]),
        ("Pipfile", "[requires]\npython_version = 3.11\n", ["CE133 2:18"]),
        ("Pipfile", "[pipenv]\nallow_prereleases = true\n", ["CE145 2:1"]),
        ("Pipfile", "[[source]]\nurl = 'https://example.org'\nname = 'x'\n", ["CE144 2:8"]),
        ("Pipfile", "[packages\n", ["CE130 1:10"]),
        ("Pipfile.lock", "{", ["CE131 1:1"]),
        ("Pipfile.lock", '{"default": {"a": {"version": "*"}}}', ["CE146 1:15"]),
        ("pixi.toml", "[dependencies]\na = 1\n", ["CE133 2:5"]),
        ("pixi.toml", "[dependencies]\na = '>>1'\n", ["CE201 2:1"]),
        ("pixi.toml", "[dependencies]\na = {git = 'g'}\n", ["CE135 2:1"]),
        ("pixi.toml", "[dependencies]\na = {version = '*', colour = 'x'}\n", ["CE145 2:1"]),
        ("pixi.toml", "[pypi-dependencies]\na = 1\n", ["CE133 2:5"]),
        ("pixi.toml", "[pypi-dependencies]\na = {version = '*', colour = 'x'}\n", ["CE145 2:1"]),
        (
            "pixi.toml",
            "[pypi-dependencies]\na = {version = '*', index = 'https://example.org'}\n",
            ["CE135 2:1"],
        ),
        ("pixi.toml", "[workspace]\nchannels = 'c'\nplatforms = 'p'\n", ["CE133 2:13", "CE133 3:14"]),
        (
            "pixi.toml",
            "[workspace]\nchannels = ['a b', 'c', 'd\u2013e', '']\n",
            ["CE304 2:14", "CE304 2:26", "CE304 2:33"],
        ),
        ("pixi.toml", "[workspace]\nplatforms = ['mars', {x = 1}]\n", ["CE502 2:15", "CE133 2:22"]),
        ("pixi.toml", "[workspace]\nchannel-priority = 'disabled'\n", ["CE145 2:1"]),
        ("pixi.toml", "[host-dependencies]\na = '*'\n", ["CE148 1:2"]),
        ("pixi.toml", "[tasks]\na = 'b'\n[package]\nname = 'x'\n", ["CE137 1:2", "CE145 3:2"]),
        (
            "pixi.toml",
            "[activation]\nscripts = ['a.sh']\nenv = {a = [], B = '$C', D = 'd'}\n",
            ["CE137 2:1", "CE133 3:12", "CE145 3:16"],
        ),
        ("pixi.toml", "[target.win.activation.env]\nA = 'b'\n", ["CE145 2:1"]),
        ("pixi.toml", "[target.win]\nx = 1\n", ["CE145 2:1"]),
        (
            "pixi.toml",
            "[feature.f]\nx = 1\nplatforms = ['linux-64']\nactivation.env = {A = 'b'}\n",
            ["CE145 2:1", "CE145 3:1", "CE145 4:19"],
        ),
        ("pixi.toml", "[environments]\na = ['b']\n", ["CE145 1:2"]),
        ("pixi.toml", "[dependencies\n", ["CE130 1:14"]),
        ("list.json", "[{", ["CE131 1:2"]),
        ("list.json", '[{"name": "a", "version": "1", "platform": "mars"}]', ["CE502 1:45"]),
    ],
)
def test_what_is_told(path: str, text: str, told: list[str]) -> None:
    parsed = parse_input(text, path=path)
    assert [f"{f.code} {f.location.partition(':')[2]}" for f in parsed.findings] == told
    for finding in parsed.findings:
        assert not finding.message.endswith(".")
        assert "\n" not in finding.message


def test_groups_that_multiply_are_stopped() -> None:
    text = "[dependency-groups]\n" + "".join(
        f'g{n} = [{{include-group = "g{n + 1}"}}, {{include-group = "g{n + 1}"}}]\n' for n in range(40)
    )
    parsed = parse_input(f"{text}g40 = ['a']\n", path="pyproject.toml")
    assert {finding.message for finding in parsed.findings} == {
        "the groups include each other beyond all sense"
    }
