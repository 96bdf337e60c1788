"""Groups of measures: one SELECT that answers them together, over the facts, for any spans of days.

Measures of one fact, or judged over the same facts subject by subject, form a Group; its SELECT has
the columns hierarchy, node, product, opted_out, span and its measures. The build stores it as a
rollup; a question outside the rollups runs it over the facts. The small answer and the long one are
one definition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp

from metrics.catalog import METRICS
from metrics.catalog.people import PEOPLE
from metrics.declare import AnyMeasure, Fact, Measure, SubjectMeasure

_TIME = {
    "flow": "f.period_start >= s.first AND f.period_end <= s.last",
    "overlap": "f.period_start <= s.last AND f.period_end >= s.first",
    "to_date": "f.period_end <= s.last",
    "state": "f.period_end = s.last",
}


@dataclass(frozen=True)
class Group:
    """Measures that one SELECT answers together."""

    name: str
    measures: tuple[AnyMeasure, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts it reads."""
        found: dict[Fact, None] = {}
        for measure in self.measures:
            found.update(dict.fromkeys((measure.fact,) if isinstance(measure, Measure) else measure.facts))
        return tuple(found)

    @property
    def by_product(self) -> bool:
        """Whether its facts know products; the others answer for every product alike."""
        return any(fact.product for fact in self.facts)

    @property
    def masks(self) -> bool:
        """Whether it reads prescriptions, so that opted-out physicians are kept apart."""
        return any("rx" in measure.sensitivities for measure in self.measures)

    @property
    def rollup(self) -> str:
        """The table in which the build keeps its answers."""
        return f"roll_{self.name}"


def group_of(measure: AnyMeasure) -> str:
    """The name of the group a measure belongs to."""
    if isinstance(measure, Measure):
        return f"{measure.fact.name}_calls" if measure.distinct else measure.fact.name
    domains = {fact.table.domain for fact in measure.facts}
    side = "medical" if "medical" in domains else "outcome" if "outcome" in domains else "promotion"
    return f"subjects_{side}" if any(fact.product for fact in measure.facts) else f"subjects_{side}_any"


def groups(measures: Iterable[AnyMeasure]) -> tuple[Group, ...]:
    """The groups that answer these measures, each measure in one of them."""
    gathered: dict[str, dict[str, AnyMeasure]] = {}
    for measure in measures:
        gathered.setdefault(group_of(measure), {})[measure.name] = measure
    return tuple(Group(name, tuple(found.values())) for name, found in sorted(gathered.items()))


ALL_GROUPS: tuple[Group, ...] = groups(
    [measure for metric in METRICS.values() for measure in metric.measures] + list(PEOPLE.values())
)


def _aggregate(measure: Measure, scoped: bool) -> exp.Expression:
    """The measure over the fact rows `f`; with `scoped`, only over the products its scope admits."""
    tree = measure.tree.copy()
    for column in tree.find_all(exp.Column):
        column.set("table", exp.to_identifier("f"))
    if not scoped:
        return tree
    admitted = exp.condition(f"p.scope = '{measure.scope}'")
    if isinstance(tree, exp.Filter):
        where = tree.expression
        where.set("this", exp.and_(where.this, admitted))
        return tree
    return exp.Filter(this=tree, expression=exp.Where(this=admitted))


def _product(fact: Fact) -> str:
    return f"coalesce(f.{fact.product}, '')" if fact.product else "''"


def _leaf(fact: Fact) -> str:
    if fact.place == "subject":
        return "l.leaf"
    return "CASE WHEN f.hierarchy = l.hierarchy AND f.node IS NOT NULL THEN f.node ELSE l.leaf END"


def _rows_of(fact: Fact, masks: bool) -> exp.Select:
    """The fact's rows joined to the spans they belong to, with their subject's place."""
    select = exp.select().from_(exp.to_table(fact.table.name).as_("f")).join("asked AS s", on=_TIME[fact.time])
    select = select.join("place AS l", on=f"l.subject = coalesce(f.{fact.subject}, '')")
    if masks:
        select = select.join("pdrp_now AS d", on=f"d.party = f.{fact.subject}", join_type="left")
    return select


_OPTED = "d.party IS NOT NULL AS opted_out"


