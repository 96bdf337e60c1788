"""What a page opens on where its address says nothing: the own product that sells most."""

from __future__ import annotations

from typing import Any

from data.levels import Hierarchy
from metrics.derive import grain_of
from metrics.loaded import remembered
from metrics.periods import DEFAULT

# The whole hierarchy is what its top nodes hold together; opted-out physicians count, no number is shown.
_VOLUME = """
SELECT r.product, sum(r.trx) AS trx FROM roll_outcome r
JOIN product p ON p.product = r.product AND p.own
JOIN node n ON n.hierarchy = r.hierarchy AND n.node = r.node AND n.parent IS NULL
WHERE r.hierarchy = ? AND r.span = ?
GROUP BY r.product HAVING sum(r.trx) > 0 ORDER BY trx DESC, r.product LIMIT 1
"""


def leading_product(snapshot: Any, hierarchy: Hierarchy) -> str | None:
    """The own product with the largest volume in the window that a page opens on; None where nothing was sold.

    Read from the rollup once a snapshot and hierarchy, then remembered.
    """
    span = f"{DEFAULT[grain_of(snapshot.grain)]}:current"

    def _find() -> str | None:
        rows = snapshot.rows(_VOLUME, (hierarchy.id, span))
        return str(rows[0][0]) if rows else None

    return remembered(snapshot, ("leading product", hierarchy.id), _find)
