"""`environment.yml` from bytes or a path to an `Environment`: what is read, and what is refused how."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from condaenv_tools.errors import ParseError
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse import text as text_module
from condaenv_tools.parse import yaml_nodes
from condaenv_tools.parse.environment_yml import loads_environment, parse_environment, read_environment

FILE = """\
# an environment
name: x
prefix: /opt/x
category: dev
channels:
  - conda-forge
  - nodefaults
platforms: [linux-64, osx-arm64]
variables:
  A: "1"
dependencies:
  - python=3.12   # the newest that all packages have
  - "numpy >=1.26"
  - pip
  - pip:
      - requests
"""


def read(text: str | bytes) -> Environment:
    environment = parse_environment(text, path="e.yml").environment
    assert environment is not None
    return environment


def codes(text: str | bytes, severity: Severity = Severity.ERROR) -> list[str]:
    return [f.code for f in parse_environment(text).findings if f.severity is severity]


def test_every_part_of_the_standard_is_read() -> None:
    environment = read(FILE)
    assert (environment.name, environment.prefix, environment.category) == ("x", "/opt/x", "dev")
    assert [item.text for item in environment.channels] == ["conda-forge", "nodefaults"]
    assert [item.platform for item in environment.platforms] == [Platform.LINUX_64, Platform.OSX_ARM64]
    assert [(item.name, item.value) for item in environment.variables] == [("A", "1")]
    assert [str(item.spec) for item in environment.dependencies] == [
        "python=3.12",
        "numpy[version='>=1.26']",
        "pip",
    ]
    assert [(item.name, item.category) for item in environment.pip] == [("requests", "dev")]
    assert environment.has_pip_section
    assert str(environment.span_of("dependencies")) == "e.yml:11:1"


def test_spans_point_to_the_text_inside_quotes() -> None:
    environment = read(FILE)
    assert [FILE[item.span.start : item.span.end] for item in environment.dependencies] == [
        "python=3.12",
        "numpy >=1.26",
        "pip",
    ]
    assert [str(item.span) for item in environment.dependencies] == ["e.yml:12:5", "e.yml:13:6", "e.yml:14:5"]


def test_columns_count_characters_not_bytes() -> None:
    text = "name: é😀\ndependencies: ['é😀'  , numpy]\n"
    assert [(f.span.column if f.span else 0) for f in parse_environment(text).errors] == [17]
    assert [item.span.column for item in read(text).dependencies] == [24]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_an_encoding_that_yaml_knows_is_read(encoding: str) -> None:
    assert read(FILE.encode(encoding)) == read(FILE)


def test_the_pure_python_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = parse_environment(FILE, path="e.yml")
    monkeypatch.setattr(yaml_nodes, "_Loader", yaml.SafeLoader)
    assert parse_environment(FILE, path="e.yml") == expected
    assert codes("dependencies:\n  - 'numpy\n") == ["CE101"]


def test_anchors_aliases_and_merge_keys_are_followed() -> None:
    text = "base: &b {name: z, channels: &c [conda-forge]}\n<<: *b\ndependencies: [&n numpy, scipy, *n]\n"
    environment = read(text)
    assert environment.name == "z"
    assert [item.text for item in environment.channels] == ["conda-forge"]
    assert [item.text for item in environment.dependencies] == ["numpy", "scipy", "numpy"]
    assert [text[item.span.start : item.span.end] for item in environment.dependencies] == [
        "numpy",
        "scipy",
        "*n",
    ]


def test_an_own_key_wins_over_a_merged_one() -> None:
    assert read("base: &b {name: z}\n<<: *b\nname: own\ndependencies: []\n").name == "own"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [", "CE101"),
        ("dependencies:\n\t- numpy\n", "CE101"),
        ("name: a\\\n", None),
        (b"name: \xff\xfe\n", "CE102"),
        (b"\x00\x01\x02\x03", "CE102"),
        ("name: a\0b\n", "CE102"),
        ("name: \ud800\n", "CE102"),
        ("", "CE103"),
        ("# numpy\n", "CE103"),
        ("---\n", "CE103"),
        ("- numpy\n", "CE104"),
        ("numpy\n", "CE104"),
        ("[" * 10_000, "CE105"),
        ("dependencies: [a]\ndependencies: [b]\n", "CE106"),
        ("channels: conda-forge\ndependencies: [a]\n", "CE108"),
        ("dependencies: {numpy: 1}\n", "CE108"),
        ("variables: [A=1]\ndependencies: [a]\n", "CE108"),
        ("dependencies: [null]\n", "CE109"),
        ("dependencies: [[a]]\n", "CE109"),
        ("dependencies: [true]\n", "CE109"),
        ("dependencies:\n  - npm: [left-pad]\n", "CE110"),
        ("dependencies:\n  - a  # [windows]\n", "CE111"),
        ("dependencies: [a]\n---\ndependencies: [b]\n", "CE115"),
        ("dependancies: [a]\n", "CE118"),
        ("dependencies: [numpy>>1]\n", "CE201"),
        ("dependencies:\n  - python: 3.10\n", "CE203"),
        ("name: a b\ndependencies: [a]\n", "CE206"),
        ("platforms: [linux64]\ndependencies: [a]\n", "CE502"),
        ("platforms: [noarch]\ndependencies: [a]\n", "CE503"),
        ("variables: {A-B: x}\ndependencies: [a]\n", "CE505"),
    ],
)
def test_bad_input_is_an_error(text: str | bytes, code: str | None) -> None:
    assert (code in codes(text)) if code else True
    if code:
        with pytest.raises(ParseError, match=code):
            loads_environment(text)


@pytest.mark.parametrize("text", ["a: [", "- a\n", "", "x\n", b"\xff", "name: a\0\n"], ids=repr)
def test_what_is_no_mapping_of_yaml_has_no_environment(text: str | bytes) -> None:
    assert parse_environment(text).environment is None


def test_an_unknown_key_is_a_warning_with_a_guess() -> None:
    found = [f for f in parse_environment("dependencies: [a]\nchanels: [b]\n").findings if f.code == "CE107"]
    assert [(f.severity, f.hint) for f in found] == [(Severity.WARNING, "did you mean channels?")]


def test_all_faults_are_in_the_message_of_the_error() -> None:
    with pytest.raises(ParseError) as caught:
        loads_environment("dependencies:\n  - numpy>>1\n  - 7\nplatforms: [linux64]\n", path="e.yml")
    assert str(caught.value) == (
        "e.yml:2:10: error CE201: `numpy>>1` cannot be read: this is no operator with a version\n"
        "  2 │   - numpy>>1\n"
        "    │          ^^^\n"
        "e.yml:3:5: error CE109: the number 7 is no spec\n"
        "  3 │   - 7\n"
        "    │     ^\n"
        "  hint: name the package too, such as python=7\n"
        "e.yml:4:13: error CE502: `linux64` is not a platform that conda knows\n"
        "  4 │ platforms: [linux64]\n"
        "    │             ^^^^^^^\n"
        "  hint: did you mean linux-64?"
    )


def test_faults_behind_a_fault_of_syntax_are_told_too() -> None:
    text = (
        "name: x\nchannels\n  - conda-forge\ndependencies:\n  - numpy>>1\n  – scipy\nplatforms: [linux64]\n"
    )
    assert codes(text) == ["CE101", "CE201", "CE101", "CE502"]


def test_a_package_twice_on_platforms_that_exclude_each_other_is_no_repetition() -> None:
    text = "dependencies:\n  - a=1  # [win]\n  - a=2  # [linux]\n"
    assert "CE202" not in codes(text, Severity.WARNING)
    assert "CE202" in codes(text.replace("[linux]", "[not osx]"), Severity.WARNING)


def test_the_category_counts_wherever_it_stands() -> None:
    assert [d.category for d in read("dependencies: [a]\ncategory: dev\n").dependencies] == ["dev"]
    assert [d.category for d in read("dependencies: [a]\n").dependencies] == ["main"]


def test_values_can_be_pickled_compared_and_hashed() -> None:
    parsed = parse_environment(FILE, path="e.yml")
    assert pickle.loads(pickle.dumps(parsed)) == parsed
    assert hash(parsed) == hash(parse_environment(FILE, path="e.yml"))


def test_a_notebook_shows_escaped_html() -> None:
    html = parse_environment("name: <b>\ndependencies: ['<script>']\n", path="<i>.yml")._repr_html_()
    assert "<script>" not in html
    assert "<b>" not in html


# Paths


def test_a_path_is_read(tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_text(FILE, encoding="utf-8")
    assert read_environment(path) == parse_environment(FILE, path=str(path))
    assert read_environment(str(path)).path == str(path)


def nothing(folder: Path) -> Path:
    return folder / "environment.yml"


def folder_itself(folder: Path) -> Path:
    return folder


def other_suffix(folder: Path) -> Path:
    (folder / "env.yaml").write_text("dependencies: []\n")
    return folder / "env.yml"


def mistyped(folder: Path) -> Path:
    for name in ("broken.yml", "environment.yml"):
        (folder / name).write_text("dependencies: []\n")
    (folder / "loop.yml").symlink_to("loop.yml")
    return folder / "enviroment.yml"


def link_to_nothing(folder: Path) -> Path:
    (folder / "link.yml").symlink_to("gone.yml")
    return folder / "link.yml"


def nul_in_the_name(folder: Path) -> Path:
    return folder / "a\0b"


def standard_input(folder: Path) -> Path:
    del folder
    return Path("-")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (nothing, "there is no such file\n  hint: check the name"),
        (folder_itself, "is a folder"),
        (other_suffix, "env.yaml is there"),
        (mistyped, "there is no such file\n  hint: .*environment.yml is there"),
        (link_to_nothing, "it is a link to gone.yml, which is not there"),
        (nul_in_the_name, "cannot be read"),
        (standard_input, "standard input is not read here"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_path_that_cannot_be_read_is_a_parse_error(
    make: Callable[[Path], Path], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ParseError, match=message):
        read_environment(make(tmp_path))


def test_a_file_beyond_all_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_module, "MAX_FILE_SIZE", 10)
    path = tmp_path / "e.yml"
    path.write_text(FILE, encoding="utf-8")
    with pytest.raises(ParseError, match="too large"):
        read_environment(path)
