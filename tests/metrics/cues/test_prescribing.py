"""writing_less: who falls by more than chance, never an opted-out physician."""

from __future__ import annotations

import json
from collections.abc import Callable

from metrics.cues.prescribing import writing_less
from metrics.cues.scene import Found, Scene

Put = Callable[..., None]
FALL = (
    "UPDATE outcome SET quantity = 1 WHERE subject = 'H09' AND product = 'ours' AND period_start >= DATE '2026-08-15'"
)


def found(scene: Scene) -> list[Found]:
    return list(writing_less(scene))


def test_a_steady_market_says_nothing(land: Scene) -> None:
    assert found(land) == []


def test_one_fall_is_said_with_its_numbers(land: Scene, put: Put) -> None:
    land.con.execute(FALL)
    put("interaction", ["interaction", "call_id", "party", "period_start", "period_end"], [["i", "c", "H09", "2026-10-09", "2026-10-09"]])  # fmt: skip  # noqa: E501
    (cue,) = found(land)
    assert (cue.role, cue.node, cue.subject, cue.product) == ("rep", "T1", "H09", "ours")
    assert cue.headline == "{subject} is writing less Ours"
    assert cue.reasons[0] == "Ours 39 \u2192 13 scripts in 13 weeks; the market there is \u221220 %"
    assert cue.reasons[1] == "Last seen 6 weeks ago; not on the plan in force"
    assert cue.reasons[2] == "No e-mail or advertisement for Ours in 13 weeks"
    assert (cue.evidence["before"], cue.evidence["now"]) == (39, 13)
    assert 0 < cue.worth[0] < (39 * cue.evidence["region_growth"] - 13) / 13 < cue.worth[1]
    assert 0.5 < cue.confidence <= 1
    json.dumps(cue.evidence)


def test_an_opted_out_physician_is_never_named_and_shapes_nothing(land: Scene, put: Put) -> None:
    land.con.execute(FALL)
    (before,) = found(land)
    put("pdrp_now", ["party"], [["H09"], ["H17"]])
    assert found(land) == []
    land.con.execute("DELETE FROM pdrp_now WHERE party = 'H09'")
    land.con.execute("UPDATE outcome SET quantity = 90 WHERE subject = 'H17' AND period_start >= DATE '2026-08-15'")
    (after,) = found(land)
    land.con.execute("DELETE FROM outcome WHERE subject = 'H17'")
    (without,) = found(land)
    assert after == without
    assert before.evidence["before"] == after.evidence["before"]


def test_a_fall_that_the_region_shares_is_not_the_physicians(land: Scene) -> None:
    land.con.execute("UPDATE outcome SET quantity = 1 WHERE product = 'ours' AND period_start >= DATE '2026-08-15'")
    assert found(land) == []


def test_a_window_not_loaded_in_full_is_no_evidence(land: Scene) -> None:
    land.con.execute(FALL)
    land.con.execute("DELETE FROM outcome WHERE period_start < DATE '2026-06-01'")
    assert found(land) == []


def test_yearly_data_says_nothing(land: Scene) -> None:
    land.con.execute(FALL)
    assert found(Scene(land.con, land.as_of, land.anchor, "year")) == []
