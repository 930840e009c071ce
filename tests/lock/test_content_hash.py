"""conda-lock's own hash, for the same files and the same flags."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from condaenv_tools.errors import ParseError
from condaenv_tools.lock import peer
from condaenv_tools.lock.conda_lock_v1 import CondaLockV1
from condaenv_tools.lock.content_hash import HashOptions, content_hashes
from condaenv_tools.lock.hashed_specs import conda_fields, pip_fields
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.parse.environment_yml import read_environment
from tests.shared_data import need_shared

PLATFORMS = (Platform.LINUX_64, Platform.OSX_64, Platform.OSX_ARM64, Platform.WIN_64)
ALL = (*PLATFORMS, Platform.LINUX_AARCH64, Platform.LINUX_PPC64LE, Platform.WIN_ARM64)


def read(path: Path) -> Environment:
    parsed = read_environment(path)
    if parsed.environment is None or parsed.errors:
        raise ParseError("not to be locked")
    return parsed.environment


def theirs(
    paths: Sequence[Path], folder: Path, options: HashOptions, platforms: Sequence[Platform]
) -> dict[Platform, set[str]] | str:
    with peer._quiet():
        found = peer._allowed_hashes(peer.PeerInputs(paths=tuple(paths), options=options), platforms, folder)
    return found if isinstance(found, str) else dict(found)


def exactly_theirs(paths: Sequence[Path], folder: Path, platforms: Sequence[Platform]) -> dict[str, str]:
    """Return the hash that conda-lock would write, and not only one that it accepts."""
    with peer._quiet():
        from conda_lock.content_hash import compute_content_hashes
        from conda_lock.src_parser import make_lock_spec
        from conda_lock.virtual_package import default_virtual_package_repodata

        mapping = folder / "names.json"
        mapping.write_text('{"pip": {"conda_name": "pip", "pypi_name": "pip"}}', encoding="utf-8")
        spec = make_lock_spec(
            src_files=list(paths), platform_overrides=[p.value for p in platforms], mapping_url=str(mapping)
        )
        return dict(compute_content_hashes(spec, default_virtual_package_repodata()))


FILES = {
    "plain": "channels: [conda-forge, nodefaults]\ndependencies: [python=3.12, 'numpy >=1,<2|3', pandas]\n",
    "no-channels": "dependencies: [python]\n",
    "category": "channels: [conda-forge]\ncategory: dev\ndependencies: [pytest]\n",
    "specs": """
