"""Rules on the pip section: what each says, and of what it says nothing."""

from __future__ import annotations

import pytest

from condaenv_tools.model.edit import apply_edits
from condaenv_tools.model.finding import Severity
from tests.rules.found import findings_of, pip_file, told

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HASH = "--hash=sha256:" + "ab" * 32


@pytest.mark.parametrize(
    ("conda", "line", "says"),
    [
        ("numpy=1.26", "NumPy==2.0.0", "pip puts 2.0.0 over conda's files"),
        ("pytorch", "torch", "as pytorch (line 3), and conda runs pip with -U"),
        ("py-opencv", "opencv-python>=4", "as py-opencv"),
        ("opencv", "opencv-python-headless", "as opencv"),
        ("dask", "dask[array]", "where the versions differ"),
        ("numpy==2.0.0", "numpy==2.0.0", "in the same version"),
        ("numpy", "numpy @ git+https://git.example.org/numpy.git@" + COMMIT, "pip puts this one over"),
        ("pip=24", "pip==25.0", "pip puts 25.0"),
    ],
)
def test_a_distribution_in_both_halves_is_told_with_the_line_to_remove(
    conda: str, line: str, says: str
) -> None:
    (finding,) = findings_of(pip_file(line, "rich", conda=(conda,)), "CE430")
    assert says in finding.message
    assert "line" in finding.hint


@pytest.mark.parametrize(
    ("conda", "line"),
    [
        ("numpy", "numpydoc"),
        ("no-such-thing", "no-such-thing"),
        ("py-opencv", "rich"),
        ("pyqt", "pyqt5-sip"),
        ("tensorflow-datasets", "tensorflow"),
    ],
)
def test_identity_of_names_is_never_assumed(conda: str, line: str) -> None:
    assert not findings_of(pip_file(line, conda=(conda,)), "CE430")


def test_halves_that_never_meet_are_no_finding() -> None:
    text = "dependencies:\n  - numpy  # [win]\n  - pip\n  - pip:\n      - numpy  # [linux]\n      - rich\n"
    assert not findings_of(text, "CE430")


def test_the_fix_takes_out_the_line_and_nothing_else() -> None:
    text = "dependencies:\r\n  - numpy\r\n  - pip\r\n  - pip:\r\n    - rich  # keep\r\n"
    text += "    - numpy==2.0 # why\r\n    - tqdm\r\n"
    (finding,) = findings_of(text, "CE430")
    assert finding.fix
    assert not finding.fix.safe
    assert apply_edits(text, finding.fix.edits) == text.replace("    - numpy==2.0 # why\r\n", "")


def test_the_last_line_of_a_section_is_not_taken_out() -> None:
    (finding,) = findings_of(pip_file("numpy", conda=("numpy",)), "CE430")
    assert finding.fix is None


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("rich>=13", "rich<15"), "write one line that says both: rich>=13,<15"),
        (("dask[array]", "dask[dataframe]"), "write one line that says both: dask[array,dataframe]"),
        (("rich", "Rich"), "remove one of the lines"),
    ],
)
def test_the_same_name_twice(lines: tuple[str, ...], says: str) -> None:
    (finding,) = findings_of(pip_file(*lines), "CE431")
    assert finding.hint == says


@pytest.mark.parametrize(
    "lines",
    [
        ("rich>=13; sys_platform == 'win32'", "rich<13; sys_platform != 'win32'"),
        ("zope.interface", "zope.event"),
        ("-e git+https://git.example.org/a.git@main#egg=a", "b"),
    ],
)
def test_names_that_are_not_asked_for_twice(lines: tuple[str, ...]) -> None:
    assert not findings_of(pip_file(*lines), "CE431", "CE432")


def test_the_second_of_two_equal_lines_is_safe_to_remove() -> None:
    (finding,) = findings_of(pip_file("rich>=13", "tqdm", "rich >= 13"), "CE431")
    assert finding.fix
    assert finding.fix.safe


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (("rich>3,<2",), 6),
        (("rich==1", "tqdm", "rich==2"), 8),
        (("rich~=1.2", "rich>=2"), 7),
        (("rich>1,<1.0.post1",), 6),
    ],
)
def test_clauses_that_exclude_each_other(lines: tuple[str, ...], line: int) -> None:
    (finding,) = findings_of(pip_file(*lines), "CE432")
    assert finding.severity is Severity.ERROR
    assert finding.span
    assert finding.span.line == line
    assert not findings_of(pip_file(*lines), "CE431")


@pytest.mark.parametrize("line", ["rich==1,==1.0", "rich>1,<1.0.1", "rich>1.0a1,<1.0a2", "rich>=2,!=2"])
def test_clauses_that_leave_something(line: str) -> None:
    assert not findings_of(pip_file(line), "CE432")


