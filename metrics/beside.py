"""What stands beside a person in a list: the tier of the plan in force, and the day last met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from metrics.access import hierarchy_of, may_know, may_look_at, role_of
from metrics.loaded import remembered
from metrics.query import Visitor

_TIERS = """
SELECT party, min(tier) FROM plan
WHERE tier IS NOT NULL AND period_start <= $day AND period_end >= $day
  AND ($product IS NULL OR product IS NULL OR product = $product)
GROUP BY party
"""
_MET = "SELECT party, max(period_end) FROM interaction WHERE period_end <= $day GROUP BY party"


@dataclass(frozen=True)
class Beside:
    """A person's tier for the product ("" without one) and the last day that a rep met them, None for never."""

    tier: str
    met: date | None


def beside(
    visitor: Visitor, snapshot: Any, hierarchy: str, node: str, persons: Iterable[str], product: str | None = None
) -> dict[str, Beside]:
    """What may be said beside each of these persons of a list below a node.

    Nothing where the visitor's role sees neither targets nor calls row by row. Raises Denied where the visitor may
    not look at the node.
    """
    may_look_at(visitor, snapshot, hierarchy, node)
    found, role = hierarchy_of(snapshot, hierarchy), role_of(visitor, snapshot)
    day = {"day": snapshot.as_of}
    tiers: dict[str, str] = {}
    met: dict[str, date] = {}
    if may_know(role, frozenset({"targeting"}), found, found.subject):
        asked = {**day, "product": product}
        tiers = remembered(snapshot, ("tiers", product), lambda: dict(snapshot.rows(_TIERS, asked)))
    if may_know(role, frozenset({"field_activity"}), found, found.subject):
        met = remembered(snapshot, "last met", lambda: dict(snapshot.rows(_MET, day)))
    said = {person: Beside(tiers.get(person, ""), met.get(person)) for person in persons}
    return {person: each for person, each in said.items() if each.tier or each.met}
