"""Small cells: a count of a few persons is hidden, and enough beside it that nobody can work it out.

The rule follows the CMS cell size suppression policy (resdac.org/node/1506): no cell of 1 to 10
may be shown, nor be derivable; zero may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from metrics.catalog.people import COUNTED_BY, OURS, PEOPLE
from metrics.compiler import Shape, people_sql
from metrics.declare import Measure, Metric, SubjectMeasure
from metrics.loaded import feed_of, remembered
from metrics.periods import Span
from metrics.policy import LEAST
from metrics.query import GrantedQuery, Withheld

_GIVEN_AWAY = "persons, here or in a cell that would give them away"


def too_small(least: int) -> str:
    """Why a cell is hidden, where fewer than `least` persons may not be shown."""
    return f"fewer than {least} {_GIVEN_AWAY}"


def is_few(reason: str) -> bool:
    """Whether a reason says that a cell is hidden for its few persons."""
    return reason.endswith(_GIVEN_AWAY)


def hidden(
    people: Mapping[str, int],
    parents: Mapping[str, str | None],
    least: int = LEAST,
    beside: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """The nodes whose cells are hidden, from the persons behind each and the parent of each.

    A cell of 1 to least-1 persons is hidden. Where a shown parent would have a single hidden child,
    the child with the fewest persons beside it is hidden too; and where a hidden node's children
    would all be shown, the smallest of them is hidden, so that neither a difference nor a sum gives
    a hidden number away. `beside` are nodes hidden for another reason. The answer depends on the
    whole hierarchy, never on what was asked of it.
    """
    children: dict[str | None, list[str]] = {}
    for node in sorted(people):
        children.setdefault(parents.get(node), []).append(node)
    found = {node for node, count in people.items() if 0 < count < least} | beside
    waiting = [None, *sorted(people, key=lambda node: _depth(node, parents))]
    for parent in waiting:
        family = [node for node in children.get(parent, []) if people[node] > 0]
        concealed = [node for node in family if node in found]
        open_family = sorted((people[node], node) for node in family if node not in found)
        alone = len(concealed) == 1 and parent is not None and parent not in found
        told = not concealed and parent in found
        if (alone or told) and open_family:
            found.add(open_family[0][1])
    return frozenset(found)


def _depth(node: str, parents: Mapping[str, str | None]) -> int:
    depth, here = 0, parents.get(node)
    while here is not None and depth < len(parents):
        depth, here = depth + 1, parents.get(here)
    return depth


def published(metric: Metric, snapshot: Any) -> bool:
    """Whether every feed behind a metric is published openly, so that no small-cell rule of ours applies."""
    return all((feed := feed_of(snapshot, fact)) is not None and feed.published for fact in metric.facts)


def hide_small(
    metric: Metric,
    rows: pd.DataFrame,
    granted: GrantedQuery,
    snapshot: Any,
    shape: Shape,
    asked: Span,
    base: Span | None,
    withheld: list[Withheld],
) -> None:
    """Empty the cells that a handful of persons stand behind, and those that would give them away."""
    if shape.subjects:  # rows of organisations: persons are never granted row by row as aggregates
        return
    how = "series" if shape.series else "rolled" if shape.rolled else "custom"
    few = {span: _few(metric, granted, snapshot, span, how) for span in (asked, base) if span}
    for span, column in ((asked, metric.name), (base, f"{metric.name}__base")):
        if span is None or column not in rows:
            continue
        # What compares two windows would give the other window's hidden cell away.
        concealed = set().union(*few.values()) if metric.compares else few[span]
        if shape.series:
            ends = pd.to_datetime(rows.period_end).dt.date
            small = pd.Series([cell in concealed for cell in zip(rows.node_id, ends, strict=True)], dtype=bool)
        else:
            small = rows.node_id.isin([node for node, _ in concealed])
        rows.loc[small.to_numpy(), column] = None
        said = metric.name if span is asked else f"{metric.name}__{span.shift}"
        withheld += [
            Withheld(metric=said, node_id=each, reason=too_small(granted.least))
            for each in rows.node_id[small.to_numpy()]
        ]


def few_at(metric: Metric, granted: GrantedQuery, snapshot: Any, span: Span) -> frozenset[str]:
    """The nodes whose number over a standard window is hidden, because a handful of persons stand behind it."""
    if metric.name not in granted.small or published(metric, snapshot):
        return frozenset()
    return frozenset(node for node, _ in _few(metric, granted, snapshot, span, "rolled"))


def _few(metric: Metric, granted: GrantedQuery, snapshot: Any, span: Span, how: str) -> set[tuple[str, Any]]:
    """The cells of a metric that are hidden, by any of the facts it reads."""
    found: set[tuple[str, Any]] = set()
    for fact in metric.facts:
        counted = COUNTED_BY.get(fact.name, fact.name)
        narrow = {fact.table.column(fact.subject).sensitivity} | {"rx"} & metric.sensitivities
        if counted in PEOPLE and narrow & granted.aggregates:
            found |= _concealed(snapshot, granted, PEOPLE[counted], span, how)
            if granted.product is None and counted == "outcome" and _ours(metric):
                found |= _concealed(snapshot, granted, OURS, span, how)
    return found


def _ours(metric: Metric) -> bool:
    """Whether a metric without a product named is about our own products only, not about all that are loaded."""
    return any(
        each.scope in ("own", "basket_own")
        for measure in metric.measures
        for each in (measure.inputs if isinstance(measure, SubjectMeasure) else (measure,))
        if isinstance(each, Measure)
    )


def _concealed(
    snapshot: Any, granted: GrantedQuery, counted: SubjectMeasure, span: Span, how: str
) -> set[tuple[str, Any]]:
    """The hidden nodes of the whole hierarchy (with the period's end in a series), whatever was asked of it."""
    by_product, _ = people_sql(counted, "rolled")
    product = (granted.product or "*") if by_product else "*"
    values: dict[str, Any] = {"hierarchy": granted.hierarchy, "product": product}
    if how != "series":
        values |= {"first": span.first, "last": span.last}

    def _find() -> set[tuple[str, Any]]:
        return _hidden_cells(snapshot, people_sql(counted, how)[1], values, granted.least)

    if how == "custom":  # any days may be asked for: nothing is kept of them
        return _find()
    return remembered(snapshot, ("concealed", counted.name, how, granted.least, *values.values()), _find)


def _hidden_cells(snapshot: Any, sql: str, values: dict[str, Any], least: int) -> set[tuple[str, Any]]:
    parents = {node.id: node.parent for node in snapshot.nodes(values["hierarchy"]).values()}
    by_period: dict[Any, dict[str, int]] = {}
    for node, last, count in snapshot.rows(sql, values):
        by_period.setdefault(last, {})[node] = int(count or 0)
    windows = snapshot.rows("SELECT DISTINCT first, last FROM span WHERE kind = 'window' ORDER BY ALL")
    found = in_time(by_period, parents, windows if None not in by_period else [], least)
    return {(node, last) for last, nodes in found.items() for node in nodes}


def in_time(
    by_period: Mapping[Any, Mapping[str, int]],
    parents: Mapping[str, str | None],
    windows: Sequence[tuple[Any, Any]],
    least: int = LEAST,
) -> dict[Any, frozenset[str]]:
    """The nodes hidden in each period, never one period alone of a window: the others would give it away.

    `by_period` has the persons behind each node by the period's last day, `windows` the first and last
    days over which totals are shown. Periods that lie in the same windows stand for each other.
    """
    alike: dict[tuple[bool, ...], list[Any]] = {}
    for last in sorted(by_period) if windows else ():
        alike.setdefault(tuple(first <= last <= end for first, end in windows), []).append(last)
    found = {last: hidden(people, parents, least) for last, people in by_period.items()}
    waiting = True
    while waiting:
        more: dict[Any, set[str]] = {}
        for periods in (each for within, each in alike.items() if any(within)):
            for node in frozenset().union(*(found[last] for last in periods)):
                gone = [last for last in periods if node in found[last]]
                known = [(by_period[last].get(node, 0), last) for last in periods if node not in found[last]]
                known = [each for each in known if each[0]]
                if len(gone) == 1 and known:
                    more.setdefault(min(known)[1], set()).add(node)
        for last, nodes in more.items():
            found[last] = hidden(by_period[last], parents, least, beside=found[last] | nodes)
        waiting = bool(more)
    return found
