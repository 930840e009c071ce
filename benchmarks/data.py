"""Where the inputs come from: the shared data beside the repository, else the project's own environments."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.interface import Inputs
from condaenv_tools.channels.zstd import unpack

__all__ = ["project_inputs", "shared_inputs"]

_ROOT = Path(__file__).resolve().parents[1]
_CHANNEL = "conda-forge"
#: A pip section of forty lines, as a team that trains and serves models has it.
_PIP = (
    *("requests[socks]", "numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "seaborn", "jupyterlab"),
    *("ipywidgets", "sqlalchemy", "fastapi", "uvicorn[standard]", "pydantic>=2", "httpx", "rich", "typer"),
    *("click", "pyyaml", "jinja2", "boto3", "s3fs", "pyarrow", "dask[complete]", "distributed", "xarray"),
    *("netcdf4", "zarr", "transformers", "datasets", "tokenizers", "mlflow", "optuna", "xgboost", "lightgbm"),
    *("plotly", "bokeh", "pillow", "opencv-python-headless", "pytest", "black"),
)


def shared_inputs(scratch: Path, runs: int) -> Inputs | None:
    """Return the inputs that the targets are about, or None where the shared data is not at hand."""
    shared = Path(os.environ.get("CONDAENV_SHARED") or _ROOT.parent / "shared")
    if not shared.exists():
        return None
    pangeo = shared / "pangeo" / "pangeo-notebook"
    return Inputs(
        environment=pangeo / "environment.yml",
        channel=_CHANNEL,
        snapshot=shared / "channel",
        platforms=("linux-64", "linux-aarch64", "osx-64", "osx-arm64"),
        corpus=tuple(sorted((shared / "corpus").glob("*.yml"))),
        lock=pangeo / "conda-lock.yml",
        records=(70_000, 680_000),
        runs=runs,
        scratch=scratch,
        requirements=_PIP,
    )


def project_inputs(scratch: Path, runs: int) -> Inputs:
    """Return smaller inputs that every clone has."""
    environments = _ROOT / "environments"
    platforms = ("linux-64", "linux-aarch64", "osx-64", "osx-arm64")
    snapshot = scratch / "channel"
    _unpack(environments / "channel" / _CHANNEL, snapshot / _CHANNEL, (*platforms, "noarch"))
    return Inputs(
        environment=environments / "data-science" / "environment.yml",
        channel=_CHANNEL,
        snapshot=snapshot,
        platforms=platforms,
        corpus=tuple(sorted(environments.glob("*/environment.yml"))),
        lock=environments / "robotics" / "conda-lock.yml",
        records=(70_000, 680_000),
        runs=runs,
        scratch=scratch,
        note="on the project's own, smaller data",
        requirements=_PIP,
    )


def _unpack(packed: Path, plain: Path, subdirs: tuple[str, ...]) -> None:
    # py-rattler reads zst from the network only.
    for subdir in subdirs:
        (plain / subdir).mkdir(parents=True)
        data = (packed / subdir / "repodata.json.zst").read_bytes()
        (plain / subdir / "repodata.json").write_bytes(unpack(data))
