"""Codes CE3xx: channels."""

from __future__ import annotations

from condaenv_tools.parse.codes.code import ERROR, INFO, WARNING, Code, code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    code(
        "CE301",
        INFO,
        "no channels",
        "Each tool then takes channels of its own configuration; condaenv takes conda-forge.",
        "dependencies:\n  - numpy\n",
        "channels:\n  - conda-forge\n  - nodefaults\ndependencies:\n  - numpy\n",
    ),
    code(
        "CE302",
        WARNING,
        "the same channel twice",
        "The second has no effect, and hints at a slip.",
        "channels: [conda-forge, conda-forge]\n",
        "channels: [conda-forge]\n",
    ),
    code(
        "CE303",
        INFO,
        "nodefaults is missing",
        "conda appends the channels of its own configuration (CEP 24), so two machines may differ.",
        "channels:\n  - conda-forge\n",
        "channels:\n  - conda-forge\n  - nodefaults\n",
    ),
    code(
        "CE304",
        ERROR,
        "a text that is no channel",
        "No channel has such a name, so every tool that asks for it fails.",
        "channels:\n  - conda-forge,\ndependencies: [numpy]\n",
        "channels:\n  - conda-forge\ndependencies: [numpy]\n",
    ),
)
