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
# From how many prescribers noise is learned, in groups of how many of like volume, and from how many groups a line.
_LEAST, _IN_A_GROUP, _GROUPS, _FOR_A_LINE = 20, 100, 20, 3


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
    """For each prescriber: the evolution index, a z-score, its noise, whether to say so, and how sure."""

    index: Numbers
    z: Numbers
    phi: Numbers
    declining: NDArray[np.bool_]
    chance: Numbers


def declines(previous: ArrayLike, current: ArrayLike, growth: ArrayLike, q: float = 0.10) -> Declines:
    """Who writes less by more than chance and more than those around them.

    Given the scripts of both windows together, the later ones are binomial with the share that the
    growth around implies (the conditional test of two Poisson counts, Przyborowski & Wilenski 1940,
    Biometrika 31:313), widened by the noise over Poisson that the middle half of all prescribers of
    like volume shows: who writes much moves by more than chance alone. A decliner must pass the
    thresholds, an evolution index below 95, and Benjamini-Hochberg.
    """
    before, now, around = (np.asarray(part, dtype=float) for part in (previous, current, growth))
    index = evolution(before, now, around)
    both = before + now
    share = around / (1.0 + around)
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = (now - both * share) / np.sqrt(both * share * (1.0 - share))
    raw = np.where((both >= 2 * LEAST_SCRIPTS) & (before > 0), raw, np.nan)
    phi = _noise(raw, both)
    z = raw / np.sqrt(phi)
    believed = benjamini_hochberg(norm.cdf(z), q)
    declining = believed & (classify(before, now) == DECLINER) & (np.nan_to_num(index, nan=100.0) < LEAST_INDEX)
    return Declines(index=index, z=z, phi=phi, declining=declining, chance=np.nan_to_num(chance_true(z), nan=0.0))


def _noise(z: Numbers, volume: Numbers) -> Numbers:
    """The variance of the z-scores by volume, at least 1.

    Counts that vary between people as well have a variance of mean + c x mean^2, so that of z is a straight line in
    volume. It is laid through the middle halves (quartile range over a normal's) of groups of like volume.
    """
    known = np.flatnonzero(~np.isnan(z))
    groups = min(_GROUPS, len(known) // _IN_A_GROUP)
    if len(known) < _LEAST:
        return np.ones(z.shape)
    if groups < _FOR_A_LINE:
        return np.full(z.shape, max(1.0, _middle(z[known])))
    parts = np.array_split(known[np.argsort(volume[known], kind="stable")], groups)
    seen, at = (np.array([of(part) for part in parts]) for of in (lambda p: _middle(z[p]), lambda p: volume[p].mean()))
    line, fit = np.column_stack([np.ones(groups), at]), np.maximum(seen, 1.0)
    for _ in range(2):  # a group's spread is known the worse the larger it is
        start, slope = np.linalg.lstsq(line / fit[:, None], seen / fit, rcond=None)[0]
        fit = np.maximum(line @ [start, slope], 1.0)
    if slope < 0:
        start, slope = float(np.median(seen)), 0.0
    return np.asarray(np.maximum(1.0, start + slope * volume))


def _middle(z: Numbers) -> float:
    """The variance of a normal with the same quartiles."""
    low, high = np.quantile(z, [0.25, 0.75])
    return float(((high - low) / 1.349) ** 2)
