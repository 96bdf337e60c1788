"""A failure here is a wrong number: the cascade adds up, ratios are ratios of sums, facts never touch each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.snapshot import open_snapshot
from metrics.access import authorise
from metrics.build import build
from metrics.catalog import METRICS
from metrics.query import MetricQuery, Visitor
from metrics.result import ask
from tests import smallland

# What adds up over any partition of the subjects: counts of things, and of subjects that stand in one place.
ADDITIVE = (
    "trx", "nrx", "market_trx", "goal", "writers", "persons_met", "planned_calls", "capped_calls", "targets",
    "reached_targets", "impressions", "reached_hcps", "media_spend", "enrolled", "enrolled_to_date",
    "enrolled_planned", "sites_open", "sites_on_track", "flagging_sites", "growers", "decliners", "lapsed_writers",
    "field_days", "emails_delivered", "non_enrolling_sites", "refills",
)  # fmt: skip
MEDICAL = ("inquiries", "inquiries_open", "exchanges", "experts", "enrolled", "flagging_sites")
WINDOWS = ("C4W", "C13W", "QTD", "YTD", "R52", "all")


def _rows(snapshot: Any, visitor: Visitor, metrics: tuple[str, ...], **asked: Any) -> Any:
    question = {"hierarchy": visitor.hierarchy, "within": None, **asked}
    return ask(authorise(MetricQuery(metrics=metrics, **question), visitor, snapshot), snapshot).rows


STEWARD = Visitor(id="steward", role="steward", hierarchy="field", node=None)
DIRECTOR = Visitor(id="meddir", role="medical_director", hierarchy="medical", node="ME")


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("product", [None, "alfa", "beta", "rival"])
def test_children_add_up_to_their_parent(smallland_snapshot: Any, window: str, product: str | None) -> None:
    top = _rows(smallland_snapshot, STEWARD, ADDITIVE, by="nation", window=window, product=product)
    for by in ("region", "district", "territory"):
        rows = _rows(smallland_snapshot, STEWARD, ADDITIVE, by=by, window=window, product=product)
        for metric in ADDITIVE:
            assert rows[metric].sum() == pytest.approx(top[metric].fillna(0).iloc[0], abs=1e-9), (by, metric)
            below = rows.groupby("parent")[metric].sum()
            if by != "region":
                above = _rows(
                    smallland_snapshot, STEWARD, (metric,), by={"district": "region", "territory": "district"}[by],
                    window=window, product=product,
                ).set_index("node_id")[metric].fillna(0)  # fmt: skip
                assert (above - below.reindex(above.index).fillna(0)).abs().max() < 1e-9, (by, metric)


def test_subjects_add_up_to_their_nodes(smallland_snapshot: Any) -> None:
    for metric in ("trx", "nrx", "goal", "planned_calls", "capped_calls", "targets"):
        hcps = _rows(smallland_snapshot, STEWARD, (metric,), by="HCP", product="alfa")
        territories = _rows(smallland_snapshot, STEWARD, (metric,), by="territory", product="alfa")
        above = territories.set_index("node_id")[metric].fillna(0)
        below = hcps.groupby("parent")[metric].sum()
        assert set(below.index) <= set(above.index)
        assert (above - below.reindex(above.index).fillna(0)).abs().max() < 1e-9, metric


@pytest.mark.parametrize("window", WINDOWS)
def test_the_medical_cascade_adds_up(smallland_snapshot: Any, window: str) -> None:
    top = _rows(smallland_snapshot, DIRECTOR, MEDICAL, by="nation", window=window)
    for by in ("medical region", "MSL territory"):
        rows = _rows(smallland_snapshot, DIRECTOR, MEDICAL, by=by, window=window)
        for metric in MEDICAL:
            assert rows[metric].sum() == pytest.approx(top[metric].iloc[0]), (by, metric)


def test_the_cascade_adds_up_for_a_visitor_whose_numbers_are_masked(smallland_snapshot: Any) -> None:
    manager = Visitor(id="district", role="district_manager", hierarchy="field", node="SM_N1")
    names = ("trx", "goal", "writers", "capped_calls")
    top = _rows(smallland_snapshot, manager, names, by="district", product="alfa").iloc[0]
    rows = _rows(smallland_snapshot, manager, names, by="territory", product="alfa")
    hcps = _rows(smallland_snapshot, manager, names, by="HCP", product="alfa")
    for name in names:
        assert rows[name].sum() == pytest.approx(top[name])
        assert hcps[name].sum() == pytest.approx(top[name])


RATIOS = {
    "share": ("trx", "market_trx", 100.0),
    "goal_attainment": ("trx", "goal", 100.0),
    "trx_per_writer": ("trx", "writers", 1.0),
    "call_plan_attainment": ("capped_calls", "planned_calls", 100.0),
    "reach": ("reached_targets", "targets", 100.0),
    "enrolled_vs_plan": ("enrolled_to_date", "enrolled_planned", 100.0),
}


@pytest.mark.parametrize("metric", RATIOS)
def test_a_ratio_is_the_ratio_of_the_sums_of_its_leaves(smallland_snapshot: Any, metric: str) -> None:
    above, below, scale = RATIOS[metric]
    leaves = _rows(smallland_snapshot, STEWARD, (above, below), by="territory", product="alfa")
    top = _rows(smallland_snapshot, STEWARD, (metric,), by="nation", product="alfa")
    assert top[metric].iloc[0] == pytest.approx(scale * leaves[above].sum() / leaves[below].sum(), rel=1e-12)


def _built(home: Path, rows: smallland.Rows, shuffle: int | None = None) -> Any:
    workspace = smallland.workspace(home, rows=rows, shuffle=shuffle)
    build(workspace, smallland.AS_OF)
    return open_snapshot(workspace)


def _everything(snapshot: Any) -> dict[str, Any]:
    found = {}
    for visitor, names in ((STEWARD, [n for n in METRICS if "medical_exchange" not in METRICS[n].sensitivities]),):
        for by in ("nation", "region", "district", "territory", "HCP"):
            rows = _rows(snapshot, visitor, tuple(names), by=by, compare="previous", product="alfa")
            found[by] = rows.drop(columns=["node"])
    return found


def test_the_same_rows_in_any_order_give_the_same_answers(tmp_path: Path, smallland_snapshot: Any) -> None:
    shuffled = _everything(_built(tmp_path / "home", smallland.smallland(), shuffle=5))
    for by, rows in _everything(smallland_snapshot).items():
        assert rows.equals(shuffled[by]), by


def test_a_media_row_more_changes_no_number_of_field_or_outcome(tmp_path: Path, smallland_snapshot: Any) -> None:
    rows = smallland.smallland()
    more = {**rows["exposure"][0], "exposure": "one more", "quantity": 999}
    changed = _built(tmp_path / "home", {**rows, "exposure": [*rows["exposure"], more]})
    before, after = _everything(smallland_snapshot), _everything(changed)
    for by in before:
        for name, metric in METRICS.items():
            if name in before[by] and not any(each.startswith("media") for each in metric.sensitivities):
                assert before[by][name].equals(after[by][name]), (by, name)
    assert after["nation"].impressions.iloc[0] == before["nation"].impressions.iloc[0] + 999


def test_a_realignment_moves_what_it_should_and_nothing_else(tmp_path: Path, smallland_snapshot: Any) -> None:
    rows = smallland.smallland()
    moved = [
        {**each, "node": "SM_S1a"} if each["subject"] == "H01" and each["hierarchy"] == "field" else each
        for each in rows["alignment"]
    ]
    before = _everything(smallland_snapshot)["territory"].set_index("node_id")
    after = _everything(_built(tmp_path / "home", {**rows, "alignment": moved}))["territory"].set_index("node_id")
    change = (after.trx - before.trx).dropna()
    assert change[change != 0].to_dict() == {"SM_N1a": -13 * 2, "SM_S1a": 13 * 2}
    assert (after.calls == before.calls).all(), "calls stay with the rep who made them"
    assert after.trx.sum() == before.trx.sum()
