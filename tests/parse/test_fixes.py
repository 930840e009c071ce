"""Fixes of what reading finds: each removes its finding and breaks nothing, and a few rounds mend a file."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.model.edit import apply_edits
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.parse.environment_yml import ParsedFile, parse_environment
from tests.shared_data import shared_path

#: What a file lacks is told only when all of it can be read.
ABSENCES = {"CE118", "CE301", "CE303", "CE403", "CE405"}
MAX_ROUNDS = 12


def decoded(path: Path) -> str:
    data = path.read_bytes()
    mark = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    return data.decode("utf-16" if mark else "utf-8-sig", errors="replace").lstrip("\ufeff")


def texts() -> list[Path]:
    folders = [
        Path(__file__).parents[1] / "data" / "invalid",
        shared_path("corpus"),
        shared_path("oracle", "cases"),
    ]
    return [path for folder in folders if folder for path in sorted(folder.glob("*.y*ml"))]


def safe(parsed: ParsedFile) -> list[Finding]:
    return [finding for finding in parsed.findings if finding.fix and finding.fix.safe]


def spoken(environment: Environment | None) -> Counter[str]:
    """Every item of a file, by what it says; not where."""
    if environment is None:
        return Counter()
    parts = [f"conda {item.spec}" for item in environment.dependencies]
    parts += [f"pip {item.text}" for item in environment.pip]
    parts += [f"channel {item.text}" for item in environment.channels]
    parts += [f"variable {item.name}={item.value}" for item in environment.variables]
    return Counter(parts)


def lines_of(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text)


def check_one(text: str, parsed: ParsedFile, finding: Finding) -> None:
    assert finding.fix
    mended_text = apply_edits(text, finding.fix.edits)
    changed = parse_environment(mended_text)
    before, after = (Counter(f.code for f in one.findings) for one in (parsed, changed))
    if parsed.environment is None:
        # A fault of syntax hides others, in its line and behind it; it must go, or the next one shows.
        told = [(f.code, f.message, f.span.start if f.span else -1) for f in changed.findings]
        assert (finding.code, finding.message, finding.span and finding.span.start) not in told
        return
    assert changed.environment is not None
    assert after[finding.code] < before[finding.code]
    # What a fault swallowed may have findings of its own, once it is read.
    read = {item.span.line for item in (*parsed.environment.dependencies, *parsed.environment.pip)}
    swallowed = {line.strip() for number, line in enumerate(lines_of(text), start=1) if number not in read}
    new = [f for f in changed.findings if f.code in after - before]
    assert all(f.span and lines_of(mended_text)[f.span.line - 1].strip() in swallowed for f in new)
    place = finding.span
    assert place is not None
    touched = [(edit.start, edit.end) for edit in finding.fix.edits]
    kept = [
        item
        for item in (*parsed.environment.dependencies, *parsed.environment.pip, *parsed.environment.channels)
        if not any(start <= item.span.end and item.span.start <= end for start, end in touched)
    ]
    said = spoken(changed.environment)
    for item in kept:
        name = {"Dependency": "conda", "PipItem": "pip", "ChannelItem": "channel"}[type(item).__name__]
        assert said[f"{name} {getattr(item, 'spec', item.text)}"]


@pytest.mark.parametrize("path", texts(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_safe_fix_removes_its_finding_and_breaks_nothing(path: Path) -> None:
    text = decoded(path)
    parsed = parse_environment(text)
    for finding in safe(parsed):
        check_one(text, parsed, finding)


def mended(text: str) -> str:
    for _ in range(MAX_ROUNDS):
        todo = safe(parse_environment(text))
        if not todo:
            return text
        assert todo[0].fix
        edits = list(todo[0].fix.edits)
        for finding in todo[1:]:
            assert finding.fix
            if all(new.start > old.end or new.end < old.start for new in finding.fix.edits for old in edits):
                edits += finding.fix.edits
        text = apply_edits(text, edits)
    raise AssertionError("there is no end of it")


@pytest.mark.parametrize("path", texts(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_few_rounds_mend_what_can_be_mended(path: Path) -> None:
    text = decoded(path)
    after = parse_environment(mended(text))
    before = parse_environment(text)
    assert after.environment is not None or before.environment is None
    errors = [sum(f.severity is Severity.ERROR for f in one.findings) for one in (before, after)]
    assert before.environment is None or errors[1] <= errors[0]


GOOD = """channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.12
  - numpy
  - pip
  - pip:
    - rich
