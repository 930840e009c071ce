"""The machine decides: glibc, macOS, architecture, interpreter."""

from __future__ import annotations

import pytest

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.pypi.answer import ConflictKind
from condaenv_tools.resolve.pypi.engine import resolve_all
from condaenv_tools.resolve.pypi.request import Implementation, PyPIRequest
from tests.pypi_index import (
    ARM_LINUX,
    ARM_WINDOWS,
    INTEL_MAC,
    LINUX,
    MAC,
    NEW_LINUX,
    NEW_MAC,
    OLD_LINUX,
    WINDOWS,
    serve_index,
    wheel,
)
from tests.resolve.pypi.conftest import Asker, versions

BETWEEN = "cp312-cp312-manylinux_2_24_x86_64"
FAR = "cp312-cp312-manylinux_2_44_x86_64"
ANCIENT = "cp312-cp312-manylinux_2_12_x86_64.manylinux2010_x86_64"
#: Each release needs a later machine than the one before.
LINUX_FILES = [
    wheel("core", "0.5", tag=ANCIENT),
    wheel("core", "1.0", tag=OLD_LINUX),
    wheel("core", "1.5", tag=BETWEEN),
    wheel("core", "2.0", tag=LINUX),
    wheel("core", "3.0", tag=NEW_LINUX),
    wheel("core", "4.0", tag=FAR),
]


@pytest.mark.parametrize(
    ("glibc", "version"),
    [("2.12", "0.5"), ("2.17", "1.0"), ("2.24", "1.5"), ("2.27", "1.5"), ("2.28", "2.0"), ("2.33", "2.0"),
     ("2.35", "3.0")],
)  # fmt: skip
def test_the_glibc_of_the_machine_decides_on_wheels(ask: Asker, glibc: str, version: str) -> None:
    with serve_index(LINUX_FILES) as index:
        assert versions(ask(index, "core", virtual=[f"__glibc={glibc}"])) == {"core": version}


def test_a_glibc_beyond_what_the_engine_knows_takes_the_latest_it_knows(ask: Asker) -> None:
    with serve_index(LINUX_FILES) as index:
        assert versions(ask(index, "core", virtual=["__glibc=2.45"])) == {"core": "3.0"}


def test_where_no_release_runs_on_the_machine_the_tags_are_named(ask: Asker) -> None:
    with serve_index([wheel("core", "1.5", tag=BETWEEN)]) as index:
        outcome = ask(index, "core", virtual=["__glibc=2.20"])
    assert outcome.conflict is not None
    assert outcome.conflict.kind is ConflictKind.NO_WHEEL
    assert BETWEEN in outcome.conflict.text


@pytest.mark.parametrize(
    ("platform", "osx", "version"),
    [
        (Platform.OSX_ARM64, "13.0", "1.0"),
        (Platform.OSX_ARM64, "14.0", "2.0"),
        (Platform.OSX_ARM64, "26.1", "2.0"),
        (Platform.OSX_64, "10.15", "3.0"),
    ],
)
def test_the_macos_of_the_machine_decides_on_wheels(
    ask: Asker, platform: Platform, osx: str, version: str
) -> None:
    files = [wheel("m", "1.0", tag=MAC), wheel("m", "2.0", tag=NEW_MAC), wheel("m", "3.0", tag=INTEL_MAC)]
    with serve_index(files) as index:
        assert versions(ask(index, "m", platform=platform, virtual=[f"__osx={osx}"])) == {"m": version}


@pytest.mark.parametrize(
    ("platform", "tag"),
    [
        (Platform.WIN_64, WINDOWS),
        (Platform.WIN_ARM64, ARM_WINDOWS),
        (Platform.LINUX_AARCH64, ARM_LINUX),
        (Platform.OSX_ARM64, MAC),
        (Platform.OSX_64, INTEL_MAC),
    ],
    ids=str,
)
def test_each_platform_gets_its_own_wheel(ask: Asker, platform: Platform, tag: str) -> None:
    tags = [WINDOWS, ARM_WINDOWS, ARM_LINUX, MAC, INTEL_MAC, LINUX]
    with serve_index([wheel("core", "1.0", tag=one) for one in tags]) as index:
        outcome = ask(index, "core", platform=platform)
    assert outcome.packages is not None
    assert outcome.packages[0].file_name == f"core-1.0-{tag}.whl"