def test_options_count_for_every_line() -> None:
    text = pip_file("rich", "--pre", "--no-binary :all:", "--no-binary numpy", "--find-links ./wheels")
    assert [f.span.line for f in findings_of(text, "CE433") if f.span] == [7, 8, 10]


def test_of_two_indexes_the_last_is_asked() -> None:
    text = pip_file("rich", "-i https://a.example.org/simple", "--index-url https://b.example.org/simple")
    first, last = told(text, "CE433")
    assert "is written again in line 8, and pip asks that index" in first
    assert "every package comes from this index" in last


def test_one_hash_asks_for_hashes_and_exact_versions_everywhere() -> None:
    text = pip_file(f"rich==13.0 {HASH}", f"tqdm>=4 {HASH}", "attrs", "idna==3")
    assert told(text, "CE434") == [
        "error: with a hash pip wants one exact version of tqdm",
        "error: the hash in line 6 makes pip demand one of every line, and 2 lines have none",
    ]
    assert not findings_of(
        pip_file("rich==13", f"https://example.org/a-1-py3-none-any.whl#{HASH[7:].replace(':', '=')}"),
        "CE434",
    )


@pytest.mark.parametrize(
    ("line", "severity", "says"),
    [
        ("git+https://git.example.org/a.git", "warning", "names no commit"),
        ("git+https://git.example.org/a.git@main", "warning", "is a branch"),
        ("a @ git+ssh://git@git.example.org/a.git@topic", "warning", "is no commit"),
        ("git+https://git.example.org/a.git@v1.2.0", "info", "looks like a tag"),
        ("git+https://git.example.org/a.git@release-1.2", "info", "looks like a tag"),
        ("git+https://git.example.org/a.git@0123abc", "info", "shortened commit"),
        ("-e git+https://git.example.org/a.git#egg=a", "warning", "names no commit"),
        ("hg+https://hg.example.org/a@default", "warning", "is no commit"),
    ],
)
def test_repositories_without_a_commit(line: str, severity: str, says: str) -> None:
    (finding,) = findings_of(pip_file(line), "CE435")
    assert finding.severity == severity
    assert says in finding.message


@pytest.mark.parametrize(
    "line",
    [f"git+https://git.example.org/a.git@{COMMIT}", "svn+https://svn.example.org/a@1234", "-e .", "rich"],
)
def test_a_full_commit_is_fine(line: str) -> None:
    assert not findings_of(pip_file(line), "CE435")


def test_a_password_of_a_repository_is_masked() -> None:
    (finding,) = findings_of(pip_file("git+https://me:hunter2@git.example.org/a.git"), "CE435")
    assert "hunter2" not in str(finding)


def test_a_url_wants_a_hash() -> None:
    bare = "https://example.org/a-1.0.tar.gz"
    assert findings_of(pip_file(bare), "CE436")
    assert findings_of(pip_file(f"a @ {bare}"), "CE436")
    assert not findings_of(pip_file(f"{bare}#sha256={'ab' * 32}"), "CE436")
    assert not findings_of(pip_file(f"https://git.example.org/a/archive/{COMMIT}.zip"), "CE436")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("-e ../tool", "outside the project"),
        ("../tool", "outside the project"),
        ("./a/../../tool", "outside the project"),
        ("-e /home/me/tool", "on one machine"),
        ("~/tool", "on one machine"),
        (r"C:\tools\a", "on one machine"),
        ("a @ file:///home/me/a-1.0.tar.gz", "on one machine"),
        ("certifi @ file:///croot/certifi_1690/work/certifi", "the machine that built conda's package"),
    ],
)
def test_paths_that_leave_the_project(line: str, says: str) -> None:
    (message,) = told(pip_file(line), "CE437")
    assert says in message


@pytest.mark.parametrize(
    "line", [".", "-e .", "-e ./a/../b", "--editable=.[dev]", "wheels/a-1-py3-none-any.whl"]
)
def test_paths_inside_the_project(line: str) -> None:
    assert not findings_of(pip_file(line), "CE437")


def test_what_conda_forge_has_is_told_once_a_file() -> None:
    (message,) = told(pip_file("numpy", "rich>=13", "no-such-dist", "opencv-python"), "CE438")
    assert message.startswith("info: 3 lines of 4 in the pip section name packages")
    assert "opencv-python (as py-opencv)" in message


def test_what_conda_installs_already_is_not_said_to_come_from_pip_alone() -> None:
    text = pip_file("opencv-python").replace("  - pip\n", "  - pip\n  - opencv\n", 1)
    assert findings_of(text, "CE430")
    assert not findings_of(text, "CE438")


