"""Scripts of every unit of the map by period: what falls and rises are read from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.levels import Hierarchy
from metrics.cues.scene import Scene
from metrics.signals import shift

# Scripts of an own product by leaf and period; opted-out physicians outside where the owner may not see them.
SCRIPTS = """
WITH p AS (SELECT first, last FROM span WHERE kind = 'period' ORDER BY last DESC LIMIT $periods)
SELECT l.leaf, p.last AS period, CAST(sum(o.quantity) AS DOUBLE) AS scripts
FROM outcome o
JOIN p ON o.period_start >= p.first AND o.period_end <= p.last
JOIN place l ON l.subject = o.subject AND l.hierarchy = $hierarchy
WHERE o.product = $product AND (NOT $masked OR NOT EXISTS (SELECT 1 FROM pdrp_now x WHERE x.party = o.subject))
GROUP BY ALL
"""


def scripts(scene: Scene, hierarchy: Hierarchy, product: str, masked: bool, setting: shift.Setting) -> pd.DataFrame:
    """Scripts by period (rows, oldest first, none left out) and leaf (columns): the same for every rule and team."""
    asked = {
        "hierarchy": hierarchy.id, "product": product, "masked": masked,
        "periods": setting.recent + setting.base + setting.holds,
    }  # fmt: skip

    def _read() -> pd.DataFrame:
        rows = scene.frame(SCRIPTS, **asked)
        return rows.pivot_table(index="period", columns="leaf", values="scripts", aggfunc="sum").fillna(0.0)

    return scene.once(("scripts", *asked.values()), _read)


def nodes(scene: Scene, hierarchy: Hierarchy, level: str) -> list[tuple[str, tuple[str, ...]]]:
    """The aligned nodes of a level, each with what lies above it, the nearest first."""
    return sorted(
        (node, tuple(up for up, _ in ups[1:]))
        for (of, node), ups in scene.up.items()
        if of == hierarchy.id and ups[0][1] == level and not node.endswith("~unaligned") and len(ups) > 1
    )


def of_nodes(scene: Scene, hierarchy: Hierarchy, table: pd.DataFrame, units: list[str]) -> shift.Numbers:
    """Scripts by period (rows) of each node (columns): its leaves together."""
    below: dict[str, list[int]] = {}
    for place, leaf in enumerate(table.columns):
        for up, _ in scene.up.get((hierarchy.id, leaf), []):
            below.setdefault(up, []).append(place)
    values = table.to_numpy(dtype=float)
    return np.column_stack([np.ascontiguousarray(values[:, below.get(node, [])]).sum(axis=1) for node in units])
