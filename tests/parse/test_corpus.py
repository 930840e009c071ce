"""Files as people commit them: each is read, and each item stands where it says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from condaenv_tools.model.finding import Severity
from condaenv_tools.parse.environment_yml import parse_environment, read_environment
from tests.parse.laws import check_reading, items
from tests.shared_data import need_shared

FILES = sorted(need_shared("corpus").glob("*.y*ml"))


def ident(path: Path) -> str:
    return path.stem


def text_of(path: Path) -> str:
    """Encodings are few in the corpus: UTF-8, and UTF-16 with its mark."""
    data = path.read_bytes()
    return data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")


@pytest.mark.parametrize("path", FILES, ids=ident)
def test_the_laws_hold(path: Path) -> None:
    check_reading(read_environment(path), text_of(path))


@pytest.mark.parametrize("path", FILES, ids=ident)
def test_text_and_bytes_are_read_alike(path: Path) -> None:
    assert parse_environment(path.read_bytes(), path="e.yml") == parse_environment(
        text_of(path), path="e.yml"
    )


@pytest.mark.parametrize("path", FILES, ids=ident)
def test_what_yaml_says_is_what_we_say(path: Path) -> None:
    """Names, channels and texts are those of a plain YAML loader, wherever that reads the file."""
    try:
        plain = yaml.safe_load(path.read_bytes())
    except yaml.YAMLError:
        parsed = read_environment(path)
        assert any(f.code == "CE101" for f in parsed.findings)
        return
    parsed = read_environment(path)
    if any(f.severity is Severity.ERROR for f in parsed.findings):
        pytest.skip("the file has faults; the laws hold it")
    environment = parsed.environment
    assert environment is not None
    deps = plain.get("dependencies") or []
    assert [item.text for item in environment.dependencies] == [dep for dep in deps if isinstance(dep, str)]
    pip = [line for dep in deps if isinstance(dep, dict) for line in dep.get("pip") or []]
    assert [item.text for item in environment.pip] == pip
    assert [item.text for item in environment.channels] == plain.get("channels", [])
    assert environment.name == plain.get("name")


@pytest.mark.parametrize("path", FILES, ids=ident)
def test_line_ends_and_a_byte_order_mark_change_nothing_but_places(path: Path) -> None:
    data = text_of(path).replace("\r\n", "\n")
    variants = [data, data.replace("\n", "\r\n"), data.replace("\n", "\r"), "\ufeff" + data]
    read = [parse_environment(variant.encode(), path="e.yml") for variant in variants]
    seen = [
        [(f.code, f.span.line if f.span else 0, f.span.column if f.span else 0) for f in r.findings]
        for r in read
    ]
    # CE119 is about the line ends themselves.
    seen = [[found for found in one if found[0] != "CE119"] for one in seen]
    assert all(found == seen[0] for found in seen)
    texts = [
        [(text, span.line, span.column) for text, span in items(r.environment)] if r.environment else None
        for r in read
    ]
    assert all(found == texts[0] for found in texts)
    utf16 = parse_environment(data.encode("utf-16"), path="e.yml")
    assert utf16 == read[0]
