"""From answers to tiles: the reason in place of a number, the stale feed said, the noise kept quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard.answers import Answers, Series
from dashboard.parts import numbers
from dashboard.parts.numbers import Known, Shown
from dashboard.views import one_picture
from dashboard.words import ENGLISH
from metrics.catalog import METRICS
from metrics.query import Withheld
from metrics.reading import read
from metrics.result import Result

AGES = {"field": (date(2026, 9, 1), 82)}


def answer(**cells: float | None) -> Result:
    """The answer for one node over 13 weeks."""
    row = {"node_id": "N", "node": "North", "period_end": pd.Timestamp("2026-11-13"), **cells}
    return Result(
        rows=pd.DataFrame([row]), withheld=(), as_of=date(2026, 11, 22), snapshot="s1", lineage={}, partial=frozenset()
    )


def known(result: Result, line: list[float] | None = None) -> Known:
    """What a page knows, with one line of calls."""
    ends = pd.date_range("2026-05-22", periods=len(line or []), freq="7D")
    lines = pd.DataFrame({"node_id": "N", "period_end": ends, "calls": line or []})
    series = read(replace(result, rows=lines))
    return Known(numbers=Answers(read(result), "previous"), lines=Series(series), length=13, ages=AGES)


def test_a_number_with_its_change_note_and_definition() -> None:
    result = answer(calls=50, calls__previous=100, persons_met=40)
    tile = numbers.tile(
        Shown(metric="calls", note="{persons_met} met to {end}"), known(result, [8.0] * 13 + [4.0] * 13), ENGLISH
    )
    assert tile.value == "50"
    assert tile.change is not None
    assert (tile.change.words, tile.change.tone) == ("50.0\u202f% lower", "concern")
    assert tile.note == "40 met to 13 Nov"
    assert len(tile.spark) == 26
    assert "from 8 to 4" in tile.spark_words
    assert dict(tile.about)["Snapshot"] == "s1"


def test_the_rule_keeps_noise_quiet() -> None:
    noisy = [8.0, 12.0] * 13
    tile = numbers.tile(Shown(metric="calls"), known(answer(calls=129, calls__previous=131), noisy), ENGLISH)
    assert tile.change is not None
    assert tile.change.words == "within noise"


def test_a_number_that_is_not_known_has_its_reason() -> None:
    result = replace(answer(calls=None), withheld=(Withheld(metric="calls", node_id="*", reason="not loaded"),))
    tile = numbers.tile(Shown(metric="calls"), known(result), ENGLISH)
    assert (tile.value, tile.reason) == ("", "Not loaded.")


def test_a_feed_that_ends_inside_the_window_is_said() -> None:
    result = replace(answer(calls=20), partial=frozenset({"calls"}))
    tile = numbers.tile(Shown(metric="calls"), known(result), ENGLISH)
    assert "ends 1 Sep" in tile.note
    assert "not compared" in tile.note


def test_a_note_that_misses_a_number_is_left_out() -> None:
    tile = numbers.tile(Shown(metric="calls", note="{persons_met} met"), known(answer(calls=5)), ENGLISH)
    assert tile.note == ""


def test_a_band_says_one_reason_once() -> None:
    wanted = {"field": (Shown(metric="calls"), Shown(metric="reach"))}
    every = tuple(Withheld(metric=name, node_id="*", reason="not loaded") for name in ("calls", "reach"))
    [band] = numbers.bands(wanted, {}, known(replace(answer(calls=None), withheld=every)), ENGLISH)
    assert band.reason.startswith("Field data is not loaded.")
    [band] = numbers.bands(wanted, {"field": "Not for this role."}, known(answer(calls=5)), ENGLISH)
    assert (band.reason, list(band.tiles)) == ("Not for this role.", [])


@pytest.mark.parametrize("wanted", [one_picture.COMMERCIAL, one_picture.MEDICAL, one_picture.MARKET])
def test_a_page_names_only_metrics_that_exist_each_in_its_band(wanted: dict[str, tuple[Shown, ...]]) -> None:
    assert set(numbers.needed(wanted)) <= set(METRICS)
    for band, shown in wanted.items():
        assert {METRICS[each.metric].band for each in shown} == {band}


def test_the_medical_edition_asks_for_no_outcome() -> None:
    tables = (one_picture.MEDICAL_BELOW, one_picture.SITES, one_picture.EXPERTS)
    asked = {*numbers.needed(one_picture.MEDICAL), *(each.metric for each in one_picture.MEDICAL_LANES)}
    asked |= {told.metric for table in tables for told in table}
    assert asked <= set(METRICS)
    assert not {name for name in asked if METRICS[name].band == "outcome"}


def test_a_band_shows_what_is_known_before_it_says_not_loaded() -> None:
    """Calls without a plan: the calls are shown; where a number is withheld for its smallness, that stays said."""
    wanted = {"field": (Shown(metric="reach", otherwise=Shown(metric="calls", note="no call plan is loaded")),)}
    unplanned = replace(
        answer(reach=None, calls=50), withheld=(Withheld(metric="reach", node_id="*", reason="not loaded"),)
    )
    [band] = numbers.bands(wanted, {}, known(unplanned), ENGLISH)
    assert [(tile.title, tile.value, tile.note) for tile in band.tiles] == [("Calls", "50", "no call plan is loaded")]
    small = replace(answer(reach=None, calls=50), withheld=(Withheld(metric="reach", node_id="N", reason="too few"),))
    [band] = numbers.bands(wanted, {}, known(small), ENGLISH)
    assert not band.tiles or band.tiles[0].title == METRICS["reach"].title
    nothing = replace(
        answer(reach=None, calls=None),
        withheld=tuple(Withheld(metric=name, node_id="*", reason="not loaded") for name in ("reach", "calls")),
    )
    [band] = numbers.bands(wanted, {}, known(nothing), ENGLISH)
    assert band.reason.startswith("Field data is not loaded")


def test_a_medical_reader_gets_no_verdict_on_promotion() -> None:
    result = answer(calls=50, calls__previous=100)
    judged = numbers.tile(Shown(metric="calls"), known(result), ENGLISH)
    unjudged = numbers.tile(Shown(metric="calls"), replace(known(result), unjudged=one_picture.PROMOTION), ENGLISH)
    assert judged.change is not None
    assert unjudged.change is not None
    assert (judged.change.tone, unjudged.change.tone) == ("concern", "quiet")


def test_a_small_plan_shows_the_decimal_that_its_percentage_is_reckoned_with() -> None:
    result = answer(enrolled_vs_plan=178.6, enrolled_to_date=20, enrolled_planned=11.2)
    tile = numbers.tile(one_picture.MEDICAL["sites"][0], known(result), ENGLISH)
    assert (tile.value, tile.note) == ("179\u202f%", "20 of 11.2 planned by 13 Nov")
