"""What stands around the numbers on Smallland."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from data.errors import Denied
from metrics.catalog import METRICS
from metrics.context import annotations, freshness
from metrics.explain import explain, lineage, measures_of
from metrics.loaded import feed_of, feeds
from metrics.query import Visitor

REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")
MSL = Visitor(id="msl", role="msl", hierarchy="medical", node="ME_R1")


def test_a_visitor_is_told_the_age_of_what_it_may_know_and_of_nothing_else(smallland_snapshot: Any) -> None:
    bands = {each.band: each for each in freshness(REP, smallland_snapshot)}
    assert set(bands) == {"outcome", "field", "media"}
    assert (bands["outcome"].last, bands["outcome"].age_days) == (date(2026, 11, 13), 9)
    assert {each.band for each in freshness(MSL, smallland_snapshot)} == {"medical", "sites"}


def test_annotations_stay_inside_the_hierarchy_a_visitor_may_enter(smallland_snapshot: Any) -> None:
    days = (date(2020, 1, 1), date(2030, 1, 1))
    found = annotations(REP, smallland_snapshot, "field", "SM_N1a", *days)
    assert all(isinstance(day, date) and text for day, text in found)
    with pytest.raises(Denied):
        annotations(MSL, smallland_snapshot, "field", "SM", *days)


def test_every_metric_explains_itself_down_to_its_feeds(smallland_snapshot: Any) -> None:
    for name in METRICS:
        told = explain(name)
        assert told.definition
        assert told.measures
        assert told.tables
        loaded = [feed_of(smallland_snapshot, fact) for fact in METRICS[name].facts]
        dated = all(feed is not None and feed.last is not None for feed in loaded)
        assert bool(lineage(name, smallland_snapshot)) or not dated, name
    assert [measure.name for measure in measures_of(METRICS["reach"])] == ["contacts", "planned"]


def test_feeds_know_their_grain_and_span(smallland_snapshot: Any) -> None:
    assert feeds(smallland_snapshot)["outcome", None].grain == "week"
    assert feeds(smallland_snapshot)["outcome", None].last == date(2026, 11, 13)
