"""Small cells: a number behind which a handful of persons stand is hidden, and enough beside it that nobody can
work it out.

The rule follows the CMS cell size suppression policy (resdac.org/node/1506): no cell of 1 to 10
may be shown, nor be derivable; zero may be shown. Which cells are hidden is found over all windows, products and
hierarchies at once, and never from what was asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from metrics.catalog import METRICS
from metrics.catalog.people import STANDS_ON, UNTRACKED, Crowd, crowd_of
from metrics.cells.ground import ground
from metrics.cells.hidden import hidden
from metrics.compiler import Shape
from metrics.declare import AnyMeasure, Measure, Metric, SubjectMeasure
from metrics.derive import LIKE_FOR_LIKE, grain_of
from metrics.grid import Role
from metrics.loaded import feed_of
from metrics.periods import DEFAULT, WINDOWS, Span, span
from metrics.policy_force import policy_of
from metrics.query import GrantedQuery, Withheld

_GIVEN_AWAY = "persons, here or in a cell that would give them away"


def standard_only(snapshot: Any) -> str:
    """Why a sum over days chosen freely is not shown, and which windows to ask for instead."""
    *windows, last = WINDOWS[grain_of(snapshot.grain)]
    ask = f"ask for {', '.join(windows)} or {last}" if windows else f"ask for {last}"
    return f"in aggregate only for standard windows, as days chosen freely could be subtracted: {ask}"


def too_small(least: int) -> str:
    """Why a cell is hidden, where fewer than `least` persons may not be shown."""
    return f"fewer than {least} {_GIVEN_AWAY}"


def is_few(reason: str) -> bool:
    """Whether a reason says that a cell is hidden for its few persons."""
    return reason.endswith(_GIVEN_AWAY)


def published(metric: Metric, snapshot: Any) -> bool:
    """Whether every feed behind a metric is published openly, so that no small-cell rule of ours applies."""
    return all((feed := feed_of(snapshot, fact)) is not None and feed.published for fact in metric.facts)


def loaded(metric: Metric, snapshot: Any) -> bool:
    """Whether every fact behind a metric is loaded; where one is not, the metric has no number to hide."""
    return all(feed_of(snapshot, fact) is not None for fact in metric.facts)


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
    if not loaded(metric, snapshot):  # every cell is empty already
        return
    if shape.subjects:  # rows of organisations: persons are never granted row by row as aggregates
        return
    if shape.series:
        _hide_periods(metric, rows, granted, snapshot, withheld)
        return
    few = {each: few_at(metric, granted, snapshot, each) for each in (asked, base) if each}
    for days, column in ((asked, metric.name), (base, f"{metric.name}__base")):
        if days is None or column not in rows:
            continue
        # What compares two windows would give the other window's hidden cell away.
        known = [few[each] for each in (few if metric.compares else (days,))]
        said = metric.name if days is asked else f"{metric.name}__{days.shift}"
        if None in known:
            rows[column] = None
            withheld.append(Withheld(metric=said, node_id="*", reason=standard_only(snapshot)))
            continue
        small = rows.node_id.isin(frozenset().union(*filter(None, known)))
        _empty(rows, column, said, small, too_small(granted.least), withheld)


def _hide_periods(
    metric: Metric, rows: pd.DataFrame, granted: GrantedQuery, snapshot: Any, withheld: list[Withheld]
) -> None:
    days = list(zip(pd.to_datetime(rows.period_start).dt.date, pd.to_datetime(rows.period_end).dt.date, strict=True))
    few = {each: _nodes(metric, granted, snapshot, each, period=True) for each in dict.fromkeys(days)}
    if None in few.values():
        rows[metric.name] = None
        withheld.append(Withheld(metric=metric.name, node_id="*", reason=standard_only(snapshot)))
        return
    small = [node in (few[each] or ()) for node, each in zip(rows.node_id, days, strict=True)]
    flags = pd.Series(small, index=rows.index, dtype=bool)
    _empty(rows, metric.name, metric.name, flags, too_small(granted.least), withheld)


def _empty(rows: pd.DataFrame, column: str, said: str, small: pd.Series, reason: str, withheld: list[Withheld]) -> None:
    rows.loc[small.to_numpy(), column] = None
    withheld += [Withheld(metric=said, node_id=each, reason=reason) for each in rows.node_id[small.to_numpy()].unique()]


def few_at(metric: Metric, granted: GrantedQuery, snapshot: Any, span: Span, *beside: Metric) -> frozenset[str] | None:
    """The nodes whose number over these days is hidden, because a handful of persons stand behind it.

    With numbers `beside` it that are told in one breath, also where one of those is hidden.
    None for days that are no standard window: a span chosen freely, less another, would tell of anybody.
    """
    if metric.name not in granted.small or published(metric, snapshot) or not loaded(metric, snapshot):
        return frozenset()
    found = [_nodes(each, granted, snapshot, (span.first, span.last)) for each in (metric, *beside)]
    return None if None in found else frozenset().union(*filter(None, found))


# What a cue made of such rows tells of: where one of these numbers is hidden, so is the cue.
_TOLD = {
    "rx": ("trx", "writers"), "field_activity": ("persons_met",), "media_exposure": ("impressions",),
    "medical_exchange": ("exchanges",), "inquiry": ("inquiries",),
}  # fmt: skip


def told_of_few(role: Role, snapshot: Any, hierarchy: str, cue: Mapping[str, Any]) -> bool:
    """Whether a cue about a node would tell a role that sees aggregates only of a handful of persons there."""
    grain, word = grain_of(snapshot.grain), cue["product"] or "*"
    now = span(grain, snapshot.anchor, DEFAULT[grain])
    node = cue["subject"] if cue["subject"] in snapshot.nodes(hierarchy) else cue["node"]
    classes, least = frozenset(json.loads(cue["classes"])), policy_of(snapshot).least
    wanted = [METRICS[name] for each in classes & role.aggregates for name in _TOLD.get(each, ())]
    for metric in (each for each in wanted if loaded(each, snapshot) and not published(each, snapshot)):
        for measure in metric.measures:
            behind = measure if isinstance(measure, SubjectMeasure) else crowd_of(measure)
            if behind is None:
                continue
            asked: int | str = word
            if isinstance(behind, Crowd):
                scope = measure.scope if isinstance(measure, Measure) else "self"
                land = ground(snapshot, role.hierarchy_kinds)
                asked = land.asked[scope, word] if behind.fact.product else -1
            cells = hidden(snapshot, behind, role.hierarchy_kinds, role.masks_pdrp, least)
            if node in (cells.at(hierarchy, (now.first, now.last), asked) or ()):
                return True
    return False


def _nodes(
    metric: Metric, granted: GrantedQuery, snapshot: Any, days: tuple[Any, Any], period: bool = False
) -> frozenset[str] | None:
    found: set[str] = set()
    for measure, behind in counted(metric, granted.aggregates, granted.patients):
        masked = granted.masked and "rx" in measure.sensitivities
        cells = hidden(snapshot, behind, granted.kinds, masked, granted.least)
        for asked in _asked(measure, behind, granted, snapshot):
            nodes = cells.at(granted.hierarchy, days, asked, period)
            if nodes is None:
                return None
            found |= nodes
    return frozenset(found)


def counted(
    metric: Metric, aggregates: frozenset[str], patients: bool
) -> Iterator[tuple[AnyMeasure, Crowd | SubjectMeasure]]:
    """Every measure of a metric that is granted in aggregate only, with the persons who stand behind it; one that
    counts untracked readers is so for everybody."""
    for measure in metric.measures:
        if measure.watches:
            yield measure, UNTRACKED
        if not measure.sensitivities & aggregates:
            continue
        if isinstance(measure, SubjectMeasure):
            stands = STANDS_ON.get(measure.name, measure)
            behind = stands if isinstance(stands, SubjectMeasure) else crowd_of(stands)
        else:
            behind = crowd_of(measure)
        if behind is not None and (patients or not getattr(behind, "patients", False)):
            yield measure, behind


def _asked(
    measure: AnyMeasure, behind: Crowd | SubjectMeasure, granted: GrantedQuery, snapshot: Any
) -> tuple[int | str, ...]:
    """What a question asks of a number: a product or all, with those alike in both windows where none is named."""
    words = (granted.product,) if granted.product else ("*", LIKE_FOR_LIKE)
    if isinstance(behind, SubjectMeasure):
        return words
    scope = measure.scope if isinstance(measure, Measure) else "self"
    if not behind.fact.product:
        return (-1,)
    asked = ground(snapshot, granted.kinds, behind.subject).asked
    return tuple(dict.fromkeys(asked[scope, word] for word in words if (scope, word) in asked))
