"""What every metric means, for a visitor: only those that the visitor may know, and why the others are not shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlglot

from data.errors import Denied, WrongQuestion, did_you_mean
from metrics.access import hierarchy_of, may_enter, refusal, role_of, standing
from metrics.catalog import METRICS
from metrics.compiler import Shape, compile_shape
from metrics.declare import Metric
from metrics.explain import Explanation, explain
from metrics.grid import GRANTS, Grant, Role
from metrics.policy_force import policy_of
from metrics.query import Visitor

FLOORS = {"second": ", from the second level up", "third": ", from the third level up", "top": ", at the top only"}


@dataclass(frozen=True)
class Listed:
    """The metrics that a visitor may know, and one reason for each group of those that are not shown."""

    metrics: tuple[Metric, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class FeedNow:
    """One feed behind a metric in this snapshot: its name, the table it fills, its last day and age."""

    feed: str
    fact: str
    last: date | None
    age_days: int | None


@dataclass(frozen=True)
class Definition:
    """All that there is to say about a metric: its meaning, where it comes from now, who sees it, its SQL."""

    metric: Metric
    explanation: Explanation
    feeds: tuple[FeedNow, ...]
    seen_by: tuple[tuple[str, str], ...]
    sql: str


def listed(visitor: Visitor, snapshot: Any) -> Listed:
    """Every metric that the visitor may know where they stand. Raises Denied where they may not look at all."""
    known, refused = [], dict[str, None]()
    for metric in METRICS.values():
        reason = _refusal(metric, visitor, snapshot)
        if reason:
            refused[reason] = None
        else:
            known.append(metric)
    return Listed(tuple(known), tuple(sorted(refused)))


def search(metrics: Iterable[Metric], words: str) -> tuple[Metric, ...]:
    """The metrics whose name, title, definition, formula or band has every one of the words."""
    wanted = words.casefold().split()
    return tuple(
        metric
        for metric in metrics
        if all(
            word in f"{metric.name} {metric.title} {metric.definition} {metric.formula} {metric.band}".casefold()
            for word in wanted
        )
    )


def define(name: str, visitor: Visitor, snapshot: Any) -> Definition:
    """One metric's definition. Raises Denied for one that the visitor may not know, WrongQuestion for none."""
    if name not in METRICS:
        known = [metric.name for metric in listed(visitor, snapshot).metrics]
        raise WrongQuestion(f'no metric "{name}"', todo=did_you_mean(name, known) or "Search the list.")
    metric = METRICS[name]
    reason = _refusal(metric, visitor, snapshot)
    if reason:
        raise Denied(reason)
    return Definition(
        metric=metric,
        explanation=explain(name),
        feeds=_feeds(metric, snapshot),
        seen_by=tuple((role.title, _seen(role, metric)) for role in policy_of(snapshot).effective.values()),
        sql=sql_of(metric, role_of(visitor, snapshot)),
    )


def _refusal(metric: Metric, visitor: Visitor, snapshot: Any) -> str | None:
    visitor = standing(visitor, snapshot)
    role, hierarchy = role_of(visitor, snapshot), hierarchy_of(snapshot, visitor.hierarchy)
    scope = may_enter(visitor, snapshot, hierarchy.id)
    level = snapshot.nodes(hierarchy.id)[scope].level if scope else hierarchy.levels[0]
    return refusal(role, metric, hierarchy, level)


def _seen(role: Role, metric: Metric) -> str:
    """How far a role may see a metric, in words: what its most guarded part allows."""
    grants = [role.grant(each) for each in metric.sensitivities] or [Grant(how="Y")]
    strictest = max(grants, key=lambda grant: (GRANTS.index(grant.how), grant.floor != "leaf"))
    if strictest.how == "A":
        return f"summed up{FLOORS.get(strictest.floor, '')}"
    return {"Y": "row by row, own area", "E": "not shown", "N": "not shown"}[strictest.how]


def _feeds(metric: Metric, snapshot: Any) -> tuple[FeedNow, ...]:
    tables = {fact.table.name for fact in metric.facts}
    for fact in metric.facts:
        tables |= {source.partition(".")[0] for source in fact.derived_from}
    sql = (
        "SELECT feed, fact, max(last) AS last FROM coverage WHERE list_contains($tables, fact) "
        "GROUP BY feed, fact ORDER BY feed, fact"
    )
    rows = snapshot.rows(sql, {"tables": sorted(tables)})
    return tuple(FeedNow(feed, fact, last, _age(snapshot.as_of, last)) for feed, fact, last in rows)


def _age(as_of: date, last: date | None) -> int | None:
    return max((as_of - last).days, 0) if last else None


def sql_of(metric: Metric, role: Role) -> str:
    """The SQL that a question for this metric alone becomes: one window, one level, below one node."""
    shape = Shape(
        metrics=(metric.name,),
        subjects=metric.rows_only,
        rolled=not metric.rows_only,
        series=False,
        compare=metric.compares,
        masked=role.masks_pdrp,
        within=True,
        scope=False,
        studies=False,
    )
    return sqlglot.parse_one(compile_shape(shape), read="duckdb").sql(dialect="duckdb", pretty=True)
