"""Where the texts of a lock go, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.errors import LossError, OutputError, ParseError
from condaenv_tools.jobs.export_lock import ExportedFile, export_lock, output_paths, refuse_losses
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.platform import Platform
from tests.lock.toy_locks import LINUX, MAC, small_lock


def texts(*platforms: Platform | None, losses: tuple[Loss, ...] = ()) -> list[ExportedFile]:
    return [
        ExportedFile(name=f"conda-{p}.lock" if p else "pixi.lock", platform=p, text="x\n", losses=losses)
        for p in platforms
    ]


def paths(files: list[ExportedFile], output: str | None, folder: Path = Path("beside")) -> list[str]:
    return [str(path.as_posix()) if path else "-" for path in output_paths(files, output, folder)]


def test_a_format_of_all_platforms_is_one_text() -> None:
    (file,) = export_lock(small_lock(), "conda-lock")
    assert (file.name, file.platform) == ("conda-lock.yml", None)
    assert "linux-64" in file.text
    assert "osx-arm64" in file.text


def test_platforms_that_are_not_asked_for_are_left_out() -> None:
    (file,) = export_lock(small_lock(), "conda-lock", ["linux-64"])
    assert "osx-arm64" not in file.text


def test_a_platform_that_the_lock_does_not_have_is_told_with_those_it_has() -> None:
    with pytest.raises(ParseError, match="the lock has no osx-64 and no win-64") as caught:
        export_lock(small_lock(), "conda-lock", [Platform.WIN_64, Platform.OSX_64])
    assert "it has linux-64, osx-arm64" in str(caught.value)


@pytest.mark.parametrize(
    ("files", "output", "expected"),
    [
        (texts(None), None, ["-"]),
        (texts(None), "-", ["-"]),
        (texts(None), "a", ["a"]),
        (texts(None), "a/b.lock", ["a/b.lock"]),
        (texts(LINUX), None, ["-"]),
        (texts(LINUX), "a", ["a"]),
        (texts(LINUX), "a/", ["a/conda-linux-64.lock"]),
        (texts(LINUX), "{platform}.txt", ["linux-64.txt"]),
        (texts(LINUX, MAC), None, ["beside/conda-linux-64.lock", "beside/conda-osx-arm64.lock"]),
        (texts(LINUX, MAC), "a", ["a/conda-linux-64.lock", "a/conda-osx-arm64.lock"]),
        (texts(LINUX, MAC), "a.d/", ["a.d/conda-linux-64.lock", "a.d/conda-osx-arm64.lock"]),
        (texts(LINUX, MAC), "a/{platform}/x", ["a/linux-64/x", "a/osx-arm64/x"]),
    ],
)
def test_where_texts_go(files: list[ExportedFile], output: str | None, expected: list[str]) -> None:
    assert paths(files, output) == expected


def test_a_folder_that_is_there_is_one_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "locks.d"
    folder.mkdir()
    assert paths(texts(LINUX), str(folder)) == [f"{folder.as_posix()}/conda-linux-64.lock"]


@pytest.mark.parametrize(
    ("files", "output", "word"),
    [
        (texts(LINUX, MAC), "-", "choose one with -p, such as -p linux-64"),
        (texts(LINUX, MAC), "a.lock", "2 of them cannot go to one file"),
        (texts(None), "{platform}.lock", "the format has one file for all"),
        (texts(None), "a/", "is a folder, and the lock is a file"),
    ],
    ids=["stdout", "file", "template", "folder"],
)
def test_places_that_cannot_be(files: list[ExportedFile], output: str, word: str) -> None:
    with pytest.raises(OutputError) as caught:
        paths(files, output)
    assert word in str(caught.value)
    assert caught.value.usage


def test_a_loss_that_changes_what_is_installed_is_refused() -> None:
    harmless = Loss(text="licences (2 packages)")
    harmful = Loss(text="what pip installs (2 packages)", count=2, changes_install=True)
    refuse_losses(texts(LINUX, losses=(harmless,)), form="explicit")
    with pytest.raises(LossError) as caught:
        refuse_losses(texts(LINUX, MAC, losses=(harmless, harmful)), form="explicit")
    assert caught.value.losses == (harmful,)
    assert str(caught.value) == (
        "as explicit, the lock would install something else, and nothing was written:\n"
        "  what pip installs (2 packages) (conda-linux-64.lock, conda-osx-arm64.lock)\n"
        "  hint: --allow-loss writes it all the same"
    )
