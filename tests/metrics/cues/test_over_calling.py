"""over_calling: the low tier beyond its plan, tier A behind, in the same territory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from metrics.cues.over_calling import over_calling
from metrics.cues.scene import Found, Scene

Put = Callable[..., None]
FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)


@pytest.fixture
def called(land: Scene, put: Put) -> Scene:
    """T1 is to see H01 (tier A) 20 times and H09 (tier C) 10 times in the quarter; it saw them 4 and 36 times."""
    columns = ["party", "hierarchy", "node", "cycle", "tier", "period_start", "period_end", "quantity"]
    put("plan", columns, [["H01", "f", "T1", "Q4", "A", FIRST, LAST, 20], ["H09", "f", "T1", "Q4", "C", FIRST, LAST, 10]])  # fmt: skip  # noqa: E501
    columns = ["interaction", "call_id", "party", "hierarchy", "node", "period_start", "period_end"]
    days = [FIRST + timedelta(k) for k in range(40)]
    put("interaction", columns, [[f"c{k}", f"c{k}", "H01" if k < 4 else "H09", "f", "T1", day, day] for k, day in enumerate(days)])  # fmt: skip  # noqa: E501
    return land


def found(scene: Scene) -> list[Found]:
    return list(over_calling(scene))


def test_said_with_both_tiers(called: Scene) -> None:
    """37 of the quarter's 66 working days are gone: 11.2 calls are due to tier A, 5.6 to tier C."""
    (cue,) = found(called)
    assert (cue.role, cue.node, cue.subject) == ("district_manager", "D0", "T1")
    assert cue.evidence["top_due"] == pytest.approx(20 * 37 / 66)
    assert cue.evidence["beyond"] == pytest.approx(36 - 10 * 37 / 66)
    assert cue.reasons[1] == "Tier A received 4 of the 11 calls due by now (36 %)"
    assert cue.reasons[2] == "0 of 1 tier A target not seen since 1 Oct"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE interaction SET party = 'H01' WHERE CAST(substr(call_id, 2) AS INTEGER) < 12",
        "UPDATE plan SET quantity = 60 WHERE party = 'H09'",
        "UPDATE plan SET tier = 'B' WHERE party = 'H09'",
        "DELETE FROM interaction WHERE CAST(substr(call_id, 2) AS INTEGER) > 28",
        "DELETE FROM plan WHERE party = 'H01'",
        "UPDATE plan SET period_start = DATE '2026-11-16', period_end = DATE '2027-02-14'",
    ],
    ids=["tier A is seen", "within plan", "no low tier", "few calls", "no tier A", "too early in the cycle"],
)
def test_otherwise_nothing(called: Scene, change: str) -> None:
    called.con.execute(change)
    assert found(called) == []
