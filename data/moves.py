"""Who stood elsewhere than today, and on which days: what the alignment of the day needs beside today's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb

from data.contract import CONTRACT
from data.engine.duckdb import quoted
from data.levels import UNALIGNED

# The alignments of every subject that is not simply aligned once and for ever.
_DATED = """
CREATE OR REPLACE TEMP TABLE aligned_ever AS
SELECT a.hierarchy, a.subject, s.leaf, s.depth, a.node, a.split,
       coalesce(a.from_date, DATE '0001-01-01') AS first, coalesce(a.to_date, DATE '9999-12-31') AS last
FROM alignment a
JOIN (SELECT DISTINCT hierarchy, kind FROM ladder) h USING (hierarchy)
LEFT JOIN standing s ON s.hierarchy = a.hierarchy AND s.node = a.node
WHERE (a.split IS NULL OR a.split > 0) AND (lower(a.team) = 'core' OR h.kind = 'overlay')
QUALIFY bool_or(a.from_date IS NOT NULL OR a.to_date IS NOT NULL) OVER (PARTITION BY a.hierarchy, a.subject)
"""
# Cut into stretches in which nothing changes; of several alignments of one stretch the same one holds as would today.
_STRETCHES = """
CREATE OR REPLACE TEMP TABLE stood AS
WITH cut AS (
    SELECT hierarchy, subject, DATE '0001-01-01' AS first FROM aligned_ever
    UNION SELECT hierarchy, subject, first FROM aligned_ever
    UNION SELECT hierarchy, subject, last + 1 FROM aligned_ever WHERE last < DATE '9999-12-31'),
stretch AS (
    SELECT hierarchy, subject, first,
           coalesce(lead(first) OVER (PARTITION BY hierarchy, subject ORDER BY first) - 1, DATE '9999-12-31') AS last
    FROM cut)
SELECT t.hierarchy, t.subject, t.first, t.last, a.leaf
FROM stretch t LEFT JOIN aligned_ever a
  ON a.hierarchy = t.hierarchy AND a.subject = t.subject AND a.first <= t.first AND a.last >= t.last
QUALIFY row_number() OVER (
    PARTITION BY t.hierarchy, t.subject, t.first
    ORDER BY a.split DESC NULLS FIRST, a.first DESC NULLS LAST, a.depth DESC NULLS LAST, a.node) = 1
"""
_SHIFTS = """
CREATE OR REPLACE TABLE place_shift AS
WITH elsewhere AS (
    SELECT t.hierarchy, t.subject, p.subject_kind, p.leaf AS now,
           coalesce(t.leaf, c.node || repeat($unaligned, c.last)) AS leaf,
           greatest(t.first, d.first) AS first, least(t.last, d.last) AS last
    FROM stood t
    JOIN catch c USING (hierarchy)
    JOIN place p ON p.hierarchy = t.hierarchy AND p.subject = t.subject
    JOIN active_days d ON d.subject = t.subject AND d.first <= t.last AND d.last >= t.first)
SELECT hierarchy, subject, subject_kind, leaf, CAST(1 AS INTEGER) AS sign, first, last FROM elsewhere WHERE leaf <> now
UNION ALL
SELECT hierarchy, subject, subject_kind, now, CAST(-1 AS INTEGER), first, last FROM elsewhere WHERE leaf <> now
ORDER BY ALL
"""


def write(con: duckdb.DuckDBPyConnection, facts: str, anchor: date, subjects: Mapping[str, tuple[str, str]]) -> None:
    """Write `place_shift(hierarchy, subject, subject_kind, leaf, sign, first, last)`.

    For the days on which a subject stood elsewhere than in `place` it has two rows: sign 1 at the leaf where it
    stood, sign -1 at the leaf where it stands. What is summed through both is the difference between the alignment of
    the day and today's. Days without a row of the subject in `facts` are left out, up to the anchor. `subjects` names
    the tables of subjects and their column.
    """
    con.execute(_DATED)
    con.execute(_STRETCHES)
    days = " UNION ALL ".join(
        f"SELECT {subject} AS subject, period_end AS last FROM {facts}.{quoted(name)}"
        for name, (subject, _) in subjects.items()
        if CONTRACT[name].is_fact
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE active_days AS "
        f"SELECT subject, min(last) AS first, greatest(max(last), $anchor) AS last FROM ({days}) "
        f"WHERE subject IN (SELECT subject FROM stood) GROUP BY subject",
        {"anchor": anchor},
    )
    con.execute(_SHIFTS, {"unaligned": UNALIGNED})