"""

SLIPS = {
    "missing space": ("  - numpy\n", "  -numpy\n"),
    "two missing spaces": ("  - python=3.12\n  - numpy\n", "  -python=3.12\n  -numpy\n"),
    "en dash": ("  - numpy\n", "  \u2013 numpy\n"),
    "en dash without a space": ("  - numpy\n", "  \u2013numpy\n"),
    "bullets": ("  - conda-forge\n  - nodefaults\n", "  \u2022 conda-forge\n  \u2022 nodefaults\n"),
    "a space that does not break": ("  - python=3.12\n", "  -\u00a0python=3.12\n"),
    "zero width": ("  - numpy\n", "  - numpy\u200b\n"),
    "tab before the items": ("  - ", "\t- "),
    "tab behind the dash": ("- numpy", "-\tnumpy"),
    "tab at the end": ("- numpy\n", "- numpy\t\n"),
    "tab before a comment": ("- numpy\n", "- numpy\t# x\n"),
    "old line ends": ("\n", "\r"),
    "missing colon": ("dependencies:", "dependencies"),
    "first missing colon": ("channels:", "channels"),
    "full-width colon": ("dependencies:", "dependencies\uff1a"),
    "glued comment": ("dependencies:", "dependencies:#x"),
    "item behind its key": ("channels:\n  - conda-forge", "channels: - conda-forge"),
    "deeper item": ("  - numpy\n", "    - numpy\n"),
    "shallower item": ("  - numpy\n", " - numpy\n"),
    "first item without a dash": ("  - python=3.12\n", "  python=3.12\n"),
    "empty item": ("  - numpy\n", "  - numpy\n  -\n"),
    "colon": ("  - numpy\n", "  - numpy: 1.26\n"),
    "typographic quotes": ("  - numpy\n", "  - \u201cnumpy\u201d\n"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_mended(slip: str) -> None:
    """What a slip made of a good file reads as the good file again, but for what the slip itself said."""
    right, wrong = SLIPS[slip]
    assert right in GOOD
    text = GOOD.replace(right, wrong)
    assert text != GOOD
    broken = parse_environment(text)
    assert any(f.severity in {Severity.ERROR, Severity.WARNING} for f in broken.findings)
    after = parse_environment(mended(text))
    wanted = spoken(parse_environment(GOOD).environment)
    if slip == "colon":
        wanted = spoken(parse_environment(GOOD.replace("- numpy", "- numpy=1.26")).environment)
    assert spoken(after.environment) == wanted
    assert not [f for f in after.findings if f.severity is not Severity.INFO]


def test_a_fence_is_taken_out() -> None:
    assert mended(f"```yaml\n{GOOD}```\n") == GOOD


def test_windows_line_ends_stay() -> None:
    text = GOOD.replace("\n", "\r\n").replace("- numpy", "-numpy")
    assert mended(text) == GOOD.replace("\n", "\r\n")


def test_a_tab_whose_width_changes_the_meaning_is_not_guessed() -> None:
    text = "dependencies:\n  - pip:\n\t- rich\n"
    assert not safe(parse_environment(text))


def test_an_option_of_pip_is_no_missing_space() -> None:
    for line in ("-e .", "-rrequirements.txt", "-e./tool"):
        text = f"dependencies:\n  - pip\n  - pip:\n    {line}\n"
        assert mended(text) == text
    text = "dependencies:\n  - pip\n  - pip:\n    - rich\n  -requests=2.31.0\n"
    assert mended(text) == text.replace("-requests", "- requests")


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(sorted(SLIPS)), min_size=1, max_size=3, unique=True),
    st.sampled_from(["\n", "\r\n"]),
)
def test_several_slips_at_once_never_go_wrong(names: list[str], ends: str) -> None:
    text = GOOD
    for name in names:
        text = text.replace(*SLIPS[name])
    text = text.replace("\r", "\n").replace("\n", ends)
    parsed = parse_environment(text)
    for finding in safe(parsed):
        check_one(text, parsed, finding)
    # Nothing is made up: what is read afterwards is of the good file, or was read before.
    good = spoken(parse_environment(GOOD).environment) + Counter(["conda numpy=1.26"])
    assert set(spoken(parse_environment(mended(text)).environment)) <= set(good) | set(
        spoken(parsed.environment)
    )


def test_a_key_with_a_character_that_nobody_sees_is_mended() -> None:
    assert mended(GOOD.replace("dependencies", "\ufeffdependencies")) == GOOD


def test_a_misspelled_key_is_left_to_a_person() -> None:
    text = GOOD.replace("dependencies", "dependancies")
    (finding,) = [f for f in parse_environment(text).findings if f.code == "CE107"]
    assert finding.fix
    assert not finding.fix.safe
    assert apply_edits(text, finding.fix.edits) == GOOD


def fixed(text: str, code: str, *, is_safe: bool = True) -> str:
    (finding,) = [f for f in parse_environment(text).findings if f.code == code]
    assert finding.fix
    assert finding.fix.safe is is_safe
    return apply_edits(text, finding.fix.edits)


PIP = "dependencies:\n  - python\n  - pip\n  - pip:\n    - {}\n"


@pytest.mark.parametrize(
    ("line", "meant", "code"),
    [
        ("requests=2.0", "requests==2.0", "CE402"),
        ("'requests=2.0'  # why", "'requests==2.0'  # why", "CE402"),
        ("pandas=>1", "pandas>=1", "CE402"),
        ("numpy=1.26=py312_0", "numpy==1.26", "CE402"),
        ("numpy==1.26=py312_0", "numpy==1.26", "CE401"),
        ("numpy 1.26", "numpy==1.26", "CE401"),
        ("numpy>=1.0*", "numpy>=1.0", "CE401"),
        ("pip install numpy", "numpy", "CE401"),
        ("numpy: 1.26", "numpy==1.26", "CE109"),
        ("numpy: >=1.26", "numpy: >=1.26", ""),
    ],
)
def test_a_pip_line_is_written_as_pip_reads_it(line: str, meant: str, code: str) -> None:
    if code:
        assert fixed(PIP.format(line), code) == PIP.format(meant)
    else:
        assert mended(PIP.format(line)) == PIP.format(line)


@pytest.mark.parametrize(
    "line", ["numpy==", "a b c", "conda-forge::numpy", "numpy>>1", "https://example.org/a b"]
)
def test_a_line_that_nobody_understands_is_left_alone(line: str) -> None:
    assert mended(PIP.format(line)) == PIP.format(line)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("dependencies:\n- a\n- pip:\n  - b\n", "dependencies:\n- a\n- pip\n- pip:\n  - b\n"),
        ("dependencies: [a, {pip: [b]}]\n", "dependencies: [a, pip, {pip: [b]}]\n"),
        ("dependencies:\r\n  - pip: [b]\r\n", "dependencies:\r\n  - pip\r\n  - pip: [b]\r\n"),
        ('dependencies:\n  # c\n  - "pip":\n    - b', 'dependencies:\n  # c\n  - pip\n  - "pip":\n    - b'),
    ],
    ids=["block", "flow", "windows", "quoted"],
)
def test_pip_is_added_in_the_style_of_the_list(text: str, meant: str) -> None:
    assert fixed(text, "CE403") == meant


def test_a_pip_section_that_is_a_text() -> None:
    text = "dependencies:\n  - pip\n  - pip: rich>=13\n"
    assert fixed(text, "CE404") == "dependencies:\n  - pip\n  - pip: [rich>=13]\n"
    assert mended("dependencies:\n  - pip\n  - pip:\n    -rich\n    -tqdm\n").endswith(
        "    - rich\n    - tqdm\n"
    )
    assert mended("dependencies:\n  - pip\n  - pip: rich tqdm\n").endswith("- pip: rich tqdm\n")


def test_an_empty_pip_section() -> None:
    assert fixed("dependencies:\n  - pip\n  - pip: []\n", "CE405") == "dependencies:\n  - pip\n"
    text = "dependencies:\n  - pip\n  - pip:\n  - rich\n  # c\n  - tqdm\n"
    meant = "dependencies:\n  - pip\n  - pip:\n      - rich\n  # c\n      - tqdm\n"
    assert fixed(text, "CE405", is_safe=False) == meant


def test_a_pip_section_at_the_top_moves_with_its_comments() -> None:
    text = "name: x\npip:\n  - rich\n  # c\n  - tqdm\ndependencies:\n  - python\n  - pip\n"
    meant = "name: x\ndependencies:\n  - python\n  - pip\n  - pip:\n      - rich\n      # c\n      - tqdm\n"
    assert fixed(text, "CE406", is_safe=False) == meant


def test_a_section_that_is_put_right_has_pip_before_it() -> None:
    text = "dependencies:\n  - python\n  - pip:\n  - rich\n"
    meant = "dependencies:\n  - python\n  - pip\n  - pip:\n      - rich\n"
    assert fixed(text, "CE405", is_safe=False) == meant
    text = "dependencies:\n  - python\npip: # mine\n  - rich\n"
    assert [f.fix for f in parse_environment(text).findings if f.code == "CE406"] == [None]
    assert fixed(text.replace(" # mine", ""), "CE406", is_safe=False) == meant
