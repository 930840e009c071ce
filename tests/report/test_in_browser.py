"""The page in a real Chromium: search, click, filter, switch, keys, themes; and never a complaint."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from condaenv_tools.graph.platforms import build_graphs
from condaenv_tools.graph.toy import toy_graph
from condaenv_tools.report.graph_page import graph_page
from tests.graph.graphs import LOCK_FILES, real_lock
from tests.report.browser import Page
from tests.report.worlds import HOSTILE, hostile_graph, two_platforms

#: The fill of each kind, as the style sheet has it.
GREY, AMBER, DARK_AMBER = (0xE5, 0xE7, 0xEB), (0xFD, 0xE6, 0x8A), (0x75, 0x59, 0x0F)
CONFLICT = (0xC1, 0x12, 0x1F)


@pytest.fixture
def page(running_browser: Page) -> Iterator[Page]:
    running_browser.complaints.clear()
    running_browser.requested.clear()
    yield running_browser
    # Whatever a test does, nothing fails inside, and nothing is asked for but the file itself.
    assert running_browser.complaints == []
    others = [url for url in running_browser.requested if not url.startswith(("file:", "data:", "about:"))]
    assert others == []


@pytest.fixture
def toy(page: Page, tmp_path: Path) -> Page:
    file = tmp_path / "graph.html"
    file.write_text(graph_page(two_platforms(), title="toy/conda-lock.yml"), encoding="utf-8")
    page.open(file)
    return page


def colour_at(page: Page, colour: tuple[int, int, int]) -> tuple[float, float] | None:
    """Return a place of the window inside a patch of one colour on the canvas, or None."""
    place = page.run(
        f"""(() => {{
          const canvas = document.getElementById('graph');
          const {{ width, height }} = canvas;
          const copy = Object.assign(document.createElement('canvas'), {{ width, height }});
          const context = copy.getContext('2d', {{ willReadFrequently: true }});
          context.drawImage(canvas, 0, 0);
          const data = context.getImageData(0, 0, width, height).data;
          const is = (x, y) => {list(colour)!s}.every((v, i) => data[4 * (y * width + x) + i] === v);
          const box = canvas.getBoundingClientRect();
          for (let y = 1; y < height - 1; y += 1) for (let x = 2; x < width - 2; x += 1)
            if (is(x, y) && is(x - 1, y) && is(x + 1, y)) return [box.x + x, box.y + y];
          return null;
        }})()"""
    )
    return None if place is None else (place[0], place[1])


def chosen(page: Page) -> str:
    return page.text("#details-title")


def focused(page: Page) -> str:
    found = page.run("document.activeElement.id || document.activeElement.tagName")
    assert isinstance(found, str)
    return found


def look_for(page: Page, text: str) -> None:
    page.key("/")
    assert focused(page) == "search"
    page.run("document.getElementById('search').value = ''")
    page.type(text)


def test_it_starts_with_the_first_platform_and_its_counts(toy: Page) -> None:
    assert toy.text("h1") == "toy/conda-lock.yml"
    assert toy.run("document.getElementById('platform').value") == "linux-64"
    assert toy.text("#counts") == "8 packages, 12 lines"
    assert chosen(toy) == "No package chosen"


def test_search_suggests_and_enter_chooses(toy: Page) -> None:
    look_for(toy, "P")
    options = toy.run("[...document.querySelectorAll('[role=option]')].map((o) => o.firstChild.textContent)")
    # Names that begin so come before names that hold it.
    assert options == ["pip 25.0", "pure 0.1", "python 3.12.1", "app 2.0"]
    assert toy.run("document.getElementById('search').getAttribute('aria-expanded')") == "true"
    toy.key("ArrowDown")
    toy.key("ArrowDown")
    assert (
        toy.run("document.getElementById('search').getAttribute('aria-activedescendant')") == "suggestion-1"
    )
    toy.key("Enter")
    assert (chosen(toy), focused(toy)) == ("pure", "graph")
    assert toy.run("document.getElementById('suggestions').hidden") is True


def test_search_says_that_nothing_is_found_and_escape_leaves_it(toy: Page) -> None:
    look_for(toy, "zzz")
    assert "no package of this platform" in toy.text("#suggestions")
    toy.key("Enter")
    assert chosen(toy) == "No package chosen"
    toy.key("Escape")
    assert toy.run("document.getElementById('suggestions').hidden") is True
    toy.key("Escape")
    assert focused(toy) == "graph"


def test_a_click_on_the_canvas_chooses_what_is_there(toy: Page) -> None:
    place = colour_at(toy, GREY)
    assert place is not None
    toy.click(*place)
    assert chosen(toy) == "__glibc"
    body = toy.text("#details-body")
    assert "2.28" in body
    assert "lib 2.0 __glibc >=2.17" in body
    # A click beside everything lets go.
    box = toy.run(
        "(() => { const b = document.getElementById('graph').getBoundingClientRect(); return [b.x, b.y]; })()"
    )
    toy.click(box[0] + 3, box[1] + 3)
    assert chosen(toy) == "No package chosen"


def test_a_click_on_a_suggestion_and_on_a_link_chooses(toy: Page) -> None:
    look_for(toy, "net")
    toy.click_on("#suggestion-0")
    assert chosen(toy) == "net"
    toy.click_on("#details-body ul button")
    assert chosen(toy) == "app"


def test_the_record_tells_what_is_known(toy: Page) -> None:
    look_for(toy, "net")
    toy.key("Enter")
    body = toy.text("#details-body")
    for told in ("1.5", "python", "MIT", "https://conda.anaconda.org/toy", "1.0 kB"):
        assert told in body
    assert "net=1 in environment.yml:6" in body
    assert "needs gone >=1, and nothing of that name is there" in body
    assert "needs lib >=3, and there is lib 2.0" in body
    assert "linux-aarch64: 1.5" in body
    assert "Needed by (2)" in body
    assert toy.text("#status").startswith("net 1.5, python, asked for, in conflict: needs 2, needed by 2")


def test_the_chain_leads_from_what_was_asked_for(toy: Page) -> None:
    look_for(toy, "pip")
    toy.key("Enter")
    links = toy.run("[...document.querySelectorAll('#details-body ol li')].map((li) => li.innerText)")
    assert links == ["net 1.5", "python 3.12.1", "pip 25.0"]


def test_conflicts_are_listed_and_drawn_in_their_colour(toy: Page) -> None:
    assert toy.text("#conflicts-title") == "Conflicts (3)"
    assert "lib 2.0 allows only net <1, and there is net 1.5" in toy.text("#conflicts")
    assert colour_at(toy, CONFLICT) is not None


def test_the_platform_is_switched_and_the_choice_kept(toy: Page) -> None:
    look_for(toy, "lib")
    toy.key("Enter")
    toy.run("document.getElementById('platform').value = 'linux-aarch64'")
    toy.run("document.getElementById('platform').dispatchEvent(new Event('change'))")
    toy.frame()
    assert toy.text("#counts") == "9 packages, 13 lines"
    assert chosen(toy) == "lib"
    assert "only-here 1.0" in toy.text("#details-body")
    assert toy.run("decodeURIComponent(location.hash)") == "#linux-aarch64/conda:lib"
    assert toy.text("#status") == "linux-aarch64: 9 packages, 13 lines"


def test_the_address_leads_back_to_a_choice(toy: Page) -> None:
    toy.run("location.hash = '#linux-aarch64/conda%3Aonly-here'")
    toy.wait("document.getElementById('details-title').innerText === 'only-here'")
    toy.run("location.hash = '#nonsense/%E0%A4%A'")
    toy.wait("document.getElementById('details-title').innerText !== 'only-here'")
    assert toy.run("document.getElementById('platform').value") == "linux-64"


def test_filters_hide_a_kind_from_canvas_and_list(toy: Page) -> None:
    assert colour_at(toy, GREY) is not None
    toy.click_on("#kinds input[value=virtual]")
    assert colour_at(toy, GREY) is None
    assert toy.text("#status") == "7 packages shown"
    toy.click_on("#ecosystems input[value=pypi]")
    assert toy.text("#status") == "6 packages shown"
    toy.click_on("#list summary")
    assert toy.text("#list caption") == "6 packages of linux-64"
    toy.click_on("#kinds input[value=virtual]")
    assert toy.text("#list caption") == "7 packages of linux-64"


def test_arrow_keys_walk_along_the_graph(toy: Page) -> None:
    toy.run("document.getElementById('graph').focus()")
    toy.key("ArrowRight")
    first = chosen(toy)
    assert first in {"meta", "net", "pure"}
    look_for(toy, "app")
    toy.key("Enter")
    toy.key("ArrowLeft")
    above = chosen(toy)
    assert above in {"meta", "pure"}
    toy.key("ArrowRight")
    assert chosen(toy) == "app" or above == "pure"
    toy.key("Enter")
    assert focused(toy) == "details-title"
    toy.key("Escape")
    assert (chosen(toy), focused(toy)) == ("No package chosen", "graph")


def test_up_and_down_stay_within_a_layer(toy: Page) -> None:
    look_for(toy, "pip")
    toy.key("Enter")
    seen = set()
    for key in ("ArrowUp", "ArrowDown", "ArrowDown"):
        toy.key(key)
        seen.add(chosen(toy))
    assert seen == {"pip", "python"}


def test_zoom_and_whole_graph_by_keys_and_buttons(toy: Page) -> None:
    start = colour_at(toy, GREY)
    toy.run("document.getElementById('graph').focus()")
    toy.key("-")
    toy.key("ArrowRight", shift=True)
    assert colour_at(toy, GREY) != start
    toy.key("0")
    assert colour_at(toy, GREY) == start
    toy.click_on("#farther")
    assert colour_at(toy, GREY) != start
    toy.click_on("#whole")
    assert colour_at(toy, GREY) == start


def test_dragging_moves_and_the_wheel_zooms(toy: Page) -> None:
    place = colour_at(toy, GREY)
    assert place is not None
    x, y = place
    events = (("mousePressed", x, y), ("mouseMoved", x - 40, y + 30), ("mouseReleased", x - 40, y + 30))
    for kind, at_x, at_y in events:
        toy.call(
            "Input.dispatchMouseEvent", type=kind, x=at_x, y=at_y, button="left", buttons=1, clickCount=1
        )
    toy.frame()
    # What was dragged is not chosen.
    assert chosen(toy) == "No package chosen"
    assert colour_at(toy, GREY) == (x - 40, y + 30)
    toy.call("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0, deltaY=400)
    toy.frame()
    assert colour_at(toy, GREY) != (x - 40, y + 30)


def test_the_list_says_the_same_as_a_table(toy: Page) -> None:
    toy.click_on("#list summary")
    rows = toy.run(
        "[...document.querySelectorAll('#list tbody tr')].map((r) => [...r.cells].map((c) => c.innerText))"
    )
    assert len(rows) == 8
    assert ["lib conflict", "2.0", "native", "conda", "", "2.5 MB", "1", "2"] in rows
    toy.click_on("#list th:nth-child(6) button")
    first = toy.run("document.querySelector('#list tbody tr').cells[0].innerText")
    assert first == "lib conflict"
    assert toy.run("document.querySelectorAll('#list th')[5].getAttribute('aria-sort')") == "descending"
    toy.click_on("#list tbody tr:nth-child(2) button")
    assert chosen(toy) != "No package chosen"
    assert focused(toy) == "details-title"


def test_everything_that_works_has_a_name_for_a_screen_reader(toy: Page) -> None:
    toy.click_on("#list summary")
    tree = toy.call("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "checkbox", "combobox", "searchbox", "Canvas", "application", "table", "status"}
    named = [
        (one["role"]["value"], one.get("name", {}).get("value", ""))
        for one in tree
        if not one.get("ignored") and one.get("role", {}).get("value") in roles
    ]
    assert {role for role, _ in named} >= {"button", "checkbox", "table"}
    assert [role for role, name in named if not name and role not in {"status", "table"}] == []
    assert any("Arrow keys walk along it" in name for _, name in named)


def test_the_tab_key_reaches_search_platform_canvas_and_list_in_order(toy: Page) -> None:
    seen = []
    for _ in range(30):
        toy.key("Tab")
        seen.append(focused(toy))
    order = [seen.index(one) for one in ("search", "platform", "closer", "graph")]
    assert order == sorted(order)
    assert "SUMMARY" in seen[seen.index("graph") :]


def test_dark_is_dark_and_follows_the_system(toy: Page) -> None:
    assert colour_at(toy, AMBER) is not None
    features = [{"name": "prefers-color-scheme", "value": "dark"}]
    toy.call("Emulation.setEmulatedMedia", media="", features=features)
    toy.frame()
    assert colour_at(toy, DARK_AMBER) is not None
    assert colour_at(toy, AMBER) is None


def test_paper_is_light_and_holds_no_controls(toy: Page) -> None:
    toy.call(
        "Emulation.setEmulatedMedia",
        media="print",
        features=[{"name": "prefers-color-scheme", "value": "dark"}],
    )
    toy.frame()
    toy.run("window.dispatchEvent(new Event('beforeprint'))")
    assert colour_at(toy, AMBER) is not None
    assert toy.run("getComputedStyle(document.querySelector('.search')).display") == "none"
    toy.run("window.dispatchEvent(new Event('afterprint'))")


def test_a_narrow_window_stacks_and_does_not_scroll_sideways(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "graph.html"
    file.write_text(graph_page(two_platforms(), title="toy/conda-lock.yml"), encoding="utf-8")
    page.open(file, width=380, height=800)
    assert page.run("document.documentElement.scrollWidth <= innerWidth") is True
    assert page.run("document.getElementById('graph').clientWidth > 300") is True
    assert colour_at(page, AMBER) is not None


def test_names_that_mean_harm_do_none(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "graph.html"
    file.write_text(graph_page(hostile_graph(), title=HOSTILE[0]), encoding="utf-8")
    page.open(file)
    assert page.text("h1") == HOSTILE[0]
    page.click_on("#list summary")
    for text in HOSTILE[:4]:
        look_for(page, text)
        page.key("Enter")
        assert chosen(page) == text
    assert page.run("typeof window.harmed") == "undefined"
    assert page.run("document.querySelectorAll('main img, main svg, main script').length") == 0


def test_two_specs_of_one_package_are_one_line_and_count_once(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "graph.html"
    file.write_text(graph_page({"linux-64": toy_graph("app: net>=1 net<2", "log: net", "net:")}))
    page.open(file)
    look_for(page, "net")
    page.key("Enter")
    said = page.text("#details-body").splitlines()
    at = said.index("Needed by (2)")
    assert said[at + 1 : at + 3] == ["app 1 net>=1 and net<2", "log 1 net"]
    assert page.text("#status").endswith("needs 0, needed by 2")
    page.click_on("#list summary")
    rows = page.run("[...document.querySelectorAll('#list tbody tr')].map((row) => row.innerText)")
    assert [row.split()[-2:] for row in rows] == [["1", "0"], ["1", "0"], ["0", "2"]]


def test_in_a_narrow_window_the_graph_comes_before_the_filters(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "graph.html"
    file.write_text(graph_page(two_platforms()), encoding="utf-8")
    page.open(file, width=420, height=800)
    tops = page.run(
        "['stage', 'details', 'filters'].map((id) => document.getElementById(id).getBoundingClientRect().top)"
    )
    assert tops == sorted(tops)
    assert tops[0] < 300


def test_the_policy_stops_what_is_not_of_the_page(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "graph.html"
    whole = graph_page(two_platforms())
    harm = "<script>window.harmed = 1</script><p onclick='window.harmed = 1' style='color: red'>x</p>"
    file.write_text(whole.replace("</body>", f"{harm}</body>"), encoding="utf-8")
    page.open(file)
    page.run("document.querySelector('p[onclick]').click()")
    assert page.run("typeof window.harmed") == "undefined"
    assert page.run("getComputedStyle(document.querySelector('p[onclick]')).color") != "rgb(255, 0, 0)"
    assert page.run("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'stopped')") == "stopped"
    # The page itself works, and the browser says what it stopped.
    assert page.text("#counts") == "8 packages, 12 lines"
    assert len(page.complaints) >= 3
    assert all("Content Security Policy" in text for text in page.complaints)
    assert not [url for url in page.requested if url.startswith("http")]
    page.complaints.clear()


def test_no_platform_is_said(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "graph.html"
    file.write_text(graph_page({}), encoding="utf-8")
    page.open(file)
    assert page.text("#counts") == "no platform, and no package"


def test_it_works_in_the_sandbox_of_a_notebook(page: Page, tmp_path: Path) -> None:
    from condaenv_tools.report.drawing import draw

    file = tmp_path / "cell.html"
    file.write_text(f"<!doctype html><p>cell</p>{draw(two_platforms())._repr_html_()}", encoding="utf-8")
    page.open(file)
    # The frame has an origin of its own; that it draws is seen from outside.
    assert len(set(pixels(page.screenshot()))) > 20


def pixels(png: bytes) -> list[bytes]:
    """Return rows of raw bytes of a PNG: enough to tell a drawing from a blank."""
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    raw = zlib.decompress(data)
    width = struct.unpack(">I", png[16:20])[0]
    step = len(raw) // struct.unpack(">I", png[20:24])[0]
    assert step > width
    return [raw[i : i + step] for i in range(0, len(raw), step)]


@pytest.mark.skipif("pangeo-notebook" not in LOCK_FILES, reason="the published lock is not at hand")
def test_eight_hundred_packages_on_four_platforms(page: Page, tmp_path: Path) -> None:
    lock = real_lock("pangeo-notebook")
    file = tmp_path / "graph.html"
    file.write_text(graph_page(build_graphs(lock), title="pangeo"), encoding="utf-8")
    page.open(file)
    assert page.text("#counts") == "812 packages, 3,710 lines"
    look_for(page, "numpy")
    page.key("Enter")
    assert chosen(page) == "numpy"
    assert "Needed by (98)" in page.text("#details-body")
    for part in lock:
        page.run(f"document.getElementById('platform').value = '{part.platform.value}'")
        page.run("document.getElementById('platform').dispatchEvent(new Event('change'))")
        page.frame()
        assert chosen(page) == "numpy"
    page.click_on("#list summary")
    assert page.run("document.querySelectorAll('#list tbody tr').length") > 700
