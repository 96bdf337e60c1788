"""Tinyland: two territories, three HCPs, two weeks. Small enough that a test can break one thing in it.

TL > TL_R > TL_Ra: A (1 a week), B (2 a week);  TL_Rb: C (4 a week);  7 a week in all, 14 in both weeks.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

ENDS = (date(2026, 11, 6), date(2026, 11, 13))
Rows = dict[str, list[dict[str, Any]]]


def node(id: str, level: str, parent: str | None, hierarchy: str = "field") -> dict[str, Any]:
    """One node row, named after its id."""
    return {"hierarchy": hierarchy, "node": id, "level": level, "parent": parent, "name": id}


def outcome(subject: str, quantity: float, end: date = ENDS[-1], days: int = 7, **more: Any) -> dict[str, Any]:
    """One week of one HCP and product `p`."""
    first = end - timedelta(days=days - 1)
    row = {"subject_kind": "hcp", "subject": subject, "product": "p", "quantity": quantity}
    return {**row, "period_start": first, "period_end": end, **more}


def aligned(subject: str, node: str, **more: Any) -> dict[str, Any]:
    """One alignment of an HCP in the field's core team."""
    row = {"subject_kind": "hcp", "subject": subject, "hierarchy": "field", "node": node, "team": "core"}
    return {**row, "from_date": date(2026, 1, 1), **more}


def met(id: str, party: str, node: str | None, day: date = date(2026, 11, 10), **more: Any) -> dict[str, Any]:
    """One interaction."""
    row = {"interaction": id, "call_id": id, "party": party, "actor": "U1", "hierarchy": "field", "node": node}
    return {**row, "channel": "phone", "period_start": day, "period_end": day, "quantity": 1, **more}


def tinyland() -> Rows:
    """Its staged rows by table."""
    levels = "nation > region > territory"
    return {
        "hierarchy": [
            {
                "hierarchy": "field",
                "kind": "field",
                "name": "Field",
                "levels": levels,
                "subject": "HCP",
                "subject_kinds": "hcp",
            }
        ],
        "node": [
            node("TL", "nation", None),
            node("TL_R", "region", "TL"),
            node("TL_Ra", "territory", "TL_R"),
            node("TL_Rb", "territory", "TL_R"),
        ],
        "party": [{"party": party, "kind": "hcp"} for party in "ABC"],
        "product": [{"product": "p", "name": "P", "own": True}],
        "alignment": [aligned("A", "TL_Ra"), aligned("B", "TL_Ra"), aligned("C", "TL_Rb")],
        "outcome": [outcome(who, volume, end) for end in ENDS for who, volume in (("A", 1), ("B", 2), ("C", 4))],
        "interaction": [met("I1", "A", "TL_Ra")],
        "roster": [
            {"actor": "U1", "role": "rep", "hierarchy": "field", "node": "TL_Ra", "team": "core", "status": "active"}
        ],
    }
