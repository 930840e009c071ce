"""One conda requirement of a file: read as a MatchSpec, its faults told in the words of the file."""

from __future__ import annotations

import re
from functools import lru_cache

from condaenv_tools.errors import InvalidMatchSpecError
from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.secrets import has_credentials, mask_credentials
from condaenv_tools.model.selector import Selector
from condaenv_tools.model.version_region import has_no_version
from condaenv_tools.parse.extras import instead_of_extra
from condaenv_tools.parse.list_lines import removal
from condaenv_tools.parse.reading import Reading
from condaenv_tools.parse.report import quoted
from condaenv_tools.parse.yaml_nodes import ScalarNode, plain_kind

__all__ = [
    "dependency",
    "instead_of",
    "odd_character",
    "ordinary_spec",
    "read_spec",
    "tell_repeated",
]

#: Characters; no requirement comes near it.
MAX_SPEC = 4096

_LOST_ZERO = re.compile(r"(?:\S+::)?python *(?:={1,2}| ) *(3\.1)(?:\.\*|\*)?", re.IGNORECASE)
_ORDINARY = re.compile(r"[\w.-]+(?: ?(?:==?|[<>]=?)? ?[\w.*!+]+(?:,[<>]=?[\w.]+)*(?:[= ][\w.*]+)?)?")
_TURNED = re.compile(r"=[<>]|[<>] +=")
_OWN_PATH = re.compile(r"(?:file:|/|~|\.{1,2}[\\/]|[A-Za-z]:[\\/])")
_SINGLE_COLON = re.compile(r"([\w.-]{2,}):([\w.][^:/\\\[]*)")
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|<%.*?%>")
_VARIABLE = re.compile(r"\$\{?\w+\}?|%\w+%")
_ODD = {
    "\u2013": ("an en dash (–)", "a hyphen (-)"),
    "\u2014": ("an em dash (—)", "a hyphen (-)"),
    "\u2212": ("a minus sign (−)", "a hyphen (-)"),
    "\u2010": ("a typographic hyphen (‐)", "a hyphen (-)"),
    "\u2011": ("a hyphen that does not break", "a hyphen (-)"),
    "\u201c": ("a typographic quote (“)", "no quote, or the straight one"),
    "\u201d": ("a typographic quote (”)", "no quote, or the straight one"),
    "\u2018": ("a typographic quote (‘)", "no quote, or the straight one"),
    "\u2019": ("a typographic quote (’)", "no quote, or the straight one"),
    "\u00a0": ("a space that does not break (U+00A0)", "an ordinary space"),
    "\u202f": ("a narrow space that does not break (U+202F)", "an ordinary space"),
    "\u3000": ("an ideographic space (U+3000)", "an ordinary space"),
    "\u2022": ("a bullet (•)", "a hyphen (-)"),
    "\u25cf": ("a bullet (●)", "a hyphen (-)"),
    "\u2219": ("a bullet (∙)", "a hyphen (-)"),
    "\u00b7": ("a dot in the middle (·)", "a hyphen (-)"),
    "\u200b": ("an invisible space of no width (U+200B)", "nothing"),
    "\u200c": ("an invisible character (U+200C)", "nothing"),
    "\u200d": ("an invisible character (U+200D)", "nothing"),
    "\u2060": ("an invisible character (U+2060)", "nothing"),
    "\ufeff": ("a byte order mark inside the text (U+FEFF)", "nothing"),
    "\u2265": ("the sign ≥", ">="),
    "\u2264": ("the sign ≤", "<="),
    "\uff1d": ("a full-width equals sign (＝)", "="),
    "\uff1a": ("a full-width colon (：)", "a colon (:)"),
}
#: What a fix writes in the place of a sign; the others go, or need a person.
_MEANT = str.maketrans(
    dict.fromkeys("\u2013\u2014\u2212\u2010\u2011", "-")
    | dict.fromkeys("\u00a0\u202f\u3000", " ")
    | dict.fromkeys("\u201c\u201d\u2018\u2019\u200b\u200c\u200d\u2060\ufeff", "")
    | {"\u2265": ">=", "\u2264": "<=", "\uff1d": "=", "\uff1a": ":"}
)
_ODD_PATTERN = re.compile("[" + "".join(_ODD) + "]")


