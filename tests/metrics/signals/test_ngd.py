"""New, grower, decliner: thresholds by hand, and chance told apart."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.signals import ngd


@pytest.mark.parametrize(
    ("previous", "current", "word"),
    [
        (0, 0, "none"),
        (0, 1, "new"),
        (10, 7, "decliner"),
        (10, 7.5, "steady"),  # fewer than three scripts
        (30, 25, "steady"),  # fewer than a fifth
        (30, 24, "decliner"),
        (2, 0, "steady"),  # two scripts tell nothing
        (10, 13, "grower"),
        (40, 46, "steady"),
    ],
)
def test_classes(previous: float, current: float, word: str) -> None:
    assert ngd.classify([previous], [current]).tolist() == [word]


def test_evolution_is_relative_to_those_around() -> None:
    assert ngd.evolution([20, 20, 0], [18, 20, 5], [0.9, 1.25, 1.0]) == pytest.approx([100, 80, np.nan], nan_ok=True)


def test_a_fall_shared_by_the_region_is_no_decliner() -> None:
    found = ngd.declines([100.0, 100.0], [50.0, 50.0], [0.5, 1.0])
    assert found.declining.tolist() == [False, True]


def test_z_is_the_conditional_binomial() -> None:
    """31 then 22 of 53 at even odds: (22 - 26.5) / sqrt(53 / 4)."""
    assert ngd.declines([31.0], [22.0], [1.0]).z[0] == pytest.approx((22 - 26.5) / np.sqrt(53 / 4))


def test_among_many_only_real_falls_are_believed() -> None:
    rng = np.random.default_rng(4)
    mean = rng.gamma(3, 15, 2000)
    before, now = rng.poisson(mean), rng.poisson(mean)
    falling = np.arange(60)
    now[falling] = rng.poisson(mean[falling] * 0.3)
    found = ngd.declines(before, now, np.full(2000, now.sum() / before.sum()))
    said = np.flatnonzero(found.declining)
    assert (said < 60).mean() >= 0.85
    assert (said < 60).sum() >= 36
    naive = ngd.classify(before, now) == ngd.DECLINER
    assert naive[60:].sum() > 200  # what the thresholds alone would have called out


def test_too_few_scripts_are_no_evidence() -> None:
    assert not ngd.declines([3.0], [0.0], [1.0]).declining[0]
    assert np.isnan(ngd.declines([3.0], [0.0], [1.0]).z[0])
