"""feed_silent: to the steward always, to the brand lead where it is media."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from metrics.cues.feeds import PATIENCE, feed_silent
from metrics.cues.scene import Scene

Put = Callable[..., None]
COLUMNS = ["feed", "fact", "grain", "first", "last"]


@pytest.mark.parametrize("grain", PATIENCE)
def test_silent_beyond_its_rhythm_and_not_before(land: Scene, put: Put, grain: str) -> None:
    for more, said in ((0, 0), (1, 1)):
        land.con.execute("DELETE FROM coverage")
        last = land.as_of - timedelta(days=PATIENCE[grain] + more)
        put("coverage", COLUMNS, [["crm.call", "interaction", grain, date(2024, 1, 1), last]])
        assert len(list(feed_silent(land))) == said


def test_media_is_the_brand_leads_too(land: Scene, put: Put) -> None:
    put("coverage", COLUMNS, [["pld.adnet", "exposure", "day", date(2025, 2, 1), date(2026, 10, 2)]])
    steward, brand = feed_silent(land)
    assert (steward.role, steward.hierarchy, steward.node, steward.subject) == ("steward", "", "", "pld.adnet")
    assert (brand.role, brand.hierarchy, brand.node) == ("brand_lead", "f", "N")
    assert steward.headline == "pld.adnet has been silent for 7 weeks"
    assert steward.reasons == (
        "Its last row of media exposures is of 2 Oct 2026, 51 days before the data's day",
        "A feed by day should bring something within 14 days; it did from 1 Feb 2025 on",
        "1 other feed of media exposures; the newest goes to 20 Nov 2026",
    )
    assert steward.worth == (37.0, 51.0)


def test_a_plan_or_a_goal_is_no_event(land: Scene, put: Put) -> None:
    put("coverage", COLUMNS, [["m.plan", "plan", "month", date(2024, 1, 1), date(2025, 1, 1)], ["x", "sample", "day", None, None]])  # fmt: skip  # noqa: E501
    assert list(feed_silent(land)) == []


def test_a_market_that_ends_before_the_others_of_its_feed(land: Scene, put: Put) -> None:
    land.con.execute("DELETE FROM coverage")
    columns = ["feed", "fact", "basket", "grain", "first", "last"]
    ends = {"pain": date(2025, 11, 22), "nose": date(2026, 11, 21), "eyes": date(2026, 11, 20)}
    put("coverage", columns, [["rx", "outcome", name, "year", date(2020, 1, 1), day] for name, day in ends.items()])
    put("basket", ["basket", "product", "name"], [["pain", "ours", "Pain relief"]])
    assert list(feed_silent(land)) == []
    land.con.execute("UPDATE coverage SET last = last - 1 WHERE basket = 'pain'")
    (cue,) = feed_silent(land)
    assert (cue.role, cue.subject, cue.evidence["market"]) == ("steward", "rx", "pain")
    assert cue.headline == "Prescriptions of Pain relief end 52 weeks before the others'"
    assert cue.reasons[1] == "2 other markets of the feed: totals of all products fall by this one's part"
