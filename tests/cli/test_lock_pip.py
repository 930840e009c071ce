"""`condaenv lock` of a file with a pip section: exit codes and words, the cache, and lines of every sort."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from condaenv_tools.cli.pip_options import running_platform
from tests.builders import record
from tests.cli.world import Folder, Ran
from tests.loopback import Reply
from tests.pypi_index import File, Index, project_files, sdist, serve_index, wheel

CHANNEL = [
    one
    for subdir in sorted({"linux-64", "win-64", str(running_platform())})
    for one in (
        record("python", "3.12.7", subdir=subdir, build="h_0_cpython"),
        record("python", "3.11.9", subdir=subdir, build="h_0_cpython"),
        record("pip", "24.0", "python", subdir=subdir),
        record("requests", "2.32.0", "python", subdir=subdir),
        record("zlib", "1.3", subdir=subdir),
    )
]
HELPER = wheel("helper", "1.5")
FILES: list[File] = [
    wheel("app", "1.0", "helper>=1"),
    HELPER,
    wheel("helper", "1.0"),
    wheel("aged", "1.0", requires_python="<3.12"),
    sdist("plain", "2.0"),
    wheel("plain", "1.0"),
    wheel("requests", "9.9", "socks; extra == 'socks'", extras=["socks"]),
]


class Project:
    """A folder of a user with a pip section and an index."""

    def __init__(self, here: Folder, index: Index) -> None:
        self.here = here
        self.index = index
        here.channel(CHANNEL)

    def write(self, *pip: str, conda: str = "python, pip", platforms: str = "linux-64, win-64") -> None:
        specs = "".join(f"  - {one}\n" for one in conda.split(", "))
        lines = "".join(f"      - {one}\n" for one in pip)
        self.here.write(
            f"channels: [toy, nodefaults]\nplatforms: [{platforms}]\ndependencies:\n{specs}  - pip:\n{lines}"
        )

    def lock(self, *words: str, url: str | None = None) -> Ran:
        place = ("--index-url", url or self.index.url)
        return self.here.run("lock", "environment.yml", "--snapshot", "snap", *place, *words)

    def locked(self) -> dict[str, str]:
        document = yaml.safe_load(self.here.read())
        return {
            p["name"]: p["version"]
            for p in document["package"]
            if p["manager"] == "pip" and p["platform"] == "linux-64"
        }


@pytest.fixture
def project(here: Folder) -> Iterator[Project]:
    with serve_index(FILES) as index:
        yield Project(here, index)


def test_offline_a_warm_cache_gives_the_same_bytes_and_a_cold_one_is_told(project: Project) -> None:
    project.write("app", "plain")
    cold = project.lock("--offline")
    assert (cold.code, project.here.has(), project.index.requests) == (3, False, [])
    assert "is not in the cache, and --offline forbids the network" in cold.err
    assert "run once without --offline" in cold.err
    assert project.lock().code == 0
    text, asked = project.here.read(), len(project.index.requests)
    assert project.lock("--offline").code == 0
    assert (project.here.read(), len(project.index.requests)) == (text, asked)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(body=b"\x00\xff"), "sent something that is no page of a package index"),
        (Reply(status=500, body=b"broken"), "answered 500"),
        (Reply(hang=True), "did not answer within 1 s"),
    ],
    ids=["garbage", "broken", "silent"],
)
def test_an_index_that_fails_is_named_and_nothing_is_written(here: Folder, reply: Reply, words: str) -> None:
    with serve_index(FILES, fault=lambda path, before: reply) as index:
        project = Project(here, index)
        project.write("app")
        ran = project.lock("--network-timeout", "1")
        assert (ran.code, here.has()) == (3, False)
        assert words in ran.err
        assert index.url in ran.err


@pytest.mark.parametrize("user", ["", "me:hunter2@"], ids=["none", "wrong"])
def test_an_index_that_wants_a_password(here: Folder, user: str) -> None:
    with serve_index(FILES, user="me:right") as index:
        project = Project(here, index)
        project.write("app")
        ran = project.lock(url=index.url.replace("://", f"://{user}"))
        assert (ran.code, here.has()) == (3, False)
        assert "answered 401" in ran.err
        assert "hunter2" not in ran.err


def test_without_uv_it_is_said_how_to_get_it(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    import uv

    def absent() -> str:
        raise FileNotFoundError

    monkeypatch.setattr(uv, "find_uv_bin", absent)
    project.write("app")
    ran = project.lock()
    assert (ran.code, project.here.has()) == (3, False)
    assert "uv" in ran.err
    assert "python -m pip install uv" in ran.err


def test_another_python_than_conda_chose_is_asked_of_conda(project: Project) -> None:
    project.write("aged")
    ran = project.lock("-v")
    assert ran.code == 0
    assert (
        "python is 3.11.9 and not 3.12.7, because aged (environment.yml:7:9) needs python <3.12a0" in ran.err
    )


def test_where_conda_may_not_choose_that_python_both_sides_are_told(project: Project) -> None:
    project.write("aged", conda="python=3.12, pip")
    ran = project.lock()
    assert (ran.code, project.here.has()) == (1, False)
    assert "aged 1.0 needs Python <3.12, and conda chose 3.12.7" in ran.err
    assert "conda has no solution with python <3.12a0" in ran.err


def test_a_platform_without_python_is_told(project: Project) -> None:
    project.here.write(
        "channels: [toy, nodefaults]\nplatforms: [linux-64, win-64]\n"
        "dependencies:\n  - sel(linux): python\n  - zlib\n  - pip:\n      - helper\n"
    )
    project.here.channel(
        [one for one in CHANNEL if one.name != "pip"]
        + [record("pip", "99", subdir="win-64"), record("pip", "99")]
    )
    ran = project.lock()
    assert (ran.code, project.here.has()) == (1, False)
    assert "there is a pip section, and nothing brings Python to win-64" in ran.err
    assert "solved: linux-64" in ran.err


def test_one_of_the_hashes_of_a_line_is_that_of_the_file(project: Project) -> None:
    project.write(f"helper==1.5 --hash=sha256:{'0' * 64} --hash=sha256:{HELPER.sha256}", platforms="linux-64")
    assert project.lock().code == 0
    assert project.locked() == {"helper": "1.5"}
    assert project.here.run("verify", "conda-lock.yml", "environment.yml").code == 0


def test_a_hash_that_no_file_has_is_told(project: Project) -> None:
    project.write(f"helper==1.5 --hash=sha256:{'0' * 64}", platforms="linux-64")
    ran = project.lock()
    assert (ran.code, project.here.has()) == (1, False)
    assert "none of its hashes is that of" in ran.err


@pytest.mark.parametrize(
    "option", ["--only-binary=plain", "--only-binary other,Plain", "'--only-binary :all:'"]
)
def test_only_binary_takes_the_older_wheel(project: Project, option: str) -> None:
    project.write(option, "plain", platforms="linux-64")
    assert project.lock().code == 0
    assert project.locked() == {"plain": "1.0"}


@pytest.mark.parametrize("option", ["--no-binary=plain", "--no-binary plain", "'--no-binary :all:'"])
def test_no_binary_wants_building_to_be_allowed(project: Project, option: str) -> None:
    project.write(option, "plain", platforms="linux-64")
    ran = project.lock()
    assert (ran.code, project.here.has()) == (2, False)
    assert "allow building with --build" in ran.err


def test_no_binary_of_none_is_no_word_about_it(project: Project) -> None:
    project.write("--no-binary plain", "'--no-binary :none:'", "plain", platforms="linux-64")
    assert project.lock().code == 0


def test_an_editable_project_is_locked_as_its_place(project: Project) -> None:
    for path, content in project_files("own", "1.0", "helper<1.5").items():
        (project.here.path / path).write_bytes(content)
    project.write("-e .")
    ran = project.lock()
    assert ran.code == 0, ran.err
    assert project.locked() == {"own": "1.0", "helper": "1.0"}
    own, *_ = (p for p in yaml.safe_load(project.here.read())["package"] if p["name"] == "own")
    assert own["url"] == "."
    assert project.here.run("verify", "conda-lock.yml", "environment.yml").code == 0


@pytest.mark.parametrize(("static", "version"), [(True, "1.0"), (False, "0")], ids=["static", "built"])
def test_another_distribution_may_demand_a_version_of_a_project(
    here: Folder, *, static: bool, version: str
) -> None:
    with serve_index([*FILES, wheel("plugin", "1.0", "own>=1")]) as index:
        project = Project(here, index)
        for path, content in project_files("own", "1.0", static=static).items():
            (here.path / path).write_bytes(content)
        project.write("-e .", "plugin", platforms=str(running_platform()))
        assert project.lock("--build").code == 0
        document = yaml.safe_load(here.read())
        assert {p["name"]: p["version"] for p in document["package"] if p["manager"] == "pip"} == {
            "own": version,
            "plugin": "1.0",
        }
        assert here.run("verify", "conda-lock.yml", "environment.yml").code == 0


def test_an_extra_of_what_conda_brings_is_told(project: Project) -> None:
    project.write("requests[socks]", "helper", conda="python, pip, requests")
    ran = project.lock()
    assert ran.code == 0
    assert "requests[socks] is asked for, and conda's package requests brings requests" in ran.err
    assert project.locked() == {"helper": "1.5"}


def test_a_marker_that_means_nothing_is_no_fault_of_ours(project: Project) -> None:
    project.write("app; platform_machine ~= '1'", "helper; sys_platform == 'linux'")
    ran = project.lock()
    assert ran.code == 0, ran.err
    assert project.locked() == {"helper": "1.5"}
    assert project.here.run("verify", "conda-lock.yml", "environment.yml").code == 0
    assert "condaenv itself failed" not in project.here.run("check", "environment.yml").err
