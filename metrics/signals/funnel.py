"""Control limits for counts: how far from its expectation a count may lie by chance alone.

A funnel plot's limits are exact Poisson quantiles, interpolated so that they make smooth lines
(Spiegelhalter 2005, Statistics in Medicine 24:1185).
"""

from __future__ import annotations

from collections.abc import Sequence

from scipy.special import pdtr, pdtrik

LEVEL = 0.95


def limits(expected: Sequence[float], level: float = LEVEL) -> list[tuple[float, float]]:
    """The lower and upper limit of a count for each expectation; nothing is expected below zero."""
    tail = (1 - level) / 2
    return [(_at(tail, each), _at(1 - tail, each)) for each in expected]


def _at(share: float, expected: float) -> float:
    """The count that lies at a share of the Poisson distribution, between whole numbers by interpolation."""
    if expected <= 0 or pdtr(0, expected) >= share:
        return 0.0
    return max(float(pdtrik(share, expected)), 0.0)
