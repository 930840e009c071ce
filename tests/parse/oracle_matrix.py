"""The recorded answers of other tools to each file of the oracle, as values."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.shared_data import need_shared

__all__ = ["Answers", "Case", "cases"]

TOOLS = ("conda", "conda-lock", "micromamba")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What one tool made of one file; `refused` says why where it did not read it."""

    refused: str = ""
    name: Any = None
    channels: tuple[str, ...] | None = None
    specs: tuple[str, ...] = ()
    pip: Any = ()
    sections: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the conda packages, without `pip`, which two of the tools add by themselves."""
        found = map(_name, self.specs)
        return tuple(sorted(name for name in found if name != "pip"))


def _name(spec: str) -> str:
    """The package that a spec of any tool names; an archive names it in its file name."""
    archive = re.search(r"([^/\\\s=]+)-[^-/]+-[^-/]+\.(?:conda|tar\.bz2)", spec)
    if archive:
        return archive[1].lower()
    return re.split(r"[\s=<>!~\[]", spec.rsplit("::", 1)[-1], maxsplit=1)[0].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file and what the tools made of it; `schema` are conda's own complaints, which stop it."""

    name: str
    path: Path
    schema: str
    yaml: str
    tools: dict[str, Answers] = field(default_factory=dict)


def cases() -> list[Case]:
    """Return every case of the matrix, in its order."""
    text = need_shared("oracle", "file_level_matrix.txt").read_bytes().decode()
    folder = need_shared("oracle", "cases")
    return [_case(block, folder) for block in text.removeprefix("## ").split("\n## ")]


def _case(block: str, folder: Path) -> Case:
    name, _, body = block.partition("\n")
    lines = dict(re.findall(r"^   ([\w*-]+)\s*: ?(.*)$", body, re.MULTILINE))
    schema = "" if lines["schema"] == "[]" else lines["schema"]
    return Case(
        name=name,
        path=folder / f"{name}.yml",
        schema=schema,
        yaml=lines["pyyaml"],
        tools={
            "conda": Answers(refused=schema) if schema else _conda(lines["conda"]),
            "conda-lock": _conda_lock(lines["c-lock"]),
            "micromamba": _micromamba(lines["mamba*"]),
        },
    )


def _literal(text: str) -> dict[str, Any] | None:
    try:
        value = ast.literal_eval(text.partition("  <<out:")[0])
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, dict) else None


def _conda(text: str) -> Answers:
    found = _literal(text)
    if found is None:
        return Answers(refused=text)
    deps = found["deps"]
    return Answers(
        name=found["name"],
        channels=tuple(found["ch"]),
        specs=tuple(deps.get("conda", ())),
        pip=deps.get("pip", ()),
        sections=frozenset(deps) - {"conda", "pip"},
    )


def _conda_lock(text: str) -> Answers:
    found = _literal(text)
    if found is None:
        return Answers(refused=text)
    specs = [
        f"{name} {version or ''}".strip()
        for manager, name, version, *_ in found["deps"]
        if manager == "conda"
    ]
    pip = [name for manager, name, *_ in found["deps"] if manager == "pip"]
    return Answers(channels=tuple(found["ch"]), specs=tuple(specs), pip=tuple(pip))


def _micromamba(text: str) -> Answers:
    if text.startswith("ERR"):
        return Answers(refused=text)
    match = re.match(
        r"name=(?P<name>.*?) deps=\[(?P<deps>.*?)\] pip=\[(?P<pip>.*?)\](?P<rest>$| ch=.*| vars=.*)",
        text,
        re.DOTALL,
    )
    assert match, text
    if "ERR" in match["rest"]:
        return Answers(refused=match["rest"])
    return Answers(name=match["name"], specs=_listed(match["deps"]), pip=_listed(match["pip"]))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(item for item in text.split("; ") if item)
