"""The SELECT that answers a group of measures: from the facts, up every hierarchy, for any spans of days.

It has the columns hierarchy, node, product, opted_out, span and the group's measures. The build
stores it as a rollup; a question outside the rollups runs it over the facts. The small answer and
the long one are one definition.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from metrics.declare import AnyMeasure, Measure, QuantileMeasure, SubjectMeasure
from metrics.fact import Fact
from metrics.groups import Group

TIME = {
    "flow": "f.period_start >= s.first AND f.period_end <= s.last",
    "overlap": "f.period_start <= s.last AND f.period_end >= s.first",
    "to_date": "f.period_end <= s.last",
    "state": "f.period_end = s.last",
    "before": "f.period_start >= s.before AND f.period_end < s.first AND s.deep",
    "lookback": "f.period_start >= s.back AND f.period_end < s.first AND s.deep",
}

_OPTED = "d.party IS NOT NULL AS opted_out"
_FIVE = ("1", "2", "3", "4", "5")


def of(tree: exp.Expr, alias: str) -> exp.Expr:
    """The expression with its columns read from the relation called `alias`."""
    tree = tree.copy()
    for column in tree.find_all(exp.Column):
        column.set("table", exp.to_identifier(alias))
    return tree


def _product(fact: Fact) -> str:
    return f"coalesce(f.{fact.product}, '')" if fact.product else "''"


def _scopes(measures: Iterable[Measure]) -> str:
    return ", ".join(f"'{scope}'" for scope in sorted({measure.scope for measure in measures}))


def _scoped(measure: Measure, alias: str) -> str:
    """A sum of sums, over the products that the measure's scope admits."""
    total = f"sum({alias}.{measure.name}) FILTER (WHERE p.scope = '{measure.scope}')"
    return f"CAST({total} AS DECIMAL(28, 4)) AS {measure.name}"


def _in_time(select: exp.Select, fact: Fact) -> exp.Select:
    """Leave out what no span asked for can hold, before anything is added up."""
    earliest = {"before": "before", "lookback": "back"}.get(fact.time, "first")
    select = select.where("f.period_start <= (SELECT max(last) FROM asked)")
    if fact.time == "to_date":
        return select
    begins = exp.select(exp.func("min", exp.column(earliest))).from_("asked").subquery()
    return select.where(exp.column("period_end", "f") >= begins)


def _during(select: exp.Select, fact: Fact, alias: str = "f") -> exp.Select:
    """Join each row to the spans `s` that it belongs to: by its days, of which there are few, not row by row."""
    days = exp.select("period_start", "period_end").distinct().from_(fact.table.name).subquery("f")
    spans = exp.select("f.period_start", "f.period_end", "s.span").distinct()
    spans = spans.from_(days).join("asked AS s", on=TIME[fact.time])
    on = f"s.period_start = {alias}.period_start AND s.period_end = {alias}.period_end"
    return select.join(spans.subquery("s"), on=on)


def _at_leaves(fact: Fact, masks: bool) -> exp.Select:
    """The fact's rows at the leaf they count at, in every hierarchy that covers them: five keys and the period."""
    leaf = "l.leaf"
    if fact.place == "actor":
        leaf = "CASE WHEN f.hierarchy = l.hierarchy AND f.node IS NOT NULL THEN f.node ELSE l.leaf END"
    select = exp.select("l.hierarchy", f"{leaf} AS leaf", f"{_product(fact)} AS product")
    select = select.select(_OPTED if masks else "FALSE AS opted_out", "f.period_start", "f.period_end")
    select = select.from_(exp.to_table(fact.table.name).as_("f"))
    select = select.join("place AS l", on=f"l.subject = coalesce(f.{fact.subject}, '')")
    if masks:
        select = select.join("pdrp_now AS d", on=f"d.party = f.{fact.subject}", join_type="left")
    return _in_time(select, fact)


