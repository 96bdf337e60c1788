"""The door (authorise, compile, bind): what a question costs before the first row is read."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from data.snapshot import Snapshot, open_snapshot
from data.workspace import Workspace
from metrics import binding, result
from metrics.access import authorise
from metrics.catalog import METRICS
from metrics.compiler import compile_shape
from metrics.query import MetricQuery, Visitor
from metrics.visitors import visitors
from tests.bench.measure import Line, median_ms

KNOWN_MS, NEW_MS = 2.0, 40.0
THREADS = 10
PAGE = (
    "trx", "goal_attainment", "share", "evolution_index", "call_plan_attainment", "capped_calls", "planned_calls",
    "reach", "reached_targets", "targets", "media_reach", "reached_hcps", "cost_per_reached_hcp",
)  # fmt: skip


def measure(home: Path) -> Iterator[Line]:
    """The door for a shape that is known and for a new one, then ten threads that ask at once."""
    snapshot = open_snapshot(Workspace.open(home))
    leader = visitors(Workspace.open(home))[0]
    query = _query(leader, PAGE)
    _through(query, leader, snapshot)
    known = median_ms(lambda: _through(query, leader, snapshot), 200)
    yield Line("the door, shape known (ms)", known, KNOWN_MS, f"{len(PAGE)} metrics")

    def _new() -> None:
        compile_shape.cache_clear()
        _through(query, leader, snapshot)

    new = median_ms(_new, 15)
    yield Line("the door, a new shape (ms)", new, NEW_MS, f"{len(PAGE)} metrics")
    wrong, asked = _at_once(home, snapshot)
    yield Line(f"wrong answers of {THREADS} threads at once", wrong, 0, f"{asked} answers compared")


def _query(visitor: Visitor, metrics: tuple[str, ...], by: str = "region", **more: Any) -> MetricQuery:
    return MetricQuery(
        metrics=metrics, hierarchy=visitor.hierarchy, within=None, by=by, product="cardiva", compare="previous", **more
    )


def _through(query: MetricQuery, visitor: Visitor, snapshot: Snapshot) -> Any:
    granted = authorise(query, visitor, snapshot)
    shape = binding.shape_of(granted, snapshot)
    return binding.bound(granted, shape, snapshot, binding.spans(granted, snapshot), granted.product or "*")


def _questions(home: Path, snapshot: Snapshot) -> list[tuple[MetricQuery, Visitor]]:
    """Every visitor at every level they may ask by, three metrics at a time."""
    found = []
    levels = {each.id: each.levels for each in snapshot.hierarchies()}
    for visitor in visitors(Workspace.open(home)):
        for at, by in enumerate(levels.get(visitor.hierarchy, ())):
            for first in range(at, len(METRICS), 9):
                found.append((_query(visitor, tuple(METRICS)[first : first + 3], by), visitor))
    return found


def _said(question: tuple[MetricQuery, Visitor], snapshot: Snapshot) -> str:
    query, visitor = question
    try:
        answer = result.ask(authorise(query, visitor, snapshot), snapshot)
    except Exception as error:  # a denial is an answer too, and must be the same one
        return repr(error)
    return f"{answer.rows.to_json(date_format='iso')} {answer.withheld} {answer.partial}"


def _at_once(home: Path, snapshot: Snapshot) -> tuple[int, int]:
    """How many of the answers given to ten threads at once differ from those given alone."""
    questions = _questions(home, snapshot)
    alone = [_said(each, snapshot) for each in questions]
    with ThreadPoolExecutor(THREADS) as threads:
        together = list(threads.map(lambda each: _said(each, snapshot), questions))
    return sum(one != other for one, other in zip(alone, together, strict=True)), len(questions)
