"""How far a hidden number may be moved although nothing shown changes: what proves that no bound on it says much.

A group of persons gives another some of a product in one piece of time and takes it back in another, or takes another
product for it: as long as every number shown of a node that has one of the two groups and not the other keeps its
sum, the picture looks the same from outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from metrics.cells.amounts import Amounts

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]
_WAYS = ((0, 1), (1, 1), (2, 1), (0, 4), (-1, 1), (0, 12))
_ENDLESS = 1e12
NOBODY = -1


@dataclass
class Shown:
    """Which numbers are shown: by node, by window or (last) all periods, by set of products.

    `windows` is how many spans are windows; the others are periods.
    """

    made: Amounts
    flags: Flags
    windows: int
    known: dict[bytes, Numbers] = field(default_factory=dict)
    paths: dict[bytes, tuple[Numbers, Flags]] = field(default_factory=dict)
    cells: csr_array | None = None

    def apart(self, group: int, other: int) -> Flags:
        """What is shown, by window or all periods and by set, of nodes that have one of two groups alone."""
        inside = self.made.inside
        only = inside[:, group] if other == NOBODY else inside[:, group] != inside[:, other]
        return np.asarray(self.flags[only].any(axis=0))

    def trades(self, told: Flags) -> Numbers:
        """The exchanges of products that change none of the sets told, a row each."""
        key = told.tobytes()
        if key not in self.known:
            self.known[key] = _trades(self.made.of[told])
        return self.known[key]

    def bound(self, told: Flags) -> tuple[Numbers, Flags]:
        """The trades that change no period told; for each, which windows told it would change."""
        key = told.tobytes()
        if key not in self.paths:
            trades = self.trades(told[-1])
            moved = np.abs(trades @ self.made.of.T.astype(float)) > 0.5
            self.paths[key] = trades, (moved[:, None, :] & told[None, :-1]).any(axis=2)
        return self.paths[key]


def _trades(of: Flags) -> Numbers:
    """Products given for none, one for another, two for two: what adds up to nothing in every set."""
    count = of.shape[1]
    column = of.T.astype(np.int64)
    found: list[dict[int, int]] = [{p: 1} for p in range(count) if not column[p].any()]
    alone = {p for each in found for p in each}
    rest = [p for p in range(count) if p not in alone]
    found += [{p: 1, q: -1} for p, q in combinations(rest, 2) if (column[p] == column[q]).all()]
    sums: dict[bytes, list[tuple[int, int]]] = {}
    for p, q in combinations(rest, 2):
        if not (column[p] == column[q]).all():
            sums.setdefault((column[p] + column[q]).tobytes(), []).append((p, q))
    for pairs in sums.values():
        for (p, q), (r, s) in combinations(pairs, 2):
            if len({p, q, r, s}) == 4 and not any((column[i] == column[j]).all() for i in (p, q) for j in (r, s)):
                found.append({p: 1, q: 1, r: -1, s: -1})
    made = np.zeros((len(found), count))
    for line, each in enumerate(found):
        for p, sign in each.items():
            made[line, p] = sign
    return made


def reach(shown: Shown, node: int, small: Flags, value: Numbers, bounds: tuple[float, float]) -> tuple[Flags, Flags]:
    """Which small numbers of a node are not seen to be able to lie as low, and as high, as `bounds` says.

    `small` and `value` are by span and set.
    """
    low, high = small & (value > bounds[0]), small & (value < bounds[1])
    best: dict[int, tuple[Numbers, Numbers]] = {}
    order = partners(shown, node) if (low | high).any() else {}
    for at, many in _WAYS:
        for group, others in order.items():
            chosen = others[at : at + many] if at >= 0 else [NOBODY]
            if chosen:
                less, more = _moved(shown, group, chosen)
                known = best.get(group)
                best[group] = (
                    (less, more) if known is None else (np.maximum(known[0], less), np.maximum(known[1], more))
                )
        low &= value - sum(less for less, _ in best.values()) > bounds[0]
        high &= value + sum(more for _, more in best.values()) < bounds[1]
        if not (low | high).any():
            break
    return low, high


def partners(shown: Shown, node: int) -> dict[int, list[int]]:
    """For each group of a node, those outside it that may be exchanged with it: the least shown apart first.

    Each group outside is a partner of one inside. What is hidden at the node counts alone.
    """
    inside = shown.made.inside
    own, others = np.flatnonzero(inside[node]), np.flatnonzero(~inside[node])
    cost = np.zeros((len(own), len(others)))
    wanted = ~shown.flags[node]
    told = shown.flags[:, wanted].astype(np.float32)
    weight = np.where(np.arange(len(wanted)) == len(wanted) - 1, 8.0, 1.0)[:, None].repeat(wanted.shape[1], axis=1)[
        wanted
    ]
    for i, group in enumerate(own):
        apart = (inside[:, others] != inside[:, [group]]).T.astype(np.float32)
        cost[i] = ((apart @ told) > 0) @ weight
    found: dict[int, list[int]] = {int(group): [] for group in own}
    if len(own) and len(others):
        amount, nearest = shown.made.amounts.sum(axis=(1, 2)), cost.argmin(axis=0)
        for at in np.lexsort((-amount[others], cost.min(axis=0))):
            found[int(own[nearest[at]])].append(int(others[at]))
    return found


def _moved(shown: Shown, group: int, others: list[int]) -> tuple[Numbers, Numbers]:
    """How much less and more each number of a group may be after exchanges with others, by span and set."""
    size = (len(shown.made.during), len(shown.made.of))
    less, more = np.zeros(size), np.zeros(size)
    for other in others:
        trades, bound = shown.bound(shown.apart(group, other))
        if len(trades):
            down, up = _traded(shown, group, other, len(others), trades, bound)
            less, more = less + down, more + up
    return less, more


def _traded(shown: Shown, group: int, other: int, share: int, trades: Numbers, bound: Flags) -> tuple[Numbers, Numbers]:
    """How much less and more with one other, by the best trade: of each group's own no more than its share is given."""
    made = shown.made
    own = made.amounts[group] / share
    its = np.full_like(own, _ENDLESS) if other == NOBODY else made.amounts[other]
    gain, loss = _room(own, its, trades), _room(own, its, -trades)
    hit = trades @ made.of.T.astype(float)
    less, more = np.zeros((len(made.during), len(made.of))), np.zeros((len(made.during), len(made.of)))
    for windows in np.unique(bound, axis=0):
        lines = np.flatnonzero((bound == windows).all(axis=1))
        plus = _carried(shown, windows, gain[lines], loss[lines])
        minus = _carried(shown, windows, loss[lines], gain[lines])
        for line, up, down in zip(lines, plus, minus, strict=True):
            change = np.abs(hit[line])[None, :]
            rises = (hit[line] > 0)[None, :]
            np.maximum(more, change * np.where(rises, up[:, None], down[:, None]), out=more)
            np.maximum(less, change * np.where(rises, down[:, None], up[:, None]), out=less)
    return less, more