@pytest.mark.parametrize(
    "text",
    [
        pip_file("no-such-dist", "torch==2.6.0+cu124", "git+https://git.example.org/numpy.git"),
        pip_file("numpy").replace("conda-forge", "bioconda"),
        pip_file("numpy", conda=("numpy",)),
    ],
    ids=["nothing of it", "another channel", "told already"],
)
def test_what_conda_forge_has_not(text: str) -> None:
    assert not findings_of(text, "CE438")


@pytest.mark.parametrize(
    ("python", "marker"),
    [
        ("python=3.12", 'python_version < "3.11"'),
        ("python>=3.9", 'python_version < "3.8" and sys_platform == "linux"'),
        ("python=3.10.4", 'python_full_version > "3.10.9"'),
        ("python", 'sys_platform == "solaris"'),
    ],
)
def test_markers_that_never_hold(python: str, marker: str) -> None:
    assert findings_of(pip_file(f"tomli; {marker}", conda=(python,)), "CE439")


@pytest.mark.parametrize(
    ("python", "marker"),
    [
        ("python=3.10", 'python_version < "3.11"'),
        ("python>=3.9", 'python_version >= "3.13"'),
        ("python", 'python_version < "3"'),
        ("python=3.12", 'platform_python_implementation == "PyPy"'),
        ("python=3.12", 'python_version < "3.11" or sys_platform == "win32"'),
    ],
)
def test_markers_that_may_hold(python: str, marker: str) -> None:
    assert not findings_of(pip_file(f"tomli; {marker}", conda=(python,)), "CE439")


def test_a_marker_is_held_against_the_platforms_of_the_file() -> None:
    line = 'pywin32; sys_platform == "win32"'
    (message,) = told(pip_file(line, head="platforms: [linux-64, osx-arm64]\n"), "CE439")
    assert "the platforms of the file" in message
    assert not findings_of(pip_file(line, head="platforms: [linux-64, win-64]\n"), "CE439")


WHEEL = "https://example.org/a-1.0-{}.whl#sha256=" + "ab" * 32


@pytest.mark.parametrize(
    ("tags", "python", "head", "severity"),
    [
        ("cp39-cp39-manylinux_2_28_x86_64", "python=3.12", "", "error"),
        ("cp312-cp312-manylinux_2_28_x86_64", "python=3.12", "", "info"),
        ("cp312-cp312-win_amd64", "python=3.12", "platforms: [linux-64, win-64]\n", "warning"),
        ("py2-none-any", "python=3.12", "", "error"),
        ("cp38-abi3-macosx_11_0_arm64", "python=3.12", "", "info"),
    ],
)
def test_wheels_of_one_kind_of_machine(tags: str, python: str, head: str, severity: str) -> None:
    (finding,) = findings_of(pip_file(WHEEL.format(tags), conda=(python,), head=head), "CE440")
    assert finding.severity == severity


@pytest.mark.parametrize(
    ("tags", "head"),
    [
        ("py3-none-any", ""),
        ("py2.py3-none-any", ""),
        ("cp312-cp312-win_amd64", "platforms: [win-64]\n"),
    ],
)
def test_wheels_that_fit(tags: str, head: str) -> None:
    assert not findings_of(pip_file(WHEEL.format(tags), conda=("python=3.12",), head=head), "CE440")


@pytest.mark.parametrize(
    "place", ["--extra-index-url https://i.example.org", "-f https://i.example.org", "-r requirements.txt"]
)
def test_a_local_version_wants_an_index(place: str) -> None:
    assert findings_of(pip_file("torch==2.6.0+cu124"), "CE441")
    assert not findings_of(pip_file(place, "torch==2.6.0+cu124"), "CE441")


def test_the_standard_library_is_not_installed() -> None:
    assert told(pip_file("argparse", "rich"), "CE442")
    assert "enum is a module of Python" in told(pip_file("enum34"), "CE442")[0]
    assert not findings_of(pip_file("dataclasses", conda=("python=3.6",)), "CE442")
    assert not findings_of(pip_file('dataclasses; python_version < "3.7"', "configparser"), "CE442")


def test_names_that_are_not_the_packages() -> None:
    text = pip_file("sklearn", "PIL", "cv2==4.1", "tensorflow-gpu==2.4", "scikit-image")
    found = findings_of(text, "CE443")
    assert [f.hint for f in found] == ["write scikit-learn", "write pillow", "write opencv-python"]
    assert [f.fix.title if f.fix else None for f in found] == ["write scikit-learn", "write pillow", None]
    assert found[0].fix
    assert "- 'scikit-learn'" in apply_edits(text, found[0].fix.edits)


def test_lines_that_pip_cannot_read_are_left_to_the_reader() -> None:
    text = pip_file("numpy=1.2", "-e", "rich>>1", "--no-such", conda=("numpy",))
    assert not [finding for finding in findings_of(text) if finding.code.startswith("CE4")]
