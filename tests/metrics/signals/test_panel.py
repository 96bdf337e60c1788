"""Units against the trend around them: few false ones where nothing happens, most of what is planted found."""

from __future__ import annotations

import numpy as np

from metrics.signals import panel

UNITS, EACH, CUT = 60, 40, 99.0


def land(seed: int, fallen: int, factor: float = 0.75) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Prescribers with heavy-tailed moves, cut off below 100 in both years; some units fall by a factor."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(UNITS), EACH)
    level = rng.gamma(1.2, 150, UNITS * EACH) + 40
    move = np.exp(0.15 * rng.standard_t(4, UNITS * EACH))
    before, now = rng.poisson(level).astype(float), rng.poisson(level * 1.1 * move * np.where(unit < fallen, factor, 1))
    before, now = np.maximum(before, CUT), np.maximum(now.astype(float), CUT)
    growth = np.full(len(unit), now.sum() / before.sum())
    return before, now, growth, unit


def said(seed: int, fallen: int, side: int = -1) -> np.ndarray:
    return panel.moves(*land(seed, fallen), UNITS, side).moved


def test_where_nothing_happens_a_family_is_seldom_wrong() -> None:
    wrong = [said(seed, 0, side).any() for seed in range(40) for side in (-1, 1)]
    assert np.mean(wrong) <= 0.15


def test_what_is_planted_is_found_and_little_else() -> None:
    found = np.array([said(seed, 6) for seed in range(30)])
    true, false = found[:, :6].sum(), found[:, 6:].sum()
    assert false / max(1, true + false) <= 0.15
    assert true / (30 * 6) >= 0.6


def test_few_prescribers_few_scripts_or_a_small_move_are_never_said() -> None:
    before, now, growth, unit = land(3, 6, 0.5)
    kept = (unit != 0) | (np.arange(len(unit)) < panel.LEAST_PEOPLE - 1)
    seen = panel.moves(before[kept], now[kept], growth[kept], unit[kept], UNITS, -1)
    assert not seen.moved[0]
    assert seen.moved[1]
    tiny = panel.moves(before / 1e3, now / 1e3, growth, unit, UNITS, -1)
    assert not tiny.moved.any()
    steady = before * 0.98
    assert not panel.moves(before, steady, np.ones(len(before)), unit, UNITS, -1).moved.any()
