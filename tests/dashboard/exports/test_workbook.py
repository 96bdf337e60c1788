"""A workbook as Excel reads it: typed cells, text that stays text, names that Excel takes, whole or not there."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from dashboard.exports import workbook
from dashboard.exports.workbook import Column, Sheet, write
from data.errors import BadInput

COLUMNS = (Column(title="Name"), Column(title="TRx", kind="count"), Column(title="Day", kind="date"))


def written(path: Path, *sheets: Sheet) -> openpyxl.Workbook:
    """The file as a reader opens it."""
    write(path, sheets, title="Test")
    return openpyxl.load_workbook(path)


def test_a_cell_is_what_its_value_is(tmp_path: Path) -> None:
    rows = [("A", Decimal("12.0000"), date(2026, 11, 13)), ("B", None, None), ("C", float("nan"), float("inf"))]
    page = written(tmp_path / "a.xlsx", Sheet(title="Numbers", columns=COLUMNS, rows=rows))["Numbers"]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["Name", "TRx", "Day"],
        ["A", 12, datetime(2026, 11, 13)],
        ["B", None, None],
        ["C", None, None],
    ]
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:C4")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "http://x", "\t=1", "{=1}"]
)
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    book = written(tmp_path / "a.xlsx", Sheet(title="S", columns=[Column(title=text)], rows=[(text,)]))
    for cell in (book["S"]["A1"], book["S"]["A2"]):
        assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_sheet_names_are_such_as_excel_takes(tmp_path: Path) -> None:
    names = ["a/b:c", "A B C", "x" * 40, "x" * 50, ""]
    book = written(tmp_path / "a.xlsx", *(Sheet(title=name, columns=COLUMNS, rows=[]) for name in names))
    assert book.sheetnames == ["a b c", "A B C 2", "x" * 31, f"{'x' * 28} 2", "Sheet"]


def test_what_cannot_be_written_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet(title="S", columns=COLUMNS, rows=[("A", 1, None)])
    with pytest.raises(BadInput, match="cannot be written"):
        write(tmp_path / "nowhere" / "a.xlsx", [sheet], title="Test")
    monkeypatch.setattr(workbook, "MOST_ROWS", 0)
    with pytest.raises(BadInput, match="more than a sheet of Excel holds"):
        write(tmp_path / "a.xlsx", [sheet], title="Test")
    assert list(tmp_path.iterdir()) == []


def test_it_tells_how_far_it_is(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    rows = [("A", number, None) for number in range(12_000)]
    sheets = [Sheet(title="S", columns=COLUMNS, rows=rows)]
    write(tmp_path / "a.xlsx", sheets, title="Test", tell=lambda done, every: heard.append((done, every)))
    assert heard == [(5_000, 12_000), (10_000, 12_000)]
