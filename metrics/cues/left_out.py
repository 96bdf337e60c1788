"""rows_left_out: rows that an import or the build could not use, by the reason found. Counts only, no persons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import count, share

UNKNOWN_SHARE = 0.02

# What keeps rows out of the numbers or loosens them from a person, most rows first; and how many rows each
# fact has, to set them against.
NOTICED = """
SELECT code, severity, what, "where" AS place, todo, rows,
    sum(rows) OVER (PARTITION BY code) AS of_code, count(*) OVER (PARTITION BY code) AS findings
FROM finding WHERE code IN (
    'quarantined', 'required_missing', 'reference_unknown', 'key_twice', 'file_not_read', 'nothing_kept',
    'lookup_unmatched', 'lookup_twice', 'outcome_gap', 'after_as_of', 'date_odd', 'node_twice', 'node_unknown',
    'node_without_parent', 'identity_conflict')
ORDER BY rows DESC, code, place, what
"""

MEDIA_ROWS = "SELECT count(*) AS rows FROM exposure"

STATEMENTS = (NOTICED, MEDIA_ROWS)


def rows_left_out(scene: Scene) -> Iterator[Found]:
    """Every warning or error that costs rows, and unknown persons beyond two in a hundred, to the steward."""
    exposures = int(scene.frame(MEDIA_ROWS)["rows"].iloc[0])
    for row in each(scene.frame(NOTICED)):
        part = row.rows / exposures if row.place == "exposure" and exposures else None
        loose = row.severity == "note" and row.code == "reference_unknown" and (part or 0.0) > UNKNOWN_SHARE
        if (row.severity != "note" or loose) and row.rows > 0:
            yield _found(scene, row, part)


def _found(scene: Scene, row: Any, part: float | None) -> Found:
    of_all = f"{share(part)} of all rows of {row.place}" if part is not None else f"Found in {row.place}"
    beside = f"{count(row.findings, 'finding')} of this kind, {count(row.of_code, 'row')} together"
    return Found(
        role="steward",
        hierarchy="",
        node="",
        subject=row.place,
        thing=f"{row.code}: {row.what}",
        headline=f"{count(row.rows, 'row')}: {row.what[:70]}",
        reasons=(f"{of_all}: {count(row.rows, 'row')}", row.todo, beside),
        comparator="every row used",
        confidence=0.99,
        data_as_of=scene.as_of,
        worth=(float(row.rows), float(row.rows)),
        evidence={"code": row.code, "severity": row.severity, "rows": int(row.rows)},
    )
