"""Today's alignment, or that of the day: at which units the second may be told, and why not at the others.

Both readings of one number lie open side by side, so what they differ by is known: it is the part of those who
stood elsewhere, and of nobody else. Whose prescribing is concealed never moves (metrics/concealed.py). A number that
is granted in aggregate only is told as of the day where nobody came or went: there both readings are one.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from data.errors import WrongQuestion, did_you_mean
from metrics.declare import Measure, Metric, QuantileMeasure, SubjectMeasure
from metrics.derive import grain_of
from metrics.loaded import remembered
from metrics.periods import Span, reach_back
from metrics.query import GrantedQuery, Withheld

CURRENT, AS_WAS = "current", "as-was"
ALIGNMENTS = (CURRENT, AS_WAS)
SINGLED_OUT = "compared with today's alignment it would tell of the few who came or went"
NOT_SPLIT = "sets what happened day by day against persons or medians, which are not split between two units"
NOTE = (
    "Alignment as it was: what happened counts where its HCP or site was aligned on the day; persons count where they "
    "were on the window's last day, and whose prescribing is not shown, where they are now."
)

_CROSSED = """
SELECT t.ancestor, l.first, l.last
FROM place_shift l JOIN node_tree t ON t.hierarchy = l.hierarchy AND t.node = l.leaf
WHERE l.hierarchy = $hierarchy
GROUP BY t.ancestor, l.subject, l.first, l.last HAVING sum(l.sign) <> 0
"""


def moved(snapshot: Any, hierarchy: str) -> bool:
    """Whether anybody stood elsewhere in a hierarchy than today; where nobody did both alignments are one."""
    sql = "SELECT 1 FROM place_shift WHERE hierarchy = $hierarchy LIMIT 1"
    return remembered(snapshot, ("moved", hierarchy), lambda: bool(snapshot.rows(sql, {"hierarchy": hierarchy})))


def check(alignment: str) -> None:
    """Raise WrongQuestion for an alignment that there is not."""
    if alignment not in ALIGNMENTS:
        near = did_you_mean(alignment, ALIGNMENTS)
        raise WrongQuestion(f'no alignment "{alignment}"', todo=f"{near} Use current or as-was.".strip())


def note(granted: GrantedQuery, snapshot: Any) -> tuple[str, ...]:
    """The sentence beside numbers as of the day; nothing beside today's."""
    if granted.alignment == CURRENT:
        return ()
    if not moved(snapshot, granted.hierarchy):
        return ("Alignment as it was: nobody was ever aligned elsewhere than today.",)
    return (NOTE,)


def hold(
    metric: Metric,
    rows: pd.DataFrame,
    granted: GrantedQuery,
    snapshot: Any,
    asked: Span,
    base: Span | None,
    aggregate: bool,
    withheld: list[Withheld],
) -> None:
    """Empty the cells of the alignment of the day that are not told; `aggregate` numbers hide single persons."""
    if granted.alignment == CURRENT or not (aggregate or _mixed(metric)):
        return
    reason = SINGLED_OUT if aggregate else NOT_SPLIT
    crossed = _crossed(snapshot, granted.hierarchy)
    spans = {metric.name: [asked, base] if metric.compares else [asked], f"{metric.name}__base": [base]}
    for column, held in spans.items():
        if column not in rows or not any(held):
            continue
        if granted.series is not None:
            days = [(first.date(), last.date()) for first, last in zip(rows.period_start, rows.period_end, strict=True)]
            reaches = [_reach(metric, Span("", "current", *each), snapshot) for each in days]
        else:
            known = [_reach(metric, each, snapshot) for each in held if each is not None]
            whole = (min(first for first, _ in known), max(last for _, last in known))
            reaches = [whole] * len(rows)
        empty = [
            any(first <= reach[1] and last >= reach[0] for first, last in crossed.get(node, ()))
            for node, reach in zip(rows.node_id, reaches, strict=True)
        ]
        rows.loc[empty, column] = None
        name = column if column == metric.name else f"{metric.name}__{base.shift if base else ''}"
        withheld += [Withheld(metric=name, node_id=each, reason=reason) for each in dict.fromkeys(rows.node_id[empty])]


def _mixed(metric: Metric) -> bool:
    """Whether a number sets sums by day against persons counted once, or is a quantile: neither moves in part."""
    kinds = {type(measure) for measure in metric.measures}
    return QuantileMeasure in kinds or kinds >= {Measure, SubjectMeasure}


def _reach(metric: Metric, span: Span, snapshot: Any) -> tuple[date, date]:
    """The first and the last day on which it matters to a number where somebody stood."""
    times = {fact.time for fact in metric.facts}
    before, back = reach_back(grain_of(snapshot.grain), span)
    first = min([span.first, *([before] if "before" in times else []), *([back] if "lookback" in times else [])])
    return date.min if "to_date" in times else first, date.max if "overlap" in times else span.last


def _crossed(snapshot: Any, hierarchy: str) -> dict[str, tuple[tuple[date, date], ...]]:
    """The days on which anybody stood outside a unit who stands in it today, or the other way round, by unit."""

    def _find() -> dict[str, tuple[tuple[date, date], ...]]:
        found: dict[str, set[tuple[date, date]]] = {}
        for node, first, last in snapshot.rows(_CROSSED, {"hierarchy": hierarchy}):
            found.setdefault(node, set()).add((first, last))
        return {node: tuple(sorted(days)) for node, days in found.items()}

    return remembered(snapshot, ("crossed", hierarchy), _find)
