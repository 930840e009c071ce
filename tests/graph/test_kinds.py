"""Kinds of well-known packages, from the records of the recorded channel."""

from __future__ import annotations

import pytest

from condaenv_tools.graph.build import build_graph, spec_name
from condaenv_tools.graph.kinds import EMPTY_ARCHIVE, kind_of
from condaenv_tools.jobs.graph_files import channel_records
from tests.builders import record
from tests.graph.graphs import LOCK_FILES, ROOT, real_lock
from tests.lock.toy_locks import conda, part

KNOWN = {
    "python": """
        python numpy scipy pandas matplotlib-base scikit-learn pyproj shapely rasterio pyogrio geopandas
        xarray netcdf4 h5py cartopy jinja2 markupsafe pyyaml certifi requests urllib3 cffi pillow lxml ipykernel
        ipython tornado pyzmq jupyterlab dask dask-core distributed pytorch jaxlib jax typing_extensions
        setuptools python-dateutil packaging brotli-python zstandard
    """,
    "native": """
        zlib libzlib bzip2 openssl libcurl hdf5 libnetcdf libgdal-core proj geos libblas libcblas liblapack
        libopenblas libgcc libstdcxx libgfortran sqlite tk ncurses readline xz libffi icu libprotobuf libarrow
        ca-certificates tzdata r-base cmake font-ttf-dejavu-sans-mono _openmp_mutex
    """,
    "meta": "python_abi fonts-conda-forge cuda-version _python_abi3_support",
}
TABLE = {name: kind for kind, names in KNOWN.items() for name in names.split()}


def found() -> dict[str, set[str]]:
    """Return the kinds that each package of the curated locks has."""
    kinds: dict[str, set[str]] = {}
    for name, path in LOCK_FILES.items():
        if not path.is_relative_to(ROOT):
            continue
        lock = real_lock(name)
        records = channel_records(lock, ROOT / "environments" / "channel")
        for one in lock:
            for _, data in build_graph(one, records=records).nodes(data=True):
                kinds.setdefault(data["name"], set()).add(data["kind"])
    return kinds


def test_well_known_packages() -> None:
    kinds = found()
    assert {name: kinds[name] for name in TABLE} == {name: {kind} for name, kind in TABLE.items()}


def test_the_table_is_large_enough() -> None:
    assert len(TABLE) >= 60


def test_the_look_of_a_name_decides_nothing() -> None:
    for name in ("python-lib", "py-thing", "libpython", "lib", "meta", "__", "python3"):
        one = record(name)
        assert kind_of(one, [spec_name(spec) for spec in one.depends]) == "native"


@pytest.mark.parametrize(
    ("fields", "needs", "files", "kind"),
    [
        ({}, [], None, "native"),
        ({}, ["python"], None, "python"),
        ({}, ["python_abi"], None, "python"),
        ({}, ["cpython"], None, "native"),
        ({"noarch": "python"}, [], None, "python"),
        ({"python_site_packages_path": "lib/python3.13/site-packages"}, [], None, "python"),
        ({"noarch": "generic", "size": EMPTY_ARCHIVE}, ["a"], None, "meta"),
        ({"noarch": "generic", "size": EMPTY_ARCHIVE + 1}, ["a"], None, "native"),
        ({"noarch": "generic", "size": None}, ["a"], None, "native"),
        ({"noarch": "generic", "size": 10}, ["python"], None, "python"),
        ({"size": 10}, ["a"], None, "native"),
        ({"noarch": "python"}, ["python"], 0, "meta"),
        ({"noarch": "python"}, ["python"], 1, "python"),
        ({}, [], 0, "meta"),
    ],
)
def test_the_evidence(fields: dict[str, object], needs: list[str], files: int | None, kind: str) -> None:
    assert kind_of(record("a", **fields), needs, files=files) == kind


def test_the_graph_takes_the_counts_of_files() -> None:
    graph = build_graph(part(conda("matplotlib 3", "python"), conda("python 3")), files={"matplotlib": 0})
    assert graph.nodes["conda:matplotlib"]["kind"] == "meta"
    assert graph.nodes["conda:python"]["kind"] == "python"
