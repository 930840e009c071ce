"""Small locks for tests: one line makes a package, and Hypothesis makes whole locks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from condaenv_tools.model.lock import Lock, LockChannel, LockedPackage, LockedPlatform, PyPIRecord, Root
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.secrets import has_credentials
from condaenv_tools.model.virtual import VirtualPackage, default_virtual_packages

CHANNEL = "https://conda.anaconda.org/conda-forge"
LINUX, MAC = Platform.LINUX_64, Platform.OSX_ARM64


def digest(text: str, kind: str = "sha256") -> str:
    return hashlib.new(kind, text.encode()).hexdigest()


def conda(spec: str, *depends: str, subdir: str = "linux-64", **fields: Any) -> LockedPackage:
    """Make a package of ``NAME VERSION [BUILD]`` and what it needs."""
    name, version, *build = spec.split()
    categories = fields.pop("categories", ("main",))
    file_name = f"{name}-{version}-{build[0] if build else '0'}.conda"
    url = f"{CHANNEL}/{subdir}/{file_name}"
    record = PackageRecord(
        name=name,
        version=version,
        build=build[0] if build else "0",
        subdir=subdir,
        channel=CHANNEL,
        url=url,
        md5=digest(url, "md5"),
        sha256=digest(url),
        depends=tuple(depends),
    )
    return LockedPackage(
        record=replace(record, **fields), categories=categories, optional="main" not in categories
    )


def pip(spec: str, *requires: tuple[str, str], **fields: Any) -> LockedPackage:
    name, version = spec.split()
    url = f"https://files.example.org/{name}-{version}-py3-none-any.whl"
    record = PyPIRecord(name=name, version=version, url=url, sha256=digest(url), requires=tuple(requires))
    return LockedPackage(record=replace(record, **fields))


def root(spec: str, *, line: int = 3, manager: str = "conda", category: str = "main") -> Root:
    name = spec.replace("=", " ").replace(">", " ").replace("<", " ").split()[0]
    return Root(name=name, spec=spec, source=f"environment.yml:{line}", manager=manager, category=category)


def part(
    *packages: LockedPackage,
    platform: Platform = LINUX,
    roots: Iterable[Root] | None = None,
    virtual: Iterable[VirtualPackage] | None = None,
) -> LockedPlatform:
    return LockedPlatform(
        platform=platform,
        packages=tuple(sorted(packages, key=lambda p: (p.manager, p.name))),
        roots=None if roots is None else tuple(roots),
        virtual_packages=default_virtual_packages(platform) if virtual is None else tuple(virtual),
        content_hash=digest(platform.value),
    )


def lock_of(*parts: LockedPlatform, **fields: Any) -> Lock:
    return Lock(
        platforms=tuple(sorted(parts, key=lambda p: p.platform)),
        channels=fields.pop("channels", (LockChannel(url="conda-forge"),)),
        sources=fields.pop("sources", ("environment.yml",)),
        **fields,
    )


def small_lock() -> Lock:
    """Two platforms with a cycle, a noarch package, a virtual package, two categories, and roots."""
    pip_ = conda("pip 25.0 pyh8b19718_0", "python >=3.9", subdir="noarch")
    black = conda("black 25.1 pyh_0", "python >=3.9", subdir="noarch", categories=("dev",))
    roots = (root("python=3.12.*"), root("black", line=4, category="dev"))
    parts = []
    for platform, system in ((LINUX, "__glibc >=2.17"), (MAC, "__osx >=11.0")):
        python = conda(
            "python 3.12.1 h1_0_cpython",
            "libffi >=3.4,<4.0a0",
            "pip",
            system,
            subdir=platform.value,
            categories=("dev", "main"),
        )
        libffi = conda("libffi 3.4.2 h_5", system, subdir=platform.value, categories=("dev", "main"))
        in_both = replace(pip_, categories=("dev", "main"))
        # The record of a package in `dev` and `main` is needed, so it is not optional.
        parts.append(part(python, libffi, in_both, black, platform=platform, roots=roots))
    return lock_of(*parts, metadata=(("condaenv.strategy", "lowest"), ("team", "a: b #c")))


names = st.from_regex(r"[a-z0-9_][a-z0-9_.-]{0,9}", fullmatch=True).filter(lambda n: not n.startswith("__"))
versions = st.from_regex(r"[0-9]{1,4}(\.[0-9a-z]{1,4}){0,2}|[0-9]e[0-9]{1,3}|0x1f|1_0", fullmatch=True)
builds = st.from_regex(r"[0-9a-z]{1,4}(_[0-9])?|[0-9]e[0-9]|on|null", fullmatch=True)
constraints = st.sampled_from(
    [
        "",
        ">=1",
        ">=1,<2",
        "1.*",
        "3.13.* *_cp313",
        "==1.2",
        "<4",
        "~=1.2",
        "* h_0",
        "!=1",
        "1|2",
        "=1.2",
        "=1.2 h_0",
    ]
)
depends = st.lists(
    st.builds(lambda n, c: f"{n} {c}".rstrip(), names, constraints), max_size=4, unique=True
).map(tuple)
#: No credential: a lock that has one is not written, and Hypothesis knows how our own patterns spell them.
texts = st.text(max_size=20).filter(lambda text: not has_credentials(text))
hex_digits = st.text("0123456789abcdef", min_size=32, max_size=32)


@st.composite
def conda_packages(draw: st.DrawFn, platform: Platform) -> LockedPackage:
    name, version, build = draw(names), draw(versions), draw(builds)
    subdir = draw(st.sampled_from([platform.value, "noarch"]))
    channel = draw(st.sampled_from([CHANNEL, "https://conda.example.org/team/a b"]))
    suffix = draw(st.sampled_from([".conda", ".tar.bz2"]))
    record = PackageRecord(
        name=name,
        version=version,
        build=build,
        subdir=subdir,
        channel=channel,
        url=f"{channel}/{subdir}/{name}-{version}-{build}{suffix}",
        md5=draw(st.none() | hex_digits),
        sha256=draw(st.none() | hex_digits.map(lambda h: h * 2)),
        depends=draw(depends),
        build_number=draw(st.integers(0, 3)),
        constrains=draw(depends),
        license=draw(st.none() | texts),
        size=draw(st.none() | st.integers(0, 10**9)),
    )
    categories = draw(st.lists(st.sampled_from(["main", "dev", "é\n"]), min_size=1, unique=True))
    return LockedPackage(record=record, categories=tuple(categories), optional=draw(st.booleans()))


@st.composite
def pip_packages(draw: st.DrawFn) -> LockedPackage:
    name = draw(st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True))
    specifiers = st.sampled_from(["", ">=1", "*", "<2,>=1"])
    record = PyPIRecord(
        name=name,
        version=draw(versions),
        url=f"https://files.example.org/{name}.whl",
        sha256=draw(st.none() | hex_digits.map(lambda h: h * 2)),
        requires=tuple(draw(st.lists(st.tuples(names, specifiers), max_size=3))),
        source=draw(st.none() | st.just("https://git.example.org/a.git")),
    )
    return LockedPackage(record=record)


roots = st.builds(
    Root,
    name=names,
    spec=texts,
    source=texts,
    category=st.sampled_from(["main", "dev"]),
    manager=st.sampled_from(["conda", "pip"]),
)
virtual_packages = st.lists(
    st.builds(
        VirtualPackage, name=st.sampled_from(["__cuda", "__glibc", "__unix"]), version=versions, build=builds
    ),
    max_size=3,
    unique_by=lambda v: v.name,
).map(lambda found: tuple(sorted(found)))


@st.composite
def locks(draw: st.DrawFn) -> Lock:
    """Whole locks, proven or not: whatever the model can say, in any order."""
    parts = []
    for platform in draw(st.lists(st.sampled_from([LINUX, MAC, Platform.WIN_64]), unique=True, max_size=3)):
        found = draw(st.lists(conda_packages(platform), max_size=4, unique_by=lambda p: p.name))
        found += draw(st.lists(pip_packages(), max_size=2, unique_by=lambda p: p.name))
        parts.append(
            LockedPlatform(
                platform=platform,
                packages=tuple(found),
                virtual_packages=draw(st.none() | virtual_packages),
                roots=draw(st.none() | st.lists(roots, max_size=4).map(tuple)),
                content_hash=draw(st.none() | hex_digits),
            )
        )
    keys = texts | st.sampled_from(
        ["git_metadata.git_sha", "time_metadata.created_at", "inputs_metadata.a/b.yml.md5", "condaenv.x"]
    )
    channels = st.builds(
        LockChannel, url=texts, used_env_vars=st.lists(st.sampled_from(["A", "B"]), unique=True).map(tuple)
    )
    return Lock(
        platforms=tuple(parts),
        channels=tuple(draw(st.lists(channels, max_size=2))),
        sources=tuple(draw(st.lists(texts, max_size=2))),
        metadata=tuple(draw(st.dictionaries(keys, texts, max_size=3)).items()),
    )
