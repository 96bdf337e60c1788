"""A territory's own fall is seen; what hits everybody is not."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.signals import shift

WEEKS, TERRITORIES = 52, 40


def _steady(seed: int = 0, mean: float = 100.0) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, (WEEKS, TERRITORIES)).astype(float)


def test_expected_is_the_base_share_of_the_nation() -> None:
    counts = np.column_stack([np.full(WEEKS, 30.0), np.full(WEEKS, 70.0)])
    counts[-8:, 0] = 15
    seen = shift.falls(counts, counts.sum(axis=1))
    assert seen.expected == pytest.approx([0.3 * 85 * 8, 0.7 * 85 * 8])
    assert seen.gap[0] == pytest.approx(8 * 15 - 0.3 * 85 * 8)
    assert seen.error[0] == pytest.approx(np.sqrt(0.3 * 85 * 8 * (1 + 8 / 44)))
    assert seen.z[0] == pytest.approx(seen.gap[0] / seen.error[0])


def test_a_nations_fall_is_nobodys() -> None:
    counts = _steady()
    counts[-8:] = np.round(counts[-8:] * 0.7)
    assert not shift.falls(counts, counts.sum(axis=1)).fallen.any()


def test_one_territorys_fall_is_its_own() -> None:
    counts = _steady()
    counts[-8:, 7] = np.round(counts[-8:, 7] * 0.75)
    seen = shift.falls(counts, counts.sum(axis=1))
    assert np.flatnonzero(seen.fallen).tolist() == [7]
    assert seen.chance[7] > 0.9


def test_one_bad_week_is_not_held() -> None:
    """A last week so bad that the eight together are low, but a week ago they were not."""
    counts = _steady(mean=500.0)
    counts[-1, 7] = 0
    now = shift.falls(counts, counts.sum(axis=1))
    alone = shift.falls(counts, counts.sum(axis=1), shift.Setting(recent=8, base=44, least_base=26, holds=1))
    assert not now.fallen[7]
    assert alone.z[7] < -2.5


def test_noise_above_poisson_widens_the_error() -> None:
    counts = _steady()
    counts[: WEEKS - 8 : 2, 3] *= 1.5
    seen = shift.falls(counts, counts.sum(axis=1))
    assert seen.phi[3] > 3
    assert seen.phi[4] < 2


@pytest.mark.parametrize(("weeks", "scale", "reason"), [(20, 1.0, "earlier periods"), (52, 0.01, "expected")])
def test_without_evidence_nothing_is_said(weeks: int, scale: float, reason: str) -> None:
    counts = (_steady() * scale)[-weeks:]
    counts[-8:, 7] = 0
    seen = shift.falls(counts, counts.sum(axis=1))
    assert not seen.fallen.any()
    assert reason in seen.evidence[7].reason


def test_a_history_of_a_few_weeks_says_nothing() -> None:
    counts = _steady()[:6]
    seen = shift.falls(counts, counts.sum(axis=1))
    assert not seen.fallen.any()
    assert seen.evidence[0].reason == "0 earlier periods, 26 are needed"


def test_a_rise_is_seen_by_the_same_test_and_is_no_fall() -> None:
    counts = _steady()
    counts[-8:, 7] = np.round(counts[-8:, 7] * 1.3)
    up, down = (look(counts, counts.sum(axis=1)) for look in (shift.rises, shift.falls))
    assert np.flatnonzero(up.fallen).tolist() == [7]
    assert up.chance[7] > 0.9
    assert up.gap[7] > 0
    assert not down.fallen.any()
