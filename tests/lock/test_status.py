"""The pip section, categories and messages of `lock_status`, on locks made by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from condaenv_tools.lock.currency import CODES, StatusInputs, lock_status
from condaenv_tools.lock.metadata_keys import CONDA_ONLY
from condaenv_tools.lock.verify import Evidence, verify
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.lock import Lock, LockChannel, LockedPackage, PyPIRecord
from condaenv_tools.parse.environment_yml import loads_environment
from condaenv_tools.parse.requirements_txt import parse_requirements
from tests.lock.toy_locks import LINUX, MAC, conda, lock_of, part, pip, root

HEAD = "channels: [conda-forge]\nplatforms: [linux-64]\ndependencies:\n"
PYTHON = (conda("python 3.12.1", "pip"), conda("pip 25", "python"))


def file(*specs: str, pips: tuple[str, ...] = (), category: str = "") -> Environment:
    text = (f"category: {category}\n" if category else "") + HEAD
    text += "".join(f"  - {spec}\n" for spec in specs)
    if pips:
        text += "  - pip:\n" + "".join(f"    - {line}\n" for line in pips)
    return loads_environment(text, path="environment.yml")


def locked(*packages: LockedPackage, conda_roots: tuple[str, ...] = (), pips: tuple[str, ...] = ()) -> Lock:
    roots = [root(spec, line=i + 4) for i, spec in enumerate(conda_roots)]
    for i, spec in enumerate(pips):
        one = root(spec, line=i + 9, manager="pip")
        roots.append(
            replace(one, name=spec.partition("[")[0].partition(" @")[0].partition("=")[0].strip("<>"))
        )
    return lock_of(part(*packages, roots=roots))


def reasons(lock: Lock, *files: Environment, **said: object) -> list[tuple[str, str]]:
    report = lock_status(lock, StatusInputs(files=files, **said))  # type: ignore[arg-type]
    # Both commands stand on one truth.
    if not said:
        proof = verify(lock, Evidence(files=files))
        current = [fault.message for fault in proof.faults if fault.rule == "current"]
        assert sorted(set(current)) == sorted({one.message for one in report.reasons})
        assert report.current == (not current)
    assert {one.code for one in report.reasons} <= CODES.keys()
    return [(one.code, one.text) for one in report.reasons]


APP = pip("app 1.0")
WITH_APP = locked(*PYTHON, APP, conda_roots=("python", "pip"), pips=("app",))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("app",), []),
        (("app>=1,<2",), []),
        (("App ; python_version >= '3.9'",), []),
        (("app>=2",), [("pip-changed", "app>=2")]),
        (("app", "other"), [("pip-added", "other")]),
        (("app", "other; os_name == 'nt'"), []),
        (("app; os_name == 'nt'",), [("pip-removed", "app")]),
        ((), [("pip-removed", "app")]),
        (("app[fast]",), [("pip-changed", "app[fast]")]),
        (
            ("app @ https://files.example.org/app-2.tar.gz",),
            [("source-changed", "app @ https://files.example.org/app-2.tar.gz")],
        ),
        (("app", "./local"), [("pip-added", "./local")]),
        (("app --hash=sha256:" + "0" * 64,), [("pip-changed", "app --hash=sha256:" + "0" * 64)]),
    ],
    ids=str,
)
def test_each_line_of_the_pip_section_counts(lines: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    assert reasons(WITH_APP, file("python", "pip", pips=lines)) == expected


def test_extras_that_went_and_extras_of_a_new_line() -> None:
    lock = locked(*PYTHON, APP, conda_roots=("python", "pip"), pips=("app[fast]",))
    assert reasons(lock, file("python", "pip", pips=("app[fast]",))) == []
    assert reasons(lock, file("python", "pip", pips=("app",))) == [("pip-changed", "app")]
    needed = locked(*PYTHON, pip("main 1", ("app", "")), APP, conda_roots=("python", "pip"), pips=("main",))
    assert reasons(needed, file("python", "pip", pips=("main", "app"))) == []
    assert reasons(needed, file("python", "pip", pips=("main", "app[fast]"))) == [("pip-added", "app[fast]")]


def test_extras_cannot_be_told_of_a_lock_without_roots() -> None:
    lock = lock_of(part(*PYTHON, APP))
    report = lock_status(lock, StatusInputs(files=(file("python", "pip", pips=("app[fast]",)),)))
    assert report.current
    assert "whether the extras of the pip section are locked cannot be told" in report.notes


def test_a_distribution_that_conda_brings_meets_a_line_and_an_address_is_another_matter() -> None:
    packages = (*PYTHON, conda("pytorch 2.4", "python"))
    lock = locked(*packages, conda_roots=("python", "pip"), pips=("torch",))
    assert reasons(lock, file("python", "pip", pips=("torch>=2",))) == []
    assert reasons(lock, file("python", "pip", pips=("torch>=3",))) == [("pip-changed", "torch>=3")]
    address = "torch @ https://files.example.org/torch-2.tar.gz"
    assert reasons(lock, file("python", "pip", pips=(address,))) == [("source-changed", address)]


REPOSITORY = "git+https://git.example.org/app.git"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("was", "line", "codes"),
    [
        (f"app @ {REPOSITORY}", f"app @ {REPOSITORY}", []),
        (f"app @ {REPOSITORY}@v1", f"app @ {REPOSITORY}@v1", []),
        (f"app @ {REPOSITORY}@v1", f"app @ {REPOSITORY}@v2", ["source-changed"]),
        (f"app @ {REPOSITORY}@v1", f"app @ {REPOSITORY}@{COMMIT[:10]}", []),
        (f"app @ {REPOSITORY}@v1", f"app @ {REPOSITORY}@{'f' * 40}", ["source-changed"]),
        (f"app @ {REPOSITORY}", "app", ["source-changed"]),
        (f"app @ {REPOSITORY}", "app @ git+https://git.example.org/fork.git", ["source-changed"]),
        (f"app @ {REPOSITORY}", "other", ["pip-added", "pip-removed"]),
    ],
)
def test_from_where_a_distribution_is_asked_for(was: str, line: str, codes: list[str]) -> None:
    url = f"{REPOSITORY}@{COMMIT}"
    one = LockedPackage(record=PyPIRecord(name="app", version="1", url=url, source=url))
    lock = locked(*PYTHON, one, conda_roots=("python", "pip"), pips=(was,))
    assert [code for code, _ in reasons(lock, file("python", "pip", pips=(line,)))] == codes


def test_a_line_without_a_name_is_known_by_its_place() -> None:
    local = LockedPackage(record=PyPIRecord(name="app", version="0", url="./app", source="./app"))
    lock = locked(*PYTHON, local, conda_roots=("python", "pip"))
    assert reasons(lock, file("python", "pip", pips=("./app",))) == []
    assert reasons(lock, file("python", "pip", pips=("-e ./app",))) == []
    assert reasons(lock, file("python", "pip", pips=("./lib",))) == [
        ("pip-added", "./lib"),
        ("pip-removed", "app"),
    ]
    assert reasons(lock, file("python", "pip")) == [("pip-removed", "app")]


def test_constraints_hold_for_what_pip_installs() -> None:
    parsed = parse_requirements("app<1\nnumpy<1\n", path="constraints.txt").environment
    assert parsed is not None
    found = reasons(WITH_APP, file("python", "pip", pips=("app",)), constraints=parsed.pip)
    assert found == [("constraint-changed", "app<1")]


def test_a_pip_section_that_was_left_out_on_request_is_not_asked_for() -> None:
    lock = replace(locked(*PYTHON, conda_roots=("python", "pip")), metadata=((CONDA_ONLY, "left out"),))
    asked = file("python", "pip", pips=("app",))
    assert reasons(lock, asked) == []
    assert lock_status(lock, StatusInputs(files=(asked,))).notes == (
        "the pip section was left out of the lock on request, and is not looked at",
    )


def test_with_conda_only_what_pip_installs_is_too_much() -> None:
    asked = file("python", "pip", pips=("app",))
    assert reasons(WITH_APP, asked, conda_only=True) == [("pip-removed", "app")]


# --- categories


def test_categories_that_changed() -> None:
    shared = conda("b 1", categories=("dev", "main"))
    lock = lock_of(
        part(
            *(conda("a 1", "b"), conda("t 1", "b", categories=("dev",)), shared),
            roots=[root("a"), root("t", category="dev")],
        )
    )
    assert reasons(lock, file("a"), file("t", category="dev")) == []
    assert reasons(lock, file("a", "t")) == [("category-changed", "dev"), ("category-changed", "main")]
    moved = reasons(lock, file("a", category="dev"), file("t", category="dev"))
    assert moved == [("category-changed", "main")]


def test_a_lock_without_roots_is_held_to_have_enough() -> None:
    lock = lock_of(part(conda("a 1", "b"), conda("b 1")))
    assert reasons(lock, file("a", category="dev")) == []
    in_dev = lock_of(part(conda("a 1", "b", categories=("dev",)), conda("b 1")))
    assert reasons(in_dev, file("a")) == [("category-changed", "main")]


# --- channels


@pytest.mark.parametrize(
    ("ours", "theirs", "codes"),
    [
        (["conda-forge"], ["conda-forge"], []),
        (["conda-forge", "nodefaults"], ["https://conda.anaconda.org/conda-forge"], []),
        (["conda-forge", "bioconda"], ["conda-forge"], ["channel-added"]),
        (["conda-forge"], ["conda-forge", "bioconda"], ["channel-removed"]),
        (["bioconda", "conda-forge"], ["conda-forge", "bioconda"], ["channel-order"]),
        (["defaults"], ["pkgs/main", "pkgs/r"], []),
        (["https://me:pw@conda.example.org/team"], ["https://conda.example.org/team"], []),
        (
            ["https://me:pw@conda.example.org/other"],
            ["https://conda.example.org/team"],
            ["channel-added", "channel-removed"],
        ),
    ],
)
def test_channels_and_their_order(ours: list[str], theirs: list[str], codes: list[str]) -> None:
    lock = lock_of(part(roots=[]), channels=tuple(LockChannel(url=url) for url in theirs))
    asked = loads_environment(f"channels: {ours}\ndependencies: []\n".replace("'", '"'), path="e.yml")
    report = lock_status(lock, StatusInputs(files=(asked,)))
    assert [one.code for one in report.reasons] == codes
    assert "pw" not in repr(report)


def test_a_channel_that_only_a_spec_names_stands_behind_the_others() -> None:
    url = "https://conda.anaconda.org/bioconda"
    package = conda("far 1", channel=url, url=f"{url}/linux-64/far-1-0.conda")
    both = (LockChannel(url="conda-forge"), LockChannel(url="bioconda"))
    ours = lock_of(part(package, roots=[root("bioconda::far")]), channels=both)
    assert reasons(ours, file("bioconda::far")) == []
    # conda-lock does not name it.
    assert reasons(lock_of(part(package)), file("bioconda::far")) == []
    assert reasons(ours, file("far")) == [("channel-removed", url)]


def test_a_channel_of_one_platform_alone_is_in_its_place() -> None:
    text = "channels:\n  - bioconda  # [linux]\n  - conda-forge\ndependencies: []\n"
    channels = (LockChannel(url="bioconda"), LockChannel(url="conda-forge"))
    lock = lock_of(part(roots=[]), part(roots=[], platform=MAC), channels=channels)
    assert reasons(lock, loads_environment(text, path="e.yml")) == []


# --- what is told


def test_what_a_line_left_behind_is_told_with_the_line() -> None:
    lock = locked(conda("a 1", "x", "y"), conda("x 1"), conda("y 1"), conda("b 1"), conda_roots=("a<2", "b"))
    (reason,) = lock_status(lock, StatusInputs(files=(file("b"),))).reasons
    assert (reason.code, reason.text, reason.package, reason.platform) == ("spec-removed", "a<2", "a", LINUX)
    assert reason.message == (
        "the files no longer ask for a<2 (environment.yml:4), and a, x and y are locked for it alone"
    )


def test_what_no_line_explains_is_not_needed() -> None:
    lock = locked(conda("a 1"), conda("x 1", "y"), conda("y 1", "x"), conda_roots=("a",))
    (reason,) = lock_status(lock, StatusInputs(files=(file("a"),))).reasons
    assert (reason.code, reason.message) == ("not-needed", "nothing asks for x 1, nor for y, which it needs")


def test_what_a_format_does_not_say_accuses_nobody() -> None:
    lock = replace(locked(conda("a 1"), conda_roots=("a",)), unknown=frozenset({"build_number"}))
    assert reasons(lock, file("a[build_number=3]")) == []
    assert reasons(replace(lock, unknown=frozenset()), file("a[build_number=3]")) != []


def test_the_docs_say_what_each_code_means() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "lock-life.md").read_text(encoding="utf-8")
    assert all(f"| {code} | {meaning} |" in page.replace("`", "") for code, meaning in CODES.items())


def test_a_notebook_shows_the_reasons() -> None:
    report = lock_status(lock_of(part(roots=[])), StatusInputs(files=(file("a<b"),)))
    assert "not current: 1 reason" in report._repr_html_()
    assert str(report.reasons[0]).startswith("linux-64: spec-added: environment.yml:4 asks for a")
