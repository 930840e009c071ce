"""Names of other ecosystems, of nobody, and in the wrong half."""

from __future__ import annotations

import pytest

from condaenv_tools.channels.names import conda_names, is_conda_forge_name, pypi_names
from condaenv_tools.model.finding import Finding
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.text import NotTextError, decode
from condaenv_tools.rules import names_table
from condaenv_tools.rules.nearest import nearest_names
from condaenv_tools.rules.registry import run_rules
from tests.builders import record
from tests.rules.toy_evidence import LINUX, OSX, ToyEvidence, case_of, fixed, found, told
from tests.shared_data import need_shared

FORGE = "channels: [conda-forge]\n"


def file(*specs: str, channels: str = FORGE, pip: tuple[str, ...] = ()) -> str:
    lines = "".join(f"  - {spec}\n" for spec in specs)
    section = "  - pip\n  - pip:\n" + "".join(f"      - {line}\n" for line in pip) if pip else ""
    return f"{channels}dependencies:\n{lines}{section}"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("torch", "pytorch"),
        ("torch=2.1", "pytorch=2.1"),
        ("Torch >=2,<3", "pytorch >=2,<3"),
        ("scikit_learn", "scikit-learn"),
        ("sklearn", "scikit-learn"),
        ("tables", "pytables"),
        ("conda-forge::torch", "conda-forge::pytorch"),
        ("prometheus-client", "prometheus_client"),
        ("kaleido", "python-kaleido"),
        ("dateutil", "python-dateutil"),
    ],
)
def test_the_same_project_under_its_conda_name_is_a_safe_fix(spec: str, expected: str) -> None:
    text = file(spec)
    (finding,) = found(text, None, "CE210")
    assert finding.fix is not None
    assert finding.fix.safe
    assert fixed(text, finding) == file(expected)
    assert found(fixed(text, finding)) == []


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        ("opencv-python=4.8.0.76", "write opencv"),
        ("cv2", "write opencv"),
        ("pytorch-cuda=12.1", "write pytorch-gpu"),
        ("torch=2.1.0+cu118", "write pytorch"),
        ("pyqt5", "write pyqt"),
        ("onnxruntime-gpu", "write onnxruntime"),
    ],
)
def test_what_is_not_the_very_same_has_a_hint_and_no_fix(spec: str, hint: str) -> None:
    (finding,) = found(file(spec), None, "CE210")
    assert finding.hint == hint
    assert finding.fix is None


def test_a_name_that_stands_there_already_is_no_fix() -> None:
    assert told(file("pytorch", "torch"), None, "CE210") == [
        (
            "4 CE210 warning: conda-forge has no package torch: torch is a PyPI name; conda-forge has it"
            " as pytorch"
            " | remove the line: pytorch stands in line 3"
        )
    ]
    (finding,) = found(file("torch", pip=("torch",)), None, "CE210")
    assert finding.fix is None


def test_quotes_stay_around_what_is_renamed() -> None:
    text = file("'torch>=2'")
    (finding,) = found(text, None, "CE210")
    assert fixed(text, finding) == file("'pytorch>=2'")
    escaped = file('"t\\u006frch"')
    (finding,) = found(escaped, None, "CE210")
    assert finding.fix is None


@pytest.mark.parametrize(
    "text",
    [
        file(
            "numpy", "pytorch", "msgpack-python", "typing-extensions", "typing_extensions", "__glibc", "py*"
        ),
        file("torch", channels="channels: [conda-forge, somebody]\n"),
        file("somebody::torch"),
        file("anaconda", "numpy-base", "conda-token", channels="channels: [defaults]\n"),
        file("anaconda", "numpy-base", channels=""),
        file("https://example.org/linux-64/torch-1-0.conda"),
    ],
)
def test_what_may_be_right_is_passed_over(text: str) -> None:
    assert found(text, None, "CE210", "CE211") == []


def test_an_unknown_name_of_conda_forge_is_a_warning_without_records() -> None:
    assert told(file("nunpy", "surely-not-a-package")) == [
        "3 CE211 warning: conda-forge had no package nunpy when its names were recorded | did you mean numpy?",
        (
            "4 CE211 warning: conda-forge had no package surely-not-a-package when its names were"
            " recorded; a newer "
            "package is not known here | add the channel that has it, or move the line to the pip"
            " section if it is "
            "a PyPI package"
        ),
    ]


