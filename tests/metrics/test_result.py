"""Answers on Smallland, every number worked out by hand in tests/smallland.py."""

from __future__ import annotations

from typing import Any

import pytest

from metrics.access import authorise
from metrics.catalog import METRICS
from metrics.query import MetricQuery, Visitor
from metrics.result import Result, ask

STEWARD = Visitor(id="steward", role="steward", hierarchy="field", node=None)
MEDICAL = Visitor(id="meddir", role="medical_director", hierarchy="medical", node="ME")
DIRECTOR = Visitor(id="region", role="regional_director", hierarchy="field", node="SM_N")
MANAGER = Visitor(id="district", role="district_manager", hierarchy="field", node="SM_N1")
REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")
SITES = Visitor(id="site", role="site_manager", hierarchy="study", node="S1", studies=("S1",))


def _ask(snapshot: Any, visitor: Visitor, *metrics: str, **asked: Any) -> Result:
    question = {"hierarchy": visitor.hierarchy, "within": None, "by": "nation", "product": "alfa", **asked}
    return ask(authorise(MetricQuery(metrics=metrics, **question), visitor, snapshot), snapshot)


def _cell(result: Result, metric: str, node: str) -> Any:
    return result.rows.set_index("node_id").loc[node, metric]


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("trx", 1170),
        ("nrx", 156),
        ("market_trx", 2730),
        ("share", 100 * 1170 / 2730),
        ("evolution_index", 100 * (1170 / 1014) / (2730 / 2574)),
        ("goal", 1326),
        ("goal_attainment", 100 * 1170 / 1326),
        ("writers", 12),
        ("trx_per_writer", 1170 / 12),
        ("calls", 7),
        ("persons_met", 8),
        ("planned_calls", 18),
        ("capped_calls", 6),
        ("call_plan_attainment", 100 * 6 / 18),
        ("targets", 5),
        ("reached_targets", 5),
        ("frequency", 6 / 5),
        ("impressions", 20),
        ("reached_hcps", 2),
        ("media_reach", 40),
        ("media_spend", 1600),
        ("cost_per_reached_hcp", 800),
        ("enrolled_to_date", 85),
        ("enrolled_planned", 65),
        ("enrolled_vs_plan", 100 * 85 / 65),
        ("sites_open", 4),
        ("flagging_sites", 1),
        ("sites_on_track", 3),
        ("growers", 12),
        ("decliners", 0),
        ("lapsed_writers", 0),
        ("top_decile_hcps", 3),
        ("refills", 1170 - 156),
        ("media_frequency", 13 / 2),
        ("enrolment_rate", 30.4375 * 32 / (4 * 91)),
        ("non_enrolling_sites", 0),
    ],
)
def test_the_nation_in_thirteen_weeks(smallland_snapshot: Any, metric: str, value: float) -> None:
    assert _cell(_ask(smallland_snapshot, STEWARD, metric), metric, "SM") == pytest.approx(value, rel=1e-12)


def test_evolution_is_share_over_share_before(smallland_snapshot: Any) -> None:
    result = _ask(smallland_snapshot, STEWARD, "share", "evolution_index", compare="previous")
    row = result.rows.iloc[0]
    assert row.evolution_index == pytest.approx(100 * row.share / row.share__previous, rel=1e-12)


def test_a_basket_of_one_has_no_share(smallland_snapshot: Any) -> None:
    result = _ask(smallland_snapshot, STEWARD, "trx", "share", product="beta")
    assert result.rows.trx[0] == 156
    assert result.rows.share.isna().all()


def test_without_a_product_volume_is_all_products_and_share_our_own_over_their_baskets(smallland_snapshot: Any) -> None:
    result = _ask(smallland_snapshot, STEWARD, "trx", "share", product=None)
    assert result.rows.trx[0] == 1170 + 1560 + 156
    assert result.rows.share[0] == pytest.approx(100 * 1170 / 2730)


def test_a_group_call_is_one_call_and_two_persons(smallland_snapshot: Any) -> None:
    result = _ask(smallland_snapshot, STEWARD, "calls", "persons_met", by="territory")
    assert (_cell(result, "calls", "SM_N1a"), _cell(result, "persons_met", "SM_N1a")) == (5, 6)


