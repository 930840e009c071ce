"""`condaenv lock`: exit codes, streams, files that survive, two at once."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.builders import record, repodata_files
from tests.cli.world import CONFLICT, GOOD, RECORDS, ROOT, Folder, keys
from tests.loopback import Reply, serve

# --- yes


def test_a_lock_is_written_beside_the_first_file(here: Folder) -> None:
    (here.path / "envs").mkdir()
    here.write(name="envs/environment.yml")
    ran = here.lock(file="envs/environment.yml")
    assert ran.code == 0
    assert ran.out == ""
    document = yaml.safe_load(here.read("envs/conda-lock.yml"))
    assert document["metadata"]["platforms"] == ["linux-64", "osx-arm64"]
    assert {(p["name"], p["version"]) for p in document["package"]} == {("a", "1.0"), ("b", "2.0")}
    assert all(p["url"].startswith("https://conda.anaconda.org/toy/") for p in document["package"])


def test_the_summary_on_stderr_is_a_short_table(here: Folder) -> None:
    here.write()
    head, *rows, last = here.lock().err.splitlines()
    assert head.split() == ["platform", "packages", "download", "seconds"]
    assert [row.split()[:2] for row in rows] == [["linux-64", "2"], ["osx-arm64", "2"]]
    assert last == "proven and written to conda-lock.yml"


def test_quiet_says_nothing_at_all(here: Folder) -> None:
    here.write()
    ran = here.lock("-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert here.has()


def test_verbose_tells_channels_and_virtual_packages(here: Folder) -> None:
    here.write()
    ran = here.lock("-v", "-p", "linux-64")
    assert (
        "linux-64 is taken to have __archspec=1=x86_64, __glibc=2.28=0, __linux=5.15=0, __unix=0=0" in ran.err
    )
    assert "channel toy: " in ran.err


def test_dash_puts_the_lock_on_stdout_and_nothing_else(here: Folder) -> None:
    here.write()
    ran = here.lock("-o", "-")
    assert not here.has()
    here.lock()
    assert ran.out == here.read()
    assert "proven and written to stdout" in ran.err


def test_output_and_platforms_are_those_of_the_options(here: Folder) -> None:
    here.write()
    (here.path / "locks").mkdir()
    assert here.lock("-o", "locks/my.yml", "-p", "osx-arm64").code == 0
    document = yaml.safe_load(here.read("locks/my.yml"))
    assert {p["platform"] for p in document["package"]} == {"osx-arm64"}
    assert document["metadata"]["sources"] == ["../environment.yml"]


def test_json_is_one_document(here: Folder) -> None:
    here.write("channels: [toy]\nplatforms: [linux-64]\ndependencies: [a]\n")
    ran = here.lock("--json")
    assert ran.document["path"] == "conda-lock.yml"
    assert keys(ran.document) == ["files", "findings", "path", "platforms"]
    (told,) = ran.document["platforms"].values()
    assert told["packages"] == 2
    assert told["size"] == sum(r.size or 0 for r in RECORDS[:3] if (r.name, r.version) != ("b", "1.0"))
    assert "__glibc=2.28=0" in told["virtual_packages"]
    assert {f["severity"] for f in ran.document["findings"]} <= {"warning", "info"}


def test_the_snapshot_of_the_environment_variable_counts(
    here: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.write()
    monkeypatch.setenv("CONDAENV_SNAPSHOT", "snap")
    assert here.run("lock", "environment.yml", "--offline").code == 0


def test_a_virtual_package_that_is_stated_counts_and_is_recorded(here: Folder) -> None:
    here.write(f"{GOOD}  - gpu\n")
    assert here.lock("-p", "linux-64").code == 1
    assert here.lock("-p", "linux-64", "--virtual-package", "__cuda=12.4").code == 0
    assert "__cuda" in here.read()


def test_channel_options_replace_those_of_the_file(here: Folder) -> None:
    here.channel([record("a", "9.0")], "other")
    here.write()
    assert here.lock("-c", "other", "-p", "linux-64", "-q").code == 0
    assert [p["version"] for p in yaml.safe_load(here.read())["package"]] == ["9.0"]


def test_priority_and_strategy_reach_the_solver(here: Folder) -> None:
    here.channel([record("b", "3.0")], "other")
    here.write()
    words = ("-c", "toy", "-c", "other", "-p", "linux-64", "-o", "-", "-q")
    assert "/other/linux-64/b-3.0-0.conda" in here.lock(*words, "--channel-priority", "disabled").out
    assert "/toy/linux-64/b-2.0-0.conda" in here.lock(*words).out
    assert "/toy/linux-64/b-1.0-0.conda" in here.lock(*words, "--strategy", "lowest").out


@pytest.mark.parametrize("moment", ["2023-01-01", "2023-01-01T12:00:00Z", "2023-01-01T12:00:00"])
def test_the_cut_off_reaches_the_solver(here: Folder, moment: str) -> None:
    here.write()
    ran = here.lock("-p", "linux-64", "--exclude-newer", moment)
    assert ran.code == 1
    assert "nothing built after 2023-01-01" in ran.err


def test_the_same_input_gives_the_same_bytes(here: Folder) -> None:
    here.write()
    first = here.lock("-o", "-").out
    assert here.lock("-o", "-").out == first


# --- no


def test_a_conflict_exits_with_1_and_writes_nothing(here: Folder) -> None:
    here.write(CONFLICT)
    ran = here.lock()
    assert ran.code == 1
    assert ran.out == ""
    assert not here.has()
    assert ran.err.startswith(
        "error: environment.yml cannot be solved on linux-64 and osx-arm64; nothing was written\n"
    )


def test_a_conflict_leaves_an_old_lock_as_it_was(here: Folder) -> None:
    here.write(CONFLICT)
    here.write("old", "conda-lock.yml")
    assert here.lock().code == 1
    assert here.read() == "old"


def test_a_conflict_as_json_tells_every_platform(here: Folder) -> None:
    here.channel([*RECORDS, record("c", "1.0")])
    here.write(f"{GOOD}  - c\n")
    ran = here.lock("--json")
    assert ran.code == 1
    error = ran.document["error"]
    assert error["kind"] == "UnsatisfiableError"
    assert error["platforms"]["linux-64"] is None
    assert error["platforms"]["osx-arm64"] == "c is on toy for linux-64 only"
    assert "solved: linux-64" in error["message"]
    assert error["hints"] == ["give its line a selector, `# [linux]`, or leave the platform out"]


# --- the input or the usage is wrong


def test_a_broken_file_tells_all_its_errors_on_stderr(here: Folder) -> None:
    here.write("channels: [toy]\ndependencies:\n  - a >=\n  - 'b =='\n  - a\n")
    ran = here.lock()
    assert (ran.code, ran.out) == (2, "")
    assert "environment.yml:3:" in ran.err
    assert "environment.yml:4:" in ran.err
    assert not here.has()


def test_a_broken_file_as_json_is_an_error_document(here: Folder) -> None:
    here.write("- a\n")
    ran = here.lock("--json")
    assert ran.code == 2
    assert keys(ran.document["error"]) == ["hints", "kind", "message"]
    assert ran.document["error"]["kind"] == "ParseError"


def test_a_missing_file(here: Folder) -> None:
    ran = here.lock(file="missing.yml")
    assert (ran.code, ran.out) == (2, "")
    assert "missing.yml" in ran.err


def test_a_pip_section_is_not_dropped_in_silence(here: Folder) -> None:
    here.write(f"{GOOD}  - pip:\n    - requests\n")
    ran = here.lock()
    assert (ran.code, ran.out) == (1, "")
    assert "no package on toy is called pip" in ran.err
    assert not here.has()


def test_a_pip_section_that_is_left_out_is_said(here: Folder) -> None:
    here.write(f"{GOOD}  - pip:\n    - requests\n")
    ran = here.lock("--conda-only")
    assert ran.code == 0
    assert "warning CE490: the pip section (1 line) is left out" in ran.err
    assert "the pip section (1 line) was left out" in here.read()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--platfrom", "linux-64"), "--platform"),
        (("-p", "linux64"), "linux-64"),
        (("-p", "noarch"), "noarch"),
        (("--virtual-package", "cuda"), "__cuda=12.4"),
        (("--exclude-newer", "yesterday"), "2026-01-31"),
        (("--channel-priority", "none"), "strict"),
        (("--time-limit", "-1"), "-1"),
        (("--time-limit", "nan"), "nan"),
        (("--time-limit", "soon"), "seconds"),
        (("--network-timeout", "inf"), "inf"),
        (("--exclude-newer", "9999999d"), "9999999d"),
        (("--format", "toml"), "conda-lock"),
        (("-o", "-", "--json"), "stdout"),
        (("--virtual-package-spec", "missing.yml"), "missing.yml"),
        (("--snapshot", "missing"), "missing"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_exits_with_2_and_says_what_was_meant(
    here: Folder, words: tuple[str, ...], said: str
) -> None:
    here.write()
    ran = here.lock(*words)
    assert ran.code == 2
    assert said in ran.err
    assert not here.has()


def test_wrong_usage_under_json_is_one_document_too(here: Folder) -> None:
    here.write()
    ran = here.lock("--json", "-p", "linux64")
    assert ran.code == 2
    assert ran.document["error"]["kind"] == "UsageError"
    assert "linux-64" in ran.document["error"]["message"]


def test_no_file_at_all(here: Folder) -> None:
    assert here.run("lock").code == 2


def test_the_output_folder_must_exist(here: Folder) -> None:
    here.write()
    ran = here.lock("-o", "nowhere/conda-lock.yml")
    assert ran.code == 2
    assert "nowhere" in ran.err
    assert not here.has("nowhere")


def test_the_output_must_not_be_a_folder(here: Folder) -> None:
    here.write()
    ran = here.lock("-o", "snap")
    assert ran.code == 2
    assert "snap is a folder" in ran.err


@pytest.mark.parametrize("output", ["environment.yml", "snap/../environment.yml", "link.yml"])
def test_the_lock_does_not_take_the_place_of_a_file_to_lock(here: Folder, output: str) -> None:
    here.write()
    (here.path / "link.yml").symlink_to("environment.yml")
    ran = here.lock("-o", output)
    assert ran.code == 2
    assert "is the file that was read" in ran.err
    assert here.read("environment.yml") == GOOD


def test_a_spec_that_no_solver_takes_is_wrong_input(here: Folder) -> None:
    here.write(f"{GOOD}  - b[md5=abc]\n")
    ran = here.lock()
    assert ran.code == 2
    assert "b[md5=abc] cannot be given to the solver" in ran.err


# --- something outside failed


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_lock(here: Folder, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    here.write()
    here.write("old", "conda-lock.yml")

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, full)
    if call == "replace":
        monkeypatch.setattr(Path, "replace", full)
    ran = here.lock()
    monkeypatch.undo()
    os.chdir(here.path)
    assert (ran.code, ran.out) == (3, "")
    assert "no space left on device; what was there is untouched" in ran.err
    assert here.read() == "old"
    assert not list(here.path.glob(".*.tmp"))


def test_a_channel_that_does_not_exist_exits_with_3_and_a_hint(here: Folder) -> None:
    with serve({}) as server:
        here.write(GOOD.replace("toy", server.url))
        ran = here.run("lock", "environment.yml", "-p", "linux-64")
    assert ran.code == 3
    assert server.host in ran.err
    assert "hint:" in ran.err
    assert not here.has()


def test_a_local_channel_that_does_not_exist(here: Folder) -> None:
    here.write(GOOD.replace("toy", "./nowhere"))
    ran = here.lock()
    assert ran.code == 3
    assert "nowhere" in ran.err


def test_offline_with_a_snapshot_that_lacks_the_channel_names_what_it_holds(here: Folder) -> None:
    here.write(GOOD.replace("toy", "bioconda"))
    ran = here.lock()
    assert ran.code == 3
    assert "channel bioconda is not in the snapshot" in ran.err
    assert "it holds: toy" in ran.err


def test_a_bug_is_a_sentence_and_never_a_traceback(here: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    here.write()

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the moon is full")

    monkeypatch.setattr("condaenv_tools.jobs.lock_files.build_lock", broken)
    ran = here.lock()
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("error: condaenv itself failed: RuntimeError: the moon is full (test_lock.py:")
    assert not here.has()


def test_a_time_limit_that_runs_out_exits_with_3(here: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    from condaenv_tools.errors import SolverTimeoutError
    from condaenv_tools.resolve.request import Outcome

    here.write()

    def late(requests: list, *args: object, **kwargs: object) -> tuple[Outcome, ...]:
        error = SolverTimeoutError("no answer for linux-64 within 1 s")
        return tuple(Outcome(platform=request.platform, error=error) for request in requests)

    monkeypatch.setattr("condaenv_tools.jobs.lock_files.solve", late)
    ran = here.lock("--time-limit", "1")
    assert ran.code == 3
    assert "within 1 s" in ran.err


# --- interrupted, and at the same time


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_ctrl_c_stops_at_once_without_a_traceback(here: Folder) -> None:
    with serve(fault=lambda path, before: Reply(hang=True)) as server:
        here.write(GOOD.replace("toy", server.url))
        process = here.spawn("lock", "environment.yml")
        deadline = time.monotonic() + 30
        while not server.requests and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.2)
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert time.monotonic() - started < 5
    assert process.returncode == 130
    assert out == ""
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not here.has()


def test_two_that_lock_the_same_file_at_once_leave_one_whole_lock(here: Folder) -> None:
    here.write()
    words = ("lock", "environment.yml", "--snapshot", "snap", "--offline")
    both = [here.spawn(*words), here.spawn(*words)]
    assert [(p.communicate(timeout=60)[0], p.returncode) for p in both] == [("", 0), ("", 0)]
    whole = here.read()
    assert here.lock("-o", "-").out == whole
    assert not list(here.path.glob(".*.tmp"))


# --- as a process


def test_a_process_writes_no_escape_codes_without_a_terminal(here: Folder) -> None:
    here.write(CONFLICT)
    ran = here.process("lock", "environment.yml", "--snapshot", "snap", "--offline")
    assert ran.code == 1
    assert "\x1b" not in ran.err + ran.out


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
@pytest.mark.parametrize(("closed", "code"), [(">&-", 0), ("2>&-", 0), (">/dev/full", 3)])
def test_streams_that_are_closed_or_full(here: Folder, closed: str, code: int) -> None:
    here.write()
    command = f"{sys.executable} -m condaenv_tools lock environment.yml --snapshot snap --offline -o -"
    ran = subprocess.run(
        ["sh", "-c", f"{command} {closed}"],
        cwd=here.path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr


def test_secrets_of_a_channel_are_shown_nowhere(here: Folder) -> None:
    files = repodata_files(RECORDS)
    with serve(files, user="me:hunter2") as server:
        here.write(GOOD.replace("toy", server.url.replace("://", "://me:hunter2@")))
        ran = here.run("lock", "environment.yml", "-v", "-o", "-")
        as_json = here.run("lock", "environment.yml", "--json")
    with serve(files, user="me:other") as server:
        here.write(GOOD.replace("toy", server.url.replace("://", "://me:hunter2@")))
        refused = here.run("lock", "environment.yml", "-v")
        refused_as_json = here.run("lock", "environment.yml", "--json")
    assert (ran.code, as_json.code, refused.code, refused_as_json.code) == (0, 0, 3, 3)
    for one in (ran, as_json, refused, refused_as_json):
        assert "hunter2" not in one.out + one.err
    assert "hunter2" not in here.read()
