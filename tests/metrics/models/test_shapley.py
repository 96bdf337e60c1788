"""The split is exact, fair and equal to published numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import BadDeclaration
from metrics.models import shapley

# Das Gupta 1993, Standardization and Decomposition of Rates (US Census Bureau, CPR P23-186), examples 2.1 to 2.4:
# factors of two populations and the effects he prints for them.
DAS_GUPTA = {
    "earnings": ([10930, 0.717892], [16591, 0.825974], [4369.913, 1487.262]),
    "births": (
        [51.78746, 0.45919, 0.52638],
        [84.90502, 0.75756, 0.51065],
        [10.4340333, 10.5608476, -0.6670084],
    ),
    "non-marital births": (
        [25.3, 0.214, 0.279, 0.949],
        [32.7, 0.290, 0.473, 0.986],
        [0.6889411, 0.8125381, 1.3829055, 0.1047547],
    ),
    "fertility": (
        [0.58, 0.76, 0.84, 0.66, 16.573],
        [0.72, 0.97, 0.97, 0.56, 16.158],
        [1.0909785, 1.2298438, 0.7278399, -0.8398707, -0.1290187],
    ),
}


@pytest.mark.parametrize("name", DAS_GUPTA)
def test_published_effects(name: str) -> None:
    old, new, effects = DAS_GUPTA[name]
    assert np.ravel(shapley.split(old, new)) == pytest.approx(
        effects, rel=2e-7, abs=5e-4 if name == "earnings" else 5e-8
    )


def test_published_effects_of_vectors_add_up_over_leaves() -> None:
    """Das Gupta's example 4.3: the Taiwan birth rate by age; leaf parts add up to his effects."""
    now = [
        [488, 452, 338, 156, 63, 22, 3],
        [0.082, 0.527, 0.866, 0.941, 0.942, 0.923, 0.876],
        [0.058, 0.038, 0.032, 0.030, 0.026, 0.023, 0.019],
    ]
    was = [
        [393, 407, 369, 274, 184, 90, 16],
        [0.122, 0.622, 0.903, 0.930, 0.916, 0.873, 0.800],
        [0.043, 0.041, 0.036, 0.032, 0.026, 0.020, 0.018],
    ]
    assert [part.sum() for part in shapley.split(was, now)] == pytest.approx(
        [-7.285632, -2.720633, -1.565181], abs=5e-6
    )


def test_published_effects_of_a_formula_that_is_no_product() -> None:
    """Das Gupta's example 3.1: births less deaths."""
    parts = shapley.split([19.4, 10.8], [23.7, 9.5], lambda factors: factors[0] - factors[1])
    assert np.ravel(parts) == pytest.approx([4.3, 1.3])


def test_two_factors_are_bennets() -> None:
    volume, price = shapley.split([10.0, 3.0], [14.0, 2.0])
    assert volume == pytest.approx((14 - 10) * (3 + 2) / 2)
    assert price == pytest.approx((2 - 3) * (10 + 14) / 2)


numbers = st.one_of(st.just(0.0), st.floats(-50, 50, allow_nan=False))
sides = st.integers(1, 5).flatmap(lambda k: st.tuples(*(st.lists(numbers, min_size=k, max_size=k) for _ in range(2))))


@given(sides)
def test_exact_reversible_and_a_still_factor_does_nothing(pair: tuple[list[float], list[float]]) -> None:
    old, new = pair
    parts = np.ravel(shapley.split(old, new))
    scale = max(1.0, float(np.prod([max(1.0, abs(a), abs(b)) for a, b in zip(old, new, strict=True)])))
    assert abs(parts.sum() - (np.prod(new) - np.prod(old))) <= 1e-9 * scale
    assert np.ravel(shapley.split(new, old)) == pytest.approx(-parts, abs=1e-9 * scale)
    for part, before, after in zip(parts, old, new, strict=True):
        if before == after:
            assert abs(part) <= 1e-9 * scale


def test_symmetric() -> None:
    old, new = np.array([2.0, 5.0, 7.0]), np.array([3.0, 4.0, 9.0])
    turned = [2, 0, 1]
    assert np.ravel(shapley.split(old[turned], new[turned])) == pytest.approx(np.ravel(shapley.split(old, new))[turned])


def test_whole_ticks_close_exactly() -> None:
    change = np.array([7, -3, 0])
    parts = shapley.ticks([np.array([3.4, -1.2, 0.4]), np.array([3.4, -1.4, -0.4])], change)
    assert np.sum(parts, axis=0).tolist() == change.tolist()
    assert all(part.dtype == np.int64 for part in parts)


def test_too_many_factors_are_refused() -> None:
    with pytest.raises(BadDeclaration, match="one to five"):
        shapley.split([1.0] * 6, [2.0] * 6)
