"""A granted question becomes one SQL tree: every measure added up, then joined, then divided once.

Values are always bound; identifiers come from declarations only. The text of a shape is made once.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sqlglot import exp

from metrics import by_subject, own_rows
from metrics.catalog import METRICS
from metrics.climbing import group_select
from metrics.declare import Metric
from metrics.groups import Group, groups
from metrics.shape import Shape

_ASKED_ROLLED = (
    "SELECT span, shift, first, last FROM span WHERE kind = 'window' AND win = $win AND shift IN ('current', $compare)"
)
_ASKED_SERIES = (
    "SELECT span, 'current' AS shift, first, last, before, back, deep FROM span "
    "WHERE kind = 'period' ORDER BY last DESC LIMIT $series"
)
_ASKED_CUSTOM = (
    "SELECT *, TRUE AS deep FROM (VALUES ('asked', 'current', $first, $last, $before, $back), "
    "('base', $compare, $base_first, $base_last, $base_before, $base_back)) "
    "AS v(span, shift, first, last, before, back)"
)


def _spine(shape: Shape) -> exp.Select:
    """The nodes (or subjects) that are asked about and lie inside the visitor's scope."""
    if shape.subjects:
        select, leaf = by_subject.spine(shape), "l.leaf"
    else:
        select = exp.select("n.node", "n.level", "n.parent").from_("node AS n")
        select = select.where("n.hierarchy = $hierarchy", "n.level = $by")
        leaf = "n.node"
    for wanted, bound in ((shape.within, "$within"), (shape.scope, "$scope")):
        if wanted:
            inside = exp.select("t.node").from_("node_tree AS t")
            inside = inside.where("t.hierarchy = $hierarchy", f"t.ancestor = {bound}")
            select = select.where(exp.condition(leaf).isin(query=inside))
    if shape.studies:
        inside = exp.select("t.node").from_("node_tree AS t").where("t.hierarchy = $hierarchy")
        select = select.where(exp.condition(leaf).isin(query=inside.where("list_contains($studies, t.ancestor)")))
    if shape.sites and shape.subjects:
        own = exp.select("w.site").from_("site AS w").where("list_contains($studies, w.study)")
        select = select.where(exp.or_("l.subject_kind <> 'site'", exp.column("subject", "l").isin(query=own)))
    return select


def _group_rows(group: Group, shape: Shape) -> exp.Select:
    """One group's measures by node (and period), current and compared side by side."""
    keys = [exp.column("node", "g"), *([exp.column("span", "a")] if shape.series else [])]
    columns: list[exp.Expr] = []
    for measure in group.measures:
        columns.append(_summed(measure.name, exp.EQ, measure.name))
        if shape.compare:
            columns.append(_summed(measure.name, exp.NEQ, f"{measure.name}__base"))
    source = _source(group, shape)
    wanted = ["g.hierarchy = $hierarchy", "g.product = $product" if group.by_product else "g.product = '*'"]
    wanted.append("g.node IN (SELECT node FROM spine)")
    if shape.masked and group.masks:
        wanted.append("NOT g.opted_out")
    # Each step would copy the tree that it is given; this one is ours alone.
    select = exp.select(*keys, *columns, copy=False).from_(source, copy=False)
    select = select.join("asked AS a", on="a.span = g.span", copy=False).where(*wanted, copy=False)
    return select.group_by(*(str(i + 1) for i in range(len(keys))), copy=False)


def _source(group: Group, shape: Shape) -> exp.Expr:
    """Where a group's measures are found; as of the day, beside today's what that day has more or less."""
    if not (shape.was and group.moves):
        return exp.to_table(group.rollup).as_("g") if shape.rolled else group_select(group).subquery("g")
    wanted = ("hierarchy", "node", "product", "opted_out", "span", *(measure.name for measure in group.measures))
    parts = [
        exp.select(*wanted).from_(
            exp.to_table(name) if shape.rolled else group_select(group, moved=moved).subquery("x")
        )
        for name, moved in ((group.rollup, False), (group.shifts, True))
    ]
    return exp.union(*parts, distinct=False).subquery("g")


