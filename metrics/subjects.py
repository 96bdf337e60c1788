"""Subjects one by one: what each did of every product in every span, small enough to be kept for all of them.

An atom is a sum over one fact's rows of a subject; measures that differ only in the products they admit
share one. Products are admitted, and subjects judged, when a question is asked. The build keeps the atoms
of the standard windows, sorted by where the subjects stand; any other days are added up from the facts,
of which the rows of one leaf lie together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from sqlglot import exp

from metrics.declare import AnyMeasure, Measure, QuantileMeasure, SubjectMeasure
from metrics.fact import Fact
from metrics.groups import ALL_GROUPS, Group
from metrics.leaves import TIME, inputs_of, of
from metrics.loaded import remembered

Atoms = Mapping[str, exp.Expr]
_LAST = 2**62
_PRODUCTS = exp.cast(exp.Placeholder(this="products"), "VARCHAR[]", dialect="duckdb")
_EARLIEST = {"before": "before", "lookback": "back"}


def sums(measures: Iterable[AnyMeasure]) -> Iterator[Measure]:
    """The sums that these measures are made of: themselves, or what subjects are judged by."""
    for measure in measures:
        if isinstance(measure, SubjectMeasure):
            yield from measure.inputs
        elif isinstance(measure, Measure) and not measure.distinct:
            yield measure


def by_asked(group: Group) -> bool:
    """Whether a group's answers do not add up over products: they are kept for every product that may be asked for."""
    first = group.measures[0]
    return isinstance(first, QuantileMeasure) or (isinstance(first, Measure) and bool(first.distinct))


@cache
def _names() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for measure in sums(measure for group in ALL_GROUPS for measure in group.measures):
        found.setdefault((measure.fact.name, measure.expr), measure.name)
    return found


def atom(measure: Measure) -> str:
    """The column of the atom that a sum is made of."""
    return _names()[measure.fact.name, measure.expr]


def has(fact: Fact) -> str:
    """The column that says whether a subject has any row of a fact."""
    return f"has_{fact.name}"


def atoms(measures: Iterable[AnyMeasure]) -> dict[Fact, dict[str, exp.Expr]]:
    """The atoms that these measures need, by fact."""
    found: dict[Fact, dict[str, exp.Expr]] = {}
    for measure in sums(measures):
        found.setdefault(measure.fact, {})[atom(measure)] = measure.tree
    return found


def side(fact: Fact) -> str:
    """Whose work a fact is: promotion, medical and sites are kept in tables of their own."""
    return fact.table.domain if fact.table.domain in ("medical", "site") else "commercial"


def table(where: str) -> str:
    """The table in which the build keeps the atoms of a side, or the answers of a group."""
    return f"subject_{where}"


def among(bound: str, column: str, alias: str) -> exp.Expr:
    """Whether a column has one of the values bound as a list; an empty list admits nothing."""
    values = exp.cast(exp.Placeholder(this=bound), "VARCHAR[]", dialect="duckdb")
    return exp.func("list_contains", values, exp.column(column, alias), dialect="duckdb")


def lying(fact: Fact) -> tuple[str, str]:
    """The names under which the first and last row of a fact that can matter are bound."""
    return f"{fact.table.name}_row", f"{fact.table.name}_end"


def _bounded(select: exp.Select, fact: Fact) -> exp.Select:
    """Only rows that lie where the subjects asked about have theirs, of days that can matter."""
    first, last = lying(fact)
    select = select.where(f"f.rowid BETWEEN ${first} AND ${last}", "f.period_start <= $until")
    if fact.time != "to_date":
        select = select.where(f"f.period_end >= $since_{_EARLIEST.get(fact.time, 'first')}")
    return select


def _theirs(select: exp.Select, fact: Fact, live: bool) -> exp.Select:
    """Only rows of the subjects asked about, before anything is added up; otherwise of anybody known."""
    subject = exp.column(fact.subject, "f")
    if not live:
        return select.where(exp.Not(this=exp.Is(this=subject, expression=exp.Null())))
    return _bounded(select, fact).where(subject.isin(query=exp.select("who").from_("spine")))


