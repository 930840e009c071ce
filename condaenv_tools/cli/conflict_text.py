"""An explanation as text: the lines of the file with carets, each conflict once, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from condaenv_tools.cli.correction_text import correction_lines
from condaenv_tools.conflicts.ecosystems.either import AnyConflict
from condaenv_tools.conflicts.ecosystems.values import Item
from condaenv_tools.errors import ParseError
from condaenv_tools.jobs.explain_files import Explanation, PlatformExplanation
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.text import SourceText, decode, read_bytes
from condaenv_tools.rules.record_facts import joined

__all__ = ["explanation_text"]

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def explanation_text(found: Explanation) -> str:
    """Return all of an explanation, for a terminal."""
    files = " with ".join(found.paths)
    if found.satisfiable:
        return f"{files} can be solved on {joined(one.platform for one in found.platforms)}.\n"
    failing = [one for one in found.platforms if one.known and not one.satisfiable]
    groups = _groups(failing)
    headline = f"{files} cannot be solved on {joined(one.platform for one in failing)}"
    lines = [f"{headline}: {_how_many(next(iter(groups)))}." if len(groups) == 1 else f"{headline}."]
    sources = _sources(found)
    for conflict, platforms in groups.items():
        lines.append("")
        if len(groups) > 1:
            what = _how_many(conflict)
            everywhere = len(platforms) == len(failing)
            told = f"{what[0].upper()}{what[1:]}" if everywhere else f"{joined(platforms)}: {what}"
            lines += [f"{told}.", ""]
        lines += _conflict(conflict, sources)
    lines += [line for reason in _reasons(failing) for line in ("", *reason)]
    lines += _unfinished(failing, found.platforms)
    lines += _table(found)
    lines += correction_lines(found)
    return "\n".join([*lines, ""])


def _groups(failing: Sequence[PlatformExplanation]) -> dict[AnyConflict, list[Platform]]:
    """Return each conflict once, with the platforms on which it is the same in every word."""
    seen: dict[tuple[object, ...], AnyConflict] = {}
    groups: dict[AnyConflict, list[Platform]] = {}
    for one in failing:
        for conflict in one.conflicts:
            account = conflict.account
            first = seen.setdefault((account.remarks, account.further, account.hints), conflict)
            groups.setdefault(first, []).append(one.platform)
    return groups


def _how_many(conflict: AnyConflict) -> str:
    number = len(conflict.members)
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    if number == 1:
        return "one line cannot be met"
    return f"{word} lines exclude each other"


def _conflict(conflict: AnyConflict, sources: Mapping[str, SourceText]) -> list[str]:
    lines: list[str] = []
    path = ""
    width = max(len(str(item.span.line)) for item in conflict.members)
    for item, remark in conflict.account.remarks:
        if len(sources) > 1 and item.span.path != path:
            path = item.span.path
            lines.append(f"  {path}:")
        lines += _snippet(item, remark, sources.get(item.span.path), width)
    lines += [f"  {line}" for line in conflict.account.further]
    return [*lines, *(f"  hint: {hint}" for hint in conflict.account.hints)]


def _snippet(item: Item, remark: str, source: SourceText | None, width: int) -> list[str]:
    span = item.span
    shown = source.shown_line(span.line).expandtabs(1) if source is not None else ""
    if not shown:
        return [f"  {span.line:>{width}} │ {item}{f'  {remark}' if remark else ''}"]
    carets = "^" * max(1, min(span.length, len(shown) - span.column + 1))
    under = f"{' ' * (span.column - 1)}{carets} {remark}".rstrip()
    return [f"  {span.line:>{width}} │ {shown}".rstrip(), f"  {' ' * width} │ {under}"]


def _sources(found: Explanation) -> dict[str, SourceText]:
    """Return the texts of the files that have a line to blame; one that has gone since is told without."""
    items = [item for one in found.platforms for conflict in one.conflicts for item in conflict.members]
    texts: dict[str, SourceText] = {}
    for path in dict.fromkeys(item.span.path for item in items):
        try:
            texts[path] = SourceText(decode(read_bytes(path)).lstrip("\ufeff"), path=path)
        except ParseError:
            continue
    return texts


def _reasons(failing: Iterable[PlatformExplanation]) -> list[list[str]]:
    together: dict[tuple[str, tuple[str, ...]], list[Platform]] = {}
    for one in failing:
        if one.reason:
            together.setdefault((one.reason, one.hints), []).append(one.platform)
    return [
        [
            f"{joined(platforms)}: the pip section.",
            *(f"  {line}".rstrip() for line in reason.splitlines()),
            *(f"  hint: {hint}" for hint in hints),
        ]
        for (reason, hints), platforms in together.items()
    ]


def _unfinished(
    failing: Sequence[PlatformExplanation], platforms: Sequence[PlatformExplanation]
) -> list[str]:
    late = [one.platform for one in failing if not one.complete]
    lines = [f"The search ended early: there may be more to find on {joined(late)}."] if late else []
    silent = [one.platform for one in platforms if not one.known]
    if silent:
        lines.append(f"Whether there is a solution on {joined(silent)} did not come out in time.")
    return ["", *lines] if lines else []


def _table(found: Explanation) -> list[str]:
    """Return which platform has what, where they do not agree."""
    told = {one.platform: _short(one) for one in found.platforms}
    if len(set(told.values())) < 2:
        return []
    width = max(len(platform) for platform in told)
    return ["", *(f"  {platform:<{width}}  {text}" for platform, text in told.items())]


def _short(one: PlatformExplanation) -> str:
    if one.satisfiable:
        return "solves"
    if not one.known:
        return "not known"
    cores = [", ".join(map(str, conflict.members)) for conflict in one.conflicts]
    return "; ".join(cores) or "the pip section"
