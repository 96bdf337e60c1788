"""A fall is said once: where it is explained."""

from __future__ import annotations

from metrics.cues.falls import Fall, explaining


def _fall(node: str, rung: str, actual: float, expected: float, error: float) -> Fall:
    above = {"R1": ("N",), "D1": ("R1", "N"), "T1": ("D1", "R1", "N")}[node]
    return Fall(node, above, rung, "ours", False, actual, expected, error, 0.9, 1.0, 8)


def test_a_parent_explains_children_that_fell_alike() -> None:
    region = _fall("R1", "top", 800, 1000, 30)
    child = _fall("D1", "second", 410, 500, 22)
    assert explaining([region, child]) == [region]


def test_a_child_that_fell_alone_explains_its_parent() -> None:
    region = _fall("R1", "top", 900, 1000, 30)
    child = _fall("D1", "second", 160, 250, 16)
    assert explaining([region, child]) == [child]


def test_both_are_said_where_neither_explains_the_other() -> None:
    region = _fall("R1", "top", 700, 1000, 30)
    child = _fall("D1", "second", 60, 250, 16)
    assert explaining([region, child]) == [region, child]


def test_a_territory_may_explain_a_region_past_its_district() -> None:
    region = _fall("R1", "top", 920, 1000, 30)
    territory = _fall("T1", "third", 30, 100, 10)
    assert explaining([region, territory]) == [territory]
