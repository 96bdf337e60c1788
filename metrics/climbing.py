"""The SELECT that answers a group of measures: from the facts, up every hierarchy, for any spans of days.

It has the columns hierarchy, node, product, opted_out, span and the group's measures. The build
stores it as a rollup; a question outside the rollups runs it over the facts. The small answer and
the long one are one definition. With `moved` it answers what the alignment of the day has more, or less, than
today's: a count of subjects there is of those who stood elsewhere on the last day of the span.
"""

from __future__ import annotations

from sqlglot import exp

from metrics.declare import AnyMeasure, Measure, QuantileMeasure, SubjectMeasure
from metrics.fact import Fact
from metrics.groups import Group
from metrics.leaves import (
    FIVE,
    MAY_MOVE,
    OPTED,
    at_leaves,
    both_ways,
    during,
    in_time,
    inputs_of,
    of,
    product_of,
    scoped,
    scopes_of,
    who_moved,
)


def _climbed(leaves: exp.Select, measures: tuple[Measure, ...]) -> exp.Select:
    """From the leaves `a` to every node above them, then from products to those that a question may name."""
    nodes = exp.select("a.hierarchy", "t.ancestor AS node", "a.product", "a.opted_out", "a.span")
    nodes = nodes.select(*(f"sum(a.{m.name}) AS {m.name}" for m in measures), copy=False).from_(
        leaves.subquery("a", copy=False), copy=False
    )
    nodes = nodes.join("node_tree AS t", on="t.hierarchy = a.hierarchy AND t.node = a.leaf", copy=False).group_by(
        *FIVE, copy=False
    )
    select = exp.select("a.hierarchy", "a.node", "p.asked AS product", "a.opted_out", "a.span")
    select = select.select(*(scoped(m, "a") for m in measures), copy=False).from_(
        nodes.subquery("a", copy=False), copy=False
    )
    select = select.join(
        "product_scope AS p", on=f"p.product = a.product AND p.scope IN ({scopes_of(measures)})", copy=False
    )
    return select.group_by(*FIVE, copy=False)


def _fact_group(group: Group, moved: bool = False) -> exp.Select:
    """Sums of one fact: by leaf and period, by leaf and span, by node and span."""
    fact, measures = group.facts[0], tuple(m for m in group.measures if isinstance(m, Measure))
    dated = at_leaves(fact, group.masks, moved).select(
        *(exp.alias_(of(m.tree, "f"), m.name) for m in measures), copy=False
    )
    spanned = exp.select("f.hierarchy", "f.leaf", "f.product", "f.opted_out", "s.span")
    spanned = spanned.select(
        *(f"sum({'f.sign * ' if moved else ''}f.{m.name}) AS {m.name}" for m in measures), copy=False
    )
    keys = (*FIVE, "6", "7") if moved else (*FIVE, "6")
    spanned = during(spanned.from_(dated.group_by(*keys, copy=False).subquery("f", copy=False), copy=False), fact)
    return _climbed(spanned.group_by(*FIVE, copy=False), measures)


def _distinct_group(group: Group, moved: bool = False) -> exp.Select:
    """A count of distinct ids of one fact: an id that two leaves share counts once above them.

    An id belongs to one day, so that its counts by day add up over any span. A row that stands for
    several (a year's meals with their number) counts as many.
    """
    (measure,) = (m for m in group.measures if isinstance(m, Measure))
    id = measure.distinct or ""
    dated = both_ways(measure.fact, group.masks, id) if moved else at_leaves(measure.fact, group.masks)
    dated = dated.select(f"f.{id}", "f.quantity", copy=False)
    if isinstance(measure.tree, exp.Filter):
        dated = dated.where(of(measure.tree.expression.this, "f"), copy=False)
    ids = exp.select("a.hierarchy", "t.ancestor AS node", "p.asked", "a.opted_out", "a.period_start", "a.period_end")
    ids = ids.select("max(a.quantity) AS ids", copy=False).from_(
        dated.distinct(copy=False).subquery("a", copy=False), copy=False
    )
    ids = ids.join("node_tree AS t", on="t.hierarchy = a.hierarchy AND t.node = a.leaf", copy=False)
    ids = ids.join("product_scope AS p", on=f"p.product = a.product AND p.scope = '{measure.scope}'", copy=False)
    ids = ids.group_by(*FIVE, "6", f"a.{id}", *(["a.sign"] if moved else []), copy=False)
    ids = ids.select("a.sign", copy=False) if moved else ids
    days = exp.select("f.hierarchy", "f.node", "f.asked", "f.opted_out", "f.period_start", "f.period_end")
    days = (
        days.select(f"sum({'f.sign * ' if moved else ''}f.ids) AS ids", copy=False)
        .from_(ids.subquery("f", copy=False), copy=False)
        .group_by(*FIVE, "6", copy=False)
    )
    select = exp.select("f.hierarchy", "f.node", "f.asked AS product", "f.opted_out", "s.span")
    select = select.select(f"CAST(sum(f.ids) AS BIGINT) AS {measure.name}", copy=False).from_(
        days.subquery("f", copy=False), copy=False
    )
    return during(select, measure.fact).group_by(*FIVE, copy=False)


def _quantile_group(group: Group) -> exp.Select:
    """Quantiles of one fact's rows, found at every node from the rows below it."""
    measures = tuple(m for m in group.measures if isinstance(m, QuantileMeasure))
    fact = group.facts[0]
    columns = sorted({m.column for m in measures})
    dated = at_leaves(fact, group.masks).select(*(f"f.{column}" for column in columns), copy=False)
    select = exp.select("a.hierarchy", "t.ancestor AS node", "p.asked AS product", "a.opted_out", "s.span")
    select = select.select(*(f"quantile_cont(a.{m.column}, {m.q}) AS {m.name}" for m in measures), copy=False)
    select = during(select.from_(dated.subquery("a", copy=False), copy=False), fact, "a")
    select = select.join("node_tree AS t", on="t.hierarchy = a.hierarchy AND t.node = a.leaf", copy=False)
    select = select.join("product_scope AS p", on="p.product = a.product AND p.scope = 'self'", copy=False)
    return select.group_by(*FIVE, copy=False)


