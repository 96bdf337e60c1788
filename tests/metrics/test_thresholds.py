"""Counts that the source hid are told as such, and years are compared over what both of them hold."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from data.snapshot import Snapshot, open_snapshot
from metrics.access import authorise
from metrics.build import build
from metrics.query import MetricQuery, Visitor
from metrics.reading import read
from metrics.result import Result, ask
from tests import yearland

LEADER = Visitor(id="leader", role="national_leader", hierarchy="us", node="US")
REP = Visitor(id="rep", role="rep", hierarchy="us", node="FL-Orange County")
HIDES = "The source hides counts below {}, and they add 0: {}."
Land = tuple[Snapshot, dict[str, str]]


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Land:
    """Yearland, built, and its physicians A to E by their opaque ids."""
    workspace, _ = yearland.imported(tmp_path_factory.mktemp("yearland"))
    build(workspace)
    with sqlite3.connect(workspace.people_path) as people:
        known = people.execute("SELECT npi, party FROM person ORDER BY npi").fetchall()
    return open_snapshot(workspace), dict(zip("ABCDE", (party for _, party in known), strict=True))


def _ask(land: Land, visitor: Visitor, by: str, *metrics: str, **more: Any) -> Result:
    asked = MetricQuery(metrics=metrics, hierarchy="us", by=by, **{"within": None, "window": "Y", **more})
    return ask(authorise(asked, visitor, land[0]), land[0])


def _column(answer: Result, name: str) -> dict[str, float | None]:
    values = answer.rows.set_index("node_id")[name].astype(object)
    return values.where(values.notna(), None).to_dict()


def test_each_node_is_the_sum_of_its_rows(land: Land) -> None:
    answer = _ask(land, LEADER, "county", "trx", "calls")
    assert _column(answer, "trx") == {
        "FL-Miami-Dade County": 150,
        "FL-Orange County": 320 + 210 + 220,
        "FL~unaligned": 450 + 120,
        "GA~unaligned": None,
    }
    assert _column(answer, "calls") == {
        "FL-Miami-Dade County": 0,
        "FL-Orange County": 4,
        "FL~unaligned": 0,
        "GA~unaligned": 0,
    }
    assert _column(_ask(land, LEADER, "state", "trx", window="2013-01..2013-12"), "trx") == {"FL": 1600, "GA": 110}


def test_a_row_whose_count_is_hidden_says_below_what(land: Land) -> None:
    hcp = land[1]
    answer = _ask(land, REP, "HCP", "trx", "share", product="nasonex", compare="previous")
    assert _column(answer, "trx") == {hcp["A"]: 130, hcp["B"]: None}
    assert answer.reason("trx", hcp["B"]) == "below 100"
    assert answer.reason("share", hcp["B"]) == "its TRx is below 100"
    assert answer.reason("trx__previous", hcp["B"]) == "below 100"
    assert _column(answer, "trx__previous") == {hcp["A"]: 120, hcp["B"]: None}
    answer = _ask(land, REP, "HCP", "trx", product="oxycontin")
    assert answer.reason("trx", hcp["A"]) == "below 11"
    assert answer.reason("trx", hcp["B"]) is None, "absent is unknown"


def test_a_node_of_nothing_but_hidden_counts_adds_nothing_and_says_below_what(land: Land) -> None:
    answer = _ask(land, LEADER, "county", "trx", "share", product="oxycontin", compare="previous")
    told = _column(answer, "trx")
    assert told["FL-Orange County"] == 0, "hidden counts add 0 to every sum"
    assert read(answer).now("trx", "FL-Orange County") is None, "and no page says that there were none"
    assert read(answer).reason("trx", "FL-Orange County") == "below 11"
    assert told["FL~unaligned"] == 20
    assert answer.reason("trx", "FL-Orange County") == "below 11"
    assert answer.reason("share", "FL-Orange County") == "its TRx is below 11"
    assert answer.reason("trx__previous", "FL-Orange County") == "below 11"
    series = _ask(land, LEADER, "county", "trx", product="oxycontin", series=2)
    lines = {(row.node_id, row.period_end.year): row.trx for row in series.rows.itertuples()}
    assert lines["FL~unaligned", 2014] == 20
    assert list(read(series).line("trx", "FL-Orange County")) == [None, None]


def test_two_hidden_years_lie_below_twice_the_threshold(land: Land) -> None:
    answer = _ask(land, REP, "HCP", "trx", product="nasonex", window="all")
    assert answer.reason("trx", land[1]["B"]) == "below 200"
    assert _column(answer, "trx")[land[1]["A"]] == 250


def test_a_series_says_it_year_by_year(land: Land) -> None:
    answer = _ask(land, REP, "HCP", "trx", product="nasonex", series=2)
    told = {(row.node_id, row.period_end.year): row.trx for row in answer.rows.itertuples()}
    assert told[land[1]["A"], 2013] == 120
    assert told[land[1]["A"], 2014] == 130
    assert answer.rows.set_index("node_id").loc[land[1]["B"], "trx"].isna().all()
    assert answer.reason("trx", land[1]["B"]) == "below 100"


@pytest.mark.parametrize(
    ("product", "metrics", "words"),
    [
        ("nasonex", ("trx",), HIDES.format(100, "TRx and share are floors")),
        ("oxycontin", ("trx",), HIDES.format(11, "TRx and share are floors")),
        ("nasal_steroids_rest", ("trx",), HIDES.format(100, "what is left of the market is a ceiling")),
        (None, ("share",), HIDES.format("11 or 100", "TRx and share of a brand are floors")),
        (None, ("trx",), None),
        ("nasonex", ("calls",), None),
    ],
)
def test_floors_and_ceilings_are_said_beside_the_numbers(
    land: Land, product: str | None, metrics: tuple[str, ...], words: str | None
) -> None:
    answer = _ask(land, LEADER, "nation", *metrics, product=product)
    assert answer.notes == ((words,) if words else ())


def test_nobody_is_new_or_lapsed_where_an_absent_row_is_unknown(land: Land) -> None:
    names = ("new_writers", "lapsed_writers", "decliners", "growers")
    answer = _ask(land, LEADER, "nation", *names, product="nasonex")
    assert answer.rows[list(names)].isna().all(axis=None)
    assert {each.reason for each in answer.withheld} == {"a missing row is unknown here, never none"}


def test_years_are_compared_over_the_markets_of_both(land: Land) -> None:
    answer = _ask(land, LEADER, "nation", "trx", "calls", compare="year")
    assert _column(answer, "trx__year") == {"US": 300 + 200 + 500 + 110 + 200}
    assert answer.notes == ("Compared like for like: without Drugs for neuropathic pain, not loaded in both windows.",)
    assert answer.reason("calls__year", "US") == "partly loaded"
    assert _ask(land, LEADER, "nation", "trx", product="lyrica").reason("trx", "US") == "not loaded"
    assert _ask(land, LEADER, "nation", "calls", window="2013-01..2013-12").partial == {"calls"}


def test_the_year_that_a_feed_covers_in_part_is_marked_in_a_series(land: Land) -> None:
    answer = _ask(land, LEADER, "nation", "trx", "calls", series=2)
    assert answer.rows.calls.tolist() == [7, 4], (
        "like for like: without the calls of a market loaded for one year alone"
    )
    assert "like for like" in " ".join(answer.notes)
    assert {(name, last.year) for name, last in answer.partial_periods} == {("calls", 2013)}


def test_a_window_finer_than_the_year_says_yearly(land: Land) -> None:
    answer = _ask(land, LEADER, "nation", "trx", "calls", window="C13W", compare="previous")
    assert {each.reason for each in answer.withheld} == {"yearly"}
