"""Whose prescribing is concealed where opted-out physicians count in totals alone: found once, by the build.

Who was erased counts in totals alone as well, whoever looks."""

from __future__ import annotations

from typing import Any

from data.fitting import expect

# Besides those who opted out, for every leaf with exactly one of them who writes: the next writer in the order of
# ids. Who never wrote stands for nobody: a total less the rows shown would still tell.
_CONCEALED = """
CREATE TABLE concealed AS
WITH writer AS (
    SELECT DISTINCT l.hierarchy, l.leaf, l.subject, d.party IS NOT NULL OR l.subject_kind = 'erased' AS opted
    FROM place l JOIN outcome w ON w.subject = l.subject AND w.quantity <> 0
    LEFT JOIN pdrp_now d ON d.party = l.subject WHERE l.subject_kind IN ('hcp', 'erased')),
companion AS (
    SELECT hierarchy, min(subject) FILTER (WHERE NOT opted) AS subject FROM writer
    GROUP BY hierarchy, leaf HAVING count(*) FILTER (WHERE opted) = 1)
SELECT h.hierarchy, d.party AS subject, TRUE AS opted_out FROM pdrp_now d CROSS JOIN hierarchy h
UNION SELECT DISTINCT hierarchy, subject, TRUE FROM place WHERE subject_kind = 'erased'
UNION ALL SELECT hierarchy, subject, FALSE FROM companion WHERE subject IS NOT NULL
ORDER BY ALL
"""
expect({"concealed": ["hierarchy", "subject", "opted_out"]})


def conceal(con: Any, info: Any) -> None:
    """Write `concealed(hierarchy, subject, opted_out)`: who is counted and not listed, and who hides one alone."""
    con.execute(_CONCEALED)