def test_a_free_threaded_interpreter_takes_its_own_wheels(ask: Asker) -> None:
    files = [
        wheel("core", "1.0", tag="cp313-cp313t-manylinux_2_28_x86_64"),
        wheel("core", "2.0", tag="cp313-cp313-manylinux_2_28_x86_64"),
        wheel("pure", "1.0", "core"),
        wheel("stable", "1.0", tag="cp310-abi3-manylinux_2_28_x86_64"),
    ]
    with serve_index(files) as index:
        assert versions(ask(index, "pure", python="3.13.2"))["core"] == "2.0"
        assert versions(ask(index, "pure", python="3.13.2", free_threaded=True))["core"] == "1.0"
        refused = ask(index, "stable", python="3.13.2", free_threaded=True)
    assert refused.conflict is not None
    assert refused.conflict.kind is ConflictKind.NO_WHEEL


def test_an_upper_bound_on_python_counts(ask: Asker) -> None:
    # uv itself looks at lower bounds alone; an installer would refuse what it chose.
    files = [
        *(wheel("core", f"2.{minor}", requires_python=">=3.9,<3.12") for minor in range(60)),
        wheel("core", "1.0", requires_python=">=3.9,!=3.12.7"),
        wheel("core", "0.9", requires_python=">=3.9"),
        wheel("app", "1.0", "core"),
        wheel("late", "1.0", "core>=2"),
    ]
    with serve_index(files) as index:
        assert versions(ask(index, "app")) == {"app": "1.0", "core": "0.9"}
        assert versions(ask(index, "app", python="3.12.8")) == {"app": "1.0", "core": "1.0"}
        assert versions(ask(index, "app", python="3.11.9")) == {"app": "1.0", "core": "2.59"}
        refused = ask(index, "late")
        place = index.url.replace("simple", "files") + files[0].file_name
        fixed = ask(index, f"core @ {place}")
    assert refused.conflict is not None
    assert (refused.conflict.kind, refused.conflict.requires_python) == (ConflictKind.PYTHON, ">=3.9,<3.12")
    assert "late cannot be met on linux-64: it needs core>=2; core 2.59 needs Python" in refused.conflict.text
    assert fixed.conflict is not None
    assert (fixed.conflict.kind, fixed.conflict.requires_python) == (ConflictKind.PYTHON, ">=3.9,<3.12")


def test_offline_an_upper_bound_is_found_step_by_step(ask: Asker) -> None:
    files = [wheel("core", f"2.{minor}", requires_python="<3.12") for minor in range(3)]
    with serve_index([*files, wheel("core", "1.0")]) as index:
        assert versions(ask(index, "core")) == {"core": "1.0"}
        assert versions(ask(index, "core", options={"offline": True})) == {"core": "1.0"}


def test_the_whole_version_of_python_counts(ask: Asker) -> None:
    files = [wheel("core", "1.0"), wheel("core", "2.0", requires_python=">=3.12.4")]
    files.append(wheel("late", "1.0", "core; python_full_version >= '3.12.5'"))
    with serve_index(files) as index:
        assert versions(ask(index, "core", python="3.12.3")) == {"core": "1.0"}
        assert versions(ask(index, "core", python="3.12.4")) == {"core": "2.0"}
        assert versions(ask(index, "late", python="3.12.4")) == {"late": "1.0"}
        assert versions(ask(index, "late", python="3.12.5")) == {"late": "1.0", "core": "2.0"}


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"platform": Platform.LINUX_PPC64LE}, "linux-ppc64le"),
        ({"platform": Platform.EMSCRIPTEN_WASM32}, "emscripten-wasm32"),
        ({"implementation": Implementation.PYPY}, "CPython only"),
    ],
    ids=["ppc64le", "emscripten", "pypy"],
)
def test_what_the_engine_cannot_do_is_said(ask: Asker, fields: dict[str, object], word: str) -> None:
    outcome = ask(None, "core", **fields)
    assert isinstance(outcome.error, UnsupportedError)
    assert word in str(outcome.error)


@pytest.mark.parametrize("platform", [Platform.LINUX_64, Platform.OSX_ARM64], ids=str)
def test_a_machine_without_a_floor_is_refused(platform: Platform) -> None:
    request = PyPIRequest(
        platform=platform,
        virtual_packages=(VirtualPackage(name="__unix", version="0"),),
        python_version="3.12.7",
        requirements=(),
    )
    (outcome,) = resolve_all([request])
    assert isinstance(outcome.error, UnsupportedError)
    assert "--virtual-package" in str(outcome.error)
