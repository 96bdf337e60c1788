"""Weeks in columns: newest first in two deliveries, oldest first, and dated in the headers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.data.mappings.taking import Taken, frame


def _told(taken: Taken, *columns: str) -> dict[tuple[str, ...], float]:
    rows = taken.staged("outcome")
    rows["period_start"], rows["period_end"] = (
        rows["period_start"].astype(str).str[:10],
        rows["period_end"].astype(str).str[:10],
    )
    known = rows[rows["quantity"].notna()]
    return {tuple(key): float(value) for *key, value in known[[*columns, "quantity"]].itertuples(index=False)}


def test_weeks_in_columns_end_on_their_day_in_either_direction(tmp_path: Path) -> None:
    taken = Taken("rx_weekly_wide", tmp_path)
    expected: dict[tuple[str, str, str], float] = {}

    def add(frame: pd.DataFrame, first: str | None, step: int, prefix: str) -> None:
        for _, row in frame.iterrows():
            who = f"npi:{row['NPI']}" if row["NPI"] else f"me:{row['ME_Number']}"
            for column in [name for name in frame if str(name).startswith(prefix) and row[name]]:
                end = column.removeprefix(prefix).strip()
                day = (
                    pd.Timestamp(row[first]) + pd.Timedelta(weeks=step * (int(end) - 1)) if first else pd.Timestamp(end)
                )
                expected[who, str((day - pd.Timedelta(days=6)).date()), str(day.date())] = float(row[column])

    files = taken.files
    older, newer = frame(files, "newest_1.csv"), frame(files, "newest_2.csv")
    add(older, "Week_Ending", -1, "TRx_Wk")
    add(newer[(newer["NPI"] != "") | (newer["ME_Number"] != "")], "Week_Ending", -1, "TRx_Wk")  # later, and counts
    add(frame(files, "oldest.csv"), "First_Week_Ending", 1, "TRx Week ")
    add(frame(files, "dated.csv"), None, 0, "TRx_")
    assert _told(taken, "subject", "period_start", "period_end") == expected
    assert taken.total("outcome", "nrx") == 0.5 + 1 + 2 + 1 + 1 + 0.5 + 1 - 0.5 - 1 + 1
    assert taken.total("outcome", "units") == 120
    assert {name: fate[4] for name, fate in taken.fates.items()} == {
        "newest_1.csv": 0,
        "newest_2.csv": 1,
        "oldest.csv": 0,
        "dated.csv": 0,
    }
