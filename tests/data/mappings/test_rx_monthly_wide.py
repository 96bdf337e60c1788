"""Months in columns: in either direction, and dated in the headers."""

from __future__ import annotations

from pathlib import Path

from tests.data.mappings.taking import Taken, frame, number


def _told(taken: Taken, *columns: str) -> dict[tuple[str, ...], float]:
    rows = taken.staged("outcome")
    rows["period_start"], rows["period_end"] = (
        rows["period_start"].astype(str).str[:10],
        rows["period_end"].astype(str).str[:10],
    )
    known = rows[rows["quantity"].notna()]
    return {tuple(key): float(value) for *key, value in known[[*columns, "quantity"]].itertuples(index=False)}


def test_months_in_columns_run_over_the_year_and_a_leap_day(tmp_path: Path) -> None:
    taken = Taken("rx_monthly_wide", tmp_path)
    assert _told(taken, "subject", "period_start", "period_end") == {
        ("npi:1000000004", "2024-02-01", "2024-02-29"): 5,
        ("npi:1000000004", "2024-01-01", "2024-01-31"): 4,
        ("npi:1000000004", "2023-12-01", "2023-12-31"): 3.5,
        ("npi:1000000012", "2023-01-01", "2023-01-31"): 1,
        ("npi:1000000012", "2024-02-01", "2024-02-29"): 14,
        ("npi:1000000020", "2024-01-01", "2024-01-31"): 8,
    }
    wide = [frame(taken.files, name).filter(like="TRx") for name in taken.files]
    assert taken.total("outcome") == sum(number(rows.stack()).sum() for rows in wide)
