"""The funnel: one specification for every table, labels that cover nothing, and its text."""

from __future__ import annotations

import json
from typing import Any

from dashboard.charts import site_funnel
from dashboard.charts.drawing import meet
from dashboard.charts.site_funnel import _box
from dashboard.theme import DARK, LIGHT

LIMITS = [{"planned": 8.0, "low": 2.5, "high": 13.5}, {"planned": 18.0, "low": 10.0, "high": 26.0}]


def _sites(points: list[tuple[float, float, str]]) -> list[dict[str, Any]]:
    return [
        {"planned": x, "enrolled": y, "state": state, "label": f"10{index} Somewhere", "tip": "", "chosen": False}
        for index, (x, y, state) in enumerate(points)
    ]


CROWD = _sites([(11.2, 1, "flag"), (12.1, 2, "flag"), (13.9, 2, "flag"), (15.0, 1, "flag"), (15.5, 0, "flag"),
                (12.0, 12, "on_track"), (9.0, 6, "slow")])  # fmt: skip


def test_only_flagged_and_chosen_sites_are_labelled() -> None:
    table = site_funnel.table(CROWD, LIMITS).to_pandas()
    labels = table[(table["kind"] == "label") & (table["screen"] == "wide")]
    assert len(labels) == 5
    chosen = [{**each, "chosen": each["state"] == "slow"} for each in CROWD]
    again = site_funnel.table(chosen, LIMITS).to_pandas()
    assert len(again[(again["kind"] == "label") & (again["screen"] == "wide")]) == 6


def test_no_label_covers_another() -> None:
    room, top = 560.0, 26.0
    across, up = room / 10.0, (site_funnel.HEIGHT - 40) / top
    rows = site_funnel.placed([each for each in CROWD if each["state"] == "flag"], CROWD, LIMITS, room)
    boxes = [
        _box((row["planned"] - 8) * across, -row["enrolled"] * up, row["side"], row["down"], len(row["text"]) * 6.6)
        for row in rows
    ]
    assert not any(meet(one, other) for at, one in enumerate(boxes) for other in boxes[at + 1 :])
    assert all(bottom <= 16 for _, _, _, bottom in boxes)


def test_the_specification_holds_no_data_and_is_the_themes() -> None:
    for theme in (LIGHT, DARK):
        text = json.dumps(site_funnel.spec(theme))
        assert theme.concern in text
        assert "Somewhere" not in text
        assert '"data"' not in text


def test_its_text_names_the_flagged() -> None:
    said = site_funnel.alt_text("Two sites", {"flags": 2, "on track": 5}, ["104 Pittsburgh", "108 Orlando"])
    assert said.startswith("Two sites.")
    assert "2 flags, 5 on track" in said
    assert "104 Pittsburgh; 108 Orlando" in said
