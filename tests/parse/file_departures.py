"""Where we do not read a file of the oracle as conda does, and why. The tests hold each entry to be true."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEPARTURES", "Departure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One file that is read otherwise than `law` of `test_file_matrix` has it; `code` tells the user."""

    law: str
    code: str
    reason: str


DEPARTURES: dict[str, Departure] = {
    "pip_string": Departure(
        law="as-conda",
        code="CE404",
        reason="conda hands the text on, and pip is called with its letters; conda-lock asks for n, u, m, p, y",
    ),
    "pip_nested_map": Departure(
        law="as-conda",
        code="CE109",
        reason="conda fails later, when it writes the mapping into a requirements file",
    ),
    "pip_float": Departure(
        law="as-conda",
        code="CE109",
        reason="conda fails later, when it writes the number into a requirements file",
    ),
    "pip_single_eq": Departure(
        law="as-conda",
        code="CE402",
        reason="conda passes the line on unread; pip itself then refuses it (PEP 508)",
    ),
    "two_pip": Departure(
        law="as-conda",
        code="CE407",
        reason="conda loses all pip sections but the last; micromamba and conda-lock keep all, and so do we",
    ),
    "matchspec_empty": Departure(
        law="as-conda", code="CE201", reason="conda asks for `*`, any package at all; nobody means that"
    ),
    "uneven": Departure(
        law="as-conda",
        code="CE117",
        reason="conda reads `numpy - scipy` as version `-` and build `scipy`, which no package has",
    ),
    "win_path": Departure(
        law="as-conda",
        code="CE508",
        reason="conda on Linux takes the path as one below the working folder; which machine reads may not matter",
    ),
    "platforms_noarch": Departure(
        law="as-conda",
        code="CE503",
        reason="conda ignores `platforms`; CEP 24 says that noarch must be rejected",
    ),
    "name_slash": Departure(
        law="as-conda",
        code="CE206",
        reason="CEP 24 forbids the character; conda refuses it when it makes the folder",
    ),
}
