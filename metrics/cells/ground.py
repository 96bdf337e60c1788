"""What the cells of a snapshot stand on: its nodes, its spans of days and its products, found once a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metrics.cells import flats
from metrics.cells.closure import Tree, tree
from metrics.derive import grain_of
from metrics.loaded import remembered
from metrics.periods import DEFAULT

Days = tuple[date, date]
_SHIFTS = ("current", "previous", "year")


@dataclass(frozen=True, eq=False)
class Ground:
    """Nodes of every hierarchy with persons below it, windows and periods, and which of them hang together.

    `windows` are those that may be shown, the most wanted first, and the periods that they give away;
    `component` numbers those that hang together. `cut` has a row a window over the stretches, `atoms` a row a
    node over the groups of persons who stand at the same leaf everywhere.
    """

    nodes: tuple[tuple[str, str], ...]
    tree: Tree
    windows: tuple[Days, ...]
    component: tuple[int, ...]
    periods: tuple[Days, ...]
    stretches: tuple[Days, ...]
    cut: NDArray[np.float64]
    products: dict[str, int]
    asked: dict[tuple[str, str], int]
    atoms: NDArray[np.float64]
    anchor: date


def ground(snapshot: Any, kinds: tuple[str, ...], subject: str = "hcp") -> Ground:
    """The ground of a snapshot, of the hierarchies of these kinds that have such subjects."""
    return remembered(snapshot, ("ground of cells", kinds, subject), lambda: _ground(snapshot, kinds, subject))


def _ground(snapshot: Any, kinds: tuple[str, ...], subject: str) -> Ground:
    covered = [each.id for each in snapshot.hierarchies() if subject in each.subject_kinds and each.kind in kinds]
    known = [(hierarchy, node) for hierarchy in covered for node in snapshot.nodes(hierarchy).values()]
    nodes = tuple((hierarchy, node.id) for hierarchy, node in known)
    number = {each: i for i, each in enumerate(nodes)}
    parents = [number.get((hierarchy, node.parent or ""), -1) for hierarchy, node in known]
    spans = snapshot.rows("SELECT kind, first, last FROM crowd_span ORDER BY ALL")
    days = {kind: tuple((first, last) for each, first, last in spans if each == kind) for kind in _KINDS}
    windows, component = _together(_ordered(snapshot, days["window"]), days["period"])
    cut = _over(windows, days["stretch"])
    bits = dict(snapshot.rows("SELECT product, bit FROM product_bit"))
    asked: dict[tuple[str, str], int] = {}
    for scope, word, product in snapshot.rows("SELECT scope, asked, product FROM product_scope"):
        asked[scope, word] = asked.get((scope, word), 0) | bits.get(product, 0)
    return Ground(
        nodes, tree(parents), windows, component, days["period"], days["stretch"], cut, bits, asked,
        _atoms(snapshot, number, parents, subject), snapshot.anchor,
    )  # fmt: skip


_KINDS = ("window", "period", "stretch")


def _ordered(snapshot: Any, windows: tuple[Days, ...]) -> list[Days]:
    """The windows, the most wanted first: the one that pages open on, then the longest; now before then."""
    opens = DEFAULT[grain_of(snapshot.grain)]
    rows = snapshot.rows("SELECT win, shift, first, last FROM span WHERE kind = 'window'")
    rank = {}
    for win, shift, first, last in sorted(rows, key=lambda row: _SHIFTS.index(row[1]), reverse=True):
        rank[first, last] = (_SHIFTS.index(shift), win != opens, (first - last).days)
    return sorted(windows, key=lambda each: (rank[each], each))


def _together(windows: list[Days], periods: tuple[Days, ...]) -> tuple[tuple[Days, ...], tuple[int, ...]]:
    """The windows and the periods that they give away, with the component of each."""
    cuts = sorted({first for first, _ in (*windows, *periods)} | {_after(each) for each in (*windows, *periods)})
    pieces = tuple((first, after - timedelta(days=1)) for first, after in pairwise(cuts))
    told = _over(windows, pieces)
    known = [*windows]
    if len(windows):
        basis = np.linalg.qr(told.T)[0] if flats.rank(told) == len(windows) else _basis(told)
        for period in periods:
            vector = _over([period], pieces)[0]
            if period not in known and np.linalg.norm(vector - basis @ (basis.T @ vector)) < 1e-7:
                known.append(period)
    return tuple(known), tuple(flats.components(_over(known, pieces)))


def _basis(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    u, sizes, _ = np.linalg.svd(vectors.T, full_matrices=False)
    return np.asarray(u[:, sizes > 1e-9])


def _after(days: Days) -> date:
    return days[1] + timedelta(days=1)


def _over(spans: Any, pieces: tuple[Days, ...]) -> NDArray[np.float64]:
    """One row a span: one where a piece of days lies inside it, else nothing."""
    inside = [[float(first <= piece[0] and piece[1] <= last) for piece in pieces] for first, last in spans]
    return np.array(inside, dtype=float).reshape(len(list(spans)), len(pieces))


def _atoms(snapshot: Any, number: dict[tuple[str, str], int], parents: list[int], kind: str) -> NDArray[np.float64]:
    """One row a node over the groups of persons who stand at the same leaf of every hierarchy: one where they are."""
    at: dict[str, list[int]] = {}
    for hierarchy, subject, leaf in snapshot.rows(
        "SELECT hierarchy, subject, leaf FROM place "
        "WHERE subject_kind = $kind OR (subject_kind = 'erased' AND $kind = 'hcp') ORDER BY ALL",
        {"kind": kind},
    ):
        if (hierarchy, leaf) in number:
            at.setdefault(subject, []).append(number[hierarchy, leaf])
    groups = list(dict.fromkeys(tuple(leaves) for leaves in at.values()))
    found = np.zeros((len(parents), len(groups)))
    for column, leaves in enumerate(groups):
        for leaf in leaves:
            node = leaf
            while node >= 0:
                found[node, column] = 1.0
                node = parents[node]
    return found
