"""What holds on the day: opt-outs in force on as_of, working days gone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.snapshot import assemble, open_snapshot
from tests import smallland
from tests.data.tinyland import tinyland

AS_OF = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("choices", "hidden"),
    [
        ([("2026-01-01", None, True)], True),
        ([("2019-01-01", None, True)], True),  # three years on: it ends by the list's own dates alone
        ([("2026-11-20", None, True)], True),
        ([("2026-11-23", None, True)], False),
        ([("2026-01-01", "2026-11-21", True)], False),
        ([("2026-01-01", None, True), ("2026-02-01", None, False)], False),
        ([("2026-01-01", None, False), ("2026-02-01", None, True)], True),
        ([("2026-01-01", None, True), ("2026-02-01", "2026-03-01", False)], True),
    ],
)
def test_an_opt_out_holds_from_its_first_to_its_last_day(tmp_path: Path, choices: list, hidden: bool) -> None:
    rows = tinyland()
    rows["pdrp"] = [
        {
            "party": "A",
            "opted_out": out,
            "from_date": date.fromisoformat(first),
            "to_date": date.fromisoformat(last) if last else None,
        }
        for first, last, out in choices
    ]
    workspace = smallland.workspace(tmp_path / "home", rows=rows)
    assemble(workspace, AS_OF)
    assert open_snapshot(workspace).rows("SELECT party FROM pdrp_now") == ([("A",)] if hidden else [])


def test_working_days_follow_the_calendar_and_monday_to_friday_where_it_is_silent(tmp_path: Path) -> None:
    rows = tinyland()
    rows["calendar"] = [
        {"country": "TL", "date": date(2026, 11, 11), "working": False},
        {"country": "TL", "date": date(2026, 11, 14), "working": True},
    ]
    workspace = smallland.workspace(tmp_path / "home", rows=rows)
    assemble(workspace, AS_OF)
    snapshot = open_snapshot(workspace)
    gone = dict(snapshot.rows("SELECT date, n FROM working_day"))
    before = gone[date(2026, 11, 8)]
    week = [gone[date(2026, 11, day)] - before for day in range(9, 17)]
    assert week == [1, 2, 2, 3, 4, 5, 5, 6]
    assert min(gone) < date(2025, 11, 1)
    assert max(gone) > date(2027, 11, 1)
    assert len(gone) == (max(gone) - min(gone)).days + 1


@pytest.mark.parametrize(
    ("mode", "said", "tracked"),
    [
        (True, [], True),
        (False, [], False),
        (None, [], False),
        (None, [("2026-01-01", "in", None)], True),
        (False, [("2026-01-01", "in", None)], False),
        (True, [("2026-01-01", "out", None)], False),
        (True, [("2026-01-01", "in", "2026-11-21")], False),
        (True, [("2026-01-01", "in", "2026-11-22")], True),
        (True, [("2026-01-01", "out", None), ("2026-02-01", "in", None)], True),
        (True, [("2026-02-01", "out", None), ("2026-02-01", "in", None)], False),
        (True, [("2026-11-23", "out", None)], True),
    ],
)
def test_an_email_is_tracked_only_where_its_reader_agrees_on_the_day(
    tmp_path: Path, mode: bool | None, said: list, tracked: bool
) -> None:
    rows, day = tinyland(), date(2026, 11, 10)
    mail = {"party": "A", "vendor": "crm", "channel": "rep_email", "event": "opened", "tracking": mode, "quantity": 1}
    shown = {"party": "A", "vendor": "v", "channel": "display", "event": "click", "quantity": 1}
    days = {"period_start": day, "period_end": day}
    rows["exposure"] = [{"exposure": "E1", **mail, **days}, {"exposure": "E2", **shown, **days}]
    rows["consent"] = [
        {
            "party": "A",
            "channel": "tracking",
            "opt": opt,
            "captured": date.fromisoformat(captured),
            "expires": date.fromisoformat(expires) if expires else None,
        }
        for captured, opt, expires in said
    ]
    workspace = smallland.workspace(tmp_path / "home", rows=rows)
    assemble(workspace, AS_OF)
    found = open_snapshot(workspace).rows("SELECT tracking FROM exposure ORDER BY exposure")
    assert found == [(tracked,), (None,)]
