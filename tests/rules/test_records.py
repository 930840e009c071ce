"""What only records show: versions, builds and channels that are not there, or not everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.channels.source import SourceOptions, open_sources
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.platform import DEFAULT_PLATFORMS
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.rules import names, records
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.channel_evidence import channel_evidence
from tests.rules.toy_evidence import LINUX, OSX, WIN, ToyEvidence, fixed, found, told

#: The rules of this test.
RULES = (*names.RULES, *records.RULES)
HEAD = "channels: [conda-forge, extra]\nplatforms: [linux-64, osx-arm64, win-64]\ndependencies:\n"


def file(*specs: str, head: str = HEAD) -> str:
    return head + "".join(f"  - {spec}\n" for spec in specs)


NUMPY = ToyEvidence({"conda-forge": [f"numpy {v}" for v in ("1.21.6", "1.26.4", "2.0.0", "2.1.0", "2.3.4")]})


@pytest.mark.parametrize(
    ("spec", "message", "hint"),
    [
        (
            "numpy=1.99",
            (
                "no numpy fulfils `numpy=1.99` on any platform: conda-forge has 1.21.6 to 2.3.4, next to"
                " it 1.26.4 and"
                " 2.0.0"
            ),
            "write numpy=1.26.4 or numpy=2.0.0",
        ),
        (
            "numpy==2.5",
            "no numpy fulfils `numpy==2.5` on any platform: conda-forge has 1.21.6 to 2.3.4",
            "write numpy=2.3.4, or take it from the pip section if PyPI is ahead",
        ),
        (
            "numpy<1.20",
            "no numpy fulfils `numpy<1.20` on any platform: conda-forge has 1.21.6 to 2.3.4",
            "let the line allow 1.21.6",
        ),
        (
            "numpy>=1.27,<2",
            (
                "no numpy fulfils `numpy>=1.27,<2` on any platform: conda-forge has 1.21.6 to 2.3.4,"
                " next to it 1.26.4"
                " and 2.0.0"
            ),
            "let the line allow 1.26.4 or 2.0.0",
        ),
        (
            "numpy==1.26",
            (
                "no numpy fulfils `numpy==1.26` on any platform: conda-forge has 1.21.6 to 2.3.4, next"
                " to it 1.21.6"
                " and 1.26.4"
            ),
            "write numpy=1.26 for every release that begins so",
        ),
        (
            "numpy=1.99=py3*",
            (
                "no numpy fulfils `numpy=1.99=py3*` on any platform: conda-forge has 1.21.6 to 2.3.4,"
                " next to it"
                " 1.26.4 and 2.0.0"
            ),
            "write numpy=1.26.4 or numpy=2.0.0",
        ),
        (
            "numpy=latest",
            "no numpy fulfils `numpy=latest` on any platform: conda-forge has 1.21.6 to 2.3.4",
            "write numpy=2.3.4",
        ),
    ],
)
def test_a_version_that_no_channel_has(spec: str, message: str, hint: str) -> None:
    assert told(file(spec), NUMPY) == [f"4 CE220 error: {message} | {hint}"]


@pytest.mark.parametrize(
    "spec",
    ["numpy", "numpy=2", "numpy>=1.26,<2", "numpy=1.26.4=0", "num*", "__glibc>=2.28", "numpy[build=0]"],
)
def test_what_exists_is_no_finding(spec: str) -> None:
    assert told(file(spec), NUMPY) == []


def test_few_versions_are_named_and_one_platform_is_told() -> None:
    evidence = ToyEvidence({"conda-forge": ["a 1", "a 2"], "extra": ["a 3"]}, [LINUX])
    assert told(file("a=9"), evidence) == [
        "4 CE220 error: no a fulfils `a=9` on linux-64: conda-forge and extra have 1, 2 and 3 | write a=3"
    ]


def test_a_lost_zero_is_told_with_the_records_and_not_twice() -> None:
    evidence = ToyEvidence(
        {"conda-forge": ["a 1.9", "a 1.10", "a 1.12", "a 1.13", "python 3.10.4", "python 3.12"]}
    )
    text = file("a=1.1")
    (finding,) = found(text, evidence)
    assert finding.remark == "did a YAML tool drop the zero of 1.10?"
    assert finding.fix is not None
    assert not finding.fix.safe
    assert fixed(text, finding) == file("a=1.10")
    assert found(fixed(text, finding), evidence) == []
    text = file("python=3.1")
    assert [one.code for one in parse_environment(text).findings if one.code == "CE204"] == ["CE204"]
    assert found(text, evidence) == []


def test_what_the_text_excludes_is_left_to_the_rules_on_texts() -> None:
    assert found(file("numpy>3,<2"), NUMPY) == []
    assert found(file("numpy>2", "numpy<1"), NUMPY, "CE222") == []


def test_a_build_that_no_channel_has() -> None:
    evidence = ToyEvidence({"conda-forge": [f"numpy 2.0 py3{v}h1234567_{v}" for v in range(9, 15)]})
    text = file("numpy=2.0=py38h7654321_0")
    (finding,) = found(text, evidence)
    assert finding.message == (
        "no build of numpy 2.0 is py38h7654321_0 on any platform: there are py310*, py311*, py312* and 3 more"
    )
    assert finding.fix is not None
    assert not finding.fix.safe
    assert fixed(text, finding) == file("numpy=2.0")
    assert found(fixed(text, finding), evidence) == []


def test_many_builds_that_are_not_there_are_one_fault() -> None:
    evidence = ToyEvidence({"conda-forge": [f"lib{letter} 1 h1" for letter in "abcdefg"]})
    text = file(*(f"lib{letter}=1=h0" for letter in "abcdefg"))
    (finding,) = found(text, evidence)
    assert finding.message == "7 builds of this file are not in conda-forge: liba, libb, libc and 4 more"
    assert finding.hint == "leave the builds out, and let a lock keep them"


def test_a_build_is_not_left_out_where_that_shows_another_fault() -> None:
    evidence = ToyEvidence({"conda-forge": ["xz 5.8 h1 linux-64", "xz 5.6 h1 osx-arm64 win-64"]})
    (finding,) = found(file("xz=5.8=h0"), evidence, "CE221")
    assert finding.fix is None


def test_builds_that_differ_by_hash_alone_are_named_or_counted() -> None:
    evidence = ToyEvidence({"conda-forge": ["xz 5.8 h1234567_0", "xz 5.8 h7654321_0"]})
    (finding,) = found(file("xz=5.8=h0000000_0"), evidence)
    assert finding.message.endswith("there are h1234567_0 and h7654321_0")
    evidence = ToyEvidence({"conda-forge": [f"xz 5.8 h123456{n}_0" for n in range(9)]})
    (finding,) = found(file("xz=5.8=h0000000_0"), evidence)
    assert finding.message.endswith("there are 9 others")


def test_an_exact_build_of_one_platform_is_no_fault_of_the_others() -> None:
    evidence = ToyEvidence({"conda-forge": ["xz 5.8 h1 linux-64", "xz 5.8 h2 osx-arm64 win-64"]})
    assert found(file("xz=5.8=h1"), evidence) == []


def test_other_conditions_may_leave_nothing() -> None:
    (finding,) = found(file("numpy[version=2.0.0,build_number=7]"), NUMPY)
    assert (finding.code, finding.message) == (
        "CE221",
        "no build of numpy on any platform is all that `numpy[version=2.0.0,build_number=7]` asks for",
    )


def test_lines_that_no_release_fulfils_together() -> None:
    assert told(file("numpy>2.1", "numpy<2.3"), NUMPY) == [
        (
            "5 CE222 error: no numpy fulfils both `numpy<2.3` and `numpy>2.1` of line 4 on any platform:"
            " conda-forge"
            " has 1.21.6 to 2.3.4, of which line 4 allows only 2.3.4, and this one 1.21.6 to 2.1.0"
            " | keep one of lines 4 and 5"
        )
    ]
    assert told(file("numpy>2.0", "numpy<2.3"), NUMPY) == []
    assert told(file("numpy>2.1  # [linux]", "numpy<2.3  # [osx]"), NUMPY, "CE222") == []


def test_builds_and_channels_that_the_text_excludes_are_left_to_another_rule() -> None:
    evidence = ToyEvidence({"conda-forge": ["a 1 h1", "a 1 h2"], "extra": ["a 1 h3"]})
    assert found(file("a=1=h1", "a=1=h2"), evidence, "CE222") == []
    assert found(file("conda-forge::a", "extra::a"), evidence, "CE222") == []


def test_more_lines_of_one_package_than_anybody_writes_are_passed_over() -> None:
    lines = [f"numpy>{minor}" if minor % 2 else f"numpy<{minor}.9" for minor in range(30)]
    assert found(file(*lines), NUMPY, "CE222") == []


def test_a_package_that_some_platforms_lack() -> None:
    evidence = ToyEvidence({"conda-forge": ["lib 1 0 linux-64 osx-arm64", "a 1"]})
    text = file("lib", "a  # [unix]")
    (finding,) = found(text, evidence)
    assert str(finding) == (
        "e.yml:4:5: warning CE223: no channel has lib for win-64, only for linux-64 and osx-arm64\n"
        "  4 │   - lib\n"
        "    │     ^^^\n"
        "  hint: put # [unix] behind it, which conda-lock reads as well"
    )
    assert finding.fix is not None
    assert not finding.fix.safe
    assert fixed(text, finding) == file("lib  # [unix]", "a  # [unix]")
    assert found(fixed(text, finding), evidence) == []
    after = {one.code for one in parse_environment(fixed(text, finding)).findings}
    assert after == {one.code for one in parse_environment(text).findings}


@pytest.mark.parametrize("lines", [("lib",), ("lib  # why", "a  # [unix]"), ("'lib'", "a  # [unix]")])
def test_a_first_selector_and_a_line_with_a_comment_are_left_to_people(lines: tuple[str, ...]) -> None:
    evidence = ToyEvidence({"conda-forge": ["lib 1 0 linux-64 osx-arm64", "a 1"]})
    (finding,) = found(file(*lines), evidence)
    assert finding.code == "CE223"
    assert finding.fix is None


def test_the_selector_is_written_as_the_file_writes_its_own() -> None:
    evidence = ToyEvidence({"conda-forge": ["lib 1 0 linux-64", "a 1"]})
    (finding,) = found(file("lib=1", "sel(osx): a"), evidence)
    assert finding.hint == "write `- sel(linux): lib=1`"
    assert finding.fix is None


def test_what_no_word_says_is_said_otherwise() -> None:
    evidence = ToyEvidence({"conda-forge": ["lib 1 0 linux-64 win-64"]})
    (finding,) = found(file("lib"), evidence)
    assert finding.hint == "give the line a selector, or take the other platforms out"
    (finding,) = found(file("lib", head="dependencies:\n"), evidence)
    assert finding.hint == "write `platforms: [linux-64, win-64]` if the file is for these alone"


def test_assumed_platforms_are_worth_knowing_and_many_lines_are_told_as_one() -> None:
    held = [f"lib{letter} 1 0 linux-64" for letter in "abcde"]
    evidence = ToyEvidence({"conda-forge": held}, DEFAULT_PLATFORMS)
    names = [f"lib{letter}" for letter in "abcde"]
    assert told(file(*names, head="dependencies:\n"), evidence) == [
        (
            "2 CE223 info: 5 packages of this file do not exist on every platform: liba, libb, libc and"
            " 2 more; "
            "linux-64 has all of them | write `platforms: [linux-64]`, or give such lines selectors"
        )
    ]
    assert [one[:16] for one in told(file(*names), evidence)] == [f"{n} CE223 warning:" for n in range(4, 9)]


def test_a_version_that_some_platforms_lack() -> None:
    evidence = ToyEvidence({"conda-forge": ["a 1 0 linux-64 win-64", "a 2", "a 3"]})
    assert told(file("a=1"), evidence) == [
        (
            "4 CE224 warning: `a=1` does not exist on osx-arm64: conda-forge has 2 and 3 there"
            " | a 2 exists wherever a does"
        )
    ]
    assert told(file("a=1  # [not osx]"), evidence) == []


def test_a_kind_of_build_that_some_platforms_lack() -> None:
    held = [
        "lib 2 cuda12_h1234567_0 linux-64 win-64",
        "lib 2 cpu_h1234567_0 osx-arm64",
        "lib 2 cpu_1 linux-64",
    ]
    assert told(file("lib=2=cuda*"), ToyEvidence({"conda-forge": held})) == [
        (
            "4 CE224 warning: lib has no build cuda* on osx-arm64: there are cpu_*"
            " | give the line a selector, and add one for the other platforms"
        )
    ]
    assert found(file("lib=2=cuda*  # [not osx]"), ToyEvidence({"conda-forge": held})) == []


def test_a_channel_that_lacks_what_is_asked_of_it() -> None:
    evidence = ToyEvidence({"conda-forge": ["a 1"], "extra": ["b 1"]})
    assert told(file("extra::a", "extra::b"), evidence) == [
        (
            "4 CE225 error: channel extra has no package a on any platform; conda-forge has"
            " | write conda-forge::a, or no channel"
        )
    ]


def test_a_version_of_the_named_channel_alone_counts() -> None:
    evidence = ToyEvidence({"conda-forge": ["a 1"], "extra": ["a 2"]})
    assert [one.code for one in found(file("extra::a=1"), evidence)] == ["CE220"]
    assert found(file("extra::a=2"), evidence) == []


def test_strict_priority_hides_a_channel_behind_another() -> None:
    evidence = ToyEvidence({"conda-forge": ["a 1"], "extra": ["a 2"]})
    assert told(file("a=2"), evidence) == [
        (
            "4 CE226 error: `a=2` is in channel extra alone, which strict priority hides: conda-forge"
            " has only 1"
            " | write extra::a, or list extra before conda-forge"
        )
    ]
    assert found(file("a=1", "a"), evidence) == []


def test_what_is_hidden_on_some_platforms_is_a_warning() -> None:
    evidence = ToyEvidence({"conda-forge": ["a 1", "a 2 0 linux-64 win-64"], "extra": ["a 2"]})
    assert told(file("a=2"), evidence) == [
        (
            "4 CE226 warning: `a=2` is in channel extra alone on osx-arm64, which strict priority hides:"
            " conda-forge"
            " has only 1 | write extra::a, or list extra before conda-forge"
        )
    ]


def test_noarch_counts_everywhere_and_selectors_narrow_what_is_asked() -> None:
    evidence = ToyEvidence({"conda-forge": ["pure 1", "lib 1 0 win-64"]})
    assert found(file("pure=1", "lib  # [win]"), evidence) == []


def test_versions_that_are_none_are_passed_over() -> None:
    evidence = ToyEvidence({"conda-forge": ["a 1", "a not~a~version"]}, [WIN])
    assert told(file("a=2"), evidence) == [
        "4 CE220 error: no a fulfils `a=2` on win-64: conda-forge has only 1 | write a=1"
    ]


def test_a_file_without_findings_stays_so_after_every_safe_fix() -> None:
    evidence = ToyEvidence({"conda-forge": ["pytorch 2", "pyyaml 6", "scikit-learn 1"]}, [LINUX, OSX])
    text = file("torch=2", "PyYAML", "sklearn")
    while safe := [one for one in found(text, evidence) if one.fix and one.fix.safe]:
        text = fixed(text, safe[0])
    assert text == file("pytorch=2", "pyyaml", "scikit-learn")
    assert found(text, evidence) == []


CURATED = sorted((Path(__file__).parents[2] / "environments").glob("*/environment.yml"))


@pytest.mark.parametrize("path", CURATED, ids=lambda path: path.parent.name)
def test_the_environments_of_this_repository_are_held_by_its_recorded_channel(
    path: Path, tmp_path: Path
) -> None:
    text = path.read_text(encoding="utf-8")
    parsed = parse_environment(text, path=str(path))
    assert parsed.environment is not None
    platforms = [item.platform for item in parsed.environment.platforms] or list(DEFAULT_PLATFORMS)
    channels = expand_channels(item.text for item in parsed.environment.channels)
    options = SourceOptions(snapshot=path.parents[1] / "channel", offline=True, cache_dir=tmp_path)
    sources = open_sources(channels, platforms=platforms, options=options)
    evidence = channel_evidence(sources, platforms, parsed.environment)
    for known in (None, evidence):
        case = Case(parsed, text, evidence=known)
        assert [one for rule in RULES if known or not rule.needs_records for one in rule.find(case)] == []
