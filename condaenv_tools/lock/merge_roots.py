"""Three-way merge of what two locks were asked for, each in its own order."""

from __future__ import annotations

from collections.abc import Sequence

from condaenv_tools.model.lock import Root

__all__ = ["merge_roots"]

Key = tuple[str, str, str, str]


def merge_roots(
    base: Sequence[Root] | None, ours: Sequence[Root] | None, theirs: Sequence[Root] | None
) -> tuple[Root, ...] | None:
    """Return what both sides ask for: the union of what they added and changed, without what they dropped.

    Parameters
    ----------
    base, ours, theirs : sequence of Root or None
        None where a lock does not say it.

    Returns
    -------
    tuple of Root or None
        In our order; what only they have stands behind what it stands behind there. A line of one name that both
        sides changed counts twice, once as each has it, since both must hold. None where a side does not say.

    Examples
    --------
    >>> def roots(*specs):
    ...     return [Root(name=s.split("=")[0], spec=s, source="e.yml:1") for s in specs]
    >>> merged = merge_roots(roots("a", "b"), roots("a=1", "b"), roots("a", "c"))
    >>> [root.spec for root in merged]
    ['a=1', 'c']
    """
    if ours is None or theirs is None:
        return None
    sides = [_by_key(side) for side in (base or (), ours, theirs)]
    specs = {key: _specs(*(side.get(key, ()) for side in sides)) for side in sides for key in side}
    order = _order(ours, theirs)
    found: list[Root] = []
    for key in order:
        mine, other = sides[1].get(key, ()), sides[2].get(key, ())
        found += [next(root for root in (*mine, *other) if root.spec == spec) for spec in specs[key]]
    return tuple(found)


def _key(root: Root) -> Key:
    return root.manager, root.name, root.category, root.source.rpartition(":")[0]


def _by_key(roots: Sequence[Root]) -> dict[Key, tuple[Root, ...]]:
    found: dict[Key, tuple[Root, ...]] = {}
    for root in roots:
        found[_key(root)] = (*found.get(_key(root), ()), root)
    return found


def _specs(base: Sequence[Root], ours: Sequence[Root], theirs: Sequence[Root]) -> tuple[str, ...]:
    before, mine, other = (tuple(root.spec for root in side) for side in (base, ours, theirs))
    if sorted(mine) == sorted(other) or sorted(other) == sorted(before):
        return mine
    if sorted(mine) == sorted(before):
        return other
    return tuple(dict.fromkeys((*mine, *other)))


def _order(ours: Sequence[Root], theirs: Sequence[Root]) -> list[Key]:
    order = list(dict.fromkeys(map(_key, ours)))
    at = 0
    for key in dict.fromkeys(map(_key, theirs)):
        if key in order:
            at = order.index(key) + 1
        else:
            order.insert(at, key)
            at += 1
    return order
