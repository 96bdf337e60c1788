"""Peers of like potential: who does less of the plan than chance allows, and who must not be said to."""

from __future__ import annotations

import numpy as np

from metrics.signals import peers
from metrics.signals.peers import ABOVE, BELOW, LIKE, TOO_FEW, WITHIN, judged


def test_who_falls_far_short_is_below_and_the_others_stay_within() -> None:
    found = judged([165, 158, 105, 160], [196, 177, 165, 184], [1.0, 2.0, 3.0, 4.0])
    assert [each.verdict for each in found] == [WITHIN, WITHIN, BELOW, WITHIN]
    rate = (165 + 158 + 105 + 160) / (196 + 177 + 165 + 184)
    assert abs(found[2].expected - 165 * rate) < 1e-9
    assert found[2].low < found[2].expected < found[2].high
    assert found[2].low > 105


def test_a_small_plan_or_too_few_units_are_never_judged() -> None:
    assert judged([0, 90, 80, 85], [19, 100, 100, 100], [1, 1, 1, 1])[0].verdict == TOO_FEW
    assert {each.verdict for each in judged([0, 100], [100, 100], [1, 1])} == {TOO_FEW}
    assert judged([], [], []) == []


def test_the_rate_is_that_of_the_nearest_by_potential_and_not_of_all() -> None:
    small, large = LIKE + 1, LIKE + 1
    made = [50.0] * small + [90.0] * large
    found = judged(made, [100.0] * (small + large), [10.0] * small + [1000.0] * large)
    assert {each.verdict for each in found} == {WITHIN}, "each is like its own kind"
    everybody = judged(made, [100.0] * (small + large), [None] * (small + large))
    assert {each.verdict for each in everybody} >= {BELOW, ABOVE}, "against all, potential would be taken for effort"


def test_teams_of_pure_chance_are_seldom_accused() -> None:
    random = np.random.default_rng(7)
    accused = [
        any(each.verdict in (BELOW, ABOVE) for each in judged(random.poisson(80, 12), [100.0] * 12, [1.0] * 12))
        for _ in range(300)
    ]
    assert np.mean(accused) < 0.13
    assert peers.LEAST_PLANNED == 20
