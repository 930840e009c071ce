"""Environment files below a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.errors import ParseError
from condaenv_tools.jobs.find_files import find_environment_files, is_environment_name


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


@pytest.mark.parametrize(
    "name",
    [
        "environment.yml",
        "environment.yaml",
        "Environment.YML",
        "environment-dev.yml",
        "environment.gpu.yml",
        "gpu-environment.yml",
        "win_environment.yaml",
        "env.yml",
        "env_dev.yml",
        "dev-env.yaml",
        "conda-env.yml",
        "condaenv.yml",
        "envs.yml",
    ],
)
def test_a_name_of_an_environment_file(name: str) -> None:
    assert is_environment_name(name)


@pytest.mark.parametrize(
    "name",
    ["conda-lock.yml", "meta.yaml", "environment.txt", "inventory.yml", "convenv.yml", "docker-compose.yml"],
)
def test_a_name_of_another_file(name: str) -> None:
    assert not is_environment_name(name)


def test_a_folder_stands_for_its_environment_files_in_order(tmp_path: Path) -> None:
    make(
        tmp_path,
        "b/environment.yml",
        "a/env-dev.yml",
        "environment.yml",
        "README.yml",
        ".binder/environment.yml",
    )
    found = [Path(path).relative_to(tmp_path).as_posix() for path in find_environment_files([tmp_path])]
    assert found == [".binder/environment.yml", "a/env-dev.yml", "b/environment.yml", "environment.yml"]


def test_what_nobody_wrote_is_passed_over(tmp_path: Path) -> None:
    make(
        tmp_path,
        "environment.yml",
        ".git/environment.yml",
        "node_modules/x/environment.yml",
        "envs/conda-meta/history",
        "envs/environment.yml",
        ".venv/environment.yml",
        "venv/pyvenv.cfg",
        "venv/environment.yml",
    )
    assert find_environment_files([tmp_path]) == (str(tmp_path / "environment.yml"),)


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "a/environment.yml")
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(find_environment_files([tmp_path])) == 1


def test_files_and_folders_keep_their_order_and_are_named_once(tmp_path: Path) -> None:
    make(tmp_path, "z.txt", "a/environment.yml")
    inside = str(tmp_path / "a" / "environment.yml")
    assert find_environment_files([tmp_path / "z.txt", "-", tmp_path / "a", inside]) == (
        str(tmp_path / "z.txt"),
        "-",
        inside,
    )


def test_a_folder_without_one_says_how_they_are_called(tmp_path: Path) -> None:
    make(tmp_path, "meta.yaml")
    with pytest.raises(ParseError, match=r"without an environment file\n.*environment\.yml"):
        find_environment_files([tmp_path])
