"""Where distributions come from: several indexes, folders, URLs, repositories, source trees; and their secrets."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from condaenv_tools.errors import IndexFailureError, ParseError, UnsupportedError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.resolve.pypi.answer import ConflictKind, NoteKind, SourceKind, Via
from condaenv_tools.resolve.pypi.given import RequirementLine
from tests.pypi_index import LINUX, WINDOWS, Index, project_files, sdist, serve_index, wheel, wheels
from tests.resolve.pypi.conftest import Asker, given, versions

FILES = [wheel("app", "1.0", "base"), wheel("base", "1.0"), wheel("base", "2.0")]


def tree(folder: Path, name: str, *requires: str, static: bool = True) -> Path:
    folder.mkdir(parents=True)
    for path, content in project_files(name, "1.0", *requires, static=static).items():
        (folder / path).write_bytes(content)
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> tuple[Path, str]:
    """Return a repository with a tag, and its commit."""
    folder = tree(tmp_path / "repo", "tracked", "base")

    def git(*words: str) -> str:
        who = ["-c", "user.name=toy", "-c", "user.email=toy@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", str(folder), *who, *words], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("tag", "v1")
    return folder, git("rev-parse", "HEAD")


class TestIndexes:
    def test_the_first_index_that_has_a_name_is_the_only_one_for_it(self, ask: Asker) -> None:
        with serve_index(FILES) as public, serve_index([wheel("base", "0.9")]) as private:
            outcome = ask(public, "app", options={"extra_index_urls": (private.url,)})
            assert versions(outcome) == {"app": "1.0", "base": "0.9"}
            assert outcome.packages is not None
            assert [one.index for one in outcome.packages] == [public.url, private.url]

    def test_a_folder_of_archives_is_enough(self, ask: Asker, tmp_path: Path) -> None:
        folder = Index(files=FILES).write(tmp_path / "wheels")
        options = {"no_index": True, "find_links": (str(folder),)}
        outcome = ask(None, "app", options=options)
        assert versions(outcome) == {"app": "1.0", "base": "2.0"}
        assert outcome.packages is not None
        assert outcome.packages[0].url == (folder / FILES[0].file_name).as_uri()
        assert outcome.packages[0].sha256 == FILES[0].sha256
        assert outcome.packages[0].index is None
        assert outcome.packages[0].needs == (("base", ""),)

    def test_a_folder_is_relative_to_the_file(self, ask: Asker, tmp_path: Path) -> None:
        Index(files=FILES).write(tmp_path / "here" / "wheels")
        options = {"no_index": True, "find_links": ("wheels",)}
        outcome = ask(None, "base<2", options=options, folder=tmp_path / "here")
        assert versions(outcome) == {"base": "1.0"}

    def test_a_folder_beside_an_index(self, ask: Asker, tmp_path: Path) -> None:
        folder = Index(files=[wheel("base", "3.0")]).write(tmp_path / "wheels")
        with serve_index(FILES) as index:
            outcome = ask(index, "app", options={"find_links": (str(folder),)})
            assert versions(outcome) == {"app": "1.0", "base": "3.0"}
            assert outcome.packages is not None
            assert [one.index for one in outcome.packages] == [index.url, None]


class TestSecrets:
    USER, PASSWORD = "robot", "hunter2-hunter2"

    @pytest.fixture(autouse=True)
    def _variables(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("INDEX_USER", self.USER)
        monkeypatch.setenv("INDEX_PASSWORD", self.PASSWORD)

    def private(self, index: Index) -> str:
        return index.with_user("${INDEX_USER}:${INDEX_PASSWORD}")

    def test_variables_are_expanded_late_and_written_back(self, ask: Asker) -> None:
        with serve_index(FILES, user=f"{self.USER}:{self.PASSWORD}") as index:
            outcome = ask(index, "app", options={"index_url": self.private(index)})
            files = index.url.replace("simple", "files")
            assert versions(outcome) == {"app": "1.0", "base": "2.0"}
            assert outcome.packages is not None
            assert outcome.packages[0].url == f"{files}{FILES[0].file_name}"
            assert outcome.packages[0].needs == (("base", ""),)
        assert self.PASSWORD not in repr(outcome)

    def test_in_a_url_the_reference_stays(self, ask: Asker) -> None:
        with serve_index(FILES, user=f"{self.USER}:{self.PASSWORD}") as index:
            place = f"{self.private(index).replace('simple', 'files')}{FILES[1].file_name}"
            outcome = ask(index, f"base @ {place}")
        assert outcome.packages is not None
        (base,) = outcome.packages
        assert (base.url, base.source, base.sha256) == (place, SourceKind.URL, FILES[1].sha256)
        assert base.requires == ()
        assert self.PASSWORD not in repr(outcome)

    def test_a_password_that_was_written_out_is_not_kept(self, ask: Asker) -> None:
        with serve_index(FILES, user=f"{self.USER}:{self.PASSWORD}") as index:
            secret = index.with_user(f"{self.USER}:{self.PASSWORD}")
            place = f"{secret.replace('simple', 'files')}{FILES[1].file_name}"
            outcome = ask(index, f"base @ {place}", "app", options={"index_url": secret})
            assert outcome.packages is not None
            assert {one.index for one in outcome.packages} == {index.url, None}
        assert versions(outcome) == {"app": "1.0", "base": "1.0"}
        assert self.PASSWORD not in repr(outcome)

    def test_a_token_in_a_path_is_written_back(self, ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("INDEX_TOKEN", "simple")  # what the toy index is served under
        with serve_index(FILES) as index:
            url = index.url.replace("simple", "${INDEX_TOKEN}")
            outcome = ask(index, "base", options={"index_url": url})
            assert outcome.packages is not None
            assert outcome.packages[0].index == url

    @pytest.mark.parametrize(("value", "word"), [(None, "not set"), ("a b", "blank"), ("a\n-e .", "blank")])
    def test_a_variable_that_cannot_be_used_is_named(
        self, ask: Asker, monkeypatch: pytest.MonkeyPatch, value: str | None, word: str
    ) -> None:
        if value is None:
            monkeypatch.delenv("INDEX_PASSWORD")
        else:
            monkeypatch.setenv("INDEX_PASSWORD", value)
        with serve_index(FILES) as index:
            outcome = ask(index, "app", options={"index_url": self.private(index)})
        assert isinstance(outcome.error, ParseError)
        assert "INDEX_PASSWORD" in str(outcome.error)
        assert word in str(outcome.error)

    @pytest.mark.parametrize("user", ["robot:wrong-password", None], ids=["wrong", "none"])
    def test_an_index_that_refuses_is_named_without_the_password(self, ask: Asker, user: str | None) -> None:
        with serve_index(FILES, user=f"{self.USER}:{self.PASSWORD}") as index:
            url = index.with_user(user) if user else index.url
            outcome = ask(index, "app", options={"index_url": url})
            assert isinstance(outcome.error, IndexFailureError)
            assert outcome.error.index == index.url
        assert "answered 401" in str(outcome.error)
        assert "wrong-password" not in str(outcome.error)

    def test_netrc_is_read(self, ask: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        netrc = tmp_path / "netrc"
        netrc.write_text(f"machine 127.0.0.1 login {self.USER} password {self.PASSWORD}\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        with serve_index(FILES, user=f"{self.USER}:{self.PASSWORD}") as index:
            outcome = ask(index, "app")
        assert outcome.packages is not None
        assert outcome.packages[0].requires == ("base",)


class TestRepositories:
    def test_a_branch_is_locked_as_a_commit(self, ask: Asker, repository: tuple[Path, str]) -> None:
        folder, commit = repository
        with serve_index(FILES) as index:
            outcome = ask(index, f"tracked @ git+{folder.as_uri()}@main")
        assert outcome.packages is not None
        base, tracked = outcome.packages
        assert (tracked.source, tracked.commit, tracked.requested_revision) == (
            SourceKind.VCS,
            commit,
            "main",
        )
        assert (tracked.url, tracked.sha256, tracked.version) == (folder.as_uri(), None, "1.0")
        assert base.version == "2.0"
        assert [(note.kind, note.name) for note in outcome.notes] == [(NoteKind.SOURCE_ARCHIVE, "tracked")]

    def test_what_only_the_engine_knows_of_belongs_to_the_same_category(
        self, ask: Asker, repository: tuple[Path, str]
    ) -> None:
        line = RequirementLine(text=f"tracked @ git+{repository[0].as_uri()}", category="dev")
        with serve_index([*FILES, wheel("other", "1.0")]) as index:
            outcome = ask(index, line, "other")
        assert outcome.packages is not None
        found = {one.name: (one.categories, one.requires) for one in outcome.packages}
        assert found["base"] == (("dev",), ())
        assert found["tracked"] == (("dev",), None)
        assert found["other"] == (("main",), ())

    @pytest.mark.parametrize("form", ["{url}@v1#egg=tracked", "{url}@{commit}"], ids=["egg", "bare"])
    def test_other_spellings(self, ask: Asker, repository: tuple[Path, str], form: str) -> None:
        folder, commit = repository
        line = form.format(url=f"git+{folder.as_uri()}", commit=commit)
        with serve_index(FILES) as index:
            outcome = ask(index, line)
        assert outcome.packages is not None
        assert [(one.name, one.commit) for one in outcome.packages] == [("base", None), ("tracked", commit)]
        assert outcome.packages[1].via[0].requirement == line

    def test_a_revision_that_does_not_exist(self, ask: Asker, repository: tuple[Path, str]) -> None:
        folder, _ = repository
        with serve_index(FILES) as index:
            outcome = ask(index, f"tracked @ git+{folder.as_uri()}@v9", "base")
        assert isinstance(outcome.error, IndexFailureError)
        assert "@v9 cannot be read" in outcome.error.message

    def test_only_git_can_be_locked(self, ask: Asker) -> None:
        outcome = ask(None, "tracked @ hg+https://example.org/tracked")
        assert isinstance(outcome.error, UnsupportedError)


class TestTrees:
    def test_a_path_is_kept_as_it_was_written(self, ask: Asker, tmp_path: Path) -> None:
        tree(tmp_path / "work" / "local", "local", "base<2")
        with serve_index(FILES) as index:
            outcome = ask(index, "./local", folder=tmp_path / "work")
        assert outcome.packages is not None
        base, local = outcome.packages
        assert (local.name, local.url, local.source) == ("local", "./local", SourceKind.PATH)
        assert (local.sha256, local.is_wheel) == (None, False)
        assert local.needs == (("base", "<2"),)
        assert base.version == "1.0"
        assert base.via == (Via(parent="local", requirement="base<2"),)

    def test_an_editable_one_is_told_from_it(self, ask: Asker, tmp_path: Path) -> None:
        tree(tmp_path / "local", "local", "base<2")
        with serve_index(FILES) as index:
            outcome = ask(index, "-e ./local", folder=tmp_path)
        assert outcome.packages is not None
        assert [(one.name, one.source, one.url) for one in outcome.packages][1] == (
            "local",
            SourceKind.EDITABLE,
            "./local",
        )

    def test_a_wheel_at_hand(self, ask: Asker, tmp_path: Path) -> None:
        Index(files=FILES).write(tmp_path / "wheels")
        with serve_index(FILES) as index:
            outcome = ask(index, f"./wheels/{FILES[0].file_name}", "base", folder=tmp_path)
        assert outcome.packages is not None
        app, _ = outcome.packages
        assert (app.source, app.url) == (SourceKind.PATH, f"./wheels/{FILES[0].file_name}")
        assert (app.sha256, app.needs) == (FILES[0].sha256, (("base", ""),))

    def test_one_that_must_be_built_to_be_read(self, ask: Asker, tmp_path: Path) -> None:
        tree(tmp_path / "local", "local", "base", static=False)
        with serve_index(FILES) as index:
            outcome = ask(index, "./local", folder=tmp_path)
            built = ask(index, "./local", folder=tmp_path, options={"build_on": Platform.LINUX_64})
        assert outcome.conflict is not None
        assert outcome.conflict.kind is ConflictKind.SOURCE_ONLY
        assert "not known before it is built" in outcome.conflict.text
        assert versions(built) == {"base": "2.0", "local": "1.0"} | {"local": built.packages[1].version}  # type: ignore[index]

    def test_a_folder_without_a_project(self, ask: Asker, tmp_path: Path) -> None:
        outcome = ask(None, "-e .", folder=tmp_path)
        assert isinstance(outcome.error, ParseError)
        assert "neither pyproject.toml nor setup.py" in str(outcome.error)

    @pytest.mark.parametrize("text", ["./nowhere", "-e ./nowhere", "x @ file:///nowhere/x.whl"])
    def test_a_place_that_is_not_there(self, ask: Asker, tmp_path: Path, text: str) -> None:
        span = SourceSpan(path="environment.yml", line=7, column=5)
        outcome = ask(None, RequirementLine(text=text, span=span), folder=tmp_path)
        assert isinstance(outcome.error, ParseError)
        assert "environment.yml:7:5" in str(outcome.error)


class TestAddresses:
    def test_a_wheel_for_another_machine(self, ask: Asker) -> None:
        files = wheels("core", "1.0", tags=[LINUX, WINDOWS])
        with serve_index(files) as index:
            place = index.url.replace("simple", "files") + files[1].file_name
            outcome = ask(index, f"core @ {place}")
        assert outcome.conflict is not None
        assert outcome.conflict.kind in {ConflictKind.NO_WHEEL, ConflictKind.EXCLUDE}
        assert [line.text for line in outcome.conflict.requirements] == [f"core @ {place}"]

    def test_an_address_that_is_not_there(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            place = index.url.replace("simple", "files") + "gone-1.0-py3-none-any.whl"
            outcome = ask(index, f"gone @ {place}", "base")
        assert isinstance(outcome.error, IndexFailureError)
        assert "answered 404" in str(outcome.error)

    def test_a_source_archive_by_address(self, ask: Asker) -> None:
        files = [*FILES, sdist("plain", "1.0", "base<2")]
        with serve_index(files) as index:
            place = index.url.replace("simple", "files") + files[-1].file_name
            outcome = ask(index, f"plain @ {place}")
        assert versions(outcome) == {"base": "1.0", "plain": "1.0"}
        assert outcome.packages is not None
        assert (outcome.packages[1].sha256, outcome.packages[1].is_wheel) == (files[-1].sha256, False)

    def test_one_that_conda_provides_too_is_a_conflict(self, ask: Asker) -> None:
        with serve_index(FILES) as index:
            place = index.url.replace("simple", "files") + FILES[1].file_name
            outcome = ask(index, f"base @ {place}", provided=[given("base", "2.0")])
        assert outcome.conflict is not None
        assert [one.name for one in outcome.conflict.provided] == ["base"]
        assert outcome.conflict.excluded == ()
        assert "pip would install one over the other" in outcome.conflict.text


class TestHashes:
    CORE = wheels("core", "1.0", tags=[LINUX, "py3-none-any"])

    def test_only_a_file_with_one_of_the_hashes_is_taken(self, ask: Asker) -> None:
        with serve_index(self.CORE) as index:
            outcome = ask(index, f"core==1.0 --hash=sha256:{self.CORE[1].sha256} --hash=sha256:{'0' * 64}")
        assert outcome.packages is not None
        assert outcome.packages[0].sha256 == self.CORE[1].sha256

    def test_a_file_with_another_hash_is_refused(self, ask: Asker) -> None:
        line = f"core==1.0 --hash=sha256:{'0' * 64}"
        with serve_index(self.CORE) as index:
            outcome = ask(index, line, "core")
        assert outcome.conflict is not None
        assert outcome.conflict.kind is ConflictKind.WRONG_HASH
        assert outcome.conflict.package == "core"
        assert line in [one.text for one in outcome.conflict.requirements]

    def test_a_hash_in_an_address_counts(self, ask: Asker) -> None:
        with serve_index(self.CORE) as index:
            place = index.url.replace("simple", "files") + self.CORE[0].file_name
            good = ask(index, f"core @ {place}#sha256={self.CORE[0].sha256}")
            bad = ask(index, f"core @ {place}#sha256={'0' * 64}")
        assert good.packages is not None
        assert good.packages[0].url == place
        assert bad.conflict is not None
        assert bad.conflict.kind is ConflictKind.WRONG_HASH

    def test_another_algorithm_is_refused(self, ask: Asker) -> None:
        outcome = ask(None, "core --hash=md5:00")
        assert isinstance(outcome.error, UnsupportedError)
