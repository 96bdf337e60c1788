"""What stands beside a person in a list: only for roles that see it row by row, and only within their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data.errors import Denied
from metrics.beside import beside
from metrics.query import Visitor

if TYPE_CHECKING:
    from data.snapshot import Snapshot


def _territory(snapshot: Snapshot) -> tuple[str, list[str]]:
    """A territory of Smallland where somebody was met, and its physicians."""
    sql = (
        "SELECT l.leaf, list(DISTINCT l.subject) FROM place l JOIN interaction i ON i.party = l.subject "
        "WHERE l.hierarchy = 'field' AND l.subject_kind = 'hcp' AND l.leaf NOT LIKE '%~unaligned' "
        "GROUP BY ALL ORDER BY ALL"
    )
    return snapshot.rows(sql)[0]


def _rep(node: str) -> Visitor:
    return Visitor(id="r", role="rep", hierarchy="field", node=node)


def test_a_rep_reads_tier_and_last_day_met(smallland_snapshot: Snapshot) -> None:
    node, persons = _territory(smallland_snapshot)
    found = beside(_rep(node), smallland_snapshot, "field", node, persons)
    last = dict(
        smallland_snapshot.rows(
            "SELECT party, max(period_end) FROM interaction WHERE period_end <= ? GROUP BY party",
            (smallland_snapshot.as_of,),
        )
    )
    assert {person: each.met for person, each in found.items() if each.met} == {
        person: last[person] for person in persons if person in last
    }
    tiers = dict(smallland_snapshot.rows("SELECT party, min(tier) FROM plan GROUP BY party"))
    assert all(each.tier in ("", tiers.get(person)) for person, each in found.items())


def test_a_role_that_sees_sums_only_reads_nothing_beside_a_person(smallland_snapshot: Snapshot) -> None:
    node, persons = _territory(smallland_snapshot)
    top = next(each.id for each in smallland_snapshot.nodes("field").values() if each.parent is None)
    brand = Visitor(id="b", role="brand_lead", hierarchy="field", node=top)
    found = beside(brand, smallland_snapshot, "field", node, persons)
    assert not any(each.met for each in found.values())


def test_another_territory_is_denied(smallland_snapshot: Snapshot) -> None:
    node, persons = _territory(smallland_snapshot)
    other = next(
        each.id for each in smallland_snapshot.nodes("field").values() if each.level == "territory" and each.id != node
    )
    with pytest.raises(Denied):
        beside(_rep(other), smallland_snapshot, "field", node, persons)
