"""vacant_territory: nobody active, and a plan worth covering."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from metrics.cues.scene import Found, Scene
from metrics.cues.vacancy import vacant_territory

Put = Callable[..., None]
POST = ["actor", "role", "hierarchy", "node", "team", "status", "from_date", "to_date"]


@pytest.fixture
def staffed(land: Scene, put: Put) -> Scene:
    """Every territory has a plan of 92 calls in 92 days and a rep, but T5 has been vacant since 12 October."""
    columns = ["party", "hierarchy", "node", "cycle", "tier", "period_start", "period_end", "quantity"]
    put("plan", columns, [[f"H{k:02}", "f", f"T{k}", "Q4", "A", date(2026, 10, 1), date(2026, 12, 31), 92] for k in range(8)])  # fmt: skip  # noqa: E501
    put("roster", POST, [[f"U{k}", "rep", "f", f"T{k}", "core", "active", None, None] for k in range(8) if k != 5])
    put("roster", POST, [["U5", "rep", "f", "T5", "core", "active", None, date(2026, 10, 11)]])
    put("roster", POST, [[None, "rep", "f", "T5", "core", "vacant", date(2026, 10, 12), None]])
    return land


def found(scene: Scene) -> list[Found]:
    return list(vacant_territory(scene))


def test_said_to_the_district_and_the_region(staffed: Scene) -> None:
    district, region = found(staffed)
    assert (district.role, district.node, district.subject) == ("district_manager", "D1", "T5")
    assert (region.role, region.node) == ("regional_director", "R")
    assert district.headline == "Place T5 is vacant for 5 weeks"
    assert district.reasons == (
        "Vacant since 12 Oct 2026",
        "1 target, 1 of tier A; 92 calls planned to 31 Dec",
        "0 calls made there in four weeks; the plan asks for 7 a week",
    )


def test_leave_is_said_as_leave(staffed: Scene) -> None:
    staffed.con.execute("UPDATE roster SET status = 'leave' WHERE actor IS NULL")
    assert found(staffed)[0].headline == "Place T5 is on leave for 5 weeks"


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO roster (actor, role, hierarchy, node, status) VALUES ('U9', 'rep', 'f', 'T5', 'active')",
        "UPDATE roster SET from_date = DATE '2026-12-01' WHERE actor IS NULL",
        "UPDATE plan SET quantity = 20 WHERE node = 'T5'",
        "DELETE FROM plan WHERE node = 'T5'",
    ],
    ids=["covered", "later", "little to cover", "no plan"],
)
def test_otherwise_nothing(staffed: Scene, change: str) -> None:
    staffed.con.execute(change)
    assert found(staffed) == []
