"""Whether a lock is current: random edits of files against a real solve, and the published locks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.errors import LockFormatError, ParseError, UnsatisfiableError
from condaenv_tools.jobs.lock_files import lock_files, lock_text, solve_plan
from condaenv_tools.jobs.pip_half import PipSection
from condaenv_tools.jobs.plan import LockOptions, make_plan, read_inputs
from condaenv_tools.jobs.status_files import StatusOptions, status_files
from condaenv_tools.jobs.verify_files import VerifyOptions, read_lock, verify_lock
from condaenv_tools.lock.build import dependency_name
from condaenv_tools.lock.currency import CODES, Reason
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage
from tests.builders import moved, record, write_channel
from tests.shared_data import need_shared

OTHER = "https://conda.anaconda.org/other"
SUBDIRS = ("linux-64", "osx-arm64")
RECORDS = tuple(
    one
    for subdir in SUBDIRS
    for one in (
        record("app", "1.0", "lib >=1", "tool", subdir=subdir),
        record("app", "2.0", "lib >=2", subdir=subdir),
        record("lib", "1.0", subdir=subdir),
        record("lib", "2.0", "base", subdir=subdir),
        record("lib", "2.0", "base", subdir=subdir, build="b_1", build_number=1),
        record("tool", "1.0", "base", subdir=subdir),
        record("base", "1.0", "__unix", subdir=subdir),
        record("loop", "1.0", "pool", subdir=subdir),
        record("pool", "1.0", "loop", subdir=subdir),
        record("gpu", "1.0", "__cuda >=12", subdir=subdir),
    )
)
BEYOND = tuple(moved(record("far", "1.0", "base", subdir=subdir), OTHER) for subdir in SUBDIRS)


@dataclass(frozen=True)
class File:
    """What a drawn file says."""

    channels: tuple[str, ...]
    platforms: tuple[str, ...]
    specs: tuple[tuple[str, str, str], ...]
    noise: str = ""

    def text(self) -> str:
        lines = [f"# {self.noise}", "channels:", *(f"  - {name}" for name in self.channels), "  - nodefaults"]
        if self.platforms:
            lines.append(f"platforms: [{', '.join(self.platforms)}]")
        lines.append("dependencies:")
        for spec, selector, comment in self.specs:
            behind = f"  # [{selector}]" if selector else f"  # {comment}" if comment else ""
            lines.append(f"  - {spec}{behind}")
        return "\n".join(lines) + "\n"


SPECS = ("app", "app>=2", "app<2", "lib", "lib=1", "lib>=1,<3", "tool", "base", "loop", "pool", "lib=2.0=b_1")
specs = st.tuples(
    st.sampled_from(SPECS), st.sampled_from(("", "", "", "linux", "osx")), st.sampled_from(("", "why"))
)
channels = st.sampled_from((("toy",), ("toy",), ("toy", "other"), ("other", "toy"), ("other",)))
platforms = st.sampled_from((SUBDIRS, SUBDIRS, SUBDIRS[:1]))


@st.composite
def edited_files(draw: st.DrawFn) -> tuple[File, File]:
    """A file, and the same after some edits that people make."""
    base = File(
        channels=draw(st.sampled_from((("toy",), ("toy", "other")))),
        platforms=draw(platforms),
        specs=tuple(draw(st.lists(specs, min_size=1, max_size=4))),
    )
    edited = base
    for edit in draw(st.lists(st.sampled_from("arcsnkpoh"), min_size=1, max_size=2)):
        lines = list(edited.specs)
        where = draw(st.integers(0, max(0, len(lines) - 1)))
        match edit:
            case "a":
                lines.insert(where, draw(specs))
            case "r" if len(lines) > 1:
                del lines[where]
            case "c" | "s" if lines:
                other = draw(specs)
                old = lines[where]
                lines[where] = (other[0], old[1], old[2]) if edit == "c" else (old[0], other[1], old[2])
            case "n" if lines:
                lines[where] = (lines[where][0], lines[where][1], "another word")
            case "o":
                lines = draw(st.permutations(lines))
            case "k":
                edited = replace(edited, channels=draw(channels))
            case "p":
                edited = replace(edited, platforms=draw(platforms))
            case "h":
                edited = replace(edited, noise="written anew")
        edited = replace(edited, specs=tuple(lines))
    return base, edited


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("status")
    write_channel(folder / "snap" / "toy", RECORDS)
    write_channel(folder / "snap" / "other", BEYOND)
    return folder


def options(folder: Path) -> LockOptions:
    sources = SourceOptions(snapshot=folder / "snap", offline=True, cache_dir=folder / "cache")
    return LockOptions(sources=sources)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(edited_files())
def test_a_current_lock_is_what_a_pinned_solve_gives_and_a_reason_is_true(
    world: Path, files: tuple[File, File]
) -> None:
    base, edited = files
    path = world / "environment.yml"
    path.write_text(base.text(), encoding="utf-8")
    try:
        lock = lock_files(path, options=options(world)).lock
    except UnsatisfiableError:
        assume(False)
    assert status_files(path, lock=lock).current
    path.write_text(edited.text(), encoding="utf-8")
    report = status_files(path, lock=lock)
    proof = verify_lock(lock, path, options=VerifyOptions(sources=options(world).sources))
    assert report.current == proof.ok, (report.reasons, proof.faults)
    if report.current:
        assert pinned(path, world, lock) == {part.platform: names(part.records) for part in lock.platforms}
    for reason in report.reasons:
        assert reason.code in CODES
        assert is_true(reason, edited, base, lock), reason


def pinned(path: Path, world: Path, lock: Lock) -> dict[Platform, list[str]]:
    """Solve anew with every package held where the lock has it; return what is installed."""
    plan = make_plan(read_inputs([path]), options(world))
    held = []
    for request in plan.requests:
        pins = tuple(
            MatchSpec.parse(f"{one.name}=={one.version}={one.build}")
            for one in lock.on(request.platform).records
        )
        held.append(replace(request, constraints=pins))
    joined = solve_plan(replace(plan, requests=tuple(held)), PipSection(), options(world))
    assert all(one.error is None for one in joined), [one.error for one in joined]
    return {one.platform: names(one.solution.records) for one in joined if one.solution}


def names(records: tuple[object, ...]) -> list[str]:
    return sorted(map(str, records))


def is_true(reason: Reason, edited: File, base: File, lock: Lock) -> bool:
    """Judge a reason by the texts of the files and the records alone."""
    if reason.code == "platform-added":
        return reason.platform in edited.platforms and reason.platform not in base.platforms
    if reason.code == "platform-removed":
        return reason.platform not in edited.platforms
    if reason.code.startswith("channel-"):
        return edited.channels != base.channels
    records = lock.on(reason.platform).records
    if reason.code in {"spec-added", "spec-changed"}:
        return not any(MatchSpec.parse(reason.text).matches(one) for one in records)
    assert reason.code in {"spec-removed", "not-needed"}
    return reason.package not in needed(edited, reason.platform, lock)


def needed(file: File, platform: Platform, lock: Lock) -> set[str]:
    by_name = {one.name: one for one in lock.on(platform).records}
    system = platform.value.partition("-")[0]
    todo = [MatchSpec.parse(spec).name for spec, selector, _ in file.specs if selector in {"", system}]
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in by_name and name not in seen:
            seen.add(name)
            todo += map(dependency_name, by_name[name].depends)
    return seen


# --- what is said beside the files


GOOD = File(channels=("toy",), platforms=SUBDIRS[:1], specs=(("app", "", ""),))


@pytest.fixture
def project(world: Path, tmp_path: Path) -> tuple[Path, Path]:
    path = tmp_path / "environment.yml"
    path.write_text(GOOD.text(), encoding="utf-8")
    target = tmp_path / "conda-lock.yml"
    target.write_text(lock_text(lock_files(path, options=options(world)).lock), encoding="utf-8")
    return path, target


def codes(path: Path, lock: Path | Lock, **said: object) -> list[str]:
    return [one.code for one in status_files(path, lock=lock, options=StatusOptions(**said)).reasons]  # type: ignore[arg-type]


def test_a_lock_that_was_just_made_is_current_and_its_hash_agrees(project: tuple[Path, Path]) -> None:
    report = status_files(project[0], lock=project[1])
    assert (report.current, report.notes) == (True, ())
    assert report.hashes == ((Platform.LINUX_64, "equal"),)


def test_the_hash_is_told_and_never_relied_upon(project: tuple[Path, Path]) -> None:
    path, lock = project
    path.write_text(GOOD.text().replace("app", "app>=1.5"), encoding="utf-8")
    report = status_files(path, lock=lock)
    assert (report.current, report.hashes) == (True, ((Platform.LINUX_64, "differs"),))
    found = read_lock(lock)
    bare = replace(found, platforms=tuple(replace(part, content_hash=None) for part in found.platforms))
    assert status_files(path, lock=bare).hashes == ((Platform.LINUX_64, "absent"),)


def test_platforms_that_are_stated_are_the_only_ones_that_count(project: tuple[Path, Path]) -> None:
    path, lock = project
    assert codes(path, lock, platforms=(Platform.OSX_ARM64,)) == ["platform-added"]
    path.write_text(replace(GOOD, platforms=SUBDIRS).text(), encoding="utf-8")
    assert codes(path, lock) == ["platform-added"]
    assert codes(path, lock, platforms=(Platform.LINUX_64,)) == []


def test_a_file_without_platforms_takes_those_of_the_lock(project: tuple[Path, Path]) -> None:
    path, lock = project
    path.write_text(replace(GOOD, platforms=()).text(), encoding="utf-8")
    assert codes(path, lock) == []


def test_channels_that_are_stated_count_in_place_of_the_files(project: tuple[Path, Path]) -> None:
    path, lock = project
    assert codes(path, lock, channels=("other",)) == ["channel-added", "channel-removed"]
    path.write_text(replace(GOOD, channels=("other",)).text(), encoding="utf-8")
    assert codes(path, lock, channels=("toy",)) == []


def test_no_channel_anywhere_means_conda_forge(project: tuple[Path, Path]) -> None:
    path, lock = project
    path.write_text("platforms: [linux-64]\ndependencies: [app]\n", encoding="utf-8")
    assert codes(path, lock) == ["channel-added", "channel-removed"]


def test_a_machine_that_is_stated_has_to_do_for_what_is_locked(world: Path, tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_text(replace(GOOD, specs=(("gpu", "", ""),)).text(), encoding="utf-8")
    cuda = VirtualPackage(name="__cuda", version="12.4")
    lock = lock_files(path, options=replace(options(world), virtual_packages=(cuda,))).lock
    assert codes(path, lock) == []
    newer, older = (VirtualPackage(name="__cuda", version=version) for version in ("12.6", "11.8"))
    report = status_files(path, lock=lock, options=StatusOptions(virtual_packages=(newer,)))
    assert report.current
    assert report.notes == ("the lock was made for __cuda=12.4=0, and __cuda=12.6=0 is stated",)
    (reason,) = status_files(path, lock=lock, options=StatusOptions(virtual_packages=(older,))).reasons
    assert (reason.code, reason.text) == ("virtual-package-changed", "__cuda=11.8")
    assert reason.message == "the machine is stated to have __cuda=11.8, and gpu needs __cuda >=12"


def test_a_file_that_was_locked_and_is_not_given_is_named(project: tuple[Path, Path]) -> None:
    path, lock = project
    other = path.with_name("other.yml")
    other.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    assert status_files(other, lock=lock).notes == (
        "the lock was made of environment.yml, too, which is not given here",
    )


def test_what_cannot_be_read_is_an_error(project: tuple[Path, Path]) -> None:
    path, lock = project
    with pytest.raises(LockFormatError):
        status_files(path, lock=path.with_name("missing.yml"))
    path.write_text("dependencies: [", encoding="utf-8")
    with pytest.raises(ParseError):
        status_files(path, lock=lock)


# --- locks that other tools made


PUBLISHED = {
    "base-notebook": ("base-notebook",),
    "pangeo-notebook": ("pangeo-notebook", "base-notebook"),
    "ml-notebook": ("ml-notebook", "pangeo-notebook", "base-notebook"),
    "pytorch-notebook": ("pytorch-notebook", "pangeo-notebook", "base-notebook"),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_lock_is_current_for_the_files_that_it_names(name: str) -> None:
    pangeo = need_shared("pangeo")
    files = [pangeo / folder / "environment.yml" for folder in PUBLISHED[name]]
    spec = pangeo / name / "virtual-packages.yml"
    said = StatusOptions(virtual_package_spec=spec if spec.exists() else None)
    report = status_files(*files, lock=pangeo / name / "conda-lock.yml", options=said)
    assert report.reasons == ()
    assert {state for _, state in report.hashes} == {"equal"}


def test_a_published_lock_without_one_of_its_files_has_too_much_and_says_of_which() -> None:
    pangeo = need_shared("pangeo") / "pangeo-notebook"
    report = status_files(pangeo / "environment.yml", lock=pangeo / "conda-lock.yml")
    assert {(one.code, one.text) for one in report.reasons} == {("spec-removed", "pangeo-notebook")}
    assert report.notes[-1].startswith("the lock was made of ../base-notebook/environment.yml, too")
