"""The plain job: what somebody who knows SQL well would write by hand to have the same tables, and nothing else.

The facts sorted by where they stand, the seats of subjects, what each subject did in every window, and every
rollup of nodes. Measures are written as they are declared; how the tables are joined and added up is written
here, once a kind, without a look at how the product does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metrics.declare import Measure, SubjectMeasure
from metrics.fact import Fact
from metrics.groups import ALL_GROUPS, Group
from metrics.subjects import atom, atoms, by_asked, has, side

_WHEN = {
    "flow": "f.period_start >= s.first AND f.period_end <= s.last",
    "overlap": "f.period_start <= s.last AND f.period_end >= s.first",
    "to_date": "f.period_end <= s.last",
    "state": "f.period_end = s.last",
    "before": "f.period_start >= s.before AND f.period_end < s.first AND s.deep",
    "lookback": "f.period_start >= s.back AND f.period_end < s.first AND s.deep",
}
_CLIMBED = "hierarchy, span, product, node"
_SEAT = """
CREATE TABLE seat AS
WITH first AS (SELECT subject, min(leaf) FILTER (WHERE hierarchy = 'field') AS leaf, min(leaf) AS other
               FROM place WHERE subject <> '' GROUP BY subject),
numbered AS (SELECT subject, row_number() OVER (ORDER BY leaf NULLS LAST, other, subject)::INTEGER AS seat FROM first)
SELECT l.hierarchy, l.leaf, n.seat, l.subject, l.subject_kind, l.subject IN (SELECT party FROM pdrp_now) AS opted_out
FROM place l JOIN numbered n USING (subject) ORDER BY l.hierarchy, l.leaf, n.seat
"""


def statements() -> Iterator[str]:
    """Every statement of the job after the facts are stored, in order."""
    yield _SEAT
    facts = {fact.name: fact for group in ALL_GROUPS for fact in group.facts}
    for fact in facts.values():
        yield _days(fact)
    yield "CREATE TEMP TABLE who AS SELECT DISTINCT subject, seat FROM seat"
    needed = atoms(measure for group in ALL_GROUPS for measure in group.measures)
    for name in ("commercial", "medical", "site"):
        yield _by_subject(name, {fact: own for fact, own in needed.items() if side(fact) == name})
    for group in ALL_GROUPS:
        if by_asked(group):
            yield _by_subject_asked(group)
        yield _rollup(group)


def _days(fact: Fact) -> str:
    """Which days of a fact belong to which span."""
    return (
        f"CREATE TEMP TABLE days_{fact.name} AS SELECT f.period_start, f.period_end, s.span, s.kind "
        f"FROM (SELECT DISTINCT period_start, period_end FROM {fact.table.name}) f JOIN span s ON {_WHEN[fact.time]}"
    )


def _product(fact: Fact) -> str:
    return f"coalesce(f.{fact.product}, '')" if fact.product else "''"


def _by_subject(name: str, facts: dict[Fact, Any]) -> str:
    """What each subject did of every product in every window, fact by fact, put side by side."""
    columns = [each for fact, own in facts.items() for each in (has(fact), *own)]
    parts = []
    for fact, own in facts.items():
        mine = {has(fact): "TRUE", **{each: tree.sql(dialect="duckdb") for each, tree in own.items()}}
        told = ", ".join(f"{mine.get(each, 'NULL')} AS {each}" for each in columns)
        parts.append(
            f"SELECT f.{fact.subject} AS subject, {_product(fact)} AS product, d.span, {told} FROM {fact.table.name} f "
            f"JOIN days_{fact.name} d USING (period_start, period_end) "
            f"WHERE f.{fact.subject} IS NOT NULL AND d.kind = 'window' GROUP BY 1, 2, 3"
        )
    flags = {has(fact) for fact in facts}
    summed = (f"bool_or({n}) AS {n}" if n in flags else f"sum({n})::DECIMAL(18, 4) AS {n}" for n in columns)
    return (
        f"CREATE TABLE subject_{name} AS SELECT w.seat, g.product, g.span, {', '.join(summed)} "
        f"FROM ({' UNION ALL '.join(parts)}) g JOIN who w USING (subject) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )


def _ids(group: Group) -> str:
    """The distinct ids of a group's fact (each of one day), with how many each stands for."""
    (measure,) = group.measures
    assert isinstance(measure, Measure)
    return f"f.{measure.distinct} AS id, f.quantity"


