"""territory_falling: one's own fall, said where it is explained, to the one above."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from metrics.cues.scene import Found, Scene
from metrics.cues.territory import territory_falling

Put = Callable[..., None]
SINCE = "period_start >= DATE '2026-09-05' AND product = 'ours'"


def shrink(scene: Scene, territories: str, factor: float) -> None:
    scene.con.execute(
        f"UPDATE outcome SET quantity = quantity * {factor} WHERE {SINCE} "
        "AND subject IN (SELECT subject FROM place WHERE hierarchy = 'f' AND leaf SIMILAR TO ?)",
        [territories],
    )


def found(scene: Scene) -> dict[tuple[str, str], Found]:
    return {(cue.role, cue.subject): cue for cue in territory_falling(scene)}


def test_level_says_nothing(land: Scene) -> None:
    assert found(land) == {}


def test_a_fall_everywhere_is_nobodys(land: Scene) -> None:
    shrink(land, "T.", 0.5)
    assert found(land) == {}


def test_a_territorys_fall_goes_to_its_district_manager(land: Scene, put: Put) -> None:
    """T2: 24 a week, at 50 % for ten weeks; two of those lie in the base, so its share says 174 in eight."""
    shrink(land, "T2", 0.5)
    (cue,) = found(land).values()
    assert (cue.role, cue.node, cue.subject) == ("district_manager", "D0", "T2")
    assert cue.headline == "Place T2: 45 % below its usual part"
    assert cue.reasons[0].startswith("96 scripts in 8 weeks; its usual part is 17")
    assert cue.reasons[1] == "Below it in 8 of the last 8 weeks"
    assert cue.unit == "scripts a week"
    assert cue.worth[0] < -(cue.evidence["actual"] - cue.evidence["expected"]) / 8 < cue.worth[1]


def test_a_districts_common_fall_is_said_once_to_the_region(land: Scene) -> None:
    shrink(land, "T[0-3]", 0.6)
    assert list(found(land)) == [("regional_director", "D0")]


def test_why_and_effort_come_from_the_bridge_and_the_calls(land: Scene, put: Put) -> None:
    shrink(land, "T2", 0.5)
    rows = [["f", "T2", "C13W", "previous", "ours", True, 3, "breadth", -20], ["f", "T2", "C13W", "previous", "ours", True, 4, "depth", -90]]  # fmt: skip  # noqa: E501
    put("bridge", ["hierarchy", "node", "win", "shift", "product", "masked", "position", "factor", "quantity"], rows)
    calls = [[str(k), str(k), "f", "T2", day, day] for k, day in enumerate(["2026-11-02", "2026-08-04", "2026-08-05"])]
    put("interaction", ["interaction", "call_id", "hierarchy", "node", "period_start", "period_end"], calls)
    (cue,) = found(land).values()
    assert cue.reasons[1] == "Against the 13 weeks before: depth \u221290, breadth \u221220 scripts"
    assert cue.reasons[2] == "1 call in the same 8 weeks, 2 in the 8 before"


def test_for_a_district_manager_opted_out_physicians_are_outside(land: Scene, put: Put) -> None:
    """Everything that fell in T2 was written by opted-out physicians: the manager hears nothing."""
    shrink(land, "T2", 0.5)
    put("pdrp_now", ["party"], [[f"H{k:02}"] for k in range(2, 60, 8)])
    assert all(cue.role != "district_manager" for cue in found(land).values())


@pytest.mark.parametrize("change", ["DELETE FROM outcome WHERE period_start < DATE '2026-05-01'", "UPDATE outcome SET quantity = quantity / 20"])  # fmt: skip  # noqa: E501
def test_no_evidence_no_cue(land: Scene, change: str) -> None:
    """Too short a history, or too few scripts to expect."""
    shrink(land, "T2", 0.5)
    land.con.execute(change)
    assert found(land) == {}


def test_the_product_is_named_where_there_are_several(land: Scene) -> None:
    land.con.execute("INSERT INTO product (product, name, own) VALUES ('more', 'More', TRUE)")
    shrink(land, "T2", 0.5)
    (cue,) = found(land).values()
    assert cue.headline == "Place T2: Ours 45 % below its usual part"
