"""Requirements (PEP 508) put together from the tables of other tools."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

__all__ = ["and_markers", "direct_reference", "git_url", "local_line", "python_marker", "requirement_text"]

_CLAUSE = re.compile(r"(===|==|!=|<=|>=|~=|<|>)\s*(.+)")


def requirement_text(name: str, extras: Sequence[str], versions: str, marker: str = "") -> str:
    """Return one requirement.

    Examples
    --------
    >>> requirement_text("dask", ["complete"], ">=2024.1,<2025", 'sys_platform == "linux"')
    'dask[complete]>=2024.1,<2025; sys_platform == "linux"'
    """
    return f"{_with_extras(name, extras)}{versions}" + (f"; {marker}" if marker else "")


def direct_reference(name: str, extras: Sequence[str], url: str, marker: str = "") -> str:
    """Return a requirement that names its URL (PEP 508); a marker wants a blank before its semicolon.

    Examples
    --------
    >>> direct_reference("pkg", [], "git+https://example.org/p.git@v1", "os_name == 'nt'")
    "pkg @ git+https://example.org/p.git@v1 ; os_name == 'nt'"
    """
    return f"{_with_extras(name, extras)} @ {url}" + (f" ; {marker}" if marker else "")


def local_line(path: str, *, editable: bool, extras: Sequence[str] = ()) -> str:
    """Return the line of a project or archive that lies beside the file.

    Examples
    --------
    >>> local_line("libs/a", editable=True)
    '-e ./libs/a'
    """
    plain = path.replace("\\", "/")
    if not re.match(r"(?:\.{0,2}/|\.{1,2}$|~|[A-Za-z]:/|file:)", plain):
        plain = f"./{plain}"
    return ("-e " if editable else "") + _with_extras(plain, extras)


def git_url(url: str, value: Mapping[str, object]) -> str:
    """Return the URL by which pip clones: its revision behind an `@`, a subfolder behind a `#`.

    Examples
    --------
    >>> git_url("https://example.org/a.git", {"tag": "v1", "subdirectory": "lib"})
    'git+https://example.org/a.git@v1#subdirectory=lib'
    >>> git_url("git@example.org:me/a.git", {})
    'git+ssh://git@example.org/me/a.git'
    """
    short = re.fullmatch(r"([\w.-]+@[\w.-]+):(?!//)(.+)", url)
    plain = f"ssh://{short[1]}/{short[2]}" if short else url
    plain = plain if plain.startswith("git+") else f"git+{plain}"
    revision = next(
        (value[key] for key in ("rev", "ref", "tag", "branch") if isinstance(value.get(key), str)), None
    )
    folder = value.get("subdirectory")
    return (
        plain
        + (f"@{revision}" if revision else "")
        + (f"#subdirectory={folder}" if isinstance(folder, str) and folder else "")
    )


def and_markers(*markers: str) -> str:
    """Join markers that must all hold.

    Examples
    --------
    >>> and_markers("os_name == 'nt'", "", "a == 'b' or c == 'd'")
    "os_name == 'nt' and (a == 'b' or c == 'd')"
    """
    parts = list(dict.fromkeys(marker.strip() for marker in markers if marker.strip()))
    if len(parts) < 2:
        return "".join(parts)
    return " and ".join(f"({part})" if re.search(r"\bor\b", part) else part for part in parts)


def python_marker(versions: str) -> str:
    """Return the marker that asks for versions of Python.

    Examples
    --------
    >>> python_marker(">=3.8,<4.0"), python_marker("==3.9.*"), python_marker("")
    ('python_version >= "3.8" and python_version < "4.0"', 'python_version == "3.9"', '')
    """
    found = []
    for clause in filter(None, (part.strip() for part in versions.split(","))):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            continue
        operator, version = match[1], match[2]
        # `python_version` has two parts; more of them ask for the full version.
        bare = version.removesuffix(".*")
        full = bare.count(".") > 1
        if not full and bare.count(".") == 1:
            version = bare
        variable = "python_full_version" if full else "python_version"
        found.append(f'{variable} {operator} "{version}"')
    return " and ".join(found)


def _with_extras(name: str, extras: Sequence[str]) -> str:
    return f"{name}[{','.join(extras)}]" if extras else name
