"""What a metric means, said to those who may know it only."""

from __future__ import annotations

from typing import Any

import pytest

from data.errors import Denied, WrongQuestion
from metrics.catalog import METRICS
from metrics.catalog.roles import ROLES
from metrics.definitions import define, listed, search, sql_of
from metrics.query import Visitor

REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")
MSL = Visitor(id="msl", role="msl", hierarchy="medical", node="ME_R1")
LEADER = Visitor(id="leader", role="national_leader", hierarchy="field", node="SM")


def test_known_and_refused_are_all_there_is(smallland_snapshot: Any) -> None:
    for visitor in (REP, MSL, LEADER):
        found = listed(visitor, smallland_snapshot)
        assert 0 < len(found.metrics) < len(METRICS)
        assert found.refused
        assert all(ROLES[visitor.role].word in reason for reason in found.refused)


def test_a_medical_visitor_is_told_of_no_prescription_metric(smallland_snapshot: Any) -> None:
    known = listed(MSL, smallland_snapshot).metrics
    assert not any("rx" in metric.sensitivities for metric in known)
    with pytest.raises(Denied, match="Prescribing"):
        define("trx", MSL, smallland_snapshot)


def test_every_metric_of_a_visitor_has_its_sql_and_its_readers(smallland_snapshot: Any) -> None:
    for metric in listed(LEADER, smallland_snapshot).metrics:
        found = define(metric.name, LEADER, smallland_snapshot)
        assert found.sql.startswith("WITH")
        assert "$hierarchy" in found.sql
        assert [title for title, _ in found.seen_by] == [role.title for role in ROLES.values()]


def test_who_sees_it_is_what_the_grid_says(smallland_snapshot: Any) -> None:
    seen = dict(define("trx", LEADER, smallland_snapshot).seen_by)
    assert seen["National leader"] == "summed up"
    assert seen["Representative"] == "row by row, own area"
    assert seen["MSL"] == "not shown"
    assert dict(define("exchanges", LEADER, smallland_snapshot).seen_by)["National leader"].startswith(
        "summed up, from"
    )


def test_the_feeds_are_those_of_the_snapshot(smallland_snapshot: Any) -> None:
    [feed] = define("trx", REP, smallland_snapshot).feeds
    assert feed.fact == "outcome"
    assert feed.last == smallland_snapshot.anchor
    assert feed.age_days == (smallland_snapshot.as_of - smallland_snapshot.anchor).days


def test_opted_out_physicians_are_left_out_of_a_reps_sql() -> None:
    assert "opted_out" in sql_of(METRICS["trx"], ROLES["rep"])
    assert "opted_out" not in sql_of(METRICS["trx"], ROLES["steward"])


def test_an_unknown_metric_is_guessed_at_among_the_known(smallland_snapshot: Any) -> None:
    with pytest.raises(WrongQuestion, match="trx_per_writer"):
        define("trx_per_write", REP, smallland_snapshot)
    with pytest.raises(WrongQuestion) as caught:
        define("trx_per_write", MSL, smallland_snapshot)
    assert "trx" not in str(caught.value).replace("trx_per_write", "")


def test_a_search_takes_every_word() -> None:
    every = tuple(METRICS.values())
    assert METRICS["reach"] in search(every, "reach")
    assert search(every, "  ") == every
    assert search(every, "goal zebra") == ()