def _subject_sums(fact: Fact, own: list[Measure], names: list[str], moved: bool = False) -> exp.Select:
    """One fact's inputs, added up per subject, product and span; the other facts' inputs are NULL."""
    mine = {m.name: of(m.tree, "f") for m in own}
    base = exp.select(f"f.{fact.subject} AS subject", f"{product_of(fact)} AS product", "s.span")
    base = base.select(*(exp.alias_(mine.get(name, exp.Null()), name) for name in names), copy=False)
    base = during(base.from_(exp.to_table(fact.table.name).as_("f"), copy=False), fact)
    known = who_moved(fact.subject, "f") if moved else f"f.{fact.subject} IS NOT NULL"
    return in_time(base.where(known, copy=False), fact).group_by("1", "2", "3", copy=False)


def _judged(group: Group, kept: exp.Select | None, moved: bool) -> exp.Select:
    """Every input of the group side by side: one row a subject, asked product and span; `kept` has some of them."""
    inputs = inputs_of(group)
    measures = [measure for own in inputs.values() for measure in own]
    union: exp.Query | None = kept
    for fact, own in inputs.items():
        part = _subject_sums(fact, own, [measure.name for measure in measures], moved)
        union = part if union is None else exp.union(union, part, distinct=False, copy=False)
    assert union is not None
    scopes = sorted({measure.scope for measure in measures})
    admits = exp.select("product", "asked", *(f"bool_or(scope = '{scope}') AS by_{scope}" for scope in scopes))
    admits = (
        admits.from_("product_scope", copy=False)
        .where(f"scope IN ({scopes_of(measures)})", copy=False)
        .group_by("1", "2", copy=False)
    )
    select = exp.select("q.subject", "p.asked", "q.span")
    for m in measures:
        total = f"sum(q.{m.name})" + (f" FILTER (WHERE p.by_{m.scope})" if len(scopes) > 1 else "")
        select = select.select(f"CAST({total} AS DECIMAL(28, 4)) AS {m.name}", copy=False)
    select = select.from_(union.subquery("q", copy=False), copy=False).join(
        admits.subquery("p", copy=False), on="p.product = q.product", copy=False
    )
    return select.group_by("1", "2", "3", copy=False)


def _subject_group(group: Group, kept: exp.Select | None, moved: bool = False) -> exp.Select:
    """Subjects judged one by one, counted at their leaf, and added up at every node above it.

    A subject stands at one leaf of a hierarchy, so counts of subjects add up: today's, or the one of a span's last day.
    """
    leaves = exp.select("l.hierarchy", "l.leaf", "u.asked", OPTED if group.masks else "FALSE AS opted_out", "u.span")
    leaves = leaves.select(*(exp.alias_(_counted(m), m.name) for m in group.measures), copy=False)
    leaves = leaves.from_(_judged(group, kept, moved).subquery("u", copy=False), copy=False)
    if moved:
        ends = "SELECT span, last FROM asked" if kept is None else "SELECT span, last FROM span"
        leaves = leaves.select("l.sign", copy=False).join(f"({ends}) AS e", on="e.span = u.span", copy=False)
        leaves = leaves.join(
            "place_shift AS l", on="l.subject = u.subject AND e.last BETWEEN l.first AND l.last", copy=False
        )
        leaves = leaves.where(MAY_MOVE, copy=False) if group.masks else leaves
    else:
        leaves = leaves.join("place AS l", on="l.subject = u.subject", copy=False)
    if group.masks:
        leaves = leaves.join("pdrp_now AS d", on="d.party = u.subject", join_type="left", copy=False)
    leaves = leaves.group_by(*FIVE, *(["l.sign"] if moved else []), copy=False)
    signed = "a.sign * " if moved else ""
    columns = [f"CAST(sum({signed}a.{m.name}) AS DECIMAL(28, 4)) AS {m.name}" for m in group.measures]
    select = exp.select("a.hierarchy", "t.ancestor AS node", "a.asked AS product", "a.opted_out", "a.span", *columns)
    select = select.from_(leaves.subquery("a", copy=False), copy=False)
    select = select.join("node_tree AS t", on="t.hierarchy = a.hierarchy AND t.node = a.leaf", copy=False)
    return select.group_by(*FIVE, copy=False)


def _counted(measure: AnyMeasure) -> exp.Expr:
    assert not isinstance(measure, QuantileMeasure)  # its group is answered by a statement of its own
    tree = of(measure.tree, "u")
    for column in tree.find_all(exp.Column):
        if column.name == "is_person":
            column.replace(exp.condition("l.subject_kind = 'hcp'"))
    return tree


def group_select(group: Group, kept: exp.Select | None = None, moved: bool = False) -> exp.Select:
    """The SELECT that answers a group over the facts, for the spans of the relation `asked`.

    Columns: hierarchy, node, product asked, opted_out, span, and one column a measure. Where subjects are judged,
    `kept` gives what is known already of them in other spans: subject, product, span and the inputs. With `moved`
    it answers the difference between the alignment of the day and today's; quantiles have none, they do not add up.
    """
    first = group.measures[0]
    if isinstance(first, QuantileMeasure):
        return _quantile_group(group)
    if isinstance(first, SubjectMeasure):
        return _subject_group(group, kept, moved)
    return _distinct_group(group, moved) if first.distinct else _fact_group(group, moved)
