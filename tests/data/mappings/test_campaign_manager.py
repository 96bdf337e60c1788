"""Campaign Manager: a report between its title and its grand total, and nobody behind it."""

from __future__ import annotations

from pathlib import Path

from tests.data.mappings.taking import Taken, frame, number


def test_a_report_between_its_title_and_its_grand_total(tmp_path: Path) -> None:
    taken = Taken("campaign_manager", tmp_path)
    raw = frame(taken.files, "cm_report.csv", skip=4)
    rows, total = raw[~raw["Date"].str.startswith("Grand")], raw[raw["Date"].str.startswith("Grand")]
    for column, event in (("Impressions", "impression"), ("Clicks", "click")):
        assert taken.total("exposure", event=event) == number(rows[column]).sum() == number(total[column]).sum()
    assert taken.total("spend") == number(rows["Media Cost"]).sum() == number(total["Media Cost"]).sum()
    assert taken.total("exposure", event="impression", channel="video") == 800
    assert taken.staged("exposure")["party"].isna().all()
    assert taken.fates["cm_report.csv"] == (4, 3, 1, 0, 0)
