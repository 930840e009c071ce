"""The other side: the shortest script that solves an environment for several platforms with py-rattler.

usage: bare.py ENVIRONMENT CHANNEL_DIR PLATFORM...

It reads the file, solves, and prints how many packages there are. It writes and proves nothing.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import rattler
import yaml
from rattler import GenericVirtualPackage, PackageName, Platform, Version
from rattler.package.build_string import BuildString

_VIRTUAL = {
    "linux": (("__unix", "0"), ("__linux", "5.15"), ("__glibc", "2.28")),
    "osx": (("__unix", "0"), ("__osx", "13.0")),
    "win": (("__win", "0"),),
}
_ARCH = {
    "linux-64": "x86_64",
    "osx-64": "x86_64",
    "win-64": "x86_64",
    "linux-aarch64": "aarch64",
    "osx-arm64": "m1",
}


def _virtual(platform: str) -> list[GenericVirtualPackage]:
    listed = [(*pair, "0") for pair in _VIRTUAL[platform.partition("-")[0]]]
    listed.append(("__archspec", "1", _ARCH[platform]))
    return [GenericVirtualPackage(PackageName(n), Version(v), BuildString(b)) for n, v, b in listed]


async def _solve(texts: list[str], channel: str, platforms: list[str]) -> list[int]:
    specs = [rattler.MatchSpec(text) for text in texts]
    gateway = rattler.Gateway()
    sources = [rattler.Channel(channel)]

    async def solve(platform: str) -> int:
        records = await rattler.solve(
            sources,
            specs,
            platforms=[Platform(platform), Platform("noarch")],
            gateway=gateway,
            virtual_packages=_virtual(platform),
        )
        return len(records)

    return list(await asyncio.gather(*map(solve, platforms)))


def _main(environment: Path, channel: Path, platforms: list[str]) -> None:
    document = yaml.load(environment.read_bytes(), yaml.CSafeLoader)
    print(*asyncio.run(_solve(document["dependencies"], channel.resolve().as_uri(), platforms)))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
    # py-rattler's threads may call into an interpreter that is being taken down: one run in ten of so short a
    # script would end in a segmentation fault, its work done. Nothing is left to do, so nothing is taken down.
    sys.stdout.flush()
    os._exit(0)
