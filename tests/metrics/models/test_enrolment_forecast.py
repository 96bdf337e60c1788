"""Where enrolment goes: counts ahead of sites and studies, and the day a study is full.

The study S has ten sites open since 3 January 2026, each with one subject every two weeks up to Friday
28 August: 0.5 a week and site, five a week together, 170 so far. It is full at 300 and planned to be so
on 26 February 2027, 26 weeks ahead; at five a week it is full in 26 weeks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import duckdb
import pytest

from metrics.models import enrolment_forecast

ANCHOR, OPENED, FULL = date(2026, 8, 28), date(2026, 1, 3), date(2027, 2, 26)


class Info:
    as_of = anchor = ANCHOR
    grain = "week"


@pytest.fixture
def study(con: duckdb.DuckDBPyConnection, put: Callable[..., None]) -> duckdb.DuckDBPyConnection:
    put("study", ["study", "name", "target", "finish"], [["S", "S", 300, FULL]])
    put("site", ["site", "study", "activated", "plan_rate"], [[f"S-{i}", "S", OPENED, 0.5] for i in range(10)])
    rows = [
        [f"S-{i}", "S", "enrolled", "actual", day, day, 1]
        for i in range(10)
        for day in (OPENED + timedelta(days=7 + i % 7 + 14 * n) for n in range(17))
    ]
    put("enrolment", ["site", "study", "event", "basis", "period_start", "period_end", "quantity"], rows)
    return con


def test_a_study_goes_on_as_its_sites_do(study: duckdb.DuckDBPyConnection) -> None:
    enrolment_forecast.fit_forecasts(study, Info)
    sql = "SELECT day, low, middle, high FROM enrolment_forecast WHERE site IS NULL ORDER BY day"
    first, *later = study.execute(sql).fetchall()
    assert first == (ANCHOR, 170, 170, 170)
    at_a_quarter = next(row for row in later if row[0] == ANCHOR + timedelta(weeks=12))
    assert at_a_quarter[2] == pytest.approx(170 + 5 * 12, abs=6)
    for before, after in zip([first, *later], later, strict=False):
        assert after[1] <= after[2] <= after[3] <= 300
        assert after[2] >= before[2]


def test_the_day_it_is_full_comes_with_its_doubt(study: duckdb.DuckDBPyConnection) -> None:
    enrolment_forecast.fit_forecasts(study, Info)
    row = study.execute("SELECT early, middle, late, chance, planned FROM study_finish").fetchone()
    early, middle, late, chance, planned = row
    assert early < middle < late
    assert abs((middle - FULL).days) < 21
    assert planned == FULL
    assert 0.3 < chance < 0.7


def test_a_site_has_its_own_range(study: duckdb.DuckDBPyConnection) -> None:
    enrolment_forecast.fit_forecasts(study, Info)
    sql = "SELECT low, middle, high FROM enrolment_forecast WHERE site = 'S-3' AND day = ?"
    low, middle, high = study.execute(sql, [ANCHOR + timedelta(weeks=12)]).fetchone()
    assert 17 <= low < middle < high
    assert middle == pytest.approx(17 + 6, abs=1.5)


def test_closed_sites_enrol_nobody_more(study: duckdb.DuckDBPyConnection) -> None:
    study.execute("UPDATE site SET closed = DATE '2026-08-01' WHERE site <> 'S-0'")
    enrolment_forecast.fit_forecasts(study, Info)
    assert study.execute("SELECT DISTINCT site FROM enrolment_forecast WHERE site IS NOT NULL").fetchall() == [("S-0",)]
    assert study.execute("SELECT chance FROM study_finish").fetchone()[0] < 0.01


def test_without_a_site_there_is_nothing_to_say(con: duckdb.DuckDBPyConnection) -> None:
    enrolment_forecast.fit_forecasts(con, Info)
    assert con.execute("SELECT count(*) FROM enrolment_forecast").fetchone() == (0,)
    assert con.execute("SELECT count(*) FROM study_finish").fetchone() == (0,)


def test_a_study_without_a_target_has_no_end(study: duckdb.DuckDBPyConnection) -> None:
    study.execute("UPDATE study SET target = NULL")
    enrolment_forecast.fit_forecasts(study, Info)
    assert study.execute("SELECT middle, chance FROM study_finish").fetchone() == (None, None)
