"""Rules on exports of a whole environment, in which what was asked for is lost among what came along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version
from condaenv_tools.parse.codes.code import WARNING, code
from condaenv_tools.parse.list_lines import removal
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.evidence import Evidence
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES", "names_a_release"]

_LINES = "".join(
    f"  - {line}\n"
    for line in (
        "_libgcc_mutex=0.1=conda_forge",
        "bzip2=1.0.8=h4bc722e_7",
        "ca-certificates=2024.8.30=hbcca054_0",
        "libffi=3.4.2=h7f98852_5",
        "libgcc-ng=14.2.0=h69a702a_1",
        "libzlib=1.3.1=hb9d3cd8_2",
        "ncurses=6.5=he02047a_1",
        "numpy=1.26.4=py312heda63a1_0",
        "openssl=3.3.2=hb9d3cd8_0",
        "python=3.12.7=hc5c86c4_0_cpython",
        "readline=8.2=h8228510_1",
        "xz=5.2.6=h166bdaf_0",
    )
)
_EXPORT = code(
    "CE512",
    WARNING,
    "an export of a whole environment",
    "It fits one platform and one day, and hides which packages are wanted among those that they brought along.",
    f"dependencies:\n{_LINES}",
    "dependencies:\n  - python=3.12\n  - numpy=1.26\n",
)
_LEAVES = code(
    "CE513",
    WARNING,
    "lines that other lines bring along",
    "An export lists every package; without those that others depend on, what was asked for is left.",
    f"dependencies:\n{_LINES}",
    "dependencies:\n  - python=3.12\n  - numpy=1.26\n",
)

#: Libraries that come along with others; hardly anybody asks for one by name.
_LIBRARIES = """
_libgcc_mutex _openmp_mutex alsa-lib brotli-bin bzip2 c-ares ca-certificates dbus expat fontconfig
freetype gettext glib gmp icu intel-openmp jpeg keyutils krb5 lcms2 ld_impl_linux-64 lerc libblas
libbrotlicommon libcblas libcurl libcxx libdeflate libedit libev libexpat libffi libgcc libgcc-ng
libgfortran libgfortran-ng libgfortran5 libgomp libiconv libjpeg-turbo liblapack liblzma libnghttp2
libnsl libopenblas libpng libsodium libsqlite libssh2 libstdcxx libstdcxx-ng libtiff libuuid libwebp
libwebp-base libxcb libxcrypt libxml2 libzlib llvm-openmp lz4-c mkl-service mkl_fft mkl_random mpc
mpfr ncurses nspr nss openssl pcre pcre2 python_abi readline sqlite tk tzdata ucrt vc vc14_runtime
vs2015_runtime wincertstore xz yaml zlib zstd
"""
_ALONG = frozenset(_LIBRARIES.split())
#: Fewer lines are read at a glance, whatever they are.
_FEWEST_LINES = 12
_FEWEST_ALONG = 4
_SHARE = 0.7
#: A person asks for these by name, although others depend on them.
_ALWAYS_KEPT = frozenset({"python", "pip"})
_NAME = re.compile(r"[\w.-]+")


def _is_export(items: tuple[Dependency, ...]) -> bool:
    exact = sum(map(names_a_release, items))
    along = sum(item.name in _ALONG for item in items)
    return len(items) >= _FEWEST_LINES and exact > _SHARE * len(items) and along >= _FEWEST_ALONG


def names_a_release(item: Dependency) -> bool:
    """Say whether a line has a version, or three parts of one and more, as ``conda env export`` writes it."""
    version = item.spec.version
    return version is not None and (
        version.is_exact or (version.is_fuzzy and str(version).removesuffix(".*").count(".") > 1)
    )


def _find_export(case: Case) -> Iterator[Finding]:
    items = case.environment.dependencies
    if not _is_export(items):
        return
    along = [item.name for item in items if item.name in _ALONG]
    exact = sum(map(names_a_release, items))
    message = (
        f"this is an export of a whole environment: {exact} of {len(items)} lines name an exact version, and "
        f"at least {len(along)} of them are libraries that nobody asks for by name ({_some(along)})"
    )
    hint = (
        "keep what you ask for, with the bounds that you need (`conda env export --from-history` lists it), "
        "and leave the rest to a lock"
    )
    yield case.finding(_EXPORT, message, items[0].span, hint=hint)


def _some(names: list[str]) -> str:
    return ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")


def _find_leaves(case: Case) -> Iterator[Finding]:
    items = case.environment.dependencies
    evidence = case.evidence
    if evidence is None or not _is_export(items):
        return
    depends = max((_depends(items, evidence, p) for p in evidence.platforms), key=len, default={})
    kept = _leaves([item.name for item in items], depends)
    gone = [item for item in items if item.name not in kept and item.selector is None]
    if not gone:
        return
    message = (
        f"{len(gone)} of {len(items)} lines are brought along by others ({_some([item.name for item in gone])}); "
        f"without them {len(items) - len(gone)} are left"
    )
    hint = "take them out here, and keep the exact versions in a lock"
    yield case.finding(_LEAVES, message, gone[0].span, hint=hint, fix=_removal(case, gone))


def _depends(
    items: Iterable[Dependency], evidence: Evidence, platform: Platform
) -> Mapping[str, frozenset[str]]:
    """Return what each line that has a record depends on, by name."""
    found: dict[str, frozenset[str]] = {}
    for item in items:
        record = (
            _record(item.spec, evidence.records(platform, item.name)) if item.counts_on(platform) else None
        )
        if record is not None:
            names = (_NAME.match(text) for text in record.depends)
            found[item.name] = frozenset(match[0].lower() for match in names if match)
    return found


def _record(spec: MatchSpec, records: tuple[PackageRecord, ...]) -> PackageRecord | None:
    """Return the build that a line names, else the newest that fits, else the newest of its version."""
    fitting = [record for record in records if spec.matches(record)]
    if not fitting and spec.version is not None:
        fitting = [record for record in records if spec.version.matches(record.version)]
    return max(fitting, key=lambda r: (Version.of(r.version), r.build_number, r.build), default=None)


def _leaves(names: list[str], depends: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return as few names as bring along all the others; of a cycle the first stays."""
    listed = frozenset(names)
    implied = {name for one, theirs in depends.items() for name in theirs if name != one}
    kept = [name for name in names if name not in implied or name in _ALWAYS_KEPT]
    reached: set[str] = set()
    _reach(kept, depends, listed, reached)
    for name in names:
        if name not in reached:
            kept.append(name)
            _reach([name], depends, listed, reached)
    return frozenset(kept)


def _reach(
    start: list[str], depends: Mapping[str, frozenset[str]], listed: frozenset[str], reached: set[str]
) -> None:
    todo = [name for name in start if name not in reached]
    reached.update(todo)
    while todo:
        new = (depends.get(todo.pop(), frozenset()) & listed) - reached
        reached |= new
        todo += new


def _removal(case: Case, items: list[Dependency]) -> Fix | None:
    edits: list[TextEdit] = []
    for item in items:
        edit = removal(case.source, item.span.start, item.span.end)
        if edit is None or case.text[item.span.start : item.span.end] != item.text:
            return None
        if edits and edit.start < edits[-1].end:
            edit = TextEdit(start=edits.pop().start, end=edit.end, text="")
        edits.append(edit)
    return Fix(title=f"remove {len(items)} lines that others bring along", edits=tuple(edits), safe=False)


RULES: tuple[Rule, ...] = (
    Rule(code=_EXPORT, find=_find_export),
    Rule(code=_LEAVES, find=_find_leaves, needs_records=True),
)
