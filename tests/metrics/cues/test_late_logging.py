"""late_logging: a quarter of the calls, surely, and not the neighbours'."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from metrics.cues.late_logging import late_logging
from metrics.cues.scene import Found, Scene

Put = Callable[..., None]
DAY = date(2026, 10, 14)


@pytest.fixture
def logged(land: Scene, put: Put) -> Scene:
    """T2 submits 20 of 40 calls five days later, T3 four of 40; everything else the same day."""
    columns = ["interaction", "call_id", "party", "hierarchy", "node", "period_start", "period_end", "submitted"]
    for node, late in (("T2", 20), ("T3", 4)):
        rows = [[f"{node}{k}", f"{node}{k}", "H02", "f", node, DAY, DAY, DAY + timedelta(5 * (k < late))] for k in range(40)]  # fmt: skip  # noqa: E501
        put("interaction", columns, rows)
    return land


def found(scene: Scene) -> list[Found]:
    return list(late_logging(scene))


def test_said_to_the_district_manager(logged: Scene) -> None:
    (cue,) = found(logged)
    assert (cue.role, cue.node, cue.subject) == ("district_manager", "D0", "T2")
    assert cue.headline == "Place T2 logs 50 % of its calls late"
    assert cue.reasons == (
        "20 calls of 40 in 13 weeks were submitted after 3 days",
        "One in ten waited 5 days or longer",
        "Elsewhere 10 % are as late",
    )
    assert cue.worth == ((20 - 10) / 13, 20 / 13)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE interaction SET submitted = period_end + 3",
        "UPDATE interaction SET submitted = NULL",
        "DELETE FROM interaction WHERE CAST(substr(call_id, 3) AS INTEGER) NOT BETWEEN 11 AND 28",
        "UPDATE interaction SET submitted = period_end WHERE node = 'T2' AND CAST(substr(call_id, 3) AS INTEGER) > 11",
        "UPDATE interaction SET period_end = DATE '2026-07-01', submitted = DATE '2026-07-11'",
    ],
    ids=["in time", "no day of submission", "too few calls", "perhaps chance", "long ago"],
)
def test_otherwise_nothing(logged: Scene, change: str) -> None:
    logged.con.execute(change)
    assert found(logged) == []
