"""Conflicts planted in real files: the lines that were planted are blamed, however many others there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from condaenv_tools.channels.source import SourceOptions, open_sources
from condaenv_tools.cli.app import run
from condaenv_tools.conflicts.corrections.search import find_corrections
from condaenv_tools.conflicts.corrections.values import CorrectionSearch, Target
from condaenv_tools.conflicts.explain import Conflict, PlatformConflicts, explain_platform
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.jobs.explain_files import explain_files
from condaenv_tools.jobs.plan import LockOptions, make_plan, read_inputs
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.request import SolveRequest
from condaenv_tools.resolve.solve import SOLVERS
from tests.conflicts.brute import line
from tests.shared_data import need_shared

ROOT = Path(__file__).resolve().parents[2]

#: What is planted, on how many harmless lines, where, and a part of what is said.
PLANTED = [
    (("numpy=2.0", "pandas=1.5"), 0, "linux-64", "every pandas 1.5 (1.5.3) needs numpy <2.0a0"),
    (("numpy=2.0", "pandas=1.5"), 30, "osx-arm64", "every pandas 1.5 (1.5.3) needs numpy <2.0a0"),
    (("numpy=2.0", "pandas=1.5"), 100, "linux-64", "every pandas 1.5 (1.5.3) needs numpy <2.0a0"),
    (("python=3.12", "numpy=1.23"), 0, "linux-64", "needs python <3.12.0a0; python=3.12 excludes it"),
    (("python=3.12", "numpy=1.23"), 0, "win-64", "needs python <3.12.0a0; python=3.12 excludes it"),
    (("python=3.9", "xarray=2025"), 0, "osx-64", "needs python >=3.10"),
    (("dask=2025", "numpy=1.21"), 0, "linux-64", "needs numpy >=1.24"),
    (("python=3.13", "scikit-learn=1.3"), 0, "linux-64", "needs python <3.13.0a0"),
    (("pytorch=2.7=cuda*",), 20, "linux-64", "the machine is taken to have no __cuda"),
    (("python=3.6",), 50, "linux-aarch64", "no python fits python=3.6"),
    (("xarrray",), 20, "linux-64", "no package on conda-forge is called xarrray"),
    (("numba=0.63", "openssl=3.3", "rasterio=1.4"), 0, "linux-64", "no rasterio is left"),
    (("cartopy=0.25", "grpcio=1.78", "proj=9.4"), 0, "linux-64", "no cartopy is left"),
]


def asked(platform: Platform) -> tuple[SolveRequest, tuple[Dependency, ...]]:
    """Return the request for a published file of 135 lines, and its lines."""
    inputs = read_inputs([need_shared("pangeo", "pangeo-notebook", "environment.yml")], conda_only=True)
    sources = SourceOptions(snapshot=need_shared("channel"), offline=True)
    (request,) = make_plan(inputs, LockOptions(platforms=(platform,), sources=sources)).requests
    return request, inputs.environment.dependencies_on(platform)


def explained(
    texts: Sequence[str], harmless: int, platform: Platform
) -> tuple[PlatformConflicts, CorrectionSearch]:
    request, items = asked(platform)
    # Not those that belong to what is planted: Python and numpy are asked for by the planted lines alone.
    others = [item for item in items if item.spec.version is None][:harmless]
    planted = [line(text, 500 + number) for number, text in enumerate(texts)]
    # They stand between the others, as in a file that has grown.
    half = len(others) // 2
    whole = [*others[:half], *planted, *others[half:]]
    probe = Probe(replace(request, specs=tuple(item.spec for item in whole)), SOLVERS["rattler"])
    found = explain_platform(whole, probe)
    cores = tuple(conflict.core for conflict in found.conflicts)
    target = Target(items=tuple(whole), probe=probe, cores=cores)
    return found, find_corrections({platform: target}, most=1)


def blamed(conflict: Conflict) -> tuple[str, ...]:
    return tuple(map(str, conflict.members))


@pytest.mark.parametrize(
    ("texts", "harmless", "platform", "said"),
    PLANTED,
    ids=[f"{'+'.join(texts)}-{harmless}-{platform}" for texts, harmless, platform, _ in PLANTED],
)
def test_what_was_planted_is_blamed_and_mended(
    texts: tuple[str, ...], harmless: int, platform: str, said: str
) -> None:
    found, search = explained(texts, harmless, Platform(platform))
    assert found.complete
    (conflict,) = found.conflicts
    assert blamed(conflict) == texts
    assert conflict.core.minimal
    assert said in conflict.account.text
    assert not conflict.account.fault
    assert search.corrections
    for correction in search.corrections:
        assert {str(change.item) for change in correction.changes} <= set(texts)


def test_two_planted_conflicts_are_both_found() -> None:
    texts = ("numpy=2.0", "pandas=1.5", "pytorch=2.7=cuda*")
    found, search = explained(texts, 0, Platform.LINUX_64)
    assert [blamed(one) for one in found.conflicts] == [texts[2:], texts[:2]]
    assert {len(correction.changes) for correction in search.corrections} == {2}


def test_what_strict_priority_hides_in_recorded_channels_is_blamed(tmp_path: Path) -> None:
    file = tmp_path / "environment.yml"
    hidden = hidden_version()
    file.write_text(f"channels: [conda-forge, nvidia, nodefaults]\ndependencies:\n  - python\n  - {hidden}\n")
    options = LockOptions(
        platforms=(Platform.LINUX_64,),
        sources=SourceOptions(snapshot=need_shared("channel"), offline=True),
    )
    (platform,) = explain_files(file, options=options).platforms
    (conflict,) = platform.conflicts
    assert blamed(conflict) == (hidden,)
    assert "strict channel priority hides those of nvidia" in conflict.account.text


def hidden_version() -> str:
    """Return a spec that only the second of two channels fulfils, of a package that both have."""
    options = SourceOptions(snapshot=need_shared("channel"), offline=True)
    first, second = open_sources(
        expand_channels(["conda-forge", "nvidia"]), platforms=[Platform.LINUX_64], options=options
    )
    shared = first.package_names("linux-64") & second.package_names("linux-64")
    for name in sorted(shared):
        held = {one.version for subdir in ("linux-64", "noarch") for one in first.records(subdir, name)}
        for one in second.records("linux-64", name):
            if one.version not in held:
                return f"{name}=={one.version}"
    pytest.skip("no package of the second channel is hidden")


def test_the_page_of_the_docs_shows_what_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "explain.md").read_text(encoding="utf-8")
    command, _, shown = page.split("```console\n$ condaenv ")[1].split("```")[0].partition("\n")
    assert run(command.split()) == 1
    assert capsys.readouterr().out == shown


def test_the_broken_file_of_the_repository_is_explained_from_its_own_channel() -> None:
    snapshot = ROOT / "environments" / "channel"
    options = LockOptions(sources=SourceOptions(snapshot=snapshot, offline=True))
    found = explain_files(ROOT / "environments" / "broken" / "environment.yml", options=options)
    assert [one.platform for one in found.platforms] == ["linux-64", "osx-arm64"]
    for platform in found.platforms:
        (conflict,) = platform.conflicts
        assert blamed(conflict) == ("numpy=2.0", "pandas=1.5")
        assert conflict.account.text == ("every pandas 1.5 (1.5.3) needs numpy <2.0a0; numpy=2.0 excludes it")
    assert found.corrections