def test_a_slip_is_told_with_the_defaults_too() -> None:
    assert told(file("pandsa", channels="channels: [defaults]\n")) == [
        (
            "3 CE211 warning: conda-forge had no package pandsa when its names were recorded, and the"
            " name looks like"
            " a slip | did you mean pandas?"
        )
    ]


def test_a_module_of_python_is_no_package() -> None:
    (finding,) = found(file("json"), None, "CE211")
    assert finding.hint == "remove the line: it is a part of Python"


def test_with_records_a_name_that_no_channel_has_is_an_error() -> None:
    evidence = ToyEvidence({"conda-forge": ["numpy 1"], "extra": ["b 1"]})
    assert told(file("nunpy"), evidence) == [
        "3 CE211 error: conda-forge and extra have no package nunpy on any platform | did you mean numpy?"
    ]


def test_with_records_the_channel_decides_and_not_the_list() -> None:
    evidence = ToyEvidence({"conda-forge": ["torch 1", "brand-new 1"]})
    assert told(file("torch", "brand-new"), evidence) == []


def test_with_records_a_pypi_name_is_an_error_and_the_fix_knows_the_versions() -> None:
    evidence = ToyEvidence({"conda-forge": ["pytorch 2.1"]})
    assert told(file("torch=2.1"), evidence) == [
        (
            "3 CE210 error: conda-forge has no package torch on any platform: torch is a PyPI name;"
            " conda-forge has it"
            " as pytorch | write pytorch"
        )
    ]
    (finding,) = found(file("torch=2.1"), evidence)
    assert found(fixed(file("torch=2.1"), finding), evidence) == []
    (finding,) = found(file("torch=2.5"), evidence)
    assert finding.fix is None


def test_a_name_that_another_platform_has_says_so() -> None:
    evidence = ToyEvidence({"conda-forge": ["lib 1 0 linux-64"]}, [LINUX, OSX])
    assert told(file("lib  # [osx]"), evidence) == [
        (
            "3 CE211 error: conda-forge has no package lib on osx-arm64; it is there for linux-64"
            " | correct the selector, or remove the line"
        )
    ]


def test_a_forgotten_channel_is_one_finding() -> None:
    evidence = ToyEvidence({"extra": ["b 1"]})
    text = file("numpy", "scipy", "pandas", "python", "xarray", "b", channels="channels: [extra]\n")
    assert told(text, evidence) == [
        (
            "3 CE211 error: 5 packages are not in extra: numpy, scipy, pandas and 2 more"
            " | add conda-forge to the channels, which has them"
        )
    ]
    assert told(file("numpy", channels="channels: [extra]\n"), evidence) == [
        (
            "3 CE211 error: extra has no package numpy on any platform"
            " | add conda-forge to the channels, which has it"
        )
    ]


def test_upper_case_is_worth_knowing_and_mended() -> None:
    text = file("PyYAML=6", "conda-forge::NumPy")
    assert [f.message for f in found(text)] == [
        "conda packages have names in lower case: PyYAML is pyyaml",
        "conda packages have names in lower case: NumPy is numpy",
    ]
    for finding in found(text):
        text = fixed(text, finding)
    assert text == file("pyyaml=6", "conda-forge::numpy")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pytables", "tables"),
        ("py-opencv", "opencv-python"),
        ("Dask_Core", "dask"),
        ("msgpack-python", "msgpack"),
    ],
)
def test_a_conda_name_in_the_pip_section(line: str, expected: str) -> None:
    text = file("python", pip=(line, "rich"))
    (finding,) = found(text, None, "CE213")
    assert finding.fix is not None
    assert finding.fix.safe
    assert fixed(text, finding) == file("python", pip=(expected, "rich"))
    assert found(fixed(text, finding), None, "CE213") == []


def test_the_message_says_what_pypi_has() -> None:
    assert told(file("python", pip=("pytables",)), None, "CE213") == [
        (
            "6 CE213 warning: pytables is a name of conda's channels; PyPI has tables"
            " | write tables, or move the line to the conda part"
        )
    ]


def test_a_version_of_another_project_is_not_carried_over_in_silence() -> None:
    (finding,) = found(file("python", pip=("matplotlib-base>=3.8",)), None, "CE213")
    assert finding.fix is not None
    assert not finding.fix.safe


