"""`conda-lock.yml` version 1: reading and writing are inverse but for listed losses; the bytes are the same."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.conda_lock_v1 import CondaLockV1
from condaenv_tools.lock.metadata_keys import CONDA_ONLY, EXCLUDE_NEWER
from condaenv_tools.model.lock import Lock, LockChannel, PyPIRecord
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage, default_virtual_packages
from tests.lock.toy_locks import LINUX, MAC, conda, lock_of, locks, part, pip, root, small_lock
from tests.shared_data import need_shared

FORM = CondaLockV1()
PUBLISHED = ("base-notebook", "ml-notebook", "pangeo-notebook", "pytorch-notebook")


def published(name: str) -> str:
    return need_shared("pangeo", name, "conda-lock.yml").read_text(encoding="utf-8")


@given(locks())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=150)
def test_reading_is_the_inverse_of_writing(lock: Lock) -> None:
    text = FORM.dumps(lock)
    assert text.isascii()
    again = FORM.loads(text)
    assert again == FORM.kept(lock)
    assert FORM.kept(again) == again
    assert FORM.dumps(again) == text


@given(locks(), st.randoms(use_true_random=False))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=75)
def test_bytes_do_not_depend_on_order(lock: Lock, random: object) -> None:
    def shuffled(items: tuple[object, ...]) -> tuple[object, ...]:
        found = list(items)
        random.shuffle(found)  # type: ignore[attr-defined]
        return tuple(found)

    parts = [
        replace(
            p,
            packages=tuple(
                replace(q, categories=shuffled(q.categories))  # type: ignore[arg-type]
                for q in shuffled(p.packages)
            ),
        )
        for p in shuffled(lock.platforms)
    ]
    other = replace(lock, platforms=tuple(parts), metadata=shuffled(lock.metadata))  # type: ignore[arg-type]
    assert FORM.dumps(other) == FORM.dumps(lock)


@given(locks())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=75)
def test_the_libraries_agree_on_what_we_write(lock: Lock) -> None:
    text = FORM.dumps(lock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "yaml_rs", None)
        assert FORM.loads(text) == FORM.kept(lock)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_locks_are_written_as_conda_lock_wrote_them(name: str) -> None:
    """Nothing but the header and the build strings, which conda-lock began to write later, differs in a line."""
    text = published(name)
    ours = FORM.dumps(FORM.loads(text)).splitlines()
    theirs = text.splitlines()
    assert [line for line in ours if not line.startswith(("#", "  build:"))] == [
        line for line in theirs if not line.startswith("#")
    ]


def test_a_published_lock_is_the_same_without_the_quick_library(monkeypatch: pytest.MonkeyPatch) -> None:
    text = published("base-notebook")
    quick = FORM.loads(text)
    monkeypatch.setitem(sys.modules, "yaml_rs", None)
    assert FORM.loads(text) == quick
    assert [len(p.packages) for p in quick] == [285, 284, 278, 279]


def test_a_small_lock_in_full() -> None:
    lock = small_lock()
    text = FORM.dumps(lock)
    assert text == (Path(__file__).parents[1] / "data" / "locks" / "small.yml").read_text(encoding="utf-8")
    assert FORM.loads(text.encode()) == FORM.kept(lock)
    assert FORM.losses(lock) == ()


def test_losses_are_listed() -> None:
    full = conda("a 1", "b * x_*", "b * *_y", constrains=("c <2",), license="MIT", size=3, build_number=7)
    other = replace(full, record=replace(full.record, name="b", channel="https://mirror.example.org/x"))
    assert tuple(map(str, FORM.losses(lock_of(part(full, other))))) == (
        "a dependency that is more than one spec of a name (2 records)",
        "build_number (2 records)",
        "channel, where the URL says another (1 records)",
        "constrains (2 records)",
        "license (2 records)",
        "size (2 records)",
    )


def test_what_the_format_does_not_say_is_unknown() -> None:
    lock = FORM.loads(FORM.dumps(small_lock()))
    assert {"constrains", "license", "size", "timestamp", "build_number"} <= lock.unknown
    assert not {"depends", "build", "version", "url", "md5", "sha256"} & lock.unknown


def test_build_strings_of_dependencies_are_kept() -> None:
    lock = lock_of(part(conda("numpy 2.0 py313_0", "python_abi 3.13.* *_cp313")))
    assert "    python_abi: 3.13.* *_cp313\n" in FORM.dumps(lock)
    assert FORM.loads(FORM.dumps(lock)).on(LINUX).records[0].depends == ("python_abi 3.13.* *_cp313",)


def test_one_entry_for_each_category() -> None:
    text = FORM.dumps(lock_of(part(conda("a 1", categories=("main", "dev")))))
    assert re.findall(r"category: (\w+)\n  optional: (\w+)", text) == [("dev", "true"), ("main", "false")]


@pytest.mark.parametrize(
    "lock",
    [
        lock_of(part(conda("a 1", url="https://me:hunter2@conda.example.org/c/linux-64/a-1-0.conda"))),
        lock_of(part(conda("a 1", url="https://conda.example.org/t/tk-hunter2/c/linux-64/a-1-0.conda"))),
        lock_of(part(), channels=(LockChannel(url="https://me:hunter2@conda.example.org/c"),)),
        lock_of(part(roots=[root("https://me:hunter2@conda.example.org/c::a")])),
        lock_of(part(), metadata=(("note", "https://conda.example.org/t/hunter2/c"),)),
        lock_of(part(pip("a 1", source="git+https://me:hunter2@git.example.org/a"))),
    ],
    ids=["password", "token", "channel", "root", "metadata", "source"],
)
def test_no_credential_is_written(lock: Lock) -> None:
    with pytest.raises(LockFormatError, match="credential") as caught:
        FORM.dumps(lock)
    assert "hunter2" not in str(caught.value)


def test_references_to_variables_are_written() -> None:
    channel = LockChannel(url="https://${USER}:${TOKEN}@conda.example.org/c", used_env_vars=("TOKEN", "USER"))
    lock = lock_of(part(), channels=(channel,))
    assert FORM.loads(FORM.dumps(lock)).channels == (channel,)


def test_the_header_says_how_to_recreate_the_lock() -> None:
    cuda = (*default_virtual_packages(LINUX), VirtualPackage(name="__cuda", version="12.4"))
    lock = lock_of(
        part(virtual=cuda),
        sources=("a file.yml", "../é\n.yml"),
        metadata=((CONDA_ONLY, "x"), (EXCLUDE_NEWER, "2026-01-31T00:00:00Z")),
    )
    header = [line for line in FORM.dumps(lock).splitlines() if line.startswith("#")]
    assert header[2] == (
        "#     condaenv lock 'a file.yml' '../\\xe9 .yml' -p linux-64 --virtual-package __cuda=12.4"
        " --conda-only --exclude-newer 2026-01-31T00:00:00Z"
    )
    assert all(len(line) < 200 for line in header)


def test_a_lock_without_a_hash_of_its_input_gets_one() -> None:
    lock = lock_of(replace(part(conda("a 1")), content_hash=None))
    assert re.search(r"linux-64: [0-9a-f]{64}\n", FORM.dumps(lock))


MINIMAL = """
metadata:
  content_hash: {linux-64: abc}
  channels: %s
  platforms: [linux-64]
  sources: []
