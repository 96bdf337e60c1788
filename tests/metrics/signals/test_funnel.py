"""Control limits of counts: what chance alone allows."""

from __future__ import annotations

import pytest
from scipy.stats import poisson

from metrics.signals.funnel import limits


@pytest.mark.parametrize("expected", [4.0, 12.5, 60.0, 400.0])
def test_limits_hold_the_share_they_promise(expected: float) -> None:
    [(low, high)] = limits([expected])
    assert low < expected < high
    assert poisson.ppf(0.025, expected) - 1 <= low <= poisson.ppf(0.025, expected)
    assert poisson.ppf(0.975, expected) - 1 <= high <= poisson.ppf(0.975, expected)


def test_the_funnel_opens_with_exposure_and_narrows_in_share() -> None:
    found = limits([5, 20, 80])
    widths = [high - low for low, high in found]
    assert widths == sorted(widths)
    shares = [width / expected for width, expected in zip(widths, [5, 20, 80], strict=True)]
    assert shares == sorted(shares, reverse=True)


def test_nothing_expected_allows_nothing() -> None:
    assert limits([0.0]) == [(0.0, 0.0)]
    assert limits([1.0])[0][0] == 0.0
