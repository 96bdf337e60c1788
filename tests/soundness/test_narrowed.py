"""A part taken of a wider answer is the answer that the part alone would have had, hidden cells and all."""

from __future__ import annotations

import pytest

from data.errors import Denied
from metrics.access import authorise
from metrics.catalog.roles import ROLES
from metrics.query import MetricQuery, Visitor
from metrics.result import ask, narrowed, widened

ASKED = ("trx", "share", "goal_attainment", "writers", "calls", "reach", "media_reach", "exchanges", "inquiries_open")


@pytest.mark.parametrize("series", [None, 6])
@pytest.mark.parametrize("role", ["national_leader", "brand_lead", "medical_director"])
def test_a_part_of_a_wider_answer_is_the_answer(smallland_snapshot, role: str, series: int | None) -> None:
    snapshot, compared = smallland_snapshot, 0
    kinds = ROLES[role].hierarchy_kinds
    for hierarchy in (each for each in snapshot.hierarchies() if each.kind in kinds):
        nodes = snapshot.nodes(hierarchy.id)
        top = next(node.id for node in nodes.values() if node.parent is None)
        visitor = Visitor(id="x", role=role, hierarchy=hierarchy.id, node=top)
        for node in list(nodes.values())[::2]:
            for by in hierarchy.levels[hierarchy.depth(node.level) :]:
                query = MetricQuery(
                    metrics=ASKED, hierarchy=hierarchy.id, within=node.id, by=by,
                    compare=None if series else "previous", series=series,
                )  # fmt: skip
                wide = widened(query, snapshot)
                try:
                    granted = authorise(query, visitor, snapshot)
                    whole = authorise(wide, visitor, snapshot)
                except Denied:
                    continue
                part, alone = narrowed(ask(whole, snapshot), granted, snapshot), ask(granted, snapshot)
                shown = [frame.rows.astype(object).where(frame.rows.notna(), None) for frame in (part, alone)]
                assert shown[0].equals(shown[1]), (node.id, by)
                assert set(part.withheld) == set(alone.withheld) and part.not_shown == alone.not_shown
                assert part.partial == alone.partial and part.notes == alone.notes
                compared += 1
    assert compared
