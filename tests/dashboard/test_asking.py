"""A result on paper: the columns in the order asked, an empty cell never without its word.

node   trx    share   trx before
A      120    0.25    100
B      -      -       80           trx too small here, share not loaded anywhere
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pandas as pd
import pytest

from dashboard.asking import numbers
from dashboard.printout import Form
from metrics.query import Withheld
from metrics.result import Result

SMALL = "too few to say (fewer than 11)"
HIDDEN = "Recruitment is not shown to the representative role."


@pytest.fixture
def result() -> Result:
    """The table above, and a metric that was refused as a whole."""
    rows = pd.DataFrame(
        {
            "node_id": ["A", "B"],
            "node": ["North", "South"],
            "level": "region",
            "parent": "US",
            "period_start": date(2026, 8, 15),
            "period_end": date(2026, 11, 13),
            "trx": [120.0, None],
            "share": [0.25, None],
            "trx__previous": [100.0, 80.0],
        }
    )
    withheld = (
        Withheld(metric="trx", node_id="B", reason=SMALL),
        Withheld(metric="share", node_id="*", reason="not loaded"),
        Withheld(metric="enrolled", node_id="*", reason=HIDDEN),
    )
    return Result(rows=rows, withheld=withheld, as_of=date(2026, 11, 22), snapshot="s20261122-0", lineage={})


def _rows(written: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written)))


def test_columns_are_in_the_order_asked_and_comparisons_after_them(result: Result) -> None:
    (first, _) = _rows(numbers(result, ("share", "trx", "enrolled"), Form.csv))
    assert list(first)[5:] == ["share", "trx", "enrolled", "trx__previous", "withheld"]
    assert (first["trx"], first["share"], first["trx__previous"]) == ("120", "0.25", "100")
    assert "parent" not in first


def test_each_empty_cell_has_its_word_behind_its_metrics_name(result: Result) -> None:
    first, second = _rows(numbers(result, ("trx", "share", "enrolled"), Form.csv))
    assert first["withheld"] == f"enrolled: {HIDDEN}"
    assert second["withheld"] == f"trx: {SMALL}; share: not loaded; enrolled: {HIDDEN}"


def test_one_metric_alone_has_the_bare_word(result: Result) -> None:
    first, second = _rows(numbers(result, ("trx",), Form.csv))
    assert (first["withheld"], second["withheld"]) == ("", SMALL)


def test_an_empty_cell_that_nobody_explains_is_unknown(result: Result) -> None:
    bare = Result(rows=result.rows, withheld=(), as_of=result.as_of, snapshot="s", lineage={})
    assert _rows(numbers(bare, ("trx",), Form.csv))[1]["withheld"] == "unknown"


def test_json_keeps_numbers_apart_from_reasons(result: Result) -> None:
    answer = json.loads(numbers(result, ("trx", "share"), Form.json))
    assert (answer["as_of"], answer["snapshot"]) == ("2026-11-22", "s20261122-0")
    assert answer["rows"][1]["trx"] is None
    assert answer["rows"][1]["trx__previous"] == 80
    assert "withheld" not in answer["rows"][0]
    assert {"metric": "trx", "node_id": "B", "reason": SMALL} in answer["withheld"]


def test_a_person_reads_each_reason_once(result: Result) -> None:
    table = numbers(result, ("trx", "share"), Form.table)
    assert f"Withheld: trx at 1 nodes: {SMALL}" in table
    assert table.count("not loaded") == 2  # in the row of its node, and in the sentence below
