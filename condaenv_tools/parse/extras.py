"""Extras of PyPI packages in conda specs: conda passes over them, and has packages for some."""

from __future__ import annotations

__all__ = ["instead_of_extra"]

#: What an extra of a PyPI package is on conda-forge: the lines to write in the place of ``NAME[EXTRA]``. A star
#: stands for an extra of any name.
_EXTRAS: dict[str, dict[str, str]] = {
    "black": {"jupyter": "black-jupyter"},
    "celery": {"redis": "celery, redis-py"},
    "coverage": {"toml": "coverage, tomli"},
    "dask": {"*": "dask"},
    "dvc": {
        "azure": "dvc-azure",
        "gdrive": "dvc-gdrive",
        "gs": "dvc-gs",
        "s3": "dvc-s3",
        "ssh": "dvc-ssh",
    },
    "fsspec": {"abfs": "adlfs", "gcs": "gcsfs", "s3": "s3fs"},
    "gymnasium": {
        "all": "gymnasium-all",
        "atari": "gymnasium-atari",
        "box2d": "gymnasium-box2d",
        "mujoco": "gymnasium-mujoco",
    },
    "httpx": {"http2": "httpx, h2"},
    "jax": {"cpu": "jax", "cuda12": "jax, jaxlib=*=cuda12*", "cuda13": "jax, jaxlib=*=cuda13*"},
    "modin": {"all": "modin-all", "dask": "modin-dask", "ray": "modin-ray"},
    "nbconvert": {"webpdf": "nbconvert-webpdf"},
    "pandas": {"performance": "pandas, bottleneck, numba, numexpr"},
    "passlib": {"bcrypt": "passlib, bcrypt"},
    "psycopg": {"binary": "psycopg, psycopg-c", "c": "psycopg, psycopg-c"},
    "pydantic": {"email": "pydantic, email-validator"},
    "pyjwt": {"crypto": "pyjwt, cryptography"},
    "python-jose": {"cryptography": "python-jose, cryptography"},
    "ray": {
        "data": "ray-data",
        "default": "ray-default",
        "rllib": "ray-rllib",
        "serve": "ray-serve",
        "train": "ray-train",
        "tune": "ray-tune",
    },
    "requests": {"security": "requests", "socks": "requests, pysocks"},
    "sqlalchemy": {"asyncio": "sqlalchemy, greenlet"},
    "tensorflow": {"and-cuda": "tensorflow=*=cuda*"},
    "transformers": {"torch": "transformers, pytorch"},
    "uvicorn": {"standard": "uvicorn-standard"},
}


def instead_of_extra(name: str, extra: str) -> tuple[str, ...]:
    """Return the conda packages that stand for a package with an extra; none where they are not known.

    Parameters
    ----------
    name : str
        The package.
    extra : str
        What stands between the brackets.

    Examples
    --------
    >>> instead_of_extra("pyjwt", "crypto"), instead_of_extra("dask", "complete"), instead_of_extra("a", "b")
    (('pyjwt', 'cryptography'), ('dask',), ())
    """
    known = _EXTRAS.get(name, {})
    packages = known.get(extra.strip().lower(), known.get("*", ""))
    return tuple(packages.split(", ")) if packages else ()
