"""Where enrolment goes from here: each open site's and each study's count ahead, and the day a study is full.

Future counts under the Poisson-gamma model are negative binomial (Anisimov and Fedorov 2007, Statistics in
Medicine 26:4958); a site's mixed posterior is matched by one gamma of the same mean and variance. Sites that
have not opened yet are left out: no opening is promised by the data.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from scipy.stats import nbinom

from metrics.models import recruitment
from metrics.models.poisson_gamma import Posterior
from metrics.models.recruitment import Fitted

LOW, MIDDLE, HIGH = 0.10, 0.50, 0.90
STEP_WEEKS, SHORTEST, LONGEST = 4, 26, 104
FAR = 20 * 52.0

_DDL = """
CREATE OR REPLACE TABLE enrolment_forecast (
    study VARCHAR, site VARCHAR, day DATE, low DOUBLE, middle DOUBLE, high DOUBLE
);
CREATE OR REPLACE TABLE study_finish (
    study VARCHAR, as_at DATE, enrolled DOUBLE, target DOUBLE, planned DATE,
    early DATE, middle DATE, late DATE, chance DOUBLE
)"""


def fit_forecasts(con: duckdb.DuckDBPyConnection, info: Any) -> None:
    """Write enrolment_forecast and study_finish for the anchor.

    enrolment_forecast: cumulative subjects by site (NULL: the whole study) and day ahead, with the 10 %, 50 %
    and 90 % quantiles. study_finish: the days by which the study is full with those probabilities, and the
    chance of being full by the planned day; empty days mean later than twenty years.
    """
    con.execute(_DDL)
    plans = {row[0]: row[1:] for row in con.execute("SELECT study, target, CAST(finish AS DATE) FROM study").fetchall()}
    curves, finishes = [], []
    for study in recruitment.studies(con):
        known = recruitment.fitted(study, info.anchor)
        if known is None or not known.is_open.any():
            continue
        target, planned = plans.get(study.id, (None, None))
        finishes.append(_finish(study.id, known, target, planned))
        ahead = _ahead(known.until, planned, finishes[-1]["late"])
        curves += [_sites(study.id, known, ahead), _study(study.id, known, ahead, target)]
    _write(con, _CURVES, curves)
    _write(con, _FINISHES, [pd.DataFrame([finish]) for finish in finishes])


_CURVES = "INSERT INTO enrolment_forecast BY NAME SELECT * FROM forecast_rows ORDER BY study, site, day"
_FINISHES = "INSERT INTO study_finish BY NAME SELECT * FROM forecast_rows ORDER BY study"


def _write(con: duckdb.DuckDBPyConnection, statement: str, rows: list[pd.DataFrame]) -> None:
    frame = pd.concat(rows) if rows else pd.DataFrame()
    if len(frame):
        con.register("forecast_rows", frame)
        con.execute(statement)
        con.unregister("forecast_rows")


def _ahead(until: date, *ends: date | None) -> list[int]:
    """The weeks ahead to speak of: to the planned end and the late one, within half a year and two years."""
    left = max(((end - until).days // 7 for end in ends if end), default=SHORTEST)
    last = min(max(left, SHORTEST), LONGEST)
    return [*range(0, last, STEP_WEEKS), last]


def _sites(study: str, known: Fitted, ahead: list[int]) -> pd.DataFrame:
    """Every open site's count ahead: a negative binomial of its rate's mean and variance."""
    mean, variance = moments(known.posterior)
    shape, rate = mean**2 / variance, mean / variance
    rows = []
    for weeks in ahead:
        low, middle, high = (
            nbinom.ppf(share, shape, rate / (rate + weeks)) if weeks else np.zeros_like(mean)
            for share in (LOW, MIDDLE, HIGH)
        )
        frame = pd.DataFrame({"site": known.sites["site"], "low": low, "middle": middle, "high": high})
        frame[["low", "middle", "high"]] = frame[["low", "middle", "high"]].add(known.enrolled, axis=0)
        rows.append(frame[known.is_open].assign(study=study, day=known.until + timedelta(weeks=weeks)))
    return pd.concat(rows)


def moments(posterior: Posterior) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Mean and variance of every site's rate, the doubt about the study's own spread included."""
    shape, rate = posterior.a[:, None] + posterior.k, posterior.b[:, None] + posterior.v
    weight = posterior.weight[:, None]
    mean = (shape / rate * weight).sum(axis=0)
    second = ((shape / rate**2 + (shape / rate) ** 2) * weight).sum(axis=0)
    return mean, second - mean**2


def _open(known: Fitted) -> Posterior:
    return replace(known.posterior, k=known.posterior.k[known.is_open], v=known.posterior.v[known.is_open])


def _study(study: str, known: Fitted, ahead: list[int], target: Any) -> pd.DataFrame:
    """The study's count ahead from its open sites; enrolment ends at the target."""
    posterior, so_far = _open(known), float(known.enrolled.sum())
    full = max(float(target), so_far) if target else np.inf
    rows = []
    for weeks in ahead:
        counts = [_count(posterior, share, weeks) for share in (LOW, MIDDLE, HIGH)]
        low, middle, high = (min(so_far + count, full) for count in counts)
        rows.append({"day": known.until + timedelta(weeks=weeks), "low": low, "middle": middle, "high": high})
    return pd.DataFrame(rows).assign(study=study, site=None)


def _count(posterior: Posterior, share: float, weeks: int) -> int:
    """The count that the study stays at or below with that probability."""
    if not weeks:
        return 0
    low, high = posterior.study_count_interval(weeks, abs(1 - 2 * share))
    return low if share <= MIDDLE else high


def _finish(study: str, known: Fitted, target: Any, planned: date | None) -> dict[str, Any]:
    """When the study is full: the days of the three probabilities, and the chance by the planned day."""
    so_far = float(known.enrolled.sum())
    row: dict[str, Any] = {"study": study, "as_at": known.until, "enrolled": so_far, "target": target}
    row |= {"planned": planned, "early": None, "middle": None, "late": None, "chance": None}
    if not target:
        return row
    posterior, more = _open(known), max(int(target) - int(so_far), 0)
    for name, share in (("early", LOW), ("middle", MIDDLE), ("late", HIGH)):
        weeks = posterior.study_time(more, share) if more else 0.0
        row[name] = known.until + timedelta(weeks=weeks) if weeks < FAR else None
    if planned:
        row["chance"] = posterior.study_chance(more, max((planned - known.until).days / 7.0, 0.0))
    return row
