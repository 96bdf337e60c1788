"""The spans of time that a build adds up: every standard window, its comparisons, and every outcome period."""

from __future__ import annotations

from datetime import date
from typing import Any

from metrics.periods import DEFAULT, Span, periods, reach_back, standard_spans


def grain_of(grain: str | None) -> str:
    """The outcome grain; weeks where no outcome is loaded."""
    return grain if grain in DEFAULT else "week"


def make_spans(con: Any, info: Any) -> None:
    """Write `span`: every standard window with its comparisons, and every outcome period loaded.

    `before` and `back` are the first days of the window just before and of the year before; only
    windows are `deep`: a single period is not compared with a year.
    """
    grain = grain_of(info.grain)
    rows: list[tuple[Any, ...]] = [
        (
            f"{each.win}:{each.shift}",
            "window",
            each.win,
            each.shift,
            each.first,
            each.last,
            *reach_back(grain, each),
            True,
        )
        for each in standard_spans(grain, info.anchor)
    ]
    found = con.execute("SELECT min(first) FROM coverage WHERE fact = 'outcome'").fetchone()
    first: date = (found and found[0]) or con.execute("SELECT min(first) FROM coverage").fetchone()[0] or info.anchor
    for each in periods(grain, info.anchor, first):
        days = (each.first, each.last, *reach_back(grain, Span("", "current", each.first, each.last)))
        rows.append((f"p:{each.last.isoformat()}", "period", None, "current", *days, False))
    con.execute(
        "CREATE TABLE span (span VARCHAR, kind VARCHAR, win VARCHAR, shift VARCHAR, first DATE, last DATE, "
        "before DATE, back DATE, deep BOOLEAN)"
    )
    con.executemany("INSERT INTO span VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
