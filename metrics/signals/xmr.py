"""XmR charts: which points of one series are more than its own noise.

The rules and their precedence are those of NHS England's "Making Data Count" as implemented in
NHSRplotthedots (MIT licence). Limits are the mean plus and minus 2.66 average moving ranges;
moving ranges at or above 3.267 times their average are left out once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.signals.evidence import Evidence, at_least

OUTSIDE, TREND, TWO_IN_THREE, ONE_SIDE = (
    "outside the limits",
    "seven-point trend",
    "two of three near a limit",
    "seven on one side",
)
RULES = (OUTSIDE, TREND, TWO_IN_THREE, ONE_SIDE)
_LIMIT, _SCREEN, _RUN, _LEAST = 2.66, 3.267, 7, 12


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A series with its centre, its limits and, for each point, the rule it breaks ("" for none).

    `side` is +1 above the mean, -1 below, 0 on it; for a trend it is the trend's direction.
    """

    mean: float
    lower: float
    upper: float
    rules: tuple[str, ...]
    side: tuple[int, ...]

    def verdict(self, better: str | None) -> tuple[str, ...]:
        """Each point as "improvement", "concern", "change" (no better side) or "" (noise)."""
        good = {"up": 1, "down": -1, None: 0}[better]
        return tuple(
            "" if not rule else "change" if not good else "improvement" if side == good else "concern"
            for rule, side in zip(self.rules, self.side, strict=True)
        )


def enough(values: Sequence[float]) -> Evidence:
    """A chart needs twelve points before its limits mean anything."""
    return at_least(len(values), _LEAST, "points")


def chart(values: Sequence[float]) -> Chart:
    """The XmR chart of a series, oldest first. Of several rules a point breaks the first counts.

    Precedence: outside the limits, then trend, then two of three, then seven on one side.
    """
    y = np.asarray(values, dtype=float)
    mean, spread = float(np.mean(y)), _moving_range(y)
    lower, upper = mean - _LIMIT * spread, mean + _LIMIT * spread
    near = _LIMIT * spread * 2 / 3
    side = np.sign(y - mean).astype(int)
    outside = (y < lower) | (y > upper)
    close = (np.abs(y - mean) > near) & ~outside
    trend = _trend(y)
    broken = {
        OUTSIDE: outside,
        TREND: trend != 0,
        TWO_IN_THREE: _two_in_three(close, side),
        ONE_SIDE: _one_side(side) != 0,
    }
    rules = tuple(next((rule for rule in RULES if broken[rule][i]), "") for i in range(len(y)))
    sides = tuple(int(trend[i] if rule == TREND else side[i]) for i, rule in enumerate(rules))
    return Chart(mean=mean, lower=lower, upper=upper, rules=rules, side=sides)


def _moving_range(y: NDArray[np.float64]) -> float:
    """The average moving range, those at or above 3.267 averages left out once."""
    ranges = np.abs(np.diff(y))
    if not len(ranges):
        return 0.0
    kept = ranges[ranges < _SCREEN * ranges.mean()]
    return float(kept.mean()) if len(kept) else float(ranges.mean())


def _runs(marks: NDArray[np.int_], length: int) -> NDArray[np.int_]:
    """Keep the marks (+1, -1) that stand in a run of at least `length` equal ones; 0 elsewhere."""
    out = np.zeros(len(marks), dtype=int)
    for start in range(len(marks) - length + 1):
        window = marks[start : start + length]
        if window[0] and np.all(window == window[0]):
            out[start : start + length] = window[0]
    return out


def _one_side(side: NDArray[np.int_]) -> NDArray[np.int_]:
    """Points in a run of seven on the same side; a point on the mean breaks the run."""
    return _runs(side, _RUN)


def _trend(y: NDArray[np.float64]) -> NDArray[np.int_]:
    """Points in seven that rise, or fall, each time: six differences of one sign."""
    steps = _runs(np.sign(np.diff(y)).astype(int), _RUN - 1)
    out = np.zeros(len(y), dtype=int)
    for i, step in enumerate(steps):
        if step:
            out[i] = out[i + 1] = step
    return out


def _two_in_three(close: NDArray[np.bool_], side: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Points near a limit where two of three neighbours are, all three on one side of the mean."""
    out = np.zeros(len(close), dtype=bool)
    for start in range(len(close) - 2):
        three = slice(start, start + 3)
        if close[three].sum() >= 2 and abs(side[three].sum()) == 3:
            out[three] |= close[three]
    return out
