"""What an answer leaves out, each with its word: not loaded, too few, small cells, opted-out physicians."""

from __future__ import annotations

from typing import Any

import pandas as pd

from metrics import suppress
from metrics.catalog.people import COUNTED_BY, PEOPLE
from metrics.catalog.roles import ROLES
from metrics.compiler import Shape, people_sql
from metrics.declare import Measure, Metric
from metrics.derive import grain_of
from metrics.loaded import Feed, feed_of, finer_than_known, remembered
from metrics.periods import Span, reach_back
from metrics.query import GrantedQuery, Withheld


def unknown(
    metric: Metric,
    rows: pd.DataFrame,
    snapshot: Any,
    shape: Shape,
    asked: Span,
    base: Span | None,
    withheld: list[Withheld],
    partial: set[str],
    product: str | None,
) -> None:
    """Empty what is not loaded, known yearly only, or compared with days that the feed does not cover."""
    found = [feed_of(snapshot, fact, product) for fact in metric.facts]
    reason = None
    if any(feed is None for feed in found) or _outside(metric, found, asked, shape):
        reason = "not loaded"
    elif metric.rows_only and not shape.subjects:
        reason = "known one by one only"
    elif _alone(metric, snapshot, product):
        reason = "a basket of one product has no share"
    elif not shape.series and any(feed and finer_than_known(feed, asked) for feed in found):
        reason = "yearly"
    if reason:
        rows[metric.name] = None
        if shape.compare:
            rows[f"{metric.name}__base"] = None
        withheld.append(Withheld(metric=metric.name, node_id="*", reason=reason))
        return
    if metric.ratio is None and all(feed and feed.absent_zero for feed in found):
        rows[metric.name] = rows[metric.name].fillna(0)
        if shape.compare:
            rows[f"{metric.name}__base"] = rows[f"{metric.name}__base"].fillna(0)
    flows = [feed for fact, feed in zip(metric.facts, found, strict=True) if fact.time in _FLOWS and feed]
    _look_back(metric, rows, snapshot, shape, (asked, base), withheld)
    if not shape.series and not all(feed.covers(asked) for feed in flows):
        partial.add(metric.name)
    if shape.compare and base and (metric.name in partial or not all(feed.covers(base) for feed in flows)):
        rows[f"{metric.name}__base"] = None
        word = "not loaded" if any(feed.first and base.last < feed.first for feed in flows) else "partly loaded"
        withheld.append(Withheld(metric=f"{metric.name}__{base.shift}", node_id="*", reason=word))
        if metric.compares:
            rows[metric.name] = None
            withheld.append(
                Withheld(
                    metric=metric.name,
                    node_id="*",
                    reason="not comparable: the window compared with is not wholly loaded",
                )
            )


def _outside(metric: Metric, found: list[Feed | None], asked: Span, shape: Shape) -> bool:
    """Whether a feed has nothing at all in the days asked for."""
    return not shape.series and any(
        fact.time == "flow"
        and feed
        and ((feed.first and asked.last < feed.first) or (feed.last and asked.first > feed.last))
        for fact, feed in zip(metric.facts, found, strict=True)
    )


_FLOWS = ("flow", "before", "lookback")


def _look_back(
    metric: Metric,
    rows: pd.DataFrame,
    snapshot: Any,
    shape: Shape,
    spans: tuple[Span, Span | None],
    withheld: list[Withheld],
) -> None:
    """Empty what looks further back than was loaded: without the history everybody would seem new."""
    looking = [(fact, feed_of(snapshot, fact)) for fact in metric.facts if fact.time in ("before", "lookback")]
    for span, column in zip(spans, (metric.name, f"{metric.name}__base"), strict=True):
        if span is None or column not in rows or not looking:
            continue
        before, back = reach_back(grain_of(snapshot.grain), span)
        short = [
            feed
            for fact, feed in looking
            if feed and not feed.covers(Span("", "", before if fact.time == "before" else back, span.first))
        ]
        unsaid = any(feed and feed.absent_unknown for _, feed in looking)
        if short or unsaid or shape.series:
            rows[column] = None
            reason = "known for a window, not for one period" if shape.series else "its look-back is not loaded"
            reason = "a missing row is unknown here, never none" if unsaid else reason
            withheld.append(
                Withheld(
                    metric=metric.name if span is spans[0] else f"{metric.name}__{span.shift}",
                    node_id="*",
                    reason=reason,
                )
            )


def _alone(metric: Metric, snapshot: Any, product: str | None) -> bool:
    """Whether the metric needs a market and the product asked for has none beside itself."""
    needs = any(measure.scope == "basket" for measure in metric.measures if isinstance(measure, Measure))
    sql = "SELECT 1 FROM product_scope WHERE scope = 'basket' AND asked = $product LIMIT 1"
    asked = {"product": product or "*"}
    return needs and not remembered(snapshot, ("basket", product), lambda: snapshot.rows(sql, asked))


