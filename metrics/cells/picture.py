"""The picture in which a hidden number is as low or as high as can be, among all that look the same from outside.

A linear program over some groups near by; what the other groups have stays as it is, so that what is
found is possible, and there may be more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

from metrics.cells.amounts import Amounts
from metrics.cells.exchange import Shown

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Telling = tuple[NDArray[np.int64], int, int]


@dataclass(frozen=True, eq=False)
class Nearby:
    """Groups that may exchange: the nodes that tell some of them from the others, by which groups they have; the
    kinds of pieces and products that lie in the same numbers shown; and whether what all have together is told."""

    groups: NDArray[np.int64]
    having: Flags
    nodes: list[NDArray[np.int64]]
    alike: NDArray[np.int64]
    together: Flags


def nearby(shown: Shown, groups: NDArray[np.int64], cell: tuple[int, int, int] | None = None) -> Nearby:
    """What tells some groups apart; with a number, what lies in it is a kind of its own."""
    made = shown.made
    inside = made.inside[:, groups]
    patterns, which = np.unique(inside, axis=0, return_inverse=True)
    which = which.reshape(-1)
    every = len(groups) == made.inside.shape[1]
    parts = [i for i, pattern in enumerate(patterns) if pattern.any() and (every or not pattern.all())]
    nodes = [np.flatnonzero(which == i) for i in parts]
    told = np.array([shown.flags[each].any(axis=0) for each in nodes]).reshape(len(parts), *shown.flags.shape[1:])
    target = np.zeros((made.during.shape[1], made.of.shape[1]), dtype=bool)
    if cell:
        target = made.during[cell[1]][:, None] & made.of[cell[2]][None, :]
    whole = np.asarray(shown.flags[inside.all(axis=1) & (not every)].any(axis=0))
    together = _lying(shown, whole[None])[0].any(axis=-1)
    return Nearby(groups, patterns[parts], nodes, _alike(shown, told, target), together)


def _lying(shown: Shown, told: Flags) -> Flags:
    """For each pattern, each piece and product: in which numbers told it lies (windows and sets; last the periods)."""
    made = shown.made
    spans = np.concatenate([made.during[: shown.windows], np.asarray(made.during[shown.windows :].any(axis=0))[None]])
    found = spans.T[None, :, None, :, None] & made.of.T[None, None, :, None, :] & told[:, None, None]
    return np.asarray(found.reshape(len(told), made.during.shape[1], made.of.shape[1], -1))


def _alike(shown: Shown, told: Flags, target: Flags) -> NDArray[np.int64]:
    made, count = shown.made, shown.windows
    lies = np.moveaxis(_lying(shown, told), 0, 2).reshape(target.size, -1)
    weekly = np.asarray((made.of.T[None] & told[:, -1][:, None]).any(axis=(0, 2)))
    periods = made.during[count:]
    number = np.where(periods.any(axis=0), periods.argmax(axis=0), -1) if len(periods) else np.full(target.shape[0], -1)
    week = np.where(weekly[None, :], number[:, None], -1).reshape(-1)
    packed = np.packbits(np.concatenate([lies, target.reshape(-1, 1)], axis=1), axis=1)
    key = np.concatenate([packed.astype(np.int64), week[:, None]], axis=1)
    _, alike = np.unique(key, axis=0, return_inverse=True)
    return np.asarray(alike.reshape(-1))


def picture(shown: Shown, near: Nearby, cell: tuple[int, int, int], down: bool) -> tuple[Numbers, list[Telling]]:
    """What the groups have of each kind where the number is least (or most), and the numbers told that keep it so."""
    has = now(shown, near)
    matrix, names = _rows(shown, near, has.shape[1])
    target = (shown.made.during[cell[1]][:, None] & shown.made.of[cell[2]][None, :]).reshape(-1)
    inner = np.bincount(near.alike[target], minlength=has.shape[1]) > 0
    aim = (shown.made.inside[cell[0], near.groups][:, None] * inner[None].astype(float)).reshape(-1)
    found = linprog(
        aim if down else -aim, A_eq=matrix, b_eq=matrix @ has.reshape(-1), bounds=_most(has), method="highs"
    )
    if found.status != 0:  # nothing is proved: any of them may tell
        return has, [name for name in names if name]
    telling = [name for name, force in zip(names, found.eqlin.marginals, strict=True) if name and abs(force) > 1e-7]
    return np.maximum(found.x.reshape(has.shape), 0), telling


def room(shown: Shown, near: Nearby) -> csr_array:
    """How much all the groups have of what each number has of each kind: a row a span and set, a column a kind."""
    if shown.cells is None:
        made = shown.made
        lies = made.during[:, None, :, None] & made.of[None, :, None, :]
        shown.cells = csr_array(lies.reshape(len(made.during) * len(made.of), -1).astype(np.float64))
    # What nobody has is there all the same: a kind that may grow has room in it.
    total = shown.made.amounts[near.groups].sum(axis=0).reshape(-1) + _NEXT_TO_NOTHING
    kinds = int(near.alike.max()) + 1
    return shown.cells @ csr_array((total, (np.arange(len(total)), near.alike)), shape=(len(total), kinds))


_NEXT_TO_NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
class Rooms:
    """The room of each number in each kind, entry by entry, with what all have of the kind, and if that is told."""

    line: NDArray[np.int64]
    kind: NDArray[np.int64]
    inner: Numbers
    whole: Numbers
    fixed: Flags
    size: tuple[int, int]

    def range(self, has: Numbers) -> tuple[Numbers, Numbers]:
        """A least and a most of each number of a node that has this of each kind: by span and set."""
        own = has[self.kind]
        left = np.maximum(0.0, own + self.inner - self.whole)
        low = np.where(self.fixed, left, np.where(self.inner < self.whole, 0.0, own))
        high = np.where(self.fixed, np.minimum(own, self.inner), own)
        count = self.size[0] * self.size[1]
        return (
            np.bincount(self.line, low, count).astype(np.float64).reshape(self.size),
            np.bincount(self.line, high, count).astype(np.float64).reshape(self.size),
        )


def rooms(shown: Shown, near: Nearby) -> Rooms:
    """The rooms of all numbers near by."""
    found = room(shown, near).tocoo()
    line, kind = found.coords
    total = shown.made.amounts[near.groups].sum(axis=0).reshape(-1) + _NEXT_TO_NOTHING
    whole = np.bincount(near.alike, total)
    fixed = np.bincount(near.alike, near.together.reshape(-1)) > 0
    return Rooms(line, kind, found.data, whole[kind], fixed[kind], (len(shown.made.during), len(shown.made.of)))


def together(shown: Shown, near: Nearby, node: int, open_: Flags, down: bool, bound: float) -> Numbers:
    """What the groups have of each kind, so that as many as may be of a node's numbers can keep to a bound."""
    has, known = now(shown, near), rooms(shown, near)
    matrix, _ = _rows(shown, near, has.shape[1])
    cells = np.flatnonzero(open_.reshape(-1))[:_AT_ONCE]
    place = np.full(open_.size, -1)
    place[cells] = np.arange(len(cells))
    entry = np.flatnonzero(place[known.line] >= 0)
    line, kind, count = place[known.line[entry]], known.kind[entry], len(entry)
    inner, whole, fixed = known.inner[entry], known.whole[entry], known.fixed[entry]
    own = _own(np.flatnonzero(shown.made.inside[node, near.groups]), kind, has)
    sums = csr_array((np.ones(count), (line, np.arange(count))), shape=(len(cells), count))
    keep = np.where(fixed, inner - whole, np.where(inner < whole, -_FAR, 0.0))
    sign = 1.0 if down else -1.0
    within = hstack([sign * own, -sign * eye_array(count), csr_array((count, len(cells)))])
    beyond = hstack([csr_array((len(cells), has.size)), sign * sums, -eye_array(len(cells))])
    most = np.concatenate(
        [np.full(has.size, _most(has)[1]), np.where(down | ~fixed, _FAR, inner), np.full(len(cells), _FAR)]
    )
    found = linprog(
        np.concatenate([np.zeros(has.size + count), np.ones(len(cells))]),
        A_ub=vstack([within, beyond]),
        b_ub=np.concatenate([-keep if down else np.zeros(count), np.full(len(cells), sign * bound)]),
        A_eq=hstack([matrix, csr_array((matrix.shape[0], count + len(cells)))]),
        b_eq=matrix @ has.reshape(-1),
        bounds=np.stack([np.zeros(len(most)), most], axis=1),
        method="highs",
    )
    return has if found.status != 0 else np.maximum(found.x[: has.size].reshape(has.shape), 0)