def _during(select: exp.Select, fact: Fact, live: bool) -> exp.Select:
    """Join each row to the spans of `asked` that it belongs to: by its days, of which there are few."""
    days = exp.select("period_start", "period_end").distinct().from_(exp.to_table(fact.table.name).as_("f"))
    days = _bounded(days, fact) if live else days
    spans = exp.select("f.period_start", "f.period_end", "s.span").distinct().from_(days.subquery("f", copy=False))
    spans = spans.join("asked AS s", on=TIME[fact.time], copy=False)
    on = "s.period_start = f.period_start AND s.period_end = f.period_end"
    return select.join(spans.subquery("s", copy=False), on=on, copy=False)


def fact_rows(fact: Fact, own: Atoms, live: bool) -> exp.Select:
    """One fact's atoms by who, product and span of `asked`; `live` for the subjects of `spine`, else for all."""
    product = f"coalesce(f.{fact.product}, '')" if fact.product else "''"
    select = exp.select(f"f.{fact.subject} AS who", f"{product} AS product", "s.span", f"TRUE AS {has(fact)}")
    select = select.select(*(exp.alias_(of(tree, "f"), name) for name, tree in own.items()))
    select = _during(select.from_(exp.to_table(fact.table.name).as_("f")), fact, live)
    select = _theirs(select, fact, live)
    if live and fact.product:
        wanted = exp.func("coalesce", exp.column(fact.product, "f"), exp.Literal.string(""))
        select = select.where(exp.func("list_contains", _PRODUCTS.copy(), wanted, dialect="duckdb"))
    return select.group_by("1", "2", "3", copy=False)


def asked_rows(group: Group, live: bool) -> exp.Select:
    """A group's answers by who, product asked for and span, where they do not add up over products."""
    fact, first = group.facts[0], group.measures[0]
    product = f"coalesce(f.{fact.product}, '')" if fact.product else "''"
    scope = first.scope if isinstance(first, Measure) else "self"
    source = exp.select(f"f.{fact.subject} AS who", "p.asked AS product", "f.period_start", "f.period_end")
    source = source.from_(exp.to_table(fact.table.name).as_("f"))
    source = source.join("product_scope AS p", on=f"p.product = {product} AND p.scope = '{scope}'", copy=False)
    source = _theirs(source, fact, live)
    select = exp.select("f.who", "f.product", "s.span")
    if isinstance(first, Measure):
        source = source.select("max(f.quantity) AS ids").group_by("1", "2", "3", "4", f"f.{first.distinct}", copy=False)
        if isinstance(first.tree, exp.Filter):
            source = source.where(of(first.tree.expression.this, "f"))
        select = select.select(f"CAST(sum(f.ids) AS BIGINT) AS {first.name}")
    else:
        own = [measure for measure in group.measures if isinstance(measure, QuantileMeasure)]
        source = source.select(*sorted({f"f.{measure.column}" for measure in own}))
        select = select.select(*(f"quantile_cont(f.{each.column}, {each.q}) AS {each.name}" for each in own))
    return _during(select.from_(source.subquery("f", copy=False)), fact, live).group_by("1", "2", "3", copy=False)


_SEATS = """
CREATE TABLE seat AS
WITH main AS (
    SELECT hierarchy FROM hierarchy
    ORDER BY CASE kind WHEN 'field' THEN 0 WHEN 'geography' THEN 1 ELSE 2 END, hierarchy LIMIT 1),
numbered AS (
    SELECT subject, CAST(row_number() OVER (ORDER BY leaf NULLS LAST, other, subject) AS INTEGER) AS seat
    FROM (SELECT subject, min(leaf) FILTER (WHERE hierarchy = (FROM main)) AS leaf, min(leaf) AS other
          FROM place WHERE subject <> '' GROUP BY subject))
SELECT l.hierarchy, l.leaf, n.seat, l.subject, l.subject_kind, d.party IS NOT NULL AS opted_out
FROM place l JOIN numbered n USING (subject) LEFT JOIN pdrp_now d ON d.party = l.subject
ORDER BY l.hierarchy, l.leaf, n.seat
"""
_LYING = """
INSERT INTO lying
SELECT '{table}', t.hierarchy, t.ancestor, min(f.first), max(f.last), count(*)
FROM (SELECT {subject} AS subject, min({rows}) AS first, max({rows}) AS last FROM {table} GROUP BY 1) f
JOIN seat l ON l.subject = f.subject JOIN node_tree t ON t.hierarchy = l.hierarchy AND t.node = l.leaf
GROUP BY t.hierarchy, t.ancestor
"""
_LAID = """
CREATE TABLE lying
    (fact VARCHAR, hierarchy VARCHAR, node VARCHAR, first_row BIGINT, last_row BIGINT, subjects BIGINT)
"""
_ASKED = "SELECT span, first, last, before, back, deep FROM span WHERE kind = 'window'"


