"""`condaenv fix`: the smallest proven edit, shown as a diff or written, and nothing else of the file touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.cli.app import run
from condaenv_tools.errors import OutputError, UnsatisfiableError
from condaenv_tools.jobs.correct_file import correct_file, write_corrected
from condaenv_tools.jobs.plan import LockOptions
from tests.cli.test_explain import HEAD, PAIR, SNAP, WORLD
from tests.cli.world import GOOD, Folder


@pytest.fixture
def there(here: Folder) -> Folder:
    here.channel(WORLD)
    return here


DIFF = """\
--- environment.yml
+++ environment.yml
@@ -3,4 +3,4 @@
 dependencies:
   - numpy=2.0
   # as in the paper
-  - pandas=1.5  # old
+  - pandas=2.2  # old
"""


def test_it_shows_a_diff_and_leaves_the_file_alone(there: Folder) -> None:
    there.write(PAIR)
    ran = there.run("fix", "environment.yml", *SNAP)
    assert (ran.code, ran.out) == (0, DIFF)
    assert "condaenv fix environment.yml --write makes it" in ran.err
    assert there.read("environment.yml") == PAIR


def test_what_is_written_keeps_the_comments_and_can_be_locked(there: Folder) -> None:
    there.write(PAIR)
    assert there.lock().code == 1
    ran = there.run("fix", "environment.yml", "--write", *SNAP)
    assert ran.code == 0
    assert there.read("environment.yml") == PAIR.replace("pandas=1.5", "pandas=2.2")
    assert there.lock().code == 0
    again = there.run("fix", "environment.yml", "--write", *SNAP)
    assert (again.code, again.out) == (0, "")
    assert "nothing to do" in again.err


def test_another_correction_can_be_chosen(there: Folder) -> None:
    there.write(PAIR)
    assert there.run("fix", "environment.yml", "--number", "2", "--write", *SNAP).code == 0
    assert there.read("environment.yml") == PAIR.replace("numpy=2.0", "numpy=1.26")
    assert there.lock().code == 0


def test_there_is_no_third_one(there: Folder) -> None:
    there.write(PAIR)
    ran = there.run("fix", "environment.yml", "--number", "3", "--write", *SNAP)
    assert ran.code == 1
    assert "there are 2 corrections of environment.yml, and no number 3" in ran.err
    assert there.read("environment.yml") == PAIR


def test_a_line_that_must_go_takes_its_line_only(there: Folder) -> None:
    text = f"{PAIR}  # drivers\n  - gpu\n  - numpy\n"
    there.write(text)
    assert there.run("fix", "environment.yml", "--write", *SNAP).code == 0
    assert there.read("environment.yml") == text.replace("numpy=2.0", "numpy=1.26").replace("  - gpu\n", "")
    assert there.lock().code == 0


def test_of_two_lines_of_one_package_the_one_to_blame_is_changed(there: Folder) -> None:
    text = f"{HEAD}  - numpy\n  - numpy=2.0\n  - pandas=1.5\n"
    there.write(text)
    assert there.run("fix", "environment.yml", "--number", "2", "--write", *SNAP).code == 0
    assert there.read("environment.yml") == text.replace("numpy=2.0", "numpy=1.26")


def test_the_document_says_what_was_done(there: Folder) -> None:
    there.write(PAIR)
    shown = there.run("fix", "environment.yml", "--json", *SNAP).document
    assert shown == {
        "path": "environment.yml",
        "changes": [{"from": "pandas=1.5", "to": "pandas=2.2"}],
        "verified": True,
        "written": False,
    }
    assert there.run("fix", "environment.yml", "--json", "--write", *SNAP).document["written"] is True


def test_what_can_be_solved_is_left_as_it_is(here: Folder) -> None:
    here.write(GOOD)
    ran = here.run("fix", "environment.yml", "--write", "--json", *SNAP)
    assert ran.code == 0
    assert (ran.document["changes"], ran.document["written"]) == ([], False)
    assert here.read("environment.yml") == GOOD


def test_without_time_nothing_is_written(there: Folder) -> None:
    there.write(PAIR)
    options = LockOptions(sources=SourceOptions(snapshot=Path("snap"), offline=True))
    with pytest.raises(UnsatisfiableError, match="no edit of environment"):
        correct_file("environment.yml", options=options, seconds=-1.0)
    assert there.read("environment.yml") == PAIR


def test_a_file_that_changed_meanwhile_is_not_overwritten(there: Folder) -> None:
    there.write(PAIR)
    options = LockOptions(sources=SourceOptions(snapshot=Path("snap"), offline=True))
    made = correct_file("environment.yml", options=options)
    there.write(f"{PAIR}# saved by an editor\n")
    with pytest.raises(OutputError, match="has changed while"):
        write_corrected(made)
    assert there.read("environment.yml") == f"{PAIR}# saved by an editor\n"


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fix", "--help"]) == 0
    assert "condaenv fix environment.yml --write" in capsys.readouterr().out
