"""The curated environments: each is locked again from the recorded channel, and is what its page says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import condaenv_tools as ct
from condaenv_tools.parse.virtual_packages_yml import read_virtual_packages
from environments import refresh
from environments.refresh import Curated
from tests.shared_data import need_shared

CURATED = refresh.curated()
#: The recorded channels may grow with the environments, but a clone must stay small.
LARGEST_CHANNEL = 8_000_000

each = pytest.mark.parametrize("environment", CURATED, ids=lambda environment: environment.name)


@each
def test_a_lock_is_made_again_byte_for_byte(environment: Curated) -> None:
    text = ct.lock_text(refresh.lock(environment).lock)
    assert text == environment.lock.read_text(encoding="utf-8")


@each
def test_a_lock_made_from_the_whole_recorded_channel_is_the_same(environment: Curated) -> None:
    text = ct.lock_text(refresh.lock(environment, need_shared("channel")).lock)
    assert text == environment.lock.read_text(encoding="utf-8")


@each
def test_a_lock_is_proven_with_its_file_and_its_records(environment: Curated) -> None:
    options = ct.VerifyOptions(
        sources=ct.SourceOptions(snapshot=refresh.CHANNEL, offline=True),
        virtual_package_spec=environment.virtual_packages,
    )
    report = ct.verify_lock(ct.read_lock(environment.lock), environment.file, options=options)
    assert (report.faults, report.undecided) == ((), ())


@each
def test_a_lock_is_proven_by_code_that_is_not_ours(environment: Curated) -> None:
    validate = need_shared("tools", "validate_lock.py")
    command = [sys.executable, str(validate), str(environment.lock)]
    for channel in sorted(path for path in need_shared("channel").iterdir() if path.is_dir()):
        command += ["--channel", str(channel)]
    parsed = ct.read_environment(environment.file).environment
    if not any(item.selector for item in parsed.dependencies):  # it knows nothing of selectors
        command += ["--spec", str(environment.file)]
    for stated in _stated(environment):
        command += ["--virtual", stated]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _stated(environment: Curated) -> set[str]:
    if environment.virtual_packages is None:
        return set()
    table = read_virtual_packages(environment.virtual_packages)
    return {str(package) for packages in table.values() for package in packages}


@each
def test_a_file_is_clean_and_named_as_its_folder(environment: Curated) -> None:
    parsed = ct.read_environment(environment.file)
    # That conda reads no selectors is why the locks are made with a tool that does.
    has_selectors = any(item.selector for item in parsed.environment.dependencies)
    assert {finding.code for finding in parsed.findings} == ({"CE113"} if has_selectors else set())
    assert parsed.environment.name == environment.name


@each
def test_a_lock_is_for_the_platforms_of_its_file(environment: Curated) -> None:
    asked = {item.platform for item in ct.read_environment(environment.file).environment.platforms}
    assert {part.platform for part in ct.read_lock(environment.lock)} == asked


def test_the_page_says_what_there_is() -> None:
    locks = [(environment, ct.read_lock(environment.lock)) for environment in CURATED]
    page = Path(refresh.HERE, "README.md").read_text(encoding="utf-8")
    assert page == refresh.index_text(locks)
    assert len(locks) >= 10


def test_the_broken_one_cannot_be_solved_on_any_platform() -> None:
    options = ct.LockOptions(sources=ct.SourceOptions(snapshot=refresh.CHANNEL, offline=True))
    with pytest.raises(ct.UnsatisfiableError, match="pandas") as caught:
        ct.lock_files(refresh.BROKEN, options=options)
    assert list(caught.value.reasons) == ["linux-64", "osx-arm64"]
    assert caught.value.solved == ()


def test_the_one_with_slips_is_told_of_each_of_them() -> None:
    sources = ct.SourceOptions(snapshot=refresh.CHANNEL, offline=True)
    (checked,) = ct.check_files([refresh.BROKEN.with_name("slips.yml")], ct.CheckOptions(sources=sources))
    found = {(finding.span.line, finding.code) for finding in checked.findings if finding.span}
    told = {(8, "CE204"), (9, "CE205"), (10, "CE211"), (11, "CE250"), (12, "CE210"), (13, "CE403")}
    assert told | {(14, "CE402"), (15, "CE430"), (16, "CE613"), (18, "CE610")} <= found


def test_the_recorded_channels_are_small() -> None:
    sizes = [path.stat().st_size for path in refresh.CHANNEL.rglob("*") if path.is_file()]
    assert sum(sizes) <= LARGEST_CHANNEL


def test_recording_again_from_the_recording_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = next(environment for environment in CURATED if environment.name == "model-service")
    recorded = refresh.CHANNEL
    monkeypatch.setattr(refresh, "CHANNEL", tmp_path)
    monkeypatch.setattr(refresh, "curated", lambda: (service,))
    refresh.record(recorded)
    assert ct.lock_text(refresh.lock(service).lock) == service.lock.read_text(encoding="utf-8")
