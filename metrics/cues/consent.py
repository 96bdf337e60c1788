"""consent_ending: the e-mail consent of somebody who reads e-mail runs out within thirty days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from metrics.cues import touches
from metrics.cues.scene import FIELD_KINDS, Found, Scene, each
from metrics.cues.wording import count, dated, day

WITHIN_DAYS = 30

# Consents in force that end soon, the first of each person's products to end; one given anew holds instead.
ENDING = """
WITH ending AS (
    SELECT party, min(expires) AS expires, max(captured) AS captured FROM consent_now
    WHERE channel = 'email' AND opt = 'in' AND quantity > 0
        AND expires BETWEEN CAST($as_of AS DATE) AND CAST($as_of AS DATE) + $within
    GROUP BY party
)
SELECT p.hierarchy, p.leaf, e.party, e.expires, e.captured
FROM ending e JOIN place p ON p.subject = e.party AND p.hierarchy = $hierarchy
ORDER BY e.party
"""

# Who may be written to, by channel and product: what holds today, and the last day that it holds.
HELD = "SELECT party, channel, product, expires FROM consent_now WHERE quantity > 0"

STATEMENTS = (ENDING, touches.LAST_CALL, touches.MAIL)


@dataclass(frozen=True)
class Consents:
    """The last day that each person may be written to, by person and channel, then product; `products` are ours."""

    held: dict[tuple[str, str], dict[str, date | None]]
    products: frozenset[str]

    @classmethod
    def of(cls, scene: Scene) -> Consents:
        """The consents that hold on the day of the data."""
        held: dict[tuple[str, str], dict[str, date | None]] = {}
        for party, channel, product, last in scene.con.execute(HELD).fetchall():
            held.setdefault((party, channel), {})[product] = last
        return cls(held, frozenset(scene.products))

    def allow(self, party: str, channel: str, product: str | None, on: date) -> bool:
        """Whether a person may be written to on a day; about no product in particular only if about every one."""
        mine = self.held.get((party, channel), {})
        asked = [product] if product else sorted(self.products)
        return bool(asked) and all(each in mine and (mine[each] or date.max) >= on for each in asked)


def consent_ending(scene: Scene) -> Iterator[Found]:
    """Every consent about to end of a person who opened e-mail in the last 13 weeks."""
    known = touches.touches(scene)
    for hierarchy in scene.of_kind(*FIELD_KINDS):
        for row in each(scene.frame(ENDING, within=WITHIN_DAYS, hierarchy=hierarchy.id)):
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