def test_a_call_counts_where_its_rep_sits_and_an_outcome_where_its_hcp_does(smallland_snapshot: Any) -> None:
    result = _ask(smallland_snapshot, STEWARD, "calls", "trx", by="territory")
    assert _cell(result, "calls", "SM_S1a") == 0
    assert _cell(result, "calls", "SM_N1~unaligned") == 1
    assert _cell(result, "trx", "SM_S~unaligned~unaligned") == 156


def test_calls_beyond_the_plan_of_one_target_hide_no_other(smallland_snapshot: Any) -> None:
    result = _ask(smallland_snapshot, STEWARD, "capped_calls", "planned_calls", by="territory")
    assert (_cell(result, "capped_calls", "SM_N1a"), _cell(result, "planned_calls", "SM_N1a")) == (4, 10)


def test_spend_is_allocated_by_impressions_and_loses_nothing(smallland_snapshot: Any) -> None:
    result = _ask(smallland_snapshot, STEWARD, "media_spend", by="territory")
    assert _cell(result, "media_spend", "SM~unaligned~unaligned~unaligned") > 0
    assert result.rows.media_spend.sum() == pytest.approx(1600, abs=1e-9)


def test_a_series_has_one_row_a_week_and_ends_at_the_anchor(smallland_snapshot: Any) -> None:
    rows = _ask(smallland_snapshot, STEWARD, "trx", series=14).rows
    assert list(rows.trx) == [78.0, *[90.0] * 13]
    assert rows.period_end.iloc[-1].date() == smallland_snapshot.anchor


def test_a_span_of_ones_own_is_answered_from_the_facts_alike(smallland_snapshot: Any) -> None:
    names = ("trx", "share", "calls", "reach", "planned_calls", "media_spend", "writers", "enrolled_vs_plan")
    rolled = _ask(smallland_snapshot, STEWARD, *names, by="territory", window="C13W").rows
    spelt = _ask(smallland_snapshot, STEWARD, *names, by="territory", window="2026-08-15..2026-11-13").rows
    assert rolled[list(names)].equals(spelt[list(names)])


def test_medical_numbers(smallland_snapshot: Any) -> None:
    names = ("inquiries", "inquiries_open", "exchanges", "experts")
    row = _ask(smallland_snapshot, MEDICAL, *names, product=None).rows.iloc[0]
    assert [row[name] for name in names] == [4, 1, 2, 3]


def test_a_median_is_found_at_its_own_node(smallland_snapshot: Any) -> None:
    """Q1, Q2 and Q4 were answered; the median of three is one of them, and the nation's is no mean of its regions'."""
    hours = [row[0] for row in smallland_snapshot.rows(
        "SELECT hours FROM inquiry_state WHERE hours IS NOT NULL AND period_end BETWEEN DATE '2026-08-15' AND "
        "DATE '2026-11-13' ORDER BY hours")]  # fmt: skip
    row = _ask(smallland_snapshot, MEDICAL, "turnaround_median", "turnaround_p90", product=None).rows.iloc[0]
    assert len(hours) == 3
    assert row.turnaround_median == float(hours[1])
    assert row.turnaround_p90 == pytest.approx(float(hours[1]) + 0.8 * float(hours[2] - hours[1]))


def test_volume_deciles_hold_equal_volume_and_belong_to_one_hcp(smallland_snapshot: Any) -> None:
    """Alfa's market over 52 weeks: Hk has 52 k + 13 + 520; without H03, who opted out, 9,763 in all.

    H12 begins the first tenth, and so on; H03 has no decile and moves nobody else's.
    """
    rows = _ask(smallland_snapshot, STEWARD, "volume_decile", by="HCP").rows
    assert rows.volume_decile.isna().tolist() == [each == "H03" for each in rows.node_id]
    assert rows.volume_decile.dropna().tolist() == [1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10]
    top = _ask(smallland_snapshot, STEWARD, "volume_decile")
    assert top.rows.volume_decile.isna().all()
    assert top.reason("volume_decile", "SM") == "known one by one only"


def test_deciles_of_another_day_are_not_known(smallland_snapshot: Any) -> None:
    result = _ask(smallland_snapshot, STEWARD, "top_decile_hcps", compare="previous")
    assert result.rows.top_decile_hcps[0] == 3
    assert result.rows.top_decile_hcps__previous.isna().all()
    assert "last day" in (result.reason("top_decile_hcps__previous", "SM") or "")
    assert _ask(smallland_snapshot, STEWARD, "top_decile_hcps", series=3).rows.top_decile_hcps.isna().all()