def odd_character(text: str) -> tuple[int, str, str] | None:
    """Return the first character that a word processor or a web page put into a text.

    Returns
    -------
    tuple of (int, str, str) or None
        Its offset, what it is, and what should stand there.

    Examples
    --------
    >>> odd_character("numpy ≥1")
    (6, 'the sign ≥', '>=')
    """
    if text.isascii():
        return None
    match = _ODD_PATTERN.search(text)
    return (match.start(), *_ODD[match[0]]) if match else None


def instead_of(instead: str) -> str:
    """Return the hint that belongs to an odd character."""
    return "remove it" if instead == "nothing" else f"write {instead} instead"


def read_spec(reading: Reading, node: ScalarNode, selector: Selector | None) -> Dependency | None:
    """Read one item of `dependencies`; None, and told, where it cannot be read."""
    text = node.value
    if node.tag is not None:
        reading.check_tag(node)
    if len(text) > MAX_SPEC:
        reading.fault("CE201", f"a spec of {len(text):,} characters is no spec", node, (0, 40))
        return None
    if not text.strip():
        message = "an empty text is no spec: conda takes it for any package at all"
        reading.fault("CE201", message, node, hint="remove the line, or name a package")
        return None
    folded = reading.lines_of(node)
    try:
        spec = MatchSpec.parse(text)
    except InvalidMatchSpecError as error:
        if folded:
            reading.tell_folded(node, folded, "spec", Severity.ERROR)
        else:
            _tell_unreadable(reading, node, error)
        return None
    if folded:
        reading.tell_folded(node, folded, "spec", Severity.WARNING)
    if ordinary_spec(text) is None:
        _tell_suspicious(reading, node, spec)
    return dependency(reading, node, spec, selector)


def dependency(reading: Reading, node: ScalarNode, spec: MatchSpec, selector: Selector | None) -> Dependency:
    """Return the item of a node that was read."""
    return Dependency(
        span=reading.source.span(node.start, node.end),
        selector=selector,
        text=node.value,
        spec=spec,
        category=reading.category,
    )


def _tell_unreadable(reading: Reading, node: ScalarNode, error: InvalidMatchSpecError) -> None:
    text = node.value
    odd = odd_character(text)
    template = _TEMPLATE.search(text)
    variable = _VARIABLE.search(text)
    part = (error.start, error.end)
    hint = error.hints[0] if error.hints else ""
    fix = None
    if odd:
        offset, what, instead = odd
        reason, part, hint = f"there is {what} in it", (offset, offset + 1), instead_of(instead)
        fix = _plain_signs(reading, node)
    elif template:
        reason, part = "it holds a template, and no tool fills in templates here", template.span()
        hint = "write the value itself, or render the file first"
    elif variable:
        reason, part = (
            "it holds an environment variable, and no tool replaces those in a spec",
            variable.span(),
        )
        hint = "write the value itself"
    else:
        reason = error.reason
    reading.fault("CE201", f"{quoted(text)} cannot be read: {reason}", node, part, hint=hint, fix=fix)


def _replacement(
    reading: Reading, node: ScalarNode, place: tuple[int, int], text: str, *, safe: bool = True
) -> Fix | None:
    """Return the fix that puts a text in the place of a part of a spec, if what comes of it is a spec."""
    start, end = place
    new = node.value[:start] + text + node.value[end:]
    try:
        MatchSpec.parse(new)
    except InvalidMatchSpecError:
        return None
    if not reading.is_literal(node) or (node.plain and plain_kind(new) != "str"):
        return None
    edit = TextEdit(start=node.start + start, end=node.start + end, text=text)
    return Fix(title=f"write {mask_credentials(new.strip())}", edits=(edit,), safe=safe)


def _plain_signs(reading: Reading, node: ScalarNode) -> Fix | None:
    """Return the fix that types what a word processor or a web page has put into a spec."""
    whole = (0, len(node.value))
    return _replacement(reading, node, whole, node.value.translate(_MEANT))


