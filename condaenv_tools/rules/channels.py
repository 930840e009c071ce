"""Rules on the list of channels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from condaenv_tools.errors import ParseError
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.environment import ChannelItem
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.patterns import is_pattern
from condaenv_tools.parse.codes.code import WARNING, code
from condaenv_tools.parse.list_lines import insertion_behind, removal
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.channel_kinds import DEFAULTS_KIN, kinds_of, retired
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_MIXED = code(
    "CE310",
    WARNING,
    "conda-forge mixed with defaults",
    "The two build against different libraries, so that what comes from both may crash, and defaults is "
    "subject to Anaconda's terms of service.",
    "channels: [conda-forge, defaults]\ndependencies: [numpy]\n",
    "channels: [conda-forge, nodefaults]\ndependencies: [numpy]\n",
)
_ORDER = code(
    "CE311",
    WARNING,
    "channels in an order that strict priority makes fatal",
    "A package is taken from the first channel that has its name, however old it is there.",
    "channels: [bioconda, conda-forge, nodefaults]\ndependencies: [samtools]\n",
    "channels: [conda-forge, bioconda, nodefaults]\ndependencies: [samtools]\n",
)
_UNLISTED = code(
    "CE312",
    WARNING,
    "a channel of a spec that the list lacks",
    "conda and micromamba add it behind the others, for every package, and the list does not show it.",
    "channels: [conda-forge, nodefaults]\ndependencies: ['bioconda::samtools']\n",
    "channels: [conda-forge, bioconda, nodefaults]\ndependencies: ['bioconda::samtools']\n",
)
_RETIRED = code(
    "CE313",
    WARNING,
    "a channel that is closed or no longer filled",
    "What it has grows old, and stops fitting what comes from elsewhere.",
    "channels: [intel, conda-forge, nodefaults]\ndependencies: [numpy]\n",
    "channels: [conda-forge, nodefaults]\ndependencies: [numpy]\n",
)
_CONTRADICTION = code(
    "CE314",
    WARNING,
    "nodefaults beside defaults",
    "nodefaults only keeps tools from adding channels; the members of defaults that are listed stay.",
    "channels: [defaults, nodefaults]\ndependencies: [numpy]\n",
    "channels: [conda-forge, nodefaults]\ndependencies: [numpy]\n",
)
_SPELLINGS = code(
    "CE315",
    WARNING,
    "one channel in two spellings",
    "The second has no effect, and hints at a slip.",
    "channels: [defaults, pkgs/main]\ndependencies: [numpy]\n",
    "channels: [defaults]\ndependencies: [numpy]\n",
)
_STEERS = code(
    "CE316",
    WARNING,
    "a package of the channel pytorch below conda-forge",
    "pytorch-cuda and cpuonly steer the builds of the channel pytorch alone, and strict priority takes "
    "those of conda-forge.",
    "channels: [conda-forge, pytorch, nvidia, nodefaults]\ndependencies: [pytorch, pytorch-cuda=12.1]\n",
    "channels: [conda-forge, nodefaults]\ndependencies: [pytorch-gpu]\n",
)


#: No list has so many; what comes behind is not looked at.
_MOST_CHANNELS = 200


@lru_cache(maxsize=1024)
def _urls(text: str) -> tuple[str, ...]:
    try:
        return tuple(channel.url for channel in expand_channels([text], base_dir="/"))
    except ParseError:
        return ()


def _channels(case: Case) -> tuple[ChannelItem, ...]:
    return case.environment.channels[:_MOST_CHANNELS]


def _meet(one: ChannelItem, other: ChannelItem) -> bool:
    """Say whether two lines count together anywhere."""
    return not (one.selector and other.selector) or bool(one.selector.platforms & other.selector.platforms)


def _find_mixed(case: Case) -> Iterator[Finding]:
    channels = _channels(case)
    forge = [item for item in channels if "conda-forge" in kinds_of(item.text)]
    kin = [item for item in channels if kinds_of(item.text) & DEFAULTS_KIN]
    pair = next(((mine, other) for mine in kin for other in forge if _meet(mine, other)), None)
    if pair is None:
        return
    mine, other = pair
    what = (
        f"{quoted(mine.text)}, a copy of defaults,"
        if "anaconda" in kinds_of(mine.text)
        else quoted(mine.text)
    )
    message = f"{what} stands beside {quoted(other.text)}, and the two build against different libraries"
    if channels.index(mine) < channels.index(other):
        message += "; above it, it hides the conda-forge builds of all that it has"
    names = [item for item in kin if item.text != "nodefaults"]
    lines = "this line" if len(names) == 1 else f"lines {', '.join(str(item.span.line) for item in names)}"
    has_nodefaults = any(item.text == "nodefaults" for item in channels)
    hint = f"remove {lines}" + ("" if has_nodefaults else ", and write nodefaults in its place")
    fix = _without(case, names, "" if has_nodefaults else "nodefaults")
    named = [
        d for d in case.environment.dependencies if d.spec.channel and kinds_of(d.spec.channel) & DEFAULTS_KIN
    ]
    if named:
        hint += f"; {quoted(named[0].text)} of line {named[0].span.line} asks for it by name"
        fix = None
    yield case.finding(_MIXED, message, mine.span, hint=hint, fix=fix)


def _without(case: Case, items: list[ChannelItem], instead: str) -> Fix | None:
    """Return the fix that leaves defaults out of a block list or of a flow list of which one item goes."""
    edits: list[TextEdit] = []
    for item in items:
        start, end = item.span.start, item.span.end
        if case.text[start:end] != item.text:
            return None
        if instead:
            edits.append(TextEdit(start=start, end=end, text=instead))
            instead = ""
        elif edit := removal(case.source, start, end):
            edits.append(edit)
        else:
            return None
    ordered = sorted(edits)
    if any(one.end > other.start for one, other in pairwise(ordered)):
        return None
    return Fix(title="take the packages of conda-forge alone", edits=tuple(ordered), safe=False)


def _find_order(case: Case) -> Iterator[Finding]:
    channels = _channels(case)
    for number, item in enumerate(channels):
        if "bioconda" not in kinds_of(item.text):
            continue
        below = [other for other in channels[number + 1 :] if "conda-forge" in kinds_of(other.text)]
        above = [other for other in channels[:number] if "conda-forge" in kinds_of(other.text)]
        if below and not above and _meet(item, below[0]):
            other = below[0]
            message = (
                f"{quoted(item.text)} stands above {quoted(other.text)}, and is built to stand below it: "
                "with strict priority its old copies hide newer packages"
            )
            hint = f"put {other.text} first"
            yield case.finding(_ORDER, message, item.span, hint=hint, fix=_swap(case, item, other))
            return


def _swap(case: Case, one: ChannelItem, other: ChannelItem) -> Fix | None:
    edits = tuple(
        TextEdit(start=here.span.start, end=here.span.end, text=there.text)
        for here, there in ((one, other), (other, one))
        if case.text[here.span.start : here.span.end] == here.text
    )
    if len(edits) < 2 or one.selector or other.selector:
        return None
    return Fix(title=f"put {other.text} above {one.text}", edits=edits, safe=False)


def _find_unlisted(case: Case) -> Iterator[Finding]:
    channels = [item for item in _channels(case) if item.text != "nodefaults"]
    listed = {url for item in channels for url in _urls(item.text)}
    if not channels:
        return
    told: set[str] = set()
    for item in case.environment.dependencies:
        name = item.spec.channel
        if name is None or is_pattern(name) or item.spec.url is not None or name in told:
            continue
        urls = _urls(name)
        if not urls or not listed.isdisjoint(urls):
            continue
        told.add(name)
        message = (
            f"the channel {quoted(name)} is not in the list: conda and micromamba add it at the end, "
            "where every other package may come from it too"
        )
        last = channels[-1]
        edit = insertion_behind(case.source, last.span.start, last.span.end, name)
        fix = Fix(title=f"add {name} to the channels", edits=(edit,), safe=False) if edit else None
        fix = fix if name.replace("-", "").replace("/", "").replace("_", "").isalnum() else None
        yield case.finding(
            _UNLISTED, message, item.span, hint="add it to the channels, where it belongs", fix=fix
        )


def _find_retired(case: Case) -> Iterator[Finding]:
    for item in _channels(case):
        known = retired(item.text)
        if known is not None and not (kinds_of(item.text) == {"pytorch"} and _is_old_pytorch(case)):
            severity, reason, hint = known
            message = f"{quoted(item.text)} {reason}"
            yield case.finding(_RETIRED, message, item.span, hint=hint, severity=severity)


def _is_old_pytorch(case: Case) -> bool:
    """Say whether no line would take a PyTorch newer than the last one of its own channel."""
    asked = [item.spec.version for item in case.environment.dependencies if item.name == "pytorch"]
    return all(version is not None and not version.matches("2.6.0") for version in asked)


def _find_contradiction(case: Case) -> Iterator[Finding]:
    channels = _channels(case)
    bans = [item for item in channels if item.text == "nodefaults"]
    for item in channels:
        if item.text == "defaults" and any(_meet(item, ban) for ban in bans):
            message = "the list has both defaults and nodefaults: the packages of defaults stay in use"
            yield case.finding(_CONTRADICTION, message, item.span, hint="remove one of the lines")


def _find_spellings(case: Case) -> Iterator[Finding]:
    first: dict[str, ChannelItem] = {}
    for item in _channels(case):
        urls = _urls(item.text)
        known = first.get(urls[0]) if urls and all(url in first for url in urls) else None
        for url in urls:
            first.setdefault(url, item)
        if known is None or known.text.rstrip("/").lower() == item.text.rstrip("/").lower():
            continue
        if item.selector != known.selector:
            continue
        what = "is a part of" if len(_urls(known.text)) > len(urls) else "is the same channel as"
        message = f"{quoted(item.text)} {what} {quoted(known.text)} of line {known.span.line}"
        edit = removal(case.source, item.span.start, item.span.end)
        fix = Fix(title=f"remove {item}", edits=(edit,)) if edit else None
        yield case.finding(_SPELLINGS, message, item.span, hint="remove one of the lines", fix=fix)


def _find_steers(case: Case) -> Iterator[Finding]:
    order = [kind for item in _channels(case) for kind in kinds_of(item.text)]
    if "conda-forge" not in order or "pytorch" not in order:
        return
    if order.index("pytorch") < order.index("conda-forge"):
        return
    dependencies = case.environment.dependencies
    if any(item.name == "pytorch" and item.spec.channel for item in dependencies):
        return
    for item in dependencies:
        if item.name in {"pytorch-cuda", "cpuonly"}:
            message = (
                f"{item.name} has no effect: conda-forge stands above the channel pytorch, "
                "so that strict priority takes the pytorch of conda-forge"
            )
            other = "pytorch-gpu" if item.name == "pytorch-cuda" else "pytorch-cpu"
            yield case.finding(
                _STEERS, message, item.span, hint=f"write {other}, which conda-forge has, instead"
            )


RULES: tuple[Rule, ...] = (
    Rule(code=_MIXED, find=_find_mixed),
    Rule(code=_ORDER, find=_find_order),
    Rule(code=_UNLISTED, find=_find_unlisted),
    Rule(code=_RETIRED, find=_find_retired),
    Rule(code=_CONTRADICTION, find=_find_contradiction),
    Rule(code=_SPELLINGS, find=_find_spellings),
    Rule(code=_STEERS, find=_find_steers),
)
