"""Trial management: planned, forecast and actual."""

from __future__ import annotations

from pathlib import Path

from tests.data.exported import EXPORTS
from tests.data.mappings.taking import Taken, frame, number


def test_a_trial_tells_planned_forecast_and_actual_apart(tmp_path: Path) -> None:
    taken = Taken("ctms", tmp_path)
    raw = frame(EXPORTS["ctms"](), "Site_Metrics.csv")
    for basis in ("Planned", "Forecast", "Actual"):
        mine = raw[(raw["Basis"] == basis) & (raw["Metric"] == "Enrolled")]
        assert taken.total("enrolment", event="enrolled", basis=basis.lower()) == number(mine["Value"]).sum() > 0
    failed = raw[raw["Metric"] == "Screen Failed"]
    assert taken.total("enrolment", event="screen_failed") == number(failed["Value"]).sum()
    assert taken.fates["Site_Metrics.csv"] == (24, 20, 0, 0, 4)
