"""Where annotations stand: as many words as fit, none over another, the rest kept at their rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations

import pytest

from dashboard.charts.note_places import GAP, LETTER, MARGIN, ROOM, Note, places

FIRST = datetime(2026, 5, 22)
LAST = FIRST + timedelta(days=7 * 29)


def notes(*days: int, text: str = "1 Oct: New pack on the shelves") -> list[Note]:
    """A note on each of these days after the first."""
    return [Note(at=FIRST + timedelta(days=day), text=text) for day in days]


@pytest.mark.parametrize("screen", list(ROOM))
def test_no_words_stand_over_others_or_outside(screen: str) -> None:
    placed = places(notes(0, 20, 25, 60, 61, 90, 120, 150, 175, 182), FIRST, LAST)
    said = [row for row in placed if row["kind"] == "said" and row["screen"] == screen]
    assert len(said) >= 3
    boxes = []
    for row in said:
        x = (row["at"] - FIRST) / (LAST - FIRST) * ROOM[screen]
        wide = GAP + LETTER * len(row["text"])
        begin = {"right": x, "left": x - wide, "edge": -8.0}[row["side"]]
        assert begin >= -8.0
        assert begin + wide <= ROOM[screen] + MARGIN
        boxes.append((row["row"], begin, begin + wide))
    assert not any(a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a, b in combinations(boxes, 2))


def test_notes_far_apart_share_a_row_and_near_ones_do_not() -> None:
    apart = [row["row"] for row in places(notes(5, 120), FIRST, LAST) if row.get("screen") == "desk"]
    assert apart == [0, 0]
    near = [row["row"] for row in places(notes(60, 62, 64), FIRST, LAST) if row.get("screen") == "desk"]
    assert len(set(near)) > 1


def test_every_note_keeps_its_rule_with_all_that_happened_that_day() -> None:
    rules = [
        row for row in places(notes(*range(0, 200, 4)) + notes(0, text="Two"), FIRST, LAST) if row["kind"] == "note"
    ]
    assert len(rules) == 50
    assert rules[0]["tip"].endswith("· Two")
