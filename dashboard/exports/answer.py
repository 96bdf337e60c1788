"""An answer as sheets: the numbers, why cells are empty, what each number means, who asked what of which data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dashboard.exports.workbook import Column, Sheet
from metrics.catalog import METRICS
from metrics.explain import explain
from metrics.query import MetricQuery, Visitor
from metrics.result import Result

KINDS = {"count": "count", "percent": "percent", "money": "money"}
PLACES = (("node_id", "Id", "text", 18), ("node", "Name", "text", 30), ("level", "Level", "text", 14))
DAYS = (("period_start", "From", "date", 12), ("period_end", "To", "date", 12))
WORDS = {"previous": "before", "year": "last year"}


def sheets(
    result: Result, asked: MetricQuery, visitor: Visitor, *, policy: str, at: datetime, notes: Sequence[str] = ()
) -> list[Sheet]:
    """The sheets of an answer: Numbers, Withheld, Definitions, Filters, Scope, Snapshot."""
    return [
        _numbers(result, asked),
        _withheld(result),
        _definitions(result, asked.metrics),
        _pairs(
            "Filters",
            {
                "Metrics": ", ".join(asked.metrics),
                "One row for each": asked.by,
                "Within": asked.within or "everything in scope",
                "Period": asked.window,
                "Product": asked.product or "every product loaded",
                "Compared with": asked.compare or "nothing",
                "Alignment": asked.alignment,
            },
        ),
        _pairs(
            "Scope",
            {
                "Asked by": visitor.id,
                "Role": visitor.role,
                "Stands at": visitor.node or "everywhere",
                "Hierarchy": asked.hierarchy,
                "Written on (UTC)": at.strftime("%Y-%m-%d %H:%M"),
                "Opted-out physicians outside these numbers": result.not_shown,
                "Policy": policy,
            },
        ),
        _pairs(
            "Snapshot",
            {"Snapshot": result.snapshot, "Data as of": result.as_of.isoformat()}
            | {f"Note {number}": note for number, note in enumerate(notes, 1)},
        ),
    ]


def _numbers(result: Result, asked: MetricQuery) -> Sheet:
    """One row a unit; a comparison stands beside its number."""
    named = [(name, METRICS[name].title, METRICS[name].unit) for name in asked.metrics]
    if asked.compare:
        beside = f"__{asked.compare}"
        named = [
            each
            for name, title, unit in named
            for each in ((name, title, unit), (f"{name}{beside}", f"{title}, {WORDS[asked.compare]}", unit))
        ]
    known = [(name, title, KINDS.get(unit, "number"), 16) for name, title, unit in named if name in result.rows]
    chosen = [*PLACES, *DAYS, *known]
    columns = [result.rows[name].tolist() for name, *_ in chosen]
    return Sheet(
        title="Numbers",
        columns=[Column(title=title, kind=kind, width=width) for _, title, kind, width in chosen],
        rows=list(zip(*columns, strict=True)),
    )


def _withheld(result: Result) -> Sheet:
    """Every empty cell's reason, in the rule's own words."""
    names = dict(zip(result.rows["node_id"], result.rows["node"], strict=True))
    rows = [
        (each.metric, "everywhere" if each.node_id == "*" else names.get(each.node_id, each.node_id), each.reason)
        for each in result.withheld
    ]
    return Sheet(title="Withheld", columns=_columns(Metric=24, Where=30, Reason=90), rows=rows, wraps=True)


def _definitions(result: Result, names: Sequence[str]) -> Sheet:
    rows = []
    for name in names:
        if name in METRICS:
            meaning, metric = explain(name), METRICS[name]
            lineage = ", ".join(result.lineage.get(name, meaning.tables))
            rows.append((metric.title, name, meaning.definition, meaning.formula, metric.unit, lineage))
    columns = _columns(Metric=26, Name=22, Definition=70, Formula=40, Unit=10, Tables=28)
    return Sheet(title="Definitions", columns=columns, rows=rows, wraps=True)


def _pairs(title: str, told: Mapping[str, object]) -> Sheet:
    return Sheet(title=title, columns=_columns(What=40, Value=80), rows=list(told.items()), wraps=True)


def _columns(**widths: int) -> list[Column]:
    return [Column(title=title, width=width) for title, width in widths.items()]