def _own(groups: NDArray[np.int64], kind: NDArray[np.int64], has: Numbers) -> csr_array:
    """What some groups have of each of these kinds, as sums over what every group has of every kind."""
    line = np.repeat(np.arange(len(kind)), len(groups))
    column = np.tile(groups, len(kind)) * has.shape[1] + np.repeat(kind, len(groups))
    return csr_array((np.ones(len(line)), (line, column)), shape=(len(kind), has.size))


_AT_ONCE, _FAR = 400, 1e7


def now(shown: Shown, near: Nearby) -> Numbers:
    """What the groups have of each kind."""
    kinds = int(near.alike.max()) + 1
    amounts = shown.made.amounts[near.groups].reshape(len(near.groups), -1)
    return np.array([np.bincount(near.alike, each, kinds) for each in amounts])


def _most(has: Numbers) -> tuple[float, float]:
    return (0.0, 1e4 + float(has.sum()))


def _rows(shown: Shown, near: Nearby, kinds: int) -> tuple[csr_array, list[Telling | None]]:
    """The equations: what all have together of each kind, then each number told of some of the groups."""
    made, count, groups = shown.made, shown.windows, len(near.groups)
    line: list[NDArray[np.int64]] = []
    names: list[Telling | None] = []
    everybody = np.arange(groups) * kinds
    for kind in np.unique(near.alike[near.together.reshape(-1)]):
        line.append(everybody + kind)
        names.append(None)
    lying = _Lying(made, near.alike)
    for having, nodes in zip(near.having, near.nodes, strict=True):
        whose = np.flatnonzero(having) * kinds
        for part, asked in np.argwhere(shown.flags[nodes].any(axis=0)):
            for span in [part] if part < count else range(count, len(made.during)):
                kind = lying.kinds(int(span), int(asked))
                if len(kind):
                    line.append((whose[:, None] + kind[None, :]).reshape(-1))
                    names.append((nodes, int(part), int(asked)))
    columns = np.concatenate(line) if line else np.zeros(0, dtype=np.int64)
    ends = np.cumsum([0, *(len(each) for each in line)])
    return csr_array((np.ones(len(columns)), columns, ends), shape=(len(line), groups * kinds)), names


class _Lying:
    """Which kinds of pieces and products a number adds up, remembered."""

    def __init__(self, made: Amounts, alike: NDArray[np.int64]) -> None:
        self.made, self.alike = made, alike.reshape(made.during.shape[1], -1)
        self.known: dict[tuple[int, int], NDArray[np.int64]] = {}

    def kinds(self, span: int, asked: int) -> NDArray[np.int64]:
        if (span, asked) not in self.known:
            inside = self.alike[self.made.during[span]][:, self.made.of[asked]]
            self.known[span, asked] = np.unique(inside)
        return self.known[span, asked]
