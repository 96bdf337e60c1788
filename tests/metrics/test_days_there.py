"""Who moved sees the place they left for their own days there: one day that is not theirs, and nothing is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import Denied, OnepictureError
from metrics.access import authorise
from metrics.catalog import METRICS
from metrics.cues.inbox import cues_for
from metrics.query import MetricQuery, Standing, Visitor
from metrics.result import ask
from metrics.standing import Own

REP = Visitor(id="rep", role="rep", hierarchy="field", node=None)
LEFT = Standing(hierarchy="field", node="SM_S1a", from_date=date(2026, 8, 1), to_date=date(2026, 10, 31))
HERE = Standing(hierarchy="field", node="SM_N1b", from_date=date(2026, 11, 1))
MOVED = replace(REP, spans=(LEFT, HERE))
STAYED = replace(REP, node="SM_S1a")
MINE = "2026-08-01..2026-10-31"
ASKED = MetricQuery(metrics=("trx", "calls"), hierarchy="field", within="SM_S1a", by="HCP", window=MINE)


def test_the_rows_of_ones_own_days_are_those_of_whoever_stands_there(smallland_snapshot: Any) -> None:
    granted = authorise(ASKED, MOVED, smallland_snapshot)
    assert granted.scope == "SM_S1a"
    told = ask(granted, smallland_snapshot).rows
    assert len(told) > 1 and told["trx"].sum() > 0
    same = ask(authorise(ASKED, STAYED, smallland_snapshot), smallland_snapshot).rows
    assert told.equals(same)
    assert Own(smallland_snapshot, MOVED).nodes("field").keys() == {"SM_N1b", "SM_S1a"}


@pytest.mark.parametrize(
    "change",
    [
        {"window": "2026-07-31..2026-10-31"}, {"window": "2026-08-01..2026-11-01"}, {"window": "C13W"},
        {"window": "all"}, {"window": "2026-08..2026-08", "compare": "previous"}, {"window": MINE, "compare": "year"},
        {"by": "territory", "series": 8, "window": "C13W"},
    ],
)  # fmt: skip
def test_one_day_too_many_and_nothing_is_told(smallland_snapshot: Any, change: dict[str, Any]) -> None:
    asked = replace(ASKED, **change)
    assert authorise(asked, STAYED, smallland_snapshot)
    with pytest.raises(Denied, match="from 2026-08-01 until 2026-10-31; some of the days"):
        authorise(asked, MOVED, smallland_snapshot)


def test_a_number_that_looks_beyond_the_days_asked_is_withheld(smallland_snapshot: Any) -> None:
    granted = authorise(replace(ASKED, metrics=("trx", "new_writers"), by="territory"), MOVED, smallland_snapshot)
    assert granted.metrics == ("trx",)
    (held,) = granted.withheld
    assert held.metric == "new_writers" and "days before or after your own" in held.reason
    assert authorise(replace(ASKED, metrics=("trx", "new_writers")), STAYED, smallland_snapshot)


def test_whoever_stands_nowhere_now_has_no_past_either(smallland_snapshot: Any) -> None:
    gone = replace(MOVED, spans=(LEFT,))
    with pytest.raises(Denied):
        authorise(ASKED, gone, smallland_snapshot)


def test_cues_are_those_of_where_one_stands(smallland_snapshot: Any) -> None:
    assert {card.node for card in cues_for(MOVED, smallland_snapshot)} <= {"SM_N1b"}


FIRST = date(2026, 5, 1)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    begins=st.integers(0, 200), lasts=st.integers(0, 120), asked=st.integers(0, 220), long=st.integers(0, 120),
    compare=st.sampled_from([None, "previous", "year"]), node=st.sampled_from(["SM_S1a", "SM_N1a", "SM_N1b", "SM_S1"]),
    metric=st.sampled_from(sorted(METRICS)),
)  # fmt: skip
def test_no_day_outside_ones_own_is_ever_granted(
    smallland_snapshot: Any, begins: int, lasts: int, asked: int, long: int, compare: str | None, node: str, metric: str
) -> None:
    """Against an oracle typed a second time: another's place never, one's own of before only for days all one's own."""
    first, start = FIRST + timedelta(days=begins), FIRST + timedelta(days=asked)
    last = min(first + timedelta(days=lasts), date(2026, 11, 10))
    left = replace(LEFT, from_date=min(first, last), to_date=last)
    here = replace(HERE, from_date=last + timedelta(days=1))
    until = start + timedelta(days=long)
    question = replace(ASKED, metrics=(metric,), within=node, by="HCP", window=f"{start}..{until}", compare=compare)
    try:
        authorise(question, replace(REP, spans=(left, here)), smallland_snapshot)
    except OnepictureError:
        return
    assert node in ("SM_S1a", "SM_N1b")
    if node == "SM_S1a":
        earliest = start - (until - start) - timedelta(days=1) if compare == "previous" else start
        earliest = start - timedelta(weeks=52) if compare == "year" else earliest
        assert left.from_date <= earliest and until <= last
