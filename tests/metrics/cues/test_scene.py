"""A scene: what every team sees alike is read once, and what a team did is nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.errors import BadDeclaration
from metrics.cues.run import RULES
from metrics.cues.scene import Alike, Scene
from metrics.models.declare import Watched

OUTCOMES = "SELECT count(*) AS n FROM outcome"
CALLS = "SELECT count(*) AS n FROM interaction"


def test_what_reads_no_activity_is_worked_out_once_for_every_team(land: Scene) -> None:
    one = replace(land, alike=Alike({}))
    first = one.once("outcomes", lambda: int(one.frame(OUTCOMES)["n"].iloc[0]))
    land.con.execute("DELETE FROM outcome")
    other = replace(one, team="core")
    assert other.once("outcomes", lambda: int(other.frame(OUTCOMES)["n"].iloc[0])) == first > 0
    assert land.once("outcomes", lambda: int(land.frame(OUTCOMES)["n"].iloc[0])) == 0


def test_activity_is_never_kept_for_another_team(land: Scene) -> None:
    for scene in (land, replace(land, alike=Alike({}), team="core")):
        with pytest.raises(BadDeclaration, match="every team sees differently"):
            scene.once("calls", lambda scene=scene: scene.frame(CALLS))


@pytest.mark.parametrize(("name", "kept"), [("unaligned_share", True), ("overdue_target", False)])
def test_a_rule_is_found_once_where_it_reads_no_activity(land: Scene, name: str, kept: bool) -> None:
    scene = replace(land, con=Watched(land.con), alike=Alike({}))
    RULES[name].found(scene, scene.con)
    assert (name in (scene.alike.found or {})) is kept


def test_what_one_rule_may_read_is_kept_for_no_rule_that_may_read_less(land: Scene) -> None:
    watched = Watched(land.con)
    scene = replace(land, con=watched, alike=Alike({}))
    with watched.within(frozenset({"rx"}), "one"):
        scene.once("outcomes", lambda: scene.frame(OUTCOMES))
    with watched.within(frozenset(), "other"), pytest.raises(BadDeclaration):
        scene.once("outcomes", lambda: scene.frame(OUTCOMES))
