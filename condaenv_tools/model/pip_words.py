"""A line of pip's requirements grammar cut into what stands before its options, and the options.

pip cuts a line at the first word that begins with a dash, splits the rest as a POSIX shell would, and reads
it as a command line: long options may be cut short where that is unique, and words that belong to no option
are dropped in silence.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

__all__ = ["PipOption", "PipProblem", "PipWords", "cut_comment", "cut_words"]

#: Words behind the first option of a line; each hash of a requirement is one.
MAX_WORDS = 5000

#: The options of a requirements file, and whether each takes a value.
_OPTIONS = {
    "--index-url": True, "--extra-index-url": True, "--no-index": False, "--constraint": True,
    "--requirement": True, "--editable": True, "--find-links": True, "--no-binary": True,
    "--only-binary": True, "--prefer-binary": False, "--require-hashes": False,
    "--no-require-hashes": False, "--pre": False, "--all-releases": True, "--only-final": True,
    "--trusted-host": True, "--use-feature": True, "--hash": True, "--config-settings": True,
    "--pypi-url": True,
}  # fmt: skip
#: Options of older versions of pip, and whether each took a value.
_REMOVED = {
    "--global-option": True, "--install-option": True, "--always-unzip": False, "-Z": False,
    "--process-dependency-links": False, "--allow-external": True, "--allow-unverified": True,
    "--allow-all-external": False, "--use-wheel": False, "--no-use-wheel": False,
}  # fmt: skip
_SINCE = {"--global-option": "25.3", "--install-option": "23.1"}
_SHORT = {
    "-i": "--index-url", "-c": "--constraint", "-r": "--requirement", "-e": "--editable",
    "-f": "--find-links", "-C": "--config-settings",
}  # fmt: skip
#: Their values are lists of names.
_NAMES = {"--no-binary", "--only-binary", "--all-releases", "--only-final"}
_ALIASES = {"--pypi-url": "--index-url"}

_COMMENT = re.compile(r"(?<!\S)#")
_FIRST_OPTION = re.compile(r"(?:^| )(?=-)")
# Possessive, so that no text makes it try a place twice.
_WORD = re.compile(r"""(?:[^ \t\r\n"'\\]++|\\[\s\S]|"(?:[^"\\]++|\\[\s\S])*+"|'[^']*+')++""")
_PIECE = re.compile(r"""\\([\s\S])|"((?:[^"\\]++|\\[\s\S])*+)"|'([^']*+)'""")
_ESCAPED = re.compile(r'\\(["\\])')
_GAP = re.compile(r"[ \t\r\n]*")


class PipOption(NamedTuple):
    """One option of a line.

    Attributes
    ----------
    name : str
        Its long name.
    value : str
        Its value without quotes; empty for a switch.
    start, end : int
        The words that it stands in.
    """

    name: str
    value: str
    start: int
    end: int


class PipProblem(NamedTuple):
    """What is wrong with a line.

    Attributes
    ----------
    rule : str
        Which of the rules it breaks: ``option``, ``hash``, ``digest``, ``ignored``, ``removed``, ``egg`` or
        ``requirement``.
    reason : str
        Why, in a clause.
    start, end : int
        The part at fault.
    hint : str
        What was probably meant.
    """

    rule: str
    reason: str
    start: int
    end: int
    hint: str = ""


class PipWords(NamedTuple):
    """A line taken apart.

    Attributes
    ----------
    body : str
        What stands before the first option, without white space around it.
    start : int
        Where that begins.
    options : tuple of PipOption
        In order.
    problems : tuple of PipProblem
        Rules ``option``, ``ignored`` and ``removed``.
    """

    body: str
    start: int
    options: tuple[PipOption, ...] = ()
    problems: tuple[PipProblem, ...] = ()


class _Word(NamedTuple):
    text: str
    start: int
    end: int


#: The long name of an option, its value if it stands in the same word, where the name ends, whether it takes one.
_Found: TypeAlias = tuple[str, str | None, int, bool]


def cut_comment(text: str) -> str:
    """Return a line without its comment, and without white space at its end.

    A comment begins with a ``#`` at the start of the line or behind white space: those of URLs stay.

    Examples
    --------
    >>> cut_comment("git+https://example.org/a.git#egg=a  # needed")
    'git+https://example.org/a.git#egg=a'
    """
    found = _COMMENT.search(text)
    return (text[: found.start()] if found else text).rstrip()


def cut_words(text: str) -> PipWords:
    """Take a line apart into what stands before its options, and the options.

    Examples
    --------
    >>> words = cut_words("a==1 --hash=sha256:ab --hash sha256:cd")
    >>> words.body, [option.value for option in words.options]
    ('a==1', ['sha256:ab', 'sha256:cd'])
    """
    line = cut_comment(text)
    stripped = line.lstrip()
    lead = len(line) - len(stripped)
    first = _FIRST_OPTION.search(stripped)
    if first is None:
        return PipWords(stripped, lead)
    body = stripped[: first.start()].rstrip()
    words, problem = _split(line, lead + first.end())
    if problem is not None:
        return PipWords(body, lead, (), (problem,))
    return _read_options(body, lead, words)


def _split(line: str, at: int) -> tuple[list[_Word], PipProblem | None]:
    """Split as a POSIX shell does."""
    words: list[_Word] = []
    while at < len(line):
        found = _WORD.match(line, at)
        end = found.end() if found else at
        if end < len(line) and line[end] not in " \t\r\n":
            what = "a quotation mark that is never closed" if line[end] in "\"'" else "a backslash"
            reason = f"pip cannot split the options: there is {what}"
            return [], PipProblem("option", reason, end, end + 1, "close or remove it")
        if len(words) >= MAX_WORDS:
            reason = f"a line with more than {MAX_WORDS:,} words of options is no requirement"
            return [], PipProblem("option", reason, at, end, "write one requirement a line")
        if found:
            words.append(_Word(_unquoted(found[0]), at, end))
        gap = _GAP.match(line, end)
        at = gap.end() if gap else end
    return words, None


def _unquoted(word: str) -> str:
    def plain(match: re.Match[str]) -> str:
        if match[1] is not None:
            return match[1]
        return _ESCAPED.sub(r"\1", match[2]) if match[2] is not None else match[3]

    return _PIECE.sub(plain, word) if any(sign in word for sign in "\"'\\") else word


def _read_options(body: str, lead: int, words: list[_Word]) -> PipWords:
    options: list[PipOption] = []
    problems: list[PipProblem] = []
    rest = iter(words)
    for word in rest:
        if word.text == "--":
            for late in rest:
                _ignore(problems, late)
            break
        if word.text == "-" and not (body or options or problems):
            hint = "remove one of the dashes"
            problems.append(PipProblem("option", "a dash is no requirement", word.start, word.end, hint))
            break
        if word.text[:1] != "-" or word.text == "-":
            _ignore(problems, word)
            continue
        found = _option_name(word)
        if isinstance(found, PipProblem):
            problems.append(found)
            # Its value, as it were, is no fault of its own.
            break
        options.append(_with_value(word, found, rest, problems))
    return PipWords(body, lead, tuple(options), tuple(problems))


def _with_value(word: _Word, found: _Found, rest: Iterator[_Word], problems: list[PipProblem]) -> PipOption:
    """Return an option with its value, which may be the next word, and tell what is wrong with it."""
    name, value, end, takes = found
    if name in _REMOVED:
        since = f"pip {_SINCE[name]} and later refuse" if name in _SINCE else "pip of today refuses"
        hint = "use --config-settings" if name.endswith("-option") else "remove it"
        problems.append(PipProblem("removed", f"{since} {name}", word.start, end, hint))
    last = word.end
    if takes and value is None:
        late = next(rest, None)
        value, last = (late.text, late.end) if late else ("", last)
    if takes and not value:
        written = word.text[: end - word.start]
        problems.append(PipProblem("option", f"{written} wants a value", word.start, end))
    elif word.text[:2] in _SHORT and value and value.startswith("="):
        hint = f"write {word.text[:2]} {value[1:]}"
        problems.append(PipProblem("option", "pip takes the = as part of the value", end, end + 1, hint))
    elif not takes and value is not None:
        problems.append(PipProblem("option", f"{name} takes no value", end, word.end, f"write {name}"))
    elif name in _NAMES and value and value.startswith("-"):
        reason = f"{name} wants names, and {value[:40]} is an option"
        problems.append(PipProblem("option", reason, word.start, last))
    return PipOption(_ALIASES.get(name, name), value or "", word.start, last)


def _option_name(word: _Word) -> _Found | PipProblem:
    """Return what a word says of an option."""
    text = word.text
    if text[:2] in _SHORT:
        return _SHORT[text[:2]], text[2:] or None, word.start + 2, True
    written, equals, value = text.partition("=")
    end = min(word.start + len(written), word.end)
    if written in _REMOVED:
        return written, value if equals else None, end, _REMOVED[written]
    if written in _OPTIONS:
        return written, value if equals else None, end, _OPTIONS[written]
    meant = [name for name in _OPTIONS if name.startswith(written)] if written.startswith("--") else []
    if len(meant) == 1:
        return meant[0], value if equals else None, end, _OPTIONS[meant[0]]
    if meant:
        reason = f"{written} may stand for {' and '.join(meant)}"
        return PipProblem("option", reason, word.start, end, "write the option in full")
    near = difflib.get_close_matches(written[:40], [*_OPTIONS, *_SHORT], n=1, cutoff=0.75)
    hint = f"did you mean {near[0]}?" if near else "options of `pip install` itself cannot stand in a file"
    shown = written if len(written) <= 40 else f"{written[:39]}…"
    return PipProblem(
        "option", f"pip has no option {shown} for a line of requirements", word.start, end, hint
    )


def _ignore(problems: list[PipProblem], word: _Word) -> None:
    """Add a word that belongs to no option; neighbours are one problem."""
    last = problems[-1] if problems else None
    if last is not None and last.rule == "ignored" and word.start - last.end <= 1:
        problems[-1] = last._replace(end=word.end)
        return
    hint = "write it on a line of its own"
    if word.text.startswith(";"):
        hint = 'a marker stands inside quotes here: -e "NAME @ URL ; MARKER"'
    reason = "pip ignores this part of the line in silence"
    problems.append(PipProblem("ignored", reason, word.start, word.end, hint))
