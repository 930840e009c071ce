"""What -r and -c lines lead to: files in the order of pip, within a root, a depth and a number."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.model.environment import Environment
from condaenv_tools.parse import include_reading
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.includes import Includes, find_root, flat_pip, read_includes
from condaenv_tools.parse.requirements_txt import parse_requirements


def write(folder: Path, **files: str) -> None:
    """Write files; two underscores in a name stand for a slash."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def environment(text: str, path: str = "top.txt") -> Environment:
    found = parse_requirements(text, path=path).environment
    assert found is not None
    return found


def read(text: str, folder: Path, root: Path | None = None) -> tuple[Environment, Includes]:
    top = environment(text)
    return top, read_includes(top, folder=folder, root=root, text=text)


def flat(text: str, folder: Path) -> list[str]:
    top, includes = read(text, folder)
    assert not includes.findings
    return [item.text for item in flat_pip(top, includes)]


def told(includes: Includes) -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in includes.findings]


def test_included_lines_stand_in_the_place_of_the_line_that_names_them(tmp_path: Path) -> None:
    write(tmp_path, a="a1\n-r sub/b.txt\na2\n", sub__b="b1\n-r ../c.txt\n--pre\n", c="c1\n")
    assert flat("x\n-r a.txt\n--requirement=c.txt\ny", tmp_path) == [
        "x",
        "a1",
        "b1",
        "c1",
        "--pre",
        "a2",
        "c1",
        "y",
    ]


def test_each_file_is_read_once_and_has_its_spans(tmp_path: Path) -> None:
    write(tmp_path, a="a1\n\n-r sub/b.txt\n", sub__b="# b\nb=1\n")
    top, includes = read("-r a.txt\n-r ./sub/../a.txt\n-r sub/b.txt", tmp_path)
    paths = [str(tmp_path / "a.txt"), str(tmp_path / "sub" / "b.txt")]
    assert [file.path for file in includes.files] == paths
    assert dict(includes.texts)[paths[1]] == "# b\nb=1\n"
    assert [path for _, path in includes.targets] == [paths[0], paths[1], paths[0], paths[1]]
    spans = [str(item.span) for item in flat_pip(top, includes)]
    assert spans == [f"{paths[0]}:1:1", f"{paths[1]}:2:1"] * 2 + [f"{paths[1]}:2:1"]
    assert [(f.code, f.location) for f in includes.all_findings] == [("CE402", f"{paths[1]}:2:2")]


def test_a_path_is_what_the_user_would_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, env__a="-r ../b.txt", b="b")
    top = environment("-r a.txt", path="env/top.txt")
    includes = read_includes(top, folder=Path("env"), root=tmp_path)
    assert [file.path for file in includes.files] == [str(Path("env") / "a.txt"), "b.txt"]


def test_constraints_stand_apart(tmp_path: Path) -> None:
    write(tmp_path, a="a1\n-c c.txt\n", c="c1<2\n-r d.txt\n-c e.txt\n--no-index\n", d="d1", e="e1<3")
    top, includes = read("-r a.txt\nx", tmp_path)
    assert not includes.findings
    assert [item.text for item in includes.constraints] == ["c1<2", "e1<3"]
    # A file of constraints that says -r brings requirements, and its options count for all: so it is in pip.
    assert [item.text for item in flat_pip(top, includes)] == ["a1", "d1", "--no-index", "x"]


def test_the_selector_and_the_category_of_the_line_count_for_the_file(tmp_path: Path) -> None:
    write(tmp_path, a="a1\n-r b.txt", b="b1")
    text = "category: dev\ndependencies:\n  - pip\n  - pip:\n      - -r a.txt  # [win]\n      - x\n"
    top = parse_environment(text, path="environment.yml").environment
    assert top is not None
    lines = flat_pip(top, read_includes(top, folder=tmp_path))
    assert [(i.text, i.category, i.selector.text if i.selector else "") for i in lines] == [
        ("a1", "dev", "win"), ("b1", "dev", "win"), ("x", "dev", ""),
    ]  # fmt: skip


def test_an_absent_file_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    write(tmp_path, requirements="a", sub__other="b")
    _, includes = read("a\n-r requirments.txt # x\n-r zzz.txt\n-r sub\n-r no/such.txt", tmp_path)
    assert [(f.code, f.location, f.hint) for f in includes.findings] == [
        ("CE420", "top.txt:2:1", "did you mean requirements.txt?"),
        ("CE420", "top.txt:3:1", "add the file, or remove the line"),
        ("CE420", "top.txt:4:1", "name a file with requirements"),
        ("CE420", "top.txt:5:1", "add the file, or remove the line"),
    ]
    assert includes.findings[0].source == "-r requirments.txt # x"