def _room(own: Numbers, its: Numbers, trades: Numbers) -> Numbers:
    """How much of each trade may be done in each piece: what is given must be there."""
    found = np.full((len(trades), len(own)), _ENDLESS)
    for line, trade in enumerate(trades):
        for p in np.flatnonzero(trade):
            found[line] = np.minimum(found[line], its[:, p] if trade[p] > 0 else own[:, p])
    return found


def _carried(shown: Shown, windows: Flags, there: Numbers, back: Numbers) -> Numbers:
    """How much of trades may be done within each span, where each window told keeps its sum, by trade and span.

    Pieces that lie in the same of these windows give each other back what one of them took.
    """
    during, count = shown.made.during, shown.windows
    if not windows.any():
        return there @ during.T
    _, alike = np.unique(during[:count][windows], axis=1, return_inverse=True)
    one = np.eye(alike.max() + 1)[alike.reshape(-1)]
    free = ~np.asarray(during[:count][windows].any(axis=0))
    unbound = (one * free[:, None]).any(axis=0)
    within = np.einsum("st,vt,tc->vsc", during, there, one, optimize=True)
    outside = (back @ one)[:, None, :] - np.einsum("st,vt,tc->vsc", during, back, one, optimize=True)
    return np.asarray(np.where(unbound, within, np.minimum(within, outside)).sum(axis=2))
