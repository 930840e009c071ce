"""Secrets that stand in the file itself, outside of URLs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter

from condaenv_tools.model.environment import ChannelItem, Dependency, PipItem
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.secret_shapes import KEY, is_placeholder, is_secret_name
from condaenv_tools.model.secrets import has_credentials
from condaenv_tools.parse.codes.code import WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_IN_VARIABLE = code(
    "CE610",
    WARNING,
    "a secret in a variable",
    "Whoever reads the file has it, git keeps it for ever, and every process of the environment inherits it.",
    "dependencies: [python]\nvariables:\n  DB_PASSWORD: hunter2\n",
    "dependencies: [python]\nvariables:\n  DB_PASSWORD_FILE: /run/secrets/db\n",
)
_KEY_IN_TEXT = code(
    "CE611",
    WARNING,
    "a key of a known service",
    "Its shape says whose key it is; a key that was published once has to be replaced, not only removed.",
    "dependencies: [python]\n# export HF_HOME=x hf_" + "aB3dE" * 7 + "\n",
    "dependencies: [python]\n# huggingface-cli login stores the token\n",
)
_MAKERS = (
    ("AKIA", "Amazon Web Services"), ("ASIA", "Amazon Web Services"), ("github_pat_", "GitHub"), ("gh", "GitHub"),
    ("glpat-", "GitLab"), ("sk-ant-", "Anthropic"), ("sk_live_", "Stripe"), ("rk_live_", "Stripe"),
    ("hf_", "Hugging Face"), ("xox", "Slack"), ("npm_", "npm"), ("pypi-", "PyPI"), ("AIza", "Google"),
    ("dckr_pat_", "Docker"), ("dapi", "Databricks"), ("eyJ", ""), ("sk-", "OpenAI or another model service"),
)  # fmt: skip
_REVOKE = "replace the key where it was issued, and keep the new one out of the file"


def _whose(key: str) -> str:
    maker = next((maker for sign, maker in _MAKERS if key.startswith(sign)), "")
    return f"a key of {maker}" if maker else "a signed token (JWT)"


def _in_variable(case: Case) -> Iterator[Finding]:
    for variable in case.environment.variables:
        value = variable.value
        key = KEY.search(value)
        if key:
            message = f"{quoted(variable.name)} holds what looks like {_whose(key[0])}"
            yield case.finding(_IN_VARIABLE, message, variable.span, hint=_REVOKE)
        elif is_secret_name(variable.name) and not is_placeholder(value) and not has_credentials(value):
            message = (
                f"{quoted(variable.name)} holds a secret, by its name, and everybody who has the file has it"
            )
            hint = f"take the line out, and set {variable.name} where the environment is used"
            yield case.finding(_IN_VARIABLE, message, variable.span, hint=hint)
        elif has_credentials(value):
            message = f"there is a credential in {quoted(variable.name)}, {quoted(value)}"
            hint = f"write the URL without it, or set {variable.name} where the environment is used"
            yield case.finding(_IN_VARIABLE, message, variable.span, hint=hint)


def _key_in_text(case: Case) -> Iterator[Finding]:
    environment = case.environment
    told = [(item.span.start, item.span.end) for item in environment.variables]
    # A credential in a URL is told where the line is read.
    lines: list[ChannelItem | Dependency | PipItem] = []
    lines += environment.channels
    lines += environment.dependencies
    lines += environment.pip
    told += [(item.span.start, item.span.end) for item in lines if "://" in item.text]
    told.sort()
    for key in KEY.finditer(case.text):
        # Items do not overlap: what holds a key is the last one that begins before it.
        at = bisect_right(told, key.start(), key=itemgetter(0))
        if not at or told[at - 1][1] <= key.start():
            message = f"this looks like {_whose(key[0])}"
            yield case.finding(_KEY_IN_TEXT, message, key.span(), hint=_REVOKE)


RULES: tuple[Rule, ...] = (
    Rule(code=_IN_VARIABLE, find=_in_variable),
    Rule(code=_KEY_IN_TEXT, find=_key_in_text),
)
