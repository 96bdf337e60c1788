"""Counts of persons: hidden until what wider windows and all products have at least tells no small one.

A count is no sum over days or products, but it never shrinks as they grow. So a unit that has twelve in a year and of
which a month is hidden gives its neighbour's month away where the year leaves it too little room.
"""

from __future__ import annotations

import numpy as np

from metrics.cells.bounds import Bounds, Known, bounds, families_of
from metrics.cells.closure import Cells
from metrics.cells.ground import Ground
from metrics.cells.orders import Orders

_SLACK = 1e-6


def hide_ordered(cells: Cells, ground: Ground, orders: Orders) -> bool:
    """Hide what gives a small hidden count a bound that says more than "few"; False where nothing does."""
    hidden = cells.hidden[:, cells.part]
    small = hidden & (cells.persons > 0) & (cells.persons < cells.least)
    if not small.any():
        return False
    known = bounds(cells, families_of(ground), ground.atoms.shape[1], orders)
    found = False
    for low, wrong in ((True, known.low > 1 + _SLACK), (False, known.high < cells.least - 1 - _SLACK)):
        wrong = wrong[: len(small)]
        for node, column in np.argwhere(small & wrong):
            found |= _hide_one(cells, known, (int(node), int(column), low))
    return found


def _hide_one(cells: Cells, known: Bounds, bound: Known) -> bool:
    """Hide the cheapest of the numbers shown that give a bound; nothing where one of them is hidden by now."""
    telling = known.telling(bound)
    if not telling or any(cells.hidden[node, cells.part[column]] for node, column in telling):
        return bool(telling)
    node, column = min(telling, key=lambda each: (cells.persons[each] == 0, int(cells.persons[each]), each))
    cells.hidden[node, cells.part[column]] = True
    return True
