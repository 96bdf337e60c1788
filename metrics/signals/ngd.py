"""New, grower, decliner: who began, who writes more, who writes less.

A move counts when it is at least a fifth of what was, and at least three scripts: a physician who
goes from two scripts to one has not halved anything that can be told from chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from metrics.signals.fdr import benjamini_hochberg, chance_true

NEW, GROWER, DECLINER, STEADY, NONE = "new", "grower", "decliner", "steady", "none"
LEAST_SHARE, LEAST_SCRIPTS, LEAST_INDEX = 0.20, 3.0, 95.0
Numbers = NDArray[np.float64]


def classify(previous: ArrayLike, current: ArrayLike) -> NDArray[np.str_]:
    """The class of each prescriber from the scripts of two windows of equal length.

    new: none before and some now. grower and decliner: moved by at least a fifth of what was and
    by three scripts. steady: moved less. none: no script in either window.
    """
    before, now = np.asarray(previous, dtype=float), np.asarray(current, dtype=float)
    least = np.maximum(LEAST_SHARE * before, LEAST_SCRIPTS)
    return np.select(
        [(before <= 0) & (now <= 0), before <= 0, now - before >= least, before - now >= least],
        [NONE, NEW, GROWER, DECLINER],
        default=STEADY,
    )


def evolution(previous: ArrayLike, current: ArrayLike, growth: ArrayLike) -> Numbers:
    """Each prescriber's growth against the growth of those around them: 100 = moves as they do.

    (current / previous) / growth x 100; missing where there was nothing before or growth is not known.
    """
    before, now, around = (np.asarray(part, dtype=float) for part in (previous, current, growth))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where((before > 0) & (around > 0), 100.0 * now / before / around, np.nan))


@dataclass(frozen=True, kw_only=True)
class Declines:
    """For each prescriber: the evolution index, a z-score of the fall, whether to say so, and how sure."""

    index: Numbers
    z: Numbers
    phi: float
    declining: NDArray[np.bool_]
    chance: Numbers


def declines(previous: ArrayLike, current: ArrayLike, growth: ArrayLike, q: float = 0.10) -> Declines:
    """Who writes less by more than chance and more than those around them.

    Given the scripts of both windows together, the later ones are binomial with the share that the
    growth around implies (the conditional test of two Poisson counts, Przyborowski & Wilenski 1940,
    Biometrika 31:313), widened by the noise over Poisson that the middle half of all prescribers
    shows. A decliner must pass the thresholds, an evolution index below 95, and Benjamini-Hochberg.
    """
    before, now, around = (np.asarray(part, dtype=float) for part in (previous, current, growth))
    index = evolution(before, now, around)
    both = before + now
    share = around / (1.0 + around)
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = (now - both * share) / np.sqrt(both * share * (1.0 - share))
    raw = np.where((both >= 2 * LEAST_SCRIPTS) & (before > 0), raw, np.nan)
    phi = _noise(raw)
    z = raw / np.sqrt(phi)
    believed = benjamini_hochberg(norm.cdf(z), q)
    declining = believed & (classify(before, now) == DECLINER) & (np.nan_to_num(index, nan=100.0) < LEAST_INDEX)
    return Declines(index=index, z=z, phi=phi, declining=declining, chance=np.nan_to_num(chance_true(z), nan=0.0))


def _noise(z: Numbers) -> float:
    """The variance of the middle of the z-scores (quartile range over a normal's), at least 1."""
    known = z[~np.isnan(z)]
    if len(known) < 20:
        return 1.0
    low, high = np.quantile(known, [0.25, 0.75])
    return float(max(1.0, ((high - low) / 1.349) ** 2))
