"""What is given: lines that ask for distributions, and what conda provides."""

from __future__ import annotations

from dataclasses import dataclass

from condaenv_tools.model.names import CondaName, PyPIName
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.model.span import SourceSpan

__all__ = ["Provided", "RequirementLine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLine:
    """One line that asks for a distribution, or constrains one.

    Attributes
    ----------
    text : str
        As written, without comment: a requirement (PEP 508), a URL, a path, or ``-e`` and one of these. It may
        end with ``--hash=sha256:...`` options. References to variables (``${TOKEN}``) stay as they are.
    span : SourceSpan or None
        Where it stands.
    category : str
        That of its file.
    """

    text: str
    span: SourceSpan | None = None
    category: str = "main"

    def __str__(self) -> str:
        return mask_credentials(self.text)

    def __repr__(self) -> str:
        return f"RequirementLine(text={str(self)!r}, span={str(self.span)!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided:
    """A distribution that a conda package brings.

    Attributes
    ----------
    name : PyPIName
        The distribution.
    version : str
        The version of the conda package, as conda writes it.
    conda_name : CondaName
        The package.
    requires : tuple of str or None
        Its own requirements as its metadata has them (``Requires-Dist``), of which only those of extras
        count: the others are conda's business. None where they are not known.
    extras : tuple of str
        Those that its metadata names, normalised; a requirement may name others.
    unread : str
        Why its metadata is not known, as a clause; empty where it is known, or was not looked for.
    """

    name: PyPIName
    version: str
    conda_name: CondaName
    requires: tuple[str, ...] | None = None
    extras: tuple[str, ...] = ()
    unread: str = ""
