"""Which wheels run on a machine, best first; held against the tags of the running machine."""

from __future__ import annotations

import platform as running
import sys

import pytest
from packaging.tags import sys_tags

from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage, default_virtual_packages
from condaenv_tools.resolve.pypi.request import Implementation, PyPIRequest
from condaenv_tools.resolve.pypi.tags import TagOrder, platform_tags, supported_tags


def request(
    platform: Platform = Platform.LINUX_64,
    python: str = "3.12.7",
    virtual: tuple[VirtualPackage, ...] | None = None,
    **fields: object,
) -> PyPIRequest:
    return PyPIRequest(
        platform=platform,
        virtual_packages=default_virtual_packages(platform) if virtual is None else virtual,
        python_version=python,
        requirements=(),
        **fields,  # type: ignore[arg-type]
    )


@pytest.mark.skipif(
    sys.platform != "linux" or running.machine() != "x86_64" or running.libc_ver()[0] != "glibc",
    reason="the running machine is compared with",
)
def test_a_machine_like_the_running_one_has_its_tags() -> None:
    glibc = (VirtualPackage(name="__glibc", version=running.libc_ver()[1]),)
    python = running.python_version()
    ours = [str(tag) for tag in supported_tags(request(python=python, virtual=glibc))]
    assert ours == [str(tag) for tag in sys_tags()]


def test_each_manylinux_of_the_machine_and_none_beyond() -> None:
    found = platform_tags(Platform.LINUX_64, [VirtualPackage(name="__glibc", version="2.18")])
    assert found[:3] == ("linux_x86_64", "manylinux_2_18_x86_64", "manylinux_2_17_x86_64")
    assert found[-2:] == ("manylinux_2_5_x86_64", "manylinux1_x86_64")
    assert len(found) == 14 + 3 + 1


def test_macos_runs_what_was_made_for_older_ones() -> None:
    found = platform_tags(Platform.OSX_ARM64, [VirtualPackage(name="__osx", version="14.2")])
    assert found[0] == "macosx_14_0_arm64"
    assert "macosx_11_0_universal2" in found
    assert not {"macosx_15_0_arm64", "macosx_11_0_x86_64"} & set(found)


@pytest.mark.parametrize(
    ("file_name", "plain", "free"),
    [
        ("a-1-cp313-cp313-manylinux_2_17_x86_64.whl", True, False),
        ("a-1-cp313-cp313t-manylinux_2_17_x86_64.whl", False, True),
        ("a-1-cp39-abi3-manylinux_2_17_x86_64.whl", True, False),
        ("a-1-py3-none-any.whl", True, True),
        ("a-1-py2.py3-none-any.whl", True, True),
        ("a-1-cp312-cp312-manylinux_2_17_x86_64.whl", False, False),
        ("a-1-py3-none-musllinux_1_1_x86_64.whl", False, False),
        ("a-1-py3-none-manylinux_2_39_x86_64.whl", False, False),
        ("no wheel at all.whl", False, False),
    ],
)
def test_free_threaded_and_plain_interpreters(file_name: str, *, plain: bool, free: bool) -> None:
    orders = [
        TagOrder(supported_tags(request(python="3.13.1", free_threaded=threaded)))
        for threaded in (False, True)
    ]
    assert [order.rank(file_name) is not None for order in orders] == [plain, free]


def test_a_pypy_takes_its_own() -> None:
    order = TagOrder(supported_tags(request(python="3.10.14", implementation=Implementation.PYPY)))
    assert order.rank("a-1-pp310-pypy310_pp73-manylinux_2_17_x86_64.whl") is not None
    assert order.rank("a-1-cp310-cp310-manylinux_2_17_x86_64.whl") is None
    assert order.rank("a-1-py3-none-any.whl") is not None


def test_the_best_wheel_is_that_of_the_best_tag_then_the_latest_build() -> None:
    order = TagOrder(supported_tags(request()))
    names = [
        "a-1-py3-none-any.whl",
        "a-1-cp312-cp312-manylinux_2_17_x86_64.whl",
        "a-1-2-cp312-cp312-manylinux_2_28_x86_64.whl",
        "a-1-10-cp312-cp312-manylinux_2_28_x86_64.whl",
        "a-1-cp312-cp312-manylinux_2_28_x86_64.manylinux_2_17_x86_64.whl",
    ]
    ranked = sorted((order.rank(name), name) for name in names)  # type: ignore[type-var]
    assert [name for _, name in ranked] == [names[3], names[2], names[4], names[1], names[0]]
