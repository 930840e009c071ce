"""Builds for another Python than the one of the environment, with or without the global lock."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.conflicts.native.case import NativeCase, Wheel
from condaenv_tools.conflicts.native.rule import Hit, NativeRule
from condaenv_tools.resolve.provided import Interpreter, interpreter_of
from condaenv_tools.resolve.pypi.request import Implementation

__all__ = ["RULE"]


def _find(case: NativeCase) -> Iterator[Hit]:
    python = interpreter_of(case.conda.values())
    if python is None or python.implementation is not Implementation.CPYTHON:
        return
    own = f"cp{''.join(python.version.split('.')[:2])}{'t' if python.free_threaded else ''}"
    shown = f"python {python.version}{' without the global lock' if python.free_threaded else ''}"
    abi = case.conda.get("python_abi")
    if abi is not None and not abi.build.endswith(f"_{own}") and "_cp" in abi.build:
        yield Hit(
            message=f"python_abi {abi.version} {abi.build} stands for another interpreter than {shown} ({own}); "
            f"{_some(case)} cannot be loaded by it",
            hint="take python and python_abi from one channel",
        )
    supported = _supported(python, own)
    for wheel in case.wheels.values():
        if not any((i, a) in supported for i, a, _ in wheel.tags):
            yield Hit(
                message=f"the wheel of {wheel} is for {_interpreters(wheel)}, and the environment has {shown} "
                f"({own})",
                hint=f"ask for {wheel.record.name} by name, so that its wheel for {own} is taken",
            )


def _some(case: NativeCase) -> str:
    users = [one.name for one in case.needing("python_abi")]
    more = f" and {len(users) - 2} more" if len(users) > 2 else ""
    return f"{', '.join(users[:2])}{more}" if users else "what was built for that"


def _interpreters(wheel: Wheel) -> str:
    return ", ".join(sorted({i if a in {"none", "abi3"} else a for i, a, _ in wheel.tags}))


def _supported(python: Interpreter, own: str) -> frozenset[tuple[str, str]]:
    """Return the pairs of interpreter and binary interface that a Python takes, whatever the machine."""
    from packaging.tags import compatible_tags, cpython_tags  # noqa: PLC0415 - brings platform detection

    two, three = map(int, python.version.split(".")[:2])
    version = (two, three)
    tags = [
        *cpython_tags(python_version=version, abis=[own], platforms=["any"]),
        *compatible_tags(python_version=version, interpreter=f"cp{two}{three}", platforms=["any"]),
    ]
    return frozenset((tag.interpreter, tag.abi) for tag in tags)


RULE = NativeRule(code="CE707", find=_find)
