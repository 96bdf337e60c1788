"""Two snapshots side by side on Tinyland: what was restated, who moved, which unit is new."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.difference import difference
from data.snapshot import assemble, open_snapshot
from data.workspace import Workspace
from tests import smallland
from tests.data.tinyland import aligned, node, outcome, tinyland

AS_OF = date(2026, 11, 22)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return smallland.workspace(tmp_path / "home", rows=tinyland())


def told(workspace: Workspace, **rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    """What differs once these rows are imported as well."""
    before = assemble(workspace, AS_OF).id
    smallland.stage(workspace, rows, name="000002-later")
    after = assemble(workspace, AS_OF).id
    found = difference(open_snapshot(workspace, before), open_snapshot(workspace, after))
    return [(each.kind, each.what, each.before, each.after, each.words) for each in found if each.kind != "finding"]


def test_the_same_snapshot_differs_in_nothing(workspace: Workspace) -> None:
    assemble(workspace, AS_OF)
    assert difference(open_snapshot(workspace), open_snapshot(workspace)) == ()


def test_a_restated_week_is_named_with_what_it_was_and_is(workspace: Workspace) -> None:
    assert told(workspace, outcome=[outcome("A", 8)]) == [
        ("total", "outcome", Decimal(14), Decimal(21), ""),
        ("period", "p, period to 2026-11-13", Decimal(7), Decimal(14), ""),
    ]


def test_a_new_week_is_no_restatement(workspace: Workspace) -> None:
    found = told(workspace, outcome=[outcome("A", 3, end=date(2026, 11, 20))])
    assert [kind for kind, *_ in found] == ["rows", "total"]


def test_a_unit_that_is_new_or_renamed_is_said_and_who_stands_where(workspace: Workspace) -> None:
    renamed = {**node("TL_Rb", "territory", "TL_R"), "name": "Renamed"}
    found = told(
        workspace,
        node=[node("TL_Rc", "territory", "TL_R"), renamed],
        alignment=[aligned("B", "TL_Ra", to_date=date(2026, 6, 30)), aligned("B", "TL_Rc", from_date=date(2026, 7, 1))],
    )
    assert ("unit", "field, TL_Rb", 1, 1, "called Renamed, was TL_Rb") in found
    assert ("unit", "field, TL_Rc", 0, 1, "new: TL_Rc") in found
    counted = {what: (before, after) for kind, what, before, after, _ in found if kind == "subjects"}
    assert counted["field, TL_Rc"] == (None, 1)
    assert counted["field, TL_Ra"] == (2, 1)


def test_a_finding_that_came_is_told(workspace: Workspace) -> None:
    before = assemble(workspace, AS_OF).id
    smallland.stage(workspace, {"outcome": [outcome("A", 8)]}, name="000002-later")
    after = assemble(workspace, AS_OF).id
    found = difference(open_snapshot(workspace, before), open_snapshot(workspace, after))
    (restated,) = [each for each in found if each.kind == "finding"]
    assert (restated.what, restated.before, restated.after) == ("restated, outcome", None, 1)
    assert restated.words.startswith("a later import restated rows")
