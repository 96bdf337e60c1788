"""Which sites will not keep their promise: every open site's rate with its doubt, and a flag.

A site is flagged when it is probably (a false-discovery rate of one in ten over all flagged) slower
than 60 % of its plan, and unflagged when that probability falls below 0.7. The model is in
metrics/models/poisson_gamma.py; the set of flags follows Newton et al. 2004 (Biostatistics 5:155).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from metrics.models import poisson_gamma
from metrics.signals.evidence import at_least
from metrics.signals.fdr import bayesian_set

FLAG_SHARE, FLAG_Q, CLEAR_AT, ON_TRACK_SHARE = 0.6, 0.10, 0.7, 0.8
LEAST_WEEKS, LOOK_BACKS, LOOK_STEP = 8.0, 6, timedelta(weeks=4)
_SLOWING_Z, _RECENT_WEEKS, _STALE = -2.0, 26.0, timedelta(days=14)

_DDL = """
CREATE OR REPLACE TABLE site_state (
    site VARCHAR, study VARCHAR, as_at DATE, weeks_open DOUBLE, enrolled DECIMAL(18,4), planned DECIMAL(18,4),
    rate DOUBLE, rate_low DOUBLE, rate_high DOUBLE, plan_rate DOUBLE, p_below DOUBLE,
    flag BOOLEAN, on_track BOOLEAN, reason VARCHAR,
    is_open BOOLEAN, period_start DATE, period_end DATE, quantity BIGINT
)"""


@dataclass(frozen=True)
class Study:
    """One study's sites and what happened at them.

    `sites` has site, activated, closed, plan_rate; `events` has site, day, subjects (enrolled, actual);
    `plan` the same, planned; `dated` says that events carry their own day and not a month's.
    """

    id: str
    sites: pd.DataFrame
    events: pd.DataFrame
    plan: pd.DataFrame
    dated: bool


def fit_flags(con: duckdb.DuckDBPyConnection, info: Any) -> None:
    """Write site_state: each open site of each study on the anchor, and on every day compared with."""
    con.execute(_DDL)
    states = [_states(study, day) for study in studies(con) for day in _days(con, info.anchor)]
    frame = pd.concat(states) if states else pd.DataFrame()
    if len(frame):
        con.register("fitted_states", frame)
        con.execute("INSERT INTO site_state BY NAME SELECT * FROM fitted_states ORDER BY study, site, as_at")
        con.unregister("fitted_states")


def _days(con: duckdb.DuckDBPyConnection, anchor: date) -> list[date]:
    """The anchor and the last day of every standard window compared with."""
    rows = con.execute("SELECT DISTINCT last FROM span WHERE kind = 'window' AND last <= ?", [anchor]).fetchall()
    return sorted({anchor, *(row[0] for row in rows)})


def studies(con: duckdb.DuckDBPyConnection) -> list[Study]:
    """Every study that has an activated site."""
    sites = con.execute(
        """
        SELECT s.study, s.site, s.activated, s.closed,
            coalesce(CAST(s.plan_rate AS DOUBLE),
                s.target * 7.0 / nullif(greatest(date_diff('day', s.activated, t.finish), 0), 0)) AS plan_rate
        FROM site s LEFT JOIN study t USING (study)
        WHERE s.activated IS NOT NULL ORDER BY s.study, s.site
        """
    ).df()
    counts = con.execute(
        """
        SELECT study, site, basis, period_start <> period_end AS spread, period_end AS day,
            CAST(sum(quantity) AS DOUBLE) AS subjects
        FROM enrolment WHERE event = 'enrolled' AND basis IN ('actual', 'planned')
        GROUP BY ALL ORDER BY study, site, day
        """
    ).df()
    found = []
    for study, own in sites.groupby("study", sort=True):
        rows = counts[counts["study"] == study]
        events, plan = rows[rows["basis"] == "actual"], rows[rows["basis"] == "planned"]
        found.append(Study(str(study), own.reset_index(drop=True), events, plan, not bool(events["spread"].any())))
    return found


def _states(study: Study, as_at: date) -> pd.DataFrame:
    """Every open site's state on one day, flagged with memory of the looks before it."""
    flagged: frozenset[str] = frozenset()
    frame = pd.DataFrame()
    for back in reversed(range(LOOK_BACKS)):
        frame = look(study, as_at - back * LOOK_STEP, flagged, intervals=back == 0)
        flagged = frozenset(frame.loc[frame["flag"], "site"]) if len(frame) else frozenset()
    if len(frame):
        frame = frame.assign(
            study=study.id, as_at=as_at, is_open=True, period_start=as_at, period_end=as_at, quantity=1
        )
    return frame


@dataclass(frozen=True)
class Fitted:
    """What is known of a study's activated sites on a day: weeks open, subjects, who is still open, and the rates.

    `until` is the last day the counts speak of. All arrays have one element a row of `sites`.
    """

    sites: pd.DataFrame
    until: date
    weeks: np.ndarray[Any, Any]
    enrolled: np.ndarray[Any, Any]
    is_open: np.ndarray[Any, Any]
    posterior: poisson_gamma.Posterior


