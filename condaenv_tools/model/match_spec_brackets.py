"""The brackets of a MatchSpec and the keywords in them (CEP 29)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from condaenv_tools.model.cut import Cut
from condaenv_tools.model.match_spec_faults import refuse

__all__ = ["FIELDS", "read_pairs", "take_brackets"]

#: The keywords, in the order in which conda writes them.
FIELDS = (
    "channel",
    "subdir",
    "name",
    "version",
    "build",
    "build_number",
    "track_features",
    "features",
    "url",
    "md5",
    "sha256",
    "license",
    "license_family",
    "fn",
    "when",
    "extras",
    "flags",
)

_END = r"\s*(?:,|\s|$)"
_PAIR = re.compile(
    rf"""\s*(?P<key>[A-Za-z0-9_-]+)\s*=\s*
        (?: \[(?P<list>[^\[\]]*)\] | '(?P<single>[^']*)' | "(?P<double>[^"]*)" | (?P<bare>[^\s,'"\[\]]+) )
        {_END}""",
    re.VERBOSE,
)
_WORD = re.compile(rf"\s*(?P<word>[A-Za-z0-9_.-]+){_END}")
_ITEM = re.compile(r"""\s*(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<bare>[^,'"]*?))\s*(?:,|$)""")


def take_brackets(whole: Cut, cut: Cut, unread: list[str]) -> tuple[Cut, Cut | None]:
    """Return a spec without its brackets, and what stands in them.

    Those of a channel (``channel[subdir]::``) are passed over, as conda does.
    """
    channel_end = cut.text.find("]::")
    start = cut.text.find("[")
    if 0 <= start < channel_end:
        unread.append(cut.text[start : channel_end + 1])
        cut = cut[:start] + cut[channel_end + 1 :]
        start = cut.text.find("[")
    end = cut.text.rfind("]")
    if start < 0 and end < 0:
        return cut, None
    if start < 0 or end < start:
        at = max(start, end)
        refuse(whole, cut[at : at + 1], "this bracket has no partner")
    if second := re.search(r"\]\s*(?=\[)", cut.text[start:end]):
        at = start + second.end()
        refuse(
            whole, cut[at : end + 1], "a spec has one pair of brackets at the most", "join them with a comma"
        )
    return cut[:start] + cut[end + 1 :], cut[start + 1 : end]


def read_pairs(whole: Cut, inner: Cut, unread: list[str]) -> Iterator[tuple[Cut, list[Cut]]]:
    """Yield each keyword with its values; one, but for a list.

    conda and mamba pass over a bare word, as in ``dask[complete]``: it goes to `unread`.
    """
    at = 0
    while inner.text[at:].strip(" ,"):
        pair = _PAIR.match(inner.text, at)
        if pair is not None:
            at = pair.end()
            yield inner[slice(*pair.span("key"))], _values(inner, pair)
            continue
        word = _WORD.match(inner.text, at)
        if word is None:
            relation = re.search(r"[<>!~]=?|==", inner.text[at:])
            hint = "write key='value', such as version='>=1.2'" if relation else "write key=value"
            refuse(whole, inner[at:].stripped(), "brackets hold key=value pairs", hint)
        unread.append(f"[{word['word']}]")
        at = word.end()


def _values(inner: Cut, pair: re.Match[str]) -> list[Cut]:
    kind = next(kind for kind in ("list", "single", "double", "bare") if pair[kind] is not None)
    value = inner[slice(*pair.span(kind))]
    if kind != "list":
        return [value]
    values = []
    at = 0
    while at < len(value.text):
        item = _ITEM.match(value.text, at)
        if item is None or item.end() == at:
            return [value]
        kind = next(kind for kind in ("single", "double", "bare") if item[kind] is not None)
        values.append(value[slice(*item.span(kind))])
        at = item.end()
    return values
