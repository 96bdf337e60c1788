"""overdue_target: a tier A target that receives reps and has waited for more than two and a half intervals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from metrics.cues import touches
from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import ago, count, day, every_weeks, share

_ACCESS = {"open": "receives reps", "limited": "receives few reps"}
TOP_TIER, PATIENCE, STALE_DAYS, LEAST_DAYS = "A", 2.5, 14, 28

# One row a top-tier target of the plan in force, with the closest of its products' plans.
TARGETS = """
WITH now AS (
    SELECT party, hierarchy, node, product, min(tier) AS tier, sum(quantity) AS planned,
        min(period_start) AS first, max(period_end) AS last
    FROM plan WHERE $as_of BETWEEN period_start AND period_end GROUP BY ALL
),
made AS (
    SELECT n.party, n.node, n.product, count(DISTINCT i.call_id) AS held
    FROM now n JOIN interaction i ON i.party = n.party AND i.period_start >= n.first AND i.period_end <= $as_of
    GROUP BY ALL
),
gone AS (
    SELECT n.party, n.node, n.product,
        CAST(max(w.n) FILTER (WHERE w.date <= $as_of) - min(w.n) + 1 AS DOUBLE) / (max(w.n) - min(w.n) + 1) AS gone
    FROM now n JOIN working_day w ON w.date BETWEEN n.first AND n.last
    GROUP BY ALL
)
SELECT n.*, coalesce(m.held, 0) AS held, g.gone, p.access
FROM now n
LEFT JOIN made m USING (party, node, product)
LEFT JOIN gone g USING (party, node, product)
LEFT JOIN party p ON p.party = n.party
WHERE n.tier = $tier AND n.planned > 0 AND coalesce(p.access, 'open') <> 'none'
QUALIFY row_number() OVER (PARTITION BY n.party, n.node ORDER BY n.planned DESC, n.product) = 1
ORDER BY n.party, n.node
"""

FIRST_CALL = "SELECT min(period_start) AS first FROM interaction"
STATEMENTS = (TARGETS, FIRST_CALL, touches.LAST_CALL, touches.MAIL)


def overdue_target(scene: Scene) -> Iterator[Found]:
    """Every overdue top-tier target; nothing where the calls themselves are old or young."""
    last = scene.last_day("interaction")
    first = scene.frame(FIRST_CALL)["first"].iloc[0]
    if last is None or (scene.as_of - last).days > STALE_DAYS or pd.isna(first):
        return
    history = (scene.as_of - pd.Timestamp(first).date()).days
    if history < LEAST_DAYS:
        return
    known = touches.touches(scene)
    for row in each(scene.frame(TARGETS, tier=TOP_TIER)):
        interval = ((row.last - row.first).days + 1) / float(row.planned)
        waited = known.since(row.party)
        waited = history if waited is None else waited
        behind = float(row.planned) * float(row.gone or 0) - row.held
        if waited > PATIENCE * interval and waited >= LEAST_DAYS and behind >= 1:
            yield _found(scene, row, interval, waited, behind, known, last)


def _found(
    scene: Scene, row: Any, interval: float, waited: int, behind: float, known: touches.Touches, last: date
) -> Found:
    name, planned = scene.products.get(row.product, "the plan"), float(row.planned)
    every, seen = every_weeks(interval), known.calls.get(row.party)
    when = f"Last seen {ago(waited)} ago ({day(seen)})" if seen else f"No call on record in {ago(waited)}"
    media = known.media(row.party, row.product, name)
    media = f"n{media[1:]}" if media.startswith("No ") else media
    return Found(
        role="rep",
        hierarchy=row.hierarchy,
        node=row.node,
        subject=row.party,
        product=row.product,
        headline="{subject} is overdue: tier A, not seen for " + ago(waited),
        reasons=(
            f"{when}; the plan says {every}",
            f"{row.held} of {count(planned, 'planned call')} held, {share(row.gone)} of the working days gone",
            f"Tier {row.tier} for {name}, {_ACCESS.get(row.access, 'access not known')}; {media}",
        ),
        comparator=f"the plan in force: {every}",
        confidence=min(0.99, 1.0 - 0.5 ** (waited / interval - 1.0)),
        data_as_of=last,
        worth=(float(int(behind)), planned - row.held),
        urgency=min(2.0, waited / interval / PATIENCE),
        evidence={
            "tier": row.tier,
            "planned": planned,
            "held": int(row.held),
            "interval_days": interval,
            "working_days_gone": float(row.gone),
            "access": row.access,
            "waited_days": waited,
            **known.numbers(row.party, row.product),
        },
    )
