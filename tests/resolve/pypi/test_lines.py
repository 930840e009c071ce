"""One line of a pip section, as the engine is told, and as it comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example
from hypothesis import given as draw
from hypothesis import strategies as st

from condaenv_tools.errors import CondaEnvToolsError, ParseError
from condaenv_tools.resolve.pypi.answer import SourceKind
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.pypi.lines import AskedLine, place_key, read_line
from condaenv_tools.resolve.pypi.placeholders import Placeholders, without_credentials

SHA = "ab" * 32


def read(text: str, folder: Path = Path("/"), **environ: str) -> AskedLine:
    return read_line(RequirementLine(text=text), Placeholders(environ), folder)


@pytest.mark.parametrize(
    ("text", "kind", "name", "told"),
    [
        ("Core >=1,<2", SourceKind.INDEX, "core", "core<2,>=1"),
        ("core[B,a]==1.*; os_name=='nt'", SourceKind.INDEX, "core", "core[a,b]==1.*"),
        (f"core==1 --hash=sha256:{SHA}", SourceKind.INDEX, "core", "core==1"),
        ("core @ https://example.org/core-1-py3-none-any.whl", SourceKind.URL, "core",
         "core @ https://example.org/core-1-py3-none-any.whl"),
        (f"core[x] @ https://example.org/core-1.zip#sha256={SHA}&subdirectory=a", SourceKind.URL, "core",
         "core[x] @ https://example.org/core-1.zip#subdirectory=a"),
        ("https://example.org/core-1-py3-none-any.whl", SourceKind.URL, None,
         "https://example.org/core-1-py3-none-any.whl"),
        ("core @ git+https://example.org/core.git@v1", SourceKind.VCS, "core",
         "core @ git+https://example.org/core.git@v1"),
        ("git+https://example.org/core.git@v1#egg=Core[x]&subdirectory=y", SourceKind.VCS, "core",
         "core[x] @ git+https://example.org/core.git@v1#subdirectory=y"),
        ("-e git+https://example.org/core.git#egg=core", SourceKind.VCS, "core",
         "core @ git+https://example.org/core.git"),
    ],
)  # fmt: skip
def test_what_the_engine_is_told(text: str, kind: SourceKind, name: str | None, told: str) -> None:
    line = read(text)
    assert (line.kind, line.name, line.text) == (kind, name, told)


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("./here", SourceKind.PATH, "{here}"),
        ("./here[x,y]", SourceKind.PATH, "{here}[x,y]"),
        ("here/", SourceKind.PATH, "{here}"),
        ("-e here", None, None),
        ("-e ./here[x]", SourceKind.EDITABLE, "-e {here}[x]"),
        ("--editable=./here", SourceKind.EDITABLE, "-e {here}"),
        ("./here ; sys_platform == 'linux'", SourceKind.PATH, "{here}"),
        ("./with space", SourceKind.PATH, "{space}"),
    ],
)
def test_paths_are_made_absolute_for_the_engine(
    tmp_path: Path, text: str, kind: SourceKind | None, told: str | None
) -> None:
    for name in ("here", "with space"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "setup.py").touch()
    line = read(text, tmp_path)
    if kind is None or told is None:
        assert line.kind is SourceKind.EDITABLE
        return
    expected = told.format(here=(tmp_path / "here").as_uri(), space=(tmp_path / "with space").as_uri())
    assert (line.kind, line.text) == (kind, expected)


def test_hashes_of_both_spellings_count() -> None:
    line = read(f"core @ https://example.org/core.zip#sha256={SHA} --hash=sha256:{'CD' * 32}")
    assert line.hashes == {SHA, "cd" * 32}
    assert line.place == f"https://example.org/core.zip#sha256={SHA}"


def test_variables_are_expanded_for_the_engine_alone() -> None:
    line = read("core @ https://${USER}:${TOKEN}@example.org/core.zip", USER="me", TOKEN="hunter2")
    assert line.text == "core @ https://me:hunter2@example.org/core.zip"
    assert line.place == "https://${USER}:${TOKEN}@example.org/core.zip"
    assert line.key == "https://example.org/core.zip"


@pytest.mark.parametrize("text", ["https://[broken/core.zip", "core @ https://example.org:port/core.zip"])
def test_a_url_that_is_none(text: str) -> None:
    with pytest.raises(ParseError):
        read(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("git+https://me:pw@example.org/a.git@feature/x", "https://example.org/a.git"),
        ("git+ssh://git@example.org/a.git@v1#subdirectory=b", "ssh://example.org/a.git"),
        ("https://me@example.org/a.whl#sha256=1", "https://example.org/a.whl"),
        ("file:///a/../b", "/b"),
    ],
)
def test_two_spellings_of_one_place_have_one_key(one: str, other: str) -> None:
    assert place_key(one) == place_key(other)


def test_places_that_differ_have_keys_that_differ() -> None:
    places = [
        "https://example.org/a@1.whl",
        "https://example.org/a@2.whl",
        "https://example.org/a?x=1",
        "/a",
        "/b",
    ]
    assert len({place_key(place) for place in places}) == len(places)


@draw(st.text(max_size=60))
@example("~0")
@example("./" + "x" * 5000)
@example("a @ file:///\0")
def test_any_text_is_a_line_or_an_error_of_ours(text: str) -> None:
    try:
        line = read(text)
    except CondaEnvToolsError:
        return
    assert "\n" not in line.text
    assert line.text


class TestPlaceholders:
    def test_what_was_put_in_comes_out_again(self) -> None:
        held = Placeholders({"TOKEN": "tok-123456", "U": "ab"})
        url = "https://${U}:${TOKEN}@example.org/${TOKEN}/simple"
        expanded = held.expand(url)
        assert expanded == "https://ab:tok-123456@example.org/tok-123456/simple"
        assert held.restore("https://example.org/tok-123456/a.whl") == "https://example.org/${TOKEN}/a.whl"
        # A value of two letters stands in names that have nothing to do with it.
        assert held.restore("https://example.org/abc") == "https://example.org/abc"

    @pytest.mark.parametrize("text", ["$TOKEN", "%TOKEN%", "${}", "plain"])
    def test_other_forms_stay(self, text: str) -> None:
        assert Placeholders({"TOKEN": "x"}).expand(text) == text

    def test_credentials_are_taken_out_and_references_stay(self) -> None:
        assert without_credentials("ssh://git@example.org/a") == "ssh://git@example.org/a"
        assert without_credentials("https://a@b:c@example.org/a") == "https://example.org/a"
        assert without_credentials("https://u:${T}@example.org/a") == "https://example.org/a"
        assert without_credentials("https://example.org/a@b") == "https://example.org/a@b"
