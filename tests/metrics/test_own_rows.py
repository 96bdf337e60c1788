"""One team's activity and the sites of some studies: the rows are the visitor's own, whatever is asked and however.

U01 is of the core team, U02 of the cardiology team; see tests/smallland.py for what they did.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data.errors import Denied
from data.snapshot import open_snapshot
from metrics.access import authorise
from metrics.build import build
from metrics.catalog import METRICS
from metrics.cues.inbox import cues_for
from metrics.own_rows import by_team
from metrics.query import MetricQuery, Visitor
from metrics.result import ask
from tests import smallland

DISTRICT = Visitor(id="d", role="district_manager", hierarchy="field", node="SM_N1")
MSL = Visitor(id="m", role="msl", hierarchy="medical", node="ME_R2")
WINDOWS = ({}, {"series": 3}, {"window": "2026-08-15..2026-11-13"}, {"window": "YTD"})


@pytest.fixture(scope="module")
def teams(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Smallland where the rep of the Island works for cardiology."""
    rows = smallland.smallland()
    for post in rows["roster"]:
        post["team"] = "Cardiology" if post.get("actor") == "U02" else "core"
    home = tmp_path_factory.mktemp("teams") / "home"
    workspace = smallland.workspace(home, rows=rows)
    build(workspace, smallland.AS_OF)
    return open_snapshot(workspace)


def _asked(snapshot: Any, visitor: Visitor, *metrics: str, **more: Any) -> Any:
    question = MetricQuery(
        metrics=metrics, **{"hierarchy": visitor.hierarchy, "within": None, "by": "territory", **more}
    )
    return ask(authorise(question, visitor, snapshot), snapshot).rows


def _calls(snapshot: Any, visitor: Visitor, **more: Any) -> dict[str, float]:
    rows = _asked(snapshot, visitor, "calls", **more).fillna(0)
    return {node: float(value) for node, value in zip(rows.node_id, rows.calls, strict=True) if value}


def test_each_team_sees_its_own_calls_and_both_together_are_all(teams: Any) -> None:
    every = _calls(teams, DISTRICT)
    core, cardiology = (_calls(teams, replace(DISTRICT, team=team)) for team in ("core", "cardiology"))
    assert cardiology == {"SM_N1b": every["SM_N1b"]}
    assert core == {node: value for node, value in every.items() if node != "SM_N1b"}


def test_a_team_that_nobody_is_in_sees_no_call(teams: Any) -> None:
    for more in WINDOWS:
        assert _calls(teams, replace(DISTRICT, team="oncology"), **more) == {}
        assert _calls(teams, replace(DISTRICT, team=""), **more) == {}
    assert cues_for(replace(DISTRICT, team="oncology"), teams) == []


@pytest.mark.parametrize("more", WINDOWS, ids=str)
def test_where_all_are_of_one_team_the_answer_is_the_same(smallland_snapshot: Any, more: dict[str, Any]) -> None:
    """From the facts or from the rollups: one number."""
    names = tuple(name for name, metric in METRICS.items() if by_team(metric) and metric.sensitivities <= SEEN)
    assert len(names) > 8
    whole, own = (_asked(smallland_snapshot, who, *names, **more) for who in (DISTRICT, replace(DISTRICT, team="core")))
    assert list(whole.columns) == list(own.columns)
    for name in names:
        assert own[name].fillna(-1).astype(float).tolist() == pytest.approx(
            whole[name].fillna(-1).astype(float).tolist()
        )


SEEN = frozenset({"field_activity", "targeting"})


def test_by_hcp_only_the_teams_own_rows(teams: Any) -> None:
    rows = _asked(teams, replace(DISTRICT, team="cardiology"), "calls", by="HCP").fillna(0)
    met = set(rows.node_id[rows.calls.astype(float) > 0])
    assert met == {"H05"}


def test_prescriptions_know_no_team(teams: Any) -> None:
    whole, own = (_asked(teams, who, "trx") for who in (DISTRICT, replace(DISTRICT, team="cardiology")))
    assert whole.trx.fillna(-1).tolist() == own.trx.fillna(-1).tolist()


def test_one_teams_sums_are_refused_where_small_cells_are_hidden(teams: Any) -> None:
    leader = Visitor(id="l", role="national_leader", hierarchy="field", node="SM", team="core")
    with pytest.raises(Denied, match="summed up over every team only"):
        _asked(teams, leader, "calls", by="nation")
    assert len(_asked(teams, leader, "trx", by="nation")) == 1