def test_every_cycle_is_told_on_the_line_that_closes_it(tmp_path: Path) -> None:
    write(tmp_path, a="a1\n-r sub/b.txt", sub__b="b1\n-c ../a.txt\nb2", self="-r self.txt")
    top, includes = read("-r a.txt\n-r self.txt\n-r top.txt", tmp_path)
    b, own = str(tmp_path / "sub" / "b.txt"), str(tmp_path / "self.txt")
    shown = {f.location for f in includes.findings if f.code == "CE421"}
    assert shown == {f"{b}:2:1", f"{own}:1:1", "top.txt:3:1"}
    assert [item.text for item in flat_pip(top, includes)] == ["a1", "b1", "b2"]
    assert all(finding.code == "CE421" for finding in includes.findings)


def test_a_chain_names_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, a="-r b.txt", b="-r a.txt")
    includes = read_includes(environment("-r a.txt"), folder=Path(), root=tmp_path)
    assert "\n".join(map(str, includes.findings)) == (
        "b.txt:1:1: error CE421: the files include each other: a.txt -> b.txt -> a.txt\n"
        "  1 │ -r a.txt\n"
        "    │ ^^^^^^^^\n"
        "  hint: remove one of the lines"
    )


def test_pip_refuses_the_same_cycles(tmp_path: Path) -> None:
    req_file = pytest.importorskip("pip._internal.req.req_file")
    exceptions = pytest.importorskip("pip._internal.exceptions")
    write(tmp_path, a="a1\n-r b.txt\n", b="b1\n-r c.txt\n", c="-r a.txt", d="-r e.txt\n-r e.txt", e="e1")
    _, includes = read("-r a.txt", tmp_path)
    assert [code for code, _ in told(includes)] == ["CE421"]
    with pytest.raises(exceptions.RequirementsFileParseError, match="recursively"):
        list(req_file.parse_requirements(str(tmp_path / "a.txt"), session=None))
    found = req_file.parse_requirements(str(tmp_path / "d.txt"), session=None)
    assert [line.requirement for line in found] == flat("-r d.txt", tmp_path) == ["e1", "e1"]


NAMES = ("a", "b", "sub/c", "sub/d", "e")
lines = st.lists(
    st.sampled_from([*(f"-r /{name}" for name in NAMES), "-c /e", "x", "y>1", "--pre", "# z", ""]), max_size=4
)


@settings(max_examples=100, deadline=None)
@given(st.tuples(*[lines] * len(NAMES)))
def test_the_order_is_that_of_pip(
    tmp_path_factory: pytest.TempPathFactory, files: tuple[list[str], ...]
) -> None:
    req_file = pytest.importorskip("pip._internal.req.req_file")
    exceptions = pytest.importorskip("pip._internal.exceptions")
    folder = tmp_path_factory.mktemp("made")
    for name, written in zip(NAMES, files, strict=True):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        # Each line names a file by its place in the folder; it is written as seen from its own file.
        own = [line.replace(" /", " ../" if "/" in name else " ") for line in written]
        path.write_text("\n".join(own), encoding="utf-8")
    try:
        theirs = [
            (line.requirement, line.constraint)
            for line in req_file.parse_requirements(str(folder / "a"), session=None)
        ]
    except exceptions.PipError:
        theirs = None
    top = environment("-r a")
    includes = read_includes(top, folder=folder)
    assert (theirs is None) == ("CE421" in {finding.code for finding in includes.findings})
    if theirs is not None:
        plain = [item.text for item in flat_pip(top, includes) if item.text != "--pre"]
        assert plain == [text for text, constraint in theirs if not constraint]
        assert [i.text for i in includes.constraints] == [text for text, constraint in theirs if constraint]


def test_nothing_outside_the_root_is_read(tmp_path: Path) -> None:
    write(tmp_path, secret="hunter2", project__env__a="a1")
    project = tmp_path / "project"
    (project / "pyproject.toml").write_text("", encoding="utf-8")
    (project / "link.txt").symlink_to(tmp_path / "secret.txt")
    (project / "folder").symlink_to(tmp_path)
    outside = ["../../secret.txt", f"{tmp_path}/secret.txt", "../link.txt", "../folder/secret.txt"]
    text = "".join(f"-r {target}\n" for target in outside) + "-r ../env/a.txt"
    top, includes = read(text, project / "env")
    assert [code for code, _ in told(includes)] == ["CE422"] * 4
    assert "hunter2" not in repr(includes)
    assert [item.text for item in flat_pip(top, includes)] == ["a1"]
    _, wider = read(text, project / "env", root=tmp_path)
    assert not wider.findings
    _, narrower = read("-r ../env/a.txt\n-r ../folder/x", project / "env", root=project / "env")
    assert [code for code, _ in told(narrower)] == ["CE422"]


def test_the_message_tells_no_more_than_where_it_leads(tmp_path: Path) -> None:
    _, includes = read("-r ../nothing-there.txt", tmp_path)
    _, present = read("-r ../", tmp_path)
    # Whether a file outside is there at all is nobody's business.
    assert told(includes)[0][0] == told(present)[0][0] == "CE422"


