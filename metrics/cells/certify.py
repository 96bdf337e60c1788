"""The last look at what is hidden: every small number must be able to be next to nothing and to be nearly enough.

Whoever adds and subtracts what is shown, and knows that nothing is negative, has bounds on a hidden number. For each
small one a picture is looked for that looks the same from outside and in which the number is one or less, and
another in which it is as many as the policy's least but one. Where there is none, the linear program that proves it
names the numbers shown that give the bound; one of them is hidden, and it is tried again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from metrics.cells.amounts import Amounts
from metrics.cells.exchange import Shown, partners, reach
from metrics.cells.picture import Nearby, Telling, nearby, now, picture, rooms, together

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]
_SLACK = 1e-6
_WIDER = (2, 6, 10**6)
_FEW = 24
_NEAR = (1, 2, 4, 8, 16, 10**6)


class Left:
    """The small hidden numbers of which too much may be known: by node, span and set, from below and from above."""

    def __init__(self, shown: Shown, small: Flags, least: int) -> None:
        made = shown.made
        self.shown, self.below, self.above = shown, 1 + _SLACK, least - 1 - _SLACK
        nodes, spans, sets = (each.astype(float) for each in (made.inside, made.during, made.of))
        value = np.einsum("ng,gtp,st,ap->nsa", nodes, made.amounts, spans, sets, optimize=True)
        self.low, self.high = small & (value > self.below), small & (value < self.above)
        for many in _NEAR:
            for node in np.flatnonzero((self.low | self.high).any(axis=(1, 2))):
                near = nearby(shown, close_by(shown, int(node), many))
                self.seen(near, now(shown, near), [int(node)])
        for node in np.flatnonzero((self.low | self.high).any(axis=(1, 2))):
            low, high = reach(shown, int(node), self.low[node] | self.high[node], value[node], (self.below, self.above))
            self.low[node] &= low
            self.high[node] &= high

    def seen(self, near: Nearby, has: Numbers, nodes: list[int]) -> None:
        """Strike off what can lie as low, or as high, as it must where groups near by have this of each kind."""
        known, made = rooms(self.shown, near), self.shown.made
        during, of = made.during.astype(float), made.of.astype(float)
        for node in nodes:
            if not (self.low[node].any() or self.high[node].any()):
                continue
            inside = made.inside[node]
            low, high = known.range(inside[near.groups].astype(float) @ has)
            others = np.setdiff1d(np.flatnonzero(inside), near.groups)
            still = during @ made.amounts[others].sum(axis=0) @ of.T
            self.low[node] &= low + still > self.below
            self.high[node] &= high + still < self.above


def close_by(shown: Shown, node: int, many: int) -> NDArray[np.int64]:
    """The groups of a node, each with so many that it may exchange with."""
    order = partners(shown, node)
    return np.unique([each for group, others in order.items() for each in (group, *others[:many])])


def certify(
    made: Amounts, flags: Flags, persons: NDArray[np.int64], windows: int, answered: Flags, least: int
) -> Flags:
    """The flags with more hidden, so that no small number that is hidden is bounded more tightly than 1 to least - 1.

    `flags` are by node, by window or (last) all periods, by set; `persons` by node, span and set; `answered` says
    which windows, and last whether the periods, are answered at all.
    """
    spans = np.concatenate([answered[:-1], np.repeat(answered[-1:], persons.shape[1] - windows)])
    small = (persons > 0) & (persons < least) & spans[None, :, None]
    shown = Shown(made, ~flags & answered[None, :, None], windows)
    left = Left(shown, small, least)
    while (left.low | left.high).any():
        node, span, asked = (int(each) for each in np.argwhere(left.low | left.high)[0])
        for down in (True, False):
            if (left.low if down else left.high)[node, span, asked]:
                _settle(left, (node, span, asked), down, persons)
    return flags | (~shown.flags & answered[None, :, None])


def _settle(left: Left, cell: tuple[int, int, int], down: bool, persons: NDArray[np.int64]) -> None:
    """Find a picture for a number, or hide what is shown that leaves none, until there is one."""
    shown, open_ = left.shown, left.low if down else left.high
    bound = 1.0 if down else left.above + _SLACK
    while open_[cell]:
        telling: list[Telling] = []
        for many in _WIDER if shown.made.inside.shape[1] > _FEW else _WIDER[-1:]:
            groups = close_by(shown, cell[0], many)
            touched = [int(node) for node in np.flatnonzero(shown.made.inside[:, groups].any(axis=1))]
            near = nearby(shown, groups)
            left.seen(near, together(shown, near, cell[0], open_[cell[0]], down, bound), touched)
            if not open_[cell]:
                return
            near = nearby(shown, groups, cell)
            has, telling = picture(shown, near, cell, down)
            left.seen(near, has, touched)
            if not open_[cell]:
                return
        if not telling:
            open_[cell] = False  # nothing is shown that could be hidden
            return
        nodes, part, asked = min(telling, key=lambda each: _cost(shown, persons, *each))
        shown.flags[nodes, part, asked] = False


def _cost(
    shown: Shown, persons: NDArray[np.int64], nodes: NDArray[np.int64], part: int, asked: int
) -> tuple[float, ...]:
    """How much is lost by hiding a number at nodes: persons, all periods weighing more than a window."""
    series = part == shown.windows
    behind = persons[nodes, part if not series else 0, asked]
    return (float(behind.sum()) * (4 if series else 1), float(part), float(asked))
