"""An answer read cell by cell: numbers, periods in order, the word that comes first."""

from __future__ import annotations

from datetime import date

import pandas as pd

from metrics.query import Withheld
from metrics.reading import read
from metrics.result import Result

ROWS = pd.DataFrame(
    {
        "node_id": ["b", "b", "c", "c"],
        "node": ["B", "B", "C", "C"],
        "period_end": pd.to_datetime(["2026-11-06", "2026-11-13", "2026-11-06", "2026-11-13"]),
        "calls": [None, 4, 1, 3],
    }
)
WORDS = (
    Withheld(metric="calls", node_id="b", reason="too few to say"),
    Withheld(metric="calls", node_id="*", reason="not loaded"),
    Withheld(metric="calls", node_id="c", reason="yearly"),
)


def test_lines_run_from_the_oldest_period_and_unknown_is_none() -> None:
    found = read(Result(rows=ROWS, withheld=WORDS, as_of=date(2026, 11, 22), snapshot="s", lineage={}))
    assert found.nodes == ("b", "c")
    assert found.ends == [date(2026, 11, 6), date(2026, 11, 13)]
    assert found.line("calls", "b") == (None, 4.0)
    assert found.line("calls") == found.line("calls", "b")
    assert found.line("nothing", "b") == ()
    assert found.now("calls", "a") is None


def test_the_first_word_stands() -> None:
    found = read(Result(rows=ROWS, withheld=WORDS, as_of=date(2026, 11, 22), snapshot="s", lineage={}))
    assert found.reason("calls", "b") == "too few to say"
    assert found.reason("calls", "c") == "not loaded"
    assert found.reason("trx", "c") == ""
