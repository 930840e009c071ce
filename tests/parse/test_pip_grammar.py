"""The grammar of pip's requirements files, line by line, against pip itself."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from condaenv_tools.model.environment import PipItem, PipKind
from condaenv_tools.model.pip_details import PipDetails
from condaenv_tools.model.pip_line import read_pip_line
from condaenv_tools.model.pip_words import cut_words
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.pip_line import classify_pip_line, expand_variables
from tests.parse.pip_lines import DEPARTURES, LINES
from tests.parse.pip_oracle import OPTIONS, Reading, pip_reads, shell_words

DIGEST = "0123456789abcdef" * 4


@pytest.fixture(scope="module", autouse=True)
def _folders(tmp_path_factory: pytest.TempPathFactory) -> object:
    """A working directory with the folders that the lines name: pip looks whether they are there."""
    with pytest.MonkeyPatch.context() as patch:
        outer = tmp_path_factory.mktemp("outer")
        inner = outer / "inner"
        for folder in (
            outer,
            inner,
            inner / "pkg",
            inner / "sub" / "folder",
            inner / "my folder",
            inner / "a.txt",
            inner / "a b.txt",
            inner / "a b",
            inner / ":all:",
            inner / "a.b",
        ):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "pyproject.toml").write_text("", encoding="utf-8")
        patch.chdir(inner)
        yield


def we_read(text: str) -> Reading | None:
    """Our reading in the terms of the oracle; None where we say that pip refuses the line."""
    line = classify_pip_line(text)
    # Of these two the finding says that older versions of pip read the line, and that of today does not.
    if line.code or any(fault.code in {"CE413", "CE414"} for fault in line.more):
        return None
    details = read_pip_line(text).details
    if line.kind in {PipKind.FILE, PipKind.CONSTRAINT}:
        return Reading(kind=line.kind.value, target=details.target)
    if line.kind is PipKind.OPTION:
        used = sorted({name for name, _ in details.options} & OPTIONS)
        return Reading(kind=line.kind.value, options=tuple(used))
    return Reading(
        kind=line.kind.value,
        name=line.name,
        extras=details.extras,
        marker=details.marker,
        hashes=tuple(sorted(details.hashes)),
    )


def test_the_table_is_long_and_its_departures_are_in_it() -> None:
    assert len(LINES) == len(set(LINES)) >= 300
    assert set(DEPARTURES) <= set(LINES)


@pytest.mark.parametrize("line", [line for line in LINES if line not in DEPARTURES])
def test_we_and_pip_read_a_line_alike(line: str) -> None:
    text = line.replace("HASH", DIGEST)
    assert we_read(text) == pip_reads(text)


@pytest.mark.parametrize("line", DEPARTURES)
def test_a_departure_is_one(line: str) -> None:
    text = line.replace("HASH", DIGEST)
    assert we_read(text) != pip_reads(text)
    assert DEPARTURES[line]


names = st.sampled_from(["a", "Foo_Bar", "x.y-z", "a1", "zope.interface"])
extras = st.lists(st.sampled_from(["x", "Dev_all", "y.z"]), max_size=3).map(
    lambda found: f"[{', '.join(found)}]" if found else ""
)
versions = st.sampled_from(
    [
        "1",
        "1.0",
        "2.0.*",
        "1!3.4",
        "1.0rc1",
        "1.0.post1",
        "1.0.dev3",
        "1.0+cu118",
        "1a1b2",
        "1.x",
        "",
        "1-2",
        "v1",
    ]
)
clauses = st.lists(
    st.builds(
        "{}{}{}".format, st.sampled_from(["==", ">=", "<=", "~=", "!=", "<", ">", "===", "=", "=>"]),
        st.sampled_from(["", " "]), versions,
    ),
    max_size=3,
).map(",".join)  # fmt: skip
markers = st.sampled_from(
    [
        "",
        "; python_version < '3.9'",
        ";os_name=='nt'",
        " ; extra == 'x' and sys_platform != 'win32'",
        "; x",
    ]
)
hashes = st.lists(
    st.sampled_from(
        [f" --hash=sha256:{DIGEST}", f" --hash sha512:{DIGEST}{DIGEST}", " --hash=md5:x", " --hash"]
    ),
    max_size=2,
).map("".join)
comments = st.sampled_from(["", " # why", "# x", "  #", " --pre", " -C a=b"])
urls = st.sampled_from(
    [
        "https://example.org/a-1.0-py3-none-any.whl", "https://example.org/a.tar.gz", "file:///srv/a",
        "git+https://example.org/a.git", "git+ssh://git@example.org/a.git@v1", "hg+https://example.org/a",
        "git+https://${TOKEN}@example.org/a.git",
    ]
)  # fmt: skip
paths = st.sampled_from(["./pkg", ".", "sub/folder", "a-1-py3-none-any.whl", "my.zip", "./my folder"])
fragments = st.sampled_from(
    ["", "#egg=a", "#egg=a&subdirectory=b", f"#sha256={DIGEST}", "#subdirectory=b&egg=B_c"]
)
requirement_lines = st.builds("{}{}{}{}{}{}".format, names, extras, clauses, markers, hashes, comments)
#: A sign that touches what stands before it belongs to a path, and pip refuses a path that is not there.
apart = comments.filter(lambda comment: comment != "# x")
place_lines = st.builds("{}{}{}{}{}".format, urls, fragments, markers, hashes, comments) | st.builds(
    "{}{}{}{}{}".format, paths, fragments, markers, hashes, apart
)
direct_lines = st.builds("{}{} @ {}{}{}{}".format, names, extras, urls, fragments, markers, comments)
option_lines = st.builds(
    lambda name, gap, value, comment: f"{name}{' ' if gap == '=' and name[1] != '-' else gap}{value}{comment}",
    st.sampled_from(
        [
            "-r", "-c", "-e", "-i", "-f", "--requirement", "--constraint", "--editable", "--index-url", "--pre",
            "--find-links", "--extra-index-url", "--no-index", "--no-binary", "--trusted-host", "--require",
            "--ind",
        ]
    ),
    st.sampled_from(["", " ", "=", "  "]),
    st.sampled_from(
        ["a.txt", "./pkg", "'a b.txt'", ".[x]", "git+https://example.org/a.git#egg=a", ":all:", "a\\ b"]
    ),
    apart,
)  # fmt: skip
made_lines = requirement_lines | place_lines | direct_lines | option_lines


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made_lines)
def test_we_and_pip_read_a_made_line_alike(text: str) -> None:
    assert we_read(text) == pip_reads(text)


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="ab \t\"'\\\n-=", max_size=20))
def test_options_are_split_as_a_shell_splits_them(text: str) -> None:
    line = f"-e x {text}".strip()
    words = shell_words(line)
    cut = cut_words(line)
    split = [problem for problem in cut.problems if "cannot split" in problem.reason]
    assert (words is None) == bool(split)
    if words is not None and len(words) > 2 and not any(word[:1] in {"-", ""} for word in words[2:]):
        told = [p for p in cut.problems if p.rule == "ignored"]
        assert told[0].start > line.index("x")


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("a[y,X_z]>=1,<2", PipDetails(name="a", extras=("x-z", "y"), specifier="<2,>=1")),
        ("a==1", PipDetails(name="a", specifier="==1")),
        (
            f"a==1; os_name == 'nt' --hash=sha256:{DIGEST} --config-settings x=y",
            PipDetails(
                name="a", specifier="==1", marker='os_name == "nt"', hashes=(f"sha256:{DIGEST}",),
                options=(("--config-settings", "x=y"),),
            ),
        ),
        (
            "A_b[x] @ git+https://${TOKEN}@example.org/b.git@v1#subdirectory=c",
            PipDetails(
                name="a-b", extras=("x",), url="git+https://${TOKEN}@example.org/b.git@v1#subdirectory=c",
                revision="v1", subdirectory="c",
            ),
        ),
        (
            f"https://example.org/a-1-py3-none-any.whl#sha256={DIGEST}",
            PipDetails(
                name="a", hashes=(f"sha256:{DIGEST}",), url=f"https://example.org/a-1-py3-none-any.whl#sha256={DIGEST}"
            ),
        ),
        ("-e ./pkg[dev]", PipDetails(extras=("dev",), target="./pkg")),
        (
            "-e git+ssh://git@example.org/b.git@main#egg=b",
            PipDetails(name="b", url="git+ssh://git@example.org/b.git@main#egg=b", revision="main"),
        ),
        ("-r 'my file.txt'", PipDetails(target="my file.txt")),
        ("--constraint=c.txt", PipDetails(target="c.txt")),
        ("w/a-1-py3-none-any.whl[x]", PipDetails(name="a", extras=("x",), target="w/a-1-py3-none-any.whl")),
        (
            "-i https://example.org/s --extra-index-url https://example.org/t --pre",
            PipDetails(
                options=(
                    ("--index-url", "https://example.org/s"), ("--extra-index-url", "https://example.org/t"),
                    ("--pre", ""),
                )
            ),
        ),
    ],
)  # fmt: skip
def test_an_item_gives_the_parts_of_its_line(text: str, details: PipDetails) -> None:
    line = classify_pip_line(text)
    span = SourceSpan(path="e.yml", line=1, column=1)
    item = PipItem(text=text, kind=line.kind, name=line.name, span=span)
    assert item.details == details
    copy = pickle.loads(pickle.dumps(item))
    assert copy == item
    assert hash(copy) == hash(item)
    assert copy.details == details


def test_details_do_not_show_a_credential() -> None:
    details = read_pip_line("-i https://me:hunter2@example.org/simple").details
    assert "hunter2" not in repr(details)
    assert details.options == (("--index-url", "https://me:hunter2@example.org/simple"),)


@pytest.mark.parametrize(
    ("line", "code", "part", "hint"),
    [
        ("a --hash=md5:x", "CE409", "--hash=md5:x", "the algorithms are sha256, sha384, sha512"),
        ("a --hash=x", "CE409", "--hash=x", "write --hash=sha256:DIGEST"),
        ("a --hash=sha256:12", "CE410", "--hash=sha256:12", "copy the whole digest"),
        ("-r a.txt b.txt c", "CE411", "b.txt c", "write it on a line of its own"),
        ("a --pre", "CE411", "--pre", "write it on a line of its own, where it counts for every requirement"),
        (
            "-e git+https://example.org/a.git#egg=a ; os_name == 'nt'", "CE411", "; os_name == 'nt'",
            'a marker stands inside quotes here: -e "NAME @ URL ; MARKER"',
        ),
        ("-i https://$TOKEN@example.org/s", "CE412", "$TOKEN", "write ${TOKEN}"),
        ("-i https://${token}@example.org/s", "CE412", "${token}", "write ${TOKEN}"),
        ("-i https://${T:-x}@example.org/s", "CE412", "${T:-x}", "write ${T}"),
        ("a --global-option=x", "CE413", "--global-option", "use --config-settings"),
        ("-Z", "CE413", "-Z", "remove it"),
        (
            "git+https://example.org/a.git#egg=a[x]", "CE414", "a[x]", "write a[x] @ git+https://example.org/a.git",
        ),
        ("a \\", "CE415", "\\", "remove it"),
        ("a>=", "CE401", ">=", ""),
        ("a#b", "CE401", "#", "write a  #b"),
        ("a==1 b==2", "CE401", "b==2", "write one requirement a line"),
        ("git://example.org/a.git", "CE401", "git", "write git+git://example.org/a.git"),
        ("git@example.org:o/r.git", "CE401", "example.org:o/r.git", "write git+ssh://git@example.org/o/r.git"),
        (
            "-e a @ git+https://example.org/a.git", "CE401", "@", 'write -e "a @ git+https://example.org/a.git"',
        ),
        ("a==1.1.1w", "CE401", "1.1.1w", ""),
        ("a==latest", "CE401", "latest", "without a version pip takes the newest: a"),
        ("a==*", "CE401", "*", "write a"),
        ("a=*", "CE402", "=", "write a"),
        ("a ~=4,<9", "CE401", "~=4", "write a >=4,<9"),
        ("a>=1 <2 ; os_name == 'nt'", "CE401", "<", "write a>=1,<2 ; os_name == 'nt'"),
        ("a>=1<2", "CE401", "<", "write a>=1,<2"),
        ("a[x", "CE401", "[", "write a[x]"),
        ("-e .[a, b]", "CE401", "-e .[a,", "write the extras without a space"),
        ("a\t--hash=x", "CE401", "--h", "put a space in the place of the tab"),
    ],
)  # fmt: skip
def test_each_fault_says_where_and_what_was_meant(line: str, code: str, part: str, hint: str) -> None:
    found = next(fault for fault in classify_pip_line(line).faults if fault.code == code)
    assert (line[found.start : found.end], found.hint) == (part, hint)


def test_all_faults_of_a_line_are_told_at_once() -> None:
    text = "dependencies:\n  - pip\n  - pip:\n      - a --hash=md5:1 --hash=sha256:2 --pre # x\n"
    told = [(f.code, f.span.column if f.span else 0) for f in parse_environment(text).findings]
    assert [pair for pair in told if pair[0].startswith("CE4")] == [
        ("CE409", 11),
        ("CE410", 24),
        ("CE411", 40),
    ]


def test_variables_are_expanded_late_and_missing_ones_are_told() -> None:
    text = "https://${USER_1}:${TOKEN}@example.org/${lower}/$TOKEN/${EMPTY}/${TOKEN}"
    found = expand_variables(text, {"USER_1": "${TOKEN}", "EMPTY": ""})
    assert found.text == "https://${TOKEN}:${TOKEN}@example.org/${lower}/$TOKEN/${EMPTY}/${TOKEN}"
    assert found.missing == ("TOKEN", "EMPTY")


def test_a_variable_stays_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")
    parsed = parse_environment(
        "dependencies:\n  - pip\n  - pip:\n      - a @ git+https://${TOKEN}@example.org/a\n"
    )
    assert parsed.environment is not None
    item = parsed.environment.pip[0]
    assert item.details.url == "git+https://${TOKEN}@example.org/a"
    assert "hunter2" not in repr(item) + item.text


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000, "(" * 1_000_000, "\\" * 1_000_000, " " * 1_000_000, "#" * 1_000_000, "a" * 1_000_000,
        "a" + " " * 1_000_000 + "b", "a[" * 500_000, "./" + "[" * 1_000_000, "-e " + "[" * 1_000_000,
        "-e " + '"' * 999_999, "-e " + "'a" * 500_000, "-r " * 300_000, "a --hash=sha256:x " * 50_000,
        "-" * 1_000_000, "--" + "a" * 1_000_000, "a;" * 500_000, "a @ " * 250_000, "https://" + "#egg=" * 200_000,
        "$" * 1_000_000, "${" * 500_000, "a -e \\" + "\\ " * 500_000, "a==" * 300_000, ".whl[" * 200_000,
        "git+https://" + "@" * 1_000_000, "-e a @" + " @" * 500_000, "a#" * 500_000, "\t" * 500_000 + "-x",
    ],
    ids=lambda text: f"{text[:6]!r}",
)  # fmt: skip
def test_a_long_line_is_read_in_bounded_time(text: str) -> None:
    begun = time.process_time()
    line = classify_pip_line(text)
    read_pip_line(text)
    # A bound against running away, wide enough for any machine.
    assert time.process_time() - begun < 4
    assert sum(len(fault.reason) + len(fault.hint) for fault in line.faults[:1000]) < 50_000_000


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="ab1 -=;@[]#\"'\\/:.+${}~<>!,\t\n(é", max_size=30) | made_lines)
@example("a --hash=sha.:x")
@example("http://[.")
def test_any_text_is_classified_and_its_places_are_in_it(text: str) -> None:
    line = classify_pip_line(text)
    for fault in line.faults:
        assert 0 <= fault.start <= fault.end <= max(len(text), fault.start)
        assert fault.start <= len(text)
        assert fault.reason
        assert not fault.reason.endswith(".")
