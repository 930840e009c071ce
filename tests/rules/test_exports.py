"""Exports of a whole environment, and what of them was asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.model.channel import Channel
from condaenv_tools.model.edit import apply_edits
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.rules import exports
from condaenv_tools.rules.case import Case
from tests.builders import record

#: What each package of the toy channel depends on.
DEPENDS = {
    "python": ("openssl", "readline", "xz", "bzip2", "pip", "libzlib"),
    "pip": ("python", "setuptools"),
    "setuptools": ("python",),
    "numpy": ("python", "libblas"),
    "libblas": ("libgcc-ng",),
    "libgcc-ng": ("_libgcc_mutex",),
    "_libgcc_mutex": (),
    "openssl": ("ca-certificates", "libgcc-ng"),
    "ca-certificates": (),
    "readline": ("ncurses",),
    "ncurses": (),
    "xz": (),
    "bzip2": (),
    "libzlib": (),
    "scipy": ("numpy >=1.2", "python"),
    "chicken": ("egg",),
    "egg": ("chicken",),
}


class Toy:
    """One channel, in which each package has two builds, the newer of which depends on what `DEPENDS` says."""

    channels: tuple[Channel, ...] = ()
    platforms = (Platform.LINUX_64, Platform.WIN_64)

    def names(self, platform: Platform) -> frozenset[str]:
        return frozenset(DEPENDS) if platform is Platform.LINUX_64 else frozenset()

    def records(self, platform: Platform, name: str) -> tuple[PackageRecord, ...]:
        if name not in self.names(platform):
            return ()
        return (
            record(name, "1.0.0", build="h1_0"),
            record(name, "1.0.0", *DEPENDS[name], build="h1_1", build_number=1),
        )


def export_of(*names: str, build: str = "=h1_1") -> str:
    return "dependencies:\n" + "".join(f"  - {name}=1.0.0{build}\n" for name in names)


def run(text: str, *, records: bool = True) -> list[Finding]:
    case = Case(parse_environment(text), text, evidence=Toy() if records else None)
    return [finding for rule in exports.RULES for finding in rule.find(case)]


def test_an_export_is_told_with_its_numbers() -> None:
    (finding,) = run(export_of(*DEPENDS), records=False)
    assert finding.code == "CE512"
    assert finding.message == (
        "this is an export of a whole environment: 17 of 17 lines name an exact version, and at least 10 of "
        "them are libraries that nobody asks for by name (libblas, libgcc-ng, _libgcc_mutex, openssl, ...)"
    )


@pytest.mark.parametrize(
    "names",
    [
        [f"package{n}" for n in range(30)],
        ["openssl", "readline", "xz", "bzip2", "numpy"],
        ["openssl", "xz", "zlib", *(f"package{n}" for n in range(30))],
    ],
    ids=["pinned by hand", "short", "with three libraries"],
)
def test_what_a_person_has_written_is_no_export(names: list[str]) -> None:
    assert run(export_of(*names)) == []


def test_many_open_bounds_are_no_export() -> None:
    assert run("dependencies:\n" + "".join(f"  - {name}>=1\n" for name in DEPENDS)) == []


@pytest.mark.parametrize("build", ["=h1_1", "=h9_9", ""], ids=["exact", "vanished", "none"])
def test_the_leaves_of_an_export_are_left(build: str) -> None:
    text = export_of(*DEPENDS, build=build)
    finding = next(finding for finding in run(text) if finding.code == "CE513")
    assert finding.fix is not None
    assert not finding.fix.safe
    assert apply_edits(text, finding.fix.edits) == export_of("python", "pip", "scipy", "chicken", build=build)
    assert finding.message.startswith("13 of 17 lines are brought along by others (setuptools, numpy, ")
    assert finding.message.endswith("without them 4 are left")


def test_what_has_no_record_stays() -> None:
    text = export_of(*DEPENDS) + "  - unknown=1.0.0=h1_1\n"
    finding = next(finding for finding in run(text) if finding.code == "CE513")
    assert finding.fix is not None
    assert "unknown" in apply_edits(text, finding.fix.edits)


def test_the_last_line_of_a_file_goes_too() -> None:
    text = export_of(*DEPENDS).removesuffix("\n")
    finding = next(finding for finding in run(text) if finding.code == "CE513")
    assert finding.fix is not None
    assert "egg" not in apply_edits(text, finding.fix.edits)


@given(st.permutations(list(DEPENDS)))
def test_what_stays_brings_along_what_goes_and_each_line_is_needed(order: list[str]) -> None:
    text = export_of(*order)
    finding = next(finding for finding in run(text) if finding.code == "CE513")
    assert finding.fix is not None
    environment = parse_environment(apply_edits(text, finding.fix.edits)).environment
    assert environment is not None
    kept = [item.name for item in environment.dependencies]
    assert kept == [name for name in order if name in kept]
    assert brought(kept) == set(DEPENDS)
    assert {"python", "pip"} <= set(kept)
    for name in set(kept) - {"python", "pip"}:
        assert name not in brought([other for other in kept if other != name])


def brought(names: list[str]) -> set[str]:
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += [text.split()[0] for text in DEPENDS[name]]
    return found
