"""How far hidden counts of persons are known from those shown, by sums up and down the hierarchies and by what a wider
window has at least: bounds handed on from number to number until none grows tighter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.cells.closure import Cells
from metrics.cells.ground import Ground
from metrics.cells.orders import Orders

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Known = tuple[int, int, bool]  # a node (or a group), a column, and whether it is how low its number can be
Families = tuple[tuple[int, NDArray[np.int64]], ...]
_ENDLESS = 1e9
_SLACK = 1e-6
_TURNS = 60


@dataclass(eq=False)
class Bounds:
    """The least and the most of every number, by node and column; both are the number itself where it is shown.

    `families` name what others add up to: nodes to the node above, groups of persons to the nodes where they stand.
    """

    low: Numbers
    high: Numbers
    told: Flags
    families: Families
    orders: Orders

    def __post_init__(self) -> None:
        self.above: dict[int, list[tuple[int, NDArray[np.int64]]]] = {}
        self.below: dict[int, list[NDArray[np.int64]]] = {}
        for parent, kids in self.families:
            self.below.setdefault(parent, []).append(kids)
            for kid in kids:
                self.above.setdefault(int(kid), []).append((parent, kids[kids != kid]))
        self.holding: dict[int, list[int]] = {}
        for column, within in self.orders.wider:
            for each in within:
                self.holding.setdefault(int(each), []).append(column)
        self.lying = dict(self.orders.wider)
        self.parts: dict[int, list[NDArray[np.int64]]] = {}
        self.whole: dict[int, list[tuple[int, NDArray[np.int64]]]] = {}
        for column, within in self.orders.covers:
            self.parts.setdefault(column, []).append(within)
            for each in within:
                self.whole.setdefault(int(each), []).append((column, within[within != each]))

    def telling(self, start: Known) -> set[tuple[int, int]]:
        """The numbers shown that a bound was worked out from, by node and column."""
        found, seen, waiting = set(), {start}, [start]
        while waiting:
            node, column, _ = each = waiting.pop()
            if self.told[node, column]:
                found.add((node, column))
                continue
            sources = next((s for value, s in self._ways(each) if self._same(value, each)), [])
            waiting += [source for source in sources if source not in seen]
            seen.update(sources)
        return found

    def _same(self, value: float, known: Known) -> bool:
        node, column, low = known
        return abs(value - (self.low if low else self.high)[node, column]) < _SLACK

    def _ways(self, known: Known) -> Iterator[tuple[float, list[Known]]]:
        """Every way to a bound: its value, and what it is worked out from."""
        node, column, low = known
        mine, other = (self.low, self.high) if low else (self.high, self.low)
        for each in self.lying.get(column, ()) if low else self.holding.get(column, ()):
            yield mine[node, each], [(node, int(each), low)]
        for whole, rest in self.whole.get(column, ()) if low else ():
            yield (
                mine[node, whole] - other[node, rest].sum(),
                [(node, whole, True), *((node, int(e), False) for e in rest)],
            )
        for parts in self.parts.get(column, ()) if not low else ():
            yield mine[node, parts].sum(), [(node, int(each), False) for each in parts]
        for parent, rest in self.above.get(node, ()):
            sources = [(parent, column, low), *((int(kid), column, not low) for kid in rest)]
            yield mine[parent, column] - other[rest, column].sum(), sources
        for kids in self.below.get(node, ()):
            yield mine[kids, column].sum(), [(int(kid), column, low) for kid in kids]


def families_of(ground: Ground) -> Families:
    """What adds up to what: nodes to the one above them, and the groups of persons of each leaf (numbered after the
    nodes) to it."""
    leaves = np.setdiff1d(np.arange(len(ground.nodes)), [parent for parent, _ in ground.tree.families])
    groups = [(int(leaf), len(ground.nodes) + np.flatnonzero(ground.atoms[leaf])) for leaf in leaves]
    above = tuple((parent, np.array(kids)) for parent, kids in ground.tree.families)
    return (*above, *(each for each in groups if len(each[1])))


def bounds(cells: Cells, families: Families, groups: int, orders: Orders) -> Bounds:
    """What is known of every number from those shown, and from nothing being negative."""
    told = np.concatenate([~cells.hidden[:, cells.part], np.zeros((groups, len(cells.part)), dtype=bool)])
    persons = np.concatenate([cells.persons, np.zeros((groups, len(cells.part)), dtype=np.int64)])
    low = np.where(told, persons, 0.0)
    high = np.where(told, persons, _ENDLESS)
    for _ in range(_TURNS):
        before = low.sum() - np.minimum(high, _ENDLESS).sum()
        _ordered(low, high, orders)
        _added(low, high, families)
        if abs(low.sum() - np.minimum(high, _ENDLESS).sum() - before) < _SLACK:
            break
    return Bounds(low, high, told, families, orders)


def _ordered(low: Numbers, high: Numbers, orders: Orders) -> None:
    for column, within in orders.wider:
        high[:, within] = np.minimum(high[:, within], high[:, [column]])
        low[:, column] = np.maximum(low[:, column], low[:, within].max(axis=1))
    for column, within in orders.covers:
        high[:, column] = np.minimum(high[:, column], high[:, within].sum(axis=1))
        rest = low[:, [column]] - (high[:, within].sum(axis=1, keepdims=True) - high[:, within])
        low[:, within] = np.maximum(low[:, within], rest)


def _added(low: Numbers, high: Numbers, families: Families) -> None:
    for parent, kids in (*reversed(families), *families):
        most, least = high[kids].sum(axis=0), low[kids].sum(axis=0)
        high[parent] = np.minimum(high[parent], most)
        low[parent] = np.maximum(low[parent], least)
        high[kids] = np.minimum(high[kids], high[parent] - (least - low[kids]))
        low[kids] = np.maximum(low[kids], low[parent] - (most - high[kids]))
