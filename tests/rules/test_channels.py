"""Channels: mixtures, orders, spellings, and what the past has left."""

from __future__ import annotations

import pytest

from condaenv_tools.model.edit import apply_edits
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.rules import channels
from condaenv_tools.rules.case import Case


def run(text: str) -> list[Finding]:
    case = Case(parse_environment(text), text)
    return [finding for rule in channels.RULES for finding in rule.find(case)]


def listed(*names: str, specs: tuple[str, ...] = ("numpy",)) -> str:
    """A file with these channels and specs, a line each."""
    lines = "".join(f"  - {name}\n" for name in names)
    return f"channels:\n{lines}dependencies:\n" + "".join(f"  - {spec}\n" for spec in specs)


def codes(*names: str, specs: tuple[str, ...] = ("numpy",)) -> list[str]:
    return [finding.code for finding in run(listed(*names, specs=specs))]


@pytest.mark.parametrize(
    "names",
    [
        ("conda-forge", "nodefaults"),
        ("conda-forge", "bioconda", "nodefaults"),
        ("defaults",),
        ("nvidia", "conda-forge", "nodefaults"),
        ("robostack-staging", "conda-forge"),
        ("rapidsai-nightly", "rapidsai", "conda-forge"),
        ("https://mirror.example.org/conda-forge", "nodefaults"),
        ("somebody", "./channel", "https://host.example.org/$TOKEN/team"),
    ],
)
def test_ordinary_lists_have_no_finding(names: tuple[str, ...]) -> None:
    assert codes(*names) == []


@pytest.mark.parametrize(
    "names",
    [
        ("conda-forge", "defaults"),
        ("defaults", "conda-forge"),
        ("conda-forge", "pkgs/main"),
        ("conda-forge", "anaconda"),
        ("https://mirror.example.org/cloud/conda-forge/", "https://mirror.example.org/pkgs/main/"),
        ("https://conda.anaconda.org/conda-forge/label/testing", "defaults"),
    ],
)
def test_conda_forge_and_defaults_do_not_mix(names: tuple[str, ...]) -> None:
    (finding,) = [finding for finding in run(listed(*names)) if finding.code == "CE310"]
    assert finding.severity is Severity.WARNING
    assert ("hides" in finding.message) is (names[0] == "defaults")


