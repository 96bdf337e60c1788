"""Where somebody stands: by date, by node, by hierarchy; and that what lies outside cannot be told from what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from data.errors import Denied, OnepictureError, WrongQuestion
from metrics.access import authorise, may_see_band
from metrics.cues.inbox import cues_for
from metrics.query import MetricQuery, Standing, Visitor
from metrics.standing import Own, may_enter, may_look_at, standing

REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")
LEADER = Visitor(id="leader", role="national_leader", hierarchy="field", node="SM")
AS_OF = date(2026, 11, 22)


def _span(node: str, first: str | None, last: str | None, hierarchy: str = "field") -> Standing:
    days = (date.fromisoformat(each) if each else None for each in (first, last))
    return Standing(hierarchy=hierarchy, node=node, **dict(zip(("from_date", "to_date"), days, strict=True)))


MOVED = replace(REP, node=None, spans=(_span("SM_S1a", None, "2026-10-31"), _span("SM_N1b", "2026-11-01", None)))


def test_who_moved_stands_where_they_stand_on_the_day_of_the_data(smallland_snapshot: Any) -> None:
    assert standing(MOVED, smallland_snapshot).node == "SM_N1b"
    asked = MetricQuery(metrics=("trx",), hierarchy="field", within=None, by="territory")
    assert authorise(asked, MOVED, smallland_snapshot).scope == "SM_N1b"
    with pytest.raises(Denied, match="outside what you look after"):
        authorise(replace(asked, within="SM_N1a"), MOVED, smallland_snapshot)
    assert may_see_band(MOVED, "outcome", smallland_snapshot) is None


@pytest.mark.parametrize(
    "spans",
    [
        (_span("SM_S1a", None, "2026-11-21"),),
        (_span("SM_S1a", "2026-11-23", None),),
        (_span("SM_S1a", None, None), _span("SM_N1b", "2026-11-01", None)),
        (_span("", None, None),),
        (_span("nowhere", None, None),),
        (_span("ME_R1", None, None, "medical"),),
        (_span("SM_N1a", None, None, ""),),
    ],
    ids=["over", "not yet", "two at once", "no node", "unknown node", "medical", "no hierarchy"],
)
def test_no_span_or_two_or_a_wrong_one_shows_nothing(smallland_snapshot: Any, spans: tuple[Standing, ...]) -> None:
    who = replace(REP, spans=spans)
    for hierarchy in ("field", "medical", "study"):
        with pytest.raises(OnepictureError):
            may_enter(who, smallland_snapshot, hierarchy)
    with pytest.raises(OnepictureError):
        cues_for(who, smallland_snapshot)


@pytest.mark.parametrize("role", ["", "REP", "steward ", "reps", "national leader"])
def test_a_role_that_nobody_declared_knows_nothing(smallland_snapshot: Any, role: str) -> None:
    for node in (None, "", "SM", "SM_N1a"):
        with pytest.raises(Denied):
            may_enter(replace(REP, role=role, node=node), smallland_snapshot, "field")


@pytest.mark.parametrize("role", ["rep", "national_leader", "msl", "site_manager", "medical_director"])
def test_an_empty_place_is_no_place(smallland_snapshot: Any, role: str) -> None:
    for node in (None, ""):
        for hierarchy in ("field", "medical", "study", ""):
            who = Visitor(id="x", role=role, hierarchy=hierarchy, node=node, studies=("*",))
            for entered in ("field", "medical", "study"):
                with pytest.raises(Denied):
                    may_enter(who, smallland_snapshot, entered)
    with pytest.raises(Denied):
        may_enter(Visitor(id="x", role="steward", hierarchy="field", node=""), smallland_snapshot, "field")


def _said(snapshot: Any, visitor: Visitor, within: str) -> tuple[str, int, str]:
    asked = MetricQuery(metrics=("trx",), hierarchy="field", within=within, by="territory")
    with pytest.raises(OnepictureError) as refused:
        authorise(asked, visitor, snapshot)
    return (
        type(refused.value).__name__,
        refused.value.exit_code,
        str(refused.value).replace(f'"{within}" is', '"..." is'),
    )


def test_what_is_outside_and_what_is_not_are_told_in_the_same_words(smallland_snapshot: Any) -> None:
    """No node of the company can be found out by asking for it: names alike in length and letters are told alike."""
    for visitor in (REP, replace(REP, role="district_manager", node="SM_N1"), MOVED):
        pairs = (("SM_S1a", "SM_S9a"), ("SM_N", "SM_Q"), ("SM~unaligned", "SM~unaligneq"), ("ME_R1", "ME_R7"))
        for there, nowhere in pairs if visitor is not MOVED else pairs[1:]:  # who moved knows the place they left
            told = [_said(smallland_snapshot, visitor, each) for each in (there, nowhere)]
            # A near name is one's own: it depends on what was typed, never on what there is elsewhere.
            assert len({(*each[:2], each[2].partition(" Did you")[0]) for each in told}) == 1, (there, nowhere)
            assert told[0][:2] == ("Denied", 3)
            hints = {each[2].partition("Did you mean ")[2].strip('"?') for each in told} - {""}
            assert hints <= set(Own(smallland_snapshot, visitor).nodes("field"))
            for node in (there, nowhere):
                with pytest.raises(Denied, match="outside what you look after"):
                    may_look_at(visitor, smallland_snapshot, "field", node)


def test_who_sees_everything_is_told_that_there_is_no_such_node(smallland_snapshot: Any) -> None:
    asked = MetricQuery(metrics=("trx",), hierarchy="field", within="SM_N1x", by="territory")
    with pytest.raises(WrongQuestion, match="no node"):
        authorise(asked, LEADER, smallland_snapshot)


def test_the_map_one_may_be_told_of_holds_nothing_else(smallland_snapshot: Any) -> None:
    own = Own(smallland_snapshot, REP)
    assert set(own.nodes("field")) == {"SM_N1a"} and own.nodes("medical") == {} and not own.whole
    assert Own(smallland_snapshot, LEADER).whole
    assert not Own(smallland_snapshot, replace(REP, role="nobody")).whole
