"""The last number of a series: news, noise, or too few to say; and where it is heading."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.signals import noise

CALM: list[float | None] = [50.0, 52, 49, 51, 50, 48, 51, 50, 52, 49, 50, 51, 49]


def test_verdicts() -> None:
    assert noise.verdict(CALM) == noise.WITHIN
    assert noise.verdict([*CALM, 90.0]) == noise.BEYOND
    assert noise.verdict(CALM[:8]) == noise.TOO_FEW
    assert noise.verdict([*CALM, None]) == noise.TOO_FEW
    assert noise.verdict([]) == noise.TOO_FEW


def test_run_rate_covers_what_comes() -> None:
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(600):
        series = rng.normal(100, 10, 12)
        found = noise.run_rate(list(series[:8]), ahead=4, level=0.8)
        assert found is not None
        hits += found[1] <= series[8:].sum() <= found[2]
    assert hits / 600 == pytest.approx(0.8, abs=0.05)


def test_run_rate_of_too_little_is_none_and_never_negative() -> None:
    assert noise.run_rate([1.0] * 7) is None
    found = noise.run_rate([0.0, 0, 0, 9, 0, 0, 0, 0])
    assert found is not None
    assert found[1] == 0
