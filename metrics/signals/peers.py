"""Who does more or less of what was planned than those of like potential, beyond what chance alone allows.

Each unit is held against the nearest others by potential, never against everybody's mean: a small market is not worked
like a large one. Its count is Poisson around the peers' rate, as in a funnel plot (Spiegelhalter 2005, Statistics in
Medicine 24:1185); many units are judged together by Benjamini & Hochberg 1995. Counts that a plan caps vary less than
Poisson, so the limits are rather too wide than too narrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr

from metrics.signals.fdr import benjamini_hochberg
from metrics.signals.funnel import limits

Numbers = NDArray[np.float64]
LIKE, LEAST_PLANNED, LEAST_UNITS, LEAST_GAP = 8, 20.0, 3, 0.05
ABOVE, BELOW, WITHIN, TOO_FEW = "above", "below", "within", "too few"


@dataclass(frozen=True)
class Peer:
    """One unit: what its peers' rate makes of its plan, where chance alone leaves its count, and the verdict."""

    expected: float
    low: float
    high: float
    verdict: str


def judged(
    done: Sequence[float], planned: Sequence[float], potential: Sequence[float | None], q: float = 0.10
) -> list[Peer]:
    """Every unit against its peers: `done` of `planned`, with those of like `potential`.

    A unit with fewer than twenty planned is never judged, nor any where there are fewer than three; a gap of
    less than 5 % of what was expected is not worth a word.
    """
    made, plan = np.asarray(done, dtype=float), np.asarray(planned, dtype=float)
    rates = _rates(made, plan, potential)
    expected = rates * plan
    spoken = (plan >= LEAST_PLANNED) & (expected > 0) & (len(plan) >= LEAST_UNITS)
    fewer, more = pdtr(np.floor(made), expected), 1.0 - pdtr(np.ceil(made) - 1.0, expected)
    more = np.where(made <= 0, 1.0, more)
    p = np.where(spoken, np.minimum(1.0, 2.0 * np.minimum(fewer, more)), np.nan)
    believed = benjamini_hochberg(p, q) & (np.abs(made - expected) >= LEAST_GAP * expected)
    words = np.where(believed, np.where(made > expected, ABOVE, BELOW), np.where(spoken, WITHIN, TOO_FEW))
    bounds = limits([float(each) for each in expected])
    return [Peer(float(e), low, high, str(word)) for e, (low, high), word in zip(expected, bounds, words, strict=True)]


def _rates(made: Numbers, plan: Numbers, potential: Sequence[float | None]) -> Numbers:
    """For each unit the rate of the nearest by potential, itself among them; of all where potential is not known."""
    size = np.array([np.nan if each is None else each for each in potential], dtype=float)
    every = float(made.sum() / plan.sum()) if plan.sum() > 0 else 0.0
    if len(size) <= LIKE or np.isnan(size).any():
        return np.full(len(plan), every)
    near = np.argsort(np.abs(np.log(np.maximum(size, 1.0))[:, None] - np.log(np.maximum(size, 1.0))[None, :]), axis=1,
                      kind="stable")[:, : LIKE + 1]  # fmt: skip
    return np.asarray(made[near].sum(axis=1) / np.maximum(plan[near].sum(axis=1), 1e-9))
