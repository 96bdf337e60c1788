"""The rules of Making Data Count, one by one, and which of them counts first."""

from __future__ import annotations

import pytest

from metrics.signals import xmr

CALM = [50.0, 52, 49, 51, 50, 48, 51, 50, 52, 49, 50, 51, 49]


def test_limits_are_mean_and_266_average_moving_ranges() -> None:
    chart = xmr.chart([10.0, 12.0, 10.0, 12.0, 11.0, 11.0])
    spread = (2 + 2 + 2 + 1 + 0) / 5
    assert (chart.mean, chart.lower, chart.upper) == pytest.approx((11, 11 - 2.66 * spread, 11 + 2.66 * spread))


def test_a_wild_moving_range_is_left_out_once() -> None:
    """One jump of 100 among ranges of 1: the mean of all is 12, so 100 >= 3.267 x 12 leaves the sum."""
    values = [0.0, 1, 0, 1, 100 + 1, 100, 101, 100, 101, 100]
    kept = xmr.chart(values)
    assert kept.upper - kept.mean == pytest.approx(2.66 * 1.0)


def test_calm_series_breaks_no_rule() -> None:
    assert set(xmr.chart(CALM).rules) == {""}


def test_outside_comes_first() -> None:
    chart = xmr.chart([*CALM, 90.0])
    assert chart.rules[-1] == xmr.OUTSIDE
    assert chart.side[-1] == 1


def test_seven_points_on_one_side_but_the_mean_itself_breaks_the_run() -> None:
    wave = [9.0, 11, 9, 11, 9, 11, 9, 11, 9, 11]
    above = [10.6, 11.2, 10.7, 11.1, 10.6, 11.2, 10.8]
    below = [20 - value for value in above]
    run = xmr.chart([*wave, *above, *below])
    assert run.mean == pytest.approx(10)
    assert run.rules[-7:] == (xmr.ONE_SIDE,) * 7
    assert run.side[-7:] == (-1,) * 7
    broken = xmr.chart([*wave, *above[:3], 10.0, *above[3:], *below[:3], 10.0, *below[3:]])
    assert xmr.ONE_SIDE not in broken.rules


def test_six_differences_of_one_sign_are_a_trend_and_it_outranks_one_side() -> None:
    values = [5.0, 1, 6, 2, 5, 1, 6, 2, 2.5, 3, 3.5, 4, 4.5, 5]
    chart = xmr.chart(values)
    assert chart.rules[-7:] == (xmr.TREND,) * 7
    assert chart.side[-7:] == (1,) * 7
    assert xmr.chart([*values[:-7], 2, 2.5, 3, 3, 3.5, 4, 4.5]).rules.count(xmr.TREND) == 0


def test_two_of_three_near_the_limit_on_one_side() -> None:
    noise = [9.0, 11] * 6
    near = xmr.chart([*noise, 15.5, 11, 15.5])
    assert near.upper > 15.5 > near.mean + 2 / 3 * (near.upper - near.mean)
    assert near.rules[-3:] == (xmr.TWO_IN_THREE, "", xmr.TWO_IN_THREE)
    assert xmr.TWO_IN_THREE not in xmr.chart([*noise, 15.5, 9, 15.5]).rules


def test_direction_decides_the_word() -> None:
    chart = xmr.chart([*CALM, 90.0])
    assert [chart.verdict(better)[-1] for better in ("up", "down", None)] == ["improvement", "concern", "change"]
    assert set(xmr.chart(CALM).verdict("up")) == {""}


def test_twelve_points_are_needed() -> None:
    assert not xmr.enough(CALM[:11])
    assert xmr.enough(CALM[:11]).reason == "11 points, 12 are needed"
    assert xmr.enough(CALM[:12])
