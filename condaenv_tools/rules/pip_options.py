"""Options inside the pip section: what they do to lines that do not mention them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from condaenv_tools.model.environment import PipKind
from condaenv_tools.model.finding import Finding
from condaenv_tools.parse.codes.code import ERROR, INFO, WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.pip_items import PipLine, line_word, option_values, readable_items
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_FOR_ALL = code(
    "CE433",
    INFO,
    "an option that counts for the whole section",
    "pip reads options before it looks for any package, so that one counts for the lines above it too.",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - rich\n      - --pre\n",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - rich>=15.0rc1\n",
)
_SOME_HASHES = code(
    "CE434",
    ERROR,
    "hashes on some of the lines",
    "One hash makes pip demand a hash and an exact version of every package, those that others need included.",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - rich==13.0 --hash=sha256:"
    + "ab" * 32
    + "\n      - tqdm\n",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - rich==13.0\n      - tqdm\n",
)
_LOCAL_VERSION = code(
    "CE441",
    WARNING,
    "a local version without its index",
    "PyPI takes no version with a +: it is found only on an index of its publisher, which the file does not name.",
    "dependencies:\n  - python\n  - pip\n  - pip:\n      - torch==2.6.0+cu124\n",
    "dependencies:\n  - python\n  - pip\n  - pip:\n"
    "      - --extra-index-url https://torch.example.org/cu124\n      - torch==2.6.0+cu124\n",
)
#: What an option does to every package, and what to write in its place.
_EFFECTS = {
    ("--pre", ""): (
        "pip may take a pre-release of any package",
        "ask for one where it is wanted (`NAME>=2.0rc1`), which allows it for that package alone",
    ),
    ("--no-index", ""): ("pip asks no index for any package", ""),
    ("--index-url", None): ("every package comes from this index, and none from the default one", ""),
    ("--find-links", None): ("pip looks there for every package", ""),
    ("--prefer-binary", ""): ("pip may take an older version of any package that has a wheel", ""),
    ("--no-binary", ":all:"): (
        "pip builds every package from source, which wants compilers",
        "name the packages that are to be built: `--no-binary NAME`",
    ),
    ("--only-binary", ":all:"): ("pip passes over every package that has no wheel", ""),
}  # fmt: skip
_OTHER_PLACES = {"--index-url", "--extra-index-url", "--find-links"}
_INDEX_VARIABLE = re.compile(r"(?:PIP|UV)_(?:EXTRA_)?(?:INDEX(?:_URL)?|FIND_LINKS|DEFAULT_INDEX|CONFIG_FILE)")
_LOCAL = re.compile(r"===?\s*[\w.!]+\+[\w.]+")


def _for_all(case: Case) -> Iterator[Finding]:
    options = list(option_values(case))
    last = {name: item for item, name, _ in options}
    for item, name, value in options:
        if name == "--index-url" and last[name] is not item:
            line = last[name].span.line
            message = (
                f"`--index-url` is written again in line {line}, and pip asks that index in the place of this"
            )
            yield case.finding(_FOR_ALL, message, item.span, hint="remove one of the lines")
            continue
        # Of an option that lacks its value, reading has told.
        effect = _EFFECTS.get((name, value)) or (_EFFECTS.get((name, None)) if value else None)
        if effect is None:
            continue
        shown = quoted(name if not value or value != ":all:" else f"{name} {value}")
        message = f"{shown} counts for every line of the section, whatever its place: {effect[0]}"
        yield case.finding(_FOR_ALL, message, item.span, hint=effect[1])


def _some_hashes(case: Case) -> Iterator[Finding]:
    asking = [item for item in readable_items(case) if item.kind in {PipKind.REQUIREMENT, PipKind.URL}]
    # The fragment of a URL is checked too, but it does not make pip ask the others for theirs.
    hashed = next((item for item in asking if " --hash" in item.text), None)
    required = next((item for item, name, _ in option_values(case) if name == "--require-hashes"), None)
    cause = required or hashed
    if cause is None:
        return
    bare = [item for item in asking if not item.details.hashes]
    why = "--require-hashes" if required else f"the hash in line {cause.span.line}"
    if bare:
        message = f"{why} makes pip demand one of every line, and {line_word(len(bare))} "
        message += "has none" if len(bare) == 1 else "have none"
        yield case.finding(_SOME_HASHES, message, bare[0].span, hint="give all lines a hash, or none")
    for item in asking:
        if item.kind is PipKind.REQUIREMENT and item.details.hashes and not _is_exact(item):
            message = f"with a hash pip wants one exact version of {item.name}"
            yield case.finding(_SOME_HASHES, message, item.span, hint=f"write {item.name}==VERSION")


def _is_exact(item: PipLine) -> bool:
    specifier = item.details.specifier
    return specifier.startswith("==") and "*" not in specifier


def _local_version(case: Case) -> Iterator[Finding]:
    items = readable_items(case)
    elsewhere = any(name in _OTHER_PLACES for _, name, _ in option_values(case))
    elsewhere |= any(item.kind in {PipKind.FILE, PipKind.CONSTRAINT} for item in items)
    elsewhere |= any(_INDEX_VARIABLE.fullmatch(item.name) for item in case.environment.variables)
    found = [item for item in items if _LOCAL.search(item.details.specifier)]
    if elsewhere or not found:
        return
    first = found[0]
    suffix = first.details.specifier.rpartition("+")[2]
    message = (
        f"PyPI takes no version with a +, and no line names the index that has {first.name} with +{suffix}"
    )
    if len(found) > 1:
        message += (
            f"; {line_word(len(found) - 1, 'more line')} {'asks' if len(found) == 2 else 'ask'} for one too"
        )
    hint = "add `--extra-index-url URL` with the index of its publisher, or drop the + and what follows it"
    yield case.finding(_LOCAL_VERSION, message, first.span, hint=hint)


RULES: tuple[Rule, ...] = (
    Rule(code=_FOR_ALL, find=_for_all),
    Rule(code=_SOME_HASHES, find=_some_hashes),
    Rule(code=_LOCAL_VERSION, find=_local_version),
)
