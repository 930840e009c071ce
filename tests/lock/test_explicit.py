"""Explicit lists: the order of installation, reading as the inverse of writing, and what other tools read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rattler.explicit_environment.environment import ExplicitEnvironmentSpec

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.build import dependency_name
from condaenv_tools.lock.explicit import ExplicitList
from condaenv_tools.lock.explicit.order import installation_order
from condaenv_tools.lock.registry import loads_lock
from condaenv_tools.model.lock import Lock, LockChannel, PyPIRecord
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.parse.inputs.explicit import parse_explicit
from tests.lock.toy_locks import (
    CHANNEL,
    LINUX,
    MAC,
    conda,
    digest,
    lock_of,
    locks,
    part,
    pip,
    root,
    small_lock,
)
from tests.shared_data import need_shared

FORM = ExplicitList()
ENVIRONMENTS = sorted((Path(__file__).parents[2] / "environments").glob("*/conda-lock.yml"))


def on(lock: Lock, platform: str = "linux-64") -> Lock:
    return replace(lock, platforms=(lock.on(platform),))


def wrong_order(records: tuple[PackageRecord, ...]) -> list[tuple[str, str]]:
    """Return the pairs that stand the wrong way round, cycles aside."""
    needs = {r.name: {dependency_name(s) for s in r.depends} for r in records}
    needs.get("python", set()).discard("pip")
    reached: dict[str, set[str]] = {}
    for name in needs:
        todo: list[str] = [name]
        seen: set[str] = set()
        while todo:
            for one in needs.get(todo.pop(), set()) - seen:
                seen.add(one)
                todo.append(one)
        reached[name] = seen
    at = {r.name: i for i, r in enumerate(records)}
    return [
        (name, one)
        for name, wanted in needs.items()
        for one in wanted & at.keys()
        if at[one] > at[name] and name not in reached.get(one, set())
    ]


@given(locks())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=80)
def test_reading_is_the_inverse_of_writing(lock: Lock) -> None:
    for one in lock.platforms:
        single = replace(lock, platforms=(one,))
        # A space is no part of a URL.
        packages = tuple(p for p in one.packages if " " not in p.record.url)
        single = replace(single, platforms=(replace(one, packages=packages),))
        text = FORM.dumps(single)
        again = FORM.loads(text)
        assert again == FORM.kept(single)
        assert FORM.kept(again) == again


@given(locks(), st.randoms(use_true_random=False))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40)
def test_bytes_do_not_depend_on_order(lock: Lock, random: Any) -> None:
    for one in lock.platforms:
        packages = list(one.packages)
        random.shuffle(packages)
        single = replace(lock, platforms=(one,))
        assert FORM.dumps(replace(single, platforms=(replace(one, packages=tuple(packages)),))) == FORM.dumps(
            single
        )


@given(locks())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=80)
def test_what_is_needed_stands_first(lock: Lock) -> None:
    for one in lock.platforms:
        assert wrong_order(installation_order(one.records)) == []


def test_python_comes_before_pip_which_needs_it() -> None:
    order = [r.name for r in installation_order(small_lock().on(LINUX).records)]
    assert order == ["libffi", "python", "black", "pip"]


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.parent.name)
def test_locks_of_the_environments(path: Path, tmp_path: Path) -> None:
    lock = loads_lock(path.read_bytes())
    for one in lock.platforms:
        single = replace(lock, platforms=(one,))
        text = FORM.dumps(single)
        assert FORM.loads(text) == FORM.kept(single)
        assert wrong_order(installation_order(one.records)) == []
        target = tmp_path / FORM.file_name(one.platform)
        target.write_text(text, encoding="utf-8")
        read = ExplicitEnvironmentSpec.from_path(target)
        assert str(read.platform) == one.platform.value
        assert [entry.url for entry in read.packages] == [
            line for line in text.splitlines() if line.startswith("https:")
        ]
        assert len(read.packages) == len(one.records)
        assert not parse_explicit(text, "x").errors


def test_a_small_list_in_full() -> None:
    app = pip("app 1.2", url="https://files.example.org/app-1.2-py3-none-any.whl")
    git = pip("tool 0", url="git+https://git.example.org/tool@0123abcd#subdirectory=lib", sha256=digest("x"))
    only = conda("z 1", md5=None)
    text = FORM.dumps(lock_of(part(conda("a 1", "z", "b"), conda("b 1", "z"), only, app, git)))
    url = f"{CHANNEL}/linux-64/"
    assert text.splitlines() == [
        "# The exact archives of an environment, with their hashes (CEP 23). Written by condaenv.",
        "# Install it: conda create --name NAME --file conda-linux-64.lock",
        "# platform: linux-64",
        f"# input_hash: {digest('linux-64')}",
        "@EXPLICIT",
        f"{url}z-1-0.conda#sha256:{digest(url + 'z-1-0.conda')}",
        f"{url}b-1-0.conda#{digest(url + 'b-1-0.conda', 'md5')}",
        f"{url}a-1-0.conda#{digest(url + 'a-1-0.conda', 'md5')}",
        f"# pip app @ https://files.example.org/app-1.2-py3-none-any.whl#sha256={digest('https://files.example.org/app-1.2-py3-none-any.whl')}",
        f"# pip tool @ git+https://git.example.org/tool@0123abcd#subdirectory=lib&sha256={digest('x')}",
    ]


@pytest.mark.parametrize(
    ("ending", "md5", "sha256"),
    [
        ("", None, None),
        (f"#{digest('a', 'md5')}", digest("a", "md5"), None),
        (f"#md5:{digest('a', 'md5')}", digest("a", "md5"), None),
        (f"#{digest('a').upper()}", None, digest("a")),
        (f"#sha256:{digest('a')}", None, digest("a")),
    ],
    ids=["none", "md5", "md5-prefix", "sha256-bare", "sha256"],
)
def test_hashes_of_all_forms_are_read(ending: str, md5: str | None, sha256: str | None) -> None:
    lock = FORM.loads(f"@EXPLICIT\n{CHANNEL}/linux-64/a-b-1.0-h_0.tar.bz2{ending}\n")
    (record,) = lock.on(LINUX).records
    assert (record.name, record.version, record.build, record.md5, record.sha256) == (
        "a-b",
        "1.0",
        "h_0",
        md5,
        sha256,
    )
    assert lock.channels == (LockChannel(url="conda-forge"),)


def test_what_pip_installs_is_read_in_both_ways_of_conda_lock() -> None:
    hashed = digest("a")
    text = (
        f"# platform: osx-arm64\n@EXPLICIT\n"
        f"# pip A_b @ https://f.example.org/a_b-2.0.tar.gz --hash=sha256:{hashed}\n"
        f"# pip c @ https://f.example.org/c-1-py3-none-any.whl#sha256={hashed}\n"
    )
    found = [p.record for p in FORM.loads(text).on(MAC).packages]
    assert [(r.name, r.version, r.sha256) for r in found] == [("a-b", "2.0", hashed), ("c", "1", hashed)]
    assert all(isinstance(r, PyPIRecord) and "#" not in r.url for r in found)


@pytest.mark.parametrize("path", ["conda-linux-64.lock", "locks/linux-64.txt", "a/conda_linux-64"])
def test_the_name_of_a_list_of_noarch_says_its_platform(path: str) -> None:
    text = f"@EXPLICIT\n{CHANNEL}/noarch/a-1-pyh_0.conda\n"
    assert FORM.loads(text, path=path).platforms[0].platform == LINUX


def test_a_credential_is_not_kept() -> None:
    lock = FORM.loads("@EXPLICIT\nhttps://me:hunter2@conda.example.org/t/tk-1/c/linux-64/a-1-0.conda\n")
    assert lock.on(LINUX).records[0].url == "https://conda.example.org/c/linux-64/a-1-0.conda"


def test_losses_are_listed() -> None:
    dev = conda("a 1", "b", categories=("dev",))
    lock = lock_of(part(dev, conda("b 1"), pip("c 1"), roots=[root("a")]))
    assert [(loss.text, loss.changes_install) for loss in FORM.losses(lock)] == [
        ("files that were locked (1)", False),
        ("sha256, where the MD5 stands (2)", False),
        ("that conda and mamba leave out what pip installs, which `conda-lock install` does not (1)", False),
        ("that packages are optional, so that all are installed (1)", True),
        ("virtual packages that were assumed of the machine (4)", False),
        ("what packages need, their sizes, licences and the like (1)", False),
        ("what was asked for (1)", False),
    ]


def test_a_list_is_about_one_platform() -> None:
    with pytest.raises(LockFormatError, match="about one platform, and the lock has 2"):
        FORM.dumps(small_lock())


def test_a_published_lock_is_proven_in_its_order() -> None:
    lock = on(loads_lock(need_shared("pangeo", "pangeo-notebook", "conda-lock.yml").read_bytes()))
    text = FORM.dumps(lock)
    assert text.count("\nhttps://") == len(lock.platforms[0].packages)
    assert wrong_order(installation_order(lock.platforms[0].records)) == []
