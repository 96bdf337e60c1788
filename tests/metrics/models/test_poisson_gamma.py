"""The recruitment model against Monte Carlo, brute force and the published closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from metrics.models import poisson_gamma

K, V = np.array([0, 1, 3, 9]), np.array([10.0, 20.0, 30.0, 26.0])


def test_likelihood_is_scipys_negative_binomial() -> None:
    a, b = 1.4, 14.0
    assert poisson_gamma.log_likelihood(K, V, a, b) == pytest.approx(stats.nbinom.logpmf(K, a, b / (b + V)).sum())


def test_known_shape_is_the_closed_form() -> None:
    """Posterior Gamma(a + k, b + v), its mean, its tail, and the site's own forecast (Anisimov & Fedorov 2007)."""
    a, b = 1.4, 14.0
    posterior = poisson_gamma.of_known_shape(K, V, a, b)
    assert posterior.mean_rate() == pytest.approx((a + K) / (b + V))
    assert posterior.chance_below(0.06) == pytest.approx(stats.gamma.cdf(0.06, a + K, scale=1 / (b + V)))
    low, high = posterior.rate_interval(0.9)
    assert low == pytest.approx(stats.gamma.ppf(0.05, a + K, scale=1 / (b + V)), rel=1e-6)
    assert high == pytest.approx(stats.gamma.ppf(0.95, a + K, scale=1 / (b + V)), rel=1e-6)
    p = (b + V) / (b + V + 12)
    assert posterior.chance_reaching(np.array([0, 1, 2, 5]), 12.0) == pytest.approx(
        stats.nbinom.sf(np.array([-1, 0, 1, 4]), a + K, p)
    )


def test_time_to_finish_is_pearson_vi() -> None:
    """Time to n more is B x BetaPrime(n, A), A and B matched to the sites' moments."""
    posterior = poisson_gamma.of_known_shape(np.arange(40) % 5, np.full(40, 26.0), 1.4, 14.0)
    shape, rate = posterior.study_gamma()
    for probability in (0.1, 0.5, 0.9):
        expected = rate[0] * stats.betaprime.ppf(probability, 120, shape[0])
        assert posterior.study_time(120, probability) == pytest.approx(expected, rel=1e-6)


def test_study_forecast_agrees_with_simulation() -> None:
    rng = np.random.default_rng(5)
    k, v, a, b = rng.poisson(2.5, 30), np.full(30, 26.0), 1.4, 14.0
    posterior = poisson_gamma.of_known_shape(k, v, a, b)
    drawn = rng.poisson(rng.gamma(a + k, 1 / (b + v), (60_000, 30)).sum(axis=1) * 20)
    for more in (45, 60, 75):
        assert posterior.study_chance(more, 20.0) == pytest.approx((drawn >= more).mean(), abs=0.01)
    low, high = posterior.study_count_interval(20.0)
    assert (low, high) == pytest.approx(tuple(np.quantile(drawn, [0.05, 0.95])), abs=1.01)


def test_integrating_beats_plugging_in() -> None:
    """The grid's weights are the brute-force posterior of a much finer grid."""
    k, v = np.array([0, 0, 1, 2, 5, 0, 3, 1]), np.full(8, 20.0)
    rough = poisson_gamma.fit(k, v)
    ln_a, ln_m = np.meshgrid(np.linspace(-3, 3.5, 300), np.linspace(-6, 0, 300), indexing="ij")
    a, b = np.exp(ln_a).ravel(), np.exp(ln_a - ln_m).ravel()
    score = poisson_gamma.log_likelihood(k, v, a, b) - 0.5 * ((ln_a.ravel() - np.log(1.3)) / 0.7) ** 2
    weight = np.exp(score - score.max())
    fine = poisson_gamma.Posterior(k=k, v=v, a=a, b=b, weight=weight / weight.sum())
    assert rough.mean_rate() == pytest.approx(fine.mean_rate(), rel=5e-3)
    assert rough.chance_below(0.05) == pytest.approx(fine.chance_below(0.05), abs=5e-3)


def test_silence_means_more_the_longer_it_lasts() -> None:
    k, v = np.array([0, 0, 2, 3, 4, 2]), np.array([2.0, 40.0, 26.0, 26.0, 26.0, 26.0])
    below = poisson_gamma.fit(k, v).chance_below(0.05)
    assert below[0] < 0.6 < below[1]


def test_a_study_without_a_single_subject_or_exposure_still_answers() -> None:
    posterior = poisson_gamma.fit(np.zeros(3), np.array([0.0, 5.0, 9.0]))
    assert np.all(np.isfinite(posterior.mean_rate()))
    assert posterior.weight.sum() == pytest.approx(1)


def _coverage(sites: int, census: float, ahead: float, fresh: float, reps: int) -> float:
    """The share of simulated studies whose next count falls into its 90 % interval."""
    hits = 0
    for seed in range(reps):
        rng = np.random.default_rng(seed)
        rates = rng.gamma(1.4, 0.10 / 1.4, sites)
        posterior = poisson_gamma.fit(rng.poisson(rates * census), np.full(sites, census))
        new = round(sites * fresh)
        low, high = posterior.study_count_interval(ahead, 0.9, new)
        hits += low <= rng.poisson((rates.sum() + rng.gamma(1.4, 0.10 / 1.4, new).sum()) * ahead) <= high
    return hits / reps


@pytest.mark.parametrize("setting", [(20, 26, 26, 0.5), (60, 26, 26, 0.0)])
def test_intervals_cover(setting: tuple[int, float, float, float]) -> None:
    assert 0.83 <= _coverage(*setting, reps=120) <= 0.97


@pytest.mark.slow
@pytest.mark.parametrize(
    "setting", [(20, 26, 26, 0.0), (20, 26, 26, 0.5), (60, 26, 26, 0.0), (60, 26, 52, 0.5), (150, 26, 26, 0.5)]
)
def test_intervals_cover_in_every_setting(setting: tuple[int, float, float, float]) -> None:
    assert 0.87 <= _coverage(*setting, reps=1000) <= 0.94