def _kept(name: str, rows: exp.Query, columns: Iterable[exp.Expr | str]) -> str:
    """The statement that keeps rows by seat, sorted so that those of one leaf lie together."""
    select = exp.select("h.seat", "g.product", "g.span", *columns).from_(rows.subquery("g", copy=False))
    select = select.join("(SELECT DISTINCT subject, seat FROM seat) AS h", on="h.subject = g.who", copy=False)
    select = select.group_by("1", "2", "3", copy=False).order_by("1", "2", "3", copy=False)
    select = select.with_("asked", as_=_ASKED, copy=False)
    return exp.Create(this=exp.to_table(name), kind="TABLE", expression=select).sql(dialect="duckdb", copy=False)


def together(parts: list[tuple[exp.Select, list[str]]]) -> exp.Query:
    """Rows of several sources one below the other, each with its own columns and NULL in the others'."""
    every = list(dict.fromkeys(name for _, own in parts for name in own))
    union: exp.Query | None = None
    for rows, own in parts:
        part = exp.select("x.who", "x.product", "x.span")
        part = part.select(*(exp.column(n, "x") if n in own else exp.alias_(exp.Null(), n) for n in every))
        part = part.from_(rows.subquery("x", copy=False)) if len(parts) > 1 else rows
        union = part if union is None else exp.union(union, part, distinct=False, copy=False)
    assert union is not None
    return union


@cache
def keeping() -> tuple[str, ...]:
    """The statements that keep, of subjects, their seats, their atoms by side, and where each fact's rows lie."""
    found, needed = [_SEATS], atoms(measure for group in ALL_GROUPS for measure in group.measures)
    for name in ("commercial", "medical", "site"):
        parts = [
            (fact_rows(fact, own, live=False), [has(fact), *own]) for fact, own in needed.items() if side(fact) == name
        ]
        flags_of = [each for _, own in parts for each in own]
        columns = [
            f"bool_or(g.{each}) AS {each}"
            if each.startswith("has_")
            else f"CAST(sum(g.{each}) AS DECIMAL(18, 4)) AS {each}"
            for each in flags_of
        ]
        found.append(_kept(table(name), together(parts), columns))
    for group in filter(by_asked, ALL_GROUPS):
        columns = [f"any_value(g.{measure.name}) AS {measure.name}" for measure in group.measures]
        found.append(_kept(table(group.name), asked_rows(group, live=False), columns))
    found += [_LAID, _LYING.format(table="seat", subject="subject", rows="seat")]
    subjects = {fact.table.name: fact.subject for group in ALL_GROUPS for fact in group.facts}
    return (*found, *(_LYING.format(table=each, subject=subject, rows="rowid") for each, subject in subjects.items()))


def kept_sums(group: Group) -> exp.Select:
    """What subjects are judged by over the standard windows, read where it is kept: subject, product, span, inputs."""
    inputs = [measure for own in inputs_of(group).values() for measure in own]
    (where,) = {side(fact) for fact in group.facts}
    select = exp.select("h.subject", "g.product", "g.span")
    select = select.select(*(f"g.{atom(measure)} AS {measure.name}" for measure in inputs))
    select = select.from_(f"{table(where)} AS g")
    select = select.join("(SELECT DISTINCT subject, seat FROM seat) AS h", on="h.seat = g.seat", copy=False)
    return select.where(exp.or_(*(exp.column(has(fact), "g") for fact in group.facts)))


def rows_at(snapshot: Any, hierarchy: str, node: str, fact_table: str) -> tuple[int, int, int]:
    """Between which rows of a table those of the subjects at or below a node lie, and of how many; "" is anywhere.

    Of the table `seat` the rows are the seats themselves.
    """
    if not node:
        return 0, _LAST, _LAST

    def _find() -> dict[tuple[str, str], tuple[int, int, int]]:
        sql = "SELECT node, fact, first_row, last_row, subjects FROM lying WHERE hierarchy = $hierarchy"
        return {(place, fact): tuple(rest) for place, fact, *rest in snapshot.rows(sql, {"hierarchy": hierarchy})}

    return remembered(snapshot, ("lying", hierarchy), _find).get((node, fact_table), (0, -1, 0))
