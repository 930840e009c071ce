"""PEP 440 specifiers in conda's language of versions (CEP 29, CEP 33)."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["to_conda_versions"]


@lru_cache(maxsize=4096)
def to_conda_versions(specifier: str) -> str | None:
    """Return what a PEP 440 specifier says as conda's version specifier.

    Parameters
    ----------
    specifier : str
        Such as ``~=1.4.2,!=1.4.5``; order does not matter.

    Returns
    -------
    str or None
        Conditions joined by commas, lower bounds first, else sorted; ``*`` where every version will do. None where
        conda cannot say it: a text that is no specifier, or a version (``===``) that is none.

    Notes
    -----
    To PEP 440 ``<2`` leaves the pre-releases of 2 out, to conda it does not: it becomes ``<2a0``. That ``>1``
    leaves ``1.post1`` out is not said.

    Examples
    --------
    >>> to_conda_versions(">=1.2,<2"), to_conda_versions("==1.4.*"), to_conda_versions("~=1.4.2")
    ('>=1.2,<2a0', '1.4.*', '~=1.4.2')

    References
    ----------
    PEP 440, version specifiers; CEP 29.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - few callers need it
    from packaging.version import InvalidVersion  # noqa: PLC0415

    try:
        parsed = SpecifierSet(specifier)
        clauses = sorted(_clause(one.operator, one.version) for one in parsed)
    except (InvalidSpecifier, InvalidVersion):
        return None
    # Lower bounds first, as people write them.
    return ",".join(sorted(clauses, key=lambda clause: not clause.startswith(">"))) or "*"


def _clause(operator: str, version: str) -> str:
    from packaging.version import Version  # noqa: PLC0415

    if version.endswith(".*"):
        stem = str(Version(version[:-2]))
        return f"{stem}.*" if operator == "==" else f"{operator}{stem}.*"
    parsed = Version(version)
    text = str(parsed)
    if operator == "<" and not parsed.is_prerelease and not parsed.is_postrelease and parsed.local is None:
        return f"<{text}a0"
    if operator == "~=":
        # As written: `~=1.40` and `~=1.40.0` are different conditions, and zeros at the end decide.
        return f"~={text}"
    return f"{'==' if operator == '===' else operator}{text}"
