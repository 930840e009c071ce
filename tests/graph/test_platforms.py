"""The platforms of a lock beside each other."""

from __future__ import annotations

from condaenv_tools.graph.platforms import Differing, build_graphs, platform_diff
from tests.graph.graphs import each_lock, real_lock
from tests.lock.toy_locks import MAC, conda, lock_of, part


def test_what_is_common_and_what_differs() -> None:
    linux = part(conda("a 1"), conda("b 1", "__glibc"), conda("c 1"), virtual=())
    mac = part(conda("a 1"), conda("b 2"), platform=MAC, virtual=())
    diff = platform_diff(build_graphs(lock_of(linux, mac)))
    assert diff.platforms == ("linux-64", "osx-arm64")
    assert diff.common == ("conda:a",)
    assert diff.differing == (
        Differing(node="conda:b", versions=(("linux-64", "1"), ("osx-arm64", "2"))),
        Differing(node="conda:c", versions=(("linux-64", "1"), ("osx-arm64", None))),
        # It is on one platform alone, though it has no version on either.
        Differing(node="virtual:__glibc", versions=(("linux-64", None), ("osx-arm64", None))),
    )


def test_no_platform_and_one() -> None:
    assert platform_diff({}).common == ()
    one = build_graphs(lock_of(part(conda("a 1"), virtual=())))
    assert (platform_diff(one).common, platform_diff(one).differing) == (("conda:a",), ())


@each_lock
def test_real_locks(name: str) -> None:
    lock = real_lock(name)
    diff = platform_diff(build_graphs(lock))
    on = [{f"conda:{r.name}": r.version for r in one.records} for one in lock]
    same = set.intersection(*(set(versions.items()) for versions in on))
    assert {n for n in diff.common if n.startswith("conda:")} == {node for node, _ in same}
    assert {d.node for d in diff.differing if d.node.startswith("conda:")} == set().union(*on) - {
        n for n, _ in same
    }
