"""What can be worked out from what: sums and differences of numbers over products, and over days.

A number over products is a vector with a one for each product in it; so is a number over days. What
somebody can add and subtract from the numbers shown is their span. A set is shown only if nothing that must stay
hidden lies in the span of it: such a set is closed, and so is what two of them share.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_NOTHING = 1e-9
Vectors = NDArray[np.float64]
Flags = NDArray[np.bool_]


def rank(vectors: Vectors) -> int:
    """How many of the vectors are not worked out from the others."""
    return int(np.linalg.matrix_rank(vectors)) if vectors.size else 0


def shown(vectors: Vectors, forbidden: Vectors) -> Flags:
    """Which vectors may be shown, the earlier ones first, so that none of the forbidden can be worked out.

    A vector that is worked out from those shown is shown itself. `vectors` and `forbidden` have a row each.
    """
    found = np.zeros(len(vectors), dtype=bool)
    if not len(forbidden):
        return ~found
    rest, told = forbidden.astype(float), vectors.astype(float)
    for i in range(len(vectors)):
        size = np.linalg.norm(told[i])
        if size < _NOTHING:
            found[i] = True
            continue
        unit = told[i] / size
        left = rest - np.outer(rest @ unit, unit)
        if (np.linalg.norm(left, axis=1) < _NOTHING).any():
            continue
        found[i], rest = True, left
        told = told - np.outer(told @ unit, unit)
    return found


def apart(windows: Vectors, thin: Flags, empty: Flags) -> Flags:
    """Which windows may be shown together, the earlier ones first, so that no thin stretch can be worked out.

    `windows` has a row each over the stretches of days; `thin` are the stretches with few persons, `empty`
    those with none. A sum of windows that is nothing outside the thin ones would tell of a few.
    """
    thick = ~thin & ~empty
    kept: list[int] = []
    for i in range(len(windows)):
        chosen = windows[[*kept, i]]
        if rank(chosen[:, thick]) == rank(chosen[:, ~empty]):
            kept.append(i)
    return np.isin(np.arange(len(windows)), kept)


def components(vectors: Vectors) -> list[int]:
    """Which vectors hang together: two do if each takes part in working out a third. One number a component."""
    found = list(range(len(vectors)))
    basis: list[int] = []
    for i in range(len(vectors)):
        if basis:
            parts, *_ = np.linalg.lstsq(vectors[basis].T, vectors[i], rcond=None)
            if np.linalg.norm(vectors[basis].T @ parts - vectors[i]) < 1e-7:
                used = [basis[j] for j in np.flatnonzero(np.abs(parts) > 1e-7)]
                _join(found, [i, *used])
                continue
        basis.append(i)
    names = {name: number for number, name in enumerate(dict.fromkeys(found))}
    return [names[name] for name in found]


def _join(found: list[int], members: Sequence[int]) -> None:
    names = {found[i] for i in members}
    least = min(names)
    for i, name in enumerate(found):
        if name in names:
            found[i] = least
