"""study_late: less than an even chance of being full by the planned day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from metrics.cues.scene import Found, Scene
from metrics.cues.studies import study_late

Put = Callable[..., None]


@pytest.fixture
def late(land: Scene, put: Put) -> Scene:
    """S1 has 120 of 200 and 26 weeks left; its ten sites brought 52 in the last 26 weeks, so it lacks 28."""
    put("study", ["study", "name"], [["S1", "First study"]])
    put("site", ["site", "study", "activated"], [[f"A{k}", "S1", date(2026, 1, 1)] for k in range(10)])
    columns = ["site", "study", "event", "basis", "period_start", "period_end", "quantity"]
    put("enrolment", columns, [["A1", "S1", "enrolled", "actual", date(2026, 11, 6), date(2026, 11, 6), 52]])
    columns = ["study", "as_at", "enrolled", "target", "planned", "early", "middle", "late", "chance"]
    days = [date(2027, 5, 14), date(2027, 7, 1), date(2027, 8, 20), None]
    put("study_finish", columns, [["S1", land.anchor, 120, 200, *days, 0.031]])
    return land


def found(scene: Scene) -> list[Found]:
    return list(study_late(scene))


def test_said_to_the_medical_director_and_the_site_manager(late: Scene) -> None:
    director, manager = found(late)
    assert (director.role, director.hierarchy, director.node, director.subject) == ("medical_director", "m", "M", "S1")
    assert (manager.role, manager.hierarchy, manager.node) == ("site_manager", "s", "S1")
    assert director.headline == "S1 will probably miss 14 May 2027: full about 20 Aug 2027"
    assert director.reasons == (
        "120 of 200 enrolled; 3 chances in 100 to be full by then",
        "2.0 a week from 10 open sites in 26 weeks; it takes 3.1, as from 6 sites more at its average",
        "8 chances in 10 that it is full between 1 Jul 2027 and more than 20 years from now",
    )
    assert director.worth == pytest.approx((28, 80))


@pytest.mark.parametrize("change", ["chance = 0.5", "chance = NULL", "planned = NULL", "planned = DATE '2026-11-01'"])
def test_otherwise_nothing(late: Scene, change: str) -> None:
    late.con.execute(f"UPDATE study_finish SET {change}")
    assert found(late) == []
