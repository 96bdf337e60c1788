"""Which part of the map moved against what lies around it, from two windows of its prescribers.

With two numbers a unit there is no past to learn noise from. It is learned from the prescribers themselves: the
variance of a unit's move is the sum over its own prescribers of their squared moves (the variance that is robust to
clusters, Liang & Zeger 1986, Biometrika 73:13), never below what prescribers everywhere move on average. Units of a
level that differ more among themselves than that are judged by how much they usually differ (Efron 2004, J Am Stat
Assoc 99:96). Many units are judged together by Benjamini & Hochberg 1995.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from metrics.signals.fdr import benjamini_hochberg, chance_true

Numbers = NDArray[np.float64]
LEAST_PEOPLE, LEAST_SCRIPTS, LEAST_MOVE = 10, 200.0, 0.03
_MANY = 20  # units of a level from which their usual spread is learned


@dataclass(frozen=True, kw_only=True)
class Moves:
    """For each unit: both windows, what the trend around says, the error of that, whether to say so, how sure."""

    before: Numbers
    actual: Numbers
    expected: Numbers
    error: Numbers
    z: Numbers
    spread: float
    chance: Numbers
    moved: NDArray[np.bool_]
    people: NDArray[np.int64]


def moves(
    before: Numbers, now: Numbers, growth: Numbers, unit: NDArray[np.int64], units: int, side: int, q: float = 0.10
) -> Moves:
    """Which of `units` units fell (`side` -1) or rose (+1) against `growth`, the trend around each prescriber.

    `unit` numbers the unit of each prescriber. A unit with fewer than ten prescribers or 200 scripts in either
    window is never said, nor a move of less than 3 % of what was expected.
    """
    hoped = before * growth
    residual = now - hoped
    plain = hoped * (1.0 + growth)  # the variance of `now - growth x before` for counts of chance alone
    noise = max(1.0, float(residual @ residual) / max(float(plain.sum()), 1e-9))
    was, actual, expected, own, usual = (
        np.bincount(unit, weights=each, minlength=units).astype(np.float64)
        for each in (before, now, hoped, residual**2, noise * plain)
    )
    people = np.bincount(unit, minlength=units)
    error = np.sqrt(np.maximum(own, usual))
    spoken = (people >= LEAST_PEOPLE) & (np.minimum(was, actual) >= LEAST_SCRIPTS)
    z = np.where(spoken, (actual - expected) / np.where(error > 0, error, 1.0), np.nan)
    spread = usual_spread(z)
    error, z = error * spread, z / spread
    large = np.abs(actual - expected) >= LEAST_MOVE * expected
    believed = benjamini_hochberg(norm.cdf(-side * z), q)
    return Moves(
        before=was, actual=actual, expected=expected, error=error, z=z, spread=spread,
        chance=np.nan_to_num(chance_true(-side * z), nan=0.0), moved=believed & large, people=people,
    )  # fmt: skip


def usual_spread(z: Numbers) -> float:
    """How much wider the middle half of many units lies than chance alone; 1 where they are few."""
    known = z[~np.isnan(z)]
    if len(known) < _MANY:
        return 1.0
    low, high = np.quantile(known, [0.25, 0.75])
    return float(max(1.0, (high - low) / 1.349))
