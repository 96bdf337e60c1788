"""Which day the data speaks of: what happened moves as_of, what is planned does not, one grain counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from data.errors import BadInput
from data.snapshot import SnapshotInfo, assemble
from tests import smallland
from tests.data.tinyland import Rows, met, outcome, tinyland

Made = Callable[..., SnapshotInfo]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def _made(rows: Rows, as_of: date | None = None) -> SnapshotInfo:
        return assemble(smallland.workspace(tmp_path / "home", rows=rows), as_of)

    return _made


def test_as_of_is_the_latest_day_that_anything_happened(made: Made) -> None:
    rows = tinyland()
    rows["interaction"].append(met("I2", "A", "TL_Ra", day=date(2026, 11, 17)))
    info = made(rows)
    assert (info.as_of, info.anchor) == (date(2026, 11, 17), date(2026, 11, 13))


def test_plans_and_goals_reach_ahead_and_do_not_move_it(made: Made) -> None:
    rows = tinyland()
    ahead = {"period_start": date(2026, 10, 1), "period_end": date(2026, 12, 31), "quantity": 4}
    rows["plan"] = [{"party": "A", "hierarchy": "field", "node": "TL_Ra", "product": "p", "cycle": "Q4", **ahead}]
    rows["goal"] = [{"subject_kind": "hcp", "subject": "A", "product": "p", **ahead}]
    rows["enrolment"] = [{"site": "S", "study": "T", "event": "enrolled", "basis": "planned", **ahead}]
    assert made(rows).as_of == date(2026, 11, 13)


def test_with_plans_alone_the_latest_planned_day_counts(made: Made) -> None:
    rows = tinyland()
    ahead = {"period_start": date(2026, 10, 1), "period_end": date(2026, 12, 31), "quantity": 4}
    del rows["outcome"], rows["interaction"]
    rows["goal"] = [{"subject_kind": "hcp", "subject": "A", "product": "p", **ahead}]
    info = made(rows)
    assert (info.as_of, info.anchor, info.grain) == (date(2026, 12, 31), date(2026, 12, 31), None)


def test_the_anchor_is_the_last_outcome_period_at_or_before_as_of(made: Made) -> None:
    assert made(tinyland(), date(2026, 11, 12)).anchor == date(2026, 11, 6)
    assert made(tinyland(), date(2026, 11, 13)).anchor == date(2026, 11, 13)


def test_without_any_fact_the_build_asks_for_a_day(made: Made) -> None:
    rows = {name: own for name, own in tinyland().items() if name not in ("outcome", "interaction")}
    with pytest.raises(BadInput, match="--as-of"):
        made(rows)
    assert made(rows, date(2026, 11, 22)).anchor == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("end", "days", "grain"),
    [(date(2026, 11, 13), 7, "week"), (date(2026, 2, 28), 28, "month"), (date(2026, 10, 31), 31, "month"),
     (date(2025, 12, 31), 365, "year"), (date(2024, 12, 31), 366, "year")],
)  # fmt: skip
def test_the_grain_is_read_off_the_periods(made: Made, end: date, days: int, grain: str) -> None:
    rows = tinyland()
    rows["outcome"] = [outcome("A", 1, end, days)]
    assert made(rows).grain == grain


def test_rows_of_another_grain_are_left_out_and_counted(made: Made) -> None:
    rows = tinyland()
    rows["outcome"] += [outcome("A", 1000, date(2026, 10, 31), 31), outcome("B", 1000, date(2026, 11, 13), 3)]
    info = made(rows)
    assert (info.grain, info.tables["outcome"]) == ("week", 6)
    assert [(finding.code, finding.rows) for finding in info.findings if finding.code == "outcome_grain"] == [
        ("outcome_grain", 2)
    ]
