"""A part taken of a wider answer is the answer that the part alone would have had, hidden cells and all."""

from __future__ import annotations

import pytest

from data.errors import Denied
from metrics.access import authorise
from metrics.catalog.roles import ROLES
from metrics.query import MetricQuery, Visitor
from metrics.reading import Reading, read
from metrics.result import ask, widened

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
                part, alone = read(ask(whole, snapshot)).narrowed(granted, snapshot), read(ask(granted, snapshot))
                assert _told(part) == _told(alone), (node.id, by)
                assert part.not_shown == alone.not_shown
                assert part.result.partial == alone.result.partial and part.result.notes == alone.result.notes
                compared += 1
    assert compared


def _told(reading: Reading) -> list[tuple[object, ...]]:
    """All that can be read of an answer: every unit with its name, its periods, its numbers and its reasons."""
    columns = [name for name in reading.result.rows if name.partition("__")[0] in ASKED]
    return [
        (node, reading.name(node), *[(name, reading.line(name, node), reading.reason(name, node)) for name in columns])
        for node in reading.nodes
    ] + [tuple(reading.ends)]


def test_a_part_tells_nothing_of_what_was_not_granted(smallland_snapshot) -> None:
    nodes = smallland_snapshot.nodes("field")
    top = next(node.id for node in nodes.values() if node.parent is None)
    leaf, *others = [node.id for node in nodes.values() if node.level == "territory"]
    visitor = Visitor(id="x", role="national_leader", hierarchy="field", node=top)
    query = MetricQuery(metrics=ASKED, hierarchy="field", within=leaf, by="territory")
    whole = read(ask(authorise(widened(query, smallland_snapshot), visitor, smallland_snapshot), smallland_snapshot))
    part = whole.narrowed(authorise(query, visitor, smallland_snapshot), smallland_snapshot)
    assert part.nodes == (leaf,) and part.now("calls", leaf) == whole.now("calls", leaf)
    assert any(whole.now("calls", other) is not None for other in others)
    for other in others:
        assert part.now("calls", other) is None and part.line("calls", other) == []
        with pytest.raises(KeyError):
            part.name(other)