def _summed(measure: str, how: type[exp.EQ] | type[exp.NEQ], name: str) -> exp.Expr:
    """A measure added up over the spans asked for (EQ), or over those compared with (NEQ)."""
    when = exp.Where(this=how(this=exp.column("shift", "a"), expression=exp.Literal.string("current")))
    return exp.alias_(exp.Filter(this=exp.Sum(this=exp.column(measure, "g")), expression=when), name, copy=False)


def formula(metric: Metric, base: bool = False, compared: bool = True) -> exp.Expr:
    """The metric's arithmetic over measure columns; `base` reads the window compared with, if one is `compared`.

    A division is by NULL where the denominator is zero, so that nothing over nothing is unknown.
    """

    plain = isinstance(metric.tree, exp.Column)

    def _named(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Anonymous) and node.name.lower() == "base":
            inner = node.expressions[0]
            known = compared and not base
            return exp.cast(exp.column(f"{inner.name}__base") if known else exp.Null(), "DOUBLE")
        if isinstance(node, exp.Column):
            column: exp.Expr = exp.column(f"{node.name}__base" if base else node.name)
            column = exp.func("coalesce", column, exp.Literal.number(0)) if metric.zero else column
            return column if plain else exp.cast(column, "DOUBLE")
        return node

    tree = metric.tree.copy().transform(_named)
    for division in list(tree.find_all(exp.Div)):
        division.set("expression", exp.func("nullif", division.expression.copy(), exp.Literal.number(0)))
    return tree


def denominator(metric: Metric, base: bool = False) -> exp.Expr | None:
    """The denominator alone, for the evidence a ratio needs; None when nothing is divided."""
    found = formula(metric, base).find(exp.Div)
    return found.expression.this if found else None


@lru_cache(maxsize=512)
def bound_names(text: str) -> frozenset[str]:
    """The names of the values that a statement binds."""
    return frozenset(re.findall(r"\$(\w+)", text))


def _cells(metric: Metric, base: bool, compared: bool) -> list[exp.Expr]:
    """A metric's column, and beside it the denominator that must be large enough."""
    name = f"{metric.name}__base" if base else metric.name
    cells: list[exp.Expr] = [exp.alias_(formula(metric, base, compared), name, copy=False)]
    below = denominator(metric, base) if metric.least else None
    if below is not None:
        cells.append(exp.alias_(below, f"{name}_n" if base else f"{name}__n", copy=True))
    return cells


@lru_cache(maxsize=512)
def compile_shape(shape: Shape) -> str:
    """The SQL text of a shape. Rows: node_id, level, parent, period_start, period_end, then the metrics.

    Beside each metric stand `<metric>__n`, its denominator where it has a least one, and with a
    comparison `<metric>__base`.
    """
    metrics = [METRICS[name] for name in shape.metrics]
    found = groups(measure for metric in metrics for measure in metric.measures)
    columns: list[exp.Expr] = []
    for metric in metrics:
        columns += _cells(metric, base=False, compared=shape.compare)
        columns += _cells(metric, base=True, compared=True) if shape.compare else []
    if shape.subjects:
        select = exp.select("m.node AS node_id", "$by AS level", "m.parent", "m.first AS period_start")
        select = select.select("m.last AS period_end", *columns, copy=False).from_("m").order_by("1", "5")
        relations: dict[str, exp.Query | str] = {"spine": _spine(shape), **by_subject.measured(shape, found)}
    else:
        select = exp.select("s.node AS node_id", "s.level", "s.parent", "w.first AS period_start")
        select = select.select("w.last AS period_end", *columns, copy=False).from_("spine AS s")
        select = select.join("asked AS w", on="w.shift = 'current'").order_by("1", "5")
        asked = _ASKED_SERIES if shape.series else _ASKED_ROLLED if shape.rolled else _ASKED_CUSTOM
        relations = {"asked": asked, "spine": _spine(shape)}
        for group in found:
            keys = f"g_{group.name}.node = s.node" + (f" AND g_{group.name}.span = w.span" if shape.series else "")
            select.join(exp.to_table(f"g_{group.name}"), on=keys, join_type="left", copy=False)
            relations[f"g_{group.name}"] = _group_rows(group, shape)
    for name, relation in relations.items():
        select.with_(name, as_=relation, copy=False)
    if shape.team or shape.sites:
        select = own_rows.narrowed(select, shape.team, shape.sites)
    return select.sql(dialect="duckdb")
