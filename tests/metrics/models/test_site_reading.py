"""Sites read one by one through the door: only a grant's own sites, and whole studies only to those who hold them.

Smallland: S1-01, S1-02, S1-03 of study S1 and S2-01 of S2; ME_R1 looks after S1-01 and S1-02.
"""

from __future__ import annotations

from typing import Any

import pytest

from data.errors import Denied, WrongQuestion
from metrics.access import authorise
from metrics.models import site_reading, site_records
from metrics.query import GrantedQuery, MetricQuery, Visitor

MSL = Visitor(id="msl", role="msl", hierarchy="medical", node="ME_R1")
DIRECTOR = Visitor(id="meddir", role="medical_director", hierarchy="medical", node="ME")
MANAGER = Visitor(id="site", role="site_manager", hierarchy="study", node="S1", studies=("S1",))
STEWARD = Visitor(id="steward", role="steward", hierarchy="field", node=None)


def _granted(
    visitor: Visitor, snapshot: Any, by: str = "site", metrics: tuple[str, ...] = site_reading.ASKED
) -> GrantedQuery:
    query = MetricQuery(metrics=metrics, hierarchy=visitor.hierarchy, within=visitor.node, by=by)
    return authorise(query, visitor, snapshot)


def _studies(visitor: Visitor, snapshot: Any) -> Any:
    return site_reading.studies(site_reading.sites(_granted(visitor, snapshot), snapshot), snapshot)


@pytest.mark.parametrize(
    ("visitor", "sites"),
    [
        (MSL, {"S1-01", "S1-02"}),
        (DIRECTOR, {"S1-01", "S1-02", "S1-03", "S2-01"}),
        (MANAGER, {"S1-01", "S1-02", "S1-03"}),
        (STEWARD, {"S1-01", "S1-02", "S1-03", "S2-01"}),
    ],
)
def test_a_grant_holds_its_own_sites(smallland_snapshot: Any, visitor: Visitor, sites: set[str]) -> None:
    granted = _granted(visitor, smallland_snapshot)
    assert {each["site"] for each in site_reading.sites(granted, smallland_snapshot)} == sites


def test_flags_come_first_with_their_reason(smallland_snapshot: Any) -> None:
    found = site_reading.sites(_granted(DIRECTOR, smallland_snapshot), smallland_snapshot)
    assert (found[0]["site"], found[0]["state"]) == ("S1-02", "flag")
    assert "sure that its rate is below" in found[0]["reason"]


def test_a_whole_study_is_told_to_those_who_hold_it(smallland_snapshot: Any) -> None:
    whole = _studies(MANAGER, smallland_snapshot)[0]
    part = _studies(MSL, smallland_snapshot)[0]
    assert whole["whole"]
    assert not part["whole"]
    assert [part[name] for name in ("target", "middle", "chance")] == [None] * 3
    assert part["sites"] == 2


def test_a_curve_ends_at_the_enrolled_and_ranges_ahead(smallland_snapshot: Any) -> None:
    held = site_reading.sites(_granted(MSL, smallland_snapshot), smallland_snapshot)
    curve = site_reading.curve(held, smallland_snapshot, study="S1", site="S1-02")
    so_far = [each["enrolled"] for each in curve if each["enrolled"] is not None]
    ahead = [each for each in curve if each["high"] is not None]
    assert so_far[-1] == 5 and so_far == sorted(so_far)
    assert ahead and all(each["low"] <= each["middle"] <= each["high"] for each in ahead)


def test_no_curve_of_a_site_or_study_outside_the_grant(smallland_snapshot: Any) -> None:
    held = site_reading.sites(_granted(MSL, smallland_snapshot), smallland_snapshot)
    assert site_reading.curve(held, smallland_snapshot, study="S1", site="S1-03") == []
    assert {each["high"] for each in site_reading.curve(held, smallland_snapshot, study="S1")} == {None}


def test_the_steps_count_the_own_sites(smallland_snapshot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        "S1-01": [("selected", 0, True), ("activated", 100, True)],
        "S1-02": [("selected", 0, True), ("activated", 140, True)],
        "S1-03": [("selected", 0, True), ("activated", None, False)],
        "S2-01": [("selected", 0, True), ("activated", 900, True)],
    }
    monkeypatch.setattr(site_records, "steps", lambda snapshot: told)
    held = site_reading.sites(_granted(MANAGER, smallland_snapshot), smallland_snapshot)
    assert site_reading.activation(held, smallland_snapshot, "S1") == [
        {"milestone": "selected", "sites": 3, "days": 0.0}, {"milestone": "activated", "sites": 2, "days": 120.0},
    ]  # fmt: skip
    mine = site_reading.sites(_granted(MSL, smallland_snapshot), smallland_snapshot)
    assert [each["sites"] for each in site_reading.activation(mine, smallland_snapshot)] == [2, 2]


def test_only_the_door_opens_it(smallland_snapshot: Any) -> None:
    with pytest.raises(TypeError, match="authorise"):
        site_reading.sites("S1", smallland_snapshot)  # type: ignore[arg-type]
    with pytest.raises(WrongQuestion, match="site"):
        site_reading.sites(_granted(DIRECTOR, smallland_snapshot, by="nation"), smallland_snapshot)
    with pytest.raises(Denied, match="not asked for"):
        site_reading.sites(_granted(DIRECTOR, smallland_snapshot, metrics=("enrolled",)), smallland_snapshot)
