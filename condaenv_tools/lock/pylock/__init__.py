"""`pylock.toml` (PEP 751): the PyPI part of a lock, one file a platform, as uv, pip and PDM read and write it."""

from __future__ import annotations

import re

from condaenv_tools.lock.formats import DumpOptions, ReadOptions
from condaenv_tools.lock.map_conda import prepared
from condaenv_tools.lock.tables import FaultList, fault_error, load_toml
from condaenv_tools.lock.text import decode
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.platform import Platform

__all__ = ["Pylock"]

_TOP = re.compile(r"^(?:lock-version\s*=|created-by\s*=|\[\[packages\]\])", re.MULTILINE)
_OTHER = re.compile(r"^(?:\[\[package\]\]|\[metadata\])", re.MULTILINE)


class Pylock:
    """Reads and writes `pylock.toml`.

    A file that serves several machines is read for those that it names, or that are asked for; the archive of
    each is the one that pip would take there. What the specification has no key for is in ``[tool.condaenv]``.
    """

    name = "pylock"
    one_platform = True
    serves_several = True

    def recognises(self, text: str) -> bool:
        """Say whether a text has a key at its top that such a file alone has."""
        return bool(_TOP.search(text)) and not _OTHER.search(text)

    def loads(self, text: str | bytes, *, path: str = "<text>", options: ReadOptions | None = None) -> Lock:
        """Read a lock.

        Parameters
        ----------
        text : str or bytes
            The content of the file.
        path : str
            The file, for messages; ``pylock.linux-64.toml`` says the platform, too.
        options : ReadOptions, optional
            For which platforms and Python it is read, where it serves several.

        Raises
        ------
        LockFormatError
            With all faults of the text, and the lines they are on.

        Examples
        --------
        >>> text = '''
        ... lock-version = "1.0"
        ... environments = ["sys_platform == 'darwin'"]
        ... created-by = "by hand"
        ... packages = []
        ... '''
        >>> [part.platform.value for part in Pylock().loads(text)]
        ['osx-64', 'osx-arm64']

        References
        ----------
        PEP 751.
        """
        from condaenv_tools.lock.pylock.reading import lock_of  # noqa: PLC0415 - brings packaging

        content = decode(text, path=path)
        tree = load_toml(content, path=path)
        faults: FaultList = []
        lock = lock_of(tree, path, options, faults)
        if faults:
            hint = "make it anew with the tool that wrote it; -p names the platforms that it is read for"
            raise fault_error(faults, content, path=path, what="a pylock.toml", hint=hint)
        return lock

    def file_name(self, platform: Platform | None = None) -> str:
        """Return ``pylock.PLATFORM.toml``, a name that PEP 751 allows."""
        return "pylock.toml" if platform is None else f"pylock.{platform}.toml"

    def dumps(self, lock: Lock, options: DumpOptions | None = None) -> str:
        """Write the PyPI part of a lock of one platform: the same text whatever the order of its parts.

        Raises
        ------
        LockFormatError
            There is more than one platform, or an address holds a credential.
        """
        from condaenv_tools.lock.pylock.writing import text_of  # noqa: PLC0415 - brings packaging

        return text_of(prepared(lock, options))

    def losses(self, lock: Lock, options: DumpOptions | None = None) -> tuple[Loss, ...]:
        """Say what of the lock is not written."""
        from condaenv_tools.lock.pylock.writing import losses  # noqa: PLC0415 - brings packaging

        return losses(prepared(lock, options), mapped=options is not None and options.map_conda)

    def kept(self, lock: Lock, options: DumpOptions | None = None) -> Lock:
        """Return what is read when the lock is written."""
        from condaenv_tools.lock.pylock.writing import kept  # noqa: PLC0415 - brings packaging

        return kept(prepared(lock, options))