def _fact_group(group: Group, subjects: bool) -> exp.Select:
    """Sums, or distinct counts, of one fact: first at the leaf, then at every node above it."""
    fact = group.facts[0]
    distinct = group.measures[0].distinct if isinstance(group.measures[0], Measure) else None
    node = f"f.{fact.subject}" if subjects else _leaf(fact)
    inner = _rows_of(fact, group.masks).select(
        "l.hierarchy",
        f"{node} AS leaf",
        f"{_product(fact)} AS product",
        _OPTED if group.masks else "FALSE AS opted_out",
        "s.span",
    )
    if distinct:
        inner = inner.select(f"f.{distinct}").distinct()
        inner = _only(inner, group)
        outer = [f"count(DISTINCT CASE WHEN p.scope = 'self' THEN a.{distinct} END) AS {group.measures[0].name}"]
    else:
        inner = inner.select(*(exp.alias_(_aggregate(m, scoped=False), m.name) for m in group.measures))  # type: ignore[arg-type]
        inner = inner.group_by("1", "2", "3", "4", "5")
        outer = [
            f"CAST(sum(a.{m.name}) FILTER (WHERE p.scope = '{m.scope}') AS DECIMAL(28, 4)) AS {m.name}"  # type: ignore[union-attr]
            for m in group.measures
        ]
    scopes = ", ".join(f"'{scope}'" for scope in sorted({m.scope for m in group.measures}))  # type: ignore[union-attr]
    select = exp.select("a.hierarchy", "a.leaf AS node" if subjects else "t.ancestor AS node", "p.asked AS product")
    select = select.select("a.opted_out", "a.span", *outer).from_(inner.subquery("a"))
    if not subjects:
        select = select.join("node_tree AS t", on="t.hierarchy = a.hierarchy AND t.node = a.leaf")
    select = select.join("product_scope AS p", on=f"p.product = a.product AND p.scope IN ({scopes})")
    return select.group_by("1", "2", "3", "4", "5")


def _only(inner: exp.Select, group: Group) -> exp.Select:
    """Keep the rows that a distinct count's own filter admits."""
    tree = group.measures[0].tree.copy()
    if isinstance(tree, exp.Filter):
        where = tree.expression.this
        for column in where.find_all(exp.Column):
            column.set("table", exp.to_identifier("f"))
        return inner.where(where)
    return inner


def _inputs(group: Group) -> dict[Fact, list[Measure]]:
    found: dict[Fact, dict[str, Measure]] = {}
    for measure in group.measures:
        assert isinstance(measure, SubjectMeasure)
        for given in measure.inputs:
            found.setdefault(given.fact, {})[given.name] = given
    return {fact: list(measures.values()) for fact, measures in found.items()}


def _subject_sums(fact: Fact, own: list[Measure], names: list[str]) -> exp.Select:
    """One fact's inputs, added up per subject, asked product and span; the other facts' inputs are NULL."""
    base = exp.select(f"f.{fact.subject} AS subject", f"{_product(fact)} AS product", "s.span")
    base = base.select(*(exp.alias_(_aggregate(m, scoped=False), m.name) for m in own))
    base = base.from_(exp.to_table(fact.table.name).as_("f")).join("asked AS s", on=_TIME[fact.time])
    base = base.where(f"f.{fact.subject} IS NOT NULL").group_by("1", "2", "3")
    scopes = ", ".join(f"'{scope}'" for scope in sorted({m.scope for m in own}))
    mine = {m.name: m.scope for m in own}
    select = exp.select("b.subject", "p.asked", "b.span").select(
        *(
            f"CAST(sum(b.{name}) FILTER (WHERE p.scope = '{mine[name]}') AS DECIMAL(28, 4)) AS {name}"
            if name in mine
            else f"CAST(NULL AS DECIMAL(28, 4)) AS {name}"
            for name in names
        )
    )
    select = select.from_(base.subquery("b"))
    return select.join("product_scope AS p", on=f"p.product = b.product AND p.scope IN ({scopes})").group_by(
        "1", "2", "3"
    )


def _subject_group(group: Group, subjects: bool) -> exp.Select:
    """Subjects judged one by one, then counted at every node above them."""
    inputs = _inputs(group)
    names = [measure.name for own in inputs.values() for measure in own]
    parts = [_subject_sums(fact, own, names) for fact, own in inputs.items()]
    union: exp.Query = parts[0]
    for part in parts[1:]:
        union = exp.union(union, part, distinct=False)
    judged = exp.select("q.subject", "q.asked", "q.span", *(f"sum(q.{name}) AS {name}" for name in names))
    judged = judged.from_(union.subquery("q")).group_by("1", "2", "3")
    select = exp.select("l.hierarchy", "u.subject AS node" if subjects else "t.ancestor AS node", "u.asked AS product")
    select = select.select(_OPTED if group.masks else "FALSE AS opted_out", "u.span")
    select = select.select(*(exp.alias_(_outer(m), m.name) for m in group.measures))
    select = select.from_(judged.subquery("u")).join("place AS l", on="l.subject = u.subject")
    if not subjects:
        select = select.join("node_tree AS t", on="t.hierarchy = l.hierarchy AND t.node = l.leaf")
    if group.masks:
        select = select.join("pdrp_now AS d", on="d.party = u.subject", join_type="left")
    return select.group_by("1", "2", "3", "4", "5")


def _outer(measure: AnyMeasure) -> exp.Expression:
    tree = measure.tree.copy()
    for column in tree.find_all(exp.Column):
        if column.name == "is_person":
            column.replace(exp.condition("l.subject_kind = 'hcp'"))
        else:
            column.set("table", exp.to_identifier("u"))
    return tree


def group_select(group: Group, subjects: bool = False) -> exp.Select:
    """The SELECT that answers a group over the facts, for the spans of the relation `asked`.

    Columns: hierarchy, node (with `subjects` the subject itself), product asked, opted_out, span,
    and one column a measure.
    """
    if all(isinstance(measure, SubjectMeasure) for measure in group.measures):
        return _subject_group(group, subjects)
    return _fact_group(group, subjects)
