"""Import as a job: names, versions, markers, groups, channels, and nothing lost in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from condaenv_tools.channels.names import pypi_names
from condaenv_tools.errors import ParseError
from condaenv_tools.jobs.import_files import ImportOptions, ImportResult, import_environment, import_file
from condaenv_tools.jobs.import_lines import conda_package
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.environment_yml import parse_environment


def done(text: str, path: str = "requirements.txt", **options: object) -> ImportResult:
    return import_environment(text, path=path, options=ImportOptions(**options))  # type: ignore[arg-type]


def conda(result: ImportResult) -> list[str]:
    return [
        f"{item.text}{f' {item.selector}' if item.selector else ''}"
        for item in result.environment.dependencies
    ]


def pip(result: ImportResult) -> list[str]:
    return [item.text for item in result.environment.pip]


def codes(result: ImportResult) -> list[str]:
    return [finding.code for finding in result.findings]


@pytest.mark.parametrize(
    ("line", "spec"),
    [
        ("torch", "pytorch"),
        ("Scikit_Learn>=1.4", "scikit-learn>=1.4"),
        ("tables~=3.9", "pytables~=3.9"),
        ("numpy==1.26.*", "numpy=1.26"),
        ("numpy===1.26.4", "numpy==1.26.4"),
        ("numpy!=1.26.*,>=1.25", "numpy>=1.25,!=1.26.*"),
        ("numpy>=1!2.0", "numpy>=1!2.0"),
        ("numpy (>=1,<3)", "numpy>=1,<3"),
        ("pywin32; sys_platform == 'win32'", "pywin32 # [win]"),
        ("numpy; python_version >= '3.8'", "numpy"),
        ("ruamel.yaml", "ruamel.yaml"),
        ("typing-extensions", "typing_extensions"),
    ],
)
def test_a_line_that_conda_can_say(line: str, spec: str) -> None:
    assert conda(done(f"{line}\n")) == [spec]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("no-such-dist>=1", "CE143"),
        ("dask[complete]", "CE142"),
        ("tomli; python_version < '3.11'", "CE140"),
        ("numpy; platform_release >= '20'", "CE140"),
        ("torch==2.1.0+cu118", "CE141"),
        ("numpy @ https://example.org/numpy-1.zip", None),
        ("git+https://example.org/a.git#egg=numpy", None),
        ("-e ./lib", None),
        ("--no-binary numpy", None),
    ],
)
def test_a_line_that_stays_in_the_pip_section(line: str, code: str | None) -> None:
    result = done(f"{line}\n")
    assert pip(result) == [line]
    assert conda(result) == ["pip"]
    assert codes(result) == ([code] if code else [])


def test_a_package_that_carries_others_along_is_not_meant_by_one_of_them() -> None:
    held = pypi_names("ambertools")
    assert held is not None
    assert len(held) > 3
    assert "sander" in held
    assert conda_package("sander") is None
    assert conda_package("matplotlib") == "matplotlib"
    assert conda_package("ray") == "ray-core"
    assert conda_package("PyQt5") == "pyqt"


def test_lines_of_one_package_become_one_requirement() -> None:
    result = done("numpy>=1.24\nscipy\nnumpy<2\nnumpy!=1.25; os_name == 'nt'\n")
    assert conda(result) == ["numpy>=1.24,<2", "scipy", "numpy!=1.25 # [win]"]


def test_distributions_can_be_kept_in_pip() -> None:
    text = "numpy\nScikit_Learn\n"
    assert pip(done(text, pip=("scikit.learn",))) == ["Scikit_Learn"]
    assert pip(done(text, pip_all=True)) == ["numpy", "Scikit_Learn"]
    assert conda(done(text, pip_all=True)) == ["pip"]


def test_one_python_decides_markers() -> None:
    text = "tomli; python_version < '3.11'\nnumpy; python_version >= '3.11'\n"
    assert conda(done(text, python="3.12")) == ["python=3.12", "numpy"]
    assert conda(done(text, python="3.10")) == ["python=3.10", "tomli"]
    project = '[project]\nname = "x"\nrequires-python = ">=3.11"\n'
    assert conda(done(project, "pyproject.toml", python="3.12.4")) == ["python=3.12.4"]
    with pytest.raises(ParseError, match=r"wants Python >=3\.11, and 3\.10 is none"):
        done(project, "pyproject.toml", python="3.10")
    with pytest.raises(ParseError, match="no version of Python"):
        done(project, "pyproject.toml", python="snake")


PROJECT = """[project]
name = "x"
dependencies = ["numpy"]
optional-dependencies.Plot = ["matplotlib"]
[dependency-groups]
test = ["pytest", "hypothesis"]
"""


def test_groups_are_taken_where_they_are_asked_for() -> None:
    result = done(PROJECT, "pyproject.toml")
    assert conda(result) == ["numpy"]
    assert [f.message for f in result.findings] == [
        "the group `plot` is left out: `matplotlib`",
        "the group `test` is left out: `pytest`, `hypothesis`",
    ]
    assert conda(done(PROJECT, "pyproject.toml", groups=("PLOT",))) == ["numpy", "matplotlib"]
    assert conda(done(PROJECT, "pyproject.toml", all_groups=True)) == [
        "numpy",
        "matplotlib",
        "pytest",
        "hypothesis",
    ]
    with pytest.raises(ParseError) as caught:
        done(PROJECT, "pyproject.toml", groups=("docs",))
    assert str(caught.value) == "pyproject.toml has no group `docs`\n  hint: there are: plot, test"


def test_channels() -> None:
    def channels(result: ImportResult) -> list[str]:
        return [item.text for item in result.environment.channels]

    assert channels(done("numpy\n")) == ["conda-forge", "nodefaults"]
    assert channels(done("numpy\n", channels=("a", "b"))) == ["a", "b", "nodefaults"]
    assert channels(done("numpy\n", channels=("defaults",))) == ["defaults"]
    written = "channels: [x]\ndependencies: [numpy]\n"
    assert channels(done(written, "environment.yml")) == ["x"]
    assert channels(done(written, "environment.yml", channels=("y",))) == ["y", "nodefaults"]


def test_names() -> None:
    assert done("numpy\n").environment.name is None
    assert done("numpy\n", name="mine").environment.name == "mine"
    assert (
        done('[workspace]\nname = "my robot/arm"\nchannels = ["c"]\n', "pixi.toml").environment.name
        == "my-robot-arm"
    )


def test_lines_for_pip_that_their_author_told_apart_stay() -> None:
    text = "dependencies:\n  - python\n  - pip\n  - pip:\n      - numpy==1.26.4\n"
    result = done(text, "environment.yml")
    assert pip(result) == ["numpy==1.26.4"]
    assert conda(result) == ["python", "pip"]


def test_conditions_for_conda_and_for_pip_are_joined() -> None:
    text = (
        '[project]\nname = "x"\ndependencies = ["numpy>=1.26", "scipy", "pandas>=2"]\n'
        '[tool.pixi.dependencies]\nnumpy = "<3"\nscipy = "1.*"\npandas = {version = "2.*", build = "py*"}\n'
    )
    assert conda(done(text, "pyproject.toml")) == [
        "numpy>=1.26,<3",
        "scipy=1",
        "pandas[version='2.*,>=2',build=py*]",
    ]


def test_selectors_are_left_out_where_they_say_nothing() -> None:
    asked = """["uvloop; sys_platform != 'win32'", "pywin32; os_name == 'nt'"]"""
    text = f'[project]\nname = "x"\ndependencies = {asked}\n'
    pixi = '[tool.pixi.workspace]\nplatforms = ["linux-64"]\n'
    result = done(text + pixi, "pyproject.toml")
    assert conda(result) == ["uvloop"]
    assert [f.message for f in result.findings] == [
        "`pywin32; os_name == 'nt'` is left out: its marker holds on no platform and no Python that is meant"
    ]


def test_every_error_is_told_at_once_and_nothing_is_made() -> None:
    with pytest.raises(ParseError) as caught:
        done('[project]\nname = "x"\ndependencies = ["a>>1", "b", "c=2"]\n', "pyproject.toml")
    assert [getattr(finding, "code", "") for finding in caught.value.findings] == ["CE401", "CE402"]
    with pytest.raises(ParseError, match="CE130"):
        done("[project\n", "pyproject.toml")
    with pytest.raises(ParseError, match="CE102"):
        import_environment(b"\xff\xfa", path="requirements.txt")


def test_credentials_are_told_and_never_written() -> None:
    pixi = '[workspace]\nchannels = ["https://me:hunter2@example.org/t/tk-1/c"]\n[pypi-dependencies]\na = {git = "https://me:hunter2@example.org/a.git"}\n'
    for text, path in (
        ("--index-url https://me:hunter2@example.org/simple\na\n", "requirements.txt"),
        (pixi, "pixi.toml"),
        ("@EXPLICIT\nhttps://me:hunter2@example.org/c/linux-64/a-1-0.conda\n", "e.txt"),
        ("dependencies:\n  - https://me:hunter2@example.org/c/noarch/a-1-0.conda\n", "environment.yml"),
    ):
        result = done(text, path)
        assert "CE149" in codes(result)
        assert "hunter2" not in result.text + "".join(map(str, result.findings))
        assert "tk-1" not in result.text
    assert [item.text for item in done(pixi, "pixi.toml").environment.channels] == [
        "https://example.org/c",
        "nodefaults",
    ]


def test_each_finding_that_loses_something_is_a_comment() -> None:
    text = PROJECT + '[project.scripts]\na = "b:c"\n'
    result = done(text, "pyproject.toml")
    comments = "".join(line.lstrip("# ") + " " for line in result.text.splitlines() if "#" in line)
    assert len(result.findings) == 3
    for finding in result.findings:
        assert finding.message in " ".join(comments.split())


def test_files_that_a_requirements_file_names(tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("numpy>=1.24\nno-such-dist==1+x\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text("numpy<2\nurllib3<2\nscipy<2; os_name == 'nt'\n", encoding="utf-8")
    (tmp_path / "all.txt").write_text("-r base.txt\n-c c.txt\nscipy\n", encoding="utf-8")
    result = import_file(tmp_path / "all.txt")
    assert conda(result) == ["numpy>=1.24,<2", "scipy", "pip"]
    assert pip(result) == ["no-such-dist==1+x"]
    places = {finding.code: Path(finding.path).name for finding in result.findings}
    assert places == {"CE143": "base.txt", "CE145": "all.txt"}
    assert "`urllib3`, `scipy`" in result.text
    (tmp_path / "all.txt").write_text("-r gone.txt\n", encoding="utf-8")
    with pytest.raises(ParseError, match=r"gone\.txt"):
        import_file(tmp_path / "all.txt")


def test_without_a_folder_nothing_is_read() -> None:
    result = done("-r base.txt\nnumpy\n")
    assert pip(result) == ["-r base.txt"]


def test_hashes_are_left_out_of_both_halves() -> None:
    digest = "0" * 64
    text = f"numpy==1.26.4 --hash=sha256:{digest}\nno-such-dist==1 --hash=sha256:{digest}\n"
    result = done(text)
    assert (conda(result), pip(result)) == (["numpy==1.26.4", "pip"], ["no-such-dist==1"])
    assert codes(result).count("CE136") == 1


def test_a_line_beyond_all_sense_is_refused_at_its_place() -> None:
    with pytest.raises(ParseError, match=r"requirements\.txt:2:1: "):
        done("a\n" + "b" * 100_000 + "\n")


NAMES = st.sampled_from(["numpy", "Torch", "tables", "no-such-dist", "typing.extensions", "opencv-python"])
VERSIONS = st.sampled_from(
    ["", ">=1.2", "==1.4.*", "~=2.1", ">=1,<3", "!=2.0", "==1!2.0", "===1.0", "==1.0+x"]
)
EXTRAS = st.sampled_from(["", "", "", "[a]", "[a,b]"])
MARKERS = st.sampled_from(
    [
        "",
        "",
        "; sys_platform == 'win32'",
        "; python_version < '3.9'",
        "; platform_machine == 'arm64'",
        "; extra == 'x'",
    ]
)
LINES = st.lists(st.tuples(NAMES, EXTRAS, VERSIONS, MARKERS).map("".join), max_size=6)


@given(LINES, st.sampled_from([None, "3.8", "3.12"]))
def test_what_is_made_means_what_was_asked(lines: list[str], python: str | None) -> None:
    """On each platform, each line is there once: as a conda requirement, or as itself for pip."""
    result = done("\n".join(lines) + "\n", python=python)
    parsed = parse_environment(result.text, path="environment.yml")
    assert not parsed.errors
    assert parsed.environment == result.environment
    assert not [f for f in result.findings if f.severity is Severity.ERROR]
    full = f"{python}.5" if python else "3.11.5"
    for platform, variables in (
        (Platform.LINUX_64, {"sys_platform": "linux", "platform_machine": "x86_64"}),
        (Platform.OSX_ARM64, {"sys_platform": "darwin", "platform_machine": "arm64"}),
        (Platform.WIN_64, {"sys_platform": "win32", "platform_machine": "AMD64"}),
    ):
        around = {
            **variables,
            "python_version": full.rpartition(".")[0],
            "python_full_version": full,
            "extra": "",
        }
        wanted = {
            pypi_name(one.name)
            for one in map(Requirement, lines)
            if one.marker is None or one.marker.evaluate(around)
        }
        held = {
            dist
            for item in result.environment.dependencies_on(platform)
            for dist in pypi_names(item.name) or ()
        }
        kept = {
            pypi_name(one.name)
            for one in (Requirement(item.text) for item in result.environment.pip_on(platform))
            if one.marker is None or one.marker.evaluate(around)
        }
        assert wanted <= held | kept
        named = {"numpy", "torch", "tables", "no-such-dist", "typing-extensions", "opencv-python"}
        assert (held | kept) & named <= wanted | ({"opencv-python"} & held)


def test_an_environment_keeps_its_category_selectors_and_order() -> None:
    text = (
        "name: x\ncategory: dev\nchannels: [c, nodefaults]\nplatforms: [linux-64]\n"
        "dependencies:\n  - b  # [linux]\n  - sel(osx): a\n  - pip\n"
        "  - pip:\n      - z; os_name == 'nt'\n      - -e .  # [win]\nvariables: {A: 'yes'}\n"
    )
    first = parse_environment(text).environment
    assert first is not None
    again = done(text, "environment.yml").environment
    assert [str(item) for item in again.dependencies] == [str(item) for item in first.dependencies]
    assert [item.selector for item in again.dependencies] == [item.selector for item in first.dependencies]
    assert [(item.text, item.selector) for item in again.pip] == [
        (item.text, item.selector) for item in first.pip
    ]
    assert (again.category, again.variables[0].value) == ("dev", "yes")
