"""Comments that silence findings: every spelling, what is a comment at all, and what is said of useless ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.model.edit import apply_edits
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.text import SourceText
from condaenv_tools.rules.registry import ALL_CODES
from condaenv_tools.rules.silence import Silenced, silence

HEAD = "channels: [toy, nodefaults]\ndependencies:\n"


def line(number: int, code: str = "CE201") -> tuple[int, str]:
    return number, code


def run(text: str, *found: tuple[int, str], unasked: tuple[str, ...] = ()) -> Silenced:
    """Silence findings on whole lines of a text."""
    source = SourceText(text, path="e.yml")
    findings = []
    for number, code in found:
        start, end = source.line_bounds(number)
        findings.append(
            Finding(
                code=code, severity=Severity.ERROR, message="m", path="e.yml", span=source.span(start, end)
            )
        )
    return silence(findings, source, known=ALL_CODES, unasked=unasked)


def codes(silenced: Silenced) -> list[str]:
    return [finding.code for finding in silenced.findings]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "#noqa",
        "#   NoQA",
        "# noqa: CE201",
        "# noqa:CE201",
        "# noqa : ce201",
        "# NOQA: CE113,CE201",
        "# noqa: CE113, CE201",
        "# noqa: CE113 CE201",
        "# noqa CE201",
        "# noqa: CE201 because the builds are ours",
        "# [linux]  # noqa: CE201",
        "# the old one  # noqa: CE201",
    ],
)
def test_a_spelling_silences_its_line(comment: str) -> None:
    text = f"{HEAD}  - numpy  {comment}\n  - scipy\n"
    found = run(text, line(3), line(4), line(3, "CE113"))
    assert "CE201" in codes(found)
    assert [finding.span.line for finding in found.findings if finding.span and finding.code == "CE201"] == [
        4
    ]


@pytest.mark.parametrize(
    "text",
    [
        "  - 'numpy  # noqa'\n",
        '  - "numpy  # noqa: CE201"\n',
        "  - numpy#noqa\n",
        "  - |\n    numpy  # noqa\n",
        "  - numpy  # noqaCE201\n",
        "  - numpy  # nonoqa\n",
        "  - numpy  # noqa: CE113\n",
        "  - numpy  # noqa:\n",
        "  - numpy  # condaenv: noqa\n",
    ],
)
def test_what_is_no_such_comment_silences_nothing(text: str) -> None:
    last = 2 + text.count("\n")
    assert "CE201" in codes(run(HEAD + text, line(last)))


def test_a_comment_silences_the_whole_file_from_a_line_of_its_own() -> None:
    text = f"# condaenv: noqa: CE201\n{HEAD}  - numpy\n  - scipy\n"
    found = run(text, line(4), line(5), line(5, "CE202"))
    assert codes(found) == ["CE202"]
    assert found.silenced == 2


def test_a_finding_on_the_whole_file_is_silenced_by_the_file_alone() -> None:
    whole = Finding(code="CE301", severity=Severity.INFO, message="m", path="e.yml")
    for comment, left in (("# noqa", 1), ("# condaenv: noqa: CE301", 0), ("# condaenv: noqa", 0)):
        source = SourceText(f"{comment}\ndependencies: [a]\n", path="e.yml")
        assert len(silence([whole], source, known=ALL_CODES).findings) == left


def test_an_unknown_code_is_told_where_it_stands() -> None:
    found = run(f"{HEAD}  - numpy  # noqa: CE201, CE999\n", line(3))
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("CE190", Severity.INFO)
    assert finding.span is not None
    assert (finding.span.line, finding.span.length) == (3, 5)
    assert "CE999" in finding.message


def test_a_colon_without_a_code_is_told() -> None:
    assert codes(run(f"{HEAD}  - numpy  # noqa:\n")) == ["CE190"]


UNUSED = {
    "the whole comment": ("  - a  # noqa: CE201\n", "  - a\n"),
    "its own line": ("  - a\n  # noqa: CE201\n", "  - a\n\n"),
    "behind a selector": ("  - a  # [linux]  # noqa: CE201\n", "  - a  # [linux]\n"),
    "the first of two": ("  - a  # noqa: CE202, CE201\n", "  - a  # noqa: CE201\n"),
    "the second of two": ("  - a  # noqa: CE201, CE202\n", "  - a  # noqa: CE201\n"),
    "both": ("  - a  # noqa: CE202, CE203\n", "  - a\n"),
    "before words": ("  - a  # noqa: CE202 ours\n", "  - a  # ours\n"),
}


@pytest.mark.parametrize("case", UNUSED)
def test_what_silences_nothing_is_told_and_taken_out(case: str) -> None:
    before, after = UNUSED[case]
    used = [line(3)] if "CE201" in after else []
    found = run(HEAD + before, *used)
    assert set(codes(found)) == {"CE191"}
    fix = found.findings[0].fix
    assert fix is not None
    assert fix.safe
    assert apply_edits(HEAD + before, fix.edits) == HEAD + after


def test_a_code_that_needs_records_is_not_unused_where_none_were_asked() -> None:
    text = f"{HEAD}  - numpy  # noqa: CE201\n"
    assert codes(run(text)) == ["CE191"]
    assert codes(run(text, unasked=("CE201",))) == []


def test_a_bare_comment_is_never_unused() -> None:
    assert codes(run(f"{HEAD}  - numpy  # noqa\n")) == []


def test_remarks_on_comments_are_silenced_by_the_file() -> None:
    assert codes(run(f"# condaenv: noqa: CE191\n{HEAD}  - numpy  # noqa: CE201\n")) == []


@pytest.mark.parametrize(
    "comment", ["# [linux]  # noqa: CE113", "# noqa: CE113  # [linux]", "#[linux] #noqa", "# [linux] noqa"]
)
def test_a_comment_beside_a_selector_leaves_the_selector(comment: str) -> None:
    parsed = parse_environment(f"{HEAD}  - numpy  {comment}\n")
    assert parsed.environment is not None
    (item,) = parsed.environment.dependencies
    told = {finding.code for finding in parsed.findings}
    if comment.startswith(("# [", "#[")):
        assert item.selector is not None
        assert item.selector.text == "linux"
    assert "CE111" not in told


@given(st.text(alphabet="# noqaNOQA:CE0123,\n'\"-|[]\t", max_size=60))
def test_any_text_is_bounded_and_a_remark_lies_within_it(text: str) -> None:
    found = silence([], SourceText(text, path="e.yml"), known=ALL_CODES)
    for finding in found.findings:
        assert finding.span is not None
        assert "noqa" in text.lower()
        assert 0 <= finding.span.start < finding.span.end <= len(text)
        if finding.fix:
            assert len(apply_edits(text, finding.fix.edits)) < len(text)
