"""A workbook says what the command says, and withholds what it withholds, on Smallland."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.exports.answer import sheets
from metrics.access import authorise
from metrics.query import MetricQuery, Visitor
from metrics.result import ask

if TYPE_CHECKING:
    from data.snapshot import Snapshot

REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")
LEADER = Visitor(id="leader", role="national_leader", hierarchy="field", node="SM")
AT = datetime(2026, 11, 22, 8, 30)


def told(snapshot: Snapshot, visitor: Visitor, *metrics: str, by: str) -> dict[str, Any]:
    """The sheets by name, and the answer they are made of."""
    asked = MetricQuery(metrics=metrics, hierarchy="field", within=None, by=by, compare="previous")
    result = ask(authorise(asked, visitor, snapshot), snapshot)
    made = sheets(result, asked, visitor, policy="0-test", at=AT, notes=["A note."])
    return {"answer": result, **{sheet.title: sheet for sheet in made}}


def test_the_numbers_are_the_answer_cell_by_cell(smallland_snapshot: Snapshot) -> None:
    found = told(smallland_snapshot, LEADER, "trx", "share", by="region")
    page, rows = found["Numbers"], found["answer"].rows
    titles = [column.title for column in page.columns]
    assert titles[:5] == ["Id", "Name", "Level", "From", "To"]
    assert titles[5:] == ["TRx", "TRx, before", "Market share", "Market share, before"] or titles[5] == "TRx"
    assert [row[0] for row in page.rows] == list(rows["node_id"])
    for at, name in enumerate(("trx", "trx__previous", "share", "share__previous"), 5):
        assert [row[at] for row in page.rows] == pytest.approx(list(rows[name]), nan_ok=True)


def test_a_cell_that_is_withheld_is_empty_and_its_reason_stands_in_its_own_sheet(smallland_snapshot: Snapshot) -> None:
    found = told(smallland_snapshot, REP, "trx", "exchanges", by="hcp")
    assert "Medical" not in str(found["Numbers"].rows)
    reasons = {(metric, where): reason for metric, where, reason in found["Withheld"].rows}
    assert any(metric == "exchanges" and where == "everywhere" for metric, where in reasons)
    assert "exchanges" not in [column.title for column in found["Numbers"].columns]
    shown = {row[0] for row in found["Numbers"].rows if row[5] is not None and row[5] == row[5]}
    hidden = {each.node_id for each in found["answer"].withheld if each.metric == "trx"}
    assert not shown & hidden


def test_who_asked_what_of_which_data_stands_beside_it(smallland_snapshot: Snapshot) -> None:
    found = told(smallland_snapshot, LEADER, "trx", by="region")
    scope, filters, snapshot = (dict(found[name].rows) for name in ("Scope", "Filters", "Snapshot"))
    assert (scope["Asked by"], scope["Role"], scope["Stands at"]) == ("leader", "national_leader", "SM")
    assert (scope["Policy"], scope["Written on (UTC)"]) == ("0-test", "2026-11-22 08:30")
    assert (filters["Metrics"], filters["Period"], filters["Compared with"]) == ("trx", "C13W", "previous")
    assert snapshot["Snapshot"] == smallland_snapshot.id
    assert snapshot["Note 1"] == "A note."
    ((title, name, definition, *_),) = found["Definitions"].rows
    assert (title, name) == ("TRx", "trx")
    assert definition.endswith(".")