package:
- name: a
  version: %s
  manager: %s
  platform: linux-64
  url: https://conda.anaconda.org/conda-forge/linux-64/a-1.10-h1_0.conda
  hash: %s
  optional: false
%s
"""


def minimal(
    *,
    channels: str = "[conda-forge]",
    version: str = "'1.10'",
    manager: str = "conda",
    hashes: str = "{}",
    more: str = "",
) -> str:
    return MINIMAL % (channels, version, manager, hashes, more)


def test_optional_keys_may_be_absent() -> None:
    lock = FORM.loads(minimal())
    record = lock.on(LINUX).records[0]
    assert (record.build, record.subdir, record.channel) == (
        "h1_0",
        "linux-64",
        "https://conda.anaconda.org/conda-forge",
    )
    assert record.depends == ()
    assert lock.on(LINUX).packages[0].categories == ("main",)
    assert lock.on(LINUX).roots is None
    assert lock.on(LINUX).virtual_packages is None


@pytest.mark.parametrize("version", ["1.10", "1e5", "08", "1_0", "2024-01-01", "yes"])
def test_an_unquoted_version_is_its_text(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As yaml-cpp reads it for micromamba: 1.10 is never 1.1, whichever library is there."""
    text = minimal(version=version, more="  build: 0\n  dependencies: {b: 1.10, c: ~}")
    found = FORM.loads(text).on(LINUX).records[0]
    assert (found.version, found.build, found.depends) == (version, "0", ("b 1.10", "c"))
    monkeypatch.setitem(sys.modules, "yaml_rs", None)
    assert FORM.loads(text).on(LINUX).records[0] == found


def test_a_hash_that_looks_like_a_number_is_its_text() -> None:
    digits = "00000000000000000000000000000e12"
    assert FORM.loads(minimal(hashes=f"{{md5: {digits}}}")).on(LINUX).records[0].md5 == digits


def test_pip_entries() -> None:
    more = "  source: {type: url, url: https://git.example.org/a.git}\n  dependencies: {B_c: '>=1'}\n  build: null"
    record = (
        FORM.loads(minimal(manager="pip", hashes="{sha256: 'ab'}", more=more)).on(LINUX).packages[0].record
    )
    assert isinstance(record, PyPIRecord)
    assert record.requires == (("B_c", ">=1"),)
    assert record.source == "https://git.example.org/a.git"
    assert "  source:\n    type: url\n" in FORM.dumps(FORM.loads(minimal(manager="pip", more=more)))


