"""The simulator says exactly what the access door would do under the other policy, and changes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from data.errors import Denied
from metrics.access import authorise
from metrics.catalog import METRICS
from metrics.policy import DECLARED, Change, changed, shut
from metrics.policy_force import Simulated, policy_of
from metrics.policy_simulation import sight, simulate
from metrics.query import MetricQuery, Visitor

DAY = date(2026, 11, 22)
VISITORS = (
    Visitor(id="leader", role="national_leader", hierarchy="field", node="SM"),
    Visitor(id="region", role="regional_director", hierarchy="field", node="SM_N"),
    Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a"),
    Visitor(id="msl", role="msl", hierarchy="medical", node="ME_R1"),
    Visitor(id="site", role="site_manager", hierarchy="study", node="S1", studies=("S1",)),
)


def _change(role: str, name: str, was: str, to: str) -> Change:
    return Change(role=role, sensitivity=name, was=was, to=to, who="W", day=DAY, reason="tried")


def test_no_change_touches_nobody(smallland_snapshot: Any) -> None:
    found = simulate(DECLARED, changed(()), smallland_snapshot, VISITORS)
    assert (found.opened, found.narrowed, found.touched) == ((), (), ())


def test_a_widening_opens_what_it_names_for_those_of_the_role_alone(smallland_snapshot: Any) -> None:
    after = changed((_change("regional_director", "media_exposure", "A", "Y"),))
    found = simulate(DECLARED, after, smallland_snapshot, VISITORS)
    assert [each.visitor.id for each in found.touched] == ["region"]
    (effect,) = found.touched
    assert set(effect.opens) == {"HCP"} and effect.closes == {} and effect.after.units["HCP"] == 7
    assert all("media_exposure" in METRICS[name].sensitivities for name in effect.opens["HCP"])
    assert policy_of(smallland_snapshot).digest == DECLARED.digest, "nothing was changed"


def test_what_it_says_opens_is_what_the_door_then_grants(smallland_snapshot: Any) -> None:
    after = changed((_change("national_leader", "field_activity", "A", "Y"), _change("rep", "rx", "Y", "A")))
    for effect in simulate(DECLARED, after, smallland_snapshot, VISITORS[:3]).effects:
        for under, seen in ((DECLARED, effect.before), (after, effect.after)):
            for by in ("nation", "region", "district", "territory", "HCP"):
                for name in METRICS:
                    asked = MetricQuery(metrics=(name,), hierarchy="field", within=None, by=by)
                    try:
                        authorise(asked, effect.visitor, Simulated(smallland_snapshot, under))
                        granted = True
                    except Denied:
                        granted = False
                    assert granted == ((name, by) in seen.metrics), (effect.visitor.id, name, by)


def test_cues_open_and_close_with_what_they_are_made_of(smallland_snapshot: Any) -> None:
    after = changed((_change("msl", "site", "Y", "N"), _change("everybody", "site_counts", "rows", "summed")))
    found = {each.visitor.id: each for each in simulate(DECLARED, after, smallland_snapshot, VISITORS).effects}
    assert found["msl"].cues_closed.get("flagging_site"), "the MSL is told of the flagging site no more"
    assert not any(each.cues_opened for each in found.values())
    assert found["site"].closes, "sites are not shown one by one"


def test_a_grant_under_another_policy_is_another_grant(smallland_snapshot: Any) -> None:
    asked = MetricQuery(metrics=("trx",), hierarchy="field", within=None, by="region")
    k = changed((_change("everybody", "small_cell", "11", "20"),))
    was, will = (authorise(asked, VISITORS[0], Simulated(smallland_snapshot, each)) for each in (DECLARED, k))
    assert was != will and (was.least, will.least) == (11, 20) and was.policy != will.policy


def test_who_may_not_enter_sees_nothing_and_is_told_why(smallland_snapshot: Any) -> None:
    nowhere = Visitor(id="x", role="rep", hierarchy="field", node="")
    assert sight(nowhere, smallland_snapshot).reason
    closed = sight(VISITORS[0], Simulated(smallland_snapshot, shut("nobody can say")))
    assert closed.metrics == frozenset() and "nobody can say" in closed.reason


@pytest.mark.parametrize("visitor", VISITORS, ids=lambda each: each.id)
def test_rights_taken_away_take_every_number_away(smallland_snapshot: Any, visitor: Visitor) -> None:
    none = changed(
        tuple(
            _change(role, name, told, "N")
            for (role, name), told in DECLARED.cells.items()
            if role == visitor.role and name != "pdrp" and told != "N"
        )
    )
    (effect,) = simulate(DECLARED, none, smallland_snapshot, (visitor,)).effects
    assert not effect.opens and not effect.cues_opened
    assert {name for name, _ in effect.after.metrics} == {n for n, m in METRICS.items() if not m.sensitivities}
