"""From files and options to requests: channels, platforms, machines, and what several files say together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.errors import ParseError
from condaenv_tools.jobs.plan import LockOptions, Plan, make_plan, read_inputs
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.model.virtual import VirtualPackage

Planner = Callable[..., Plan]
LINUX, MAC = Platform.LINUX_64, Platform.OSX_ARM64


@pytest.fixture
def plan(tmp_path: Path) -> Planner:
    """Plan some texts; no channel is asked for that."""

    def make(*texts: str, **settings: object) -> Plan:
        paths = []
        for index, text in enumerate(texts):
            paths.append(tmp_path / f"{index}.yml")
            paths[-1].write_text(text, encoding="utf-8")
        options = LockOptions(sources=SourceOptions(offline=True), **settings)  # type: ignore[arg-type]
        return make_plan(read_inputs(paths, conda_only=options.conda_only), options)

    return make


def specs_on(plan: Plan, platform: Platform) -> list[str]:
    (request,) = (r for r in plan.requests if r.platform is platform)
    return [str(spec) for spec in request.specs]


def names(plan: Plan) -> list[str]:
    return [channel.name for channel in plan.channels]


def test_platforms_of_the_file_count_sorted(plan: Planner) -> None:
    found = plan("channels: [toy]\nplatforms: [osx-arm64, linux-64]\ndependencies: [a]\n")
    assert [r.platform for r in found.requests] == [LINUX, MAC]


def test_options_replace_the_platforms_of_the_file(plan: Planner) -> None:
    found = plan("channels: [toy]\nplatforms: [linux-64]\ndependencies: [a]\n", platforms=(MAC,))
    assert [r.platform for r in found.requests] == [MAC]


def test_no_platform_anywhere_is_the_five(plan: Planner) -> None:
    found = plan("channels: [toy]\ndependencies: [a]\n")
    assert [r.platform for r in found.requests] == sorted(DEFAULT_PLATFORMS)


def test_selectors_decide_platform_by_platform(plan: Planner) -> None:
    found = plan(
        "channels: [toy]\nplatforms: [linux-64, osx-arm64]\ndependencies:\n  - a\n  - b  # [linux]\n"
    )
    assert specs_on(found, LINUX) == ["a", "b"]
    assert specs_on(found, MAC) == ["a"]


def test_several_files_are_merged_in_order(plan: Planner) -> None:
    found = plan(
        "channels: [one, two]\nplatforms: [linux-64]\ndependencies: [a]\n",
        "channels: [two, three]\nplatforms: [linux-64]\ndependencies: [b]\n",
    )
    assert names(found) == ["one", "two", "three"]
    assert specs_on(found, LINUX) == ["a", "b"]


def test_the_same_package_in_two_files_must_be_what_both_ask(plan: Planner) -> None:
    found = plan(
        "channels: [toy]\nplatforms: [linux-64]\ndependencies: ['a >=1']\n",
        "channels: [toy]\nplatforms: [linux-64]\ndependencies: ['a <3']\n",
    )
    assert set(specs_on(found, LINUX)) in ({"a[version='>=1']", "a[version='<3']"}, {"a[version='>=1,<3']"})


def test_nodefaults_is_no_channel(plan: Planner) -> None:
    assert names(plan("channels: [toy, nodefaults]\ndependencies: [a]\n")) == ["toy"]


def test_nothing_is_appended_to_the_channels_of_the_file(plan: Planner) -> None:
    assert names(plan("channels: [toy]\ndependencies: [a]\n")) == ["toy"]


def test_defaults_is_expanded_to_read_and_stays_one_to_write(plan: Planner) -> None:
    found = plan("channels: [defaults]\nplatforms: [linux-64, win-64]\ndependencies: [a]\n")
    assert names(found) == ["pkgs/main", "pkgs/r", "pkgs/msys2"]
    linux = next(r for r in found.requests if r.platform is LINUX)
    assert [source.channel.name for source in linux.sources] == ["pkgs/main", "pkgs/r"]
    assert found.channel_texts == ("defaults",)


@pytest.mark.parametrize("channels", ["", "channels: []\n", "channels: [nodefaults]\n"])
def test_no_channel_is_conda_forge_and_is_said(plan: Planner, channels: str) -> None:
    found = plan(f"{channels}dependencies: [a]\n")
    assert names(found) == ["conda-forge"]
    (finding,) = found.findings
    assert finding.code == "CE301"
    assert finding.message == "no channel is named anywhere; conda-forge is used"


def test_options_replace_the_channels_of_the_file(plan: Planner) -> None:
    found = plan("channels: [toy]\ndependencies: [a]\n", channels=("other", "toy"))
    assert names(found) == ["other", "toy"]
    assert found.findings == ()


def test_a_channel_that_only_a_spec_names_comes_last(plan: Planner) -> None:
    found = plan("channels: [toy]\ndependencies: [a, 'other::b']\n")
    assert names(found) == ["toy", "other"]


def test_a_channel_that_only_a_spec_names_does_not_replace_the_default(plan: Planner) -> None:
    assert names(plan("dependencies: [a, 'other::b']\n")) == ["conda-forge", "other"]


def test_a_local_channel_is_relative_to_the_file(plan: Planner, tmp_path: Path) -> None:
    (tmp_path / "local" / "noarch").mkdir(parents=True)
    (tmp_path / "local" / "noarch" / "repodata.json").write_text("{}")
    found = plan("channels: [./local]\ndependencies: [a]\n")
    assert found.channels[0].url == (tmp_path / "local").as_uri()


# --- machines


def machine(plan: Plan, platform: Platform = LINUX) -> dict[str, str]:
    (request,) = (r for r in plan.requests if r.platform is platform)
    return {v.name: v.version for v in request.virtual_packages}


TWO = "channels: [toy]\nplatforms: [linux-64, osx-arm64]\ndependencies: [a]\n"


def test_no_cuda_is_assumed(plan: Planner) -> None:
    assert machine(plan(TWO)) == {"__archspec": "1", "__glibc": "2.28", "__linux": "5.15", "__unix": "0"}


def test_a_file_of_virtual_packages_keeps_the_defaults_it_does_not_list(
    plan: Planner, tmp_path: Path
) -> None:
    table = tmp_path / "virtual.yml"
    table.write_text('subdirs: {linux-64: {packages: {__cuda: "12.0", __glibc: "2.34"}}}\n')
    found = plan(TWO, virtual_package_spec=table)
    assert machine(found)["__cuda"] == "12.0"
    assert machine(found)["__glibc"] == "2.34"
    assert machine(found)["__unix"] == "0"
    assert "__cuda" not in machine(found, MAC)
    assert found.virtual_package_table is not None


def test_what_is_stated_wins_over_the_file(plan: Planner, tmp_path: Path) -> None:
    table = tmp_path / "virtual.yml"
    table.write_text('subdirs: {linux-64: {packages: {__cuda: "12.0"}}}\n')
    stated = (VirtualPackage.parse("__cuda=11.8"),)
    found = plan(TWO, virtual_package_spec=table, virtual_packages=stated)
    assert machine(found)["__cuda"] == "11.8"
    assert machine(found, MAC)["__cuda"] == "11.8"


# --- the pip section


PIP = (
    "channels: [toy]\nplatforms: [linux-64]\ndependencies:\n  - a\n  - pip\n  - pip:\n    - x >=1\n    - y\n"
)


def test_a_pip_section_may_be_left_out(plan: Planner) -> None:
    found = plan(PIP, conda_only=True)
    assert specs_on(found, LINUX) == ["a", "pip"]
    (finding,) = found.findings
    assert (finding.code, finding.severity.value) == ("CE490", "warning")


def test_faults_of_a_pip_section_that_is_left_out_do_not_count(plan: Planner) -> None:
    broken = PIP.replace("x >=1", "x >=")
    with pytest.raises(ParseError):
        plan(broken)
    assert specs_on(plan(broken, conda_only=True), LINUX) == ["a", "pip"]


def test_a_pip_section_of_another_platform_is_no_hindrance(plan: Planner) -> None:
    text = "channels: [toy]\nplatforms: [linux-64]\ndependencies:\n  - a\n  - pip:\n    - x  # [win]\n"
    assert specs_on(plan(text), LINUX)[0] == "a"


def test_every_error_of_every_file_is_told_at_once(plan: Planner) -> None:
    bad = "channels: [toy]\ndependencies:\n  - 'a =='\n  - 'b =='\n"
    with pytest.raises(ParseError) as caught:
        plan(bad, bad)
    assert len(caught.value.findings) == 4
    assert [str(caught.value).count(f"{i}.yml:{line}:") for i in (0, 1) for line in (3, 4)] == [1, 1, 1, 1]
