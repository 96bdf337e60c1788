"""media_fatigue: too often and never a click, where others click."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from metrics.cues.media import media_fatigue
from metrics.cues.scene import Found, Scene

Put = Callable[..., None]
LAST = date(2026, 11, 20)


@pytest.fixture
def shown(land: Scene, put: Put) -> Scene:
    """Campaign K1: H00..H04 see it 25 times a week and never click; H10..H29 ten times a week, one click in four weeks."""  # fmt: skip  # noqa: E501
    columns = ["exposure", "party", "vendor", "campaign", "channel", "product", "event", "period_start", "period_end", "quantity"]  # fmt: skip  # noqa: E501
    rows = []
    for week in range(4):
        day = LAST - timedelta(weeks=week)
        times = dict.fromkeys(range(5), 25) | dict.fromkeys(range(10, 30), 10)
        rows += [[f"i{k}-{week}", f"H{k:02}", "adnet", "K1", "display", "ours", "impression", day, day, n] for k, n in times.items()]  # fmt: skip  # noqa: E501
    rows += [[f"c{k}", f"H{k:02}", "adnet", "K1", "display", "ours", "click", LAST, LAST, 1] for k in range(10, 30)]
    put("exposure", columns, rows)
    return land


def found(scene: Scene) -> list[Found]:
    return list(media_fatigue(scene))


def test_said_once_a_campaign_to_the_brand_lead(shown: Scene) -> None:
    """800 impressions elsewhere bring 20 clicks; at that rate the 500 would bring 12.5."""
    (cue,) = found(shown)
    assert (cue.role, cue.node, cue.subject, cue.product) == ("brand_lead", "N", "K1", "ours")
    assert cue.headline == "K1 tires 5 HCPs: over 20 a week, no click"
    assert cue.reasons[1] == "No click in 500 impressions; at the others' rate there would be 12"
    assert cue.evidence["hcps"] == [f"H0{k}" for k in range(5)]
    assert cue.worth == (25.0, 125.0)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE exposure SET quantity = 20 WHERE quantity = 25",
        "UPDATE exposure SET quantity = 20 WHERE quantity = 25 AND period_end = DATE '2026-11-06'",
        "DELETE FROM exposure WHERE quantity = 25 AND period_end = DATE '2026-11-06'",
        "UPDATE exposure SET party = replace(party, 'H1', 'H0') WHERE event = 'click' AND party < 'H15'",
        "DELETE FROM exposure WHERE event = 'click'",
        "UPDATE exposure SET period_start = period_start - 20, period_end = period_end - 20",
        "UPDATE exposure SET party = NULL WHERE quantity = 25",
    ],
    ids=["not too often", "one week less", "a week without", "they click", "nobody clicks", "old", "nobody known"],
)
def test_otherwise_nothing(shown: Scene, change: str) -> None:
    shown.con.execute(change)
    assert found(shown) == []
