"""Looking through somebody else's eyes shows what both may know: never one more number than either alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.errors import Denied
from data.snapshot import Snapshot
from metrics.access import authorise
from metrics.catalog import METRICS
from metrics.catalog.roles import ROLES
from metrics.grid import PDRP
from metrics.policy import Policy
from metrics.query import GrantedQuery, MetricQuery, Visitor
from metrics.standing import role_of
from metrics.view_as import may_begin, through
from tests.dashboard.test_navigation import STANDS, of

STEWARD = of("steward")
OTHERS = [role for role in STANDS if role != "steward"]


@pytest.mark.parametrize("role", OTHERS)
def test_no_right_is_wider_than_either_alone(smallland_snapshot: Snapshot, role: str) -> None:
    seen = role_of(through(of(role), STEWARD, smallland_snapshot), smallland_snapshot)
    for each in set(ROLES[role].grants) | set(ROLES["steward"].grants):
        assert seen.grant(each).within(ROLES[role].grant(each)), each
        assert seen.grant(each).within(ROLES["steward"].grant(each)), each
    assert PDRP.index(seen.pdrp) <= min(PDRP.index(ROLES[role].pdrp), PDRP.index(ROLES["steward"].pdrp))
    assert set(seen.hierarchy_kinds) <= set(ROLES[role].hierarchy_kinds)
    assert (seen.inspects, seen.views_as, seen.levers) == (False, False, ())


def granted(visitor: Visitor, query: MetricQuery, snapshot: Snapshot) -> GrantedQuery | None:
    try:
        return authorise(query, visitor, snapshot)
    except Denied:
        return None


@pytest.mark.parametrize("role", OTHERS)
def test_every_question_is_granted_only_where_both_would_be(smallland_snapshot: Snapshot, role: str) -> None:
    eyes = of(role)
    seen = through(eyes, STEWARD, smallland_snapshot)
    hierarchy = next(each for each in smallland_snapshot.hierarchies() if each.id == eyes.hierarchy)
    level = next(node.level for node in smallland_snapshot.nodes(hierarchy.id).values() if node.id == eyes.node)
    answered = 0
    for metric in METRICS:
        for by in {level, hierarchy.levels[-1], hierarchy.subject}:
            query = MetricQuery(metrics=(metric,), hierarchy=hierarchy.id, within=eyes.node, by=by)
            both = granted(seen, query, smallland_snapshot)
            theirs = granted(eyes, query, smallland_snapshot)
            own = granted(STEWARD, query, smallland_snapshot)
            if both is None:
                continue
            answered += 1
            assert theirs is not None and own is not None, (metric, by)
            assert (both.within, both.scope) == (theirs.within, theirs.scope)
            assert theirs.small <= both.small and own.small <= both.small
            assert both.masked >= theirs.masked
    assert answered or role == "site_manager"


def test_a_steward_reads_no_exchange_through_an_msl(smallland_snapshot: Snapshot) -> None:
    seen = through(of("msl"), STEWARD, smallland_snapshot)
    query = MetricQuery(metrics=("exchanges",), hierarchy="medical", within="ME_R1", by="HCP")
    assert authorise(query, of("msl"), smallland_snapshot).metrics == ("exchanges",)
    with pytest.raises(Denied, match=r"not shown to the MSL \+ data steward role"):
        authorise(query, seen, smallland_snapshot)


@pytest.mark.parametrize("role", OTHERS)
def test_only_a_role_that_may_looks_as_others(smallland_snapshot: Snapshot, role: str) -> None:
    assert not may_begin(of(role), smallland_snapshot)
    with pytest.raises(Denied, match="does not look as others"):
        through(of("rep" if role != "rep" else "msl"), of(role), smallland_snapshot)


def test_nobody_looks_as_themselves_as_another_steward_or_through_two(smallland_snapshot: Snapshot) -> None:
    for eyes in (STEWARD, replace(STEWARD, id="steward2")):
        with pytest.raises(Denied):
            through(eyes, STEWARD, smallland_snapshot)
    seen = through(of("rep"), STEWARD, smallland_snapshot)
    assert not may_begin(seen, smallland_snapshot)
    with pytest.raises(Denied):
        through(of("msl"), seen, smallland_snapshot)


def test_whoever_stands_somewhere_looks_only_as_those_below(
    smallland_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    director = replace(ROLES["regional_director"], views_as=True)
    policy = Policy(roles={**ROLES, "regional_director": director})
    monkeypatch.setattr("metrics.standing.policy_of", lambda _: policy)
    north = of("regional_director")
    assert through(of("rep"), north, smallland_snapshot).behind == north
    elsewhere = replace(of("rep"), node="SM_S1a" if "SM_S1a" in smallland_snapshot.nodes("field") else "SM_S")
    for eyes in (elsewhere, of("national_leader"), of("msl")):
        with pytest.raises(Denied):
            through(eyes, north, smallland_snapshot)
