"""Findings mended in the text: rounds, what makes a fix fail, and the bytes that stay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from condaenv_tools.jobs.check_text import CheckedFile, CheckOptions, check_text
from condaenv_tools.jobs.fix_files import fix_bytes, fix_file, write_fixed
from condaenv_tools.jobs.fix_text import fix_text
from condaenv_tools.jobs.settings import NO_SETTINGS
from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.finding import Finding, Severity, sort_findings
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.text import SourceText, decode
from tests.shared_data import shared_path

OPTIONS = CheckOptions(settings=NO_SETTINGS)
TEXT = "channels: [toy, nodefaults]\ndependencies:\n  - aaa\n  - bbb\n  - ccc\n"


def replacing(*rules: tuple[str, str, bool]) -> Callable[[str], CheckedFile]:
    """A check that finds words, each with the fix that puts another word in its place."""

    def check(text: str) -> CheckedFile:
        source = SourceText(text, path="e.yml")
        found = [
            Finding(
                code=f"CE9{number:02}",
                severity=Severity.WARNING,
                message=word,
                path="e.yml",
                span=source.span(match.start(), match.end()),
                fix=Fix(
                    title=f"write {other}",
                    edits=(TextEdit(start=match.start(), end=match.end(), text=other),),
                    safe=safe,
                ),
            )
            for number, (word, other, safe) in enumerate(rules)
            for match in re.finditer(word, text)
        ]
        parsed = parse_environment(text)
        return CheckedFile(path="e.yml", environment=parsed.environment, findings=sort_findings(found))

    return check


def test_all_safe_fixes_are_made_at_once() -> None:
    made = fix_text(TEXT, replacing(("aaa", "xxx", True), ("ccc", "zzz", True)))
    assert made.text == TEXT.replace("aaa", "xxx").replace("ccc", "zzz")
    assert [finding.code for finding in made.fixed] == ["CE900", "CE901"]
    assert made.checked.findings == ()


def test_an_unsafe_fix_wants_to_be_asked_for() -> None:
    check = replacing(("aaa", "xxx", False))
    assert fix_text(TEXT, check).text == TEXT
    assert fix_text(TEXT, check, unsafe=True).text == TEXT.replace("aaa", "xxx")


def test_overlapping_fixes_are_made_in_rounds() -> None:
    made = fix_text(TEXT, replacing(("aaa\n  - b", "q\n  - b", True), ("bbb", "ddd", True)))
    assert made.text == TEXT.replace("aaa", "q").replace("bbb", "ddd")
    assert len(made.fixed) == 2


def test_a_fix_that_makes_a_new_finding_is_dropped_and_the_others_are_made() -> None:
    made = fix_text(TEXT, replacing(("aaa", "evil", True), ("bbb", "ddd", True), ("evil", "evil", True)))
    assert made.text == TEXT.replace("bbb", "ddd")
    assert [finding.code for finding in made.checked.findings] == ["CE900"]


def test_a_fix_that_changes_another_line_is_dropped() -> None:
    text = "channels: [toy, nodefaults]\ndependencies:\n  - &x aaa\n  - *x\n  - bbb\n"
    made = fix_text(text, replacing(("aaa", "xxx", True), ("bbb", "ddd", True)))
    assert made.text == text.replace("bbb", "ddd")


def test_a_fix_that_makes_the_file_unreadable_is_dropped() -> None:
    made = fix_text(TEXT, replacing(("aaa", "[", True)))
    assert made.text == TEXT


def test_a_fix_that_does_not_mend_is_dropped() -> None:
    check = replacing(("a+", "aaaa", True))
    assert fix_text(TEXT.replace("channels: [toy, nodefaults]\n", ""), check).fixed == ()


def test_fixes_that_never_end_are_cut_off() -> None:
    made = fix_text(TEXT, replacing(("b+", "c", True), ("c+", "b", True)))
    assert len(made.fixed) <= 30
    assert parse_environment(made.text).environment is not None


def test_what_becomes_readable_may_have_findings() -> None:
    # The misspelled section is mended although the finding in it was not told before.
    def check(text: str) -> CheckedFile:
        parsed = parse_environment(text)
        found = [] if "dependancies" not in text else [_slip(text)]
        if parsed.environment and parsed.environment.dependencies:
            span = parsed.environment.dependencies[0].span
            found.append(Finding(code="CE998", severity=Severity.WARNING, message="m", path="e", span=span))
        return CheckedFile(path="e", environment=parsed.environment, findings=tuple(found))

    made = fix_text("dependancies:\n  - a\n", check)
    assert made.text == "dependencies:\n  - a\n"
    assert [finding.code for finding in made.checked.findings] == ["CE998"]


def _slip(text: str) -> Finding:
    at = text.index("dependancies")
    edit = TextEdit(start=at, end=at + 12, text="dependencies")
    span = SourceText(text, path="e").span(at, at + 12)
    fix = Fix(title="write dependencies", edits=(edit,))
    return Finding(code="CE997", severity=Severity.WARNING, message="m", path="e", span=span, fix=fix)


NOQA = "channels: [toy, nodefaults]\ndependencies:\n  - python=3.12  # noqa: CE501\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_encoding_mark_and_line_ends_stay(encoding: str, end: str) -> None:
    text = NOQA.rstrip("\n").replace("\n", end or "\n") + end
    made = fix_bytes(text.encode(encoding), "e.yml", OPTIONS)
    assert made.after == text.replace("  # noqa: CE501", "").encode(encoding)


def test_a_file_without_fixes_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "e.yml"
    path.write_text(NOQA.replace("  # noqa: CE501", ""), encoding="utf-8")
    before = path.stat()
    made = fix_file(path, OPTIONS)
    write_fixed(made)
    assert made.diff == ""
    assert path.stat() == before


def test_bytes_that_are_no_text_are_left() -> None:
    made = fix_bytes(b"\xff\xfe\xff", "e.yml", OPTIONS)
    assert made.after == made.before
    assert made.checked.findings


def test_a_diff_shows_no_credential() -> None:
    text = f"{NOQA}  - https://me:hunter2@conda.example.org/team/linux-64::a\n"
    diff = fix_bytes(text.encode(), "e.yml", OPTIONS).diff
    assert "-  - python=3.12  # noqa: CE501\n+  - python=3.12\n" in diff
    assert "hunter2" not in diff


def files() -> list[Path]:
    found = [*Path(__file__).parents[1].joinpath("data", "invalid").glob("*.yml")]
    for parts in (("corpus",), ("oracle", "cases")):
        folder = shared_path(*parts)
        found += folder.glob("*.y*ml") if folder else ()
    return sorted(found)


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_a_fix_of_a_real_file_makes_no_new_finding(path: Path) -> None:
    data = path.read_bytes()
    before = check_text(data, OPTIONS, path="e.yml")
    made = fix_bytes(data, "e.yml", OPTIONS, unsafe=True)
    after = check_text(made.after, OPTIONS, path="e.yml")
    assert after == made.checked
    assert bool(made.fixed) == (made.after != data)
    if before.environment is not None and made.fixed:
        gone = Counter(f.code for f in before.findings) - Counter(f.code for f in made.fixed)
        new = Counter(f.code for f in after.findings) - gone
        # Lines may have moved; those that were read are known by what stands in them.
        lines = re.split(r"\r\n|\r|\n", decode(data))
        read = {
            lines[item.span.line - 1] for item in (*before.environment.dependencies, *before.environment.pip)
        }
        known = {finding.code for finding in before.findings}
        assert not [f for f in after.findings if f.code in new and f.code not in known and f.source in read]
