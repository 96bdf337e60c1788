"""The exact bounds on hidden counts of persons, by linear programs over where persons stand in all hierarchies at once.

Whoever adds and subtracts what is shown, and knows what a wider window has at least, learns no more than these
programs do. For each small hidden count a picture is looked for that looks the same from outside and in which it is
one or less, and one in which it is as many as the policy's least but one. Where there is none, the program names the
numbers shown that say so, of which the cheapest is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, kron, vstack
from scipy.sparse.csgraph import connected_components

from metrics.cells.closure import Cells
from metrics.cells.orders import Orders

Flags = NDArray[np.bool_]
Columns = NDArray[np.int64]
_SLACK = 1e-6
_AFFORDABLE = 4000
_AT_ONCE = 3000


def certify(cells: Cells, inside: Flags, orders: Orders) -> bool:
    """Hide what bounds a small hidden count more tightly than 1 to least - 1; whether anything had to be hidden.

    `inside` says which node has which group of persons. Of a larger company nothing is looked at.
    """
    found, together = False, _together(cells.persons.shape[1], orders)
    if cells.persons.shape[1] * inside.shape[1] > _AFFORDABLE:
        return False
    for batch in _batches([each for each in together if _small(cells)[:, each].any()], inside.shape[1]):
        first = _Program(cells, inside, np.concatenate(batch), orders)
        first.look()
        for columns in batch:
            left = first.left(columns)
            if left.any():
                found |= _Program(cells, inside, columns, orders, left).settle()
    return found


def _small(cells: Cells) -> Flags:
    few = (cells.persons > 0) & (cells.persons < cells.least)
    return np.asarray(few & cells.hidden[:, cells.part])


def _together(columns: int, orders: Orders) -> list[Columns]:
    """The columns that say something of one another."""
    pairs = [(whole, int(each)) for whole, parts in (*orders.wider, *orders.covers) for each in parts]
    ends = np.array([pair for pair in pairs if max(pair) < columns], dtype=int).reshape(-1, 2)
    graph = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(columns, columns))
    _, number = connected_components(graph, directed=False)
    return [np.flatnonzero(number == each) for each in range(number.max() + 1)] if columns else []


def _batches(together: list[Columns], groups: int) -> Iterator[list[Columns]]:
    batch: list[Columns] = []
    for each in together:
        if batch and (sum(map(len, batch)) + len(each)) * groups > _AT_ONCE:
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


class _Program:
    """What is known of some columns: what every group has of each is not negative, and keeps to the orders."""

    def __init__(
        self, cells: Cells, inside: Flags, columns: Columns, orders: Orders, left: Flags | None = None
    ) -> None:
        self.cells, self.inside, self.columns = cells, inside, columns
        self.persons, self.part = cells.persons[:, columns], cells.part[columns]
        few = _small(cells)[:, columns]
        self.low, self.high = few & (self.persons > 1), few & (self.persons < cells.least - 1)
        if left is not None:
            self.low, self.high = self.low & left[0], self.high & left[1]
        self.ordered = kron(eye_array(inside.shape[1]), _rows(columns, orders), format="csr")

    def left(self, columns: Columns) -> Flags:
        """What was not seen to be able to lie as low, and as high, as it must: for some of the columns."""
        at = np.searchsorted(self.columns, columns, sorter=np.argsort(self.columns))
        place = np.argsort(self.columns)[at]
        return np.stack([self.low[:, place], self.high[:, place]])

    def look(self) -> None:
        """Strike off whatever pictures for many numbers at once show."""
        for open_, down in ((self.low, True), (self.high, False)):
            while open_.any():
                before = int(open_.sum())
                self._solve(np.argwhere(open_), down)
                if int(open_.sum()) == before:
                    break

    def settle(self) -> bool:
        """Look at every number that is left, and hide what gives it away; whether anything was."""
        found = False
        for open_, down in ((self.low, True), (self.high, False)):
            while open_.any():
                cell = np.argwhere(open_)[:1]
                telling = self._solve(cell, down)
                if not open_[tuple(cell[0])]:
                    continue
                if not telling:  # nothing is shown that could be hidden
                    open_[tuple(cell[0])] = False
                    continue
                node, place = min(telling, key=lambda each: (self.persons[each] == 0, int(self.persons[each]), each))
                self.cells.hidden[node, self.part[place]] = found = True
        return found

    def _solve(self, wanted: NDArray[np.int64], down: bool) -> list[tuple[int, int]]:
        """Find a picture in which these numbers keep to their bound as far as may be, and strike off what it shows.

        What is shown and keeps them from it is handed back.
        """
        shown = np.argwhere(~self.cells.hidden[:, self.part] & np.asarray(self.inside.any(axis=1))[:, None])
        equal, aim, sign = self._sums(shown), self._sums(wanted), 1.0 if down else -1.0
        bound = 1.0 if down else float(self.cells.least - 1)
        over = csr_array((self.ordered.shape[0], len(wanted)))
        found = linprog(
            np.concatenate([np.zeros(aim.shape[1]), np.ones(len(wanted))]),
            A_ub=vstack([hstack([self.ordered, over]), hstack([sign * aim, -eye_array(len(wanted))])]),
            b_ub=np.concatenate([np.zeros(self.ordered.shape[0]), np.full(len(wanted), sign * bound)]),
            A_eq=hstack([equal, csr_array((len(shown), len(wanted)))]),
            b_eq=self.persons[tuple(shown.T)],
            method="highs",
        )
        if found.status != 0:  # the figures contradict each other: they tell nobody anything
            self.low[:], self.high[:] = False, False
            return []
        seen = self.inside @ found.x[: aim.shape[1]].reshape(self.inside.shape[1], -1)
        self.low &= seen > 1 + _SLACK
        self.high &= seen < self.cells.least - 1 - _SLACK
        force = np.abs(found.eqlin.marginals) > _SLACK
        return [(int(node), int(place)) for node, place in shown[force]]

    def _sums(self, wanted: NDArray[np.int64]) -> csr_array:
        """Numbers, by node and place of column, as sums over what every group has of every column."""
        groups = [np.flatnonzero(self.inside[node]) for node, _ in wanted]
        line = np.repeat(np.arange(len(wanted)), [len(each) for each in groups])
        many = len(self.columns)
        column = [each * many + place for each, (_, place) in zip(groups, wanted, strict=True)]
        shape = (len(wanted), self.inside.shape[1] * many)
        return csr_array((np.ones(len(line)), (line, np.concatenate([*column, line[:0]]))), shape=shape)


def _rows(columns: Columns, orders: Orders) -> csr_array:
    """What must be nothing or less in every group: what a wider column has less than one in it, a whole more than its
    parts."""
    place = {int(column): i for i, column in enumerate(columns)}
    rows: list[dict[int, float]] = []
    for column, within in orders.wider:
        rows += [{place[int(p)]: 1.0, place[column]: -1.0} for p in within if column in place and int(p) in place]
    for column, parts in orders.covers:
        if column in place and all(int(each) in place for each in parts):
            rows.append({place[column]: 1.0, **{place[int(each)]: -1.0 for each in parts}})
    line = [i for i, row in enumerate(rows) for _ in row]
    told = ([value for row in rows for value in row.values()], (line, [each for row in rows for each in row]))
    return csr_array(told, shape=(len(rows), len(columns)))
