"""Lock the curated environments again from the recorded channels, and write their index.

usage: python environments/refresh.py [NAME...] [--record DIR | --record-online]

Without names, all of them. `--record DIR` first records the channels anew from the channels in DIR
(`CHANNEL/SUBDIR/repodata.json[.zst]`), `--record-online` from the network: what all environments together can
reach, and no more. The same channels give the same bytes.
"""
# ruff: noqa: INP001 - a script beside data, no module of a package

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import condaenv_tools as ct

__all__ = ["BROKEN", "CHANNEL", "HERE", "Curated", "curated", "index_text", "lock", "record"]

HERE = Path(__file__).resolve().parent
CHANNEL = HERE / "channel"
#: Cannot be solved, on purpose; the channel holds what it asks for.
BROKEN = HERE / "broken" / "environment.yml"

_INDEX = """# Environments to start from

Each folder has an `environment.yml` whose comments say why a pin is there, and the `conda-lock.yml` made
from it for the platforms that it supports. Copy the folder, or create the environment as it is locked:

```console
$ micromamba create -n data-science -f environments/data-science/conda-lock.yml
```

| name | what for | platforms | packages | channels |
|---|---|---|---|---|
{rows}

`virtual-packages.yml` beside a file says what is assumed of the machine (here: the NVIDIA driver); it is
handed to `condaenv lock` with `--virtual-package-spec`.

`channel/` holds the part of the channels that these files can reach, as recorded once: the locks can be
made again without a network, now and later. `make environments` does that and writes this page.
[`broken/`](broken/) has, on purpose, a file that cannot be solved and one with slips: they show what the errors
look like.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curated:
    """One environment of this folder.

    Attributes
    ----------
    name : str
        Its folder.
    file : Path
        The `environment.yml`.
    virtual_packages : Path or None
        The file beside it that says what is assumed of the machine.
    lock : Path
        Where its lock lies.
    """

    name: str
    file: Path
    virtual_packages: Path | None
    lock: Path

    @property
    def purpose(self) -> str:
        """The first sentence of the file."""
        lines = self.file.read_text(encoding="utf-8").splitlines()
        comment = " ".join(line[1:].strip() for line in takewhile(lambda line: line.startswith("#"), lines))
        return comment.partition(". ")[0].rstrip(".")


def curated() -> tuple[Curated, ...]:
    """Return all curated environments, sorted by name."""
    return tuple(_curated(file) for file in sorted(HERE.glob("*/environment.yml")) if file != BROKEN)


def _curated(file: Path) -> Curated:
    beside = file.with_name("virtual-packages.yml")
    return Curated(
        name=file.parent.name,
        file=file,
        virtual_packages=beside if beside.exists() else None,
        lock=file.with_name("conda-lock.yml"),
    )


def lock(environment: Curated, snapshot: Path | None = None) -> ct.LockResult:
    """Solve one environment for all its platforms, from the recorded channels of this folder or of another."""
    return ct.lock_files(environment.file, options=_options(environment, snapshot or CHANNEL, offline=True))


def _options(environment: Curated, snapshot: Path | None, *, offline: bool) -> ct.LockOptions:
    return ct.LockOptions(
        virtual_package_spec=environment.virtual_packages,
        sources=ct.SourceOptions(snapshot=snapshot, offline=offline),
    )


def index_text(locks: Iterable[tuple[Curated, ct.Lock]]) -> str:
    """Return the page that lists the environments as their locks are."""
    return _INDEX.format(rows="\n".join(_row(environment, found) for environment, found in locks))


def _row(environment: Curated, found: ct.Lock) -> str:
    counts = sorted(len(part.packages) for part in found.platforms)
    span = f"{counts[0]}" if counts[0] == counts[-1] else f"{counts[0]}–{counts[-1]}"
    cells = (
        f"[{environment.name}]({environment.name}/environment.yml)",
        environment.purpose,
        ", ".join(part.platform.value for part in found.platforms),
        span,
        ", ".join(channel.url.rsplit("/", 1)[-1] for channel in found.channels),
    )
    return f"| {' | '.join(cells)} |"


def record(snapshot: Path | None) -> None:
    """Record the channels anew: what the environments and the broken one can reach."""
    shutil.rmtree(CHANNEL, ignore_errors=True)
    for environment in (*curated(), _curated(BROKEN)):
        # One after the other into one folder: files that are recorded together are merged, and these
        # exclude each other.
        options = _options(environment, snapshot, offline=snapshot is not None)
        ct.snapshot_files(environment.file, folder=CHANNEL, options=options)


def main(arguments: Sequence[str]) -> int:
    """Record if asked to, lock, and write the index."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="the environments to lock; all by default")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--record", type=Path, metavar="DIR", help="record the channels anew from recorded ones"
    )
    where.add_argument(
        "--record-online", action="store_true", help="record the channels anew from the network"
    )
    options = parser.parse_args(arguments)
    if options.record or options.record_online:
        record(options.record)
    for environment in curated():
        if options.names and environment.name not in options.names:
            continue
        found = lock(environment).lock
        ct.write_lock(found, environment.lock)
        counts = ", ".join(f"{part.platform} {len(part.packages)}" for part in found)
        sys.stdout.write(f"{environment.name}: {counts}\n")
    locks = [(environment, ct.read_lock(environment.lock)) for environment in curated()]
    (HERE / "README.md").write_text(index_text(locks), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
