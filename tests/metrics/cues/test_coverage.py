"""overdue_target: tier A, receives reps, not seen for two and a half intervals; and nothing without evidence.

The plan: six calls from 1 October to 31 December 2026, so one in 15.3 days; 37 of 66 working days are gone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from metrics.cues.coverage import overdue_target
from metrics.cues.scene import Found, Scene

Put = Callable[..., None]
CYCLE = (date(2026, 10, 1), date(2026, 12, 31))


@pytest.fixture
def planned(land: Scene, put: Put) -> Scene:
    """H00 (T0) is a tier A target; the feed's last call is of H01 on 20 November; the first a year ago."""
    columns = ["party", "hierarchy", "node", "product", "cycle", "tier", "period_start", "period_end", "quantity"]
    put("plan", columns, [["H00", "f", "T0", "ours", "Q4", "A", *CYCLE, 6]])
    put("party", ["party", "kind", "access"], [["H00", "hcp", "open"]])
    call(put, "H01", date(2025, 11, 20))
    call(put, "H01", date(2026, 11, 20))
    return land


def call(put: Put, party: str, day: date) -> None:
    columns = ["interaction", "call_id", "party", "hierarchy", "node", "period_start", "period_end"]
    put("interaction", columns, [[f"{party}{day}", f"{party}{day}", party, "f", "T0", day, day]])


def found(scene: Scene) -> list[Found]:
    return list(overdue_target(scene))


def test_overdue_is_said(planned: Scene, put: Put) -> None:
    call(put, "H00", date(2026, 9, 25))
    (cue,) = found(planned)
    assert (cue.role, cue.node, cue.subject) == ("rep", "T0", "H00")
    assert cue.headline == "{subject} is overdue: tier A, not seen for 8 weeks"
    assert cue.reasons[0] == "Last seen 8 weeks ago (25 Sep); the plan says every 2 weeks"
    assert cue.reasons[1] == "0 of 6 planned calls held, 56 % of the working days gone"
    assert cue.reasons[2] == "Tier A for Ours, receives reps; no e-mail or advertisement for Ours in 13 weeks"
    assert cue.worth == (3.0, 6.0)


@pytest.mark.parametrize("days", [5, 27, 30])
def test_not_yet_overdue_is_not(planned: Scene, put: Put, days: int) -> None:
    call(put, "H00", planned.as_of - timedelta(days=days))
    assert found(planned) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE plan SET tier = 'B'",
        "UPDATE party SET access = 'none'",
        "UPDATE plan SET period_end = DATE '2026-11-01'",
        "UPDATE coverage SET last = DATE '2026-10-30'",
        "DELETE FROM interaction",
    ],
    ids=["lower tier", "receives nobody", "plan over", "stale calls", "no calls loaded"],
)
def test_no_evidence_no_cue(planned: Scene, put: Put, change: str) -> None:
    call(put, "H00", date(2026, 9, 1))
    assert len(found(planned)) == 1
    planned.con.execute(change)
    assert found(planned) == []


def test_no_prescription_is_read(planned: Scene, put: Put) -> None:
    """An opted-out physician may be called on: nothing in the cue comes from prescriptions."""
    call(put, "H00", date(2026, 9, 1))
    before = found(planned)
    put("pdrp_now", ["party"], [["H00"]])
    planned.con.execute("UPDATE outcome SET quantity = 99")
    assert found(planned) == before
