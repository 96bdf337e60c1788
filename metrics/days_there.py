"""Who moved may ask about the place they left, for their own days there and no others.

Where somebody stands on the day of the data they see the whole past of that place, or they could not work there.
Elsewhere every day that an answer speaks of must be one of theirs: the window, the one that it is compared with, and
whatever a number looks back at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from data.errors import Denied
from metrics import binding
from metrics.catalog import METRICS
from metrics.periods import Span
from metrics.query import MetricQuery, Standing, Visitor
from metrics.standing import inside, may_enter

# How a row belongs to a window without a day outside it mattering.
_INSIDE = ("flow", "state")


def as_stood(visitor: Visitor, now: Visitor, query: MetricQuery, snapshot: Any) -> Visitor | None:
    """The visitor as they stood at the node asked about, where it is not theirs now; None where they never did.

    Raises Denied where they did, and a day asked for is none of their days there.
    """
    if not visitor.spans or not query.within:
        return None
    scope = may_enter(now, snapshot, query.hierarchy) if now.hierarchy == query.hierarchy else None
    if scope is not None and inside(snapshot, query.hierarchy, [query.within], scope):
        return None
    left = [each for each in visitor.spans if _was_at(each, now, query, snapshot)]
    days = _asked(query, snapshot) if left else ()
    for each in left:
        if all(_holds(each, span) for span in days):
            return replace(
                visitor, hierarchy=each.hierarchy, node=each.node, team=each.team, studies=each.studies, spans=(),
            )  # fmt: skip
    if left:
        told = " and ".join(_said(each) for each in left)
        raise Denied(
            f'You looked after "{query.within}" {told}; some of the days asked for are not yours.',
            todo="Ask for a span of your own days there, such as 2026-01..2026-06, and compare with one.",
        )
    return None


def refused(names: Iterable[str]) -> dict[str, str | None]:
    """The numbers that are not told of a place that somebody left, each with why."""
    beyond = [METRICS[name] for name in names if any(fact.time not in _INSIDE for fact in METRICS[name].facts)]
    words = "it looks at days before or after your own at a place that you left."
    return {metric.name: f"{metric.title}: {words}" for metric in beyond}


def _was_at(each: Standing, now: Visitor, query: MetricQuery, snapshot: Any) -> bool:
    """Whether a span is a place left that holds the node asked about."""
    known = each.hierarchy == query.hierarchy and each.node in snapshot.nodes(query.hierarchy)
    here = (each.hierarchy, each.node) == (now.hierarchy, now.node)
    return known and not here and bool(inside(snapshot, query.hierarchy, [query.within or ""], each.node or ""))


def _asked(query: MetricQuery, snapshot: Any) -> tuple[Span, ...]:
    """The spans of days that the answer would speak of."""
    if query.series:
        return (binding.drawn(query.series, snapshot),)
    return tuple(each for each in binding.spans(query, snapshot) if each is not None)


def _holds(each: Standing, span: Span) -> bool:
    return (each.from_date or date.min) <= span.first and span.last <= (each.to_date or date.max)


def _said(each: Standing) -> str:
    last = f"until {each.to_date}"
    return f"from {each.from_date} {last}" if each.from_date else last
