"""Few false alarms among many looks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from metrics.signals import fdr


def test_adjusted_is_scipys() -> None:
    p = np.random.default_rng(1).uniform(size=50) ** 3
    assert fdr.adjusted(p) == pytest.approx(false_discovery_control(p))


def test_the_example_of_benjamini_and_hochberg_1995() -> None:
    """Their fifteen p-values (section 4.1): at q = 0.05 the four smallest are believed."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip  # noqa: E501
    assert fdr.benjamini_hochberg(p, 0.05).tolist() == [True] * 4 + [False] * 11


def test_without_evidence_there_is_no_test() -> None:
    believed = fdr.benjamini_hochberg([0.04, np.nan, 0.9], 0.10)
    assert believed.tolist() == [True, False, False] if 0.04 * 2 <= 0.10 else [False] * 3
    assert fdr.benjamini_hochberg([np.nan, np.nan]).tolist() == [False, False]
    assert fdr.benjamini_hochberg([]).tolist() == []


def test_the_bayesian_set_is_the_largest_whose_mean_doubt_is_borne() -> None:
    probability = [0.99, 0.60, 0.95, 0.90, np.nan]
    assert fdr.bayesian_set(probability, 0.10).tolist() == [True, False, True, True, False]
    assert fdr.bayesian_set([0.5, 0.4]).tolist() == [False, False]


def test_chance_true_is_about_right() -> None:
    """900 nulls and 100 at z = -4: of those called 80 to 99 % sure, so many are true."""
    rng = np.random.default_rng(2)
    z = np.concatenate([rng.normal(0, 1, 9000), rng.normal(-4, 1, 1000)])
    true = np.arange(10_000) >= 9000
    chance = fdr.chance_true(z)
    for low, high in ((0.3, 0.6), (0.6, 0.9), (0.9, 1.01)):
        inside = (chance >= low) & (chance < high)
        assert true[inside].mean() == pytest.approx(chance[inside].mean(), abs=0.12)
    assert np.all(chance[z > 0] == 0)


def test_few_scores_use_even_odds() -> None:
    chance = fdr.chance_true([-3.0, -1.0, 1.0, np.nan])
    p = 0.0013498980316301035
    assert chance[0] == pytest.approx(1 / (1 + -np.e * p * np.log(p)))
    assert chance[2] == 0
    assert np.isnan(chance[3])