def test_a_conda_name_beside_its_pypi_name_has_no_fix() -> None:
    (finding,) = found(file("python", pip=("tables", "pytables")), None, "CE213")
    assert finding.fix is None
    assert finding.hint == "remove the line: tables stands in line 6"
    (finding,) = found(file("pytables", pip=("pytables",)), None, "CE213")
    assert finding.fix is None


@pytest.mark.parametrize("line", ["cmake", "ninja", "docker", "torch", "segment-anything", "glfw", "./local"])
def test_names_that_pypi_has_as_well_are_no_fault(line: str) -> None:
    assert found(file("python", pip=(line,)), None, "CE213") == []


def test_a_part_and_the_whole() -> None:
    assert told(file("matplotlib", "matplotlib-base")) == [
        (
            "4 CE214 info: matplotlib of line 3 is matplotlib-base and a GUI toolkit, so that this line"
            " adds nothing"
            " | remove this line, or matplotlib where a GUI toolkit is not needed"
        )
    ]
    assert told(file("matplotlib=3.9.2=py312_0", "matplotlib-base=3.9.2=py312_1"), None, "CE214") == []
    assert told(file("dask", "matplotlib-base"), None, "CE214") == []


def test_a_library_with_the_name_of_a_module() -> None:
    assert len(found(file("python", "yaml"), None, "CE215")) == 1
    for text in (file("yaml"), file("python", "yaml", "pyyaml"), file("python", "yaml=0.2.5=h7b_0")):
        assert found(text, None, "CE215") == []


@pytest.mark.parametrize(
    ("channels", "spec", "count"),
    [
        ("[pytorch, conda-forge]", "pytorch=2.1", 1),
        ("[pytorch, conda-forge]", "pytorch=1.12", 0),
        ("[pytorch, conda-forge]", "pytorch", 0),
        ("[conda-forge]", "pytorch=2.1", 0),
        ("[conda-forge]", "pytorch>=2.7", 1),
        ("[somebody]", "pytorch>=2.7", 0),
    ],
)
def test_cudatoolkit_beside_a_pytorch_that_does_not_use_it(channels: str, spec: str, count: int) -> None:
    text = file(spec, "cudatoolkit=11.8", channels=f"channels: {channels}\n")
    assert len(found(text, None, "CE216")) == count


@pytest.mark.parametrize("line", ["nose", "gym", "PyPDF2", "tensorflow-addons"])
def test_what_has_ended_is_worth_knowing_in_both_halves(line: str) -> None:
    for text in (file(line.lower()), file("python", pip=(line,))):
        (finding,) = found(text, None, "CE217")
        assert finding.fix is None
        assert finding.hint
    assert told(file("nose")) == [
        (
            "3 CE217 info: nose has had no release since 2015, and does not run on Python 3.10 and later"
            " | see whether pytest will do"
        )
    ]
    assert found(file("nose=1.3.7=py_1"), None, "CE217") == []


def test_a_package_that_went_on_under_another_name() -> None:
    old, new = record("old", "1", size=50_000), record("old", "2", "python", "new ==2", size=5_000)
    evidence = ToyEvidence({"conda-forge": [old, new, "new 2"]})
    assert told(file("old"), evidence, "CE218") == [
        "3 CE218 info: old 2 is empty and asks for new, which goes on in its place | write new"
    ]
    for records in (
        [new],  # has always been an alias
        [old, record("old", "2", "new", size=5_000)],  # an ordinary dependency
        [old, record("old", "2", "new >=2", size=5_000)],
        [old, record("old", "2", "new ==2", size=500_000)],  # holds something
        [old, record("old", "2", "new ==2", "other", size=5_000)],
        [old, record("old", "2", "libold-devel ==2", size=5_000)],  # has been split
    ):
        assert told(file("old"), ToyEvidence({"conda-forge": [*records, "new 2"]}, [LINUX])) == []