def test_nobody_is_new_without_the_history_to_say_so(smallland_snapshot: Any) -> None:
    """Sixty weeks are loaded: C4W can look back 52 weeks, C13W cannot."""
    assert _ask(smallland_snapshot, STEWARD, "new_writers", window="C4W").rows.new_writers[0] == 0
    long = _ask(smallland_snapshot, STEWARD, "new_writers", window="C13W")
    assert long.rows.new_writers.isna().all()
    assert "look-back" in (long.reason("new_writers", "SM") or "")


def test_a_ratio_of_a_handful_is_too_few_to_say(smallland_snapshot: Any) -> None:
    result = _ask(smallland_snapshot, MEDICAL, "inquiries_in_sla", product=None)
    assert result.rows.inquiries_in_sla.isna().all()
    assert "too few to say" in (result.reason("inquiries_in_sla", "ME") or "")


def test_a_site_manager_sees_the_sites_of_its_study_only(smallland_snapshot: Any) -> None:
    rows = _ask(smallland_snapshot, SITES, "enrolled_to_date", by="site", product=None).rows
    assert dict(zip(rows.node_id, rows.enrolled_to_date, strict=True)) == {"S1-01": 40, "S1-02": 5, "S1-03": 10}


def test_opted_out_prescribing_is_outside_a_reps_numbers_and_said(smallland_snapshot: Any) -> None:
    whole = _ask(smallland_snapshot, STEWARD, "trx", "goal", by="territory")
    masked = _ask(smallland_snapshot, REP, "trx", "goal", by="territory")
    assert _cell(whole, "trx", "SM_N1a") - _cell(masked, "trx", "SM_N1a") == 13 * 4
    assert _cell(whole, "goal", "SM_N1a") - _cell(masked, "goal", "SM_N1a") == 13 * 5
    assert masked.not_shown == 1


def test_an_opted_out_hcp_stays_in_the_list_without_prescribing(smallland_snapshot: Any) -> None:
    result = _ask(smallland_snapshot, REP, "trx", "planned_calls", by="hcp")
    assert list(result.rows.node_id) == ["H01", "H02", "H03", "H04"]
    assert result.rows.set_index("node_id").trx.isna()["H03"]
    assert _cell(result, "planned_calls", "H03") == 2


def test_a_lone_opt_out_takes_one_more_row_with_it_where_totals_hold_it(smallland_snapshot: Any) -> None:
    rows = _ask(smallland_snapshot, DIRECTOR, "trx", by="hcp").rows.set_index("node_id").trx
    assert rows.isna()["H03"]
    assert rows[["H01", "H02", "H04"]].isna().sum() == 1


def test_names_come_from_the_people_store_only_when_given(smallland_snapshot: Any) -> None:
    granted = authorise(
        MetricQuery(metrics=("trx",), hierarchy="field", within=None, by="hcp", product="alfa"),
        MANAGER,
        smallland_snapshot,
    )
    assert "H05" in set(ask(granted, smallland_snapshot).rows.node)
    named = ask(granted, smallland_snapshot, people=lambda ids: {"H05": "Dr Invented"})
    assert "Dr Invented" in set(named.rows.node)


def test_every_metric_answers_at_every_level_without_an_error(smallland_snapshot: Any) -> None:
    for by in ("nation", "region", "district", "territory", "HCP"):
        result = _ask(smallland_snapshot, STEWARD, *METRICS, by=by, compare="year")
        assert len(result.rows) > 0


@pytest.mark.parametrize("window", ["all", "2026-08..2026-10"])
def test_days_chosen_freely_are_told_which_windows_there_are(smallland_snapshot: Any, window: str) -> None:
    leader = Visitor(id="l", role="national_leader", hierarchy="field", node="SM")
    asked = MetricQuery(metrics=("calls",), hierarchy="field", within=None, by="nation", window=window)
    (held,) = ask(authorise(asked, leader, smallland_snapshot), smallland_snapshot).withheld
    assert held.reason.endswith("ask for C4W, C13W, QTD, YTD or R52")
