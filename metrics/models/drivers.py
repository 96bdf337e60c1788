"""Why TRx moved: from one window to another, split into market, mix, breadth and depth, exactly.

Per leaf, TRx = M x (W / A) x (TRx/W over M/A): M the market's scripts, A the subjects active in the
market, W those that write the product. The three are market, breadth (how many of the active write)
and depth (scripts per writer, beside what an active subject writes of the market). Their Shapley
parts (metrics/models/shapley.py) are summed up every hierarchy. At a node the market's part is then
divided by Bennet's indicator: `market` is what the node's own average growth brought, `mix` what
came of growing where the share is high or low. Without a market basket: W x TRx/W, breadth and depth.
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import Denied, WrongQuestion
from metrics import periods
from metrics.areas import inside
from metrics.catalog import METRICS
from metrics.derive import LIKE_FOR_LIKE, grain_of
from metrics.loaded import not_in_both, short_baskets
from metrics.models import shapley
from metrics.query import GrantedQuery
from metrics.suppress import few_at

FACTORS = ("start", "market", "mix", "breadth", "depth", "end")
WITHOUT_MARKET = ("start", "breadth", "depth", "end")
TICK = 10_000  # quantities are whole numbers of a ten-thousandth: DECIMAL(18,4)
_KEYS = ["hierarchy", "leaf", "win", "shift", "product", "masked"]
_MEASURES = ["trx", "market", "writers", "active", "people"]

_DDL = """
CREATE OR REPLACE TABLE bridge (
    hierarchy VARCHAR, node VARCHAR, win VARCHAR, shift VARCHAR, product VARCHAR, masked BOOLEAN,
    position INTEGER, factor VARCHAR, quantity DECIMAL(18,4), people BIGINT
)"""

# Which products' rows count for each product asked for: its own, and those of its market where at
# least two of them are loaded. "*" is every product loaded, "*like" those loaded throughout; neither has a market.
_SCOPES = """
CREATE OR REPLACE TEMP TABLE driver_scope AS
WITH loaded AS (SELECT DISTINCT product FROM outcome),
known AS (SELECT s.* FROM product_scope s JOIN loaded USING (product)),
mine AS (SELECT product FROM product WHERE own),
market AS (SELECT asked, product FROM known WHERE scope = 'basket' AND asked IN (SELECT product FROM mine)),
rich AS (SELECT asked FROM market GROUP BY asked HAVING count(*) >= 2)
SELECT asked AS product, product AS member, TRUE AS own, asked IN (SELECT asked FROM rich) AS has_market
FROM known WHERE scope = 'own' AND asked IN (SELECT product FROM mine)
UNION ALL
SELECT asked, product, FALSE, TRUE FROM market WHERE asked IN (SELECT asked FROM rich)
UNION ALL
SELECT asked, product, TRUE, FALSE FROM known WHERE scope = 'self' AND asked IN ('*', '*like')
"""

# One row a leaf, window, shift, product and mask: sums and counts of subjects, in whole ticks.
_LEAVES = """
WITH cover AS (SELECT min(period_start) AS first FROM outcome),
asked AS (SELECT win, shift, s.first, s.last FROM span s, cover WHERE s.kind = 'window' AND s.first >= cover.first),
cell AS (
    SELECT a.win, a.shift, o.subject, o.product, sum(o.quantity) AS quantity
    FROM outcome o JOIN asked a ON o.period_start >= a.first AND o.period_end <= a.last
    GROUP BY ALL
),
person AS (
    SELECT c.win, c.shift, s.product, c.subject, any_value(s.has_market) AS has_market,
        coalesce(sum(c.quantity) FILTER (WHERE s.own), 0) AS trx,
        coalesce(sum(c.quantity) FILTER (WHERE NOT s.own), 0) AS market
    FROM cell c JOIN driver_scope s ON s.member = c.product
    GROUP BY ALL
)
SELECT l.hierarchy, l.leaf, p.win, p.shift, p.product, m.masked, bool_or(p.has_market) AS has_market,
    CAST(sum(p.trx) * 10000 AS BIGINT) AS trx, CAST(sum(p.market) * 10000 AS BIGINT) AS market,
    count(*) FILTER (WHERE p.trx >= 1) AS writers, count(*) FILTER (WHERE p.market > 0) AS active,
    count(*) AS people
