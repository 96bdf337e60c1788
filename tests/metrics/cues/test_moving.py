"""writing_less and writing_more by the year: like for like, hidden counts never blown up, an opt-out never read."""

from __future__ import annotations

import json
from collections.abc import Callable

from metrics.cues.moving import writing_less, writing_more
from metrics.cues.prescribing import writing_less as everybody
from metrics.cues.scene import Scene

Put = Callable[..., None]
NOW = "product = 'ours' AND period_start >= DATE '2025-01-01'"


def write(scene: Scene, who: str, quantity: int, below: int | None = None) -> None:
    """What one HCP wrote of ours in the later year."""
    scene.con.execute(f"UPDATE outcome SET quantity = ?, below = ? WHERE subject = ? AND {NOW}", [quantity, below, who])


def test_small_moves_say_nothing(years: Scene) -> None:
    assert list(writing_less(years)) == []
    assert list(writing_more(years)) == []


def test_a_year_against_the_year_before_is_said_with_its_numbers(years: Scene, put: Put) -> None:
    write(years, "Y009", 40)
    put("interaction", ["interaction", "call_id", "party", "product", "period_start", "period_end", "quantity"],
        [["i", "c", "Y009", "ours", "2025-01-01", "2025-12-31", 3]])  # fmt: skip
    (cue,) = everybody(years)
    assert (cue.role, cue.node, cue.subject) == ("rep", "K1", "Y009")
    assert cue.headline == "{subject} is writing less Ours"
    assert cue.reasons[0].startswith("Ours 156 \u2192 40 scripts in the year; the region is ")
    assert cue.reasons[2].startswith("Met 3 times for Ours in the year; its market is \u2212")
    assert 0 < cue.worth[0] < 116 / 52 < cue.worth[1] + 0.3
    assert list(writing_more(years)) == []
    json.dumps(cue.evidence)


def test_a_rise_is_the_same_test_from_the_other_side(years: Scene) -> None:
    write(years, "Y009", 400)
    (cue,) = writing_more(years)
    assert cue.headline == "{subject} is writing more Ours"
    assert cue.evidence["z"] > 2
    assert list(writing_less(years)) == []


def test_a_hidden_count_stands_just_below_its_number_and_is_called_so(years: Scene) -> None:
    then = "product = 'ours' AND period_start < DATE '2025-01-01'"
    for who, before in (("Y009", 110), ("Y017", 400)):
        years.con.execute(f"UPDATE outcome SET quantity = {before} WHERE subject = '{who}' AND {then}")
        write(years, who, 0, below=100)
    (cue,) = writing_less(years)
    assert cue.subject == "Y017", "110 to at most 99 is not surely a fall by a fifth; 400 to at most 99 is"
    assert "Ours 400 \u2192 under 100 scripts" in cue.reasons[0]
    assert (cue.evidence["before"], cue.evidence["now"], cue.evidence["hidden_below"]) == (400, 99, 100)


def test_who_is_absent_from_one_year_is_unknown_and_not_fallen(years: Scene) -> None:
    years.con.execute(f"DELETE FROM outcome WHERE subject = 'Y009' AND {NOW}")
    assert list(writing_less(years)) == []
    years.con.execute("UPDATE coverage SET absent = 'zero'")
    (cue,) = writing_less(years)
    assert cue.evidence["now"] == 0


def test_a_product_that_one_year_lacks_is_not_compared(years: Scene) -> None:
    years.con.execute(f"DELETE FROM outcome WHERE {NOW}")
    years.con.execute("UPDATE coverage SET absent = 'zero'")
    assert list(writing_less(years)) == []


def test_an_opted_out_physician_is_never_read(years: Scene, put: Put) -> None:
    write(years, "Y009", 40)
    put("pdrp_now", ["party"], [["Y009"]])
    assert list(writing_less(years)) == []


def test_a_practice_that_stopped_altogether_has_closed(years: Scene) -> None:
    write(years, "Y009", 40)
    years.con.execute("UPDATE outcome SET subject_kind = 'practice'")
    years.con.execute("UPDATE place SET subject_kind = 'practice'")
    years.con.execute("UPDATE coverage SET absent = 'zero'")
    assert [cue.subject for cue in writing_less(years)] == ["Y009"]
    write(years, "Y009", 0)
    assert list(writing_less(years)) == []
