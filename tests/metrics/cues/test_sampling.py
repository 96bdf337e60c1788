"""sample_sink: many samples, no script, half a year; never an opted-out physician."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from metrics.cues.sampling import sample_sink
from metrics.cues.scene import Found, Scene

Put = Callable[..., None]
ANCHOR = date(2026, 11, 13)


@pytest.fixture
def sampled(land: Scene, put: Put) -> Scene:
    """Twenty HCPs get 5 units of ours on each of 4 visits; H03 gets 20 on each of 6 and writes none of it."""
    columns = ["sample", "party", "hierarchy", "node", "product", "period_start", "period_end", "quantity"]
    rows = []
    for k in range(20):
        units, visits = (20, 6) if k == 3 else (5, 4)
        days = [ANCHOR - timedelta(weeks=2 * visit) for visit in range(visits)]
        rows += [[f"{k}-{day}", f"H{k:02}", "f", f"T{k % 8}", "ours", day, day, units] for day in days]
    put("sample", columns, rows)
    land.con.execute("DELETE FROM outcome WHERE subject = 'H03' AND product = 'ours'")
    return land


def found(scene: Scene) -> list[Found]:
    return list(sample_sink(scene))


def test_said_to_the_rep(sampled: Scene) -> None:
    (cue,) = found(sampled)
    assert (cue.role, cue.node, cue.subject, cue.product) == ("rep", "T3", "H03", "ours")
    assert cue.headline == "{subject} takes Ours samples and writes none"
    assert cue.reasons == (
        "120 units of Ours left on 6 visits in 26 weeks",
        "No Ours script in these weeks; 182 in its market",
        "The middle HCP who is sampled received 20 units, nine in ten up to 20",
    )
    assert cue.worth == (50.0, 60.0)


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO pdrp_now VALUES ('H03')",
        "INSERT INTO outcome (subject_kind, subject, product, period_start, period_end, quantity) VALUES ('hcp', 'H03', 'ours', DATE '2026-11-07', DATE '2026-11-13', 1)",  # noqa: E501
        "UPDATE sample SET quantity = 3 WHERE party = 'H03'",
        "UPDATE sample SET period_end = DATE '2026-11-13' WHERE party = 'H03'",
        "DELETE FROM outcome WHERE period_start < DATE '2026-07-01'",
        "UPDATE place SET leaf = 'N~unaligned' WHERE subject = 'H03'",
        "UPDATE product SET own = FALSE",
    ],
    ids=["opted out", "writes", "few units", "one visit", "not loaded in full", "in no territory", "not ours"],
)
def test_otherwise_nothing(sampled: Scene, change: str) -> None:
    sampled.con.execute(change)
    assert found(sampled) == []


def test_yearly_data_says_nothing(sampled: Scene) -> None:
    assert found(Scene(sampled.con, sampled.as_of, sampled.anchor, "year")) == []
