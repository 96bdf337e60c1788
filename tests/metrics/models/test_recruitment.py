"""Sites: who is flagged, who is not, and in which words.

The study S has twenty sites open since 3 January 2026 with a plan of 0.5 a week. On Friday 28 August
they are open 34 weeks. Sites 00 and 01 enrolled nobody; the others one every two weeks, as planned.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import numpy as np
import pytest

from metrics.models import recruitment

ANCHOR, OPENED = date(2026, 8, 28), date(2026, 1, 3)


@pytest.fixture
def study(con: duckdb.DuckDBPyConnection, put: Callable[..., None]) -> duckdb.DuckDBPyConnection:
    put("study", ["study", "name", "finish"], [["S", "S", date(2027, 1, 1)]])
    put("site", ["site", "study", "activated", "plan_rate"], [[f"S-{i:02}", "S", OPENED, 0.5] for i in range(20)])
    rows = [
        [f"S-{i:02}", "S", "enrolled", "actual", day, day, 1]
        for i in range(2, 20)
        for day in (OPENED + timedelta(days=7 + (i % 7) + 14 * n) for n in range(17))
        if day <= ANCHOR
    ]
    put("enrolment", ["site", "study", "event", "basis", "period_start", "period_end", "quantity"], rows)
    before = ["C13W:previous", "window", "C13W", "previous", date(2026, 2, 28), date(2026, 5, 29)]
    put("span", ["span", "kind", "win", "shift", "first", "last"], [before])
    return con


class Info:
    as_of = anchor = ANCHOR
    grain = "week"


def test_the_silent_sites_flag_and_only_they(study: duckdb.DuckDBPyConnection) -> None:
    recruitment.fit_flags(study, Info)
    now = study.execute("SELECT * FROM site_state WHERE as_at = ? ORDER BY site", [ANCHOR]).df()
    assert now.loc[now["flag"], "site"].tolist() == ["S-00", "S-01"]
    assert now.loc[now["on_track"], "site"].tolist() == [f"S-{i:02}" for i in range(2, 20)]
    silent = now.iloc[0]
    assert (silent["weeks_open"], silent["enrolled"], silent["planned"]) == (34, 0, Decimal("17"))
    assert silent["rate_low"] < silent["rate"] < silent["rate_high"] < 0.3 == pytest.approx(0.6 * 0.5)
    assert silent["reason"] == "0 enrolled in 34 weeks, plan 17.0; over 99% sure that its rate is below 60% of plan."


def test_every_day_compared_with_has_its_state(study: duckdb.DuckDBPyConnection) -> None:
    recruitment.fit_flags(study, Info)
    days = study.execute("SELECT DISTINCT as_at FROM site_state ORDER BY 1").fetchall()
    assert days == [(date(2026, 5, 29),), (ANCHOR,)]
    then = study.execute("SELECT sum(enrolled) FROM site_state WHERE as_at = DATE '2026-05-29'").fetchone()
    truth = study.execute("SELECT sum(quantity) FROM enrolment WHERE period_end <= DATE '2026-05-29'").fetchone()
    assert then == truth


def test_too_early_is_said_and_never_flagged(study: duckdb.DuckDBPyConnection, put: Callable[..., None]) -> None:
    put("site", ["site", "study", "activated", "plan_rate"], [["S-99", "S", ANCHOR - timedelta(weeks=6), 5.0]])
    recruitment.fit_flags(study, Info)
    row = study.execute(
        "SELECT flag, p_below, reason FROM site_state WHERE site = 'S-99' AND as_at = ?", [ANCHOR]
    ).fetchone()
    assert row is not None
    assert row[0] is False
    assert row[1] is None
    assert row[2] == "Too early to say: 6 weeks open, 8 are needed."


def test_a_closed_site_and_one_without_plan_are_not_flagged(
    study: duckdb.DuckDBPyConnection, put: Callable[..., None]
) -> None:
    study.execute("UPDATE site SET closed = DATE '2026-06-01' WHERE site = 'S-00'")
    study.execute("UPDATE site SET plan_rate = NULL WHERE site = 'S-01'")
    recruitment.fit_flags(study, Info)
    rows = study.execute(
        "SELECT site, flag, reason FROM site_state WHERE as_at = ? AND site < 'S-02'", [ANCHOR]
    ).fetchall()
    assert rows == [("S-01", False, "No plan is known for this site.")]


def test_a_feed_that_stopped_does_not_flag_its_sites(study: duckdb.DuckDBPyConnection) -> None:
    study.execute("DELETE FROM enrolment WHERE period_end > DATE '2026-06-01'")
    recruitment.fit_flags(study, Info)
    flagged = study.execute("SELECT site FROM site_state WHERE flag AND as_at = ? ORDER BY 1", [ANCHOR]).fetchall()
    assert flagged == [("S-00",), ("S-01",)]
    weeks = study.execute("SELECT max(weeks_open) FROM site_state WHERE as_at = ?", [ANCHOR]).fetchone()
    assert weeks is not None
    assert weeks[0] < 22


def test_row_order_does_not_matter(study: duckdb.DuckDBPyConnection) -> None:
    recruitment.fit_flags(study, Info)
    once = study.execute("SELECT * FROM site_state ORDER BY ALL").fetchall()
    for table in ("site", "enrolment"):
        study.execute(f"CREATE TABLE turned AS SELECT * FROM {table} ORDER BY hash(CAST({table} AS VARCHAR))")
        study.execute(f"DROP TABLE {table}")
        study.execute(f"ALTER TABLE turned RENAME TO {table}")
    recruitment.fit_flags(study, Info)
    assert study.execute("SELECT * FROM site_state ORDER BY ALL").fetchall() == once


def test_no_study_no_state(con: duckdb.DuckDBPyConnection) -> None:
    recruitment.fit_flags(con, Info)
    assert con.execute("SELECT count(*) FROM site_state").fetchone() == (0,)


def test_flags_are_mostly_right_where_the_truth_is_known() -> None:
    """Eighty sites, rates drawn around the plan: of those flagged at most about one in ten is fast enough."""
    from metrics.models import poisson_gamma
    from metrics.signals.fdr import bayesian_set

    right = flagged = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        rates, weeks = rng.gamma(1.4, 0.15 / 1.4, 80), rng.uniform(20, 60, 80)
        below = poisson_gamma.fit(rng.poisson(rates * weeks), weeks).chance_below(0.6 * 0.15)
        said = bayesian_set(below)
        flagged += said.sum()
        right += (said & (rates < 0.09)).sum()
    assert flagged > 500
    assert right / flagged >= 0.86
