"""conda-lock itself: its model of a lock, and its own judgement on a file.

conda-lock is imported on first use (about a second) and never elsewhere in this package. Its warnings and
what it prints are its own business and are kept from the user.
"""

# ruff: noqa: PLC0415 - conda-lock is imported where it is used
from __future__ import annotations

import contextlib
import io
import logging
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.conda_lock_v1.entries import FaultList
from condaenv_tools.lock.conda_lock_v1.reading import lock_of
from condaenv_tools.lock.conda_lock_v1.writing import text_of
from condaenv_tools.lock.content_hash import HashOptions, listed_virtual_packages
from condaenv_tools.lock.metadata_keys import CONDA_ONLY
from condaenv_tools.lock.yaml_text import read_exactly
from condaenv_tools.model.finding import Fault
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.model.virtual import VirtualPackage

if TYPE_CHECKING:
    from conda_lock.lockfile.v2prelim.models import Lockfile

__all__ = ["PeerInputs", "from_conda_lock", "peer_faults", "to_conda_lock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerInputs:
    """The files and flags that a lock was made of, for conda-lock to hash.

    Attributes
    ----------
    paths : tuple of Path
        The files, in order.
    options : HashOptions
        The flags that count.
    """

    paths: tuple[Path, ...] = ()
    options: HashOptions = field(default_factory=HashOptions)


def to_conda_lock(lock: Lock) -> Lockfile:
    """Return a lock as conda-lock's own model, for those who script against it.

    Parameters
    ----------
    lock : Lock
        What `CondaLockV1.losses` lists is not in the model.

    Returns
    -------
    conda_lock.lockfile.v2prelim.models.Lockfile
        As its parser would have read the file.

    Raises
    ------
    LockFormatError
        conda-lock refuses it: it wants an md5 of each conda package, which CEP 37 does not.
    """
    with _quiet():
        from conda_lock.lockfile.v1.models import Lockfile as LockfileV1
        from conda_lock.lockfile.v2prelim.models import lockfile_v1_to_v2
        from pydantic import ValidationError

        tree, _ = read_exactly(text_of(lock))
        del tree["version"]
        try:
            found = lockfile_v1_to_v2(LockfileV1.model_validate(tree))
        except (ValidationError, AssertionError) as error:
            raise LockFormatError(f"conda-lock refuses this lock: {_first_line(error)}") from error
        found.toposort_inplace()
        return found


def from_conda_lock(lockfile: Lockfile) -> Lock:
    """Return the lock that conda-lock's own model says.

    Raises
    ------
    LockFormatError
        The model holds something that is no lock, such as a platform that is none.
    """
    tree = lockfile.to_v1().dict_for_output()
    faults: FaultList = []
    lock = lock_of(tree, faults)
    if faults:
        told = "\n".join(f"  {'.'.join(map(str, where))}: {message}" for where, message in faults[:20])
        raise LockFormatError(f"conda-lock's model is no lock that can be read:\n{told}")
    return lock


def peer_faults(text: str, inputs: PeerInputs | None = None) -> tuple[Fault, ...]:
    """Let conda-lock judge a `conda-lock.yml`: its own parser reads it, its own hash is compared.

    Parameters
    ----------
    text : str
        The content of the file.
    inputs : PeerInputs, optional
        What it was made of; without files no hash is compared. Nor is that of a lock without its pip section,
        which conda-lock cannot leave out.

    Returns
    -------
    tuple of Fault
        A file that conda-lock refuses is one fault, of rule `known`. A hash that differs is one of rule
        `current`.

    Notes
    -----
    conda-lock's parser is slow: 6 s for 3,000 packages.
    """
    inputs = inputs or PeerInputs()
    with _quiet(), tempfile.TemporaryDirectory(prefix="condaenv-peer-") as folder:
        from conda_lock.lockfile import parse_conda_lock_file

        path = Path(folder) / "conda-lock.yml"
        path.write_text(text, encoding="utf-8")
        try:
            lockfile = parse_conda_lock_file(path)
        except Exception as error:  # noqa: BLE001 - whatever it raises is its judgement
            message = f"conda-lock refuses the file: {_first_line(error)}"
            return (Fault(platform="", rule="known", package="", message=message),)
        custom = lockfile.metadata.custom_metadata or {}
        if not inputs.paths or CONDA_ONLY in custom:
            return ()
        platforms = [Platform.parse(name) for name in lockfile.metadata.platforms]
        allowed = _allowed_hashes(inputs, platforms, Path(folder))
        if isinstance(allowed, str):
            return (Fault(platform="", rule="current", package="", message=allowed),)
        return tuple(
            Fault(
                platform=platform.value,
                rule="current",
                package="",
                message="conda-lock's hash of the files is not the content hash of the lock",
            )
            for platform in platforms
            if lockfile.metadata.content_hash.get(platform.value) not in allowed[platform]
        )


def _allowed_hashes(
    inputs: PeerInputs, platforms: Sequence[Platform], folder: Path
) -> Mapping[Platform, set[str]] | str:
    """Return the hashes that conda-lock accepts, or why it has none."""
    from conda_lock.content_hash import backwards_compatible_content_hashes
    from conda_lock.src_parser import make_lock_spec

    # conda-lock asks the network for the conda name of pip itself, of nothing else in an environment.yml.
    mapping = folder / "mapping.json"
    mapping.write_text(
        '{"pip": {"conda_name": "pip", "conda_forge": "pip", "pypi_name": "pip"}}', encoding="utf-8"
    )
    try:
        spec = make_lock_spec(
            src_files=list(inputs.paths),
            channel_overrides=list(inputs.options.channels) or None,
            platform_overrides=[p.value for p in platforms],
            mapping_url=str(mapping),
        )
        repodata = _virtual_packages(inputs.options, platforms, folder)
        return {p: backwards_compatible_content_hashes(spec, repodata, p.value) for p in platforms}
    except Exception as error:  # noqa: BLE001 - whatever it raises is its judgement
        return f"conda-lock cannot read the files: {_first_line(error)}"


def _virtual_packages(options: HashOptions, platforms: Sequence[Platform], folder: Path) -> Any:
    from conda_lock.virtual_package import (
        default_virtual_package_repodata,
        virtual_package_repo_from_specification,
    )

    if options.virtual_packages is None and not options.stated:
        return default_virtual_package_repodata()
    lines = ["subdirs:"]
    for platform in platforms:
        listed = listed_virtual_packages(platform, options)
        if listed is not None:
            lines += [f"  {platform}:", "    packages:" if listed else "    packages: {}"]
            lines += [f"      {v.name}: '{_version_and_build(v)}'" for v in listed]
    path = folder / "virtual-packages.yml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return virtual_package_repo_from_specification(path)


def _version_and_build(package: VirtualPackage) -> str:
    return package.version if package.build == "0" else f"{package.version} {package.build}"


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return mask_credentials(" ".join(lines[:3])) or type(error).__name__


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep conda-lock's warnings, log and prints from the user while it is imported and runs."""
    logger = logging.getLogger("conda_lock")
    disabled = logger.manager.disable
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(disabled)
