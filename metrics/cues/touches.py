"""What was last done for a person: the call, the e-mail, the advertisement. Evidence that several rules share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from metrics.cues.scene import Scene, each
from metrics.cues.wording import ago, count, number

LAST_CALL = """
SELECT party, max(period_end) AS last_call FROM interaction
WHERE period_end <= $as_of GROUP BY party
"""

# Openings that a person does not allow to be tracked are nobody's evidence: `tracked` are the e-mails that may be
# looked at, and of the others not even that nothing was opened is said.
MAIL = """
WITH mine AS (
    SELECT party, product, event, quantity, tracking FROM exposure
    WHERE party IS NOT NULL AND period_end BETWEEN CAST($as_of AS DATE) - 90 AND CAST($as_of AS DATE)
)
SELECT party, coalesce(product, '') AS product,
    coalesce(sum(quantity) FILTER (WHERE event = 'opened' AND tracking), 0) AS opened,
    coalesce(sum(quantity) FILTER (WHERE event = 'sent'), 0) AS sent,
    coalesce(sum(quantity) FILTER (WHERE event = 'sent' AND tracking), 0) AS tracked,
    coalesce(sum(quantity) FILTER (WHERE event = 'impression'), 0) AS shown
FROM mine GROUP BY party, product
"""


@dataclass(frozen=True)
class Touches:
    """For each person the days since the last call; for a person and product (or None: all) 13 weeks of media."""

    as_of: date
    calls: dict[str, date]
    mail: dict[tuple[str, str | None], dict[str, float]]

    def since(self, party: str) -> int | None:
        """Days since the last call; None when none is known."""
        last = self.calls.get(party)
        return (self.as_of - last).days if last else None

    def seen(self, party: str) -> str:
        """Last seen 6 weeks ago."""
        days = self.since(party)
        return "No call is on record" if days is None else f"Last seen {ago(days)} ago"

    def media(self, party: str, product: str | None, name: str) -> str:
        """What reached the person for a product in 13 weeks, in words; `name` is what the product is called."""
        own = self.mail.get((party, product))
        if not own or not (own["sent"] or own["shown"]):
            return f"No e-mail or advertisement for {name} in 13 weeks"
        parts = [_read(own)] if own["sent"] else []
        parts += [f"was shown {count(own['shown'], 'advertisement')}"] if own["shown"] else []
        text = " and ".join(parts)
        return f"{name}: {text} in 13 weeks"

    def numbers(self, party: str, product: str | None) -> dict[str, Any]:
        """The same as raw evidence."""
        return {"days_since_call": self.since(party), "mail_13_weeks": self.mail.get((party, product), {})}


def touches(scene: Scene) -> Touches:
    """Everybody's touches, read once a rule."""
    calls, mail = scene.frame(LAST_CALL), scene.frame(MAIL)
    whole = mail.groupby("party", as_index=False)[["opened", "sent", "tracked", "shown"]].sum()
    return Touches(
        scene.as_of,
        {row.party: pd.Timestamp(row.last_call).date() for row in each(calls)},
        {
            **{(row.party, row.product): _mail(row) for row in each(mail)},
            **{(row.party, None): _mail(row) for row in each(whole)},
        },
    )


def _read(own: dict[str, float]) -> str:
    """What became of the e-mails: opened so many, or only sent where nobody may look."""
    if own["tracked"] < own["sent"]:
        return f"was sent {count(own['sent'], 'e-mail')}"
    return f"opened {number(own['opened'])} of {count(own['sent'], 'e-mail')}"


def _mail(row: Any) -> dict[str, float]:
    """One person's numbers; more openings than e-mails sent are second looks at the same ones."""
    opened, sent, tracked = float(row.opened), float(row.sent), float(row.tracked)
    return {
        "opened": min(opened, sent) if sent else opened,
        "sent": sent,
        "tracked": tracked,
        "shown": float(row.shown),
    }
