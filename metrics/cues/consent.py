"""consent_ending: the e-mail consent of somebody who reads e-mail runs out within thirty days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pandas as pd

from metrics.cues import touches
from metrics.cues.scene import FIELD_KINDS, Found, Scene
from metrics.cues.wording import count, dated, day

WITHIN_DAYS = 30

# The consent in force: the latest choice of each person and product, an opt-in with an end.
ENDING = """
WITH latest AS (
    SELECT party, product, opt, captured, expires FROM consent
    WHERE channel = 'email' AND captured <= $as_of
    QUALIFY row_number() OVER (PARTITION BY party, product ORDER BY captured DESC, opt DESC) = 1
),
ending AS (
    SELECT party, min(expires) AS expires, max(captured) AS captured FROM latest
    WHERE opt = 'in' AND expires BETWEEN CAST($as_of AS DATE) AND CAST($as_of AS DATE) + $within
        AND NOT EXISTS (SELECT 1 FROM latest l WHERE l.party = latest.party AND l.opt = 'out' AND l.product IS NULL)
    GROUP BY party
)
SELECT p.hierarchy, p.leaf, e.party, e.expires, e.captured
FROM ending e JOIN place p ON p.subject = e.party AND p.hierarchy = $hierarchy
ORDER BY e.party
"""

STATEMENTS = (ENDING, touches.LAST_CALL, touches.MAIL)


def consent_ending(scene: Scene) -> Iterator[Found]:
    """Every consent about to end of a person who opened e-mail in the last 13 weeks."""
    known = touches.touches(scene)
    for hierarchy in scene.of_kind(*FIELD_KINDS):
        for row in scene.frame(ENDING, within=WITHIN_DAYS, hierarchy=hierarchy.id).itertuples():
            opened = known.mail.get((row.party, None), {}).get("opened", 0.0)
            if opened >= 1 and not row.leaf.endswith("~unaligned"):
                yield _found(scene, row, opened, known)


def _found(scene: Scene, row: Any, opened: float, known: touches.Touches) -> Found:
    ends, given = pd.Timestamp(row.expires).date(), pd.Timestamp(row.captured).date()
    left = (ends - scene.as_of).days
    return Found(
        role="rep",
        hierarchy=row.hierarchy,
        node=row.leaf,
        subject=row.party,
        headline="{subject}: e-mail consent ends in " + count(left, "day"),
        reasons=(
            f"Consent of {dated(given)} ends {day(ends)}, in {count(left, 'day')}",
            known.media(row.party, None, "All products"),
            known.seen(row.party),
        ),
        comparator=f"consents that end within {WITHIN_DAYS} days",
        confidence=0.95,
        data_as_of=scene.last_day("exposure") or scene.as_of,
        worth=(opened, max(opened, known.mail[row.party, None]["sent"])),
        due=max(scene.as_of + timedelta(days=1), min(ends, scene.working_day_after(10))),
        evidence={
            "expires": ends.isoformat(),
            "captured": given.isoformat(),
            "days_left": left,
            **known.numbers(row.party, None),
        },
    )
