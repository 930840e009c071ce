"""The docs say what the code does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from condaenv_tools.cli.app import COMMANDS
from condaenv_tools.parse.codes import CODES
from condaenv_tools.parse.environment_yml import parse_environment

ROOT = Path(__file__).resolve().parents[1]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_that_are_made_are_up_to_date() -> None:
    for path, make in generator().PAGES.items():
        assert path.read_text(encoding="utf-8") == make(), "run `make docs`"


@pytest.mark.parametrize("code", [code for code in CODES if code != "CE490"])
def test_an_example_shows_what_it_says(code: str) -> None:
    bad = (
        CODES[code].bad.encode("utf-8").decode("unicode_escape").encode("latin-1")
        if code == "CE102"
        else CODES[code].bad
    )
    assert code in {finding.code for finding in parse_environment(bad).findings}
    assert code not in {finding.code for finding in parse_environment(CODES[code].good).findings}


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"`condaenv {name} " in readme for name in COMMANDS)


@pytest.mark.parametrize(
    "page", ["README.md", "CHANGELOG.md", *[f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")]]
)
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{page} links to {target}"
