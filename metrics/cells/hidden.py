"""Which cells of one kind of number are hidden, at every node: found once a snapshot, the same for whoever asks.

First the small cells themselves, then what would give one away: over days (a window less another), over products
(all less the others), across hierarchies (a unit less one that lies in it), and up and down each hierarchy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metrics.catalog.people import Crowd
from metrics.cells import flats, programs
from metrics.cells.across import alone, nested
from metrics.cells.amounts import amounts
from metrics.cells.between import spread
from metrics.cells.certify import certify
from metrics.cells.closure import Cells, close
from metrics.cells.counted import hide_ordered
from metrics.cells.ground import Days, Ground, ground
from metrics.cells.kept import Hidden, kept
from metrics.cells.orders import Orders, orders_of
from metrics.cells.sizes import Sizes, of_crowd, of_measure
from metrics.declare import SubjectMeasure
from metrics.loaded import remembered

Flags = NDArray[np.bool_]


def hidden(snapshot: Any, behind: Crowd | SubjectMeasure, kinds: tuple[str, ...], masked: bool, least: int) -> Hidden:
    """The hidden cells of numbers behind which these persons stand, where fewer than `least` are few.

    `kinds` are the kinds of hierarchy that whoever asks may look at: what they show together gives nothing away.
    """

    def _find() -> Hidden:
        found = ground(snapshot, kinds, behind.subject if isinstance(behind, Crowd) else "hcp")
        if not found.nodes:  # nobody of the kind stands in what may be looked at: no days are answered
            return Hidden((), {}, {}, {}, np.zeros((0, 0, 0), dtype=bool))
        if isinstance(behind, Crowd):
            return _of_crowd(snapshot, found, behind, masked, least)
        sizes = of_measure(snapshot, found, behind, masked)
        return _of_measure(found, sizes, orders_of(behind, found, sizes), least)

    key = ("hidden", behind.name, kinds, masked, least)
    return remembered(snapshot, key, lambda: kept(snapshot, key, _find))


def _of_measure(ground: Ground, sizes: Sizes, orders: Orders, least: int) -> Hidden:
    """A count of persons: neither days nor products add up, but a wider window has at least as many."""
    nodes, spans, asked = sizes.persons.shape
    flat = _small(ground, sizes.persons, least).reshape(nodes, spans * asked)
    cells = Cells(flat, sizes.persons.reshape(nodes, -1), np.arange(spans * asked), least, sizes.adds)
    _closed(cells, ground)
    more = True
    while more:
        while hide_ordered(cells, ground, orders):
            _closed(cells, ground)
        more = programs.certify(cells, ground.atoms > 0, orders)
        _closed(cells, ground)
    flags = cells.hidden.reshape(nodes, spans, asked)
    place = {each: i for i, each in enumerate(sizes.spans)}
    return Hidden(ground.nodes, place, place, {each: i for i, each in enumerate(sizes.asked)}, flags)


def _closed(cells: Cells, ground: Ground) -> None:
    """Close every hierarchy, and hide more as long as what several hierarchies show together gives a cell away."""
    close(cells, ground.tree)
    for _ in range(len(ground.nodes)):
        found = alone(cells.hidden, ground, cells.persons)
        if found is None:
            return
        node, source = found
        cells.hidden[node] |= source
        close(cells, ground.tree)


def _of_crowd(snapshot: Any, ground: Ground, crowd: Crowd, masked: bool, least: int) -> Hidden:
    """A sum over days and products: what is shown must not add up to what is hidden."""
    wanted = [key for key in ground.asked if key[0] in crowd.asked] if crowd.fact.product else []
    # The larger set first: in another order, bounds over what is shown told more of a few hidden cells.
    told = sorted({ground.asked[key] for key in wanted}, key=lambda bits: (-bits.bit_count(), bits)) or [-1]
    asked = (*told, *_between(told))
    sizes = of_crowd(snapshot, ground, crowd, masked, asked)
    place = {each: i for i, each in enumerate(sizes.spans)}
    spans = [place[each] for each in (*ground.windows, *ground.periods)]
    small = _small(ground, sizes.persons, least)
    flags = np.concatenate(
        [_windows(ground, sizes, small, len(told)), _series(ground, sizes, small, len(told))[:, None]], axis=1
    )
    flags[:, -1] |= flags.any(axis=1)
    part = np.array([*range(len(ground.windows)), *([len(ground.windows)] * len(ground.periods))])
    cells = Cells(
        flags.reshape(len(flags), -1),
        sizes.persons[:, spans, : len(told)].reshape(len(flags), -1),
        (part[:, None] * len(told) + np.arange(len(told))).reshape(-1),
        least,
        sizes.adds,
    )
    _closed(cells, ground)
    flags = _certain(snapshot, ground, crowd, masked, told, cells, least)
    windows = {each: i for i, each in enumerate(ground.windows)}
    series = dict.fromkeys(ground.periods, len(windows))
    if crowd.fact.time == "to_date":  # what was asked so far, less what was asked until then, is of a few days
        windows, series = {days: i for days, i in windows.items() if days[1] == ground.anchor}, {}
    return Hidden(ground.nodes, windows, series, {each: i for i, each in enumerate(told)}, flags)


def _certain(
    snapshot: Any, ground: Ground, crowd: Crowd, masked: bool, told: list[int], cells: Cells, least: int
) -> Flags:
    """With more hidden, until no bound on a small number that can be worked out from what is shown says much."""
    windows, shape = len(ground.windows), (len(ground.nodes), -1, len(told))
    flags, persons = cells.hidden.reshape(shape), cells.persons.reshape(shape)
    if not flags.any():
        return flags
    made = amounts(snapshot, ground, crowd, masked, tuple(told))
    flags = flags | spread(made, flags, persons, windows, least)
    if made.amounts.size > _AFFORDABLE:
        return flags
    answered = np.ones(windows + 1, dtype=bool)
    if crowd.fact.time == "to_date":
        answered[:] = [days[1] == ground.anchor for days in ground.windows] + [False]
    return certify(made, flags, persons, windows, answered, least)


_AFFORDABLE = 3000


def _small(ground: Ground, persons: NDArray[np.int64], least: int) -> Flags:
    """The small cells, and the units of which another hierarchy's would leave a small rest."""
    small = np.asarray((persons > 0) & (persons < least))
    for plus, minus in nested(ground):
        left = persons[plus].sum(axis=0) - persons[minus].sum(axis=0)
        small[minus[0] if len(minus) == 1 else plus[0]] |= (left > 0) & (left < least)
    return small


