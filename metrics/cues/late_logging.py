"""late_logging: a territory whose calls reach the system days after they were made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scipy.stats import binom

from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import count, number, share

LATE_DAYS, LATE_SHARE, LEAST_CALLS, SURE, WEEKS = 3, 0.25, 20, 0.95, 13

# One row a territory: its calls of 13 weeks, and how long they took to be submitted.
LOGGED = """
WITH call AS (
    SELECT node, call_id, max(date_diff('day', period_end, submitted)) AS waited FROM interaction
    WHERE hierarchy = $hierarchy AND submitted IS NOT NULL
        AND period_end BETWEEN CAST($as_of AS DATE) - 7 * $weeks + 1 AND CAST($as_of AS DATE)
    GROUP BY ALL
)
SELECT node, count(*) AS calls, count(*) FILTER (WHERE waited > $late) AS late,
    CAST(quantile_disc(waited, 0.9) AS INTEGER) AS nine_in_ten,
    sum(count(*)) OVER () AS all_calls, sum(count(*) FILTER (WHERE waited > $late)) OVER () AS all_late
FROM call GROUP BY node ORDER BY node
"""

STATEMENTS = (LOGGED,)


def late_logging(scene: Scene) -> Iterator[Found]:
    """Every territory surely above a quarter of late calls, to its district manager."""
    for hierarchy in scene.of_kind("field", "geography"):
        for row in each(scene.frame(LOGGED, hierarchy=hierarchy.id, weeks=WEEKS, late=LATE_DAYS)):
            post = scene.above(hierarchy.id, row.node, "third")
            sure = float(binom.cdf(row.late - 1, row.calls, LATE_SHARE))
            if post and post != row.node and row.calls >= LEAST_CALLS and sure >= SURE:
                yield _found(scene, row, hierarchy.id, post, sure)


def _found(scene: Scene, row: Any, hierarchy: str, post: str, sure: float) -> Found:
    place = scene.node_names.get((hierarchy, row.node), row.node)
    others, late = float(row.all_calls - row.calls), float(row.all_late - row.late)
    usual = f"Elsewhere {share(late / others)} are as late" if others else "No other territory logs calls"
    return Found(
        role="district_manager",
        hierarchy=hierarchy,
        node=post,
        subject=row.node,
        headline=f"{place[:48]} logs {share(row.late / row.calls)} of its calls late",
        reasons=(
            f"{count(row.late, 'call')} of {number(row.calls)} in {WEEKS} weeks were submitted after {LATE_DAYS} days",
            f"One in ten waited {count(row.nine_in_ten, 'day')} or longer",
            usual,
        ),
        comparator=f"a quarter of calls later than {LATE_DAYS} days",
        confidence=min(sure, 0.99),
        data_as_of=scene.last_day("interaction") or scene.as_of,
        worth=((row.late - LATE_SHARE * row.calls) / WEEKS, row.late / WEEKS),
        evidence={"calls": int(row.calls), "late": int(row.late), "nine_in_ten_days": int(row.nine_in_ten)},
    )
