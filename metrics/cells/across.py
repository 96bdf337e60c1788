"""What several hierarchies over the same persons give away together: a unit less another that lies in it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from metrics.cells.ground import Ground

Flags = NDArray[np.bool_]
_NOTHING = 1e-7


@lru_cache(maxsize=8)
def nested(ground: Ground) -> tuple[tuple[list[int], list[int]], ...]:
    """Units of one hierarchy, and units of another that lie in them: what the first have more can be worked out.

    A unit with one that lies in it; a unit with all the leaves of another hierarchy that lie in it; the leaves
    that a unit of another hierarchy touches, with that unit.
    """
    inside, parents = ground.atoms > 0, set(ground.tree.parents)
    names = sorted({hierarchy for hierarchy, _ in ground.nodes})
    own = {name: [i for i, (hierarchy, _) in enumerate(ground.nodes) if hierarchy == name] for name in names}
    found: dict[tuple[tuple[int, ...], tuple[int, ...]], None] = {}
    for one in names:
        for other in names:
            if one == other:
                continue
            leaves = [i for i in own[other] if i not in parents]
            for a in own[one]:
                lying = [b for b in own[other] if inside[b].any() and _less(inside[b], inside[a])]
                found.update(dict.fromkeys(((a,), (b,)) for b in lying))
                within = [b for b in leaves if inside[b].any() and (inside[b] <= inside[a]).all()]
                if len(within) > 1 and (inside[within].any(axis=0) != inside[a]).any():
                    found[(a,), tuple(within)] = None
                touched = [b for b in leaves if (inside[b] & inside[a]).any()]
                if touched and (inside[touched].any(axis=0) != inside[a]).any():
                    found[tuple(touched), (a,)] = None
    return tuple((list(plus), list(minus)) for plus, minus in found)


def _less(one: Flags, other: Flags) -> bool:
    return bool((one <= other).all() and (one != other).any())


def alone(hidden: Flags, ground: Ground, persons: NDArray[np.int64]) -> tuple[int, Flags] | None:
    """A unit that must be hidden too, and where, because those shown give a hidden one away; None where none does."""
    for source in np.unique(hidden[hidden.any(axis=1)], axis=0):
        covers = (hidden >= source).all(axis=1)
        same = np.flatnonzero((hidden == source).all(axis=1))
        told = np.flatnonzero(~covers)
        if not len(told):
            continue
        parts, *_ = np.linalg.lstsq(ground.atoms[told].T, ground.atoms[same].T, rcond=None)
        left = np.linalg.norm(ground.atoms[told].T @ parts - ground.atoms[same].T, axis=0)
        sizes = np.linalg.norm(ground.atoms[same], axis=1)
        for column in np.flatnonzero((left < _NOTHING) & (sizes > 0)):
            if not persons[same[column]].any():
                continue
            used = [told[i] for i in np.flatnonzero(np.abs(parts[:, column]) > 1e-6)]
            below = [node for node in used if ground.tree.parents[node] >= 0 and persons[node].any()]
            if below:
                return min(below, key=lambda node: int(persons[node].sum())), source
    return None