FROM person p
JOIN place l ON l.subject = p.subject
CROSS JOIN (VALUES (FALSE), (TRUE)) AS m(masked)
WHERE NOT m.masked OR NOT EXISTS (SELECT 1 FROM pdrp_now x WHERE x.party = p.subject)
GROUP BY ALL
"""


def fit_bridge(con: duckdb.DuckDBPyConnection, info: Any) -> None:
    """Write the bridge table: every node, standard window, comparison, own product and "*", masked and not."""
    con.execute(_DDL)
    if info.grain is None:
        return
    con.execute(_SCOPES)
    leaves = con.execute(_LEAVES).df()
    tree = con.execute("SELECT hierarchy, ancestor AS node, node AS leaf FROM node_tree").df()
    for shift in ("previous", "year"):
        pairs = paired(leaves, shift)
        for has_market, own in pairs.groupby("has_market"):
            rows = bridge(own, tree, bool(has_market))
            con.register("bridge_rows", rows)
            con.execute(
                """
                INSERT INTO bridge SELECT hierarchy, node, win, shift, product, masked, position, factor,
                    CAST(ticks AS DECIMAL(18,0)) * CAST(0.0001 AS DECIMAL(4,4)), people
                FROM bridge_rows ORDER BY hierarchy, node, win, shift, product, masked, position
                """
            )
            con.unregister("bridge_rows")


def paired(leaves: pd.DataFrame, shift: str) -> pd.DataFrame:
    """Each leaf's old and new numbers side by side; a leaf absent in one window has zeros there.

    A window whose comparison lies before the first loaded period is not compared.
    """
    keys = [key for key in _KEYS if key != "shift"]
    now, before = leaves[leaves["shift"] == "current"], leaves[leaves["shift"] == shift]
    now = now[now["win"].isin(before["win"].unique())]
    both = now.merge(before, on=keys, how="outer", suffixes=("_1", "_0"))
    both["has_market"] = both["has_market_1"].eq(True) | both["has_market_0"].eq(True)
    for name in _MEASURES:
        for side in ("_0", "_1"):
            both[name + side] = both[name + side].fillna(0).astype(np.int64)
    return both.assign(shift=shift)


def bridge(pairs: pd.DataFrame, tree: pd.DataFrame, has_market: bool) -> pd.DataFrame:
    """The bridge of every node above the leaves given: one row a factor, in whole ticks, parts exact.

    `pairs` is what `paired` returns; `tree` has hierarchy, node, leaf (each leaf's ancestors, itself included).
    """
    parts = _market_parts(pairs) if has_market else _plain_parts(pairs)
    leaf = pairs[_KEYS].assign(
        start=pairs["trx_0"], end=pairs["trx_1"], people=pairs[["people_0", "people_1"]].min(axis=1),
        market_0=pairs["market_0"], market_1=pairs["market_1"], leaves=1, **parts,
    )  # fmt: skip
    keys = ["hierarchy", "node", "win", "shift", "product", "masked"]
    node = leaf.merge(tree, on=["hierarchy", "leaf"]).drop(columns="leaf").groupby(keys, as_index=False).sum()
    if has_market:
        node["market"] = _average_growth(node)
        node["mix"] = node["volume"] - node["market"]
    factors = FACTORS if has_market else WITHOUT_MARKET
    long = node.melt(id_vars=[*keys, "people"], value_vars=list(factors), var_name="factor", value_name="ticks")
    long["position"] = long["factor"].map({factor: FACTORS.index(factor) for factor in factors})
    return long


def _market_parts(pairs: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Each leaf's parts: volume (the market's whole), breadth, depth; and what `_average_growth` needs."""
    sides = [_factors(pairs, side) for side in ("_0", "_1")]
    old, new = _filled(sides[0], sides[1]), _filled(sides[1], sides[0])
    change = (pairs["trx_1"] - pairs["trx_0"]).to_numpy()
    volume, breadth, depth = shapley.ticks(shapley.split(old, new), change)
    one = np.ones(len(pairs))
    share = shapley.split([0 * one, *old[1:]], [one, *new[1:]])[0]  # scripts for each market script added
    return {
        "volume": volume, "breadth": breadth, "depth": depth,
        "share_0": share * pairs["market_0"].to_numpy(), "share_1": share * pairs["market_1"].to_numpy(),
    }  # fmt: skip


def _plain_parts(pairs: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Each leaf's breadth and depth where no market is known."""
    sides = []
    for side in ("_0", "_1"):
        trx, writers = pairs["trx" + side].to_numpy(dtype=float), _writers(pairs, side)
        sides.append([writers, _ratio(trx, writers)])
    old, new = _filled(sides[0], sides[1]), _filled(sides[1], sides[0])
    change = (pairs["trx_1"] - pairs["trx_0"]).to_numpy()
    breadth, depth = shapley.ticks(shapley.split(old, new), change)
    return {"breadth": breadth, "depth": depth}


def _factors(pairs: pd.DataFrame, side: str) -> list[NDArray[np.float64]]:
    """M, W / A and (TRx / W) / (M / A) of one window; missing where nothing is divided by."""
    trx, market = pairs["trx" + side].to_numpy(dtype=float), pairs["market" + side].to_numpy(dtype=float)
    writers = _writers(pairs, side)
    active = np.maximum(pairs["active" + side].to_numpy(dtype=float), writers)
    return [market, _ratio(writers, active), _ratio(trx * active, writers * market)]


def _writers(pairs: pd.DataFrame, side: str) -> NDArray[np.float64]:
    """How many write; a leaf with only a fraction of a script has one writer, so that nothing is lost."""
    some = (pairs["trx" + side] != 0).to_numpy(dtype=float)
    return np.maximum(pairs["writers" + side].to_numpy(dtype=float), some)


def _ratio(over: NDArray[np.float64], under: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(under > 0, over / under, np.nan)


def _filled(side: list[NDArray[np.float64]], other: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """An undefined factor takes the other window's value, so that a start or an end is the doing of what began."""
    return [
        np.nan_to_num(np.where(np.isnan(mine), theirs, mine), nan=0.0) for mine, theirs in zip(side, other, strict=True)
    ]


def _average_growth(node: pd.DataFrame) -> NDArray[np.int64]:
    """The part of the market's effect that the node's own average growth explains; all of it at a leaf."""
    was, now = node["market_0"].to_numpy(dtype=float), node["market_1"].to_numpy(dtype=float)
    volume = node["volume"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        average = (now - was) * (node["share_0"].to_numpy() / was + node["share_1"].to_numpy() / now) / 2
    plain = (node["leaves"].to_numpy() == 1) | (was <= 0) | (now <= 0)
    return np.where(plain, volume, np.rint(np.nan_to_num(average))).astype(np.int64)


def read(granted: GrantedQuery, snapshot: Any) -> pd.DataFrame:
    """The bridge of each node at the level granted: node, position, factor, quantity, in order.

    Masked numbers for those who must not see opted-out physicians. Empty where the window is not
    a standard one, its comparison is not loaded, or too few persons stand behind an aggregate.
    Raises Denied where the visitor may not see TRx, WrongQuestion below the hierarchy's leaf.
    """
    if not isinstance(granted, GrantedQuery):
        raise TypeError("A bridge is read with a GrantedQuery; metrics.access.authorise makes one.")
    if "trx" not in granted.metrics:
        reason = next((item.reason for item in granted.withheld if item.metric == "trx"), "TRx was not asked for")
        raise Denied(reason, where="bridge")
    hierarchy = next(item for item in snapshot.hierarchies() if item.id == granted.hierarchy)
    if hierarchy.is_subject(granted.by):
        raise WrongQuestion(
            f'no bridge by "{granted.by}"', where="bridge", todo=f"Ask by {', '.join(hierarchy.levels)}."
        )
    if granted.window not in periods.WINDOWS[grain_of(snapshot.grain)]:
        return pd.DataFrame(columns=["node", "position", "factor", "quantity"])
    grain, shift = grain_of(snapshot.grain), granted.compare or "previous"
    windows = tuple(periods.span(grain, snapshot.anchor, granted.window, each) for each in ("current", shift))
    every = LIKE_FOR_LIKE if not_in_both(snapshot, windows) and short_baskets(snapshot) else "*"
    sql = """
        SELECT b.node, b.position, b.factor, b.quantity
        FROM bridge b JOIN node n ON n.hierarchy = b.hierarchy AND n.node = b.node
        WHERE b.hierarchy = $hierarchy AND n.level = $level AND b.win = $win AND b.shift = $shift
            AND b.product = $product AND b.masked = $masked AND list_contains($inside, b.node)
        ORDER BY b.node, b.position
    """
    values = {
        "hierarchy": granted.hierarchy, "inside": sorted(inside(granted, snapshot)),
        "level": hierarchy.level(granted.by), "win": granted.window, "shift": shift,
        "product": granted.product or every, "masked": granted.masked,
    }  # fmt: skip
    rows: pd.DataFrame = snapshot.frame(sql, values)
    return rows[~rows["node"].isin(_hidden(granted, snapshot, windows))].reset_index(drop=True)


def _hidden(granted: GrantedQuery, snapshot: Any, windows: tuple[periods.Span, ...]) -> frozenset[str]:
    """The nodes where TRx, or what a bridge is made of, is hidden in either window: it begins and ends with them."""
    parts = METRICS["market_trx"], METRICS["writers"]
    return frozenset().union(*(few_at(METRICS["trx"], granted, snapshot, each, *parts) or () for each in windows))
