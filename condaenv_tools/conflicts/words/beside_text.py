"""What is to blame beside the lines, in words: what it is, and what to say where it is otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from condaenv_tools.conflicts.search.cores import Beside, Core
from condaenv_tools.conflicts.words.text import Account

__all__ = ["with_surroundings"]

_PRIORITY = "strict channel priority is part of it: these lines go together with packages of all channels"
_STATED = "if the machine has it, say so: --virtual-package "


def with_surroundings(account: Account, core: Core) -> Account:
    """Return an account that tells of what is to blame beside the lines, too.

    Examples
    --------
    >>> account = Account(remarks=(), further=(), text="every a (1) needs __glibc >=2.34")
    >>> glibc = Beside(kind="virtual", spec="__glibc=2.28", instead="__glibc=2.34")
    >>> with_surroundings(account, Core(members=(), beside=(glibc,))).hints
    ('if the machine has it, say so: --virtual-package __glibc=2.34',)
    """
    for one in core.beside:
        account = _with_one(account, one)
    return account


def _with_one(account: Account, one: Beside) -> Account:
    match one.kind:
        case "priority":
            flag = one.instead.partition("=")[2]
            hint = (
                f"list the channel that has them first{f', or use --channel-priority {flag}' if flag else ''}"
            )
            return _with(account, _PRIORITY, hint)
        case "virtual":
            return _with_virtual(account, one)
        case "cutoff":
            newest = datetime.fromisoformat(one.spec.partition("=")[2])
            return _with(account, "", f"nothing built after {newest:%Y-%m-%d %H:%M} UTC was looked at")
        case _:
            return _with(account, f"that {one.spec} must hold is part of it", "")


def _with_virtual(account: Account, one: Beside) -> Account:
    if not one.instead:
        return account
    # A hint that was read off the records gives way to the one that was proven.
    kept = tuple(hint for hint in account.hints if not hint.startswith(_STATED))
    name = one.instead.partition("=")[0]
    value = one.instead if "=" in one.instead else f"{one.instead}=VERSION"
    told = f"what the machine is taken to have is part of it ({one.spec}): with {one.instead} these lines go"
    told += " together"
    return _with(replace(account, hints=kept), "" if name in account.text else told, f"{_STATED}{value}")


def _with(account: Account, told: str, hint: str) -> Account:
    return replace(
        account,
        further=(*account.further, *([told] if told else [])),
        text="; ".join(part for part in (account.text, told) if part),
        hints=(*account.hints, *([hint] if hint else [])),
    )
