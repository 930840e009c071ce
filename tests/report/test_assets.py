"""The style and the script of the page as they lie in the package: what can be read, and what has one name."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from condaenv_tools.report.graph_page import _SCRIPTS

ASSETS = files("condaenv_tools.report") / "assets"
STYLE = (ASSETS / "graph.css").read_text(encoding="utf-8")


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


def _themes() -> dict[str, dict[str, str]]:
    light, _, rest = STYLE.partition("@media screen and (prefers-color-scheme: dark)")
    dark = rest.partition("\n}\n")[0]
    paper = re.findall(r"'?([a-z-]+)'?: '(#[0-9a-f]{6})'", (ASSETS / "theme.js").read_text(encoding="utf-8"))
    return {"light": _colours(light), "dark": _colours(dark), "paper": dict(paper)}


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
def test_text_and_lines_can_be_told_from_what_is_behind_them(theme: str) -> None:
    colours = _themes()[theme]
    backs = [colours[name] for name in ("back", "panel") if name in colours]
    for name in ("text", "dim", "link", "conflict"):
        if name in colours:
            assert all(contrast(colours[name], back) >= 4.5 for back in backs), name
    for kind in ("python", "native", "virtual", "meta"):
        assert contrast(colours["node-text"], colours[kind]) >= 4.5, kind
    for line in ("needs", "needed", "chain", "conflict", "frame", "focus", "edge"):
        assert contrast(colours[line], colours["back"]) >= 3, line


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_theme_has_every_colour() -> None:
    themes = _themes()
    names = set(
        re.findall(r"'([a-z-]+)'", (ASSETS / "theme.js").read_text(encoding="utf-8").partition("]")[0])
    )
    assert names <= set(themes["light"])
    assert set(themes["light"]) == set(themes["dark"])
    assert names == set(themes["paper"])


def test_every_script_is_used_and_no_name_is_given_twice() -> None:
    lying = {one.name for one in ASSETS.iterdir() if one.name.endswith(".js")}
    assert lying == set(_SCRIPTS)
    code = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    names = re.findall(r"^(?:const|let|function) ([A-Za-z_]+)", code, re.MULTILINE)
    assert len(names) == len(set(names))


def test_every_element_that_the_script_asks_for_is_there() -> None:
    page = (ASSETS / "graph.html").read_text(encoding="utf-8")
    code = "".join((ASSETS / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    wanted = set(re.findall(r"element\('([a-z-]+)'\)", code))
    assert wanted <= set(re.findall(r'id="([a-z-]+)"', page))
    assert len(wanted) > 10
