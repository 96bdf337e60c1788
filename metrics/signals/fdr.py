"""Many things looked at, few false alarms: control of the false-discovery rate.

Sources: Benjamini & Hochberg 1995 (J R Stat Soc B 57:289); Newton, Noueiry, Sarkar & Ahlquist 2004
(Biostatistics 5:155) for the Bayesian set; Efron 2004 (J Am Stat Assoc 99:96) for the local rate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm


def benjamini_hochberg(p: ArrayLike, q: float = 0.10) -> NDArray[np.bool_]:
    """Which of many p-values to believe so that about a share `q` of the believed ones is false.

    A missing p (not enough evidence) is never believed and does not count as a test.
    """
    return np.asarray(adjusted(p) <= q)


def adjusted(p: ArrayLike) -> NDArray[np.float64]:
    """Benjamini-Hochberg adjusted p-values (each the smallest q at which it would be believed)."""
    values = np.asarray(p, dtype=float)
    out = np.full(values.shape, np.nan)
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        return out
    order = known[np.argsort(values[known], kind="stable")]
    steps = values[order] * len(order) / np.arange(1, len(order) + 1)
    out[order] = np.minimum(1.0, np.minimum.accumulate(steps[::-1])[::-1])
    return out


def bayesian_set(probability: ArrayLike, q: float = 0.10) -> NDArray[np.bool_]:
    """The largest set to flag such that on average at most a share `q` of it is wrong.

    `probability` is each thing's own probability of being a true problem; the set is filled from
    the most certain down while mean(1 - probability) stays at or below `q`. A missing one is left out.
    """
    values = np.nan_to_num(np.asarray(probability, dtype=float), nan=0.0)
    flagged = np.zeros(values.shape, dtype=bool)
    if not len(values):
        return flagged
    order = np.argsort(-values, kind="stable")
    wrong = np.cumsum(1.0 - values[order]) / np.arange(1, len(order) + 1)
    within = np.flatnonzero(wrong <= q)
    if len(within):
        flagged[order[: within[-1] + 1]] = True
    return flagged


def chance_true(z: ArrayLike, bins: int = 400) -> NDArray[np.float64]:
    """How likely each z-score below zero is a true problem and not noise: one minus the local rate.

    The null is a standard normal; its share of all is read off the half above zero, where no
    problem of this kind lies. The mixture's density is a Gaussian kernel estimate. With fewer than
    30 scores there is no mixture to estimate, and the bound of Sellke, Bayarri & Berger 2001
    (Am Stat 55:62) at even odds is used instead.
    """
    scores = np.asarray(z, dtype=float)
    out = np.full(scores.shape, np.nan)
    known = ~np.isnan(scores)
    values = scores[known]
    if len(values) < 30:
        out[known] = _even_odds(values)
        return out
    nulls = min(1.0, 2.0 * float(np.mean(values > 0)))
    counts, edges = np.histogram(values, bins=bins, range=(values.min() - 1, values.max() + 1))
    grid = (edges[:-1] + edges[1:]) / 2
    width = max(0.05, 0.9 * min(1.0, float(np.std(values))) * len(values) ** -0.2)
    mixture = norm.pdf((grid[:, None] - grid[None, :]) / width) @ counts / len(values) / width
    local = np.clip(nulls * norm.pdf(values) / np.interp(values, grid, mixture), 0.0, 1.0)
    order = np.argsort(values)
    local[order] = np.maximum.accumulate(local[order])
    out[known] = np.where(values < 0, 1.0 - local, 0.0)
    return out


def _even_odds(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 - (1 + 1 / (-e p ln p))^-1 for p < 1/e, at even prior odds; none above."""
    p = np.clip(norm.cdf(z), 1e-300, 1.0)
    bound = np.where(p < np.exp(-1), -np.e * p * np.log(p), 1.0)
    return np.asarray(np.where(z < 0, 1.0 / (1.0 + bound), 0.0))
