"""A pinned environment file (CEP 24): names, versions and builds of a lock, as conda and its kin read them."""

from __future__ import annotations

import re

from condaenv_tools.lock.environment_yml.lines import is_exact
from condaenv_tools.lock.formats import DumpOptions, ReadOptions
from condaenv_tools.lock.text import decode
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.platform import Platform

__all__ = ["EnvironmentYml"]

_NOTE = re.compile(r"^# condaenv: platform \S+$", re.MULTILINE)
_SECTION = re.compile(r"^dependencies:(?:[ \t]*\[\])?[ \t]*(?:#.*)?$", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*-[ \t]+(?P<text>.*?)(?:\s+#.*)?$")


class EnvironmentYml:
    """Reads and writes environment files in which each package is pinned.

    One is about one platform, or, with `DumpOptions.selectors`, about all, with conda-lock's selectors where they
    differ. What is read is a lock without addresses and hashes, and `Lock.unknown` says so.
    """

    name = "environment"
    one_platform = True
    serves_several = True

    def recognises(self, text: str) -> bool:
        """Say whether a text is an environment file that has our note, or names one build in each line.

        Any other environment file is no lock, and has to be told as such.
        """
        section = _SECTION.search(text)
        if section is None:
            return False
        if _NOTE.search(text):
            return True
        lines = []
        for line in text[section.end() :].splitlines():
            match = _ITEM.match(line)
            if match is not None and match["text"] == "pip:":
                break
            if match is not None:
                lines.append(match["text"].strip("'\""))
            elif line.strip() and not line.lstrip().startswith("#"):
                break
        return bool(lines) and all(map(is_exact, lines))

    def loads(self, text: str | bytes, *, path: str = "<text>", options: ReadOptions | None = None) -> Lock:
        r"""Read a lock.

        Parameters
        ----------
        text : str or bytes
            The content of the file.
        path : str
            The file, for messages; ``environment.linux-64.yml`` says the platform, too.
        options : ReadOptions, optional
            For which platforms it is read; those of its comments, its ``platforms:`` or its name by default.

        Raises
        ------
        LockFormatError
            With each line that is at fault or allows more than one version, by line and column.

        Examples
        --------
        >>> text = "platforms: [linux-64]\ndependencies:\n  - xz=5.8.1=h_0\n"
        >>> [str(record) for record in EnvironmentYml().loads(text).platforms[0].records]
        ['xz 5.8.1 h_0']
        """
        from condaenv_tools.lock.environment_yml.reading import lock_of  # noqa: PLC0415 - brings the parser

        return lock_of(decode(text, path=path), path, options)

    def file_name(self, platform: Platform | None = None) -> str:
        """Return ``environment.PLATFORM.yml``."""
        return "environment.yml" if platform is None else f"environment.{platform}.yml"

    def dumps(self, lock: Lock, options: DumpOptions | None = None) -> str:
        """Write names, versions and builds of a lock: the same text whatever the order of its parts.

        Raises
        ------
        LockFormatError
            There is more than one platform without `selectors`, or an address holds a credential.
        """
        from condaenv_tools.lock.environment_yml.writing import text_of  # noqa: PLC0415 - as above

        return text_of(lock, options or DumpOptions())

    def losses(self, lock: Lock, options: DumpOptions | None = None) -> tuple[Loss, ...]:
        """Say what of the lock is not written."""
        from condaenv_tools.lock.environment_yml.writing import losses  # noqa: PLC0415 - as above

        return losses(lock, options or DumpOptions())

    def kept(self, lock: Lock, options: DumpOptions | None = None) -> Lock:
        """Return what is read when the lock is written."""
        from condaenv_tools.lock.environment_yml.writing import kept  # noqa: PLC0415 - as above

        return kept(lock, options or DumpOptions())
