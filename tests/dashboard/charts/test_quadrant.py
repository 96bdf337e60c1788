"""The quadrant: names that cover nothing, one specification for every table, and its text."""

from __future__ import annotations

import json
from itertools import combinations

from dashboard.charts import quadrant
from dashboard.charts.drawing import meet
from dashboard.charts.quadrant import FEW, HEIGHT, _box, _placed, frame
from dashboard.theme import DARK, LIGHT

CORNERS = {"plan": "Less effort, better result", "share": "More, better", "effort": "Less", "content": "More"}


def _dots(count: int, tone: str = "quiet") -> list[dict[str, object]]:
    return [
        {"x": 60.0 + 37 * at % 40, "y": 80.0 + 53 * at % 30, "tone": tone, "label": f"Territory {at}", "tip": "t"}
        for at in range(count)
    ]


def test_few_dots_all_have_names_and_of_many_only_those_that_stand_out() -> None:
    def named(rows: list[dict[str, object]]) -> int:
        table = quadrant.table(rows, 80.0, 100.0, CORNERS).to_pandas()
        return int(((table["kind"] == "label") & (table["screen"] == "wide")).sum())

    assert named(_dots(FEW)) == FEW
    assert named(_dots(FEW + 10)) == 0
    assert named([*_dots(FEW + 10), {**_dots(1, "concern")[0], "label": "Worst"}]) == 1


def test_names_lie_inside_and_do_not_cover_one_another() -> None:
    rows = _dots(8)
    edges = frame(rows, 80.0, 100.0)
    room, (left, right, low, high) = 600.0, edges
    placed = _placed(rows, rows, edges, room)
    boxes = [
        _box((each["x"] - left) * room / (right - left), (high - each["y"]) * (HEIGHT - 30) / (high - low),
             each["side"], each["down"], len(each["text"]) * 6.8)
        for each in placed
    ]  # fmt: skip
    assert not any(meet(one, other) for one, other in combinations(boxes, 2))
    assert all(box[0] >= 0 and box[2] <= room for box in boxes)


def test_the_specification_holds_no_data_and_is_the_themes() -> None:
    for theme in (LIGHT, DARK):
        spec = quadrant.spec(theme)
        assert "datasets" not in spec
        assert theme.concern in json.dumps(spec)
        assert spec["width"] == "container"


def test_the_quadrant_says_in_words_what_it_shows() -> None:
    said = quadrant.alt_text("One lies apart", {"Less effort": 2, "More effort": 0}, ["Tampa: 92 %"])
    assert said.startswith("One lies apart. Each dot a territory")
    assert "2 with less effort" in said
    assert "More effort" not in said
    assert said.endswith("Beyond chance: Tampa: 92 %.")
