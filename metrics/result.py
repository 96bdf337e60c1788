"""Ask a granted question: rows, what is withheld and why, the day of the data, and where it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from data.levels import path
from metrics import alignment, suppress, thresholds, withhold
from metrics.binding import bound, drawn, shape_of, spans
from metrics.catalog import METRICS
from metrics.compiler import Shape, compile_shape
from metrics.derive import LIKE_FOR_LIKE
from metrics.loaded import feed_of, not_in_both, remembered, short_baskets
from metrics.periods import Span
from metrics.query import GrantedQuery, Withheld

Names = Callable[[Iterable[str]], Mapping[str, str]]


@dataclass(frozen=True)
class Result:
    """The answer to a granted question.

    `rows`: node_id, node, level, parent, period_start, period_end, one column a metric and, when
    compared, one more with `__previous` or `__year`. A cell that is unknown, not loaded or withheld
    is empty and has its word in `withheld`. `partial` names the metrics whose feed covers only part
    of the window. `not_shown` counts the opted-out physicians outside the prescription numbers. `notes`
    are sentences that belong beside the numbers; `partial_periods` names metric and last day of the periods of a
    series that the feed covers only in part. `floors` are sums of 0 of nothing but counts that the source hid,
    by metric, node and (in a series) last day, each with what it lies below.
    """

    rows: pd.DataFrame
    withheld: tuple[Withheld, ...]
    as_of: date
    snapshot: str
    lineage: dict[str, tuple[str, ...]]
    partial: frozenset[str] = frozenset()
    not_shown: int = 0
    notes: tuple[str, ...] = ()
    partial_periods: frozenset[tuple[str, date]] = frozenset()
    floors: Mapping[thresholds.Cell, str] = field(default_factory=dict)
    sql: str = field(default="", repr=False)

    def reason(self, metric: str, node_id: str) -> str | None:
        """Why a cell is empty, or what its sum of 0 lies below; None where there is nothing to say."""
        for each in self.withheld:
            if each.metric == metric and each.node_id in (node_id, "*"):
                return each.reason
        return next(
            (words for (name, node, _), words in self.floors.items() if (name, node) == (metric, node_id)), None
        )


def ask(granted: GrantedQuery, snapshot: Any, people: Names | None = None) -> Result:
    """Answer a granted question from the smallest rollup that can.

    `people` gives the names of persons, by their ids, to a visitor who sees them row by row; without
    it a person is called by the opaque id. Raises nothing of its own: what is not known is said.
    """
    shape = shape_of(granted, snapshot)
    asked, base = spans(granted, snapshot)
    sql = compile_shape(shape)
    held = (drawn(granted.series, snapshot),) if granted.series else (asked, base) if base else ()
    left_out = not_in_both(snapshot, held) if held and granted.product is None else ()
    notes = [f"Compared like for like: without {', '.join(left_out)}, not loaded in both windows."] if left_out else []
    notes += filter(None, [thresholds.note(granted, snapshot, asked), *alignment.note(granted, snapshot)])
    product = granted.product or (LIKE_FOR_LIKE if left_out and short_baskets(snapshot) else "*")
    rows = snapshot.frame(sql, bound(granted, shape, snapshot, (asked, base), product))
    withheld = list(granted.withheld)
    partial: set[str] = set()
    floors: dict[thresholds.Cell, str] = {}
    for name in granted.metrics:
        metric = METRICS[name]
        withhold.unknown(metric, rows, snapshot, shape, asked, base, withheld, partial, granted.product)
        withhold.too_few(metric, rows, withheld)
        aggregate = name in granted.small and not suppress.published(metric, snapshot)
        alignment.hold(metric, rows, granted, snapshot, asked, base, aggregate, withheld)
        if aggregate:
            suppress.hide_small(metric, rows, granted, snapshot, shape, asked, base, withheld)
        if shape.subjects:
            withhold.hide_unlisted(metric, rows, granted, snapshot, withheld)
            withheld += thresholds.empty_hidden(name, rows, granted, snapshot, (asked, base))
        else:
            floors |= thresholds.floors(name, rows, granted, snapshot, (asked, base))
    rows.insert(1, "node", _names(rows, granted, snapshot, shape, people))
    rows = _compared(rows.drop(columns=[each for each in rows.columns if each.endswith(("__n", "__base_n"))]), granted)
    return Result(
        rows=rows,
        withheld=withhold.one_word(withheld),
        as_of=snapshot.as_of,
        snapshot=snapshot.id,
        lineage={name: tuple(fact.table.name for fact in METRICS[name].facts) for name in granted.metrics},
        partial=frozenset(partial),
        floors=floors,
        not_shown=not_shown(granted, snapshot),
        notes=tuple(notes),
        partial_periods=_partial_periods(granted, snapshot, rows) if shape.series else frozenset(),
        sql=sql,
    )


def _partial_periods(granted: GrantedQuery, snapshot: Any, rows: pd.DataFrame) -> frozenset[tuple[str, date]]:
    """The periods of a series, by metric, that its feed covers only in part."""
    days = rows[["period_start", "period_end"]].drop_duplicates().itertuples(index=False, name=None)
    shown = [Span("", "current", pd.Timestamp(first).date(), pd.Timestamp(last).date()) for first, last in days]
    found = set()
    for name in granted.metrics:
        flows = [feed_of(snapshot, fact, granted.product) for fact in METRICS[name].facts if fact.time == "flow"]
        short = (each.last for each in shown if not all(feed.covers(each) for feed in flows if feed))
        found |= {(name, last) for last in short}
    return frozenset(found)


def _compared(rows: pd.DataFrame, granted: GrantedQuery) -> pd.DataFrame:
    """Call the compared columns by what they are compared with; leave them out where none was asked for."""
    if granted.compare is None:
        return rows.drop(columns=[column for column in rows.columns if column.endswith("__base")])
    return rows.rename(columns={f"{name}__base": f"{name}__{granted.compare}" for name in granted.metrics})


def not_shown(granted: GrantedQuery, snapshot: Any) -> int:
    """How many opted-out physicians stand below the node asked about, where they are outside the numbers."""
    if not granted.masked:
        return 0
    within = remembered(snapshot, ("opted out", granted.hierarchy), lambda: _opted_out(snapshot, granted.hierarchy))
    return within.get(granted.within or "", 0)


def _opted_out(snapshot: Any, hierarchy: str) -> dict[str, int]:
    """The opted-out physicians at or below each node; under "" those of the whole hierarchy."""
    sql = "SELECT DISTINCT l.subject, l.leaf FROM place l JOIN pdrp_now d ON d.party = l.subject "
    sql += "WHERE l.hierarchy = $hierarchy"
    parents = {node.id: node.parent for node in snapshot.nodes(hierarchy).values()}
    found: dict[str, set[str]] = {}
    for subject, leaf in snapshot.rows(sql, {"hierarchy": hierarchy}):
        for node in ("", *path(leaf, parents)):
            found.setdefault(node, set()).add(subject)
    return {node: len(subjects) for node, subjects in found.items()}


def _names(rows: pd.DataFrame, granted: GrantedQuery, snapshot: Any, shape: Shape, people: Names | None) -> Any:
    """What each row's unit or subject is called; each is looked up once, however many periods it has."""
    places, found = pd.factorize(rows["node_id"])
    ids: list[str] = list(found)
    if not shape.subjects:
        nodes = snapshot.nodes(granted.hierarchy)
        names = [nodes[each].name for each in ids]
    else:
        sql = "SELECT party, label FROM party WHERE label IS NOT NULL"
        labels = remembered(snapshot, "labels", lambda: dict(snapshot.rows(sql)))
        known = people([each for each in ids if each not in labels]) if people else {}
        names = [labels.get(each) or known.get(each) or each for each in ids]
    return pd.Series(names, dtype="str").take(places).array if ids else []
