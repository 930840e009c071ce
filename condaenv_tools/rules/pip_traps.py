"""Names in the pip section that are not what they look like: parts of Python, import names, placeholders."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.environment import PipKind
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.parse.codes.code import WARNING, code
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.pip_items import PipLine, line_removal, requirements
from condaenv_tools.rules.pythons import allowed_pythons
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES", "STANDARD_LIBRARY", "TRAPS"]

_STANDARD = code(
    "CE442",
    WARNING,
    "a part of Python itself",
    "Python finds its own module first; what PyPI has under the name is a relic for Python 2, or somebody else's.",
    "dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - pathlib\n      - rich\n",
    "dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - rich\n",
)
_TRAP = code(
    "CE443",
    WARNING,
    "a name that is not the package's",
    "What is imported and what is installed are often called differently, and the other name may be anybody's.",
    "dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - sklearn\n",
    "dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - scikit-learn\n",
)
#: Modules of every Python that is still maintained, as people write them into requirements.
STANDARD_LIBRARY = frozenset({
    "abc", "argparse", "ast", "asyncio", "base64", "bisect", "cmath", "collections", "concurrent",
    "contextlib", "copy", "csv", "ctypes", "dataclasses", "datetime", "decimal", "difflib", "email",
    "enum", "enum34", "fractions", "ftplib", "functools", "gc", "getopt", "getpass", "glob", "gzip",
    "hashlib", "heapq", "hmac", "html", "http", "imaplib", "importlib", "inspect", "io", "ipaddress",
    "itertools", "json", "logging", "math", "mimetypes", "multiprocessing", "operator", "os", "pathlib",
    "pickle", "platform", "pprint", "queue", "random", "re", "sched", "select", "shlex", "shutil",
    "signal", "smtplib", "socket", "sqlite3", "ssl", "statistics", "string", "struct", "subprocess",
    "sys", "tempfile", "textwrap", "threading", "time", "timeit", "tkinter", "traceback", "typing",
    "unittest", "urllib", "uuid", "warnings", "wave", "weakref", "webbrowser", "xml", "zipfile", "zlib",
})  # fmt: skip
#: What a backport is a module of.
_BACKPORTS = {"enum34": "enum"}
#: Since when, where that is later than the Pythons that anybody still has.
_SINCE = {"dataclasses": (3, 7)}
#: What is meant, and why the name is not it.
TRAPS: dict[str, tuple[str, str]] = {
    "sklearn": ("scikit-learn", "the PyPI package sklearn is a placeholder that refuses to be installed"),
    "pil": ("pillow", "PIL is the name of the module, and PIL itself has had no release since 2009"),
    "cv2": ("opencv-python", "cv2 is the name of the module"),
    "skimage": ("scikit-image", "skimage is the name of the module"),
    "bs4": ("beautifulsoup4", "bs4 on PyPI is an empty package that only asks for beautifulsoup4"),
    "beautifulsoup": ("beautifulsoup4", "the PyPI package beautifulsoup is the version for Python 2"),
    "yaml": ("pyyaml", "yaml is the name of the module"),
    "dateutil": ("python-dateutil", "dateutil is the name of the module"),
    "dotenv": ("python-dotenv", "dotenv is the name of the module, and on PyPI another, abandoned package"),
    "docx": ("python-docx", "the PyPI package docx is its predecessor, for Python 2"),
    "jwt": ("pyjwt", "jwt is the name of the module, and on PyPI another package"),
    "serial": ("pyserial", "serial is the name of the module, and on PyPI another package"),
    "usb": ("pyusb", "usb is the name of the module"),
    "fitz": ("pymupdf", "fitz was the name of the module, and is on PyPI another package"),
    "crypto": ("pycryptodome", "Crypto is the name of the module, and on PyPI another package"),
    "wx": ("wxpython", "wx is the name of the module"),
    "win32api": ("pywin32", "win32api is the name of a module"),
    "mysqldb": ("mysqlclient", "MySQLdb is the name of the module"),
    "pytorch": ("torch", "the PyPI package pytorch is a placeholder that refuses to be installed"),
    "tensorflow-gpu": ("tensorflow", "the PyPI package tensorflow-gpu refuses to be installed since 2.12"),
    "python": ("", "pip installs packages into a Python, and no Python"),
    "conda": ("", "the PyPI package conda is long out of date, and no working conda"),
}  # fmt: skip


#: They install what is meant, in a roundabout way.
_HARMLESS = {"bs4"}


def _standard(case: Case) -> Iterator[Finding]:
    for item in requirements(case):
        name = item.name
        if item.kind is not PipKind.REQUIREMENT or name not in STANDARD_LIBRARY or item.details.marker:
            continue
        if not any(_minor(full) >= _SINCE.get(name, (3, 4)) for full in allowed_pythons(case.environment)):
            continue
        module = _BACKPORTS.get(name, name)
        message = (
            f"{name} is a module of Python itself; what PyPI has is a copy for old Pythons, or something else"
        )
        if module != name:
            message = (
                f"{module} is a module of Python itself, and {name} a copy for old Pythons that breaks it"
            )
        fix = line_removal(case, item, safe=False)
        yield case.finding(_STANDARD, message, item.span, hint="remove the line", fix=fix)


def _minor(full: str) -> tuple[int, ...]:
    return tuple(int(part) for part in full.split(".")[:2])


def _trap(case: Case) -> Iterator[Finding]:
    names = {item.name for item in requirements(case)}
    for item in requirements(case):
        meant = TRAPS.get(item.name)
        if meant is None or item.kind is not PipKind.REQUIREMENT:
            continue
        instead, reason = meant
        if item.name == "tensorflow-gpu" and not _may_be_new(item):
            continue
        if not instead:
            hint = "name it in the conda part" if item.name == "python" else "remove the line"
            yield case.finding(_TRAP, reason, item.span, hint=hint)
            continue
        message = f"{reason}; the package is called {instead}"
        fix = None if instead in names else _renamed(case, item, instead)
        severity = Severity.INFO if item.name in _HARMLESS else None
        yield case.finding(_TRAP, message, item.span, hint=f"write {instead}", fix=fix, severity=severity)


def _may_be_new(item: PipLine) -> bool:
    """Say whether a line may ask for tensorflow-gpu 2.12, the first that is a placeholder."""
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415 - few files need it

    return "2.12.0" in SpecifierSet(item.details.specifier)


def _renamed(case: Case, item: PipLine, name: str) -> Fix | None:
    """Return the fix that writes another name; versions of one package mean nothing for another."""
    written = case.text[item.span.start : item.span.end]
    if written != item.text or item.details.specifier:
        return None
    length = len(item.text) - len(
        item.text.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    )
    edit = TextEdit(start=item.span.start, end=item.span.start + length, text=name)
    return Fix(title=f"write {name}", edits=(edit,), safe=False)


RULES: tuple[Rule, ...] = (
    Rule(code=_STANDARD, find=_standard),
    Rule(code=_TRAP, find=_trap),
)
