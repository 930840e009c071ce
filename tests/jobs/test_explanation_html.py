"""An explanation in a notebook: the lines of the file, marked and escaped."""

from __future__ import annotations

from pathlib import Path

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.conflicts.explain import Conflict
from condaenv_tools.jobs.explain_files import Explanation, explain_files
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.model.platform import Platform
from tests.builders import record, write_channel

RECORDS = (
    record("numpy", "1.26.4"),
    record("numpy", "2.0.2"),
    record("pandas", "1.5.3", "numpy <2.0a0"),
    record("pandas", "2.2.3", "numpy"),
)


def explained(folder: Path, text: str) -> Explanation:
    write_channel(folder / "snap" / "toy", RECORDS)
    file = folder / "environment.yml"
    file.write_text(f"channels: [toy, nodefaults]\n{text}", encoding="utf-8")
    options = LockOptions(
        platforms=(Platform.LINUX_64,),
        sources=SourceOptions(snapshot=folder / "snap", offline=True, cache_dir=folder / "cache"),
    )
    return explain_files(file, options=options)


def test_the_lines_to_blame_are_marked_among_their_neighbours(tmp_path: Path) -> None:
    html = explained(
        tmp_path, "dependencies:\n  - numpy=2.0  # <script>x</script>\n  - pandas=1.5\n"
    )._repr_html_()
    assert "<p>environment.yml cannot be solved on linux-64</p>" in html
    assert "<caption>linux-64: 2 lines exclude each other</caption>" in html
    assert "<td>2</td><td><code>dependencies:</code></td>" in html
    assert (
        "<td>3</td><td><code>  - <mark>numpy=2.0</mark>  # &lt;script&gt;x&lt;/script&gt;</code></td>" in html
    )
    assert (
        "<code>  - <mark>pandas=1.5</mark></code></td><td>every pandas 1.5 (1.5.3) needs numpy &lt;2.0a0"
        in html
    )
    assert "<script" not in html
    assert "<td>pandas=1.5</td><td>pandas=2.2</td>" in html


def test_a_long_way_between_two_lines_is_left_out(tmp_path: Path) -> None:
    between = "".join(f"  # note {number}\n" for number in range(20))
    html = explained(tmp_path, f"dependencies:\n  - numpy=2.0\n{between}  - pandas=1.5\n")._repr_html_()
    assert "note 1<" in html
    assert "note 10<" not in html
    assert "<code>…</code>" in html


def test_one_conflict_shows_its_lines_without_the_file(tmp_path: Path) -> None:
    found = explained(tmp_path, "dependencies:\n  - numpy=2.0\n  - pandas=1.5\n")
    (conflict,) = found.platforms[0].conflicts
    assert isinstance(conflict, Conflict)
    html = conflict._repr_html_()
    assert html.count("<mark>") == 2
    assert "<code>- <mark>numpy=2.0</mark></code>" in html


def test_no_credential_of_a_line_is_shown(tmp_path: Path) -> None:
    """The comment beside a line is shown with it, and may say anything."""
    line = "  - numpy=2.0  # from https://me:hunter2@conda.example.org/team\n"
    html = explained(tmp_path, f"dependencies:\n{line}  - pandas=1.5\n")._repr_html_()
    assert "numpy=2.0" in html
    assert "hunter2" not in html


def test_what_can_be_solved_is_one_sentence(tmp_path: Path) -> None:
    found = explained(tmp_path, "dependencies:\n  - pandas\n")
    assert found._repr_html_() == "<p>environment.yml can be solved on linux-64</p>"
