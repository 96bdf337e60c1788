"""What a visitor reads of an answer given for everybody of the same rights is the answer to their own question."""

from __future__ import annotations

import pytest

from data.errors import Denied
from metrics.access import authorise, shared
from metrics.catalog.roles import ROLES
from metrics.query import MetricQuery, Visitor
from metrics.reading import Cells, Reading, granted_part, read
from metrics.result import ask

ASKED = (
    "trx", "share", "goal_attainment", "writers", "calls", "reach", "media_reach", "exchanges", "inquiries_open",
    "enrolled", "flagging_sites",
)  # fmt: skip


@pytest.mark.parametrize("series", [None, 6])
@pytest.mark.parametrize("role", [name for name, role in ROLES.items() if role.rung])
def test_a_part_of_a_shared_answer_is_the_answer(smallland_snapshot, role: str, series: int | None) -> None:
    snapshot, compared = smallland_snapshot, 0
    kinds, rung = ROLES[role].hierarchy_kinds, ROLES[role].rung
    for hierarchy in (each for each in snapshot.hierarchies() if each.kind in kinds):
        nodes = snapshot.nodes(hierarchy.id)
        for stands in [node for node in nodes.values() if hierarchy.rung(node.level) == rung][-2:]:
            studies = (stands.id,) if hierarchy.kind == "study" else ("*",)
            visitor = Visitor(id="x", role=role, hierarchy=hierarchy.id, node=stands.id, studies=studies)
            for by in (*hierarchy.levels[hierarchy.depth(stands.level) :], *hierarchy.subject_kinds):
                query = MetricQuery(
                    metrics=ASKED, hierarchy=hierarchy.id, within=stands.id, by=by,
                    compare=None if series else "previous", series=series,
                )  # fmt: skip
                try:
                    granted = authorise(query, visitor, snapshot)
                except Denied:
                    continue
                part = granted_part(Cells(ask(shared(granted, snapshot), snapshot)), granted, snapshot)
                alone = read(ask(granted, snapshot))
                assert _told(part) == _told(alone), (stands.id, by)
                assert part.not_shown == alone.not_shown
                assert part.cells.partial == alone.cells.partial and part.cells.notes == alone.cells.notes
                assert part.cells.partial_periods == alone.cells.partial_periods
                compared += 1
    assert compared


def _told(reading: Reading) -> list[tuple[object, ...]]:
    """All that can be read of an answer: every unit with its name, its periods, its numbers and its reasons."""
    columns = reading.cells.columns
    assert columns and {name.partition("__")[0] for name in columns} <= set(ASKED)
    return [
        (node, reading.name(node), *[(name, reading.line(name, node), reading.reason(name, node)) for name in columns])
        for node in reading.nodes
    ] + [tuple(reading.ends)]


@pytest.mark.parametrize(("role", "by"), [("rep", "territory"), ("rep", "hcp"), ("district_manager", "hcp")])
def test_a_part_tells_nothing_of_what_was_not_granted(smallland_snapshot, role: str, by: str) -> None:
    snapshot = smallland_snapshot
    rung = {"rep": "leaf", "district_manager": "third"}[role]
    (hierarchy,) = [each for each in snapshot.hierarchies() if each.id == "field"]
    mine, *_ = [node.id for node in snapshot.nodes("field").values() if hierarchy.rung(node.level) == rung]
    visitor = Visitor(id="x", role=role, hierarchy="field", node=mine)
    granted = authorise(MetricQuery(metrics=ASKED, hierarchy="field", within=mine, by=by), visitor, snapshot)
    cells = Cells(ask(shared(granted, snapshot), snapshot))
    part, alone = granted_part(cells, granted, snapshot), read(ask(granted, snapshot))
    assert part.nodes == alone.nodes
    others = sorted(set(cells.nodes) - set(alone.nodes))
    assert others and any(any(cells.line("calls", other)) for other in others)
    for other in others:
        assert part.now("calls", other) is None and part.line("calls", other) == ()
        assert part.reason("trx", other) == part.reason("trx", "nobody")
        with pytest.raises(KeyError):
            part.name(other)


def test_visitors_of_the_same_rights_share_an_answer_and_others_do_not(smallland_snapshot) -> None:
    snapshot = smallland_snapshot
    leaves = [node.id for node in snapshot.nodes("field").values() if node.level == "territory"][:2]

    def _asked(role: str, node: str) -> object:
        visitor = Visitor(id=f"{role} {node}", role=role, hierarchy="field", node=node)
        query = MetricQuery(metrics=("calls", "trx"), hierarchy="field", within=node, by="territory")
        return shared(authorise(query, visitor, snapshot), snapshot)

    assert _asked("rep", leaves[0]) == _asked("rep", leaves[1])
    top = next(node.id for node in snapshot.nodes("field").values() if node.parent is None)
    assert _asked("rep", leaves[0]) != _asked("national_leader", top)