@lru_cache(maxsize=8192)
def ordinary_spec(text: str) -> MatchSpec | None:
    """Return the spec of a text without quotes on which there is surely nothing to remark.

    Examples
    --------
    >>> str(ordinary_spec("numpy=1.26")), ordinary_spec("python=3.1"), ordinary_spec("3.10")
    ('numpy=1.26', None, None)
    """
    if not _ORDINARY.fullmatch(text) or _LOST_ZERO.fullmatch(text) or plain_kind(text) != "str":
        return None
    try:
        spec = MatchSpec.parse(text)
    except InvalidMatchSpecError:
        return None
    return None if spec.unread else spec


def _tell_suspicious(reading: Reading, node: ScalarNode, spec: MatchSpec) -> None:
    text = node.value
    lost = _LOST_ZERO.fullmatch(text.strip()) if spec.name == "python" else None
    if lost:
        message = f"conda reads {quoted(text)}, and there is no Python 3.1 on conda-forge"
        hint = "write python=3.10"
        # Not ==3.10, which would be 3.10.0 alone.
        begin = text.lower().rindex("python", 0, text.index("3.1")) + len("python")
        fix = _replacement(reading, node, (begin, text.index("3.1") + 3), "=3.10")
        remark = "did a YAML tool drop the zero of 3.10?"
        reading.fault("CE204", message, node, hint=hint, remark=remark, fix=fix)
    turned = _TURNED.search(text) if "=" in text else None
    if turned and "[" not in text:
        meant = turned[0].strip("= ") + "="
        message = f"conda reads {quoted(text)} as {quoted(str(spec))}, which is probably not what is meant"
        fix = _replacement(reading, node, turned.span(), meant)
        reading.fault("CE205", message, node, turned.span(), hint=f"write {meant}", fix=fix)
    single = _SINGLE_COLON.fullmatch(text)
    if single:
        message = f"conda reads {quoted(text)} as {quoted(str(spec))}, which is probably not what is meant"
        sign = "=" if single[2][0].isdigit() else "::"
        place = (single.end(1), single.end(1) + 1)
        fix = _replacement(reading, node, place, sign, safe=sign == "=")
        reading.fault("CE205", message, node, place, hint=f"write {single[1]}{sign}{single[2]}", fix=fix)
    if spec.url and _OWN_PATH.match(spec.url):
        message = f"{quoted(text)} is a file of one machine"
        reading.fault("CE508", message, node, hint="name a package of a channel that others can reach")
    for part in spec.unread:
        start = text.find(part)
        message = f"conda passes over {quoted(part)} in silence"
        if part.startswith("if "):
            message += ", and micromamba takes it for a version and a build"
        span = (start, start + len(part)) if start >= 0 else None
        hint, fix = "remove it, or name the packages that it stands for", None
        packages = instead_of_extra(spec.name, part.strip("[]"))
        if packages:
            hint = f"write {' and '.join(packages)}, which is what it stands for on conda-forge"
        if span and packages == (spec.name,):
            fix = _replacement(reading, node, span, "")
        reading.fault("CE208", message, node, span, hint=hint, fix=fix)
    if "://" in text and has_credentials(text):
        message = f"there is a credential in {quoted(text)}"
        reading.fault("CE603", message, node, hint="keep credentials in .netrc or in conda's own store")


def tell_repeated(reading: Reading, items: list[Dependency]) -> None:
    """Tell of packages that two lines ask for on the same platform."""
    first: dict[str, Dependency] = {}
    for item in items:
        known = first.setdefault(item.spec.name, item)
        if known is item or item.spec.has_name_pattern:
            continue
        if known.selector and item.selector and not known.selector.platforms & item.selector.platforms:
            continue
        if reading.report.full:
            return
        message, hint = f"{item.name} is listed already in line {known.span.line}", "remove one of the lines"
        fix = None
        if item.spec != known.spec:
            message += f", as {quoted(known.text)}: both must hold at once; conda-lock keeps only the last"
            hint = "keep one of the lines" if _exclude(item, known) else "write one line that says both"
        elif item.selector == known.selector:
            edit = removal(reading.source, item.span.start, item.span.end)
            fix = Fix(title=f"remove the second {item.name}", edits=(edit,)) if edit else None
        reading.report.add("CE202", message, item.span.start, item.span.end, hint=hint, fix=fix)


def _exclude(one: Dependency, other: Dependency) -> bool:
    versions = [item.spec.version for item in (one, other) if item.spec.version is not None]
    return has_no_version(versions)
