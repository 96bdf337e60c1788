"""What adds up to what: nothing that must stay hidden is a sum or a difference of what is shown."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from metrics.cells import flats

# Over alfa, beta, rival: all, ours, the market of alfa, then each.
PRODUCTS = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=float)


def test_all_and_every_other_would_tell_the_one_that_is_hidden() -> None:
    beta = PRODUCTS[[4]]
    assert flats.shown(PRODUCTS, beta).tolist() == [True, True, False, False, False, True]


def test_nothing_to_hide_hides_nothing() -> None:
    assert flats.shown(PRODUCTS, PRODUCTS[:0]).all()


@given(st.lists(st.lists(st.integers(0, 1), min_size=5, max_size=5), min_size=1, max_size=9), st.data())
def test_no_forbidden_sum_is_in_the_span_of_what_is_shown(rows: list[list[int]], data: st.DataObject) -> None:
    vectors = np.array(rows, dtype=float)
    hide = data.draw(st.lists(st.sampled_from(range(len(rows))), min_size=1, max_size=3, unique=True))
    forbidden = np.array([vectors[i] for i in hide if vectors[i].any()]).reshape(-1, 5)
    found = flats.shown(vectors, forbidden)
    chosen = vectors[found]
    for vector in forbidden:
        assert flats.rank(np.vstack([chosen, vector])) == flats.rank(chosen) + 1
    for vector in vectors[~found]:
        assert flats.rank(np.vstack([chosen, vector])) == flats.rank(chosen) + 1, "hidden, and yet a sum of the shown"


def test_a_window_less_another_tells_of_the_days_between() -> None:
    windows = np.array([[1, 1, 1], [0, 0, 1], [0, 1, 1]], dtype=float)  # thirteen weeks, the last four, the last seven
    nobody = np.zeros(3, dtype=bool)
    assert flats.apart(windows, nobody, nobody).all()
    thin = np.array([False, True, False])  # few in the three weeks before the last four
    assert flats.apart(windows, thin, nobody).tolist() == [True, True, False]
    assert flats.apart(windows, nobody, thin).all(), "that there was nobody may be told"


def test_windows_hang_together_where_one_is_the_others_sum() -> None:
    windows = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 0], [0, 1, 0]], dtype=float)
    found = flats.components(windows)
    assert found[0] == found[2] == found[3]
    assert found[1] != found[0]
