"""What the numbers of one kind are made of: how much each group of persons has, piece of time by piece, product by
product, and which of it every number adds up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from metrics.catalog.people import Crowd
from metrics.cells.ground import Days, Ground
from metrics.crowds import persons_of

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Amounts:
    """Amounts by group, piece and product; `inside` says which node has which group, `during` which span (windows,
    then periods) has which piece, `of` which set that may be asked for has which product.

    A group is of persons who stand at the same leaf of every hierarchy; a piece is of days that lie in the
    same spans; products that are asked for together only are one.
    """

    inside: Flags
    during: Flags
    of: Flags
    amounts: NDArray[np.float64]


_GROUPED = """
WITH who AS (SELECT DISTINCT f.{subject} AS subject, {where} FROM {table} f),
standing AS (
    SELECT w.subject, w.at_hierarchy, w.at_node,
        list(DISTINCT l.hierarchy || chr(31) || CASE WHEN w.at_hierarchy = l.hierarchy AND w.at_node IS NOT NULL
            THEN w.at_node ELSE l.leaf END) AS leaves
    FROM who w JOIN place l ON l.subject = w.subject AND l.subject_kind IN ({kind})
    WHERE NOT (w.subject IN (SELECT party FROM pdrp_now) AND $masked) GROUP BY ALL),
numbered AS (
    SELECT subject, at_hierarchy, at_node, array_to_string(list_sort(leaves), chr(30)) AS leaves,
        dense_rank() OVER (ORDER BY list_sort(leaves)) AS number FROM standing),
summed AS (
    SELECT s.number, f.period_start AS first, f.period_end AS last, {product} AS bit,
        CAST(sum({what}) AS DOUBLE) AS amount
    FROM {table} f {by_product} JOIN numbered s ON s.subject = f.{subject} AND {met} WHERE ({adds}) GROUP BY ALL)
SELECT n.leaves, s.first, s.last, s.bit, s.amount
FROM summed s JOIN (SELECT DISTINCT number, leaves FROM numbered) n ON n.number = s.number ORDER BY ALL
"""
_MET = "s.at_hierarchy IS NOT DISTINCT FROM f.hierarchy AND s.at_node IS NOT DISTINCT FROM f.node"


def amounts(snapshot: Any, ground: Ground, crowd: Crowd, masked: bool, told: tuple[int, ...]) -> Amounts:
    """What the numbers that stand on a crowd are made of, where these sets of products may be asked for."""
    fact, actor = crowd.fact, crowd.fact.place == "actor"
    sql = _GROUPED.format(
        table=fact.table.name,
        subject=fact.subject,
        where="f.hierarchy AS at_hierarchy, f.node AS at_node" if actor else "NULL AS at_hierarchy, NULL AS at_node",
        product="p.bit" if fact.product else "-1",
        by_product=f"JOIN product_bit p ON p.product = coalesce(f.{fact.product}, '')" if fact.product else "",
        what=crowd.what,
        met=_MET if actor else "TRUE",
        adds=crowd.adds,
        kind=persons_of(crowd),
    )
    rows = snapshot.frame(sql, {"masked": masked})
    rows["first"], rows["last"] = pd.to_datetime(rows["first"]).dt.date, pd.to_datetime(rows["last"]).dt.date
    return _arranged(rows, ground, told, to_date=fact.time == "to_date")


def _arranged(rows: pd.DataFrame, ground: Ground, told: tuple[int, ...], to_date: bool) -> Amounts:
    """The rows as an array, over groups, pieces and products."""
    group, leaves = pd.factorize(rows["leaves"])
    days = pd.MultiIndex.from_frame(rows[["first", "last"]])
    day, known = days.factorize()
    bit, bits = pd.factorize(rows["bit"])
    during = _during(list(known), (*ground.windows, *ground.periods), to_date)
    of = np.array([[bool(int(wanted) & int(each)) for each in bits] for wanted in told]).reshape(len(told), len(bits))
    pieces, piece = np.unique(during, axis=0, return_inverse=True)
    products, product = np.unique(of, axis=1, return_inverse=True)
    found = np.zeros((len(leaves), len(pieces), products.shape[1]))
    np.add.at(found, (group, piece.reshape(-1)[day], product.reshape(-1)[bit]), rows.amount.to_numpy(dtype=float))
    wanted = pieces.any(axis=1)
    return Amounts(
        _inside(list(leaves), ground), pieces[wanted].T, products, np.maximum(found[:, wanted], 0.0)
    )  # fmt: skip


def _during(days: list[tuple[date, date]], spans: tuple[Days, ...], to_date: bool) -> Flags:
    """Which days lie in which spans; what is counted to a date has all that came before it."""
    inside = [[(to_date or start <= first) and last <= end for start, end in spans] for first, last in days]
    return np.array(inside, dtype=bool).reshape(len(days), len(spans))


def _inside(groups: list[str], ground: Ground) -> Flags:
    """Which node has which groups: those that stand at it or below."""
    number = {each: i for i, each in enumerate(ground.nodes)}
    found = np.zeros((len(ground.nodes), len(groups)), dtype=bool)
    for column, leaves in enumerate(groups):
        for leaf in leaves.split("\x1e"):
            hierarchy, _, name = leaf.partition("\x1f")
            node = number.get((hierarchy, name), -1)
            while node >= 0:
                found[node, column] = True
                node = ground.tree.parents[node]
    return found
