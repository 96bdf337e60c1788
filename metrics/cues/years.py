"""Who prescribed how much in two windows, held like for like: what cues of monthly and yearly data are read from.

A source that hides counts below a number writes nothing for them. Both windows are then cut off below that number
alike: a count known to lie under it stands as one less, in either window. A change of such numbers is never larger
than the true one, and one that stays hidden is no change at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from metrics.cues.scene import Scene, each
from metrics.periods import DEFAULT

# One row a subject and own product with its numbers in the window and the one before. Where the source says nothing
# of those it leaves out, only who is known in both windows is compared; else an absent one is zero. A product that
# has no row at all in one of the windows is not compared. A practice that has stopped prescribing altogether has
# closed or merged: nobody's lever. Opted-out physicians are outside from the first line on where they must be.
COMPARED = """
WITH w AS (
    SELECT shift, first, last FROM span WHERE kind = 'window' AND win = $win AND shift IN ('current', 'previous')
),
loaded AS (SELECT min(period_start) <= (SELECT min(first) FROM w) AS whole FROM outcome),
cell AS (
    SELECT o.subject_kind, o.subject, o.product, w.shift, sum(o.quantity) AS trx,
        max(coalesce(o.below, 0)) AS below, max(o.period_end) FILTER (WHERE o.quantity > 0) AS latest
    FROM outcome o JOIN w ON o.period_start >= w.first AND o.period_end <= w.last
    WHERE list_contains($kinds, o.subject_kind) AND (SELECT whole FROM loaded)
        AND (NOT $masked OR NOT EXISTS (SELECT 1 FROM pdrp_now x WHERE x.party = o.subject))
    GROUP BY ALL
),
spoken AS (SELECT product FROM cell GROUP BY product HAVING count(DISTINCT shift) = 2),
pair AS (
    SELECT subject_kind, subject, product, count(*) AS windows, max(below) AS below, max(latest) AS latest,
        coalesce(sum(trx) FILTER (WHERE shift = 'previous'), 0) AS before,
        coalesce(sum(trx) FILTER (WHERE shift = 'current'), 0) AS now
    FROM cell JOIN spoken USING (product) GROUP BY ALL
),
held AS (SELECT * FROM pair WHERE windows = 2 OR $zero)
SELECT p.leaf, h.subject_kind, h.subject, h.product, CAST(h.below AS BIGINT) AS below,
    CAST(greatest(h.before, h.below - 1) AS DOUBLE) AS before, CAST(greatest(h.now, h.below - 1) AS DOUBLE) AS now,
    CAST(coalesce(sum(m.before), 0) AS DOUBLE) AS market_before, CAST(coalesce(sum(m.now), 0) AS DOUBLE) AS market_now
FROM held h
JOIN product mine ON mine.product = h.product AND mine.own
JOIN place p ON p.subject = h.subject AND p.hierarchy = $hierarchy
LEFT JOIN product_scope s ON s.asked = h.product AND s.scope = 'basket'
LEFT JOIN held m ON m.subject = h.subject AND m.product = s.product
WHERE (h.now > 0 OR h.before > 0) AND (h.subject_kind = 'hcp' OR h.latest >= CAST($anchor AS DATE))
GROUP BY ALL ORDER BY h.product, h.subject
"""

# How often each was met for a product in the window; a yearly count of contacts is one row with its number.
MET = """
SELECT i.party, i.product, CAST(sum(i.quantity) AS DOUBLE) AS met FROM interaction i
JOIN span w ON w.kind = 'window' AND w.win = $win AND w.shift = 'current'
WHERE i.party IS NOT NULL AND i.period_start >= w.first AND i.period_end <= w.last GROUP BY ALL
"""

# Whether those whom the source leaves out are zero, or simply not said.
ABSENT = """
SELECT coalesce(bool_and(absent IS NOT DISTINCT FROM 'zero'), FALSE) AS zero FROM coverage WHERE fact = 'outcome'
"""
CALLED = "SELECT count(*) AS known FROM interaction"
WROTE, STATEMENTS = (COMPARED, ABSENT), (COMPARED, ABSENT, MET, CALLED)
SPAN = {"C13W": "13 weeks", "C3M": "3 months", "Y": "the year"}
BEFORE = {"C13W": "the 13 weeks before", "C3M": "the 3 months before", "Y": "the year before"}
WEEKS = {"C13W": 13.0, "C3M": 13.0, "Y": 52.0}


@dataclass(frozen=True)
class Met:
    """How often a person was met for a product in the window; `known` says whether calls are loaded at all."""

    known: bool
    times: dict[tuple[str, str], float]

    def of(self, party: str, product: str) -> float:
        """Times met; 0 where none is on record."""
        return self.times.get((party, product), 0.0)


def window(scene: Scene) -> str:
    """The window that a page opens on, whatever the grain."""
    return DEFAULT[str(scene.grain)]


def compared(scene: Scene, hierarchy: str, kinds: tuple[str, ...], masked: bool) -> pd.DataFrame:
    """Each subject's numbers in both windows, with its region."""
    zero = bool(scene.frame(ABSENT)["zero"].iloc[0])
    asked: dict[str, Any] = {"win": window(scene), "kinds": list(kinds), "masked": masked, "zero": zero}
    rows = scene.frame(COMPARED, hierarchy=hierarchy, **asked)
    regions = {leaf: scene.above(hierarchy, leaf, "second") or "" for leaf in rows["leaf"].unique()}
    return rows.assign(region=rows["leaf"].map(regions))


def met(scene: Scene) -> Met:
    """Everybody's contacts of the window, read once a rule."""
    rows = scene.frame(MET, win=window(scene))
    known = bool(scene.frame(CALLED)["known"].iloc[0])
    return Met(known, {(row.party, row.product): float(row.met) for row in each(rows)})
