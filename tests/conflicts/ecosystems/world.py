"""A project with a recorded channel and a package index on loopback, and the questions of a search in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.conflicts.ecosystems.blame import find_joint_conflicts
from condaenv_tools.conflicts.ecosystems.probe import JointProbe
from condaenv_tools.conflicts.ecosystems.values import Item, JointConflicts
from condaenv_tools.jobs.pip_half import PipOptions, joint_request
from condaenv_tools.jobs.plan import LockOptions, make_plan, read_inputs
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.resolve.joint_request import JointOutcome
from condaenv_tools.resolve.pypi.request import PyPIOptions
from tests.builders import record, write_channel
from tests.pypi_index import File, wheel

SUBDIRS = ("linux-64", "osx-arm64")
#: numpy in three releases, and what asks for one of them.
RECORDS: tuple[PackageRecord, ...] = tuple(
    one
    for subdir in SUBDIRS
    for one in (
        record("python", "3.13.2", subdir=subdir, build="h_0_cp313"),
        record("python", "3.12.7", subdir=subdir, build="h_0_cpython"),
        record("pip", "25.0", "python", subdir=subdir),
        record("numpy", "1.26.4", "python", subdir=subdir),
        record("numpy", "2.0.2", "python", subdir=subdir),
        record("numpy", "2.5.2", "python", subdir=subdir),
        record("scipy", "1.17.0", "numpy >=2.1", subdir=subdir),
        record("scipy", "1.11.0", "numpy <2", subdir=subdir),
        record("rich", "14.0", "python", subdir=subdir),
        record("requests", "2.32.0", "python", subdir=subdir),
        record("dask-core", "2025.1", "requests", subdir=subdir),
        record("pandas", "2.3.3", "numpy", subdir=subdir),
        record("pandas", "2.1.4", "numpy <2", subdir=subdir),
    )
)
FILES: tuple[File, ...] = (
    wheel("pandas", "2.1.4", "numpy<2,>=1.26"),
    wheel("pandas", "2.2.0", "numpy>=1.26"),
    wheel("pandas", "2.3.3", "numpy>=1.26"),
    wheel("numba", "0.59.1", "numpy<1.27"),
    wheel("app", "1.0", "numba"),
    wheel("old-style", "1.0", "helper<2"),
    wheel("new-style", "1.0", "helper>=2"),
    wheel("new-style", "0.9", "helper"),
    wheel("helper", "1.0"),
    wheel("helper", "2.0"),
    wheel("slow", "1.0", requires_python="<3.13"),
    wheel("rich", "13.0"),
    wheel("fine", "1.0", "rich"),
    wheel("free", "1.0"),
    wheel("requests", "2.30.0"),
)


@dataclass
class Project:
    """A folder with a file, a channel and an index."""

    folder: Path
    url: str

    def __post_init__(self) -> None:
        write_channel(self.folder / "snap" / "toy", RECORDS)

    @property
    def options(self) -> LockOptions:
        """What a user would say beside the file."""
        sources = SourceOptions(snapshot=self.folder / "snap", cache_dir=self.folder / "cache", timeout=20)
        return LockOptions(sources=sources, pip=PipOptions(index_url=self.url))

    def write(self, conda: Iterable[str], pip: Iterable[str], platforms: str = "linux-64") -> Path:
        """Write the file: conda's lines from line 4 on, behind them the pip section."""
        text = f"channels: [toy, nodefaults]\nplatforms: [{platforms}]\ndependencies:\n"
        text += "".join(f"  - {line}\n" for line in (*conda, "pip"))
        text += "  - pip:\n" + "".join(f"      - {line}\n" for line in pip)
        file = self.folder / "environment.yml"
        file.write_text(text, encoding="utf-8")
        return file

    def search(
        self, conda: Iterable[str], pip: Iterable[str]
    ) -> tuple[JointConflicts, JointProbe, tuple[Item, ...]]:
        """Search the file for conflicts on linux-64; return them, who was asked, and the lines."""
        inputs = read_inputs([self.write(conda, pip)])
        plan = make_plan(inputs, self.options)
        base = PyPIOptions(cache_dir=self.folder / "cache")
        request = joint_request(plan.requests[0], inputs.pip, self.options.pip, base)
        probe = JointProbe(request)
        items: tuple[Item, ...] = (*inputs.environment.dependencies, *inputs.environment.pip)
        outcome: JointOutcome = probe.outcome(items)
        return find_joint_conflicts(items, outcome, probe), probe, items


def members(found: JointConflicts) -> list[list[str]]:
    """Return the lines of each conflict."""
    return [[str(item) for item in conflict.members] for conflict in found.conflicts]
