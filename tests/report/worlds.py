"""Graphs of two platforms that show everything a drawing has to show, and names that mean harm."""

from __future__ import annotations

import itertools

import networkx as nx

from condaenv_tools.graph.build import build_graph
from condaenv_tools.model.lock import LockedPackage, LockedPlatform, PyPIRecord, Root
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage
from tests.builders import record

#: What would run, load or break out if a page took it for more than text.
HOSTILE = (
    "</script><script>window.harmed=1</script>",
    "<img src=x onerror=window.harmed=1>",
    "<!--<script>",
    "]]>",
    "';window.harmed=1;//",
    '"><svg onload=window.harmed=1>',
    "&lt;b&gt;",
    "${window.harmed=1}",
    "@@DATA@@",
    "\u2028\u2029\ud800\x00",
    "$x^2$ %s {0}",
)


def platform_graph(platform: Platform, *, extra: bool = False) -> nx.MultiDiGraph:
    """Return `app` on Python, `net` and `lib`, one from PyPI, one spec that is unmet and two that are broken."""
    sub = platform.value
    records = [
        record("app", "2.0", "python", "net >=1", subdir="noarch", noarch="python"),
        record("net", "1.5", "lib >=3", "gone >=1", "python", subdir=sub, license="MIT"),
        record("lib", "2.0", "__glibc >=2.17", subdir=sub, constrains=("net <1",), size=2_500_000),
        record("python", "3.12.1", "lib", "pip", subdir=sub, build="h1_cpython"),
        record("pip", "25.0", "python", subdir="noarch", noarch="python"),
        record("meta", "1", "app", subdir="noarch", size=900),
    ]
    if extra:
        records.append(record("only-here", "1.0", "lib", subdir=sub))
    pypi = [PyPIRecord(name="pure", version="0.1", url="", requires=(("net", ">=1"), ("app", "*")))]
    packages = [*(LockedPackage(record=r) for r in records), *(LockedPackage(record=r) for r in pypi)]
    return build_graph(
        LockedPlatform(
            platform=platform,
            packages=tuple(packages),
            roots=(
                Root(name="meta", spec="meta", source="environment.yml:5"),
                Root(name="pure", spec="pure>=0", source="environment.yml:8", manager="pip"),
                Root(name="net", spec="net=1", source="environment.yml:6"),
            ),
            virtual_packages=(VirtualPackage(name="__glibc", version="2.28"),),
        )
    )


def two_platforms() -> dict[str, nx.MultiDiGraph]:
    """Return the same on two platforms; the second has one package more."""
    return {
        "linux-64": platform_graph(Platform.LINUX_64),
        "linux-aarch64": platform_graph(Platform.LINUX_AARCH64, extra=True),
    }


def hostile_graph() -> nx.MultiDiGraph:
    """Return a graph in which every text that a channel writes means harm."""
    graph = nx.MultiDiGraph(platform="linux-64", roots=[], roots_known=True, missing=[])
    for i, text in enumerate(HOSTILE):
        graph.add_node(
            f"conda:{text}",
            name=text,
            version=text,
            build=text,
            ecosystem="conda",
            kind="python",
            root=i == 0,
            channel=text,
            size=1,
            license=text,
        )
        graph.graph["roots"].append([f"conda:{text}", text, text])
        graph.graph["missing"].append([f"conda:{text}", text])
    nodes = list(graph)
    for source, target in itertools.pairwise(nodes):
        graph.add_edge(source, target, kind="depends", spec=HOSTILE[0])
        graph.add_edge(source, target, kind="constrains", spec=HOSTILE[1])
    return graph
