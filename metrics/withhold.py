"""What an answer leaves out, each with its word: not loaded, too few, small cells, opted-out physicians."""

from __future__ import annotations

from typing import Any

import pandas as pd

from metrics.compiler import Shape
from metrics.declare import Measure, Metric
from metrics.derive import grain_of
from metrics.loaded import Feed, feed_of, finer_than_known, remembered
from metrics.periods import Span, reach_back
from metrics.query import GrantedQuery, Withheld
from metrics.suppress import is_few
from metrics.unlisted import companions

# One word for both, so that it does not say who opted out.
RESTRICTED = "prescribing restricted by the physician, or hidden to protect somebody who is counted and not listed"
UNLISTED = "hidden to protect somebody who is counted and not listed"


LATEST_ONLY = "known on the last day of the data only"
NO_SHARE = "a basket of one product has no share"


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
    reason = _unknowable(metric, found, snapshot, shape, asked, product)
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
    if shape.compare and base and any(fact.latest for fact in metric.facts):
        rows[f"{metric.name}__base"] = None
        withheld.append(Withheld(metric=f"{metric.name}__{base.shift}", node_id="*", reason=LATEST_ONLY))
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


def _unknowable(
    metric: Metric, found: list[Feed | None], snapshot: Any, shape: Shape, asked: Span, product: str | None
) -> str | None:
    """Why a metric has no cell at all for these days, or None."""
    if any(feed is None for feed in found) or _outside(metric, found, asked, shape):
        return "not loaded"
    if metric.rows_only and not shape.subjects:
        return "known one by one only"
    if any(fact.latest for fact in metric.facts) and (shape.series or asked.last != snapshot.anchor):
        return LATEST_ONLY
    if _alone(metric, snapshot, product):
        return NO_SHARE
    if not shape.series and any(feed and finer_than_known(feed, asked) for feed in found):
        return "yearly"
    return None


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


def hide_unlisted(
    metric: Metric, rows: pd.DataFrame, granted: GrantedQuery, snapshot: Any, withheld: list[Withheld]
) -> None:
    """Empty the prescription cells of opted-out physicians; and, where one person alone is counted and not listed, the
    cells of one person more."""
    rx = "rx" in metric.sensitivities
    concealed = companions(snapshot, metric, granted.pdrp)
    if rx and granted.pdrp != "shown":
        opted = remembered(snapshot, "pdrp", lambda: {row[0] for row in snapshot.rows("SELECT party FROM pdrp_now")})
        concealed |= opted
    where = rows.node_id.isin(concealed)
    for column in (metric.name, f"{metric.name}__base"):
        if column in rows:
            rows.loc[where, column] = None
    reason = RESTRICTED if rx and granted.pdrp != "shown" else UNLISTED
    withheld += [Withheld(metric=metric.name, node_id=each, reason=reason) for each in rows.node_id[where]]


def one_word(withheld: list[Withheld]) -> tuple[Withheld, ...]:
    """A cell that is hidden has that word alone: how few scripts or calls lie behind it would tell of what it hides."""
    hidden = {(each.metric, each.node_id) for each in withheld if _hides(each.reason)}
    return tuple(
        dict.fromkeys(each for each in withheld if _hides(each.reason) or (each.metric, each.node_id) not in hidden)
    )


def _hides(reason: str) -> bool:
    """Whether a reason is one that hides a cell whole."""
    return is_few(reason) or reason in (RESTRICTED, UNLISTED)
