"""Up and down a hierarchy: what is hidden beside a small cell, and that it is enough."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.cells.closure import Cells, close, tree

LEAST = 11
# nation; north and south; three districts of north, two of south; two territories each.
PARENTS = (-1, 0, 0, 1, 1, 1, 2, 2, *(parent for parent in (3, 4, 5, 6, 7) for _ in range(2)))
TREE = tree(PARENTS)
LEAVES = range(8, 18)


def _cells(leaves: list[list[int]]) -> Cells:
    persons = np.zeros((len(PARENTS), len(leaves[0])), dtype=np.int64)
    persons[list(LEAVES)] = leaves
    for parent, children in reversed(TREE.families):
        persons[parent] = persons[list(children)].sum(axis=0)
    hidden = (persons > 0) & (persons < LEAST)
    return Cells(hidden, persons, np.arange(len(leaves[0])), LEAST)


def _closed(leaves: list[list[int]]) -> Cells:
    cells = _cells(leaves)
    close(cells, TREE)
    return cells


def test_a_lone_small_cell_takes_its_neighbour_with_it() -> None:
    many = [[30], [40], [30], [40], [30], [40], [4], [50], [30], [40]]
    assert np.flatnonzero(_closed(many).hidden).tolist() == [14, 15]


def test_two_small_cells_that_are_few_together_take_a_third() -> None:
    """Four and five in a district of nine: the district is small too, its neighbour goes, and a part of that."""
    found = np.flatnonzero(_closed([[30], [40], [30], [40], [30], [40], [4], [5], [30], [40]]).hidden)
    assert {6, 7, 14, 15} <= set(found)
    assert {16, 17} & set(found)


def test_zero_is_shown_and_hides_nobody() -> None:
    assert not _closed([[30], [0], [30], [40], [30], [40], [0], [0], [30], [40]]).hidden.any()


@given(
    st.lists(st.lists(st.sampled_from((0, 1, 3, 7, 10, 11, 14, 30)), min_size=2, max_size=2), min_size=10, max_size=10)
)
@settings(max_examples=200, deadline=None)
def test_what_is_left_of_a_shown_cell_is_nobody_or_enough(leaves: list[list[int]]) -> None:
    cells = _closed(leaves)
    hidden, persons = cells.hidden, cells.persons
    assert hidden[(persons > 0) & (persons < LEAST)].all(), "every small cell"
    for node in range(len(PARENTS)):
        for column in range(persons.shape[1]):
            if hidden[node, column] or node in LEAVES:
                continue
            rest = persons[node, column] - sum(persons[each, column] for each in _shown_below(node, column, hidden))
            assert rest == 0 or rest >= LEAST, (node, column, leaves)


def _shown_below(node: int, column: int, hidden: np.ndarray) -> list[int]:
    found = []
    for child in (i for i, parent in enumerate(PARENTS) if parent == node):
        found += [child] if not hidden[child, column] else _shown_below(child, column, hidden)
    return found


@given(st.lists(st.lists(st.sampled_from((0, 2, 9, 11, 25)), min_size=3, max_size=3), min_size=10, max_size=10))
@settings(max_examples=100, deadline=None)
def test_a_hidden_cell_is_no_sum_of_shown_ones(leaves: list[list[int]]) -> None:
    cells = _closed(leaves)
    atoms = np.zeros((len(PARENTS), len(PARENTS)))
    for leaf in LEAVES:
        node = leaf
        while node >= 0:
            atoms[node, leaf] = 1.0
            node = PARENTS[node]
    for column in range(cells.persons.shape[1]):
        alive = np.flatnonzero(cells.persons[:, column] > 0)
        shown = [node for node in alive if not cells.hidden[node, column]]
        for node in (node for node in alive if cells.hidden[node, column]):
            both = np.linalg.matrix_rank(atoms[[*shown, node]][:, alive])
            assert not shown or both > np.linalg.matrix_rank(atoms[shown][:, alive]), (node, column)