def fitted(study: Study, as_at: date) -> Fitted | None:
    """The rates of a study's sites as the counts up to a day tell them; None before the first site opened."""
    until = _until(study, as_at)
    seen = study.sites[study.sites["activated"].dt.date < until].reset_index(drop=True)
    if seen.empty:
        return None
    ends = np.array([_end(closed, until) for closed in seen["closed"]], dtype="datetime64[D]")
    weeks = ((ends - seen["activated"].to_numpy().astype("datetime64[D]")).astype(float) + 1) / 7.0
    enrolled = _count(study.events, seen["site"], as_at)
    posterior = poisson_gamma.fit(*_recent(study.events, seen, ends, weeks, enrolled))
    is_open = np.array([pd.isna(closed) or closed.date() > until for closed in seen["closed"]])
    return Fitted(seen, until, weeks, enrolled, is_open, posterior)


def look(
    study: Study, as_at: date, flagged_before: frozenset[str] = frozenset(), intervals: bool = True
) -> pd.DataFrame:
    """One look at a study's open sites on a day: rates (with 90 % intervals), flags and their reasons."""
    known = fitted(study, as_at)
    if known is None:
        return pd.DataFrame()
    seen, weeks, enrolled, posterior, is_open = known.sites, known.weeks, known.enrolled, known.posterior, known.is_open
    plan = seen["plan_rate"].to_numpy(dtype=float)
    below = posterior.chance_below(np.nan_to_num(FLAG_SHARE * plan))
    speaks = is_open & (weeks >= LEAST_WEEKS) & (plan > 0)
    flag = np.zeros(len(seen), dtype=bool)
    flag[speaks] = bayesian_set(below[speaks], FLAG_Q)
    flag = (flag | (speaks & seen["site"].isin(flagged_before).to_numpy())) & (below >= CLEAR_AT)
    low, high = posterior.rate_interval(0.90) if intervals else (np.nan, np.nan)
    rate = posterior.mean_rate()
    planned = _count(study.plan, seen["site"], as_at) if len(study.plan) else np.nan_to_num(plan * weeks)
    frame = pd.DataFrame(
        {
            "site": seen["site"], "weeks_open": weeks, "enrolled": enrolled, "planned": planned.round(4),
            "rate": rate, "rate_low": low, "rate_high": high, "plan_rate": plan,
            "p_below": np.where(speaks, below, np.nan),
            "flag": flag, "on_track": ~flag & (rate >= ON_TRACK_SHARE * np.nan_to_num(plan)),
        }
    )  # fmt: skip
    frame["reason"] = [_reason(row) for row in frame.itertuples()]
    return frame[is_open].reset_index(drop=True)


def _until(study: Study, as_at: date) -> date:
    """The last day the counts speak of: a feed that stopped must not look like sites that did."""
    days = study.events["day"].dt.date if len(study.events) else pd.Series(dtype=object)
    known = [day for day in days if day <= as_at]
    if not known:
        return as_at
    last: date = max(known)
    return as_at if study.dated and as_at - last <= _STALE else last


def _end(closed: Any, until: date) -> date:
    return until if pd.isna(closed) else min(until, closed.date())


def _count(events: pd.DataFrame, sites: pd.Series, as_at: date, after: date | None = None) -> np.ndarray[Any, Any]:
    """Subjects at each site up to a day (and after another)."""
    kept = events[events["day"].dt.date <= as_at] if len(events) else events
    if after is not None and len(kept):
        kept = kept[kept["day"].dt.date > after]
    totals = kept.groupby("site")["subjects"].sum()
    return np.asarray(sites.map(totals).fillna(0.0), dtype=float)


def _recent(
    events: pd.DataFrame,
    sites: pd.DataFrame,
    ends: np.ndarray[Any, Any],
    weeks: np.ndarray[Any, Any],
    enrolled: np.ndarray[Any, Any],
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Counts and exposures to fit: all of a site's life, or its last 26 weeks once the study slows.

    Under a constant rate the count of a life's second half is Binomial(k, 1/2); a pooled z below -2
    says that rates decay (Urbas, Sherlock & Metcalfe, arXiv 1910.07965).
    """
    rows = events.merge(pd.DataFrame({"site": sites["site"], "end": ends, "weeks": weeks}), on="site")
    rows["left"] = (rows["end"] - rows["day"]).dt.days / 7.0
    rows = rows[rows["left"] >= 0]
    second = rows.loc[rows["left"] < rows["weeks"] / 2, "subjects"].sum()
    total = rows["subjects"].sum()
    if total <= 0 or (second - total / 2) / np.sqrt(total / 4) >= _SLOWING_Z:
        return enrolled, weeks
    late = rows[rows["left"] < _RECENT_WEEKS].groupby("site")["subjects"].sum()
    return np.asarray(sites["site"].map(late).fillna(0.0), dtype=float), np.minimum(weeks, _RECENT_WEEKS)


def _sure(chance: float) -> str:
    """A probability in words: nothing is 100 % sure."""
    return "over 99%" if chance > 0.99 else f"{chance:.0%}"


def _reason(row: Any) -> str:
    """The state in words, with its numbers."""
    if not row.plan_rate > 0:
        return "No plan is known for this site."
    early = at_least(row.weeks_open, LEAST_WEEKS, "weeks open")
    if not early:
        return f"Too early to say: {early.reason}."
    facts = f"{row.enrolled:,.0f} enrolled in {row.weeks_open:,.0f} weeks, plan {row.planned:,.1f}"
    if row.flag:
        return f"{facts}; {_sure(row.p_below)} sure that its rate is below {FLAG_SHARE:.0%} of plan."
    return (
        f"{facts}; on track."
        if row.on_track
        else f"{facts}; slower than plan, not surely below {FLAG_SHARE:.0%} of it."
    )
