"""Subjects one by one: what the build keeps of them is what their facts add up to."""

from __future__ import annotations

from typing import Any

import pytest

from data.errors import Denied
from metrics.access import authorise
from metrics.catalog import METRICS
from metrics.groups import ALL_GROUPS
from metrics.query import MetricQuery, Visitor
from metrics.result import ask
from metrics.subjects import atom, rows_at, sums

# C13W of Smallland and, written as days, the same thirteen weeks: the one is kept, the other added up.
KEPT, DAYS = "C13W", "2026-08-15..2026-11-13"
WHO = (
    ("regional_director", "field", "SM", "HCP"),
    ("district_manager", "field", "SM_N1", "HCP"),
    ("rep", "field", "SM_N1a", "HCP"),
    ("steward", "field", "SM_S", "site"),
    ("msl", "medical", "ME_R1", "HCP"),
    ("msl", "medical", "ME_R2", "site"),
    ("site_manager", "study", "S1", "site"),
)


def _rows(visitor: Visitor, snapshot: Any, **asked: Any) -> list[list[Any]]:
    query = MetricQuery(metrics=tuple(METRICS), hierarchy=visitor.hierarchy, within=None, **asked)
    answer = ask(authorise(query, visitor, snapshot), snapshot)
    return answer.rows.astype(object).where(answer.rows.notna(), None).values.tolist()


@pytest.mark.parametrize("compare", [None, "previous"])
@pytest.mark.parametrize("product", [None, "alfa", "beta"])
@pytest.mark.parametrize(("role", "hierarchy", "node", "by"), WHO)
def test_what_is_kept_is_what_the_facts_add_up_to(
    smallland_snapshot: Any, role: str, hierarchy: str, node: str, by: str, product: str | None, compare: str | None
) -> None:
    visitor = Visitor(
        id="x", role=role, hierarchy=hierarchy, node=node, studies=("S1",) if role == "site_manager" else ()
    )
    kept, added = (
        _rows(visitor, smallland_snapshot, by=by, window=window, product=product, compare=compare)
        for window in (KEPT, DAYS)
    )
    assert kept == added
    assert any(cell for row in kept for cell in row[6:])


def test_a_series_of_subjects_adds_up_to_the_window(smallland_snapshot: Any) -> None:
    rep = Visitor(id="x", role="rep", hierarchy="field", node="SM_N1a")
    query = MetricQuery(metrics=("trx",), hierarchy="field", within=None, by="HCP", window=KEPT, product="alfa")
    window = ask(authorise(query, rep, smallland_snapshot), smallland_snapshot).rows
    series = MetricQuery(metrics=("trx",), hierarchy="field", within=None, by="HCP", product="alfa", series=13)
    lines = ask(authorise(series, rep, smallland_snapshot), smallland_snapshot).rows
    assert (
        lines.groupby("node_id").trx.sum(min_count=1).dropna().to_dict()
        == window.set_index("node_id").trx.dropna().to_dict()
    )


def test_nobody_sees_a_subject_outside_the_own_part(smallland_snapshot: Any) -> None:
    rep = Visitor(id="x", role="rep", hierarchy="field", node="SM_N1b")
    query = MetricQuery(metrics=("trx",), hierarchy="field", within="SM_N1a", by="HCP")
    with pytest.raises(Denied):
        authorise(query, rep, smallland_snapshot)
    own = MetricQuery(metrics=("trx",), hierarchy="field", within=None, by="HCP")
    rows = ask(authorise(own, rep, smallland_snapshot), smallland_snapshot).rows
    assert len(rows) == 3  # H05, H06 and H07


def test_every_row_of_a_fact_lies_where_its_subjects_are_said_to_have_theirs(smallland_snapshot: Any) -> None:
    for group in ALL_GROUPS:
        for fact in group.facts:
            sql = (
                f"SELECT t.ancestor, f.rowid FROM {fact.table.name} f JOIN place l ON l.subject = f.{fact.subject} "
                "JOIN node_tree t ON t.hierarchy = l.hierarchy AND t.node = l.leaf WHERE l.hierarchy = 'field'"
            )
            for node, row in smallland_snapshot.rows(sql):
                first, last, _ = rows_at(smallland_snapshot, "field", node, fact.table.name)
                assert first <= row <= last, (fact.name, node)


def test_measures_share_an_atom_only_where_they_add_up_the_same() -> None:
    found: dict[str, tuple[str, str]] = {}
    for measure in sums(measure for group in ALL_GROUPS for measure in group.measures):
        assert found.setdefault(atom(measure), (measure.fact.name, measure.expr)) == (measure.fact.name, measure.expr)
