"""The door: what is granted, what is refused, and that the refusal says why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from data.errors import Denied, WrongQuestion
from metrics.access import authorise, may_see_band, refusal
from metrics.catalog import METRICS
from metrics.catalog.roles import ROLES
from metrics.query import GrantedQuery, MetricQuery, Visitor

REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")
LEADER = Visitor(id="leader", role="national_leader", hierarchy="field", node="SM")
MSL = Visitor(id="msl", role="msl", hierarchy="medical", node="ME_R1")


def _query(*metrics: str, **asked: Any) -> MetricQuery:
    return MetricQuery(metrics=metrics, **{"hierarchy": "field", "within": None, "by": "territory", **asked})


def test_only_the_door_makes_a_granted_query() -> None:
    with pytest.raises(TypeError, match="Only metrics"):
        GrantedQuery(
            metrics=("trx",), hierarchy="field", within="SM", by="nation", window="C13W", product=None, compare=None,
            series=None, visitor="x", role="rep", scope="", masked=False, small=frozenset(),
            aggregates=frozenset(), pdrp="shown",
        )  # fmt: skip


def test_a_rep_asks_within_its_territory(smallland_snapshot: Any) -> None:
    granted = authorise(_query("trx"), REP, smallland_snapshot)
    assert (granted.within, granted.scope, granted.masked) == ("SM_N1a", "SM_N1a", True)


@pytest.mark.parametrize("within", ["SM", "SM_N1b", "SM_S1a", "SM_N1"])
def test_a_rep_is_denied_every_other_node(smallland_snapshot: Any, within: str) -> None:
    with pytest.raises(Denied, match="outside what you look after"):
        authorise(_query("trx", within=within), REP, smallland_snapshot)


@pytest.mark.parametrize("by", ["nation", "region", "district"])
def test_a_rep_is_denied_every_level_above_its_own(smallland_snapshot: Any, by: str) -> None:
    with pytest.raises(Denied, match="more than you look after"):
        authorise(_query("trx", by=by), REP, smallland_snapshot)


def test_a_rep_is_denied_medical_and_sites_with_the_reason(smallland_snapshot: Any) -> None:
    with pytest.raises(Denied, match="Scientific exchange: not shown to the representative role"):
        authorise(_query("exchanges"), REP, smallland_snapshot)
    granted = authorise(_query("trx", "flagging_sites"), REP, smallland_snapshot)
    assert granted.metrics == ("trx",)
    assert granted.withheld[0].metric == "flagging_sites"


def test_an_msl_is_denied_every_prescription(smallland_snapshot: Any) -> None:
    for name, metric in METRICS.items():
        if "rx" in metric.sensitivities:
            with pytest.raises(Denied):
                authorise(_query(name, hierarchy="medical", by="MSL territory"), MSL, smallland_snapshot)


def test_a_leader_sees_aggregates_never_a_row(smallland_snapshot: Any) -> None:
    with pytest.raises(Denied, match="only in aggregate"):
        authorise(_query("trx", by="HCP"), LEADER, smallland_snapshot)
    assert authorise(_query("trx"), LEADER, smallland_snapshot).small == {"trx"}


def test_scientific_exchange_stops_at_the_region_for_commercial_roles(smallland_snapshot: Any) -> None:
    assert authorise(_query("exchanges", by="region"), LEADER, smallland_snapshot).metrics == ("exchanges",)
    with pytest.raises(Denied, match="only from region up"):
        authorise(_query("exchanges", by="district"), LEADER, smallland_snapshot)


def test_another_hierarchy_is_closed(smallland_snapshot: Any) -> None:
    with pytest.raises(Denied, match="does not look at"):
        authorise(_query("inquiries", hierarchy="medical", by="nation"), LEADER, smallland_snapshot)


def test_access_out_of_force_is_denied(smallland_snapshot: Any) -> None:
    late = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a", to_date=date(2026, 1, 1))
    with pytest.raises(Denied, match="not in force"):
        authorise(_query("trx"), late, smallland_snapshot)


def test_an_unknown_role_knows_nothing(smallland_snapshot: Any) -> None:
    with pytest.raises(Denied, match="unknown"):
        authorise(_query("trx"), Visitor(id="x", role="reps", hierarchy="field", node="SM_N1a"), smallland_snapshot)


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"metrics": ("trxx",)}, 'Did you mean "trx"'),
        ({"by": "terrtory"}, 'Did you mean "territory"'),
        ({"within": "SM_N1x"}, "no node"),
        ({"window": "C14W"}, "no window"),
        ({"product": "alpha"}, 'Did you mean "alfa"'),
        ({"compare": "last"}, "no comparison"),
        ({"by": "nation", "within": "SM_N"}, "is above"),
        ({"metrics": ()}, "no metric"),
        ({"hierarchy": "feild"}, 'Did you mean "field"'),
    ],
)
def test_a_wrong_question_is_answered_in_words(smallland_snapshot: Any, asked: dict[str, Any], word: str) -> None:
    question = {"metrics": ("trx",), "hierarchy": "field", "within": None, "by": "territory", **asked}
    with pytest.raises(WrongQuestion, match=word):
        authorise(MetricQuery(**question), LEADER, smallland_snapshot)


def test_no_rule_means_no() -> None:
    from data.levels import Hierarchy

    field = Hierarchy(
        id="f", kind="field", name="Field", levels=("nation", "region"), subject="HCP", subject_kinds=("hcp",)
    )
    for role in ROLES.values():
        for metric in METRICS.values():
            unruled = [each for each in metric.sensitivities if each not in role.grants]
            if unruled:
                assert refusal(role, metric, field, "nation")


def test_a_band_that_a_role_may_not_know_says_why(smallland_snapshot: Any) -> None:
    assert may_see_band(REP, "outcome", smallland_snapshot) is None
    assert "Site recruitment" in (may_see_band(REP, "sites", smallland_snapshot) or "")
    assert "Prescribing" in (may_see_band(MSL, "outcome", smallland_snapshot) or "")
