"""Environment files below a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from condaenv_tools.errors import ParseError

__all__ = ["find_environment_files", "is_environment_name"]

#: A word `env` or `environment` in the name of a YAML file: environment.yml, gpu-environment.yaml, env_dev.yml.
_NAME = re.compile(
    r"(?:.*[-_. ])?(?:conda)?env(?:s|ironments?)?(?:[-_. \d].*)?\.ya?ml|.*environment.*\.ya?ml", re.IGNORECASE
)
_LOCK = re.compile(r"conda-lock|pixi\.lock", re.IGNORECASE)
#: Hidden folders in which people keep environment files.
_SEEN = {".binder", ".devcontainer", ".github"}
_PASSED_OVER = {"node_modules", "__pycache__", "site-packages", "__pypackages__"}
#: What a folder has that is an installed environment.
_PREFIX_SIGNS = ("conda-meta", "pyvenv.cfg")


def is_environment_name(name: str) -> bool:
    """Say whether a file is called as environment files are.

    Examples
    --------
    >>> [is_environment_name(n) for n in ("environment.yml", "gpu_env.yaml", "env-dev.yml", "conda-lock.yml")]
    [True, True, True, False]
    """
    return _NAME.fullmatch(name) is not None and _LOCK.search(name) is None


def find_environment_files(paths: Iterable[str | Path]) -> tuple[str, ...]:
    """Put in the place of each folder the environment files in it and below it.

    Hidden folders but ``.binder``, ``.devcontainer`` and ``.github`` are passed over, and so are
    ``node_modules``, installed environments, and links to folders.

    Parameters
    ----------
    paths : iterable of str or Path
        Files and folders; a file is kept whatever it is called.

    Returns
    -------
    tuple of str
        In the order of `paths`, those of one folder sorted by path, each once.

    Raises
    ------
    ParseError
        A folder holds no environment file.
    """
    found: dict[str, None] = {}
    for path in paths:
        text = str(path)
        if text == "-" or not os.path.isdir(text):  # noqa: PTH112 - ten thousand files, so no Path for each
            found[text] = None
            continue
        inside = sorted(_below(text))
        if not inside:
            raise ParseError(
                f"{text} is a folder without an environment file",
                hints=[
                    "environment files are called environment.yml, gpu-environment.yaml, env-dev.yml; name one"
                ],
            )
        found.update(dict.fromkeys(inside))
    return tuple(found)


def _below(folder: str) -> Iterator[str]:
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if _is_gone_into(at, name)]
        yield from (os.path.join(at, name) for name in files if is_environment_name(name))  # noqa: PTH118


def _is_gone_into(at: str, name: str) -> bool:
    if name in _PASSED_OVER or (name.startswith(".") and name not in _SEEN):
        return False
    return not any(os.path.exists(os.path.join(at, name, sign)) for sign in _PREFIX_SIGNS)  # noqa: PTH110, PTH118
