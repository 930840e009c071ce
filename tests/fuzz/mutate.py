"""New files made of old ones: what people write, and what happens to it on the way."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.shared_data import shared_path

__all__ = ["make", "seeds"]

_DATA = Path(__file__).resolve().parents[1] / "data" / "invalid"

_FALLBACK = b"""name: x
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.12
  - numpy>=1.26,<3
  - pip
  - pip:
    - requests[security]>=2; python_version<'3.13'
"""

#: Tokens of YAML, of specs, of pip lines, of selectors and of noqa comments, and what no one expects; one a line.
_TOKENS = tuple(
    json.loads(line).encode()
    for line in Path(__file__).with_name("tokens.jsonl").read_text(encoding="utf-8").splitlines()
)


@cache
def seeds() -> tuple[bytes, ...]:
    """Return the files to start from: those of the shared data where it is at hand, and the invalid ones here."""
    found = {_FALLBACK}
    found |= {path.read_bytes() for path in _DATA.glob("*.yml")}
    for parts in (("oracle", "cases"), ("corpus",)):
        folder = shared_path(*parts)
        found |= {path.read_bytes() for path in folder.glob("*.y*ml")} if folder else set()
    table = shared_path("oracle", "matchspec_matrix.tsv")
    if table:
        specs = [line.split(b"\t")[0] for line in table.read_bytes().splitlines()[1:]]
        found.add(b"dependencies:\n" + b"".join(b"  - " + spec + b"\n" for spec in specs))
        found.add(
            b"dependencies:\n" + b"".join(b"  - '" + spec.replace(b"'", b"''") + b"'\n" for spec in specs)
        )
    return tuple(sorted(found))


def make(chance: random.Random) -> bytes:
    """Return one new file; the same state of `chance` gives the same file."""
    data = chance.choice(seeds())
    if chance.random() < 0.97:
        data = _part(data, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        data = chance.choice(_MUTATIONS)(data, chance)
    roll = chance.random()
    if roll < 0.0005:
        return _grow(data, chance)
    if roll < 0.01:
        return _encode(data, chance)
    return data


def _part(data: bytes, chance: random.Random) -> bytes:
    """Keep the head and a stretch of a long file, so that a million inputs are soon read."""
    lines = data.splitlines(keepends=True)
    if len(lines) <= 24:
        return data
    head = lines[: chance.randrange(2, 8)]
    at = chance.randrange(len(lines))
    return b"".join([*head, *lines[at : at + chance.randrange(1, 16)]])


def _place(data: bytes, chance: random.Random) -> int:
    return chance.randrange(len(data) + 1)


def _splice_token(data: bytes, chance: random.Random) -> bytes:
    at = _place(data, chance)
    return data[:at] + chance.choice(_TOKENS) + data[at:]


def _splice_at_line(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    at = chance.randrange(len(lines))
    token = chance.choice(_TOKENS)
    line = lines[at]
    ends = len(line) - len(line.rstrip(b"\r\n"))
    cut = len(line) - ends
    lines[at] = chance.choice(
        (token + line, line[:cut] + b" " + token + line[cut:], line[:cut] + token + line[cut:])
    )
    return b"".join(lines)


def _flip_byte(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _any_byte(data: bytes, chance: random.Random) -> bytes:
    at = _place(data, chance)
    return data[:at] + bytes([chance.randrange(256)]) + data[at + chance.randrange(2) :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    at = _place(data, chance)
    return chance.choice((data[:at], data[at:]))


def _drop(data: bytes, chance: random.Random) -> bytes:
    at = _place(data, chance)
    return data[:at] + data[at + chance.randrange(1, 12) :]


def _lines(change: Callable[[list[bytes], random.Random], None]) -> Callable[[bytes, random.Random], bytes]:
    def mutate(data: bytes, chance: random.Random) -> bytes:
        lines = data.splitlines(keepends=True)
        if lines:
            change(lines, chance)
        return b"".join(lines)

    return mutate


def _swap(lines: list[bytes], chance: random.Random) -> None:
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _repeat(lines: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    lines[at:at] = [lines[at]] * chance.choice((1, 1, 2, 30))


def _indent(lines: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    lines[at] = chance.choice((b" " + lines[at], b"  " + lines[at], b"\t" + lines[at], lines[at].lstrip()))


def _foreign_line(lines: list[bytes], chance: random.Random) -> None:
    other = chance.choice(seeds()).splitlines(keepends=True)
    if other:
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(other))


def _drop_line(lines: list[bytes], chance: random.Random) -> None:
    del lines[chance.randrange(len(lines))]


def _quote(lines: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    body = lines[at].rstrip(b"\r\n")
    sign = chance.choice((b"'", b'"'))
    dash = body.find(b"- ") + 2
    lines[at] = body[:dash] + sign + body[dash:] + sign + b"\n"


def _nest(data: bytes, chance: random.Random) -> bytes:
    depth = chance.choice((2, 5, 60, 70, 300))
    opened, closed = chance.choice(((b"[", b"]"), (b"{a: ", b"}"), (b"(", b")"), (b"- ", b"")))
    at = _place(data, chance)
    return data[:at] + opened * depth + b"a" + closed * depth + data[at:]


_MUTATIONS = (
    _splice_token,
    _splice_token,
    _splice_token,
    _splice_at_line,
    _splice_at_line,
    _flip_byte,
    _any_byte,
    _cut,
    _drop,
    _nest,
    *map(_lines, (_swap, _repeat, _indent, _foreign_line, _foreign_line, _drop_line, _quote)),
)


def _grow(data: bytes, chance: random.Random) -> bytes:
    """Up to a megabyte: a line, a token or the whole repeated."""
    lines = data.splitlines(keepends=True) or [b"x"]
    unit = chance.choice((chance.choice(_TOKENS), chance.choice(lines), data or b"x"))
    times = min(1_000_000 // max(1, len(unit)), chance.choice((1_000, 20_000, 1_000_000)))
    at = _place(data, chance)
    return (data[:at] + unit * times + data[at:])[:1_000_000]


def _encode(data: bytes, chance: random.Random) -> bytes:
    text = data.decode("utf-8", errors="replace")
    encoding = chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "latin-1", "cp1252", "utf-7"))
    found = text.encode(encoding, errors="replace")
    return _cut(found, chance) if chance.random() < 0.2 else found
