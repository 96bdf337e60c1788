"""A wide delivery that says something else about a past week than the one before it: said once, with its size."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.handmade import check

WEEKLY = """
name = "weekly"
[[source]]
id = "weekly"
file = ["weekly*"]
headers = ["Practice", "Week_Ending", "Delivered", "TRx_Wk1"]
key = ["Practice"]
version = "Delivered"
[source.unpivot]
pattern = '^(?P<measure>TRx)_Wk(?P<n>\\d+)$'
[[source.target]]
table = "outcome"
[source.target.columns]
subject_kind = "'practice'"
subject = "'code:' || Practice"
product = "'p'"
period_start = "CAST(Week_Ending AS DATE) - 7 * (n - 1) - 6"
period_end = "CAST(Week_Ending AS DATE) - 7 * (n - 1)"
quantity = "trx"
"""
HEAD = "Practice,Week_Ending,Delivered,TRx_Wk1,TRx_Wk2,TRx_Wk3\n"
BEFORE = HEAD + "A,2026-01-16,20260120,40,50,60\nB,2026-01-16,20260120,10,50,40\n"


def told(tmp_path: Path, after: str, toml: str = WEEKLY) -> list[tuple[str, int]]:
    report = check(tmp_path, toml, {"weekly_1.csv": BEFORE, "weekly_2.csv": HEAD + after})
    return [(finding.what, finding.rows) for finding in report.findings if finding.code == "period_restated"]


def test_the_week_that_changed_is_said(tmp_path: Path) -> None:
    """The week to 9 January was 50 + 50 and is now 50 + 58; the one to 2 January has left the file."""
    after = "A,2026-01-23,20260127,70,40,50\nB,2026-01-23,20260127,20,10,58\n"
    assert told(tmp_path, after) == [
        ("the period ending 2026-01-09 was restated by +8.0 % against the delivery before", 1)
    ]


@pytest.mark.parametrize(
    "after",
    [
        "A,2026-01-23,20260127,70,40,50\nB,2026-01-23,20260127,20,10,50\n",
        "A,2026-01-23,20260127,70,40,50\nB,2026-01-23,20260127,20,10,51\n",
        "A,2026-01-23,20260127,70,40,50\nC,2026-01-23,20260127,20,99,99\n",
    ],
    ids=["the same", "within two in a hundred", "another practice"],
)
def test_otherwise_nothing_is_said(tmp_path: Path, after: str) -> None:
    assert told(tmp_path, after) == []


def test_without_a_version_there_is_no_delivery_before(tmp_path: Path) -> None:
    after = "A,2026-01-23,20260127,70,40,50\nB,2026-01-23,20260127,20,10,58\n"
    assert told(tmp_path, after, WEEKLY.replace('version = "Delivered"\n', "")) == []
