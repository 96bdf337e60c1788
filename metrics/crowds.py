"""How many persons stand behind each kind of number: counted once by the build, leaf by leaf and span by span.

Beside the windows and periods that a question may name, the stretches between their ends are counted: what
one window has more than another is a number too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from metrics.catalog.people import Crowd, crowds

# Each product is a bit of a whole number; those beyond the sixtieth share the last one.
_TABLES = (
    "CREATE TABLE product_bit AS SELECT product, CAST(1 AS BIGINT) << CAST(least(row_number() OVER (ORDER BY product) "
    "- 1, 60) AS INTEGER) AS bit FROM (SELECT product FROM product UNION SELECT '')",
    "CREATE TABLE crowd (crowd VARCHAR, hierarchy VARCHAR, node VARCHAR, opted_out BOOLEAN, first DATE, last DATE, "
    "products BIGINT, persons BIGINT)",
    "CREATE TABLE crowd_span (kind VARCHAR, first DATE, last DATE)",
)

_COUNT = """
INSERT INTO crowd
WITH days AS (SELECT DISTINCT period_start, period_end FROM {table}),
within AS (
    SELECT d.period_start, d.period_end, s.first, s.last
    FROM days d JOIN (SELECT DISTINCT first, last FROM crowd_span WHERE {spans}) s ON {time}),
acted AS (
    SELECT f.{subject} AS subject, {where}, f.period_start, f.period_end, {masks}
    FROM {table} f {by_product} WHERE f.{subject} IS NOT NULL GROUP BY ALL),
spanned AS (
    SELECT a.subject, a.at_hierarchy, a.at_node, w.first, w.last, {climbed}
    FROM acted a JOIN within w ON w.period_start = a.period_start AND w.period_end = a.period_end GROUP BY ALL),
leaves AS (
    SELECT l.hierarchy, CASE WHEN a.at_hierarchy = l.hierarchy AND a.at_node IS NOT NULL THEN a.at_node
               ELSE l.leaf END AS leaf, a.* EXCLUDE (at_hierarchy, at_node)
    FROM spanned a JOIN place l ON l.subject = a.subject AND l.subject_kind IN ({kind})),
placed AS (
    SELECT a.hierarchy, {node}, a.subject, d.party IS NOT NULL AS opted_out, a.first, a.last, {masked}
    FROM leaves a {climb} LEFT JOIN pdrp_now d ON d.party = a.subject {once})
"""
_ONE = (
    "SELECT $c{i}, hierarchy, node, opted_out, first, last, CAST(m{i} AS BIGINT) AS products, {many} "
    "FROM placed WHERE m{i} IS NOT NULL GROUP BY ALL"
)
# Whoever was met at two nodes is one person above both: such crowds are counted at every node, not only at leaves.
_MET = ("t.ancestor AS node", "JOIN node_tree t ON t.hierarchy = a.hierarchy AND t.node = a.leaf", "GROUP BY ALL")
_STANDS = ("a.leaf AS node", "", "")
_TIME = {
    "flow": ("d.period_start >= s.first AND d.period_end <= s.last", "TRUE"),
    "to_date": ("d.period_end <= s.last", "kind = 'window' AND last = (SELECT max(last) FROM crowd_span)"),
}


def count_crowds(con: Any, info: Any) -> None:
    """Write `crowd`: the persons behind every sum, by node, span and the products they have rows of.

    What every feed publishes openly is left out: no small-cell rule of ours applies to it.
    """
    for statement in _TABLES:
        con.execute(statement)
    con.executemany("INSERT INTO crowd_span VALUES (?, ?, ?)", _spans(con))
    open_to_all = {row[0] for row in con.execute(_PUBLISHED).fetchall()}
    kinds: dict[tuple[str, str, str], list[Crowd]] = {}
    for crowd in crowds():
        if crowd.fact.table.name not in open_to_all:
            kinds.setdefault((crowd.fact.table.name, crowd.fact.place, crowd.fact.time), []).append(crowd)
    for alike in kinds.values():
        con.execute(_statement(alike), {f"c{i}": crowd.name for i, crowd in enumerate(alike)})


_PUBLISHED = "SELECT fact FROM coverage GROUP BY fact HAVING bool_and(coalesce(published, FALSE))"


def _statement(alike: list[Crowd]) -> str:
    """One pass over a table for all that is summed over it: each with the products as bits of a whole number."""
    fact = alike[0].fact
    actor, patients = fact.place == "actor", alike[0].patients
    bit = "p.bit" if fact.product else "1"

    def each(products: str, many: str) -> str:
        parts = (products, many) if patients else (products,)
        return ", ".join(part.format(i=i, adds=crowd.adds) for i, crowd in enumerate(alike) for part in parts)

    text = _COUNT.format(
        table=fact.table.name,
        subject=fact.subject,
        where="f.hierarchy AS at_hierarchy, f.node AS at_node" if actor else "NULL AS at_hierarchy, NULL AS at_node",
        by_product=f"JOIN product_bit p ON p.product = coalesce(f.{fact.product}, '')" if fact.product else "",
        kind=persons_of(alike[0]),
        masks=each(f"bit_or({bit}) FILTER (WHERE {{adds}}) AS m{{i}}", "sum(quantity) FILTER (WHERE {adds}) AS n{i}"),
        climbed=each("bit_or(a.m{i}) AS m{i}", "sum(a.n{i}) AS n{i}"),
        masked=each("bit_or(a.m{i}) AS m{i}" if actor else "a.m{i}", "a.n{i}"),
        **dict(zip(("node", "climb", "once"), _MET if actor else _STANDS, strict=True)),
        time=_TIME[fact.time][0],
        spans=_TIME[fact.time][1],
    )
    counted = (_ONE.format(i=i, many=f"sum(n{i})" if patients else "count(*)") for i in range(len(alike)))
    return text + " UNION ALL ".join(counted)


def persons_of(crowd: Crowd) -> str:
    """The kinds of subject that a crowd is of: who was erased is in every sum, and so counts as a person behind it."""
    return "'hcp', 'erased'" if crowd.subject == "hcp" else f"'{crowd.subject}'"


def _spans(con: Any) -> list[tuple[str, date, date]]:
    """Windows and periods, once each, and the stretches between the ends of the windows."""
    told = con.execute("SELECT DISTINCT kind, first, last FROM span ORDER BY ALL").fetchall()
    windows = [(first, last) for kind, first, last in told if kind == "window"]
    return [(kind, first, last) for kind, first, last in told] + [("stretch", *each) for each in stretches(windows)]


def stretches(windows: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """The days cut wherever a window begins or ends: first and last day of each piece that lies in some window."""
    known = list(windows)
    cuts = sorted({first for first, _ in known} | {last + timedelta(days=1) for _, last in known})
    pieces = [(first, after - timedelta(days=1)) for first, after in pairwise(cuts)]
    return [piece for piece in pieces if any(first <= piece[0] and piece[1] <= last for first, last in known)]