def test_selectors_keep_defaults_and_conda_forge_apart() -> None:
    text = "channels:\n  - conda-forge  # [unix]\n  - defaults  # [win]\ndependencies: [numpy]\n"
    assert run(text) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("conda-forge", "defaults"), ("conda-forge", "nodefaults")),
        (("conda-forge", "defaults", "nodefaults"), ("conda-forge", "nodefaults")),
        (("defaults", "conda-forge", "anaconda"), ("nodefaults", "conda-forge")),
    ],
)
def test_the_fix_of_a_mixture_leaves_conda_forge_alone(
    before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    text = listed(*before)
    (finding,) = [finding for finding in run(text) if finding.code == "CE310"]
    assert finding.fix is not None
    assert not finding.fix.safe
    assert apply_edits(text, finding.fix.edits) == listed(*after)


def test_a_mixture_that_a_spec_asks_for_is_left_to_a_person() -> None:
    found = run(listed("conda-forge", "anaconda", specs=("anaconda::numpy",)))
    (finding,) = [finding for finding in found if finding.code == "CE310"]
    assert finding.fix is None
    assert finding.hint.endswith("; `anaconda::numpy` of line 5 asks for it by name")


def test_bioconda_stands_below_conda_forge() -> None:
    text = listed("bioconda", "conda-forge", "nodefaults")
    (finding,) = run(text)
    assert finding.code == "CE311"
    assert finding.hint == "put conda-forge first"
    assert finding.fix is not None
    assert apply_edits(text, finding.fix.edits) == listed("conda-forge", "bioconda", "nodefaults")
    assert codes("conda-forge", "bioconda", "conda-forge/label/testing") == []


@pytest.mark.parametrize(
    ("spec", "lacks"),
    [
        ("bioconda::samtools", "bioconda"),
        ("conda-forge::numpy", None),
        ("https://conda.anaconda.org/conda-forge::numpy", None),
        ("conda-forge/linux-64::numpy", None),
        ("numpy[channel=nvidia]", "nvidia"),
        ("numpy[channel='nvi*']", None),
    ],
)
def test_a_channel_of_a_spec_is_listed(spec: str, lacks: str | None) -> None:
    text = listed("conda-forge", specs=(spec, spec))
    found = [finding for finding in run(text) if finding.code == "CE312"]
    assert len(found) == (lacks is not None)
    for finding in found:
        assert f"`{lacks}` is not in the list" in finding.message
        assert finding.fix is not None
        assert not finding.fix.safe
        assert apply_edits(text, finding.fix.edits) == listed("conda-forge", str(lacks), specs=(spec, spec))


def test_without_a_list_no_channel_lacks_from_it() -> None:
    assert codes("nodefaults", specs=("bioconda::samtools",)) == []


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("intel", Severity.WARNING),
        ("pkgs/free", Severity.WARNING),
        ("conda-forge/label/broken", Severity.WARNING),
        ("conda-forge/label/cf202003", Severity.INFO),
        ("pytorch", Severity.INFO),
        ("https://mirror.example.org/anaconda/pkgs/free/", Severity.WARNING),
    ],
)
def test_channels_of_the_past(name: str, severity: Severity) -> None:
    found = [finding for finding in run(listed(name, specs=("pytorch",))) if finding.code == "CE313"]
    assert [finding.severity for finding in found] == [severity]


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("pytorch=1.12", False),
        ("pytorch<=2.5.1", False),
        ("pytorch>=2", True),
        ("pytorch", True),
        ("numpy", False),
    ],
)
def test_the_end_of_the_channel_pytorch_matters_to_newer_versions(spec: str, told: bool) -> None:  # noqa: FBT001
    assert ("CE313" in codes("pytorch", "nvidia", specs=(spec,))) is told


def test_nodefaults_does_not_take_defaults_back() -> None:
    assert codes("defaults", "nodefaults") == ["CE314"]


@pytest.mark.parametrize(
    ("one", "other", "phrase"),
    [
        ("conda-forge", "https://conda.anaconda.org/conda-forge/", "is the same channel as"),
        ("defaults", "https://repo.anaconda.com/pkgs/main", "is a part of"),
        ("a", "https://conda.anaconda.org/a/noarch", "is the same channel as"),
    ],
)
def test_one_channel_in_two_spellings(one: str, other: str, phrase: str) -> None:
    text = listed(one, other, "b")
    (finding,) = [finding for finding in run(text) if finding.code == "CE315"]
    assert phrase in finding.message
    assert finding.fix is not None
    assert finding.fix.safe
    assert apply_edits(text, finding.fix.edits) == listed(one, "b")


def test_what_a_person_has_remarked_on_a_line_is_not_removed() -> None:
    text = "channels:\n  - a\n  - https://conda.anaconda.org/a  # the same\ndependencies: [numpy]\n"
    (finding,) = run(text)
    assert finding.fix is None


@pytest.mark.parametrize(
    ("names", "specs", "told"),
    [
        (("conda-forge", "pytorch"), ("pytorch", "pytorch-cuda=12.1"), True),
        (("conda-forge", "pytorch"), ("pytorch", "cpuonly"), True),
        (("pytorch", "conda-forge"), ("pytorch", "cpuonly"), False),
        (("conda-forge", "pytorch"), ("pytorch::pytorch", "cpuonly"), False),
        (("conda-forge",), ("pytorch", "cpuonly"), False),
    ],
)
def test_what_steers_pytorch_needs_its_channel_above(
    names: tuple[str, ...],
    specs: tuple[str, ...],
    told: bool,  # noqa: FBT001
) -> None:
    assert ("CE316" in codes(*names, specs=specs)) is told


def test_credentials_are_not_told() -> None:
    text = listed("https://me:hunter2@host.example.org/a", "https://host.example.org/a")
    assert [finding.code for finding in run(text)] == ["CE315"]
    assert not any("hunter2" in f"{finding}{finding.fix}" for finding in run(text))
