"""`condaenv import`: a file of another tool in, an environment.yml out."""

from __future__ import annotations

import pytest

from condaenv_tools.cli.import_ import _FORMATS
from condaenv_tools.parse.inputs.registry import FORMATS
from tests.cli.world import Folder, keys

REQUIREMENTS = "torch>=2\ndask[complete]\nno-such-dist\n"
MADE = """# made from requirements.txt by condaenv import
channels:
  - conda-forge
  - nodefaults
dependencies:
  - pytorch>=2
  - pip
  - pip:
      # conda has no extras, so `dask[complete]` stays in the pip section
      - dask[complete]
      - no-such-dist
"""


def test_stdout_has_the_file_alone(here: Folder) -> None:
    here.write(REQUIREMENTS, "requirements.txt")
    ran = here.run("import", "requirements.txt")
    assert (ran.code, ran.out) == (0, MADE)
    assert ran.err.splitlines() == [
        "requirements.txt:2:1: warning CE142: conda has no extras, so `dask[complete]` stays in the pip section",
        "imported: 1 warning, 1 note (-v shows them)",
    ]
    assert here.run("import", "requirements.txt", "-q").err == ""
    assert "info CE143" in here.run("import", "requirements.txt", "-v").err


def test_a_file_is_written_and_not_replaced_unasked(here: Folder) -> None:
    here.write(REQUIREMENTS, "requirements.txt")
    ran = here.run("import", "requirements.txt", "-o", "environment.yml")
    assert (ran.code, ran.out) == (0, "")
    assert "written to environment.yml" in ran.err
    assert here.read("environment.yml") == MADE
    here.write("mine", "environment.yml")
    ran = here.run("import", "requirements.txt", "-o", "environment.yml")
    assert ran.code == 2
    assert "environment.yml is there already" in ran.err
    assert "--force" in ran.err
    assert here.read("environment.yml") == "mine"
    assert here.run("import", "requirements.txt", "-o", "environment.yml", "--force").code == 0
    assert here.read("environment.yml") == MADE


@pytest.mark.parametrize(
    ("output", "why"),
    [
        ("gone/e.yml", "there is no folder gone"),
        (".", "is a folder"),
        ("requirements.txt", "is the file to import"),
    ],
)
def test_a_place_that_cannot_be_written_to(here: Folder, output: str, why: str) -> None:
    here.write(REQUIREMENTS, "requirements.txt")
    ran = here.run("import", "requirements.txt", "-o", output, "--force")
    assert ran.code == 2
    assert why in ran.err
    assert here.read("requirements.txt") == REQUIREMENTS


def test_json_has_the_text_and_the_findings(here: Folder) -> None:
    here.write(REQUIREMENTS, "requirements.txt")
    ran = here.run("import", "requirements.txt", "--json")
    assert keys(ran.document) == ["findings", "text"]
    assert ran.document["text"] == MADE
    assert [keys(finding) for finding in ran.document["findings"]] == [
        ["code", "column", "hint", "line", "message", "severity"]
    ] * 2
    assert here.run("import", "requirements.txt", "--json", "-o", "-").code == 2


def test_faults_are_told_with_their_places(here: Folder) -> None:
    here.write('[project]\nname = "x"\ndependencies = ["a=1", "b>>2"]\n', "pyproject.toml")
    ran = here.run("import", "pyproject.toml", "-o", "environment.yml")
    assert (ran.code, ran.out) == (2, "")
    assert "pyproject.toml cannot be imported: there are 2 errors in it" in ran.err
    assert "pyproject.toml:3:18: error CE402" in ran.err
    assert "pyproject.toml:3:25: error CE401" in ran.err
    assert not here.has("environment.yml")


@pytest.mark.parametrize("name", ["gone.txt", "."])
def test_a_file_that_is_none(here: Folder, name: str) -> None:
    assert here.run("import", name).code == 2


def test_options_reach_the_job(here: Folder) -> None:
    here.write(
        '[project]\nname = "x"\ndependencies = ["numpy", "scipy"]\n[dependency-groups]\na = ["rich"]\n',
        "pyproject.toml",
    )
    words = ["--name", "n", "-c", "one", "-c", "two", "--group", "a", "--python", "3.12", "--pip", "scipy"]
    out = here.run("import", "pyproject.toml", *words).out
    assert out.splitlines()[1:] == [
        "name: n", "channels:", "  - one", "  - two", "  - nodefaults", "dependencies:", "  - python=3.12",
        "  - numpy", "  - rich", "  - pip", "  - pip:", "      - scipy",
    ]  # fmt: skip
    assert "rich" in here.run("import", "pyproject.toml", "--all-groups", "--pip-all").out
    assert here.run("import", "pyproject.toml", "--group", "gone").code == 2


def test_standard_input(here: Folder) -> None:
    ran = here.process("import", "-", stdin="a=1=0\nb=2=pypi_0\n")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "# made from standard input by condaenv import"
    assert "  - a=1=0" in ran.out
    assert "      - b==2" in ran.out
    ran = here.process("import", "-", "--from", "requirements.txt", stdin="a=1=0\n")
    assert ran.code == 2
    assert "standard input cannot be imported: there is 1 error in it" in ran.err


def test_the_kinds_of_files_are_those_that_can_be_read() -> None:
    assert tuple(FORMATS) == _FORMATS


@pytest.mark.parametrize("words", [("-c", ""), ("-c", "a b"), ("--name", "a/b")])
def test_what_is_given_beside_the_file_is_not_blamed_on_it(here: Folder, words: tuple[str, ...]) -> None:
    here.write("numpy\n", "requirements.txt")
    ran = here.run("import", "requirements.txt", *words, "-o", "made.yml")
    assert ran.code == 2
    assert "requirements.txt" not in ran.err
    assert "given beside the file" in ran.err
    assert not here.has("made.yml")


def test_a_channel_beside_an_export_is_what_the_export_lacks(here: Folder) -> None:
    here.write("# platform: linux-64\nnumpy=1.26.4=py312_0\n", "export.txt")
    words = ("import", "export.txt", "--from", "conda list --export")
    assert "names no channel" in here.run(*words).out
    assert "names no channel" not in here.run(*words, "-c", "bioconda").out
