"""Where more of the effort than elsewhere goes to people from whom nothing comes back.

Contacts of one person go together, so a person is one draw, however often met: the variance of a unit's part is the sum
over its own people of their squared deviations (robust to clusters, Liang & Zeger 1986, Biometrika 73:13), never below
what the part of all makes of as many contacts. Units of a level that differ more than that are judged by how much they
usually differ (Efron 2004, J Am Stat Assoc 99:96), many together by Benjamini & Hochberg 1995.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from metrics.signals.fdr import benjamini_hochberg, chance_true
from metrics.signals.panel import usual_spread

Numbers = NDArray[np.float64]
LEAST_PEOPLE, LEAST_TIMES, LEAST_MORE = 10, 30.0, 0.10


@dataclass(frozen=True, kw_only=True)
class Misplaced:
    """For each unit: its contacts, those with nothing back, how many that would be by the part of all, the error."""

    usual: float
    times: Numbers
    idle: Numbers
    expected: Numbers
    error: Numbers
    people: NDArray[np.int64]
    chance: Numbers
    said: NDArray[np.bool_]


def misplaced(
    times: Numbers, idle: NDArray[np.bool_], unit: NDArray[np.int64], units: int, q: float = 0.10
) -> Misplaced:
    """Which of `units` units spend more on people with nothing back than all do: `times` and `idle` of each person.

    A unit with fewer than ten people or thirty contacts is never said, nor one less than ten points above all.
    """
    usual = float((times * idle).sum() / max(times.sum(), 1e-9))
    deviation = times * (idle - usual)
    made, nothing, own, chance = (
        np.bincount(unit, weights=each, minlength=units).astype(np.float64)
        for each in (times, times * idle, deviation**2, usual * (1 - usual) * times**2)
    )
    people = np.bincount(unit, minlength=units)
    expected, error = usual * made, np.sqrt(np.maximum(own, chance))
    spoken = (people >= LEAST_PEOPLE) & (made >= LEAST_TIMES) & (error > 0)
    z = np.where(spoken, (nothing - expected) / np.where(error > 0, error, 1.0), np.nan)
    spread = usual_spread(z)
    error, z = error * spread, z / spread
    large = nothing - expected >= LEAST_MORE * made
    return Misplaced(
        usual=usual, times=made, idle=nothing, expected=expected, error=error, people=people,
        chance=np.nan_to_num(chance_true(-z), nan=0.0), said=benjamini_hochberg(norm.cdf(-z), q) & large,
    )  # fmt: skip
