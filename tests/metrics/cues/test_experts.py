"""expert_waiting: two intervals and thirteen weeks without an exchange; ranked by scientific tier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from metrics.cues.experts import expert_waiting
from metrics.cues.scene import Found, Scene

Put = Callable[..., None]


@pytest.fixture
def plan(land: Scene, put: Put) -> Scene:
    """H00 and H01 are to be met twice from October to December; H00 was last met on 1 June, H01 in November."""
    columns = ["party", "hierarchy", "node", "cycle", "tier", "period_start", "period_end", "quantity"]
    rows = [[h, "m", "X1", "Q4", t, date(2026, 10, 1), date(2026, 12, 31), 2] for h, t in (("H00", "national"), ("H01", "regional"))]  # fmt: skip  # noqa: E501
    put("expert_plan", columns, rows)
    met = [["a", "H00", date(2026, 6, 1), date(2026, 6, 1)], ["b", "H01", date(2026, 11, 2), date(2026, 11, 2)]]
    put("exchange", ["exchange", "party", "period_start", "period_end"], met)
    return land


def found(scene: Scene) -> list[Found]:
    return list(expert_waiting(scene))


def test_said_with_its_numbers(plan: Scene) -> None:
    (cue,) = found(plan)
    assert (cue.role, cue.node, cue.subject) == ("msl", "X1", "H00")
    assert cue.headline == "{subject} waits for an exchange: none for 24 weeks"
    assert cue.reasons == (
        "Last exchange 24 weeks ago (1 Jun); the plan says 2 in this cycle",
        "0 of 2 held with 57 % of the cycle gone",
        "National tier; 1 of 2 experts here met in this cycle",
    )


def test_tier_alone_sets_the_urgency(plan: Scene) -> None:
    (national,) = found(plan)
    plan.con.execute("UPDATE expert_plan SET tier = 'regional'")
    (regional,) = found(plan)
    assert national.urgency > regional.urgency
    plan.con.execute("UPDATE outcome SET quantity = 999 WHERE subject = 'H00'")
    assert found(plan) == [regional]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE exchange SET period_start = DATE '2026-09-01', period_end = DATE '2026-09-01' WHERE party = 'H00'",
        "UPDATE expert_plan SET period_end = DATE '2026-11-01'",
        "UPDATE expert_plan SET period_start = DATE '2026-11-15'",
        "UPDATE coverage SET last = DATE '2026-10-01'",
    ],
    ids=["met lately", "plan over", "cycle young", "stale exchanges"],
)
def test_otherwise_nothing(plan: Scene, change: str) -> None:
    plan.con.execute(change)
    assert found(plan) == []
