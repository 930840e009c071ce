"""Many files at once: order, failures, settings, records, included files, processes."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from condaenv_tools.channels.options import SourceOptions
from condaenv_tools.errors import ChannelError, ParseError
from condaenv_tools.jobs.check_files import check_files
from condaenv_tools.jobs.check_text import CheckedFile, CheckOptions, check_text
from condaenv_tools.jobs.settings import NO_SETTINGS, Settings
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.platform import Platform
from tests.builders import record, write_channel

GOOD = "name: x\nchannels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - python=3.12\n"
BAD = f"{GOOD}  - 'b =='\n"
ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def codes(file: CheckedFile) -> list[str]:
    return [finding.code for finding in file.findings]


def test_files_come_back_in_the_order_of_the_request(tmp_path: Path) -> None:
    paths = [write(tmp_path, name, BAD if name == "b.yml" else GOOD) for name in ("c.yml", "b.yml", "a.yml")]
    checked = check_files(paths)
    assert [file.path for file in checked] == paths
    assert [bool(file.errors) for file in checked] == [False, True, False]


def test_one_file_that_is_absent_keeps_no_other_from_being_checked(tmp_path: Path) -> None:
    absent = str(tmp_path / "absent.yml")
    first, second = check_files([absent, write(tmp_path, "b.yml", BAD)])
    assert isinstance(first.error, ParseError)
    assert "absent.yml" in str(first.error)
    assert codes(second) == ["CE201"]


def test_standard_input_stands_where_it_was_named(tmp_path: Path) -> None:
    checked = check_files([write(tmp_path, "a.yml", GOOD), "-"], stdin=BAD.encode())
    assert [Path(file.path).name for file in checked] == ["a.yml", "<stdin>"]
    assert codes(checked[1]) == ["CE201"]


def test_select_and_ignore_take_codes_and_beginnings(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yml", "channels: [toy]\ndependancies: []\ndependencies: [python, 'b ==']\n")
    every = set(codes(check_files([path])[0]))
    assert {"CE107", "CE201"} <= every
    chosen = check_files([path], CheckOptions(select=("CE2",)))[0]
    assert set(codes(chosen)) == {code for code in every if code.startswith("CE2")}
    rest = check_files([path], CheckOptions(ignore=("CE2", "CE107")))[0]
    assert set(codes(rest)) == {code for code in every if not code.startswith(("CE2", "CE107"))}
    assert rest.silenced == len(codes(check_files([path])[0])) - len(rest.findings)


def test_the_settings_of_the_project_count_for_its_files(tmp_path: Path) -> None:
    paths = [write(tmp_path, name, BAD) for name in ("envs/a.yml", "b.yml")]
    write(tmp_path, "pyproject.toml", '[tool.condaenv.per-file-ignores]\n"envs/*" = ["CE2"]\n')
    assert [codes(file) for file in check_files(paths)] == [[], ["CE201"]]
    assert [codes(file) for file in check_files(paths, CheckOptions(settings=NO_SETTINGS))] == [["CE201"]] * 2
    assert codes(check_files(paths, CheckOptions(settings=Settings(ignore=("CE2",))))[1]) == []


def test_settings_are_read_anew_by_each_call(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yml", BAD)
    assert codes(check_files([path])[0]) == ["CE201"]
    write(tmp_path, "pyproject.toml", '[tool.condaenv]\nignore = ["CE201"]\n')
    assert codes(check_files([path])[0]) == []


def test_that_a_file_cannot_be_read_is_never_silenced() -> None:
    text = "# condaenv: noqa\ndependencies: [a  # noqa\n"
    checked = check_text(text, CheckOptions(ignore=("CE",)))
    assert checked.environment is None
    assert checked.errors


def test_a_file_of_more_items_than_anyone_wrote_is_read_and_not_ruled() -> None:
    text = GOOD + "".join(f"  - p{n}\n" for n in range(10_001))
    checked = check_text(text)
    assert checked.environment is not None
    assert ("CE105", Severity.WARNING) in {(f.code, f.severity) for f in checked.findings}


class TestRecords:
    @pytest.fixture
    def options(self, tmp_path: Path) -> CheckOptions:
        write_channel(tmp_path / "snap" / "toy", [record("python", "3.12"), record("numpy", "2.0")])
        sources = SourceOptions(snapshot=tmp_path / "snap", offline=True)
        return CheckOptions(sources=sources, platforms=(Platform.LINUX_64,), settings=NO_SETTINGS)

    def test_a_name_that_no_channel_has_is_found_with_records_alone(self, options: CheckOptions) -> None:
        text = f"{GOOD}  - numpi\n"
        with_records, without = check_text(text, options), check_text(text)
        assert with_records.error is None
        told = set(codes(with_records)) - set(codes(without))
        assert told
        assert any("numpi" in f.message for f in with_records.findings if f.code in told)

    def test_a_channel_that_cannot_be_read_leaves_the_other_findings(self, options: CheckOptions) -> None:
        checked = check_text(BAD.replace("toy", "absent"), options)
        assert isinstance(checked.error, ChannelError)
        assert codes(checked) == ["CE201"]

    def test_a_comment_on_what_records_show_is_unused_only_where_they_were_asked(
        self, options: CheckOptions
    ) -> None:
        from condaenv_tools.rules.registry import RULES

        code = next(rule.code.code for rule in RULES if rule.needs_records)
        text = f"{GOOD}  - numpy  # noqa: {code}\n"
        assert "CE191" not in codes(check_text(text))
        assert "CE191" in codes(check_text(text, options))


class TestIncludes:
    TEXT = f"{GOOD}  - pip\n  - pip:\n    - -r requirements.txt\n"

    def test_an_included_file_stands_behind_the_one_that_names_it(self, tmp_path: Path) -> None:
        write(tmp_path, "requirements.txt", "numpy=1.2\n")
        paths = [write(tmp_path, name, self.TEXT) for name in ("a.yml", "b.yml")]
        checked = check_files(paths)
        assert [Path(file.path).name for file in checked] == ["a.yml", "requirements.txt", "b.yml"]
        assert [file.included_by for file in checked] == ["", paths[0], ""]
        assert checked[1].findings
        assert {finding.path for finding in checked[1].findings} == {checked[1].path}

    def test_a_comment_in_an_included_file_silences(self, tmp_path: Path) -> None:
        write(tmp_path, "requirements.txt", "numpy=1.2  # noqa\n")
        _, inner = check_files([write(tmp_path, "a.yml", self.TEXT)])
        assert inner.findings == ()
        assert inner.silenced

    def test_rules_on_single_requirements_hold_in_an_included_file(self, tmp_path: Path) -> None:
        text = "requests>=2\nrequests<2\ngit+https://git.example.org/a.git\n"
        write(tmp_path, "requirements.txt", text)
        _, inner = check_files([write(tmp_path, "a.yml", self.TEXT)])
        found = {finding.code: finding.span.line for finding in inner.findings if finding.span}
        assert found == {"CE432": 2, "CE435": 3}

    def test_a_file_that_is_not_there_is_a_finding_of_the_line(self, tmp_path: Path) -> None:
        (outer,) = check_files([write(tmp_path, "a.yml", self.TEXT)])
        line = self.TEXT.count("\n")
        assert any(f.span and f.span.line == line and "requirements.txt" in f.message for f in outer.findings)

    def test_an_included_file_that_was_asked_for_stands_where_it_was_asked_for(self, tmp_path: Path) -> None:
        inner = write(tmp_path, "requirements.txt", "numpy\n")
        outer = write(tmp_path, "a.yml", self.TEXT)
        assert [file.path for file in check_files([outer, inner])] == [outer, inner]


def test_a_requirements_file_is_read_as_one(tmp_path: Path) -> None:
    (checked,) = check_files([write(tmp_path, "requirements.txt", "numpy>=2\n")])
    assert checked.environment is not None
    assert [item.name for item in checked.environment.pip] == ["numpy"]
    assert checked.findings == ()


def test_a_checked_file_can_be_sent_to_another_process(tmp_path: Path) -> None:
    for file in check_files([write(tmp_path, "a.yml", BAD), str(tmp_path / "absent.yml")]):
        again = pickle.loads(pickle.dumps(file))
        assert (again.path, again.findings, again.environment) == (file.path, file.findings, file.environment)
        assert str(again.error) == str(file.error)


SCRIPT = """
import sys
from condaenv_tools.jobs.check_files import CheckOptions, check_files
if __name__ == "__main__":
    found = [check_files(sys.argv[1:], CheckOptions(workers=n), stdin=b"dependencies: [") for n in (1, 2)]
    print([str(f.error) if f.error else f for f in found[0]] == [str(f.error) if f.error else f for f in found[1]])
    print(len(found[1]))
"""


def test_several_processes_find_what_one_finds_in_the_same_order(tmp_path: Path) -> None:
    paths = [write(tmp_path, f"{n}.yml", (GOOD, BAD, "[")[n % 3]) for n in range(150)]
    paths[70:70] = ["-", str(tmp_path / "absent.yml")]
    script = write(tmp_path, "script.py", SCRIPT)
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, script, *paths], env=environ, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.split() == ["True", "152"]
