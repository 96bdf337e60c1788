"""inquiry_due: four fifths of the promised working time, weekends not counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from metrics.cues.inquiries import inquiry_due
from metrics.cues.scene import Found, Scene

Put = Callable[..., None]


def ask(put: Put, received: str, due: str, answered: str | None = None, party: str | None = "H00") -> None:
    row = ["Q1", party, "standard", datetime.fromisoformat(received), datetime.fromisoformat(due)]
    put("inquiry", ["inquiry", "party", "hierarchy", "node"], [["Q1", party, "m", "X1"]])
    columns = ["inquiry", "party", "urgency", "received_at", "due_at", "responded_at"]
    put("inquiry_state", columns, [[*row, datetime.fromisoformat(answered) if answered else None]])


def found(scene: Scene) -> list[Found]:
    return list(inquiry_due(scene))


def test_due_on_monday_is_said_on_sunday(land: Scene, put: Put) -> None:
    """Asked Monday 16 at 11, promised Monday 23 at 11: 38 of 40 working hours are gone when the week ends."""
    ask(put, "2026-11-16 11:00", "2026-11-23 11:00")
    (cue,) = found(land)
    assert (cue.role, cue.node, cue.subject, cue.due) == ("msl", "X1", "H00", date(2026, 11, 23))
    assert cue.headline == "The question of {subject} is due Mon 23 Nov"
    assert cue.reasons[:2] == (
        "Asked Mon 16 Nov 11:00, promised by Mon 23 Nov 11:00",
        "95 % of the promised time is used: standard, 40 working hours",
    )
    assert cue.evidence["used"] == pytest.approx(38 / 40)


def test_overdue_says_how_late(land: Scene, put: Put) -> None:
    ask(put, "2026-11-12 09:00", "2026-11-19 09:00")
    (cue,) = found(land)
    assert cue.headline == "The question of {subject} is overdue"
    assert cue.reasons[1] == "16 working hours overdue: standard, 40 working hours"
    assert cue.due == date(2026, 11, 23)


def test_young_or_answered_is_silent(land: Scene, put: Put) -> None:
    ask(put, "2026-11-19 09:00", "2026-11-26 09:00")
    assert found(land) == []
    land.con.execute("UPDATE inquiry_state SET received_at = '2026-11-12 09:00', due_at = '2026-11-19 09:00'")
    assert len(found(land)) == 1
    land.con.execute("UPDATE inquiry_state SET responded_at = '2026-11-20 09:00'")
    assert found(land) == []


def test_nobody_known_is_named_by_the_question(land: Scene, put: Put) -> None:
    ask(put, "2026-11-12 09:00", "2026-11-19 09:00", party=None)
    (cue,) = found(land)
    assert (cue.subject, cue.headline) == ("Q1", "Question {subject} is overdue")
