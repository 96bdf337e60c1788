"""A number explains itself: its definition, its formula, what it is made of now, and the SQL it became."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metrics.catalog import METRICS
from metrics.declare import AnyMeasure, Metric, SubjectMeasure


@dataclass(frozen=True)
class Explanation:
    """All that a number needs beside it."""

    title: str
    definition: str
    formula: str
    measures: tuple[tuple[str, str, str], ...]
    tables: tuple[str, ...]
    sensitivities: tuple[str, ...]
    source: str


def explain(name: str) -> Explanation:
    """What a metric is: words, formula, each measure with its expression and sentence, tables, who-may-know tags."""
    metric: Metric = METRICS[name]
    parts: dict[str, tuple[str, str, str]] = {}
    for measure in metric.measures:
        parts[measure.name] = (measure.name, measure.expr, measure.doc)
        for given in measure.inputs if isinstance(measure, SubjectMeasure) else ():
            parts[given.name] = (given.name, given.expr, given.doc)
    return Explanation(
        title=metric.title,
        definition=metric.definition,
        formula=metric.formula,
        measures=tuple(parts.values()),
        tables=tuple(dict.fromkeys(fact.table.name for fact in metric.facts)),
        sensitivities=tuple(sorted(metric.sensitivities)),
        source=metric.source,
    )


def measures_of(metric: Metric) -> tuple[AnyMeasure, ...]:
    """Every measure over rows that a metric comes down to."""
    found: dict[str, AnyMeasure] = {}
    for measure in metric.measures:
        for each in measure.inputs if isinstance(measure, SubjectMeasure) else (measure,):
            found[each.name] = each
    return tuple(found.values())


def lineage(name: str, snapshot: Any) -> tuple[str, ...]:
    """The feeds behind a metric in a snapshot, as the files' layouts are called."""
    tables = {fact.table.name for fact in METRICS[name].facts}
    for fact in METRICS[name].facts:
        tables |= {source.partition(".")[0] for source in fact.derived_from}
    rows = snapshot.rows(
        "SELECT DISTINCT feed FROM coverage WHERE list_contains($tables, fact) ORDER BY feed",
        {"tables": sorted(tables)},
    )
    return tuple(row[0] for row in rows)
