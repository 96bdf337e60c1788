"""The curve against plan: so far, ahead, and labels that stand apart."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd

from dashboard.charts import enrolment_curve
from dashboard.theme import LIGHT

CURVE = [
    {"day": date(2026, 1, 2), "enrolled": 1.0, "planned": 2.0, "low": None, "middle": None, "high": None},
    {"day": date(2026, 1, 9), "enrolled": 3.0, "planned": 4.0, "low": None, "middle": None, "high": None},
    {"day": date(2026, 2, 6), "enrolled": None, "planned": 8.0, "low": 3.0, "middle": 7.9, "high": 9.0},
]


def _table() -> pd.DataFrame:
    labels = {"enrolled": "", "planned": "plan 8", "middle": "8 (3–9)"}
    return enrolment_curve.table(CURVE, labels, [(pd.Timestamp("2026-01-02"), "Jan 26")], ["a", "b", "c"],
                                 [(pd.Timestamp("2026-01-09"), "data to 9 Jan")]).to_pandas()  # fmt: skip


def test_every_point_and_every_word_is_a_row() -> None:
    table = _table()
    assert table["kind"].value_counts().to_dict() == {"point": 3, "end": 2, "tick": 1, "rule": 1}
    assert set(table.loc[table["kind"] == "end", "text"]) == {"plan 8", "8 (3–9)"}


def test_labels_at_the_end_stand_apart() -> None:
    ends = _table().query("kind == 'end'")["at"].sort_values().tolist()
    assert ends[1] - ends[0] >= 0.08 * 9


def test_the_specification_holds_no_data() -> None:
    text = json.dumps(enrolment_curve.spec(LIGHT))
    assert '"data"' not in text
    assert LIGHT.sites in text


def test_its_text_says_where_the_lines_end() -> None:
    said = enrolment_curve.alt_text("108 has 2", {"enrolled": "", "planned": "plan 8"})
    assert said == "108 has 2. Cumulative subjects by week. plan 8."
