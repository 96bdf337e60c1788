"""Prescriptions one row a period: weeks, months and spans."""

from __future__ import annotations

from pathlib import Path

from tests.data.mappings.taking import Taken, frame, number


def test_one_row_a_period_with_payers_and_a_restated_week(tmp_path: Path) -> None:
    taken = Taken("rx_long", tmp_path)
    weeks = frame(taken.files, "weeks.csv")
    weeks = weeks[(weeks["NPI"] != "") | (weeks["ME_Number"] != "")]
    latest = weeks.sort_values("Delivered").groupby(["NPI", "ME_Number", "Product", "Payer", "Week_Ending"]).last()
    others = [number(frame(taken.files, name)["TRx"]).sum() for name in ("months.csv", "spans.csv")]
    assert taken.total("outcome") == number(latest["TRx"]).sum() + sum(others) == 7.5 + 40
    assert taken.staged("outcome")["quantity"].isna().sum() == 1, "blank is not zero"
    assert taken.fates["weeks.csv"] == (5, 3, 0, 1, 1)
    assert set(taken.staged("coverage")["grain"]) >= {"week", "month"}
