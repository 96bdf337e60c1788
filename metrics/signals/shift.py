"""Which part of the whole has shifted: each one against its own share of the nation.

What hits everybody (season, a holiday, a competitor's launch) moves the nation too and cancels, so
that only what is particular to a territory remains. The test follows the funnel-plot practice of
Spiegelhalter 2005 (Stat Med 24:1185) for counts with more than Poisson noise; many territories
are judged together by Benjamini & Hochberg 1995.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from metrics.signals.evidence import Evidence, all_of, at_least
from metrics.signals.fdr import benjamini_hochberg, chance_true

Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How long is recent, how long is the past it is held against, and how many false ones are borne.

    `recent` and `base` count periods; `holds` is in how many periods running a fall must be seen;
    `least_base` and `least_expected` are the evidence without which nothing is said.
    """

    recent: int
    base: int
    least_base: int
    holds: int = 2
    q: float = 0.10
    least_chance: float = 0.7
    least_expected: float = 20.0


WEEKLY = Setting(recent=8, base=44, least_base=26)
MONTHLY = Setting(recent=3, base=12, least_base=9)


@dataclass(frozen=True, kw_only=True)
class Shifts:
    """For each series: what it did recently, what its share of the whole says, and how sure that is.

    `gap` is actual minus expected over the recent periods and `error` its standard error; `z` is
    their quotient; `phi` the noise over Poisson; `fallen` whether to say so; `chance` how likely a
    fall is true. All arrays have one element a series.
    """

    actual: Numbers
    expected: Numbers
    gap: Numbers
    error: Numbers
    z: Numbers
    phi: Numbers
    chance: Numbers
    fallen: NDArray[np.bool_]
    evidence: tuple[Evidence, ...]


def falls(counts: Numbers, whole: Numbers, setting: Setting = WEEKLY) -> Shifts:
    """Which series fell below their share of the whole, seen in `holds` periods running.

    `counts` is periods x series, oldest first, without gaps; `whole` the nation's count in each
    period. Periods older than the base are not looked at. The set said holds at most a share `q` of
    false ones, and each one said is itself more likely true than `least_chance`.
    """
    return _held(counts, whole, setting, 1.0)


def rises(counts: Numbers, whole: Numbers, setting: Setting = WEEKLY) -> Shifts:
    """Which series rose above their share of the whole, by the same test: `fallen` then says who rose."""
    return _held(counts, whole, setting, -1.0)


def _held(counts: Numbers, whole: Numbers, setting: Setting, side: float) -> Shifts:
    """What is seen in every one of the last looks."""
    backs = range(setting.holds)
    looks = [_look(counts[: len(counts) - back], whole[: len(whole) - back], setting, side) for back in backs]
    held = np.logical_and.reduce([look.fallen for look in looks])
    return replace(looks[0], fallen=held & (looks[0].chance >= setting.least_chance))


def _look(counts: Numbers, whole: Numbers, setting: Setting, side: float) -> Shifts:
    """One look at the last `recent` periods, each series against the base before them."""
    k = setting.recent
    if len(counts) <= k:
        return _nothing(counts, setting)
    base, total = counts[-k - setting.base : -k], whole[-k - setting.base : -k]
    share = base.sum(axis=0) / max(total.sum(), 1e-12)
    hoped = np.outer(total, share)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = np.where(hoped > 0, (base - hoped) ** 2 / hoped, np.nan)
    phi = np.maximum(1.0, np.nan_to_num(_mean(squares), nan=1.0))
    actual, expected = counts[-k:].sum(axis=0), share * whole[-k:].sum()
    error = np.sqrt(phi * expected * (1.0 + k / len(base)))
    evidence = tuple(
        all_of(
            at_least(len(base), setting.least_base, "earlier periods"),
            at_least(float(value), setting.least_expected, "expected"),
        )
        for value in expected
    )
    spoken = np.array([bool(item) for item in evidence], dtype=bool)
    z = np.where(spoken, (actual - expected) / np.where(error > 0, error, 1.0), np.nan)
    return Shifts(
        actual=actual,
        expected=expected,
        gap=actual - expected,
        error=error,
        z=z,
        phi=phi,
        chance=np.nan_to_num(chance_true(side * z), nan=0.0),
        fallen=benjamini_hochberg(norm.cdf(side * z), setting.q),
        evidence=evidence,
    )


def _mean(squares: Numbers) -> Numbers:
    """The mean of each column, missing values left out; missing where nothing is known."""
    known = ~np.isnan(squares)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, squares, 0.0).sum(axis=0) / known.sum(axis=0))


def _nothing(counts: Numbers, setting: Setting) -> Shifts:
    """What can be said of a history shorter than the recent span: nothing."""
    blank = np.full(counts.shape[1], np.nan)
    short = at_least(max(0, len(counts) - setting.recent), setting.least_base, "earlier periods")
    return Shifts(
        actual=blank, expected=blank, gap=blank, error=blank, z=blank, phi=blank,
        chance=np.zeros(len(blank)), fallen=np.zeros(len(blank), dtype=bool), evidence=(short,) * len(blank),
    )  # fmt: skip
