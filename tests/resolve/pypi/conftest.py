"""What the tests of the PyPI half share: a request in one line, and its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from condaenv_tools.model.names import conda_name, pypi_name
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage, default_virtual_packages, override_virtual_packages
from condaenv_tools.resolve.pypi.engine import resolve_all
from condaenv_tools.resolve.pypi.given import Provided, RequirementLine
from condaenv_tools.resolve.pypi.request import PyPIOptions, PyPIOutcome, PyPIRequest
from tests.pypi_index import Index

Maker = Callable[..., PyPIRequest]
Asker = Callable[..., PyPIOutcome]


def given(name: str, version: str = "1.0", requires: tuple[str, ...] | None = None) -> Provided:
    """Return what a conda package of the same name provides."""
    return Provided(name=pypi_name(name), version=version, conda_name=conda_name(name), requires=requires)


def lines(texts: Iterable[str | RequirementLine]) -> tuple[RequirementLine, ...]:
    return tuple(RequirementLine(text=text) if isinstance(text, str) else text for text in texts)


def versions(outcome: PyPIOutcome) -> dict[str, str | None]:
    """Return what was chosen, or fail with what was said instead."""
    assert outcome.packages is not None, outcome.error or outcome.conflict
    return {one.name: one.version for one in outcome.packages}


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    """Makes a request; `virtual` overrides virtual packages, options of the index go into `PyPIOptions`."""

    def made(
        index: Index | None,
        *texts: str | RequirementLine,
        platform: Platform = Platform.LINUX_64,
        virtual: Iterable[str] = (),
        provided: Iterable[Provided] = (),
        constraints: Iterable[str] = (),
        python: str = "3.12.7",
        options: dict[str, Any] | None = None,
        **fields: Any,
    ) -> PyPIRequest:
        asked: dict[str, Any] = {
            "cache_dir": tmp_path / "cache",
            "tries": 1,
            "index_url": index.url if index else None,
        }
        stated = [VirtualPackage.parse(text) for text in virtual]
        return PyPIRequest(
            platform=platform,
            virtual_packages=override_virtual_packages(default_virtual_packages(platform), stated),
            python_version=python,
            requirements=lines(texts),
            constraints=lines(constraints),
            provided=tuple(provided),
            options=PyPIOptions(**(asked | (options or {}))),
            **fields,
        )

    return made


@pytest.fixture
def ask(make: Maker) -> Asker:
    """Makes a request and returns its outcome."""

    def asked(index: Index | None, *texts: str | RequirementLine, **fields: Any) -> PyPIOutcome:
        (outcome,) = resolve_all([make(index, *texts, **fields)])
        return outcome

    return asked
