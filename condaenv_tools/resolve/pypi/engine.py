"""Requests in, outcomes out, whatever the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from condaenv_tools.resolve.pypi.request import PyPIEngine, PyPIOutcome, PyPIRequest

__all__ = ["ENGINES", "resolve_all"]


def _uv() -> PyPIEngine:
    from condaenv_tools.resolve.pypi.uv_engine import UvEngine  # noqa: PLC0415 - brings packaging

    return UvEngine()


#: The engines, by name: each call makes one, for one or more batches.
ENGINES: dict[str, Callable[[], PyPIEngine]] = {"uv": _uv}


def resolve_all(
    requests: Sequence[PyPIRequest],
    *,
    engine: str = "uv",
    on_done: Callable[[PyPIOutcome], None] | None = None,
) -> tuple[PyPIOutcome, ...]:
    """Resolve all requests side by side.

    Parameters
    ----------
    requests : sequence of PyPIRequest
        One for each platform, as a rule.
    engine : str
        A key of `ENGINES`.
    on_done : callable, optional
        Told of each outcome as it comes, in the caller's thread.

    Returns
    -------
    tuple of PyPIOutcome
        In the order of the requests; a platform that fails does not hide the others. Nothing is left running
        when an exception, `KeyboardInterrupt` included, ends the call.

    Raises
    ------
    CondaEnvToolsError
        The engine itself is not installed.

    Examples
    --------
    >>> from condaenv_tools.model.platform import Platform
    >>> from condaenv_tools.model.virtual import default_virtual_packages
    >>> request = PyPIRequest(platform=Platform.LINUX_64, python_version="3.12.7", requirements=(),
    ...     virtual_packages=default_virtual_packages(Platform.LINUX_64))
    >>> [outcome.packages for outcome in resolve_all([request])]
    [()]
    """
    one = ENGINES[engine]()
    try:
        return one.resolve_all(requests, on_done=on_done)
    finally:
        one.close()
