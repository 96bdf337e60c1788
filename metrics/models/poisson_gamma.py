"""How fast sites enrol: Poisson counts whose rates differ from site to site, all uncertainty kept.

Model of Anisimov & Fedorov 2007 (Stat Med 26:4958): k_i given lam_i is Poisson(lam_i v_i) over an
exposure v_i, lam_i is Gamma(a, b). Its hyperparameters are integrated over a grid and not plugged
in, because plug-in intervals are too narrow (Mountain & Sherlock 2022, Biometrics 78:636).
Exposure and rates may be in any unit of time as long as it is the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, gammainc, gammaln

Numbers = NDArray[np.float64]
_GRID, _PRIOR_MEAN, _PRIOR_SD = 25, log(1.3), 0.7
_NEGLIGIBLE = 1e-7


def log_likelihood(k: ArrayLike, v: ArrayLike, a: ArrayLike, b: ArrayLike) -> Numbers:
    """The log likelihood of all sites' counts at shape a and rate b (a negative binomial each).

    k and v have one element a site; a and b may be arrays, and the answer has their shape.
    """
    k, v = np.asarray(k, dtype=float), np.asarray(v, dtype=float)
    a, b = np.asarray(a, dtype=float)[..., None], np.asarray(b, dtype=float)[..., None]
    k, v = k[v > 0], v[v > 0]
    terms = gammaln(k + a) - gammaln(a) - gammaln(k + 1) + a * np.log(b / (b + v)) + k * np.log(v / (b + v))
    return np.asarray(terms.sum(axis=-1))


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """What the counts say about every site: a weighted set of shapes `a` and rates `b`.

    `k` and `v` are the counts and exposures it was fitted on (one a site); `weight` sums to 1.
    """

    k: Numbers
    v: Numbers
    a: Numbers
    b: Numbers
    weight: Numbers

    def mean_rate(self) -> Numbers:
        """Each site's expected rate: between its own and the study's, nearer its own the longer it is open."""
        return np.asarray(((self.a[:, None] + self.k) / (self.b[:, None] + self.v) * self.weight[:, None]).sum(axis=0))

    def chance_below(self, rate: ArrayLike) -> Numbers:
        """Each site's probability that its true rate is below `rate` (one value, or one a site)."""
        shape = self.a[:, None] + self.k
        scale = self.b[:, None] + self.v
        return np.asarray((gammainc(shape, scale * np.asarray(rate, dtype=float)) * self.weight[:, None]).sum(axis=0))

    def rate_interval(self, level: float = 0.90) -> tuple[Numbers, Numbers]:
        """The central interval of each site's true rate, by bisection on its posterior."""
        return self._rate_at((1 - level) / 2), self._rate_at((1 + level) / 2)

    def _rate_at(self, probability: float) -> Numbers:
        mean = self.mean_rate()
        low, high = np.zeros_like(mean), mean * 2 + 1e-9
        while np.any(short := self.chance_below(high) < probability):
            high = np.where(short, high * 2, high)
        for _ in range(40):
            middle = (low + high) / 2
            under = self.chance_below(middle) < probability
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return (low + high) / 2

    def chance_reaching(self, more: ArrayLike, ahead: ArrayLike) -> Numbers:
        """Each site's probability of at least `more` subjects in the exposure `ahead`.

        P(N >= n) of a negative binomial is the regularised beta function I_{w/(B+w)}(n, A).
        """
        needed, time = np.asarray(more, dtype=float), np.asarray(ahead, dtype=float)
        shape, rate = self.a[:, None] + self.k, self.b[:, None] + self.v
        reach = betainc(np.maximum(needed, 1e-300), shape, time / (rate + time))
        return np.where(needed <= 0, 1.0, np.asarray((reach * self.weight[:, None]).sum(axis=0)))

    def study_gamma(self, new_sites: int = 0) -> tuple[Numbers, Numbers]:
        """The study's rate at each grid point as Gamma(A, B): M^2/S2 and M/S2 of the sites' moments.

        `new_sites` opens that many sites of which nothing is known yet.
        """
        shape, rate = self.a[:, None] + self.k, self.b[:, None] + self.v
        mean = (shape / rate).sum(axis=1) + new_sites * self.a / self.b
        variance = (shape / rate**2).sum(axis=1) + new_sites * self.a / self.b**2
        return mean**2 / variance, mean / variance

    def study_chance(self, more: int, ahead: float, new_sites: int = 0) -> float:
        """The probability that the study enrols at least `more` subjects in the time `ahead`."""
        if more <= 0:
            return 1.0
        if ahead <= 0:
            return 0.0
        shape, rate = self.study_gamma(new_sites)
        return float((betainc(more, shape, ahead / (rate + ahead)) * self.weight).sum())

    def study_time(self, more: int, probability: float, new_sites: int = 0) -> float:
        """The time by which `more` subjects are enrolled with that probability (Pearson VI, mixed)."""
        low, high = 0.0, 1.0
        while self.study_chance(more, high, new_sites) < probability and high < 1e6:
            high *= 2
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if self.study_chance(more, middle, new_sites) < probability else (low, middle)
        return (low + high) / 2

    def study_count_interval(self, ahead: float, level: float = 0.90, new_sites: int = 0) -> tuple[int, int]:
        """How many subjects the study enrols in the time `ahead`: the central interval."""
        return self._count_at((1 - level) / 2, ahead, new_sites), self._count_at((1 + level) / 2, ahead, new_sites)

    def _count_at(self, probability: float, ahead: float, new_sites: int) -> int:
        """The smallest count n with P(N <= n) at or above the probability."""
        low, high = -1, 1
        while 1 - self.study_chance(high + 1, ahead, new_sites) < probability:
            high *= 2
        while high - low > 1:
            middle = (low + high) // 2
            if 1 - self.study_chance(middle + 1, ahead, new_sites) >= probability:
                high = middle
            else:
                low = middle
        return high


