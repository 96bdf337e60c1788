"""The bridge: exact at every node, market and mix told apart, nothing invented where nothing is known.

Two territories T1, T2 form D. Own product "ours" and rival "theirs" share a basket. One subject each
a, b in T1 and c, d in T2; a and b had 10 + 90 scripts in a market of 100 + 100.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest

from metrics.models import drivers

OLD, NEW = (date(2026, 1, 3), date(2026, 1, 30)), (date(2026, 1, 31), date(2026, 2, 27))
Put = Callable[..., None]


class Info:
    as_of = anchor = NEW[1]
    grain = "week"


@pytest.fixture
def company(con: duckdb.DuckDBPyConnection, put: Put) -> Put:
    """Places, products and windows; returns fill(old, new), rows of (subject, product, quantity)."""
    put("product", ["product", "name", "own"], [["ours", "Ours", True], ["theirs", "Theirs", False]])
    scopes = [["own", "ours", "ours"], ["own", "*", "ours"], ["basket", "ours", "ours"], ["basket", "ours", "theirs"]]
    put("product_scope", ["scope", "asked", "product"], [*scopes, ["self", "*", "ours"], ["self", "*", "theirs"]])
    leaves = {"a": "T1", "b": "T1", "c": "T2", "d": "T2"}
    put("place", ["hierarchy", "subject", "leaf", "subject_kind"], [["f", s, t, "hcp"] for s, t in leaves.items()])
    tree = [["f", up, node, "x", 0] for node, ups in {"T1": ("T1", "D"), "T2": ("T2", "D"), "D": ("D",)}.items() for up in ups]  # fmt: skip  # noqa: E501
    put("node_tree", ["hierarchy", "ancestor", "node", "level", "depth"], tree)
    spans = [["C4W:current", "window", "C4W", "current", *NEW], ["C4W:previous", "window", "C4W", "previous", *OLD]]
    put("span", ["span", "kind", "win", "shift", "first", "last"], spans)

    def fill(old: list[tuple[str, str, float]], new: list[tuple[str, str, float]]) -> None:
        rows = [
            ["hcp", subject, product, first, first + timedelta(days=6), Decimal(str(quantity))]
            for (first, _), side in ((OLD, old), (NEW, new))
            for subject, product, quantity in side
        ]
        put("outcome", ["subject_kind", "subject", "product", "period_start", "period_end", "quantity"], rows)

    return fill


def parts(con: duckdb.DuckDBPyConnection, node: str, product: str = "ours", masked: bool = False) -> dict[str, float]:
    rows = con.execute(
        "SELECT factor, quantity FROM bridge WHERE node = ? AND product = ? AND masked = ? AND shift = 'previous' "
        "ORDER BY position",
        [node, product, masked],
    ).fetchall()
    return {factor: float(quantity) for factor, quantity in rows}


def test_a_market_that_grows_alike_is_all_market(con: duckdb.DuckDBPyConnection, company: Put) -> None:
    """Every volume doubles: +30 scripts, all of it the market."""
    old = [("a", "ours", 10.0), ("a", "theirs", 90.0), ("c", "ours", 20.0), ("c", "theirs", 30.0)]
    company(old, [(s, p, 2 * q) for s, p, q in old])
    drivers.fit_bridge(con, Info)
    assert parts(con, "D") == {"start": 30, "market": 30, "mix": 0, "breadth": 0, "depth": 0, "end": 60}


def test_growth_where_the_share_is_high_is_mix(con: duckdb.DuckDBPyConnection, company: Put) -> None:
    """T1 (share 10 %) loses 50 of market, T2 (share 50 %) gains 50: the whole market is level, mix +20."""
    company(
        [("a", "ours", 10.0), ("a", "theirs", 90.0), ("c", "ours", 50.0), ("c", "theirs", 50.0)],
        [("a", "ours", 5.0), ("a", "theirs", 45.0), ("c", "ours", 75.0), ("c", "theirs", 75.0)],
    )
    drivers.fit_bridge(con, Info)
    assert parts(con, "D") == {"start": 60, "market": 0, "mix": 20, "breadth": 0, "depth": 0, "end": 80}
    assert parts(con, "T1") == {"start": 10, "market": -5, "mix": 0, "breadth": 0, "depth": 0, "end": 5}


def test_a_lost_writer_is_breadth_and_a_thinner_one_depth(con: duckdb.DuckDBPyConnection, company: Put) -> None:
    """In T1 one of two writers stops (half the breadth, the other writes as much); in T2 the writer halves."""
    company(
        [(s, p, 10.0) for s in "abc" for p in ("ours", "theirs")],
        [("a", "ours", 10.0), ("a", "theirs", 10.0), ("b", "theirs", 20.0), ("c", "ours", 5.0), ("c", "theirs", 15.0)],
    )
    drivers.fit_bridge(con, Info)
    assert parts(con, "T1") == {"start": 20, "market": 0, "mix": 0, "breadth": -10, "depth": 0, "end": 10}
    assert parts(con, "T2") == {"start": 10, "market": 0, "mix": 0, "breadth": 0, "depth": -5, "end": 5}


def test_entry_is_breadth_where_a_market_was_and_market_where_none_was(
    con: duckdb.DuckDBPyConnection, company: Put
) -> None:
    company([("a", "theirs", 10.0)], [("a", "ours", 4.0), ("a", "theirs", 6.0), ("c", "ours", 3.0)])
    drivers.fit_bridge(con, Info)
    assert parts(con, "T1") == {"start": 0, "market": 0, "mix": 0, "breadth": 4, "depth": 0, "end": 4}
    assert parts(con, "T2") == {"start": 0, "market": 3, "mix": 0, "breadth": 0, "depth": 0, "end": 3}


def test_no_basket_leaves_breadth_and_depth(con: duckdb.DuckDBPyConnection, company: Put) -> None:
    """Everything loaded together has no market beside itself: 2 writers of 10 become 3 of 8."""
    company(
        [("a", "ours", 10.0), ("b", "theirs", 10.0)], [("a", "ours", 8.0), ("b", "ours", 8.0), ("c", "theirs", 8.0)]
    )
    drivers.fit_bridge(con, Info)
    assert list(parts(con, "D", "*")) == ["start", "breadth", "depth", "end"]
    assert parts(con, "T1", "*") == {"start": 20, "breadth": 0, "depth": -4, "end": 16}
    assert parts(con, "T2", "*") == {"start": 0, "breadth": 8, "depth": 0, "end": 8}


def test_masked_leaves_opted_out_physicians_outside(con: duckdb.DuckDBPyConnection, company: Put, put: Put) -> None:
    put("pdrp_now", ["party"], [["a"]])
    company([("a", "ours", 10.0), ("b", "ours", 6.0)], [("a", "ours", 1.0), ("b", "ours", 6.0)])
    drivers.fit_bridge(con, Info)
    assert (parts(con, "D")["start"], parts(con, "D")["end"]) == (16, 7)
    assert (parts(con, "D", masked=True)["start"], parts(con, "D", masked=True)["end"]) == (6, 6)


def test_a_window_whose_comparison_was_not_loaded_has_no_bridge(con: duckdb.DuckDBPyConnection, company: Put) -> None:
    company([], [("a", "ours", 10.0), ("a", "theirs", 10.0)])
    drivers.fit_bridge(con, Info)
    assert con.execute("SELECT count(*) FROM bridge").fetchone() == (0,)


def _random(company: Put, seed: int) -> None:
    rng = np.random.default_rng(seed)

    def side() -> list[tuple[str, str, float]]:
        return [(s, p, round(float(q), 4)) for s in "abcd" for p in ("ours", "theirs") if (q := rng.gamma(0.5, 7)) > 1]

    company([("a", "theirs", 1.0), *side()], [("a", "theirs", 1.0), *side()])


@pytest.mark.parametrize("seed", range(8))
def test_parts_add_up_exactly_at_every_node_and_up_the_cascade(
    con: duckdb.DuckDBPyConnection, company: Put, seed: int
) -> None:
    _random(company, seed)
    drivers.fit_bridge(con, Info)
    bad = con.execute(
        """
        SELECT node, product, masked FROM bridge GROUP BY node, product, masked
        HAVING sum(quantity) FILTER (WHERE factor <> 'end') <> sum(quantity) FILTER (WHERE factor = 'end')
        """
    ).fetchall()
    assert bad == []
    ends = con.execute(
        """
        SELECT b.quantity, (SELECT sum(o.quantity) FROM outcome o WHERE o.product = 'ours' AND o.period_start >= ?)
        FROM bridge b WHERE b.node = 'D' AND b.product = 'ours' AND b.factor = 'end' AND NOT b.masked
        """,
        [NEW[0]],
    ).fetchone()
    assert ends is not None
    assert ends[0] == ends[1]
    for factor in ("breadth", "depth"):
        sums = con.execute(
            """
            SELECT sum(quantity) FILTER (WHERE node = 'D'), sum(quantity) FILTER (WHERE node <> 'D')
            FROM bridge WHERE product = 'ours' AND factor = ? AND NOT masked
            """,
            [factor],
        ).fetchone()
        assert sums is not None
        assert sums[0] == sums[1]


def test_only_a_granted_question_is_answered() -> None:
    with pytest.raises(TypeError, match="GrantedQuery"):
        drivers.read(Any, None)  # type: ignore[arg-type]


def test_the_bridge_ends_at_the_number_of_the_page_masked_for_those_who_must_not_see(smallland_snapshot: Any) -> None:
    """Smallland's nation: alfa 1,014 -> 1,170; without H03, who opted out, 975 -> 1,118."""
    from metrics.access import authorise
    from metrics.query import MetricQuery, Visitor
    from metrics.result import ask

    def asked(role: str, node: str, by: str, metrics: tuple[str, ...] = ("trx",)) -> Any:
        visitor = Visitor(id="v", role=role, hierarchy="field", node=node)
        query = MetricQuery(metrics=metrics, hierarchy="field", within=node, by=by, product="alfa", compare="previous")
        return authorise(query, visitor, smallland_snapshot)

    director = asked("regional_director", "SM_N", "region")
    frame = drivers.read(director, smallland_snapshot)
    assert frame["factor"].tolist() == list(drivers.FACTORS)
    page = ask(director, smallland_snapshot).rows.iloc[0]
    assert (frame["quantity"].iloc[0], frame["quantity"].iloc[-1]) == (page["trx__previous"], page["trx"])
    assert sum(frame["quantity"].iloc[:-1]) == frame["quantity"].iloc[-1]

    manager = asked("district_manager", "SM_N1", "district")
    frame = drivers.read(manager, smallland_snapshot)
    page = ask(manager, smallland_snapshot).rows.iloc[0]
    assert (frame["quantity"].iloc[0], frame["quantity"].iloc[-1]) == (page["trx__previous"], page["trx"])
    unmasked = smallland_snapshot.rows(
        "SELECT quantity FROM bridge WHERE node = 'SM_N1' AND win = 'C13W' AND shift = 'previous' "
        "AND product = 'alfa' AND NOT masked AND factor = 'end'"
    )
    assert unmasked[0][0] > frame["quantity"].iloc[-1]


def test_no_bridge_for_who_may_not_see_prescriptions(smallland_snapshot: Any) -> None:
    from data.errors import Denied
    from metrics.access import authorise
    from metrics.query import MetricQuery, Visitor

    visitor = Visitor(id="v", role="regional_director", hierarchy="field", node="SM_N")
    query = MetricQuery(metrics=("calls",), hierarchy="field", within="SM_N", by="region")
    with pytest.raises(Denied):
        drivers.read(authorise(query, visitor, smallland_snapshot), smallland_snapshot)
