"""territory_falling and territory_rising by the year: against the trend around, said where it is explained."""

from __future__ import annotations

import json
from collections.abc import Callable

from metrics.cues.rising import territory_rising
from metrics.cues.scene import Scene
from metrics.cues.territory import territory_falling

Put = Callable[..., None]
NOW = "product = 'ours' AND period_start >= DATE '2025-01-01'"


def scale(scene: Scene, leaves: str, factor: float) -> None:
    """What the HCPs of these counties wrote of ours in the later year, times a factor."""
    where = f"{NOW} AND subject IN (SELECT subject FROM place WHERE leaf IN ({leaves}))"
    scene.con.execute(f"UPDATE outcome SET quantity = round(quantity * {factor}) WHERE {where}")


def test_a_steady_land_says_nothing(years: Scene) -> None:
    assert list(territory_falling(years)) == []
    assert list(territory_rising(years)) == []


def test_a_year_in_which_everybody_falls_alike_is_nobodys_fall(years: Scene) -> None:
    scale(years, "SELECT leaf FROM place", 0.8)
    assert list(territory_falling(years)) == []
    assert list(territory_rising(years)) == []


def test_a_county_that_falls_is_said_to_the_manager_above_it(years: Scene) -> None:
    scale(years, "'K3'", 0.8)
    (cue,) = [each for each in territory_falling(years) if each.role == "district_manager"]
    assert (cue.node, cue.subject, cue.hierarchy) == ("S1", "K3", "g")
    assert cue.headline.startswith("Place K3: ")
    assert cue.headline.endswith("% below the trend around it")
    assert "40 prescribers compared, known in both years" in cue.reasons[1]
    assert cue.evidence["prescribers"] == 40
    assert cue.worth[0] > 0
    json.dumps(cue.evidence)


def test_a_fall_that_all_of_a_region_shares_is_the_regions(years: Scene) -> None:
    scale(years, "'K0', 'K1', 'K2', 'K3'", 0.8)
    assert {(each.role, each.subject) for each in territory_falling(years)} == {
        ("national_leader", "R0"), ("brand_lead", "R0")
    }  # fmt: skip


def test_a_rise_is_said_as_one(years: Scene) -> None:
    scale(years, "'K3'", 1.3)
    (cue,) = [each for each in territory_rising(years) if each.role == "district_manager"]
    assert cue.subject == "K3"
    assert cue.evidence["actual"] > cue.evidence["expected"]


def test_a_unit_of_nine_prescribers_is_no_evidence(years: Scene) -> None:
    scale(years, "'K3'", 0.8)
    years.con.execute("DELETE FROM outcome WHERE subject IN (SELECT subject FROM place WHERE leaf = 'K3' OFFSET 9)")
    assert not [each for each in territory_falling(years) if each.subject == "K3"]


def test_hidden_counts_make_no_fall(years: Scene) -> None:
    """A whole county whose counts of about 150 come to lie below 100: surely down by a third, never to nothing."""
    where = f"{NOW} AND subject IN (SELECT subject FROM place WHERE leaf = 'K3')"
    years.con.execute(f"UPDATE outcome SET quantity = 0, below = 100 WHERE {where}")
    (cue,) = [each for each in territory_falling(years) if each.subject == "K3" and each.role == "district_manager"]
    assert cue.evidence["actual"] == 40 * 99
    assert "below 100 stands as 99" in cue.reasons[1]
