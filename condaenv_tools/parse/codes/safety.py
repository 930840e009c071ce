"""Codes CE6xx: secrets and safety."""

from __future__ import annotations

from condaenv_tools.parse.codes.code import WARNING, Code, code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    code(
        "CE601",
        WARNING,
        "a credential in a channel",
        "Whoever reads the file has the password; it also lands in logs.",
        "channels:\n  - https://me:secret@conda.example.org/team\n",
        "channels:\n  - https://conda.example.org/team\n",
    ),
    code(
        "CE602",
        WARNING,
        "a credential in the pip section",
        "Whoever reads the file has the password; it also lands in logs.",
        "dependencies:\n  - pip\n  - pip:\n      - --index-url https://me:secret@pip.example.org/simple\n",
        "dependencies:\n  - pip\n  - pip:\n      - --index-url https://${USER}:${TOKEN}@pip.example.org/simple\n",
    ),
    code(
        "CE603",
        WARNING,
        "a credential in a spec",
        "Whoever reads the file has the password; it also lands in logs.",
        "dependencies:\n  - https://me:secret@conda.example.org/noarch/a-1-0.conda\n",
        "dependencies:\n  - https://conda.example.org/noarch/a-1-0.conda\n",
    ),
    code(
        "CE604",
        WARNING,
        "a tag that asks for code",
        "A careless YAML loader would run it; here, and in conda, it is plain data.",
        'dependencies: !!python/object/apply:os.system ["numpy"]\n',
        "dependencies: [numpy]\n",
    ),
)
