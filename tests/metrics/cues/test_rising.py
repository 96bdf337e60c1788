"""territory_rising: the mirror of a fall, said where it is explained."""

from __future__ import annotations

import pytest

from metrics.cues.rising import territory_rising
from metrics.cues.scene import Found, Scene

SINCE = "period_start >= DATE '2026-09-05' AND product = 'ours'"


def grow(scene: Scene, territories: str, factor: float) -> None:
    scene.con.execute(
        f"UPDATE outcome SET quantity = quantity * {factor} WHERE {SINCE} "
        "AND subject IN (SELECT subject FROM place WHERE hierarchy = 'f' AND leaf SIMILAR TO ?)",
        [territories],
    )


def found(scene: Scene) -> dict[tuple[str, str], Found]:
    return {(cue.role, cue.subject): cue for cue in territory_rising(scene)}


def test_level_and_common_rises_are_nobodys(land: Scene) -> None:
    assert found(land) == {}
    grow(land, "T.", 2)
    assert found(land) == {}


def test_a_territorys_rise_goes_to_its_district_manager(land: Scene) -> None:
    grow(land, "T2", 2)
    (cue,) = found(land).values()
    assert (cue.role, cue.node, cue.subject) == ("district_manager", "D0", "T2")
    assert "% above its usual part" in cue.headline
    assert cue.reasons[1] == "Above it in 8 of the last 8 weeks"
    assert cue.evidence["actual"] > cue.evidence["expected"]
    assert 0 < cue.worth[0] < cue.worth[1]


def test_a_districts_common_rise_is_said_once_and_names_who_brings_most(land: Scene) -> None:
    grow(land, "T[0-3]", 1.6)
    grow(land, "T2", 1.1)
    (cue,) = found(land).values()
    assert (cue.role, cue.node, cue.subject) == ("regional_director", "R", "D0")
    assert "Place T2 alone brings" in cue.reasons[1]
    assert cue.evidence["most_from"] == "T2"


@pytest.mark.parametrize("change", ["DELETE FROM outcome WHERE period_start < DATE '2026-05-01'", "UPDATE outcome SET quantity = quantity / 20"])  # fmt: skip  # noqa: E501
def test_no_evidence_no_cue(land: Scene, change: str) -> None:
    grow(land, "T2", 2)
    land.con.execute(change)
    assert found(land) == {}
