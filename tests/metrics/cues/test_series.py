"""Scripts of units by period: whole, in order, and without whom the owner must not see."""

from __future__ import annotations

from metrics.cues import series
from metrics.cues.scene import Scene
from metrics.signals import shift


def test_every_period_and_leaf_adds_up(land: Scene) -> None:
    hierarchy = land.hierarchies["f"]
    table = series.scripts(land, hierarchy, "ours", False, shift.WEEKLY)
    assert table.shape == (54, 8)
    assert list(table.index) == sorted(table.index)
    assert set(series.of_nodes(land, hierarchy, table, ["N"])[:, 0]) == {180.0}
    assert set(series.of_nodes(land, hierarchy, table, ["D0"])[:, 0]) == {3.0 * 32}


def test_opted_out_physicians_are_outside_where_masked(land: Scene) -> None:
    land.con.execute("INSERT INTO pdrp_now VALUES ('H00')")
    hierarchy = land.hierarchies["f"]
    for masked, scripts in ((False, 24.0), (True, 21.0)):
        table = series.scripts(land, hierarchy, "ours", masked, shift.WEEKLY)
        assert set(series.of_nodes(land, hierarchy, table, ["T0"])[:, 0]) == {scripts}


def test_nodes_come_with_what_is_above_them(land: Scene) -> None:
    assert series.nodes(land, land.hierarchies["f"], "district") == [("D0", ("R", "N")), ("D1", ("R", "N"))]
    assert series.nodes(land, land.hierarchies["f"], "nation") == []
