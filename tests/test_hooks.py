"""The hooks for other projects, and what the page on checking says of codes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from condaenv_tools.cli.check import command
from condaenv_tools.jobs.check_text import check_text
from condaenv_tools.jobs.find_files import is_environment_name
from condaenv_tools.jobs.settings import parse_settings
from condaenv_tools.rules.registry import ALL_CODES

ROOT = Path(__file__).resolve().parents[1]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")


def test_both_hooks_are_there() -> None:
    assert [hook["id"] for hook in HOOKS] == ["condaenv-check", "condaenv-check-fix"]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_an_entry_is_a_command_that_there_is(hook: dict[str, Any]) -> None:
    program, name, *words = hook["entry"].split()
    assert (program, name) == ("condaenv", "check")
    known = {text for option in command.params if isinstance(option, click.Option) for text in option.opts}
    assert set(words) <= known


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
@pytest.mark.parametrize(
    "name",
    [
        "environment.yml",
        "gpu-environment.yaml",
        "env_dev.yml",
        "conda-env.yml",
        "meta.yaml",
        "inventory.yml",
        "conda-lock.yml",
        "environment.conda-lock.yml",
        "environment.txt",
        "Environment.YML",
    ],
)
def test_a_hook_takes_the_files_that_a_folder_stands_for(hook: dict[str, Any], name: str) -> None:
    for path in (name, f"a/b/{name}"):
        taken = re.search(hook["files"], path) is not None and re.search(hook["exclude"], path) is None
        assert taken == is_environment_name(name)


def test_every_code_on_the_page_is_one() -> None:
    assert set(re.findall(r"\bCE\d{3}\b", PAGE)) <= set(ALL_CODES)


def test_the_settings_on_the_page_are_read() -> None:
    (table,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    settings = parse_settings(table)
    assert settings is not None
    assert settings.ignore == ("CE113", "CE5")
    assert settings.per_file_ignores == (("docs/*.yml", ("CE301",)),)


def test_the_line_that_shows_a_comment_has_what_it_silences() -> None:
    found = re.search(r"`(- .*# noqa: (CE\d{3}))`", PAGE)
    assert found
    text = f"channels: [a, nodefaults]\ndependencies:\n- python=3.12\n{found[1]}\n"
    assert found[2] in {one.code for one in check_text(text.partition("  # noqa")[0]).findings}
    assert not {found[2], "CE191"} & {one.code for one in check_text(text).findings}