def _climbed(leaves: exp.Select, measures: tuple[Measure, ...]) -> exp.Select:
    """From the leaves `a` to every node above them, then from products to those that a question may name."""
    nodes = exp.select("a.hierarchy", "t.ancestor AS node", "a.product", "a.opted_out", "a.span")
    nodes = nodes.select(*(f"sum(a.{m.name}) AS {m.name}" for m in measures)).from_(leaves.subquery("a"))
    nodes = nodes.join("node_tree AS t", on="t.hierarchy = a.hierarchy AND t.node = a.leaf").group_by(*_FIVE)
    select = exp.select("a.hierarchy", "a.node", "p.asked AS product", "a.opted_out", "a.span")
    select = select.select(*(_scoped(m, "a") for m in measures)).from_(nodes.subquery("a"))
    select = select.join("product_scope AS p", on=f"p.product = a.product AND p.scope IN ({_scopes(measures)})")
    return select.group_by(*_FIVE)


def _fact_group(group: Group) -> exp.Select:
    """Sums of one fact: by leaf and period, by leaf and span, by node and span."""
    fact, measures = group.facts[0], tuple(m for m in group.measures if isinstance(m, Measure))
    dated = _at_leaves(fact, group.masks).select(*(exp.alias_(of(m.tree, "f"), m.name) for m in measures))
    spanned = exp.select("f.hierarchy", "f.leaf", "f.product", "f.opted_out", "s.span")
    spanned = spanned.select(*(f"sum(f.{m.name}) AS {m.name}" for m in measures))
    spanned = _during(spanned.from_(dated.group_by(*_FIVE, "6").subquery("f")), fact)
    return _climbed(spanned.group_by(*_FIVE), measures)


def _distinct_group(group: Group) -> exp.Select:
    """A count of distinct ids of one fact: an id that two leaves share counts once above them.

    An id belongs to one day, so that its counts by day add up over any span. A row that stands for
    several (a year's meals with their number) counts as many.
    """
    (measure,) = (m for m in group.measures if isinstance(m, Measure))
    dated = _at_leaves(measure.fact, group.masks).select(f"f.{measure.distinct}", "f.quantity")
    if isinstance(measure.tree, exp.Filter):
        dated = dated.where(of(measure.tree.expression.this, "f"))
    ids = exp.select("a.hierarchy", "t.ancestor AS node", "p.asked", "a.opted_out", "a.period_start", "a.period_end")
    ids = ids.select("max(a.quantity) AS ids").from_(dated.distinct().subquery("a"))
    ids = ids.join("node_tree AS t", on="t.hierarchy = a.hierarchy AND t.node = a.leaf")
    ids = ids.join("product_scope AS p", on=f"p.product = a.product AND p.scope = '{measure.scope}'")
    ids = ids.group_by(*_FIVE, "6", f"a.{measure.distinct}")
    days = exp.select("f.hierarchy", "f.node", "f.asked", "f.opted_out", "f.period_start", "f.period_end")
    days = days.select("sum(f.ids) AS ids").from_(ids.subquery("f")).group_by(*_FIVE, "6")
    select = exp.select("f.hierarchy", "f.node", "f.asked AS product", "f.opted_out", "s.span")
    select = select.select(f"CAST(sum(f.ids) AS BIGINT) AS {measure.name}").from_(days.subquery("f"))
    return _during(select, measure.fact).group_by(*_FIVE)


def _quantile_group(group: Group) -> exp.Select:
    """Quantiles of one fact's rows, found at every node from the rows below it."""
    measures = tuple(m for m in group.measures if isinstance(m, QuantileMeasure))
    fact = group.facts[0]
    columns = sorted({m.column for m in measures})
    dated = _at_leaves(fact, group.masks).select(*(f"f.{column}" for column in columns))
    select = exp.select("a.hierarchy", "t.ancestor AS node", "p.asked AS product", "a.opted_out", "s.span")
    select = select.select(*(f"quantile_cont(a.{m.column}, {m.q}) AS {m.name}" for m in measures))
    select = _during(select.from_(dated.subquery("a")), fact, "a")
    select = select.join("node_tree AS t", on="t.hierarchy = a.hierarchy AND t.node = a.leaf")
    select = select.join("product_scope AS p", on="p.product = a.product AND p.scope = 'self'")
    return select.group_by(*_FIVE)


def inputs_of(group: Group) -> dict[Fact, list[Measure]]:
    """What the subjects of a group are judged by, fact by fact."""
    found: dict[Fact, dict[str, Measure]] = {}
    for measure in group.measures:
        for given in measure.inputs if isinstance(measure, SubjectMeasure) else ():
            found.setdefault(given.fact, {})[given.name] = given
    return {fact: list(measures.values()) for fact, measures in found.items()}


