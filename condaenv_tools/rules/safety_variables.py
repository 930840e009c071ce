"""Variables that change, for everybody who activates the environment, which code runs and whom it trusts."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.model.environment import Variable
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.parse.codes.code import INFO, WARNING, code
from condaenv_tools.parse.report import quoted
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_LOADS_CODE = code(
    "CE616",
    WARNING,
    "a variable that changes which code is loaded",
    "It counts for every program that is started in the environment, conda and git included.",
    "dependencies: [python]\nvariables:\n  PYTHONPATH: /home/me/src\n",
    "dependencies: [python]\nvariables:\n  MY_SETTING: fast\n",
)
_NO_CHECKS = code(
    "CE617",
    WARNING,
    "a variable that switches off certificate checks",
    "Every download in the environment then trusts whoever answers.",
    'dependencies: [python]\nvariables:\n  PYTHONHTTPSVERIFY: "0"\n',
    "dependencies: [python]\nvariables:\n  MY_SETTING: fast\n",
)
_CERTIFICATES = code(
    "CE618",
    INFO,
    "a variable that names another store of certificates",
    "On a machine without that file every download fails; with a wrong one it trusts the wrong people.",
    "dependencies: [python]\nvariables:\n  REQUESTS_CA_BUNDLE: /etc/ssl/own.pem\n",
    "dependencies: [python]\nvariables:\n  MY_SETTING: fast\n",
)
#: What the variable does; whether that is a warning.
_CODE = {
    "LD_PRELOAD": ("puts a library into every program that is started", True),
    "DYLD_INSERT_LIBRARIES": ("puts a library into every program that is started", True),
    "LD_LIBRARY_PATH": ("is searched before the environment's own libraries, by every program", True),
    "DYLD_LIBRARY_PATH": ("is searched before the environment's own libraries, by every program", True),
    "DYLD_FALLBACK_LIBRARY_PATH": ("is searched for libraries by every program", False),
    "LD_AUDIT": ("puts a library into every program that is started", True),
    "PYTHONPATH": ("is searched before the environment's own packages, by every Python, of any version", True),
    "PYTHONHOME": ("gives every Python another standard library than its own", True),
    "PYTHONSTARTUP": ("names a file that every interactive Python runs", False),
    "PYTHONUSERBASE": ("lets packages outside the environment come into it", False),
    "PERL5LIB": ("is searched before the environment's own modules", False),
    "R_LIBS": ("is searched before the environment's own R packages", False),
    "NODE_OPTIONS": ("is given to every Node.js program", False),
    "BASH_ENV": ("names a file that every script of bash runs first", True),
    "PATH": ("replaces the path that activation has set, so that no program of the environment is found", True),
    "PIP_INDEX_URL": ("sends every pip in the environment to another index", False),
    "PIP_EXTRA_INDEX_URL": ("lets every pip in the environment mix two indexes (dependency confusion)", True),
    "UV_INDEX_URL": ("sends every uv in the environment to another index", False),
    "UV_EXTRA_INDEX_URL": ("adds an index to every uv in the environment", False),
    "PIP_CONFIG_FILE": ("gives every pip in the environment another configuration", False),
    "CONDARC": ("gives every conda in the environment another configuration", False),
    "GIT_SSH_COMMAND": ("is run by git in the place of ssh", False),
}  # fmt: skip
_OFF = {"0", "false", "no", "off", "never", "n"}
_ON = {"1", "true", "yes", "on", "y"}
#: Variables that switch checks off, and the values that do; None for any value.
_UNCHECKED = {
    "PYTHONHTTPSVERIFY": {"0"}, "CONDA_SSL_VERIFY": _OFF, "MAMBA_SSL_VERIFY": _OFF, "SSL_NO_VERIFY": _ON,
    "NODE_TLS_REJECT_UNAUTHORIZED": {"0"}, "GIT_SSL_NO_VERIFY": None, "PIP_TRUSTED_HOST": None,
    "UV_INSECURE_HOST": None, "CURL_INSECURE": _ON, "HF_HUB_DISABLE_SSL_VERIFICATION": _ON,
}  # fmt: skip
_STORES = {
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "GIT_SSL_CAINFO",
    "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE",
}  # fmt: skip


def _loads_code(case: Case) -> Iterator[Finding]:
    for variable in case.environment.variables:
        does, bad = _CODE.get(variable.name, ("", False))
        if does and variable.value.strip():
            message = f"{variable.name} {does}, for everybody who activates the environment"
            hint = "set it for the one program that needs it"
            if variable.name == "PYTHONPATH":
                hint = "install the project into the environment (`-e .` in the pip section)"
            severity = None if bad else Severity.INFO
            yield case.finding(_LOADS_CODE, message, variable.span, hint=hint, severity=severity)


def _no_checks(case: Case) -> Iterator[Finding]:
    for variable in case.environment.variables:
        if _switches_off(variable):
            message = f"{variable.name}={quoted(variable.value)[1:-1]} switches off the check of certificates"
            hint = "remove it; name a certificate of your own on the machine that needs one"
            yield case.finding(_NO_CHECKS, message, variable.span, hint=hint)


def _switches_off(variable: Variable) -> bool:
    value = variable.value.strip().lower()
    if variable.name in _STORES:
        return variable.name in {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"} and not value
    if variable.name not in _UNCHECKED or not value:
        return False
    values = _UNCHECKED[variable.name]
    return values is None or value in values


def _certificates(case: Case) -> Iterator[Finding]:
    for variable in case.environment.variables:
        # A path inside the environment is where everybody has it.
        if variable.name in _STORES and variable.value.strip() and "CONDA_PREFIX" not in variable.value:
            message = f"{variable.name} makes every download trust {quoted(variable.value)} alone"
            yield case.finding(
                _CERTIFICATES, message, variable.span, hint="set it on the machine that needs it"
            )


RULES: tuple[Rule, ...] = (
    Rule(code=_LOADS_CODE, find=_loads_code),
    Rule(code=_NO_CHECKS, find=_no_checks),
    Rule(code=_CERTIFICATES, find=_certificates),
)
