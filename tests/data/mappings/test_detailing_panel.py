"""The detailing panel: new prescriptions and calls by physician and month, from a month that is set, not known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.conform import import_paths
from data.snapshot import assemble, open_snapshot
from data.workspace import Workspace
from tests.data.handmade import staged, write

FOLDER = "us_detailing_bayesm"


def test_a_month_begins_and_ends_where_it_should_and_no_call_is_no_row(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    counts = "id,scripts,detailing,lagged_scripts,month\n1,3,1,4,1\n1,0,0,3,14\n"
    people = "id,generalphys,specialist,mean_samples\n1,1,0,0.7\n"
    import_paths(workspace, [write(tmp_path / "exports", {"counts.csv": counts, "demo.csv": people})])
    days = "CAST(period_start AS VARCHAR), CAST(period_end AS VARCHAR)"
    assert staged(workspace, "outcome", f"subject, {days}, CAST(nrx AS INTEGER), quantity") == [
        ("code:physician-1", "2000-01-01", "2000-01-31", 3, None),
        ("code:physician-1", "2001-02-01", "2001-02-28", 0, None),
    ]
    assert staged(workspace, "interaction", f"party, {days}, CAST(quantity AS INTEGER)") == [
        ("code:physician-1", "2000-01-01", "2000-01-31", 1)
    ]
    assert staged(workspace, "party", "party, kind, specialty") == [("code:physician-1", "hcp", "General practice")]


@pytest.mark.real_data
def test_the_panel_adds_up_to_the_raw_rows_by_physician_and_month(real_data: Path, tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    report = import_paths(workspace, [real_data / FOLDER])
    assert {(a.file, a.read, a.kept) for a in report.accounts} == {
        ("counts.parquet", 23_000, 23_000),
        ("demo.parquet", 1_000, 1_000),
    }
    assemble(workspace)
    snapshot = open_snapshot(workspace)
    raw = pd.read_parquet(real_data / FOLDER / "counts.parquet")
    months = {month: date(2000 + (month - 1) // 12, (month - 1) % 12 + 1, 1) for month in range(1, 24)}
    for column, sql in (
        ("scripts", "SELECT subject, period_start, CAST(nrx AS INTEGER) FROM outcome"),
        ("detailing", "SELECT party, period_start, CAST(quantity AS INTEGER) FROM interaction"),
    ):
        found = {(who, day): number for who, day, number in snapshot.rows(sql) if number}
        expected = {
            (f"physician-{each.id}", months[each.month]): getattr(each, column)
            for each in raw.itertuples()
            if getattr(each, column)
        }
        assert found == expected
    assert snapshot.rows("SELECT CAST(sum(nrx) AS INTEGER), sum(quantity) FROM outcome") == [(116_405, None)]
    assert snapshot.rows("SELECT CAST(sum(quantity) AS INTEGER) FROM interaction") == [(43_311,)]