@pytest.mark.parametrize("mark", [".git", "pyproject.toml", "setup.py", "setup.cfg"])
def test_the_root_is_the_project(tmp_path: Path, mark: str) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / mark).mkdir() if mark == ".git" else (tmp_path / "a" / mark).touch()
    assert find_root(inner) == (tmp_path / "a").resolve()
    (inner / mark).touch()
    assert find_root(inner) == inner.resolve()


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/r.txt",
        "HTTP://example.org/r",
        "file:///etc/hosts",
        "file:a.txt",
        "s3://x/y",
        "${DIR}/a.txt",
    ],
)
def test_a_url_is_never_fetched(tmp_path: Path, target: str) -> None:
    top, includes = read(f"-r {target}\nx", tmp_path)
    assert [(f.code, f.severity.value) for f in includes.findings] == [("CE423", "warning")]
    assert not includes.files
    assert [item.text for item in flat_pip(top, includes)] == ["x"]


def test_a_url_shows_no_credential(tmp_path: Path) -> None:
    _, includes = read("-r https://me:hunter2@example.org/r.txt", tmp_path)
    assert "hunter2" not in "\n".join(map(str, includes.findings))


def test_a_credential_in_an_included_file_is_not_shown(tmp_path: Path) -> None:
    write(tmp_path, a="-i https://me:hunter2@example.org/simple\nb @ https://example.org/b.zip?token=hunter2")
    _, includes = read("-r a.txt", tmp_path)
    assert [finding.code for finding in includes.all_findings] == ["CE602", "CE602"]
    assert "hunter2" not in repr(includes) + "\n".join(map(str, includes.all_findings))


def test_the_depth_is_bounded(tmp_path: Path) -> None:
    for n in range(1, 41):
        write(tmp_path, **{f"n{n}": f"x{n}\n-r n{n + 1}.txt\n"})
    top, includes = read("-r n1.txt", tmp_path)
    assert [(f.code, f.path) for f in includes.findings] == [("CE424", str(tmp_path / "n32.txt"))]
    assert [item.text for item in flat_pip(top, includes)] == [f"x{n}" for n in range(1, 33)]


def test_files_that_multiply_are_bounded(tmp_path: Path) -> None:
    for n in range(1, 30):
        write(tmp_path, **{f"n{n}": f"x{n}\n-r n{n + 1}.txt\n-r n{n + 1}.txt\n"})
    write(tmp_path, n30="end")
    begun = time.process_time()
    top, includes = read("-r n1.txt", tmp_path)
    assert [finding.code for finding in includes.findings] == ["CE424"]
    assert len(includes.files) == 30
    assert len(flat_pip(top, includes)) <= include_reading.MAX_FILES * 3
    assert time.process_time() - begun < 10


def test_lines_that_multiply_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(include_reading, "MAX_LINES", 25)
    write(tmp_path, a="\n".join(f"x{n}" for n in range(10)))
    top, includes = read("-r a.txt\n" * 5 + "y", tmp_path)
    assert [(f.code, f.location) for f in includes.findings] == [("CE424", "top.txt:3:1")]
    assert len(flat_pip(top, includes)) == 20


def test_bytes_that_multiply_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(include_reading, "MAX_FILE_SIZE", 2**20)
    write(tmp_path, a="#" * 2**19, b="#" * 2**19, c="c1")
    _, includes = read("-r a.txt\n-r b.txt\n-r c.txt\n-r c.txt", tmp_path)
    assert told(includes) == [("CE424", "the included files are larger than 1 MiB together")]
    assert len(includes.files) == 2


def test_what_pip_refuses_in_a_file_of_constraints_is_told(tmp_path: Path) -> None:
    write(
        tmp_path, c="-e ./x\na[x]<2\nhttps://example.org/a.zip\nb<3\n--pre\na @ https://example.org/a.zip\n"
    )
    _, includes = read("-c c.txt", tmp_path)
    assert [
        (f.code, f.span.line if f.span else 0, f.message.rpartition(": ")[2]) for f in includes.findings
    ] == [
        ("CE425", 1, "an editable line cannot be a constraint, and pip stops at it"),
        ("CE425", 2, "a constraint cannot have extras, and pip stops at it"),
        ("CE425", 3, "a constraint needs the name of a distribution, and pip stops at it"),
    ]
    # The same lines are requirements where -r names the file.
    assert not read("-r c.txt", tmp_path)[1].findings


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_files_that_are_none_are_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    long = "n" * 300
    _, includes = read(f"-r pipe\n-r loop\n-r {long}\n-r a\0b\n-r .\n-r ''", tmp_path)
    assert [(f.code, f.span.line if f.span else 0) for f in includes.findings] == [
        ("CE420", line) for line in (1, 2, 3, 4, 5)
    ]
    for finding in includes.findings:
        assert str(finding).isprintable() or "\n" in str(finding)


def test_a_file_that_is_no_text_has_a_finding_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe\x00")
    top, includes = read("-r a.txt\nx", tmp_path)
    assert [file.environment for file in includes.files] == [None]
    assert [finding.code for finding in includes.all_findings] == ["CE102"]
    assert [item.text for item in flat_pip(top, includes)] == ["x"]


def test_nothing_to_include_is_nothing(tmp_path: Path) -> None:
    top, includes = read("a\nb", tmp_path)
    assert includes == Includes()
    assert flat_pip(top, includes) == top.pip
