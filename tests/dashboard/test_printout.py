"""Whole numbers stay whole, nothing is rounded, nothing is an empty cell."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.printout import Form, Printout, plain, text

EXACT = [
    (12340, "12340"),
    (12340.0, "12340"),
    (Decimal("12340.0000"), "12340"),
    (np.float64(12340.0), "12340"),
    (np.int64(12340), "12340"),
    (Decimal("0.1250"), "0.125"),
    (0.1 + 0.2, "0.30000000000000004"),
    (1e-7, "0.0000001"),
    (1e21, "1000000000000000000000"),
    (-0.0, "0"),
    (0, "0"),
    (None, ""),
    (float("nan"), ""),
    (Decimal("NaN"), ""),
    (float("inf"), ""),
    (pd.NaT, ""),
    (pd.NA, ""),
    (True, "true"),
    (date(2026, 11, 13), "2026-11-13"),
    (datetime(2026, 11, 13), "2026-11-13"),
    (pd.Timestamp("2026-11-13"), "2026-11-13"),
    (datetime(2026, 11, 13, 9, 30), "2026-11-13T09:30:00"),
    (("a", "b"), "a | b"),
    ("007", "007"),
]


@pytest.mark.parametrize(("value", "said"), EXACT, ids=lambda part: repr(part)[:30])
def test_a_cell_is_exact(value: object, said: str) -> None:
    assert text(value) == said


@given(st.integers(min_value=-(2**53), max_value=2**53))
def test_a_count_never_has_a_point(count: int) -> None:
    assert text(float(count)) == str(count) == text(Decimal(count).quantize(Decimal("1.0000")))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_digit_of_a_fraction_is_lost(number: float) -> None:
    assert float(text(number)) == number


PRINTOUT = Printout(
    columns=("node", "trx", "share", "withheld"),
    rows=[('Nørth, "East"', 1234.0, 0.25, ""), ("West", None, Decimal("0.1234567"), "trx: not loaded")],
    notes=("As of 2026-11-22.",),
)


def test_csv_is_read_back_as_it_was() -> None:
    rows = list(csv.DictReader(io.StringIO(PRINTOUT.written(Form.csv))))
    assert rows[0] == {"node": 'Nørth, "East"', "trx": "1234", "share": "0.25", "withheld": ""}
    assert rows[1]["trx"] == ""


def test_json_has_numbers_and_nulls() -> None:
    rows = json.loads(PRINTOUT.written(Form.json))
    assert rows[0]["trx"] == 1234
    assert isinstance(rows[0]["trx"], int)
    assert rows[1] == {"node": "West", "trx": None, "share": 0.1234567, "withheld": "trx: not loaded"}


def test_a_document_takes_the_place_of_the_rows() -> None:
    document = {"as_of": date(2026, 11, 22), "rows": PRINTOUT.records()}
    assert json.loads(PRINTOUT.written(Form.json, document))["as_of"] == "2026-11-22"


def test_a_table_lines_up_and_ends_with_its_notes() -> None:
    lines = PRINTOUT.written(Form.table).splitlines()
    assert lines[0].split() == ["node", "trx", "share", "withheld"]
    assert "1,234" in lines[2]
    assert lines[-1] == "As of 2026-11-22."
    assert lines[2].index("1,234") + len("1,234") == lines[0].index("trx") + len("trx")


def test_a_table_of_nothing_still_has_its_head() -> None:
    assert Printout(columns=("cue",), rows=()).table().splitlines() == ["cue", "---"]


def test_plain_goes_inside() -> None:
    assert plain({"a": [Decimal("2.0"), None]}) == {"a": [2, None]}
