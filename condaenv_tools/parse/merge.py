"""Several files read as one environment, in order.

======================  ==============================================================================
part                    of several files
======================  ==============================================================================
name, prefix            the first file that has one
channels                union, in order of first mention (conda-lock refuses lists that are no extension
                        of each other; here the earlier file has priority)
platforms               union, in order of first mention, as conda-lock does
dependencies, pip       all lines of all files; the same package twice means that both lines must hold
variables               union; of the same name the later file wins, as in conda
category                of each line that of its file
======================  ==============================================================================
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from condaenv_tools.model.environment import Environment, Variable

__all__ = ["merge_environments"]

T = TypeVar("T")


def merge_environments(envs: Sequence[Environment]) -> Environment:
    r"""Merge environments in order.

    Parameters
    ----------
    envs : sequence of Environment
        In the order of priority, the first first.

    Returns
    -------
    Environment
        With the spans of each item in its own file.

    Examples
    --------
    >>> from condaenv_tools.parse.environment_yml import loads_environment
    >>> one = loads_environment("name: a\nchannels: [x, y]\ndependencies: [numpy]\n", path="a.yml")
    >>> two = loads_environment("channels: [y, z]\ndependencies: [numpy<2]\n", path="b.yml")
    >>> both = merge_environments([one, two])
    >>> [str(c) for c in both.channels], [str(d) for d in both.dependencies]
    (['x', 'y', 'z'], ['numpy', 'numpy<2'])
    """
    if len(envs) == 1:
        return envs[0]
    categories = {env.category for env in envs}
    return Environment(
        sources=tuple(_first_of_each((s, s) for env in envs for s in env.sources)),
        name=next((env.name for env in envs if env.name is not None), None),
        prefix=next((env.prefix for env in envs if env.prefix is not None), None),
        category=categories.pop() if len(categories) == 1 else None,
        channels=tuple(_first_of_each(((c.text, c.selector), c) for env in envs for c in env.channels)),
        dependencies=tuple(item for env in envs for item in env.dependencies),
        pip=tuple(item for env in envs for item in env.pip),
        variables=_merged_variables(envs),
        platforms=tuple(_first_of_each(((p.platform, p.selector), p) for env in envs for p in env.platforms)),
        key_spans=tuple(_first_of_each((key, (key, span)) for env in envs for key, span in env.key_spans)),
        has_pip_section=any(env.has_pip_section for env in envs),
    )


def _first_of_each(pairs: Iterable[tuple[Hashable, T]]) -> list[T]:
    found: dict[Hashable, T] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return list(found.values())


def _merged_variables(envs: Sequence[Environment]) -> tuple[Variable, ...]:
    found: dict[Hashable, Variable] = {}
    for env in envs:
        for variable in env.variables:
            found[variable.name, variable.selector] = variable
    return tuple(found.values())
