"""Markdown and HTML of a difference: nothing in a lock is more than text, and equal input gives equal bytes."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.lock.diff import diff_locks
from condaenv_tools.model.lock import Lock, LockChannel, Root
from condaenv_tools.report.diff_markdown import diff_markdown
from condaenv_tools.report.diff_page import diff_page
from tests.lock.toy_locks import CHANNEL, MAC, conda, lock_of, part, root


class Tags(HTMLParser):
    """The elements of a page, and whether each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        assert not any(name.startswith("on") or name in {"src", "href"} for name, _ in attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


def locks_of(text: str) -> tuple[Lock, Lock]:
    """Return two locks with a text wherever a lock has one of somebody else's making."""
    asked = Root(name="a", spec=text, source=f"{text}:3")
    version = conda("a 1", version=f"1{text}", build=text)
    old = lock_of(part(conda("a 1"), roots=[root("a")]), channels=(LockChannel(url=text),))
    return old, lock_of(part(version, conda("b 1", name=text), roots=[asked]))


NASTY = (
    "<script>alert(1)</script>",
    "</style><img src=x onerror=y>",
    "a|b`c*d_[e](f)&lt;",
    "\"'><b>",
    "\n- x\n",
)


OURS = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h3", "p", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NASTY) | st.text(max_size=12))
def test_whatever_a_lock_holds_is_text(text: str) -> None:
    diff = diff_locks(*locks_of(text))
    tags = read(diff_page(diff, title=text))
    assert set(tags.names) <= OURS
    shown = diff_markdown(diff, title=text)
    plain = re.sub(r"</?(details|summary|b)>", "", shown)
    assert "<" not in plain
    rows = [line for line in shown.splitlines() if line.startswith("| ")]
    assert rows
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for line in rows)


def test_the_policy_lets_the_style_alone_count() -> None:
    page = diff_page(diff_locks(*locks_of("x")))
    policy = re.search(r'content="(default-src[^"]*)"', page)
    assert policy is not None
    assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='", policy[1])


def test_a_cause_and_equal_changes_are_told_once() -> None:
    def lock(version: str, mac: str) -> Lock:
        on_mac = conda(f"a {version}", subdir="osx-arm64"), conda(f"m {mac}", subdir="osx-arm64")
        return lock_of(part(conda(f"a {version}")), part(*on_mac, platform=MAC))

    shown = diff_markdown(diff_locks(lock("1", "1"), lock("2", "3")))
    assert shown.count("| upgraded | a | 1 | 2 |") == 1
    assert shown.count("| upgraded | m | 1 | 3 | osx-arm64 |") == 1
    assert "<b>linux-64, osx-arm64</b> (all platforms): 2 changed" in shown
    tags = read(diff_page(diff_locks(lock("1", "1"), lock("2", "3"))))
    assert (tags.names.count("details"), tags.texts.count("m"), tags.texts.count("a")) == (1, 1, 1)


def test_no_credential_is_shown() -> None:
    url = "https://me:hunter2@conda.example.org/team"
    there = conda("a 1", channel=url, url=f"{url}/linux-64/a-1-0.conda")
    diff = diff_locks(lock_of(part(conda("a 1"))), lock_of(part(there), channels=(LockChannel(url=url),)))
    shown = diff_page(diff) + diff_markdown(diff)
    assert "hunter2" not in shown
    assert CHANNEL in shown


def test_a_long_list_is_cut_in_a_comment() -> None:
    many = [conda(f"p{i} 1") for i in range(450)]
    shown = diff_markdown(diff_locks(lock_of(part()), lock_of(part(*many))))
    assert shown.count("| added |") == 400
    assert "… and 50 more" in shown
