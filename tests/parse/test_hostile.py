"""Input that nobody vouches for: bounded in time, and nothing but findings and ParseError come out."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import ParseError
from condaenv_tools.model.finding import Severity
from condaenv_tools.parse.environment_yml import loads_environment, parse_environment
from tests.parse.laws import check_reading
from tests.shared_data import shared_path

HEAD = "dependencies:\n  - numpy\n"


def bomb(levels: int = 9, width: int = 9) -> str:
    lines = ["a0: &a0 [lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join([*lines, f"dependencies: *a{levels - 1}", ""])


HUGE: dict[str, Callable[[], str | bytes]] = {
    "bomb": bomb,
    "wide-bomb": lambda: "x: &x [" + "a," * 5000 + "]\ndependencies: [" + "*x," * 5000 + "]\n",
    "merge-bomb": lambda: (
        "a0: &a0 {x: 1}\n"
        + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}], k{n}: 1}}\n" for n in range(1, 12))
    ),
    "endless-alias": lambda: "dependencies: &d\n  - *d\n",
    "endless-mapping": lambda: "&a dependencies: &b {*a : *b}\n",
    "deep-flow-list": lambda: "dependencies: " + "[" * 10_000 + "]" * 10_000,
    "deep-flow-open": lambda: "dependencies: " + "[" * 10_000,
    "deep-flow-map": lambda: "dependencies: " + "{a: " * 10_000 + "1" + "}" * 10_000,
    "deep-block-map": lambda: "".join(f"{' ' * n}a:\n" for n in range(3000)),
    "deep-block-list": lambda: "dependencies:\n  " + "- " * 10_000 + "a\n",
    "deep-selector": lambda: f"dependencies:\n  - a  # [{'(' * 10_000}linux{')' * 10_000}]\n",
    "many-nots": lambda: f"dependencies:\n  - a  # [{'not ' * 10_000}linux]\n",
    "many-ands": lambda: f"dependencies:\n  - a  # [{'linux and ' * 10_000}linux]\n",
    "ten-megabyte-plain": lambda: "dependencies:\n  - " + "a" * 10_000_000 + "\n",
    "ten-megabyte-spec": lambda: "dependencies:\n  - numpy >=" + "1," * 2_000_000 + "\n",
    "ten-megabyte-comment": lambda: "dependencies:\n  - numpy  # " + "[" * 5_000_000 + "\n",
    "ten-megabyte-brackets": lambda: "dependencies:\n  - numpy  # " + "[]" * 2_000_000 + "\n",
    "long-comment-selector": lambda: "dependencies:\n  - numpy  # [" + "(a" * 200_000 + "\n",
    "megabyte-pip": lambda: "dependencies:\n  - pip:\n    - " + "a=" * 500_000 + "\n",
    "megabyte-pip-url": lambda: "dependencies:\n  - pip:\n    - https://" + "a:b@" * 200_000 + "\n",
    "megabyte-channel": lambda: "channels:\n  - https://" + "a:" * 500_000 + "@x\n" + HEAD,
    "many-items": lambda: "dependencies:\n" + "".join(f"  - pkg{n}>=1.{n}\n" for n in range(5_000)),
    "many-faults": lambda: "dependencies:\n" + "".join(f"  - pkg{n}>>{n}\n" for n in range(5_000)),
    "many-tabs": lambda: "dependencies:\n" + "\t- numpy\n" * 20_000,
    "many-unknown-keys": lambda: "".join(f"dependancies{n}: 1\n" for n in range(5_000)),
    "many-same-keys": lambda: "name: x\n" * 20_000,
    "many-documents": lambda: "---\na: 1\n" * 20_000,
    "many-blank-lines": lambda: "dependencies:\n" + "\n" * 1_000_000 + "  - numpy\n",
    "many-open-quotes": lambda: "dependencies:\n" + "  - 'numpy\n" * 20_000,
    "many-anchors": lambda: "dependencies:\n" + "".join(f"  - &a{n} x{n}\n" for n in range(5_000)),
    "only-nuls": lambda: b"\0" * 1_000_000,
    "only-spaces": lambda: " " * 1_000_000,
    "only-dashes": lambda: "-" * 1_000_000,
    "only-colons": lambda: ":" * 1_000_000,
    "only-hashes": lambda: "#" * 1_000_000,
    "noise": lambda: bytes(range(256)) * 4_000,
}


@pytest.mark.parametrize("case", HUGE)
def test_a_huge_or_twisted_file_is_bounded(case: str) -> None:
    data = HUGE[case]()
    begun = time.process_time()
    parsed = parse_environment(data, path="e.yml")
    spent = time.process_time() - begun
    # A bound against running away, wide enough for any machine; what it costs is the benchmark's business.
    assert spent < 10
    assert len(parsed.findings) < 10_000
    assert sum(len(str(finding)) for finding in parsed.findings) < 5_000_000


@pytest.mark.parametrize(
    "case", ["bomb", "deep-flow-list", "deep-flow-map", "deep-block-map", "deep-block-list", "endless-alias"]
)
def test_depth_and_multiplication_are_told_as_such(case: str) -> None:
    parsed = parse_environment(HUGE[case](), path="e.yml")
    assert "CE105" in {finding.code for finding in parsed.findings}


def test_nothing_depends_on_the_recursion_limit() -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    parse_environment("[" * 100_000, path="e.yml")
    assert sys.getrecursionlimit() == limit


BYTES = {
    "nul": b"name: a\0b\n",
    "control": b"name: a\x01b\n",
    "escape-sequence": b"name: \x1b[31mred\n",
    "delete": b"name: a\x7fb\n",
    "utf16-without-mark": "name: x\n".encode("utf-16-le"),
    "utf16-cut": "name: xy\n".encode("utf-16")[:-1],
    "utf32": "name: x\ndependencies: [a]\n".encode("utf-32"),
    "latin-1": "name: café\n".encode("latin-1"),
    "half-a-character": "name: é".encode()[:-1],
    "encoded-surrogate": b"name: \xed\xa0\x80\n",
    "only-a-mark": b"\xef\xbb\xbf",
    "two-marks": b"\xef\xbb\xbf\xef\xbb\xbfname: a\n",
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
}


@pytest.mark.parametrize("case", BYTES)
def test_bytes_that_are_no_text_have_an_error_or_are_read(case: str) -> None:
    parsed = parse_environment(BYTES[case], path="e.yml")
    assert parsed.findings
    for finding in parsed.findings:
        assert "\x1b" not in str(finding)
        assert "\0" not in str(finding)


TEXTS = {
    "lone-surrogate": "name: \ud800x\n",
    "surrogate-in-a-spec": "dependencies:\n  - num\udfffpy\n",
    "escaped-surrogate": 'dependencies:\n  - "\\ud800"\n',
    "escaped-nul": 'dependencies:\n  - "nu\\0mpy"\n',
    "escaped-newline": 'name: "a\\nb"\ndependencies:\n  - "numpy\\n>=1"\n',
    "escaped-escape": 'name: "\\e[31m"\nchannels: ["\\e[2J"]\ndependencies: ["\\e]0;x"]\n',
    "next-line": "name: a\x85dependencies:\x85  - numpy\x85",
    "line-separator": "name: a\u2028dependencies: [numpy]\n",
    "two-marks": "\ufeff\ufeffdependencies: [numpy]\n",
    "break-in-a-mapping": "dependencies:\n  - numpy: '>=1\r.2'\n  - a: |\n     3\n    b: 1\n",
    "control-below-a-fold": "dependencies:\n  - numpy\n   - \0scipy\n",
    "dots-without-a-dash": "dependencies:\n  ...\n- numpy\n  - scipy\n",
    "mark-inside": "name: a\n\ufeffdependencies: [numpy]\n",
    "int-key": "1: 2\ndependencies: [a]\n",
    "list-key": "[a, b]: c\ndependencies: [a]\n",
    "map-key": "{a: b}: c\ndependencies: [a]\n",
    "null-key": "? \n: x\ndependencies: [a]\n",
    "huge-int": "dependencies:\n  - " + "9" * 5000 + "\n",
    "huge-float": "variables:\n  A: 1e999999\n" + HEAD,
    "bad-date": "name: 2020-99-99\nvariables: {A: 2020-13-45}\n" + HEAD,
    "sexagesimal": "dependencies:\n  - 1:30:00\nvariables: {T: 190:20:30}\n",
    "int-tag": "dependencies:\n  - !!int numpy\n",
    "binary-tag": "dependencies:\n  - !!binary aGVsbG8=\n",
    "set-tag": "dependencies: !!set {a, b}\n",
    "omap-tag": "dependencies: !!omap [a: 1]\n",
    "value-key": "dependencies: {=: 1}\n",
    "merge-of-a-text": "<<: x\ndependencies: [a]\n",
    "merge-of-itself": "&a <<: *a\n",
    "anchor-on-nothing": "dependencies: &a\n",
    "directive": "%YAML 9.9\n---\ndependencies: [a]\n",
    "operator-without-equals": "dependencies: ['numpy!>=1.5', 'numpy!>', 'numpy<>1', 'numpy=!1']\n",
    "tag-directive": "%TAG ! tag:x,2000:\n---\ndependencies: [a]\n",
}


@pytest.mark.parametrize("case", TEXTS)
def test_odd_texts_are_read_or_told(case: str) -> None:
    check_reading(parse_environment(TEXTS[case], path="e.yml"), TEXTS[case])


def test_a_tag_never_makes_an_object(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    text = f'dependencies: !!python/object/apply:pathlib.Path.touch ["{mark}"]\n'
    parsed = parse_environment(text, path="e.yml")
    assert not mark.exists()
    assert "CE604" in {finding.code for finding in parsed.findings}


def snippets() -> list[str]:
    """Lines of real and of broken files, from which new files are made."""
    found = {
        "name: x\n",
        "  - numpy=1.26  # [win]\n",
        "  - pip:\n",
        "    - requests\n",
        "\t",
        "- ",
        ": ",
        "'",
        '"',
        "[",
        "{",
    }
    for folder in ("oracle/cases", "corpus"):
        root = shared_path(*folder.split("/"))
        for path in sorted(root.glob("*.y*ml")) if root else ():
            lines = path.read_bytes().decode("utf-8", errors="replace").splitlines(keepends=True)
            found |= set(lines[:40])
    found |= {
        "  - a  # [linux and (x86_64 or arm64)]\n",
        "  - sel(win): b\n",
        "variables:\n",
        "  A: yes\n",
        "<<: *a\n",
    }
    found |= {
        "&a ",
        "*a",
        "# [",
        "]\n",
        "\r",
        "\u2028",
        "\0",
        "\ufeff",
        "!!python/name:os.system ",
        "? ",
        "|\n",
        ">-\n",
        "---\n",
    }
    return sorted(found)


SNIPPETS = snippets()
pieces = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=8), max_size=12).map("".join)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(pieces)
@example("dependencies:\n - a\n - pip:\n   - b\n")
def test_any_text_is_read_or_told(text: str) -> None:
    check_reading(parse_environment(text, path="e.yml"), text)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    parsed = parse_environment(data, path="e.yml")
    assert parsed.environment is not None or parsed.findings


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(pieces)
def test_loads_raises_parse_errors_only(text: str) -> None:
    parsed = parse_environment(text, path="<text>")
    faults = [finding for finding in parsed.findings if finding.severity is Severity.ERROR]
    if not faults:
        assert loads_environment(text) == parsed.environment
        return
    with pytest.raises(ParseError) as caught:
        loads_environment(text)
    for finding in faults:
        assert finding.message in str(caught.value)


@pytest.mark.parametrize("where", ["  - a\udc80\n", "  -b\udc80\n", "\tc: \ud800\n"])
def test_half_a_character_in_a_text_is_a_finding(where: str) -> None:
    parsed = parse_environment(f"dependencies:\n{where}  - pip:\n    - x\n")
    assert any(finding.code == "CE102" for finding in parsed.findings)
