"""Write the pages of the docs that are made from the code: `python docs/generate.py`."""
# ruff: noqa: INP001 - a script beside pages, no module of a package

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from condaenv_tools.parse.codes import Code
from condaenv_tools.rules.registry import ALL_CODES

__all__ = ["PAGES", "findings_page"]

HERE = Path(__file__).resolve().parent

_FAMILIES = {
    "CE1": "Syntax and shape",
    "CE2": "Specs and names",
    "CE3": "Channels",
    "CE4": "The pip section",
    "CE5": "Portability and reproducibility",
    "CE6": "Secrets and safety",
    "CE7": "Native libraries of a solution",
}


#: The fences of examples, by the name of the file.
_LANGUAGES = {
    "environment.yml": "yaml",
    "pyproject.toml": "toml",
    "pixi.toml": "toml",
    "Pipfile": "toml",
    "Pipfile.lock": "json",
}

_HEAD = """# Every finding

What `condaenv check` reports, and what `lock` and `explain` find by solving. An *error*: no tool reads it, or it
cannot work. A *warning*: tools disagree, or it will bite. A *note*: worth knowing. The severity is that of most
cases; a finding may be milder.

This page is made from the code by `make docs`.
"""


def findings_page() -> str:
    """Return the page on every finding, family by family."""
    parts = [_HEAD]
    for family, codes in groupby(ALL_CODES.values(), key=lambda code: code.code[:3]):
        parts.append(f"## {family}xx: {_FAMILIES[family]}\n")
        parts += [_section(code) for code in codes]
    return "\n".join(parts)


def _section(code: Code) -> str:
    severity = {"info": "note"}.get(code.severity.value, code.severity.value)
    fence = f"```{_LANGUAGES.get(code.file, 'text')}\n"
    instead = "Instead of" if code.file == "environment.yml" else f"Instead of (`{code.file}`)"
    return (
        f"### {code.code}: {code.title}\n\n"
        f"*{severity}.* {code.reason}\n\n"
        f"{instead}\n\n{fence}{code.bad.rstrip()}\n```\n\nwrite\n\n{fence}{code.good.rstrip()}\n```\n"
    )


#: Each page that is made, and how.
PAGES = {HERE / "findings.md": findings_page}

if __name__ == "__main__":
    for path, make in PAGES.items():
        path.write_text(make(), encoding="utf-8")
