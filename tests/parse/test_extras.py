"""Extras in a conda spec: what to write instead, where that is known."""

from __future__ import annotations

import pytest

from condaenv_tools.channels.names import is_conda_forge_name
from condaenv_tools.model.edit import apply_edits
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.parse import extras
from condaenv_tools.parse.environment_yml import parse_environment


@pytest.mark.parametrize(
    ("spec", "hint", "mended"),
    [
        ("dask[complete]", "write dask, which is what it stands for on conda-forge", "dask"),
        ("dask[complete]=2023.1", "write dask, which is what it stands for on conda-forge", "dask=2023.1"),
        ("uvicorn[standard]", "write uvicorn-standard, which is what it stands for on conda-forge", None),
        ("pyjwt[crypto]", "write pyjwt and cryptography, which is what it stands for on conda-forge", None),
        ("numpy[fast]", "remove it, or name the packages that it stands for", None),
    ],
)
def test_the_packages_of_an_extra_are_named(spec: str, hint: str, mended: str | None) -> None:
    text = f"channels: [conda-forge, nodefaults]\ndependencies:\n  - {spec}  # a remark\n"
    (finding,) = parse_environment(text).findings
    assert (finding.code, finding.hint) == ("CE208", hint)
    if mended is None:
        assert finding.fix is None
        return
    assert finding.fix is not None
    after = apply_edits(text, finding.fix.edits)
    assert after == text.replace(spec, mended)
    assert parse_environment(after).findings == ()


def test_the_table_names_packages_of_conda_forge() -> None:
    for known in extras._EXTRAS.values():
        for packages in known.values():
            for package in packages.split(", "):
                assert is_conda_forge_name(MatchSpec.parse(package).name)
