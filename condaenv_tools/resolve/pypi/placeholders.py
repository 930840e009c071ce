"""References to environment variables in URLs: expanded for the engine alone, and written back in its answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from condaenv_tools.errors import ParseError
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["Placeholders", "without_credentials"]

_REFERENCE = re.compile(r"\$\{(\w+)\}")
#: A shorter value would be found in names that have nothing to do with it.
_SHORTEST = 4
_USERINFO = re.compile(r"(?<=://)[^/?#@]*(?:@[^/?#@]*)*@")


class Placeholders:
    """The variables that the lines of one request refer to."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._used: dict[str, str] = {}

    def expand(self, text: str) -> str:
        """Return a text with each ``${NAME}`` replaced by the variable's value.

        Raises
        ------
        ParseError
            A variable is not set, or its value would end the line in which it stands, or the whole is no URL.
        """

        def value(match: re.Match[str]) -> str:
            name = match[1]
            found = self._environ.get(name)
            if found is None:
                raise ParseError(
                    f"{mask_credentials(text)} refers to the environment variable {name}, which is not set",
                    hints=[f"set {name} and try again"],
                )
            if not found.isprintable() or " " in found:
                raise ParseError(f"the environment variable {name} holds a blank or a control character")
            self._used[name] = found
            return found

        expanded = _REFERENCE.sub(value, text)
        try:
            _ = urlsplit(expanded).port
        except ValueError:
            raise ParseError(f"{mask_credentials(text)} is no URL that can be read") from None
        return expanded

    def restore(self, text: str) -> str:
        """Return a text of the engine with each value replaced by the reference that it came from."""
        for name, value in sorted(self._used.items(), key=lambda pair: (-len(pair[1]), pair[0])):
            if len(value) >= _SHORTEST:
                text = text.replace(value, f"${{{name}}}")
        return text

    @property
    def values(self) -> tuple[str, ...]:
        """What was put in, the longest first: none of it may be shown."""
        return tuple(sorted(set(self._used.values()), key=lambda value: (-len(value), value)))


def without_credentials(url: str) -> str:
    """Return a URL without user and password; references to variables stay.

    Examples
    --------
    >>> without_credentials("https://me:hunter2@example.org/simple/")
    'https://example.org/simple/'
    >>> without_credentials("https://${USER}:${TOKEN}@example.org/simple/")
    'https://${USER}:${TOKEN}@example.org/simple/'
    """
    found = _USERINFO.search(url)
    if found is None or (_REFERENCE.search(found[0]) and not _REFERENCE.sub("", found[0]).strip(":@")):
        return url
    if found[0] == "git@":
        return url
    return url[: found.start()] + url[found.end() :]