@pytest.mark.parametrize("more", WINDOWS, ids=str)
def test_an_msl_of_one_study_sees_its_sites_alone(smallland_snapshot: Any, more: dict[str, Any]) -> None:
    """ME_R2 has S1-03 of the first study and S2-01 of the second."""
    names = ("enrolled_to_date", "sites_open")
    found = {
        studies: _asked(smallland_snapshot, replace(MSL, studies=studies), *names, by="MSL territory", **more)
        for studies in ((), ("*",), ("S1",), ("S2",), ("S1", "S2"), ("S9",), ("",))
    }
    for name in names:
        column = {key: each[name].fillna(0).astype(float).tolist() for key, each in found.items()}
        assert column[()] == column["*",] == column["S1", "S2"]
        assert [a + b for a, b in zip(column["S1",], column["S2",], strict=True)] == column[()]
        assert sum(column["S9",]) == sum(column["",]) == 0


def test_sites_of_other_studies_are_not_even_listed(smallland_snapshot: Any) -> None:
    rows = _asked(smallland_snapshot, replace(MSL, studies=("S2",)), "enrolled_to_date", by="site")
    assert list(rows.node_id) == ["S2-01"]
    assert list(_asked(smallland_snapshot, replace(MSL, studies=("S9",)), "enrolled_to_date", by="site").node_id) == []


def test_a_site_manager_with_no_study_named_sees_nothing(smallland_home: Path, smallland_snapshot: Any) -> None:
    manager = Visitor(id="s", role="site_manager", hierarchy="study", node="S1")
    with pytest.raises(Denied, match="No study is named"):
        _asked(smallland_snapshot, manager, "enrolled", by="country")
    every = _asked(smallland_snapshot, replace(manager, studies=("*",)), "enrolled_to_date", by="site")
    assert set(every.node_id) == {"S1-01", "S1-02", "S1-03"}
    assert list(_asked(smallland_snapshot, replace(manager, studies=("S2",)), "enrolled", by="site").node_id) == []


def _told(snapshot: Any, visitor: Visitor) -> list[tuple[object, ...]]:
    cards = cues_for(visitor, snapshot, most=999)
    return sorted((each.kind, each.node, each.subject, each.headline, each.reasons, each.comparator) for each in cards)


def test_doubling_another_teams_work_changes_no_cue_of_a_team(teams: Any, tmp_path: Path) -> None:
    """Metamorphic: what U02 of cardiology did counts twice, elsewhere and a week later; core hears nothing of it."""
    rows = smallland.smallland()
    for post in rows["roster"]:
        post["team"] = "Cardiology" if post.get("actor") == "U02" else "core"
    for name, keys in (
        ("interaction", ("interaction", "call_id")),
        ("sample", ("sample",)),
        ("exposure", ("exposure",)),
    ):
        theirs = [each for each in rows.get(name, ()) if each.get("actor") == "U02"]
        again = [each | {key: f"{each[key]}-again" for key in keys if key in each} for each in theirs]
        days = ("period_start", "period_end")
        rows[name] += again + [
            each | {key: f"{each[key]}-late" for key in keys if key in each}
            | {day: each[day] + timedelta(days=5) for day in days if day in each}
            for each in theirs if each["period_end"] + timedelta(days=5) <= smallland.AS_OF
        ]  # fmt: skip
    recently = smallland.AS_OF - timedelta(days=9)
    seen = next(each for each in rows["interaction"] if each["party"] == "H02")
    new = {"interaction": "X", "call_id": "X", "actor": "U02", "period_start": recently, "period_end": recently}
    rows["interaction"].append(seen | new)
    workspace = smallland.workspace(tmp_path / "home", rows=rows)
    build(workspace, smallland.AS_OF)
    doubled = open_snapshot(workspace)
    assert doubled.rows("SELECT count(*) FROM interaction") > teams.rows("SELECT count(*) FROM interaction")
    spoken, moved = 0, False
    for role, node in (("rep", "SM_N1a"), ("rep", "SM_S1a"), ("rep", "SM_N1b"), ("district_manager", "SM_N1")):
        who = Visitor(id="x", role=role, hierarchy="field", node=node, team="core")
        before = _told(teams, who)
        assert _told(doubled, who) == before
        spoken += len(before)
        moved |= _told(doubled, replace(who, team=None)) != _told(teams, replace(who, team=None))
    assert spoken and moved  # who looks with everybody's eyes does hear of it
