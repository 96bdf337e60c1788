"""Key messages and events, on Tinyland: A and B in one territory, C in the other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from data.snapshot import open_snapshot
from metrics.access import authorise
from metrics.build import build
from metrics.query import MetricQuery, Visitor
from metrics.result import Result, ask
from tests import smallland
from tests.data.tinyland import met, tinyland

STEWARD = Visitor(id="s", role="steward", hierarchy="field", node=None)
NAMES = (
    "messages", "hcps_told", "message_reach", "messages_welcomed", "attendances", "events", "attendees_per_event",
    "hcps_at_events", "event_reach", "units",
)  # fmt: skip
DAY = date(2026, 11, 10)
WHEN = {"period_start": DAY, "period_end": DAY, "quantity": 1}


def _said(id: str, party: str, reaction: str | None = None) -> dict[str, Any]:
    where = {"actor": "U1", "hierarchy": "field", "node": "TL_Ra", "call_id": "I1", "interaction": "I1"}
    return {"shown": id, "party": party, "message": "m1", "product": "p", "reaction": reaction, **where, **WHEN}


def _came(id: str, event: str, party: str) -> dict[str, Any]:
    return {"attendance": id, "event": event, "party": party, "actor": "U1", "product": "p", **WHEN}


def _planned(party: str) -> dict[str, Any]:
    return {"party": party, "hierarchy": "field", "node": "TL_Ra", "product": "p", "cycle": "c", "quantity": 4,
            "period_start": date(2026, 11, 2), "period_end": date(2026, 11, 13)}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    rows = tinyland()
    rows["interaction"].append(met("I2", "B", "TL_Ra"))
    # A was told 20 times well and 12 times badly, B and C not at all; E1 had A and C for guests, E2 had A.
    heard = [*("positive",) * 20, *("negative",) * 12, None]
    rows["message"] = [_said(f"M{n}", "A", reaction) for n, reaction in enumerate(heard)]
    rows["attendance"] = [_came("1", "E1", "A"), _came("2", "E1", "C"), _came("3", "E2", "A")]
    rows["plan"] = [_planned("A"), _planned("B")]
    rows["outcome"] = [{**row, "units": 30 * row["quantity"]} for row in rows["outcome"]]
    rows["coverage"] = [
        {"feed": f"tiny.{fact}", "fact": fact, "grain": grain, "first": date(2026, 10, 31), "last": date(2026, 11, 13)}
        for fact, grain in (
            ("outcome", "week"), ("interaction", "day"), ("message", "day"), ("attendance", "day"), ("plan", "day"),
        )
    ]  # fmt: skip
    workspace = smallland.workspace(tmp_path_factory.mktemp("messages") / "home", rows=rows)
    build(workspace, date(2026, 11, 22))
    return open_snapshot(workspace)


def _asked(snapshot: Any, by: str, names: tuple[str, ...] = NAMES) -> Result:
    asked = MetricQuery(metrics=names, hierarchy="field", within=None, by=by, window="2026-11-07..2026-11-13")
    return ask(authorise(asked, STEWARD, snapshot), snapshot)


def test_what_was_said_and_who_came_counts_once_where_it_belongs(told: Any) -> None:
    (nation,) = _asked(told, "nation").rows[list(NAMES)].astype(float).to_dict("records")
    assert nation == pytest.approx(
        {
            "messages": 33, "hcps_told": 1, "message_reach": 50, "messages_welcomed": 100 * 20 / 32, "attendances": 3,
            "events": 2, "attendees_per_event": 1.5, "hcps_at_events": 2, "event_reach": 50, "units": 210,
        }
    )  # fmt: skip
    rows = _asked(told, "territory").rows.set_index("node_id")
    assert rows["events"].to_dict() == {"TL_Ra": 2, "TL_Rb": 1}  # an event with guests of both is one of each
    assert rows["attendances"].to_dict() == {"TL_Ra": 2, "TL_Rb": 1}
    assert rows["messages"].to_dict() == {"TL_Ra": 33, "TL_Rb": 0}


def test_too_few_reactions_say_nothing(told: Any) -> None:
    person = _asked(told, "HCP", ("messages", "messages_welcomed"))
    rows = person.rows.set_index("node_id")
    assert rows["messages"].to_dict() == {"A": 33, "B": 0, "C": 0}
    assert float(rows["messages_welcomed"]["A"]) == 62.5 and rows["messages_welcomed"].isna()["B"]


def test_where_neither_is_loaded_that_is_said(smallland_snapshot: Any) -> None:
    result = _asked(smallland_snapshot, "nation", ("messages", "attendances", "trx"))
    assert {each.metric: each.reason for each in result.withheld} == {
        "messages": "not loaded", "attendances": "not loaded",
    }  # fmt: skip
