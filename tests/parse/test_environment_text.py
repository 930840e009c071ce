"""An environment written as a file reads back as itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.model.environment import Environment
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.environment_text import environment_text, yaml_text
from condaenv_tools.parse.environment_yml import loads_environment, parse_environment
from tests.shared_data import shared_path

CORPUS = shared_path("corpus")
FILES = sorted(CORPUS.glob("*.y*ml")) if CORPUS else []
NOWHERE = SourceSpan(path="", line=1, column=1)


def meaning(environment: Environment) -> Environment:
    """Return an environment without what a text cannot hold: places, and the names of files."""

    def bare(items: tuple) -> tuple:
        return tuple(replace(item, span=NOWHERE) for item in items)

    return replace(
        environment,
        sources=(),
        key_spans=(),
        channels=bare(environment.channels),
        dependencies=bare(environment.dependencies),
        pip=bare(environment.pip),
        variables=bare(environment.variables),
        platforms=bare(environment.platforms),
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_as_people_commit_them_read_back(path: Path) -> None:
    parsed = parse_environment(path.read_bytes())
    if parsed.environment is None or parsed.errors:
        pytest.skip("the file has faults")
    text = environment_text(parsed.environment)
    again = parse_environment(text)
    assert not again.errors
    assert again.environment is not None
    assert meaning(again.environment) == meaning(parsed.environment)
    assert environment_text(again.environment) == text


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs"])
        | st.sampled_from("\x85\u2028\u2029\ufeff#:- ")
    )
)
def test_a_scalar_is_that_text_to_yaml(text: str) -> None:
    assert yaml.safe_load(f"- {yaml_text(text)}\n") == [text]
    assert yaml.safe_load(f"a: {yaml_text(text, value=True)}  # c\n") == {"a": text}


@pytest.mark.parametrize(
    "text", ["yes", "3.10", "null", "~", "0x1f", "1e3", "2024-01-01", "on", "", " a", "a ", "a:"]
)
def test_what_yaml_would_convert_is_quoted(text: str) -> None:
    assert yaml.safe_load(f"a: {yaml_text(text, value=True)}") == {"a": text}


@pytest.mark.parametrize(
    "text",
    [
        "numpy>=1.26,<2",
        "pytorch[version='>=2.1',build='*cuda*']",
        "pkg @ git+https://example.org/a.git@v1#subdirectory=x ; sys_platform == 'win32'",
        "https://example.org/noarch/a-1-0.conda",
        "-e ./lib",
    ],
)
def test_what_is_safe_stays_without_quotes(text: str) -> None:
    assert yaml_text(text) == text


def test_selectors_of_both_kinds_and_remarks() -> None:
    text = (
        "dependencies:\n  - a  # [win and x86_64]\n  - sel(osx): b\n  - pip\n  - pip:\n      - c  # [linux]\n"
    )
    environment = loads_environment(text)
    first = environment.dependencies[0]
    line = environment.pip[0]
    remarks = {first: ["why [not] a: # " + "word " * 30], line: ["one", "two"]}
    written = environment_text(environment, head=["top"], remarks=remarks)
    assert meaning(loads_environment(written)) == meaning(environment)
    assert written.startswith("# top\n")
    assert "      # one\n      # two\n      - c  # [linux]\n" in written
    assert max(map(len, written.splitlines())) <= 100


def test_nothing_at_all() -> None:
    assert environment_text(Environment(sources=())) == "dependencies: []\n"
    assert environment_text(Environment(sources=(), has_pip_section=True)).endswith("- pip: []\n")