def test_entries_as_mamba_reads_them() -> None:
    text = minimal(more="  constrains: {b: <2, c: ''}").replace("  optional: false\n", "")
    package = FORM.loads(text).on(LINUX).packages[0]
    assert isinstance(package.record, PackageRecord)
    assert package.record.constrains == ("b <2", "c")
    assert not package.optional


def test_entries_of_virtual_packages_are_no_packages() -> None:
    assert not FORM.loads(minimal().replace("name: a", "name: __glibc")).on(LINUX).packages


def test_entries_of_virtual_packages_may_say_little_where_others_say_all() -> None:
    virtual = (
        "- {name: __glibc, version: '2.17', manager: conda, platform: linux-64, dependencies: {},\n"
        "   hash: {md5: '', sha256: null}, url: 'file:///var/x/linux-64/__glibc-2.17-0.tar.bz2'}\n"
    )
    assert [p.name for p in FORM.loads(minimal() + virtual).on(LINUX).packages] == ["a"]


def test_metadata_of_conda_lock_is_kept() -> None:
    text = minimal().replace(
        "  sources: []",
        "  sources: [a.yml]\n"
        "  time_metadata: {created_at: '2026-01-01T00:00:00Z'}\n"
        "  git_metadata: {git_user_name: N, git_sha: null}\n"
        "  inputs_metadata: {../x.y/a.yml: {md5: d4, sha256: e5}}\n"
        "  custom_metadata: {who: me}",
    )
    lock = FORM.loads(text)
    assert dict(lock.metadata) == {
        "git_metadata.git_user_name": "N",
        "inputs_metadata.../x.y/a.yml.md5": "d4",
        "inputs_metadata.../x.y/a.yml.sha256": "e5",
        "time_metadata.created_at": "2026-01-01T00:00:00Z",
        "who": "me",
    }
    metadata = yaml.safe_load(FORM.dumps(lock))["metadata"]
    assert list(metadata)[4:] == ["time_metadata", "git_metadata", "inputs_metadata", "custom_metadata"]
    assert metadata["inputs_metadata"] == {"../x.y/a.yml": {"md5": "d4", "sha256": "e5"}}
    assert FORM.loads(FORM.dumps(lock)).metadata == lock.metadata


def test_a_package_that_stands_twice_is_two_packages() -> None:
    text = minimal()
    entry = text[text.index("- name") :]
    assert len(FORM.loads(text + entry).on(LINUX).packages) == 2
    assert len(FORM.loads(text + entry.rstrip() + "\n  category: dev\n").on(LINUX).packages) == 1


def test_utf16_and_marks_are_read() -> None:
    text = FORM.dumps(small_lock())
    for data in (text.encode("utf-16"), b"\xef\xbb\xbf" + text.encode(), "\ufeff" + text):
        assert FORM.loads(data) == FORM.kept(small_lock())


def test_platforms_are_sorted_and_found() -> None:
    lock = FORM.loads(FORM.dumps(lock_of(part(platform=MAC), part(platform=Platform.WIN_64), part())))
    assert [p.platform.value for p in lock] == ["linux-64", "osx-arm64", "win-64"]
    with pytest.raises(KeyError):
        lock.on("linux-aarch64")


def test_roots_in_orders_that_contradict_each_other() -> None:
    a, b = root("a"), root("b", line=4)
    lock = lock_of(part(roots=[a, b]), part(platform=MAC, roots=[b, a]), part(platform=Platform.WIN_64))
    again = FORM.loads(FORM.dumps(lock))
    assert [p.roots for p in again] == [(a, b), (b, a), None]


def test_a_root_of_one_platform_is_one_line_in_its_place() -> None:
    a, b, c = root("a"), root("b", line=4), root("c", line=5)
    text = FORM.dumps(lock_of(part(roots=[a, b, c]), part(platform=MAC, roots=[a, c])))
    assert re.findall(r'"name": "(.)".*?(?:"platforms": (.*))?}\n', text) == [
        ("a", ""),
        ("b", '["linux-64"]'),
        ("c", ""),
    ]


def test_records_are_what_they_were(tmp_path: Path) -> None:
    lock = FORM.loads(published("base-notebook"))
    record = next(r for r in lock.on(LINUX).records if r.name == "zstd")
    assert record == PackageRecord(
        name="zstd",
        version=record.version,
        build=record.build,
        subdir="linux-64",
        channel="https://conda.anaconda.org/conda-forge",
        url=f"https://conda.anaconda.org/conda-forge/linux-64/zstd-{record.version}-{record.build}.conda",
        md5=record.md5,
        sha256=record.sha256,
        depends=record.depends,
    )
