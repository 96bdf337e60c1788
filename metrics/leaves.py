"""A fact's rows at the leaf they count at, in every hierarchy: at today's alignment, or at that of the day.

What differs between the two is found from `place_shift` alone (data/moves.py): few stood elsewhere, so the alignment
of the day costs no second rollup of everything.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from metrics.declare import Measure, SubjectMeasure
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

OPTED = "d.party IS NOT NULL AS opted_out"
FIVE = ("1", "2", "3", "4", "5")
# What somebody did counts at their own node on its day, whatever the alignment of whom they met.
_ACTED = "(coalesce(f.hierarchy = l.hierarchy, FALSE) AND f.node IS NOT NULL)"
# Whose prescribing is concealed counts where they stand today: nothing of it is found by comparing two alignments.
MAY_MOVE = "NOT EXISTS (SELECT 1 FROM concealed AS y WHERE y.hierarchy = l.hierarchy AND y.subject = l.subject)"


def of(tree: exp.Expr, alias: str) -> exp.Expr:
    """The expression with its columns read from the relation called `alias`."""
    tree = tree.copy()
    for column in tree.find_all(exp.Column):
        column.set("table", exp.to_identifier(alias))
    return tree


def product_of(fact: Fact) -> str:
    """The product of a fact's row, empty where it has none."""
    return f"coalesce(f.{fact.product}, '')" if fact.product else "''"


def scopes_of(measures: Iterable[Measure]) -> str:
    """The scopes of some measures as a list inside a statement."""
    return ", ".join(f"'{scope}'" for scope in sorted({measure.scope for measure in measures}))


def scoped(measure: Measure, alias: str) -> str:
    """A sum of sums, over the products that the measure's scope admits."""
    total = f"sum({alias}.{measure.name}) FILTER (WHERE p.scope = '{measure.scope}')"
    return f"CAST({total} AS DECIMAL(28, 4)) AS {measure.name}"


def in_time(select: exp.Select, fact: Fact) -> exp.Select:
    """Leave out what no span asked for can hold, before anything is added up."""
    earliest = {"before": "before", "lookback": "back"}.get(fact.time, "first")
    select = select.where("f.period_start <= (SELECT max(last) FROM asked)", copy=False)
    if fact.time == "to_date":
        return select
    begins = exp.select(exp.func("min", exp.column(earliest))).from_("asked", copy=False).subquery(copy=False)
    return select.where(exp.column("period_end", "f") >= begins, copy=False)


def during(select: exp.Select, fact: Fact, alias: str = "f") -> exp.Select:
    """Join each row to the spans `s` that it belongs to: by its days, of which there are few, not row by row."""
    days = (
        exp.select("period_start", "period_end")
        .distinct(copy=False)
        .from_(fact.table.name, copy=False)
        .subquery("f", copy=False)
    )
    spans = exp.select("f.period_start", "f.period_end", "s.span").distinct(copy=False)
    spans = spans.from_(days, copy=False).join("asked AS s", on=TIME[fact.time], copy=False)
    on = f"s.period_start = {alias}.period_start AND s.period_end = {alias}.period_end"
    return select.join(spans.subquery("s", copy=False), on=on, copy=False)


def who_moved(column: str, alias: str) -> exp.Expr:
    """Whether a column names somebody who stood elsewhere than today on some day."""
    return exp.column(column, alias).isin(query=exp.select("subject").from_("place_shift", copy=False))


def at_leaves(fact: Fact, masks: bool, moved: bool = False) -> exp.Select:
    """The fact's rows at the leaf they count at, in every hierarchy that covers them: five keys and the period.

    With `moved` only those of who stood elsewhere that day: where they stood (sign 1) and where they stand (sign -1).
    """
    leaf = "l.leaf"
    if fact.place == "actor":
        leaf = f"CASE WHEN {_ACTED} THEN f.node ELSE l.leaf END"
    select = exp.select("l.hierarchy", f"{leaf} AS leaf", f"{product_of(fact)} AS product")
    select = select.select(OPTED if masks else "FALSE AS opted_out", "f.period_start", "f.period_end", copy=False)
    select = select.from_(exp.to_table(fact.table.name).as_("f"), copy=False)
    if moved:
        dated = f"l.subject = f.{fact.subject} AND f.period_end BETWEEN l.first AND l.last"
        select = select.select("l.sign", copy=False).join("place_shift AS l", on=dated, copy=False)
        select = select.where(exp.not_(_ACTED), copy=False) if fact.place == "actor" else select
        select = select.where(MAY_MOVE, copy=False) if masks else select
    else:
        select = select.join("place AS l", on=f"l.subject = coalesce(f.{fact.subject}, '')", copy=False)
    if masks:
        select = select.join("pdrp_now AS d", on=f"d.party = f.{fact.subject}", join_type="left", copy=False)
    return in_time(select, fact)


def both_ways(fact: Fact, masks: bool, id: str) -> exp.Select:
    """Rows of the ids that somebody who stood elsewhere has a part in: as of the day (sign 1), as of today (-1).

    All rows of such an id are needed: it counts once above those who share it, wherever they stand.
    """
    select = exp.select("l.hierarchy", f"CASE WHEN {_ACTED} THEN f.node WHEN v.sign = 1 THEN coalesce(w.leaf, l.leaf) "
                        "ELSE l.leaf END AS leaf", f"{product_of(fact)} AS product")  # fmt: skip
    select = select.select(
        OPTED if masks else "FALSE AS opted_out", "f.period_start", "f.period_end", "v.sign", copy=False
    )
    select = select.from_(exp.to_table(fact.table.name).as_("f"), copy=False)
    select = select.join("place AS l", on=f"l.subject = coalesce(f.{fact.subject}, '')", copy=False)
    there = "w.hierarchy = l.hierarchy AND w.subject = l.subject AND w.sign = 1"
    dated = f"{there} AND f.period_end BETWEEN w.first AND w.last"
    select = select.join("place_shift AS w", on=dated, join_type="left", copy=False)
    select = select.join("(SELECT unnest([1, -1]) AS sign) AS v", join_type="cross", copy=False)
    if masks:
        select = select.join("pdrp_now AS d", on=f"d.party = f.{fact.subject}", join_type="left", copy=False)
    touched = exp.select(f"g.{id}").from_(exp.to_table(fact.table.name).as_("g"), copy=False)
    touched = touched.where(who_moved(fact.subject, "g"), copy=False)
    return in_time(select, fact).where(exp.column(id, "f").isin(query=touched), copy=False)


def inputs_of(group: Group) -> dict[Fact, list[Measure]]:
    """What the subjects of a group are judged by, fact by fact."""
    found: dict[Fact, dict[str, Measure]] = {}
    for measure in group.measures:
        for given in measure.inputs if isinstance(measure, SubjectMeasure) else ():
            found.setdefault(given.fact, {})[given.name] = given
    return {fact: list(measures.values()) for fact, measures in found.items()}
