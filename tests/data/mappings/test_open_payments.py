"""Open Payments: meals are meetings, and other payments are none."""

from __future__ import annotations

from pathlib import Path

from tests.data.mappings.taking import Taken, frame, number


def test_meals_are_meetings_and_a_changed_record_counts_once(tmp_path: Path) -> None:
    taken = Taken("open_payments", tmp_path)
    (name,) = taken.files
    raw = frame(taken.files, name)
    raw["published"] = raw["Payment_Publication_Date"].str[6:] + raw["Payment_Publication_Date"].str[:5]
    raw = raw.sort_values("published").groupby("Record_ID").last()
    meals = raw[
        raw["Nature_of_Payment_or_Transfer_of_Value"].eq("Food and Beverage") & raw["Covered_Recipient_NPI"].ne("")
    ]
    assert taken.total("interaction") == number(meals["Number_of_Payments_Included_in_Total_Amount"]).sum() == 5
    assert sorted(taken.staged("interaction")["period_start"].astype(str).str[:10]) == ["2024-03-25", "2024-12-01"]
    assert taken.fates[name] == (6, 2, 3, 1, 0)
