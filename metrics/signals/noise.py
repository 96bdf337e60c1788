"""Is the last number news? One series, judged by its own noise."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from scipy.stats import t as student

from metrics.signals import xmr

WITHIN, BEYOND, TOO_FEW = "within noise", "beyond noise", "too few to say"
_LEAST_FOR_A_RUN = 8


def verdict(values: Sequence[float | None]) -> str:
    """Whether the last value of a series is news, by the XmR rules on the series itself.

    Missing values are left out; a series without its last value, or too short, is "too few to say".
    """
    known = [float(value) for value in values if value is not None and not np.isnan(value)]
    last = values[-1] if len(values) else None
    if last is None or np.isnan(last) or not xmr.enough(known):
        return TOO_FEW
    return BEYOND if xmr.chart(known).rules[-1] else WITHIN


def run_rate(values: Sequence[float | None], ahead: int = 4, level: float = 0.8) -> tuple[float, float, float] | None:
    """Where the next `ahead` periods together will land if nothing changes: centre, low, high.

    The centre is `ahead` times the mean of the last eight periods. The interval is Student's
    prediction interval for a sum of `ahead` new values: s * sqrt(ahead + ahead^2 / n). None when
    fewer than eight periods are known. Never below zero for a series that never was.
    """
    known = np.array([float(value) for value in values if value is not None and not np.isnan(value)])
    if len(known) < _LEAST_FOR_A_RUN:
        return None
    recent = known[-_LEAST_FOR_A_RUN:]
    n = len(recent)
    centre = ahead * float(recent.mean())
    half = float(student.ppf(0.5 + level / 2, n - 1)) * float(recent.std(ddof=1)) * sqrt(ahead + ahead**2 / n)
    low = centre - half
    return centre, max(0.0, low) if known.min() >= 0 else low, centre + half


def step(values: Sequence[float | None], length: int) -> tuple[float, float] | None:
    """How far the mean of the last `length` values lies from that of the `length` before, and the error of that.

    Sigma is the average moving range within the two windows over 1.128 (Shewhart's d2 for pairs);
    two means of `length` values differ by chance by sigma * sqrt(2 / length). None where too little is known.
    """
    window = [np.nan if value is None else float(value) for value in values][-2 * length :]
    if length < 2 or len(window) < 2 * length or np.isnan(window).mean() > 0.25:
        return None
    before, now = np.array(window[:length]), np.array(window[length:])
    ranges = np.concatenate([np.abs(np.diff(before)), np.abs(np.diff(now))])
    sigma = float(np.nanmean(ranges)) / 1.128
    return float(np.nanmean(now) - np.nanmean(before)), sigma * sqrt(2 / length)


def moved(values: Sequence[float | None], length: int) -> str:
    """Whether the mean of the last `length` values differs from that of the `length` before by more than noise:
    by more than twice its error."""
    found = step(values, length)
    if found is None:
        return TOO_FEW if length >= 2 and len(values) > 0 else BEYOND
    difference, error = found
    return WITHIN if abs(difference) <= 2 * error else BEYOND
