"""Questions as tables: every one answers, and says what it lacks."""

from __future__ import annotations

import pytest

from condaenv_tools.graph.questions import QUESTIONS, ask
from condaenv_tools.graph.roots import UnknownPackageError
from condaenv_tools.graph.toy import toy_graph
from condaenv_tools.model.table import Table
from tests.builders import record

GRAPH = toy_graph("app: web", "web: net<2", "net:", "pip: python", "python: pip", roots=["app", "net", "pip"])


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_an_answer_of_its_columns(name: str) -> None:
    table = ask(GRAPH, name, "conda:net" if QUESTIONS[name].wants else None, candidates=lambda _: ())
    assert table.columns == QUESTIONS[name].columns
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert table.caption


def test_who_holds_back_names_the_spec_and_its_package() -> None:
    table = ask(GRAPH, "holds-back", "conda:net", candidates=lambda name: (record(name, "3.0"),))
    assert table.rows == (("1", "3.0", ("net<2 (conda:web)",)),)


def test_what_is_lacking_is_said() -> None:
    with pytest.raises(ValueError, match="name one"):
        ask(GRAPH, "needs")
    with pytest.raises(ValueError, match="builds"):
        ask(GRAPH, "holds-back", "conda:net")
    with pytest.raises(UnknownPackageError):
        ask(GRAPH, "needs", "conda:nett")


def test_a_table_is_a_frame_where_pandas_is_there() -> None:
    pytest.importorskip("pandas")
    frame = Table(columns=("a", "b"), rows=(("x", 1), ("y", 2))).to_frame()
    assert list(frame.columns) == ["a", "b"]
    assert frame["b"].tolist() == [1, 2]


def test_a_table_in_a_notebook_is_escaped() -> None:
    html = Table(columns=("a",), rows=(("<script>",), (("x", "y"),), (None,)))._repr_html_()
    assert "&lt;script&gt;" in html
    assert "x, y" in html
