"""What a snapshot keeps of cues, and which of its rows a visitor could be told of."""

from __future__ import annotations

from typing import Any

from metrics import own_rows
from metrics.areas import area, below
from metrics.grid import Role
from metrics.loaded import remembered
from metrics.query import Visitor

COLUMNS = (
    "cue", "kind", "role", "hierarchy", "node", "subject", "product", "headline", "reasons", "comparator", "confidence",
    "data_as_of", "data_age_days", "lever", "action", "owner", "due", "worth_low", "worth_high", "worth_unit",
    "rank_value", "classes", "evidence",
)  # fmt: skip

# The visitor's own scope, and nobody's opted-out prescriptions for those who must not see them.
_OPEN = """
SELECT c.*, coalesce(a.label, '') AS label,
    c.subject IN (SELECT party FROM pdrp_now) AS opted_out, s.study
FROM ({cues}) c
JOIN node_tree t ON t.hierarchy = c.hierarchy AND t.node = c.node
LEFT JOIN party a ON a.party = c.subject
LEFT JOIN site s ON s.site = c.subject
WHERE c.hierarchy = ? AND t.ancestor = ?
ORDER BY c.rank_value DESC, c.cue
"""

# Whoever looks with one team's eyes is told what that team alone did; where all are of one team, that is everything.
_ALL = "SELECT * FROM cue"
_OF_TEAM = "SELECT * EXCLUDE (team) FROM cue_of_team WHERE team = ?"

# Cues about the data stand nowhere on a map; they are of the role that keeps the data.
_NOWHERE = """
SELECT c.*, '' AS label, FALSE AS opted_out, CAST(NULL AS VARCHAR) AS study
FROM cue c WHERE c.role = ? AND c.node = ''
ORDER BY c.rank_value DESC, c.cue
"""


def rows(visitor: Visitor, role: Role, hierarchy: str, scope: str, snapshot: Any) -> list[dict[str, Any]]:
    """Every cue of the visitor's part of the map, whatever they may know of it; a steward's stand nowhere."""
    named = (*COLUMNS, "label", "opted_out", "study")
    if role.rung is None:
        return [dict(zip(named, values, strict=True)) for values in snapshot.rows(_NOWHERE, (role.name,))]
    team = str(visitor.team).lower() if visitor.team is not None and own_rows.teams(snapshot.rows) else None
    around, inside = area(snapshot, hierarchy, scope), below(snapshot, hierarchy, scope)

    def _find() -> tuple[tuple[Any, ...], ...]:
        asked = _OPEN.replace("{cues}", _ALL if team is None else _OF_TEAM)
        return tuple(snapshot.rows(asked, (*([] if team is None else [team]), hierarchy, around)))

    found = remembered(snapshot, ("cues of", team, hierarchy, around), _find)
    at = named.index("node")
    return [dict(zip(named, values, strict=True)) for values in found if values[at] in inside]