def _by_subject_asked(group: Group) -> str:
    """A subject's distinct counts and quantiles for every product that may be asked for, window by window."""
    fact, first = group.facts[0], group.measures[0]
    rows = f"SELECT f.{fact.subject} AS subject, p.asked AS product, f.period_start, f.period_end, "
    source = f"FROM {fact.table.name} f JOIN product_scope p ON p.product = {_product(fact)} AND p.scope = 'self' "
    source += f"WHERE f.{fact.subject} IS NOT NULL"
    if isinstance(first, Measure):
        rows += f"max(f.quantity) AS ids {source} GROUP BY 1, 2, 3, 4, f.{first.distinct}"
        told = f"sum(ids)::BIGINT AS {first.name}"
    else:
        rows += f"f.hours {source}"
        told = ", ".join(f"quantile_cont(hours, {each.q}) AS {each.name}" for each in group.measures)  # type: ignore[union-attr]
    return (
        f"CREATE TABLE subject_{group.name} AS SELECT w.seat, product, d.span, {told} FROM ({rows}) "
        f"JOIN days_{fact.name} d USING (period_start, period_end) JOIN who w USING (subject) "
        f"WHERE d.kind = 'window' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )


def _rollup(group: Group) -> str:
    """One rollup of nodes, by its kind."""
    first = group.measures[0]
    if isinstance(first, SubjectMeasure):
        body = _judged(group)
    elif by_asked(group):
        body = _distinct(group) if isinstance(first, Measure) else _quantiles(group)
    else:
        body = _sums(group)
    return f"CREATE TABLE {group.rollup} AS {body} ORDER BY {_CLIMBED}"


def _rows(group: Group, told: str) -> str:
    """The rows of a group's fact at the leaf they count at."""
    fact = group.facts[0]
    leaf = "l.leaf"
    if fact.place == "actor":
        leaf = "CASE WHEN f.hierarchy = l.hierarchy AND f.node IS NOT NULL THEN f.node ELSE l.leaf END"
    opted = f"f.{fact.subject} IN (SELECT party FROM pdrp_now)" if group.masks else "FALSE"
    return (
        f"SELECT l.hierarchy, {leaf} AS leaf, {_product(fact)} AS product, {opted} AS opted_out, "
        f"f.period_start, f.period_end, {told} FROM {fact.table.name} f "
        f"JOIN place l ON l.subject = coalesce(f.{fact.subject}, '')"
    )


def _sums(group: Group) -> str:
    """Sums by leaf and day, then by node, day and product, then by span."""
    own = [measure for measure in group.measures if isinstance(measure, Measure)]
    names = ", ".join(f"sum({each.name}) AS {each.name}" for each in own)
    rows = _rows(group, ", ".join(f"{each.expr} AS {each.name}" for each in own)) + " GROUP BY 1, 2, 3, 4, 5, 6"
    scopes = ", ".join(f"'{each}'" for each in sorted({each.scope for each in own}))
    told = ", ".join(
        f"CAST(sum({each.name}) FILTER (WHERE p.scope = '{each.scope}') AS DECIMAL(28, 4)) AS {each.name}"
        for each in own
    )
    return (
        f"WITH leaf AS (SELECT hierarchy, leaf, product, opted_out, d.span, {names} FROM ({rows}) "
        f"JOIN days_{group.facts[0].name} d USING (period_start, period_end) GROUP BY 1, 2, 3, 4, 5), "
        f"node AS (SELECT hierarchy, t.ancestor AS node, product, opted_out, span, {names} FROM leaf a "
        f"JOIN node_tree t USING (hierarchy) WHERE t.node = a.leaf GROUP BY 1, 2, 3, 4, 5) "
        f"SELECT hierarchy, node, p.asked AS product, opted_out, span, {told} FROM node n "
        f"JOIN product_scope p ON p.product = n.product AND p.scope IN ({scopes}) GROUP BY 1, 2, 3, 4, 5"
    )


def _distinct(group: Group) -> str:
    """Distinct ids by node, day and product asked for; an id belongs to one day."""
    return (
        f"WITH id AS (SELECT DISTINCT * FROM ({_rows(group, _ids(group))})), "
        "node AS (SELECT hierarchy, t.ancestor AS node, p.asked AS product, opted_out, period_start, period_end, "
        "max(quantity) AS ids FROM id JOIN node_tree t USING (hierarchy) "
        "JOIN product_scope p ON p.product = id.product AND p.scope = 'self' WHERE t.node = id.leaf "
        "GROUP BY 1, 2, 3, 4, 5, 6, id.id), "
        "day AS (SELECT hierarchy, node, product, opted_out, period_start, period_end, sum(ids) AS ids FROM node "
        "GROUP BY ALL) "
        f"SELECT hierarchy, node, product, opted_out, span, sum(ids)::BIGINT AS {group.measures[0].name} FROM day "
        f"JOIN days_{group.facts[0].name} d USING (period_start, period_end) GROUP BY 1, 2, 3, 4, 5"
    )


def _quantiles(group: Group) -> str:
    told = ", ".join(f"quantile_cont(hours, {each.q}) AS {each.name}" for each in group.measures)  # type: ignore[union-attr]
    return (
        f"SELECT hierarchy, t.ancestor AS node, p.asked AS product, opted_out, span, {told} "
        f"FROM ({_rows(group, 'f.hours')}) a JOIN node_tree t USING (hierarchy) "
        "JOIN product_scope p ON p.product = a.product AND p.scope = 'self' "
        f"JOIN days_{group.facts[0].name} d USING (period_start, period_end) WHERE t.node = a.leaf "
        "GROUP BY 1, 2, 3, 4, 5"
    )


def _judged(group: Group) -> str:
    """Subjects judged one by one and counted where they stand; windows from what is kept, periods from the facts."""
    own = {
        each.name: each for measure in group.measures if isinstance(measure, SubjectMeasure) for each in measure.inputs
    }
    kept = ", ".join(f"g.{atom(each)} AS {name}" for name, each in own.items())
    some = " OR ".join(f"g.{has(fact)}" for fact in group.facts)
    parts = [
        f"SELECT w.subject, g.product, g.span, {kept} FROM subject_{side(group.facts[0])} g "
        f"JOIN who w USING (seat) WHERE {some}"
    ]
    for fact in group.facts:
        told = ", ".join(f"{each.expr if each.fact == fact else 'NULL'} AS {name}" for name, each in own.items())
        parts.append(
            f"SELECT f.{fact.subject}, {_product(fact)}, d.span, {told} FROM {fact.table.name} f "
            f"JOIN days_{fact.name} d USING (period_start, period_end) "
            f"WHERE f.{fact.subject} IS NOT NULL AND d.kind = 'period' GROUP BY 1, 2, 3"
        )
    scopes = ", ".join(f"'{each}'" for each in sorted({each.scope for each in own.values()}))
    summed = ", ".join(
        f"CAST(sum(g.{name}) FILTER (WHERE p.scope = '{each.scope}') AS DECIMAL(28, 4)) AS {name}"
        for name, each in own.items()
    )
    counted = ", ".join(f"{each.expr.replace('is_person', 'true')} AS {each.name}" for each in group.measures)
    total = ", ".join(f"CAST(sum({each.name}) AS DECIMAL(28, 4)) AS {each.name}" for each in group.measures)
    opted = "u.subject IN (SELECT party FROM pdrp_now)" if group.masks else "FALSE"
    return (
        f"WITH one AS (SELECT g.subject, p.asked AS product, g.span, {summed} FROM ({' UNION ALL '.join(parts)}) g "
        f"JOIN product_scope p ON p.product = g.product AND p.scope IN ({scopes}) GROUP BY 1, 2, 3), "
        f"leaf AS (SELECT l.hierarchy, l.leaf, u.product, {opted} AS opted_out, u.span, {counted} FROM one u "
        f"JOIN place l ON l.subject = u.subject GROUP BY 1, 2, 3, 4, 5) "
        f"SELECT hierarchy, t.ancestor AS node, product, opted_out, span, {total} FROM leaf a "
        f"JOIN node_tree t USING (hierarchy) WHERE t.node = a.leaf GROUP BY 1, 2, 3, 4, 5"
    )