def test_the_table_names_what_exists() -> None:
    """A name of the table that conda-forge comes to have is no trap any more."""
    for name, meant in names_table.IMPORT_NAMES.items():
        assert not is_conda_forge_name(name)
        assert is_conda_forge_name(meant)
    for name, (meant, _) in names_table.MEANT_ON_CONDA_FORGE.items():
        assert not is_conda_forge_name(name)
        assert is_conda_forge_name(meant)
    for name, (meant, _) in {**names_table.HOMONYMS, **names_table.PARTS}.items():
        assert is_conda_forge_name(name)
        assert is_conda_forge_name(meant)
    for meant, _ in names_table.RETIRED.values():
        assert not meant or conda_names(meant)
    for name, (meant, _) in names_table.OTHERWISE_ON_PYPI.items():
        assert pypi_names(name) is not None
        assert meant != name


def test_a_safe_fix_makes_no_new_finding_in_real_files() -> None:
    mended = 0
    for path in sorted([*need_shared("corpus").glob("*.yml"), *need_shared("oracle", "cases").glob("*.yml")]):
        try:
            text = decode(path.read_bytes())
        except NotTextError:
            continue
        if parse_environment(text).environment is None:
            continue
        before = everything(text)
        for finding in before:
            if finding.code[:4] == "CE21" and finding.fix is not None and finding.fix.safe:
                mended += 1
                after = everything(fixed(text, finding))
                assert not {told_of(one) for one in after} - {told_of(one) for one in before}
                assert len(after) < len(before)
    assert mended > 5


def everything(text: str) -> list[Finding]:
    """All that is found in a text, by reading and by rules."""
    return [*parse_environment(text).findings, *run_rules(case_of(text))]


def told_of(finding: Finding) -> tuple[str, int]:
    return finding.code, finding.span.line if finding.span else 0


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("nunpy", ("numpy",)),
        ("pandsa", ("pandas",)),
        ("scikit.learn", ("scikit-learn",)),
        ("zzzzzz", ()),
        ("np", ()),
    ],
)
def test_near_names(name: str, near: tuple[str, ...]) -> None:
    assert nearest_names(name, {"numpy", "pandas", "scikit-learn", "nq"}.__contains__) == near


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        (
            "scipy",
            "conda-forge has had it, perhaps for another platform; or what was read is a part of the channel",
        ),
        ("bioconductor-limma-x", "add the channel bioconda, which has such packages"),
        ("r-not-recorded-anywhere", "add the channel that has it"),
        ("os", "remove the line: it is a part of Python"),
    ],
)
def test_the_hint_knows_what_the_name_tells(spec: str, hint: str) -> None:
    (finding,) = found(file(spec), ToyEvidence({"conda-forge": ["numpy 1"]}), "CE211")
    assert finding.hint == hint


def test_a_package_of_another_system_is_said_to_be_one() -> None:
    linux = ToyEvidence({"conda-forge": ["numpy 1"]}, platforms=[LINUX])
    assert told(file("vs2015_runtime"), linux, "CE211") == [
        (
            "3 CE211 error: conda-forge has no package vs2015_runtime on linux-64: it exists on Windows alone"
            " | remove the line, or let it count there alone (# [win])"
        )
    ]


def test_many_channels_are_counted() -> None:
    (finding,) = found(file("zzz"), ToyEvidence({name: ["a 1"] for name in ("k", "l", "m", "n")}), "CE211")
    assert finding.message == "none of the 4 channels has a package zzz on any platform"


def test_a_program_in_the_pip_section_belongs_to_conda() -> None:
    assert told(file("python", pip=("ffmpeg",)), None, "CE213") == [
        (
            "6 CE213 warning: ffmpeg is a package of conda's channels: the ffmpeg of PyPI is a Python module"
            " without the program | move the line to the conda part"
        )
    ]


@pytest.mark.parametrize(
    ("name", "is_told"), [("r-base", True), ("r-ggplot2", True), ("r-no-such-package", False)]
)
def test_a_package_of_r_in_the_pip_section_belongs_to_conda(name: str, *, is_told: bool) -> None:
    assert bool(found(file("python", pip=(name,)), None, "CE213")) is is_told


def test_a_form_of_conda_forge_is_no_safe_fix() -> None:
    (finding,) = found(file("python", pip=("python-graphviz",)), None, "CE213")
    assert finding.hint == "write graphviz, or move the line to the conda part"
    assert finding.fix is not None
    assert not finding.fix.safe


def test_a_part_with_a_version_of_its_own_is_told_otherwise() -> None:
    (finding,) = found(file("dask", "dask-core>=2024"), None, "CE214")
    assert finding.message.endswith("both have one version")
