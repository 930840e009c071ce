"""From solutions to a lock: roots, categories, metadata, and the same lock in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from condaenv_tools.lock.build import LockInputs, build_lock, dependency_name, reachable_names, roots_of
from condaenv_tools.lock.channel_names import bare_url, lock_channel
from condaenv_tools.lock.conda_lock_v1 import CondaLockV1
from condaenv_tools.lock.content_hash import HashOptions, content_hashes
from condaenv_tools.lock.verify import verify
from condaenv_tools.model.environment import Dependency, Environment, PipItem, PipKind
from condaenv_tools.model.lock import LockChannel, LockedPackage, Root
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.selector import Selector
from condaenv_tools.model.solution import Solution
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.model.virtual import default_virtual_packages
from tests.lock.toy_locks import LINUX, MAC, conda, pip


def span(path: str, line: int) -> SourceSpan:
    return SourceSpan(path=path, line=line, column=3)


def environment(
    path: str, *specs: str, only: dict[str, Selector] | None = None, **fields: Any
) -> Environment:
    dependencies = tuple(
        Dependency(
            text=text, spec=MatchSpec.parse(text), span=span(path, 5 + i), selector=(only or {}).get(text)
        )
        for i, text in enumerate(specs)
    )
    return Environment(sources=(path,), dependencies=dependencies, **fields)


def record(package: LockedPackage) -> PackageRecord:
    assert isinstance(package.record, PackageRecord)
    return package.record


RECORDS = (
    conda("black 25.1 pyh_0", "python", "click", subdir="noarch"),
    conda("click 8 pyh_0", "python", subdir="noarch"),
    conda("python 3.12", "libffi >=3", "pip"),
    conda("pip 25 pyh_0", "python", subdir="noarch"),
    conda("libffi 3.4"),
)
MAIN = environment("/w/environment.yml", "python=3.12")
DEV = environment("/w/dev/environment.yml", "black", "python", category="dev")


def solution(platform: Any = LINUX, *, virtual: Any = None) -> Solution:
    found = [
        replace(record(p), subdir=platform.value, url=record(p).url.replace("linux-64", platform.value))
        if record(p).subdir != "noarch"
        else record(p)
        for p in RECORDS
    ]
    return Solution(
        platform=platform,
        records=tuple(sorted(found, key=lambda r: r.name)),
        virtual_packages=default_virtual_packages(platform) if virtual is None else virtual,
    )


def inputs(*files: Environment, **fields: Any) -> LockInputs:
    hashing = fields.pop("hashing", HashOptions())
    return LockInputs(
        files=files,
        sources=tuple(f.sources[0].removeprefix("/w/") for f in files),
        channels=(LockChannel(url="conda-forge"),),
        hashing=hashing,
        **fields,
    )


def test_a_lock_of_two_files() -> None:
    lock = build_lock([solution(MAC), solution()], inputs(MAIN, DEV))
    assert [p.platform for p in lock] == [LINUX, MAC]
    part = lock.on(LINUX)
    assert part.roots == (
        Root(name="python", spec="python=3.12", source="environment.yml:5"),
        Root(name="black", spec="black", source="dev/environment.yml:5", category="dev"),
        Root(name="python", spec="python", source="dev/environment.yml:6", category="dev"),
    )
    assert {p.name: (p.categories, p.optional) for p in part.packages} == {
        "black": (("dev",), True),
        "click": (("dev",), True),
        "libffi": (("dev", "main"), False),
        "pip": (("dev", "main"), False),
        "python": (("dev", "main"), False),
    }
    assert part.virtual_packages == default_virtual_packages(LINUX)
    assert part.content_hash == content_hashes([MAIN, DEV], [LINUX])[LINUX]
    assert lock.sources == ("environment.yml", "dev/environment.yml")
    assert verify(lock).ok


def test_the_order_of_solutions_does_not_count() -> None:
    form = CondaLockV1()
    one = build_lock([solution(), solution(MAC)], inputs(MAIN, DEV))
    two = build_lock([solution(MAC), solution()], inputs(MAIN, DEV))
    assert one == two
    assert form.dumps(one) == form.dumps(two)
    assert form.loads(form.dumps(one)) == form.kept(one)


def test_a_selector_counts_where_it_holds() -> None:
    only = {"black": Selector(text="linux", dialect="comment", platforms=frozenset({LINUX}))}
    file = environment("/w/e.yml", "python", "black", only=only)
    assert [r.name for r in roots_of([file], ["e.yml"], LINUX)] == ["python", "black"]
    assert [r.name for r in roots_of([file], ["e.yml"], MAC)] == ["python"]


PIPS = tuple(
    PipItem(text=text, kind=kind, name=name, span=span("/w/e.yml", 9 + i))
    for i, (text, kind, name) in enumerate(
        [
            ("Requests>=2", PipKind.REQUIREMENT, "requests"),
            ("--pre", PipKind.OPTION, None),
            ("-e .", PipKind.EDITABLE, None),
            ("x @ https://me:hunter2@files.example.org/x.whl", PipKind.URL, "x"),
        ]
    )
)


def test_pip_lines_are_roots_unless_they_are_left_out() -> None:
    file = environment("/w/e.yml", "python", pip=PIPS, has_pip_section=True)
    found = roots_of([file], ["e.yml"], LINUX)
    assert [(r.manager, r.name, r.source) for r in found[1:]] == [
        ("pip", "requests", "e.yml:9"),
        ("pip", "x", "e.yml:12"),
    ]
    assert "hunter2" not in found[-1].spec
    assert len(roots_of([file], ["e.yml"], LINUX, conda_only=True)) == 1


def test_what_conda_brings_for_a_pip_section_has_its_categories() -> None:
    records = (*RECORDS, conda("pytorch 2.5"), conda("numpy 2.1"))
    wanted = [
        PipItem(text=name, kind=PipKind.REQUIREMENT, name=name, span=span("/w/dev.yml", 9))
        for name in ("torch", "app")
    ]
    dev = environment("/w/dev.yml", category="dev", pip=tuple(wanted), has_pip_section=True)
    app = replace(pip("app 1", ("numpy", "")), categories=("dev",), optional=True)
    solved = replace(solution(), records=tuple(map(record, records)))
    made = inputs(MAIN, dev)
    lock = build_lock([solved], made, pip={LINUX: [app]})
    of = {p.name: p.categories for p in lock.on(LINUX).packages}
    assert (of["pytorch"], of["numpy"], of["pip"]) == (("dev",), ("dev",), ("dev", "main"))


def test_what_was_asked_is_in_the_metadata() -> None:
    file = environment("/w/e.yml", "python", pip=PIPS, has_pip_section=True)
    lock = build_lock(
        [solution()],
        inputs(
            file,
            hashing=HashOptions(conda_only=True),
            strategy="lowest",
            exclude_newer=datetime(2026, 1, 31, tzinfo=UTC),
            metadata=(("team", "x"),),
        ),
    )
    assert dict(lock.metadata) == {
        "condaenv.conda-only": "the pip section (4 lines) was left out: this is the conda part alone",
        "condaenv.exclude-newer": "2026-01-31T00:00:00Z",
        "condaenv.strategy": "lowest",
        "team": "x",
    }
    assert dict(build_lock([solution()], inputs(MAIN, hashing=HashOptions(conda_only=True))).metadata) == {}


def test_a_package_that_nobody_needs_has_a_place_and_is_found() -> None:
    lock = build_lock([solution()], inputs(MAIN))
    assert {p.name for p in lock.on(LINUX).packages if p.categories == ("main",)} >= {"black"}
    assert {f.package for f in verify(lock).faults if f.rule == "reachable"} == {"black", "click"}


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("python", "python"),
        ("python >=3", "python"),
        ("python>=3", "python"),
        ("conda-forge::python=3", "python"),
        ("https://conda.example.org/c/linux-64::python[build=x]", "python"),
        ("a[version='1']", "a"),
        ("a; if python <3", "a"),
    ],
)
def test_names_of_dependencies(spec: str, name: str) -> None:
    assert dependency_name(spec) == name


def test_reaching_goes_round_a_cycle_once() -> None:
    assert reachable_names(["a", "z"], {"a": ["b"], "b": ["a", "c"], "d": ["a"]}) == {"a", "b"}


@pytest.mark.parametrize(
    ("text", "url", "variables"),
    [
        ("conda-forge", "conda-forge", ()),
        ("https://conda.example.org/c", "https://conda.example.org/c", ()),
        ("https://conda.example.org/t/$TOKEN/c", "https://conda.example.org/t/${TOKEN}/c", ("TOKEN",)),
        ("https://u:p@conda.example.org/t/tk-1/c", "https://conda.example.org/c", ()),
        ("https://u:p@conda.example.org/${TEAM}", "https://conda.example.org/${TEAM}", ("TEAM",)),
    ],
)
def test_channels_are_named_without_credentials(text: str, url: str, variables: tuple[str, ...]) -> None:
    assert lock_channel(text) == LockChannel(url=url, used_env_vars=variables)


def test_bare_urls() -> None:
    assert bare_url("https://u:p@h.example.org/t/x/c") == "https://h.example.org/c"
