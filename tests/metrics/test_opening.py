"""Which product a page opens on: the own one that sells most, not the first of the alphabet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.snapshot import open_snapshot
from metrics.access import authorise
from metrics.build import build
from metrics.models import drivers
from metrics.opening import leading_product
from metrics.query import MetricQuery, Visitor
from metrics.result import ask
from tests import yearland

LEADER = Visitor(id="leader", role="national_leader", hierarchy="us", node="US")


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Yearland's snapshot: of our own Nasonex sold 430 in 2014, OxyContin 20, Lyrica is not loaded for that year."""
    workspace, _ = yearland.imported(Path(tmp_path_factory.mktemp("yearland")))
    build(workspace)
    return open_snapshot(workspace)


def test_the_largest_own_product_leads(years: Any, smallland_snapshot: Any) -> None:
    [us] = years.hierarchies()
    own = [product.id for product in years.products() if product.own]
    assert own[0] != "nasonex", "the first of the alphabet is another"
    assert leading_product(years, us) == "nasonex"
    field = next(each for each in smallland_snapshot.hierarchies() if each.id == "field")
    assert leading_product(smallland_snapshot, field) == "alfa"


def test_a_hierarchy_where_nothing_is_sold_has_none(smallland_snapshot: Any) -> None:
    study = next(each for each in smallland_snapshot.hierarchies() if each.kind == "study")
    assert leading_product(smallland_snapshot, study) is None


def test_of_every_product_line_bridge_and_change_leave_out_what_one_year_lacks(years: Any) -> None:
    """2013 without Lyrica's class: A 300 + 200, B 200, D 500, E 110 = 1,310; 2014: 320 + 210, 220, 150, 450 + 120."""
    asked = {"metrics": ("trx",), "hierarchy": "us", "within": "US", "by": "nation", "window": "Y"}
    compared = ask(authorise(MetricQuery(**asked, compare="previous"), LEADER, years), years)
    moved = authorise(MetricQuery(**asked, compare="previous"), LEADER, years)
    bridge = drivers.read(moved, years).set_index("factor")["quantity"].astype(float)
    line = ask(authorise(MetricQuery(**asked, series=5), LEADER, years), years)
    assert compared.rows[["trx__previous", "trx"]].iloc[0].astype(float).tolist() == [1310, 1470]
    assert (bridge["start"], bridge["end"]) == (1310, 1470)
    assert line.rows.sort_values("period_end")["trx"].astype(float).tolist() == [1310, 1470]
    assert any("without" in note for note in line.notes)
