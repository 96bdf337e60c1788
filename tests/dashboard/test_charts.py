"""Charts: whole specifications, drawn without a browser, that say in words what they show."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pyarrow as pa
import pytest
import vl_convert

from dashboard.charts import bridge, lanes
from dashboard.charts.lanes import Lane, Note, Points
from dashboard.theme import DARK, LIGHT, Theme

LANES = (
    Lane(key="trx", band="outcome", title="TRx a week", style="line"),
    Lane(key="calls", band="field", title="Calls a week", style="bars"),
    Lane(key="media_reach", band="media", title="HCPs reached, %", style="area"),
    Lane(key="exchanges", band="medical", title="Exchanges", style="dots"),
)
LABELS = {"trx": "run rate 92", "calls": "7", "media_reach": "40 %", "goal": "goal 100"}


def series(*, partial: bool = True, goal: bool = True) -> Points:
    """Ten weeks; the last one partial."""
    ends = [datetime(2026, 9, 11) + timedelta(days=7 * week) for week in range(10)]
    return Points(
        ends=ends,
        lines={
            "trx": [100.0, 98, 97, 99, 95, None, 94, 93, 92, 91],
            "calls": [float(week) for week in range(10)],
            "media_reach": [30.0 + week for week in range(10)],
            "exchanges": [0.0, 1, 0, 0, 2, 0, 0, 0, 1, 0],
        },
        goal=[100.0] * 10 if goal else [],
        partial={lane.key: [False] * 9 + [partial] for lane in LANES},
        dates=[f"{end.day} {end:%b}" for end in ends],
        tips=["words"] * 10,
    )


def svg(spec: dict[str, object], table: pa.Table, width: int = 720) -> str:
    """The chart as it is drawn."""
    rows = json.loads(json.dumps(table.to_pylist(), default=str))
    return str(vl_convert.vegalite_to_svg({**spec, "data": {"values": rows}, "width": width}))


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 720])
def test_the_lanes_are_drawn_with_direct_labels_and_the_goal(colours: Theme, width: int) -> None:
    notes = [Note(at=datetime(2026, 10, 1), text="1 Oct: New pack")]
    table = lanes.table(series(), lanes=LANES, labels=LABELS, run_rate=(92.0, 88.0, 96.0), notes=notes)
    drawn = svg(lanes.spec(LANES, colours, notes=1), table, width)
    for said in ("TRx a week", "Calls a week", "run rate 92", "goal 100", "1 Oct: New pack", "13 Nov"):
        assert said in drawn
    assert colours.band("field") in drawn
    assert "legend" not in drawn


def test_a_partial_period_is_hatched_and_only_that_one() -> None:
    whole = series(partial=False)
    spec = lanes.spec(LANES, LIGHT)
    assert "linearGradient" in svg(spec, lanes.table(series(), lanes=LANES, labels=LABELS))
    assert "linearGradient" not in svg(spec, lanes.table(whole, lanes=LANES, labels=LABELS))


@pytest.mark.parametrize("style", lanes.STYLES[:3])
def test_a_lane_of_nothing_but_zeros_has_an_axis_of_whole_numbers(style: str) -> None:
    lane = Lane(key="calls", band="field", title="Calls a week", style=style)
    nothing = replace(series(goal=False), lines={"calls": [0.0] * 10})
    drawn = svg(lanes.spec([lane], LIGHT), lanes.table(nothing, lanes=[lane], labels={"calls": "0"}))
    said = re.findall(r">([^<>]+)</text>", drawn)
    assert "0" in said
    assert all("." not in words and "NaN" not in words for words in said)


def test_the_words_of_bars_stand_clear_of_the_last_bar() -> None:
    rows = lanes.table(series(), lanes=LANES, labels=LABELS).to_pylist()
    label = next(row for row in rows if row["kind"] == "label" and row["lane"] == "calls")
    assert label["at"] == max(row["stop"] for row in rows if row["kind"] == "point")


def test_room_for_notes_moves_nothing_else() -> None:
    plain, roomy = lanes.spec(LANES, LIGHT), lanes.spec(LANES, LIGHT, notes=2)
    assert roomy["height"] > plain["height"]
    assert {**roomy, "height": 0} == {**plain, "height": 0}


def test_one_specification_serves_every_node() -> None:
    spec = lanes.spec(LANES, LIGHT)
    assert "data" not in spec
    assert "datasets" not in spec
    assert '"name": "table"' not in json.dumps(spec)
    assert spec == lanes.spec(LANES, LIGHT)
    assert spec != lanes.spec(LANES, DARK)


def test_every_lane_shares_one_time_axis_and_bars_begin_at_zero() -> None:
    text = json.dumps(lanes.spec(LANES, LIGHT))
    assert '"y": "independent"' in text
    assert '"x": "independent"' not in text
    bars = json.dumps(lanes.spec(LANES[1:2], LIGHT))
    assert '"y2": {"datum": 0}' in bars


def test_lanes_without_goal_or_run_rate_stand() -> None:
    table = lanes.table(series(goal=False), lanes=LANES[:1], labels={"trx": "91"})
    assert "range" not in table["kind"].to_pylist()
    assert "91" in svg(lanes.spec(LANES[:1], LIGHT), table)


def test_the_lanes_say_in_words_what_they_show() -> None:
    said = lanes.alt_text("TRx fell", LANES, LABELS)
    assert said.startswith("TRx fell.")
    assert "Calls a week: 7" in said
    assert "goal 100" in said


PARTS = ("Previous", "Market", "Breadth", "Depth", "Now")
STEPS = (12868.0, 60.0, -110.0, -478.0, 12340.0)
WORDS = ("12,868", "+60", "−110", "−478", "12,340")


def test_the_bridge_walks_from_start_to_end() -> None:
    table = bridge.table(PARTS, STEPS, WORDS)
    ends, begins = table["end"].to_pylist(), table["begin"].to_pylist()
    assert ends[-2] == ends[-1] == 12340
    assert begins[1:-1] == [12868, 12928, 12818]
    assert table["tone"].to_pylist() == ["whole", "improvement", "concern", "concern", "whole"]


def test_the_bridge_is_cut_below_everything_it_shows_or_not_at_all() -> None:
    table = bridge.table(PARTS, STEPS, WORDS)
    assert 0 < table["begin"][0].as_py() < min(table["end"].to_pylist())
    assert bridge.floor_of([10, 2, 30]) == 0
    assert bridge.floor_of([-5, 3]) == -5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_bridge_is_drawn_with_every_label(colours: Theme) -> None:
    drawn = svg(bridge.spec(colours, len(PARTS)), bridge.table(PARTS, STEPS, WORDS), 420)
    for said in (*PARTS, *WORDS):
        assert said in drawn
    assert colours.concern in drawn


def test_the_bridge_says_in_words_what_it_shows() -> None:
    assert "Depth −478" in bridge.alt_text("Why TRx fell", PARTS, WORDS)