def _between(told: list[int]) -> list[int]:
    """What one set of products has more than another that lies in it, where that is no set of its own."""
    more = {a & ~b for a in told for b in told if a != b and a & b == b}
    return sorted(more - set(told) - {0})


def _vectors(ground: Ground, asked: Iterable[int | str]) -> NDArray[np.float64]:
    bits = sorted(set(ground.products.values())) or [1]
    return np.array([[float(bool(int(each) & bit)) for bit in bits] for each in asked])


def _windows(ground: Ground, sizes: Sizes, small: Flags, told: int) -> Flags:
    """Which windows are hidden for which products, at each node: those shown add up to no small cell."""
    place = {each: i for i, each in enumerate(sizes.spans)}
    small = small[:, [place[each] for each in ground.windows]] | _thin(ground, sizes, small, place)
    vectors = _vectors(ground, sizes.asked)
    found = np.zeros((len(small), len(ground.windows), told), dtype=bool)
    for component in sorted(set(ground.component)):
        members = [i for i, each in enumerate(ground.component) if each == component]
        both = np.einsum("wt,sp->wstp", ground.cut[members], vectors).reshape(len(members), len(vectors), -1)
        known: dict[bytes, Flags] = {}
        for node in np.flatnonzero(small[:, members].any(axis=(1, 2))):
            few = small[node, members]
            key = few.tobytes()
            if key not in known:
                showing = flats.shown(both[:, :told].reshape(len(members) * told, -1), both[few])
                known[key] = ~showing.reshape(len(members), told)
            found[node, members] = known[key]
    return found


def _thin(ground: Ground, sizes: Sizes, small: Flags, place: dict[Days, int]) -> Flags:
    """The windows that would tell, less others, of a stretch of days with few persons; the most wanted are kept."""
    pieces = [place[each] for each in ground.stretches]
    thin, empty = small[:, pieces], sizes.persons[:, pieces] == 0
    found = np.zeros((len(small), len(ground.windows), small.shape[2]), dtype=bool)
    known: dict[bytes, Flags] = {}
    for node, product in np.argwhere(thin.any(axis=1)):
        key = thin[node, :, product].tobytes() + empty[node, :, product].tobytes()
        if key not in known:
            known[key] = ~flats.apart(ground.cut, thin[node, :, product], empty[node, :, product])
        found[node, :, product] = known[key]
    return found


def _series(ground: Ground, sizes: Sizes, small: Flags, told: int) -> Flags:
    """For which products the periods are hidden at each node: all of them where one is of few."""
    place = {each: i for i, each in enumerate(sizes.spans)}
    few = np.asarray(small[:, [place[each] for each in ground.periods]].any(axis=1))
    vectors = _vectors(ground, sizes.asked)
    known: dict[bytes, Flags] = {}
    found = np.zeros((len(small), told), dtype=bool)
    for node in np.flatnonzero(few.any(axis=1)):
        key = few[node].tobytes()
        if key not in known:
            known[key] = ~flats.shown(vectors[:told], vectors[few[node]])
        found[node] = known[key]
    return found
