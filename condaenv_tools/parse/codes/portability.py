"""Codes CE5xx: portability and reproducibility."""

from __future__ import annotations

from condaenv_tools.parse.codes.code import ERROR, INFO, WARNING, Code, code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    code(
        "CE501",
        INFO,
        "a prefix",
        "A path of one machine; conda and others ignore it in a file that is shared.",
        "prefix: /home/me/env\ndependencies: [numpy]\n",
        "name: env\ndependencies: [numpy]\n",
    ),
    code(
        "CE502",
        ERROR,
        "an unknown platform",
        "The names are those of a channel's subdirs: linux-64, osx-arm64, win-64.",
        "platforms: [linux64]\ndependencies: [numpy]\n",
        "platforms: [linux-64]\ndependencies: [numpy]\n",
    ),
    code(
        "CE503",
        ERROR,
        "noarch as a platform",
        "noarch is a folder of a channel and no machine (CEP 24).",
        "platforms: [noarch]\ndependencies: [numpy]\n",
        "platforms: [linux-64]\ndependencies: [numpy]\n",
    ),
    code(
        "CE504",
        WARNING,
        "the same platform twice",
        "The second has no effect, and hints at a slip.",
        "platforms: [linux-64, linux-64]\n",
        "platforms: [linux-64, osx-arm64]\n",
    ),
    code(
        "CE505",
        ERROR,
        "a variable name that no shell takes",
        "A name has letters, digits and underscores, and does not begin with a digit.",
        "variables:\n  MY-VAR: x\ndependencies: [numpy]\n",
        "variables:\n  MY_VAR: x\ndependencies: [numpy]\n",
    ),
    code(
        "CE506",
        WARNING,
        "a variable that is no text",
        "It is converted (CEP 24), and tools convert differently: `yes` may become `True`.",
        "variables:\n  DEBUG: yes\ndependencies: [numpy]\n",
        'variables:\n  DEBUG: "yes"\ndependencies: [numpy]\n',
    ),
    code(
        "CE508",
        WARNING,
        "a path of one machine",
        "Nobody else has that file.",
        "channels: [/home/me/channel]\n",
        "channels: [conda-forge]\n",
    ),
)
