"""Every marker variable of every platform, and what the machine's virtual packages say of it."""

from __future__ import annotations

import pytest
from packaging.markers import Marker

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.model.virtual import VirtualPackage, default_virtual_packages
from condaenv_tools.resolve.pypi.markers import MarkerEnvironment, environment_for, marker_holds
from condaenv_tools.resolve.pypi.request import Implementation, PyPIRequest

VARIABLES = {
    "os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_release",
    "platform_system", "platform_version", "python_version", "python_full_version", "implementation_name",
    "implementation_version",
}  # fmt: skip


@pytest.mark.parametrize("platform", [*DEFAULT_PLATFORMS, Platform.WIN_ARM64], ids=str)
def test_every_variable_has_a_value(platform: Platform) -> None:
    found = environment_for(platform, "3.12.7", default_virtual_packages(platform))
    assert found.keys() == VARIABLES
    assert all(isinstance(value, str) for value in found.values())


@pytest.mark.parametrize(
    ("platform", "values"),
    [
        (Platform.LINUX_64, ("posix", "linux", "Linux", "x86_64", "5.15", "")),
        (Platform.LINUX_AARCH64, ("posix", "linux", "Linux", "aarch64", "5.15", "")),
        (Platform.LINUX_32, ("posix", "linux", "Linux", "i686", "5.15", "")),
        (Platform.OSX_64, ("posix", "darwin", "Darwin", "x86_64", "22.0.0", "")),
        (Platform.OSX_ARM64, ("posix", "darwin", "Darwin", "arm64", "22.0.0", "")),
        (Platform.WIN_64, ("nt", "win32", "Windows", "AMD64", "10", "10.0.19041")),
        (Platform.WIN_ARM64, ("nt", "win32", "Windows", "ARM64", "10", "10.0.19041")),
    ],
    ids=str,
)
def test_the_values_of_a_platform(platform: Platform, values: tuple[str, ...]) -> None:
    found = environment_for(platform, "3.12.7", default_virtual_packages(platform))
    assert values == (
        found["os_name"],
        found["sys_platform"],
        found["platform_system"],
        found["platform_machine"],
        found["platform_release"],
        found["platform_version"],
    )


@pytest.mark.parametrize(
    ("platform", "virtual", "release"),
    [
        (Platform.OSX_64, "__osx=10.15", "19.0.0"),
        (Platform.OSX_64, "__osx=11.3", "20.3.0"),
        (Platform.OSX_ARM64, "__osx=15.1", "24.1.0"),
        (Platform.OSX_ARM64, "__osx=26.0", "25.0.0"),
        (Platform.LINUX_64, "__linux=6.8.0", "6.8.0"),
        (Platform.WIN_64, "__win=10.0.22631", "11"),
        (Platform.WIN_64, "__win=10.0.17763", "10"),
        (Platform.WIN_64, "__win=11.0.what", "10"),
    ],
)
def test_the_release_follows_the_virtual_packages(platform: Platform, virtual: str, release: str) -> None:
    found = environment_for(platform, "3.12.7", [VirtualPackage.parse(virtual)])
    assert found["platform_release"] == release


def test_what_nobody_can_know_is_empty_and_never_true() -> None:
    found = environment_for(Platform.OSX_ARM64, "3.12.7", [])
    assert found["platform_release"] == ""
    assert environment_for(Platform.LINUX_64, "3.12.7", [])["platform_release"] == ""


@pytest.mark.parametrize(
    ("implementation", "names"),
    [(Implementation.CPYTHON, ("cpython", "CPython")), (Implementation.PYPY, ("pypy", "PyPy"))],
)
def test_the_interpreter(implementation: Implementation, names: tuple[str, str]) -> None:
    found = environment_for(Platform.LINUX_64, "3.13.0rc2", [], implementation=implementation)
    assert (found["implementation_name"], found["platform_python_implementation"]) == names
    assert (found["python_version"], found["python_full_version"]) == ("3.13", "3.13.0rc2")
    assert found["implementation_version"] == "3.13.0rc2"


def test_a_platform_without_wheels_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="wasi-wasm32"):
        environment_for(Platform.WASI_WASM32, "3.12.7", [])


def test_an_extra_counts_only_where_it_is_asked_for() -> None:
    platform = Platform.LINUX_64
    request = PyPIRequest(
        platform=platform,
        virtual_packages=default_virtual_packages(platform),
        python_version="3.12.7",
        requirements=(),
    )
    markers = MarkerEnvironment(request)
    marker = Marker("extra == 'fast' and sys_platform == 'linux'")
    assert [markers.holds(marker), markers.holds(marker, "fast"), markers.holds(marker, "slow")] == [
        False,
        True,
        False,
    ]
    assert markers.holds(None)


@pytest.mark.parametrize("text", ["platform_machine ~= '1'", "os_name ~= '1' or sys_platform == 'linux'"])
def test_a_comparison_that_means_nothing_does_not_hold(text: str) -> None:
    values = environment_for(Platform.LINUX_64, "3.12.7", [])
    assert not marker_holds(Marker(text), values)
