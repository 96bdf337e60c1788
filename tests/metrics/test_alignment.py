"""Today's alignment and that of the day, on a Smallland in which four HCPs moved.

H05 left Valley for Island on 3 October, in the middle of C13W; H07 left Shore for Island on 1 September; H03, who has
opted out, left Island for Shore on 3 October; H04, met together with H03, changed the MSL territory on 1 November.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from data.errors import WrongQuestion
from data.levels import path
from metrics.access import authorise
from metrics.alignment import NOT_SPLIT
from metrics.build import build
from metrics.query import GrantedQuery, MetricQuery, Visitor
from metrics.result import Result, ask
from tests import smallland

MOVES = {
    ("H05", "field"): ("SM_S1a", date(2026, 10, 3)),
    ("H07", "field"): ("SM_N1a", date(2026, 9, 1)),
    ("H03", "field"): ("SM_N1b", date(2026, 10, 3)),
    ("H04", "medical"): ("ME_R2", date(2026, 11, 1)),
}
STEWARD = Visitor(id="s", role="steward", hierarchy="field", node=None)
LEADER = Visitor(id="l", role="national_leader", hierarchy="field", node="SM")
DIRECTOR = Visitor(id="d", role="regional_director", hierarchy="field", node="SM_N")
REP = Visitor(id="r", role="rep", hierarchy="field", node="SM_N1b")
LEVELS = ("nation", "region", "district", "territory")
ASKED = MetricQuery(metrics=("trx",), hierarchy="field", within=None, by="territory", product="alfa")


def _moved() -> smallland.Rows:
    rows = smallland.smallland()
    alignment = []
    for row in rows["alignment"]:
        before = MOVES.get((row["subject"], row["hierarchy"]))
        if before:
            where, since = before
            alignment.append({**row, "node": where, "to_date": since - timedelta(days=1)})
            row = {**row, "from_date": since}
        alignment.append(row)
    return {**rows, "alignment": alignment}


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from data.snapshot import open_snapshot

    workspace = smallland.workspace(Path(tmp_path_factory.mktemp("moved")) / "home", rows=_moved())
    build(workspace, smallland.AS_OF)
    return open_snapshot(workspace)


def told(snapshot: Any, visitor: Visitor, alignment: str, **changes: Any) -> Result:
    return ask(authorise(replace(ASKED, alignment=alignment, **changes), visitor, snapshot), snapshot)


def column(result: Result, name: str = "trx") -> dict[str, float]:
    return {
        row["node_id"]: float(row[name])
        for row in result.rows.to_dict("records")
        if row[name] == row[name] and row[name] is not None
    }


def _sums(snapshot: Any, first: date, last: date, stays: frozenset[str] = frozenset()) -> dict[str, float]:
    """Alfa by node, each week where its HCP was aligned that Friday; those who stay count where they are today."""
    nodes = snapshot.nodes("field")
    parents = {node.id: node.parent for node in nodes.values()}
    now = dict(snapshot.rows("SELECT subject, leaf FROM place WHERE hierarchy = 'field'"))
    total: dict[str, float] = defaultdict(float)
    for row in smallland.smallland()["outcome"]:
        if row["product"] == "alfa" and first <= row["period_start"] and row["period_end"] <= last:
            was, since = MOVES.get((row["subject"], "field"), ("", date.min))
            leaf = was if row["period_end"] < since and row["subject"] not in stays else now[row["subject"]]
            for node in path(leaf, parents):
                total[node] += row["quantity"]
    return dict(total)


@pytest.mark.parametrize("window", ["C13W", "R52", "2026-08..2026-09"])
def test_volume_counts_where_it_was_written_on_the_day_and_every_level_adds_up(moved: Any, window: str) -> None:
    stays = frozenset(row[0] for row in moved.rows("SELECT subject FROM concealed WHERE hierarchy = 'field'"))
    assert "H03" in stays and not stays & {"H05", "H07"}
    whole = None
    for level in LEVELS:
        result = told(moved, STEWARD, "as-was", by=level, window=window)
        first, last = (result.rows[side].iloc[0].date() for side in ("period_start", "period_end"))
        due = _sums(moved, first, last, stays)
        got = column(result)
        assert {node: value for node, value in got.items() if value} == pytest.approx(
            {node: due[node] for node in got if due.get(node)}
        )
        whole = whole or sum(got.values())
        assert sum(got.values()) == pytest.approx(whole)
    assert column(told(moved, STEWARD, "current", window=window)) != got


def test_a_line_has_each_of_its_weeks_at_the_alignment_of_that_week(moved: Any) -> None:
    rows = told(moved, STEWARD, "as-was", series=13).rows
    there = rows[rows["node_id"] == "SM_S1a"]
    before = there["period_end"].dt.date < date(2026, 10, 3)
    assert set(there["trx"][before]) == {27 + 3 + 6.0} and set(there["trx"][~before]) == {27 + 3.0}


def test_who_moved_is_one_person_in_every_total_and_stands_where_the_window_ends(moved: Any) -> None:
    for level in LEVELS:
        now, was = (told(moved, STEWARD, each, metrics=("writers",), by=level) for each in ("current", "as-was"))
        assert sum(column(was, "writers").values()) == sum(column(now, "writers").values()) == 12
        assert column(now, "writers") == column(was, "writers")  # the window ends today
    earlier = told(moved, STEWARD, "as-was", metrics=("writers",), window="2026-07..2026-07")
    assert column(earlier, "writers")["SM_S1a"] == 4
    assert (
        column(told(moved, STEWARD, "current", metrics=("writers",), window="2026-07..2026-07"), "writers")["SM_S1a"]
        == 3
    )


def test_a_group_call_is_one_call_above_those_who_were_met_in_it(moved: Any) -> None:
    def calls(alignment: str, by: str) -> dict[str, float]:
        return column(told(moved, STEWARD, alignment, metrics=("calls",), hierarchy="medical", by=by), "calls")

    # C4 met H03 and H04; on its day H04 was of the east, and so the call is one of both.
    assert calls("current", "MSL territory")["ME_R2"] == 1 and calls("as-was", "MSL territory")["ME_R2"] == 2
    assert calls("as-was", "MSL territory")["ME_R1"] == calls("current", "MSL territory")["ME_R1"] == 6
    assert calls("as-was", "nation") == calls("current", "nation") == {"ME": 7}
    field = [told(moved, STEWARD, each, metrics=("calls",)) for each in ("current", "as-was")]
    assert column(field[0], "calls") == column(field[1], "calls")  # calls count at the rep's own node


def test_a_number_of_days_over_persons_is_not_told_where_somebody_moved(moved: Any) -> None:
    result = told(moved, STEWARD, "as-was", metrics=("trx_per_writer",))
    assert column(result, "trx_per_writer").keys() & {"SM_S1a", "SM_N1b", "SM_N1a"} == set()
    assert result.reason("trx_per_writer", "SM_S1a") == NOT_SPLIT
    assert any(note.startswith("Alignment as it was") for note in result.notes)


def _both(snapshot: Any, visitor: Visitor, **changes: Any) -> tuple[GrantedQuery, Result, Result]:
    granted = authorise(replace(ASKED, **changes), visitor, snapshot)
    return granted, ask(granted, snapshot), told(snapshot, visitor, "as-was", **changes)


@pytest.mark.parametrize("compare", [None, "previous"])
def test_what_is_granted_in_aggregate_only_differs_nowhere_between_the_two(moved: Any, compare: str | None) -> None:
    names = ("trx", "share", "writers", "new_writers", "calls", "samples", "impressions", "reached_hcps", "media_reach")
    seen = 0
    for visitor, level, window in product((LEADER, DIRECTOR), LEVELS, ("C13W",)):
        if visitor is DIRECTOR and level == "nation":
            continue
        granted, now, was = _both(moved, visitor, metrics=names, by=level, window=window, compare=compare)
        for name in granted.small:
            for which in (name, f"{name}__{compare}") if compare else (name,):
                today, then = column(now, which), column(was, which)
                assert then == {node: today[node] for node in then}, (visitor.role, which, level)
                seen += len(then)
    assert seen > 15


def test_the_two_differ_by_nothing_of_whoever_is_concealed(moved: Any) -> None:
    first, last = smallland.C13W
    every = _sums(moved, first, last)
    now, was = (column(told(moved, DIRECTOR, each)) for each in ("current", "as-was"))
    assert was["SM_N1a"] - now["SM_N1a"] == 2 * 8  # H07 for the weeks up to the end of August, and not H03
    assert was["SM_N1b"] - now["SM_N1b"] == -2 * 8 - 7 * 6
    assert every["SM_N1a"] != was["SM_N1a"]
    masked = [column(told(moved, REP, each)) for each in ("current", "as-was")]
    assert masked[1]["SM_N1b"] - masked[0]["SM_N1b"] == -2 * 8 - 7 * 6


def test_row_by_row_and_an_alignment_that_there_is_not_are_wrong_questions(moved: Any) -> None:
    with pytest.raises(WrongQuestion, match="row by row everybody stands at one place"):
        told(moved, REP, "as-was", by="HCP")
    with pytest.raises(WrongQuestion, match='no alignment "aswas"'):
        told(moved, REP, "aswas")


def test_where_nobody_moved_both_are_one(smallland_snapshot: Any) -> None:
    now, was = (told(smallland_snapshot, STEWARD, each, metrics=("trx", "trx_per_writer", "reach")) for each in
                ("current", "as-was"))  # fmt: skip
    assert now.rows.equals(was.rows) and was.withheld == now.withheld
    assert was.notes == ("Alignment as it was: nobody was ever aligned elsewhere than today.",)
