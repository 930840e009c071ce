"""Hypothesis strategies: environment files in all the dresses that people give them."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

__all__ = ["Drawn", "environment_files"]

NAMES = ("numpy", "scipy", "python", "r-base", "_libgcc", "xz", "zlib-ng", "ruamel.yaml", "Pillow", "gdal")
VERSIONS = ("", "=1.26", ">=1,<2", " 3.10.*", "==2.0", "=1.2=py_0", "[version='>=1']", " >=2.1")
PIP_LINES = ("requests>=2", "-e .", "a[b]==1.0", "x @ git+https://example.org/x.git", "typing-extensions")
COMMENTS = ("# why", "#", "# - old", "# see https://example.org/a#b", '# "quoted"')


@dataclass(frozen=True)
class Drawn:
    """A file, and what stands in it.

    `plain` holds the lines of items that are written as an edit would write them.
    """

    text: str
    dependencies: tuple[str, ...]
    pip: tuple[str, ...]
    channels: tuple[str, ...]
    plain: frozenset[int]


def _spelled(text: str, quote: str) -> str:
    if quote == '"':
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if quote == "'":
        return "'" + text.replace("'", "''") + "'"
    return text


class _Writer:
    """Lines of a file, drawn one after the other."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.indent = draw(st.sampled_from(("", "  ", "    ")))
        self.gap = draw(st.sampled_from((" ", "   ")))
        self.lines: list[str] = []
        self.plain: set[int] = set()

    def noise(self, lead: str) -> None:
        """Blank lines and comments on lines of their own."""
        kinds = ("", f"{lead}# about it", "# left")
        self.lines += self.draw(st.lists(st.sampled_from(kinds), max_size=2))

    def items(self, lead: str, texts: list[str]) -> None:
        """A block list."""
        for text in texts:
            self.noise(lead)
            quote = self.draw(st.sampled_from(("", "", "", "'", '"')))
            behind = self.draw(st.sampled_from(("", "", "", " ", "  ", "    ")))
            comment = behind + self.draw(st.sampled_from(COMMENTS)) if behind else ""
            self.lines.append(f"{lead}-{self.gap}{_spelled(text, quote)}{comment}")
            if not quote and not comment:
                self.plain.add(len(self.lines))

    def section(self, key: str, texts: list[str]) -> bool:
        """Write a key and its list; say whether it has dashes."""
        self.noise("")
        if not texts:
            self.lines.append(f"{key}: []")
        elif self.draw(st.integers(0, 4)) == 0:
            inside = ", ".join(_spelled(text, "'" if set(text) & set(",[]'\"") else "") for text in texts)
            self.lines.append(f"{key}: [{inside}]" + self.draw(st.sampled_from(("", "  # all"))))
        else:
            self.lines.append(f"{key}:" + self.draw(st.sampled_from(("", " ", "  # list"))))
            self.items(self.indent, texts)
            return True
        return False


@st.composite
def environment_files(draw: st.DrawFn) -> Drawn:
    """Draw a file that every part of the reader takes: lists of both kinds, comments, quotes, line ends."""
    write = _Writer(draw)
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=5))
    specs = [name + draw(st.sampled_from(VERSIONS)) for name in names]
    channels = draw(st.lists(st.sampled_from(("conda-forge", "bioconda", "nodefaults")), unique=True))
    pip = draw(st.lists(st.sampled_from(PIP_LINES), unique=True, max_size=3))
    if draw(st.booleans()):
        write.lines.append("name: 'my'")
    if channels:
        write.section("channels", channels)
    if not write.section("dependencies", specs):
        pip = []
    if pip:
        specs.append("pip")
        lead = f"{write.indent}-{write.gap}"
        write.items(write.indent, ["pip"])
        write.lines.append(f"{lead}pip:")
        write.items(" " * len(lead) + draw(st.sampled_from(("", "  "))), pip)
    write.noise("")
    newline = draw(st.sampled_from(("\n", "\n", "\r\n", "\r")))
    text = newline.join(write.lines) + draw(st.sampled_from(("", newline)))
    return Drawn(text, tuple(specs), tuple(pip), tuple(channels), frozenset(write.plain))
