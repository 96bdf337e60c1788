"""met_often_writes_little: only who is met most, known in the market, with no script that the source shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from metrics.cues.little_back import met_often_writes_little
from metrics.cues.scene import Scene

Put = Callable[..., None]
NOW = "product = 'ours' AND period_start >= DATE '2025-01-01'"


@pytest.fixture
def met(years: Scene, put: Put) -> Scene:
    """Everybody was met once for ours, Y009 nine times; of Y009 and Y010 the source shows no script of it."""
    rows = [[f"i{k}", f"c{k}", f"Y{k:03}", "ours", "2025-01-01", "2025-12-31", 9 if k == 9 else 1] for k in range(320)]
    columns = ["interaction", "call_id", "party", "product", "period_start", "period_end", "quantity"]
    put("interaction", columns, rows)
    years.con.execute(f"UPDATE outcome SET quantity = 0, below = 100 WHERE subject IN ('Y009', 'Y010') AND {NOW}")
    return years


def test_who_is_met_most_and_shows_nothing_is_said(met: Scene) -> None:
    (cue,) = met_often_writes_little(met)
    assert (cue.subject, cue.role, cue.node) == ("Y009", "rep", "K1")
    assert cue.reasons == (
        "Met 9 times for Ours in the year",
        "Fewer than 100 scripts of Ours in it, of 350 in its market",
        "The middle HCP met for Ours was met 1 time, nine in ten up to 1",
    )
    assert cue.worth == (4.0, 9.0)


def test_a_script_that_is_shown_or_a_market_not_known_is_no_cue(met: Scene) -> None:
    met.con.execute(f"UPDATE outcome SET quantity = 100, below = NULL WHERE subject = 'Y009' AND {NOW}")
    assert list(met_often_writes_little(met)) == []
    met.con.execute("DELETE FROM outcome WHERE subject = 'Y009'")
    assert list(met_often_writes_little(met)) == []


def test_calls_of_part_of_the_year_are_no_evidence(met: Scene) -> None:
    met.con.execute("UPDATE coverage SET first = DATE '2025-08-01' WHERE fact = 'interaction'")
    assert list(met_often_writes_little(met)) == []


def test_an_opted_out_physician_is_never_read(met: Scene, put: Put) -> None:
    put("pdrp_now", ["party"], [["Y009"]])
    assert list(met_often_writes_little(met)) == []
