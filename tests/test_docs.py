"""The docs say what the code does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from condaenv_tools.cli.app import COMMANDS
from condaenv_tools.errors import ParseError
from condaenv_tools.parse.codes import CODES
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.virtual_packages_yml import parse_virtual_packages

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


#: Findings that no short environment file can show: of one that is not there, raised by a job, about a size that
#: fits no page, or about files beside it.
NOT_SHOWN = {"CE100", "CE105", "CE420", "CE421", "CE422", "CE423", "CE424", "CE425", "CE290", "CE291"} | {
    *(f"CE49{last}" for last in range(10)),
    *(f"CE7{last:02}" for last in range(1, 15)),
}
#: Examples whose signs a page can only show escaped.
ESCAPED = {"CE102", "CE119"}


def codes_of(text: str, code: str) -> set[str]:
    if code in ESCAPED:
        content = text.encode("utf-8").decode("unicode_escape").encode("latin-1")
        return {finding.code for finding in parse_environment(content).findings}
    if text.startswith("subdirs:"):
        try:
            parse_virtual_packages(text, path="<text>")
        except ParseError as error:
            return {getattr(finding, "code", "") for finding in error.findings}
        return set()
    return {finding.code for finding in parse_environment(text).findings}


#: Those of other files are shown in tests/jobs/test_import_codes.py.
SHOWN = sorted(code for code in set(CODES) - NOT_SHOWN if CODES[code].file == "environment.yml")


@pytest.mark.parametrize("code", SHOWN)
def test_an_example_shows_what_it_says(code: str) -> None:
    assert code in codes_of(CODES[code].bad, code)
    assert code not in codes_of(CODES[code].good, code)


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


def test_the_index_lists_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages <= set(re.findall(r"\]\(([^)#/]+)\)", index))
