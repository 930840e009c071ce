"""The graphs of a lock as one HTML page that works without a network: its script, style and data are inside.

Names and specs come from channels, and the page takes none of them for more than text: the data is JSON in an
inert element, without any sign that HTML knows; the script writes it with `textContent` alone; and the policy of
the page (Content-Security-Policy) lets its own script and style run, by their hash, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files

import networkx as nx

from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.report.page_data import page_data

__all__ = ["graph_page"]

#: In this order they share one scope.
_SCRIPTS = (
    "model.js",
    "theme.js",
    "canvas.js",
    "pointer.js",
    "details.js",
    "search.js",
    "list.js",
    "start.js",
)
_PLACE = re.compile(r"@@([A-Z]+)@@")
#: What could end or begin an element, or a comment, in the text of one.
_JSON_SIGNS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


def graph_page(graphs: nx.MultiDiGraph | Mapping[str, nx.MultiDiGraph], *, title: str = "") -> str:
    """Return a page on which the graphs of some platforms can be looked at, searched and walked through.

    Parameters
    ----------
    graphs : networkx.MultiDiGraph or mapping of str to networkx.MultiDiGraph
        One graph of `build_graph`, or several by the platform's name; the page switches between them.
    title : str
        What the graphs are about, such as the name of the lock.

    Returns
    -------
    str
        A whole HTML document. The same graphs give the same bytes.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> page = graph_page(toy_graph("app: net", "net:"), title="<toy>")
    >>> page.startswith("<!doctype html>"), "<title>&lt;toy&gt;: packages and what they need</title>" in page
    (True, True)

    References
    ----------
    W3C, Content Security Policy Level 3, section 2.3.1: sources by hash.
    """
    several = {graphs.graph["platform"]: graphs} if isinstance(graphs, nx.MultiDiGraph) else graphs
    data = json.dumps(page_data(several, title=title), separators=(",", ":"), ensure_ascii=True)
    script, style = _script(), _asset("graph.css")
    parts = {
        "TITLE": escape(mask_credentials(title) or "Dependency graph"),
        "POLICY": escape(_policy(script, style)),
        "STYLE": style,
        "DATA": data.translate(_JSON_SIGNS),
        "SCRIPT": script,
    }
    # One pass: what is put in is not looked at again.
    return _PLACE.sub(lambda place: parts[place[1]], _asset("graph.html"))


@cache
def _asset(name: str) -> str:
    text = files("condaenv_tools.report").joinpath("assets", name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


@cache
def _script() -> str:
    return "\n(() => {\n'use strict';\n" + "\n".join(map(_asset, _SCRIPTS)) + "})();\n"


def _policy(script: str, style: str) -> str:
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