def _subject_sums(fact: Fact, own: list[Measure], names: list[str]) -> exp.Select:
    """One fact's inputs, added up per subject, product and span; the other facts' inputs are NULL."""
    mine = {m.name: of(m.tree, "f") for m in own}
    base = exp.select(f"f.{fact.subject} AS subject", f"{_product(fact)} AS product", "s.span")
    base = base.select(*(exp.alias_(mine.get(name, exp.Null()), name) for name in names))
    base = _during(base.from_(exp.to_table(fact.table.name).as_("f")), fact)
    return _in_time(base.where(f"f.{fact.subject} IS NOT NULL"), fact).group_by("1", "2", "3")


def _judged(group: Group, kept: exp.Select | None) -> exp.Select:
    """Every input of the group side by side: one row a subject, asked product and span; `kept` has some of them."""
    inputs = inputs_of(group)
    measures = [measure for own in inputs.values() for measure in own]
    union: exp.Query | None = kept
    for fact, own in inputs.items():
        part = _subject_sums(fact, own, [measure.name for measure in measures])
        union = part if union is None else exp.union(union, part, distinct=False)
    assert union is not None
    scopes = sorted({measure.scope for measure in measures})
    admits = exp.select("product", "asked", *(f"bool_or(scope = '{scope}') AS by_{scope}" for scope in scopes))
    admits = admits.from_("product_scope").where(f"scope IN ({_scopes(measures)})").group_by("1", "2")
    select = exp.select("q.subject", "p.asked", "q.span")
    for m in measures:
        total = f"sum(q.{m.name})" + (f" FILTER (WHERE p.by_{m.scope})" if len(scopes) > 1 else "")
        select = select.select(f"CAST({total} AS DECIMAL(28, 4)) AS {m.name}")
    select = select.from_(union.subquery("q")).join(admits.subquery("p"), on="p.product = q.product")
    return select.group_by("1", "2", "3")


def _subject_group(group: Group, kept: exp.Select | None) -> exp.Select:
    """Subjects judged one by one, counted at their leaf, and added up at every node above it.

    A subject stands at one leaf of a hierarchy, so counts of subjects add up.
    """
    leaves = exp.select("l.hierarchy", "l.leaf", "u.asked", _OPTED if group.masks else "FALSE AS opted_out", "u.span")
    leaves = leaves.select(*(exp.alias_(_counted(m), m.name) for m in group.measures))
    leaves = leaves.from_(_judged(group, kept).subquery("u")).join("place AS l", on="l.subject = u.subject")
    if group.masks:
        leaves = leaves.join("pdrp_now AS d", on="d.party = u.subject", join_type="left")
    leaves = leaves.group_by(*_FIVE)
    columns = [f"CAST(sum(a.{m.name}) AS DECIMAL(28, 4)) AS {m.name}" for m in group.measures]
    select = exp.select("a.hierarchy", "t.ancestor AS node", "a.asked AS product", "a.opted_out", "a.span", *columns)
    select = select.from_(leaves.subquery("a"))
    select = select.join("node_tree AS t", on="t.hierarchy = a.hierarchy AND t.node = a.leaf")
    return select.group_by(*_FIVE)


def _counted(measure: AnyMeasure) -> exp.Expr:
    assert not isinstance(measure, QuantileMeasure)  # its group is answered by a statement of its own
    tree = of(measure.tree, "u")
    for column in tree.find_all(exp.Column):
        if column.name == "is_person":
            column.replace(exp.condition("l.subject_kind = 'hcp'"))
    return tree


def group_select(group: Group, kept: exp.Select | None = None) -> exp.Select:
    """The SELECT that answers a group over the facts, for the spans of the relation `asked`.

    Columns: hierarchy, node, product asked, opted_out, span, and one column a measure. Where subjects are judged,
    `kept` gives what is known already of them in other spans: subject, product, span and the inputs.
    """
    first = group.measures[0]
    if isinstance(first, QuantileMeasure):
        return _quantile_group(group)
    if isinstance(first, SubjectMeasure):
        return _subject_group(group, kept)
    return _distinct_group(group) if first.distinct else _fact_group(group)
