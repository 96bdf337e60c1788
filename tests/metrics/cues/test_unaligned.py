"""unaligned_share: from two scripts in a hundred on."""

from __future__ import annotations

import pytest

from metrics.cues.scene import Scene
from metrics.cues.unaligned import unaligned_share


@pytest.fixture
def loose(land: Scene) -> Scene:
    """H00 and H01 of sixty stand in no territory: 78 of 2,340 scripts in 13 weeks."""
    land.con.execute("UPDATE place SET leaf = 'N~unaligned' WHERE hierarchy = 'f' AND subject IN ('H00', 'H01')")
    return land


def test_said_in_counts_to_the_steward(loose: Scene) -> None:
    (cue,) = unaligned_share(loose)
    assert (cue.role, cue.hierarchy, cue.node, cue.subject) == ("steward", "", "", "f")
    assert cue.headline == "Field: 3.3 % of scripts belong to no one"
    assert cue.reasons == (
        "2 HCPs of 60 stand under Unaligned (3 %)",
        "2 of them write: 78 of 2,340 scripts in 13 weeks",
        "They are gathered at 1 place of the map: in totals, in no territory",
    )
    assert cue.worth == (6.0, 6.0)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE place SET leaf = 'T0' WHERE subject = 'H00'",
        "DELETE FROM outcome WHERE subject = 'H00'",
        "DELETE FROM outcome",
        "UPDATE place SET leaf = 'T0'",
    ],
    ids=["one alone", "one does not write", "nothing loaded", "all aligned"],
)
def test_otherwise_nothing(loose: Scene, change: str) -> None:
    loose.con.execute(change)
    assert list(unaligned_share(loose)) == []


def test_what_belonged_to_nobody_only_before_is_said_of_then(loose: Scene) -> None:
    """From 15 Aug on nobody of theirs writes: units would seem to grow by what is missing before."""
    loose.con.execute("DELETE FROM outcome WHERE subject IN ('H00', 'H01') AND period_end >= DATE '2026-08-15'")
    (cue,) = unaligned_share(loose)
    assert cue.headline == "Field: 3.3 % of scripts of the 13 weeks before belong to no one"
    assert cue.reasons[2].startswith("Hardly any of it is in the window after")
    assert cue.evidence["window"] == "previous"