def fit(k: ArrayLike, v: ArrayLike) -> Posterior:
    """The posterior of all sites of a study from counts k over exposures v.

    The grid is 25 x 25 over ln a (prior normal around ln 1.3 with sd 0.7) and ln mean (flat).
    Sites without exposure teach nothing and receive the study's own spread.
    """
    counts, exposure = np.asarray(k, dtype=float), np.asarray(v, dtype=float)
    shapes = np.linspace(_PRIOR_MEAN - 4 * _PRIOR_SD, _PRIOR_MEAN + 4 * _PRIOR_SD, _GRID)
    centre, half = _mean_range(counts, exposure)
    means = np.linspace(centre - half, centre + half, _GRID)
    ln_a, ln_mean = (part.ravel() for part in np.meshgrid(shapes, means, indexing="ij"))
    a, b = np.exp(ln_a), np.exp(ln_a - ln_mean)
    score = log_likelihood(counts, exposure, a, b) - 0.5 * ((ln_a - _PRIOR_MEAN) / _PRIOR_SD) ** 2
    weight = np.exp(score - score.max())
    weight /= weight.sum()
    kept = weight > _NEGLIGIBLE
    return Posterior(k=counts, v=exposure, a=a[kept], b=b[kept], weight=weight[kept] / weight[kept].sum())


def of_known_shape(k: ArrayLike, v: ArrayLike, a: float, b: float) -> Posterior:
    """The posterior when shape and rate are known: the published closed forms, one grid point."""
    return Posterior(
        k=np.asarray(k, dtype=float), v=np.asarray(v, dtype=float), a=np.array([a]), b=np.array([b]), weight=np.ones(1)
    )


def _mean_range(k: Numbers, v: Numbers) -> tuple[float, float]:
    """Centre and half width of ln mean: the pooled rate, and four generous standard errors."""
    total, exposure, sites = k.sum(), max(v.sum(), 1e-9), max(int((v > 0).sum()), 1)
    return log((total + 0.5) / exposure), 4.0 * sqrt(1.0 / (total + 0.5) + 1.0 / (1.3 * sites))
