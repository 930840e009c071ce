"""What a notebook shows of the life of a lock: small escaped tables."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from pathlib import Path

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.jobs.export_lock import export_lock
from condaenv_tools.jobs.lock_files import lock_files, write_lock
from condaenv_tools.jobs.merge_locks import MergeResult, merged_lock
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.jobs.update_files import UpdateOptions, update_files
from condaenv_tools.lock.currency import StatusReport
from condaenv_tools.lock.diff import LockDiff, diff_locks
from condaenv_tools.lock.merge import merge_locks
from condaenv_tools.model.html import table
from condaenv_tools.model.lock import Lock, LockChannel
from condaenv_tools.model.platform import Platform
from tests.builders import record, write_channel
from tests.lock.toy_locks import LINUX, conda, lock_of, part, root, small_lock

MAC = Platform.OSX_ARM64


def on_both(spec: str) -> Lock:
    asked = root(spec)
    return lock_of(
        part(conda(spec), roots=[asked]),
        part(conda(spec, subdir=MAC.value), platform=MAC, roots=[asked]),
    )


def test_notes_stand_below_a_table_escaped() -> None:
    html = table(("a", "b"), [(1, 2)], notes=["<script>"])
    assert html.endswith('<tr><td colspan="2">&lt;script&gt;</td></tr></tbody></table>')


def test_a_change_that_is_equal_on_several_platforms_stands_once() -> None:
    html = diff_locks(on_both("a 1"), on_both("a 2"))._repr_html_()
    assert "<caption>2 changes on 2 platforms</caption>" in html
    assert html.count("<td>upgraded</td>") == 1
    assert "<td>a</td><td>1</td><td>2</td><td>linux-64, osx-arm64</td>" in html


def test_a_difference_says_when_there_is_none_and_what_was_not_compared() -> None:
    assert (
        "<caption>both install the same</caption>" in diff_locks(on_both("a 1"), on_both("a 1"))._repr_html_()
    )
    html = LockDiff(platforms=(), notes=("<b> is not compared",))._repr_html_()
    assert "&lt;b&gt; is not compared" in html


def test_a_status_shows_what_could_not_be_decided() -> None:
    html = StatusReport(reasons=(), notes=("extras are <not> known",))._repr_html_()
    assert "<caption>the lock is current</caption>" in html
    assert "extras are &lt;not&gt; known" in html


def test_an_update_shows_its_difference_and_its_notes(tmp_path: Path) -> None:
    write_channel(tmp_path / "snap" / "toy", [record("a", "1.0"), record("a", "2.0"), record("b", "1.0")])
    file, target = tmp_path / "environment.yml", tmp_path / "conda-lock.yml"
    file.write_text("channels: [toy, nodefaults]\ndependencies: [a=1]\n", encoding="utf-8")
    options = LockOptions(
        platforms=(LINUX,),
        sources=SourceOptions(snapshot=tmp_path / "snap", offline=True, cache_dir=tmp_path / "cache"),
    )
    write_lock(lock_files(file, options=options).lock, target)
    file.write_text("channels: [toy, nodefaults]\ndependencies: [a=2, b]\n", encoding="utf-8")
    found = update_files(file, lock=target, options=UpdateOptions(lock=options))
    html = found._repr_html_()
    assert "<td>upgraded</td><td>a</td><td>1.0</td><td>2.0</td>" in html
    assert "<td>added</td><td>b</td>" in html
    assert "<th>note</th>" not in html
    assert "<td>a &lt;stays&gt;</td>" in replace(found, notes=("a <stays>",))._repr_html_()


def test_an_exported_file_shows_what_it_does_not_keep() -> None:
    dev = conda("b 1", categories=("dev",))
    lock = lock_of(part(conda("a 1"), dev, roots=[root("a"), root("b", category="dev")]))
    (explicit,) = export_lock(lock, "explicit")
    html = explicit._repr_html_()
    assert f"conda-linux-64.lock: {explicit.text.count(chr(10))} lines; what it does not keep" in html
    assert html.count("<tr>") == 1 + len(explicit.losses) > 1
    assert "<td>yes</td>" in html, "categories are lost, and all is installed"
    assert "; it keeps all of the lock" in replace(explicit, losses=())._repr_html_()


def test_a_merge_shows_what_the_sides_want_or_the_lock() -> None:
    base, ours, theirs = (lock_of(part(conda(f"a {n}"), roots=[root(f"a={n}")])) for n in (1, 2, 3))
    draft = merge_locks(base, ours, theirs)._repr_html_()
    assert "<caption>no contradiction</caption>" in draft
    assert "both sides moved a</td>" in draft
    result = merged_lock(base, ours, theirs)
    assert result.lock is None
    assert result.contradictions
    assert all(escape(one) in result._repr_html_() for one in result.contradictions)
    mine, other = (replace(ours, channels=(LockChannel(url=url),)) for url in ("<x>", "y"))
    contradicted = merge_locks(base, mine, other)._repr_html_()
    assert "<caption>the two sides contradict each other</caption>" in contradicted
    assert "<td>the channels</td><td>&lt;x&gt;</td><td>y</td>" in contradicted
    agreed = merged_lock(base, ours, ours)
    assert agreed.lock == ours
    assert "<caption>lock of environment.yml</caption>" in agreed._repr_html_()
    noted = MergeResult(lock=ours, notes=("b <gave> way",))._repr_html_()
    assert "<td>b &lt;gave&gt; way</td>" in noted


def test_what_a_lock_does_not_say_is_not_shown_as_nothing() -> None:
    lock = lock_of(part(conda("a 1", size=2_000_000), conda("b 1", size=None), roots=[]))
    assert "<td>2</td><td>at least 2.0 MB</td><td>0</td>" in lock._repr_html_()
    silent = small_lock()
    silent = replace(
        silent,
        platforms=tuple(
            replace(
                one,
                roots=None,
                packages=tuple(replace(p, record=replace(p.record, size=None)) for p in one.packages),
            )
            for one in silent.platforms
        ),
    )
    assert silent._repr_html_().count("<td>not known</td><td>not known</td>") == len(silent.platforms)
