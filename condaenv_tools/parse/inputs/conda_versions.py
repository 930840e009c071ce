"""PEP 440 in conda's language of versions (CEP 29, CEP 33)."""

from __future__ import annotations

import re

from condaenv_tools.errors import UnsupportedError

__all__ = ["conda_clauses", "conda_spec_text"]

_CLAUSE = re.compile(r"\s*(===|==|!=|<=|>=|~=|<|>)\s*(.+?)\s*", re.DOTALL)


def conda_clauses(specifier: str) -> tuple[str, ...]:
    """Translate a specifier, clause by clause.

    Parameters
    ----------
    specifier : str
        PEP 440 clauses joined by commas; empty for any version.

    Returns
    -------
    tuple of str
        In the order of the text, each once. conda reads them alike, but for three rules of PEP 440 that it has
        not: ``<2`` of conda takes 2.0rc1, ``>1`` takes 1.post1, and ``2.*`` does not take 2a1, which has no more
        numbers than the pattern.

    Raises
    ------
    UnsupportedError
        A clause has no counterpart: an arbitrary text behind ``===``, or a local version, which conda's
        packages do not carry.

    Examples
    --------
    >>> conda_clauses("~=1.4"), conda_clauses("==1.2.*"), conda_clauses(">=1!2.0rc1,<3,!=2.5.*")
    (('~=1.4',), ('1.2.*',), ('>=1!2.0rc1', '<3', '!=2.5.*'))
    >>> conda_clauses("~=2.2.post3")
    ('>=2.2.post3', '2.*')

    References
    ----------
    PEP 440, version specifiers; CEP 29, version matching.
    """
    found: dict[str, None] = {}
    for clause in filter(None, (part.strip() for part in specifier.split(","))):
        for one in _translated(clause):
            found[one] = None
    return tuple(found)


def _translated(clause: str) -> tuple[str, ...]:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - few files need it

    match = _CLAUSE.fullmatch(clause)
    if match is None:
        raise UnsupportedError(f"{clause!r} is no condition on a version (PEP 440)")
    operator, text = match[1], match[2]
    stem = text.removesuffix(".*")
    try:
        version = Version(stem)
    except InvalidVersion as error:
        raise UnsupportedError(f"{text!r} is no version that conda could compare") from error
    if version.local:
        raise UnsupportedError(f"conda packages carry no local version such as {text!r}")
    plain = str(version)
    if stem != text:
        return (f"{'!=' if operator == '!=' else ''}{plain}.*",)
    if operator == "~=":
        return _compatible(plain, version.release, version.epoch)
    return (f"{'==' if operator == '===' else operator}{plain}",)


def _compatible(plain: str, release: tuple[int, ...], epoch: int) -> tuple[str, ...]:
    """Translate ``~=``; what stands behind the release, and an epoch, conda would read otherwise."""
    if plain == ".".join(map(str, release)):
        return (f"~={plain}",)
    front = f"{epoch}!" if epoch else ""
    return f">={plain}", f"{front}{'.'.join(map(str, release[:-1]))}.*"


def _rank(clause: str) -> int:
    """Return where people write a clause: lower bounds before upper ones, what is excluded last."""
    return {"<": 1, "!": 2}.get(clause[0], 0)


def conda_spec_text(name: str, clauses: tuple[str, ...]) -> str:
    """Return a spec as people write it.

    Examples
    --------
    >>> [conda_spec_text("a", c) for c in ((), ("1.2.*",), ("==1.2",), ("<2", ">=1"), ("!=1.5", "1.*"))]
    ['a', 'a=1.2', 'a==1.2', 'a>=1,<2', 'a 1.*,!=1.5']
    """
    if not clauses:
        return name
    if len(clauses) == 1 and clauses[0].endswith(".*") and clauses[0][0].isdigit():
        return f"{name}={clauses[0].removesuffix('.*')}"
    joined = ",".join(sorted(clauses, key=_rank))
    return f"{name} {joined}" if joined[0].isdigit() else f"{name}{joined}"