def too_few(metric: Metric, rows: pd.DataFrame, withheld: list[Withheld]) -> None:
    """Empty a ratio whose denominator is too small to say anything."""
    if not metric.least:
        return
    for column, count in ((metric.name, f"{metric.name}__n"), (f"{metric.name}__base", f"{metric.name}__base_n")):
        if count in rows:
            few = rows[count].notna() & (rows[count].astype(float) < metric.least) & rows[column].notna()
            rows.loc[few, column] = None
            if column == metric.name:
                reason = f"too few to say (fewer than {metric.least})"
                withheld += [Withheld(metric=metric.name, node_id=each, reason=reason) for each in rows.node_id[few]]


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
    role, how = ROLES[granted.role], "series" if shape.series else "rolled" if shape.rolled else "custom"
    for fact in metric.facts:
        counted = COUNTED_BY.get(fact.name, fact.name)
        narrow = {fact.table.column(fact.subject).sensitivity} | {"rx"} & metric.sensitivities
        if counted not in PEOPLE or all(role.grant(each).how != "A" for each in narrow):
            continue
        for span, column in ((asked, metric.name), (base, f"{metric.name}__base")):
            if span is None or column not in rows:
                continue
            concealed = _concealed(snapshot, granted, counted, span, how)
            if shape.series:
                ends = pd.to_datetime(rows.period_end).dt.date
                few = pd.Series([cell in concealed for cell in zip(rows.node_id, ends, strict=True)], dtype=bool)
            else:
                few = rows.node_id.isin([node for node, _ in concealed])
            rows.loc[few.to_numpy(), column] = None
            reason = f"fewer than {suppress.LEAST} persons, here or in a cell that would give them away"
            withheld += [
                Withheld(metric=metric.name, node_id=each, reason=reason) for each in rows.node_id[few.to_numpy()]
            ]


def _concealed(snapshot: Any, granted: GrantedQuery, fact: str, span: Span, how: str) -> set[tuple[str, Any]]:
    """The hidden nodes of the whole hierarchy (with the period's end in a series), whatever was asked of it."""
    by_product, _ = people_sql(PEOPLE[fact], "rolled")
    product = (granted.product or "*") if by_product else "*"
    values: dict[str, Any] = {"hierarchy": granted.hierarchy, "product": product}
    if how != "series":
        values |= {"first": span.first, "last": span.last}

    def _find() -> set[tuple[str, Any]]:
        return _hidden_cells(snapshot, people_sql(PEOPLE[fact], how)[1], values)

    if how == "custom":  # any days may be asked for: nothing is kept of them
        return _find()
    return remembered(snapshot, ("concealed", fact, how, *values.values()), _find)


def _hidden_cells(snapshot: Any, sql: str, values: dict[str, Any]) -> set[tuple[str, Any]]:
    parents = {node.id: node.parent for node in snapshot.nodes(values["hierarchy"]).values()}
    by_period: dict[Any, dict[str, int]] = {}
    for node, last, count in snapshot.rows(sql, values):
        by_period.setdefault(last, {})[node] = int(count or 0)
    return {(node, last) for last, people in by_period.items() for node in suppress.hidden(people, parents)}


def hide_opted_out(
    metric: Metric, rows: pd.DataFrame, granted: GrantedQuery, snapshot: Any, withheld: list[Withheld]
) -> None:
    """Empty the prescription cells of opted-out physicians; where there is one alone, of one physician more."""
    policy = ROLES[granted.role].pdrp
    if policy == "shown":
        return
    opted = {row[0] for row in snapshot.rows("SELECT party FROM pdrp_now")}
    concealed = set(rows.node_id[rows.node_id.isin(opted)])
    if policy == "totals":
        concealed |= _companions(granted, snapshot)
    where = rows.node_id.isin(concealed)
    for column in (metric.name, f"{metric.name}__base"):
        if column in rows:
            rows.loc[where, column] = None
    reason = "prescribing restricted by the physician, or hidden to protect one who did"
    withheld += [Withheld(metric=metric.name, node_id=each, reason=reason) for each in rows.node_id[where]]


def _companions(granted: GrantedQuery, snapshot: Any) -> set[str]:
    """One more physician for every leaf with exactly one opt-out: the next in the order of ids, whatever was asked."""
    found = snapshot.rows(
        "WITH opted AS (SELECT l.leaf, min(l.subject) AS party FROM place l JOIN pdrp_now d ON d.party = l.subject "
        "WHERE l.hierarchy = $hierarchy GROUP BY l.leaf HAVING count(*) = 1) "
        "SELECT min(l.subject) FROM place l JOIN opted o ON o.leaf = l.leaf AND l.subject <> o.party "
        "WHERE l.hierarchy = $hierarchy AND l.subject_kind = 'hcp' "
        "AND l.subject IN (SELECT subject FROM outcome) GROUP BY l.leaf",
        {"hierarchy": granted.hierarchy},
    )
    return {row[0] for row in found}