channels: [conda-forge, https://conda.example.org/team/, defaults]
dependencies:
- conda-forge::Numpy=1.26
- https://conda.anaconda.org/bioconda/linux-64::samtools
- pkgs/main::x 1.2 h_0
- jaxlib>=0.4.31=cuda12*
- a[version='>=1, <2', build='*py3*']
- b 1.1*
- c=1=h_*
- d ~=1.2
- e == 1.0
- f!=1.2,>=1.1
- https://conda.anaconda.org/conda-forge/noarch/tzdata-2025a-h78e105d_0.conda
- a>=3
""",
    "selectors": """
channels: [conda-forge]
dependencies:
- python
- pywin32  # [win]
- uvloop  # [unix]
- appnope  # [osx]
- x # comment [arm64]
- patchelf  # [linux64]
- never  # [linux and x86_64]
- pip:
  - a  # [win]
""",
    "pip": """
channels: [conda-forge]
dependencies:
- python
- pip >=20
- pip:
  - Requests[security,socks] >=2, <3
  - foo_bar==1.0 --hash=sha256:abc
  - baz; sys_platform == 'win32'
  - qux>=1 ; python_version < '3.9' and platform_system != "Windows"
  - -e git+https://git.example.org/x.git
  - y @ https://files.example.org/y-1.whl#sha256=abc
  - git+https://git.example.org/z.git@v1
  - z2 @ git+https://git.example.org/z2.git@v1#subdirectory=s
  - exact===1.0
""",
    "pip-editable-only": "dependencies: [python, {pip: ['-e .']}]\n",
    "pip-null": "dependencies: [python, {pip: }]\n",
    "sel": "dependencies: [python, 'sel(unix)': uvloop]\n".replace(
        "'sel(unix)': uvloop", "{sel(unix): uvloop}"
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_our_own_files(name: str, tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_text(FILES[name], encoding="utf-8")
    # On a platform that conda-lock does not know, it reads no file with a selector or a line for pip.
    platforms = ALL[:-1] if name.startswith(("selectors", "pip")) else ALL
    environment = read_environment(path).environment
    assert environment is not None
    ours = content_hashes([environment], platforms)
    assert {p.value: h for p, h in ours.items()} == exactly_theirs([path], tmp_path, platforms)


CUDA = VirtualPackage(name="__cuda", version="12.4")
ARCH = VirtualPackage(name="__archspec", version="1", build="zen2")
OPTIONS = {
    "channels": HashOptions(channels=("conda-forge", "https://$U:$T@conda.example.org/t/${K}/c")),
    "spec": HashOptions(virtual_packages={Platform.LINUX_64: (CUDA, ARCH)}),
    "spec-of-a-platform-that-is-new": HashOptions(virtual_packages={Platform.WIN_ARM64: (CUDA,)}),
    "empty-spec": HashOptions(virtual_packages={}),
    "stated": HashOptions(stated=(CUDA,)),
    "stated-and-spec": HashOptions(
        stated=(CUDA,),
        virtual_packages={Platform.OSX_64: (VirtualPackage(name="__osx", version="12.0"),)},
    ),
    "stated-in-place": HashOptions(stated=(VirtualPackage(name="__glibc", version="2.17"),)),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_flags(name: str, tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_text(FILES["plain"], encoding="utf-8")
    ours = content_hashes([read(path)], ALL, OPTIONS[name])
    allowed = theirs([path], tmp_path, OPTIONS[name], ALL)
    assert isinstance(allowed, dict), allowed
    assert [p for p in ALL if ours[p] not in allowed[p]] == []


def test_several_files(tmp_path: Path) -> None:
    texts = {
        "main.yml": "channels: [bioconda, conda-forge]\ndependencies: [python=3.12, a=1]\n",
        "dev.yml": "channels: [conda-forge, nodefaults]\ncategory: dev\ndependencies: [a=2, b]\n",
    }
    paths = []
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        paths.append(tmp_path / name)
    ours = content_hashes([read(p) for p in paths], PLATFORMS)
    assert {p.value: h for p, h in ours.items()} == exactly_theirs(paths, tmp_path, PLATFORMS)


def test_the_order_of_lines_does_not_count_and_what_they_say_does(tmp_path: Path) -> None:
    def of(text: str) -> str:
        path = tmp_path / "e.yml"
        path.write_text(text, encoding="utf-8")
        return content_hashes([read(path)], [Platform.LINUX_64])[Platform.LINUX_64]

    first = of("dependencies: [a, b=1]")
    assert of("dependencies: [b=1, a]") == first
    assert of("dependencies: [a, b=2]") != first
    assert of("channels: [x]\ndependencies: [a, b=1]") != first


def test_without_the_pip_section_it_is_not_hashed(tmp_path: Path) -> None:
    with_pip, without = tmp_path / "a.yml", tmp_path / "b.yml"
    with_pip.write_text("dependencies: [python, pip, {pip: [requests]}]", encoding="utf-8")
    without.write_text("dependencies: [python, pip]", encoding="utf-8")
    options = HashOptions(conda_only=True)
    assert content_hashes([read(with_pip)], PLATFORMS, options) == content_hashes([read(without)], PLATFORMS)
    assert content_hashes([read(with_pip)], PLATFORMS) != content_hashes([read(without)], PLATFORMS)


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("base-notebook", ["base-notebook"]),
        ("pangeo-notebook", ["pangeo-notebook", "base-notebook"]),
        ("ml-notebook", ["ml-notebook", "pangeo-notebook", "base-notebook"]),
        ("pytorch-notebook", ["pytorch-notebook", "pangeo-notebook", "base-notebook"]),
    ],
)
def test_published_locks(name: str, files: list[str], tmp_path: Path) -> None:
    """conda-lock accepts ours for the files as it accepts the published one, which an older release wrote."""
    text = need_shared("pangeo", name, "conda-lock.yml").read_text(encoding="utf-8")
    lock = CondaLockV1().loads(text)
    paths = [need_shared("pangeo", folder, "environment.yml") for folder in files]
    platforms = [part.platform for part in lock]
    stated = {Platform.LINUX_64: (VirtualPackage(name="__cuda", version="12.0"),)}
    options = HashOptions(virtual_packages=stated if name in {"ml-notebook", "pytorch-notebook"} else None)
    ours = content_hashes([read(path) for path in paths], platforms, options)
    assert {part.platform: part.content_hash for part in lock} == ours
    allowed = theirs(paths, tmp_path, options, platforms)
    assert isinstance(allowed, dict)
    assert all(ours[p] in allowed[p] for p in platforms)


#: Files that conda-lock reads and hashes differently, and why. All others of the corpus are equal.
DEPARTURES = {
    "pydata__xarray__doc-environment-template.yml": "a template: braces are no requirement to us",
}


def test_every_file_of_the_corpus(tmp_path: Path) -> None:
    refused, differ = [], []
    equal = 0
    for path in sorted(need_shared("corpus").glob("*.y*ml")):
        allowed = theirs([path], tmp_path, HashOptions(), PLATFORMS)
        if isinstance(allowed, str):
            refused.append(path.name)
            continue
        # Faults or not: what could be read is what is hashed.
        environment = read_environment(path).environment
        assert environment is not None
        ours = content_hashes([environment], PLATFORMS)
        if all(ours[p] in allowed[p] for p in PLATFORMS):
            equal += 1
        else:
            differ.append(path.name)
    assert differ == sorted(DEPARTURES)
    # conda-lock refuses 12 of the 124: no YAML, not UTF-8, or options in the pip section.
    assert (equal, len(refused)) == (111, 12), refused


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("numpy=1.26", ("numpy", "1.26.*", None, None)),
        ("Numpy 1.26", ("numpy", "1.26", None, None)),
        ("numpy==1.26", ("numpy", "1.26", None, None)),
        ("numpy=1.26=py3_0", ("numpy", "1.26", "py3_0", None)),
        ("numpy=1.26,1.27", ("numpy", "=1.26,1.27", None, None)),
        ("numpy 1.10*", ("numpy", "1.10.*", None, None)),
        ("numpy=", ("numpy", "", None, None)),
        ("a[version='(>=1|<0.5),!=2*']", ("a", ">=1|<0.5,!=2*", None, None)),
        ("x@", ("*", "", None, None)),
        ("https://u:p@h.example.org/t/tk/c/label/dev::x", ("x", "", None, "c/label/dev")),
        ("https://h.example.org/c/linux-64/x-1-0.tar.bz2", ("x", "1", "0", "https://h.example.org/c")),
        ("file:///srv/c::x", ("x", "", None, "c")),
        ("./c::x", ("x", "", None, "c")),
        ("pkgs/r::x", ("x", "", None, "defaults")),
        ("x[channel=bioconda]", ("x", "", None, "bioconda")),
        ("x if y", ("x", "", None, None)),
        ("x # y", ("x", "", None, None)),
    ],
)
def test_fields_of_a_requirement(text: str, fields: tuple[str | None, ...]) -> None:
    found = conda_fields(text, "main")
    assert (found["name"], found["version"], found["build"], found["conda_channel"]) == fields


def test_fields_are_those_of_conda_lock_for_every_spelling() -> None:
    path = need_shared("oracle", "matchspec_matrix.tsv")
    specs = [line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    with peer._quiet():
        from conda_lock.src_parser.conda_common import conda_spec_to_versioned_dep

        differ = []
        read_by_both = 0
        for spec in specs:
            try:
                expected = conda_spec_to_versioned_dep(spec, "main").model_dump()
            except Exception:  # noqa: BLE001 - whatever it raises, it does not read it
                continue
            read_by_both += 1
            del expected["markers"]
            if conda_fields(spec, "main") != expected:
                differ.append(spec)
    assert read_by_both > 100
    # A path of an archive is made absolute before it is read, so that its fields are those of one machine.
    assert differ == ["./local/pkg-1.2-py_0.tar.bz2", r"C:\conda\pkg-1.2-py_0.conda"]


@pytest.mark.parametrize(
    ("text", "platform", "counts"),
    [
        ("a; sys_platform == 'win32'", Platform.WIN_64, True),
        ("a; sys_platform == 'win32'", Platform.LINUX_64, False),
        ("a; 'darwin' == sys_platform or os_name == 'nt'", Platform.OSX_ARM64, True),
        ("a; python_version < '3' and platform_system != 'Linux'", Platform.LINUX_64, False),
        ("a; python_version < '3'", Platform.LINUX_64, True),
        ("a; nonsense", Platform.LINUX_64, True),
        ("a; platform_system in 'Linux Darwin'", Platform.LINUX_64, True),
        ("-e .", Platform.LINUX_64, False),
    ],
)
def test_markers(text: str, platform: Platform, *, counts: bool) -> None:
    assert (pip_fields(text, "main", platform) is not None) == counts


def test_a_line_that_conda_lock_cannot_read_counts_as_it_stands() -> None:
    fields = pip_fields("-r requirements.txt", "main", Platform.LINUX_64)
    assert fields is not None
    assert fields["name"] == "-r requirements.txt"


def test_a_path_is_a_path() -> None:
    fields = pip_fields("x @ file:///srv//x", "main", Platform.LINUX_64)
    assert fields is not None
    assert (fields["path"], fields["is_directory"]) == ("/srv/x", False)
