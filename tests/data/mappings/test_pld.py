"""Media by person, and what it cost."""

from __future__ import annotations

from pathlib import Path

from tests.data.mappings.taking import Taken, frame, number


def test_media_by_person_keeps_those_it_matched_to_nobody(tmp_path: Path) -> None:
    taken = Taken("pld", tmp_path)
    raw = frame(taken.files, "events.csv")
    raw = raw[raw["channel"] != "Billboard"]
    shown = raw[raw["event"].str.lower().str.startswith("impression")]
    assert taken.total("exposure", event="impression") == number(shown["qty"]).sum() == 49
    assert taken.total("exposure", event="click") == 1
    assert taken.staged("exposure")["party"].isna().sum() == 1
    assert taken.total("spend") == number(frame(taken.files, "spend.csv")["amount"]).sum()
    assert taken.fates["events.csv"] == (5, 4, 0, 0, 1)
