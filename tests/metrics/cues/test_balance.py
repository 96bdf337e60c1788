"""unbalanced_map: two cycles running outside 85 to 115 % of the average; the nation hears beyond 30 %."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from metrics.cues.balance import unbalanced_map
from metrics.cues.scene import Found, Scene

Put = Callable[..., None]


@pytest.fixture
def planned(land: Scene, put: Put) -> Scene:
    """Eight territories of 100 planned calls, but for T2 with 140 and T3 with 60, in both quarters."""
    columns = ["party", "hierarchy", "node", "cycle", "tier", "period_start", "period_end", "quantity"]
    for cycle, first, last in (("Q3", date(2026, 7, 1), date(2026, 9, 30)), ("Q4", date(2026, 10, 1), date(2026, 12, 31))):  # fmt: skip  # noqa: E501
        load = {2: 140, 3: 60}
        put("plan", columns, [[f"H{k:02}", "f", f"T{k}", cycle, "A", first, last, load.get(k, 100)] for k in range(8)])
    return land


def found(scene: Scene) -> list[Found]:
    return list(unbalanced_map(scene))


def test_said_to_the_region_and_the_nation(planned: Scene) -> None:
    said = {(cue.role, cue.node, cue.subject): cue for cue in found(planned)}
    assert set(said) == {(role, node, t) for role, node in (("regional_director", "R"), ("national_leader", "N")) for t in ("T2", "T3")}  # fmt: skip  # noqa: E501
    cue = said["regional_director", "R", "T2"]
    assert cue.headline == "Place T2 carries 140 % of an average workload"
    assert cue.reasons == (
        "140 calls planned in this cycle; the average territory has 100",
        "1 target, 1 of tier A; the average is 1 target",
        "140 % in the cycle before; Place T3 beside it 60 %",
    )
    assert cue.worth == pytest.approx((0.25 * 100 / 13, 0.40 * 100 / 13))


def test_the_nation_hears_only_of_what_is_far_off(planned: Scene) -> None:
    planned.con.execute("UPDATE plan SET quantity = 120 WHERE node = 'T2'")
    planned.con.execute("UPDATE plan SET quantity = 80 WHERE node = 'T3'")
    assert [(cue.role, cue.subject) for cue in found(planned)] == [("regional_director", "T2"), ("regional_director", "T3")]  # fmt: skip  # noqa: E501


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE plan SET quantity = 100 + 0.3 * (quantity - 100)",
        "UPDATE plan SET quantity = 100 WHERE cycle = 'Q3'",
        "UPDATE plan SET quantity = 200 - quantity WHERE cycle = 'Q3'",
        "DELETE FROM plan WHERE cycle = 'Q3'",
        "DELETE FROM plan WHERE cycle = 'Q4'",
    ],
    ids=["balanced", "new", "the other way round", "no cycle before", "no cycle in force"],
)
def test_otherwise_nothing(planned: Scene, change: str) -> None:
    planned.con.execute(change)
    assert found(planned) == []
