"""Which versions of Python a file allows."""

from __future__ import annotations

from functools import lru_cache

from condaenv_tools.model.environment import Environment
from condaenv_tools.model.version import Version
from condaenv_tools.model.version_spec import VersionSpec

__all__ = ["allowed_pythons"]

_MINORS = ((2, 7), *((3, minor) for minor in range(5, 20)))
_PATCHES = range(31)


def allowed_pythons(environment: Environment) -> tuple[str, ...]:
    """Return the full versions of Python that every line on it allows, rising; all known ones without a line.

    Versions that do not exist yet are among them, so that nothing is said to be impossible too early.

    Examples
    --------
    >>> from condaenv_tools.parse.environment_yml import loads_environment
    >>> allowed_pythons(loads_environment("dependencies: [python=3.12.4]"))
    ('3.12.4',)
    """
    specs = [
        item.spec.version
        for item in environment.dependencies
        if item.spec.name == "python" and item.selector is None
    ]
    return _allowed(tuple(str(spec) for spec in specs if spec is not None))


@lru_cache(maxsize=64)
def _allowed(specs: tuple[str, ...]) -> tuple[str, ...]:
    parsed = [VersionSpec.parse(text) for text in specs]
    found = []
    for major, minor in _MINORS:
        for patch in _PATCHES:
            text = f"{major}.{minor}.{patch}"
            if all(spec.matches(Version.of(text)) for spec in parsed):
                found.append(text)
    return tuple(found)
