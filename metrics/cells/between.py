"""What several hierarchies leave of a hidden number that no other unit could have: units that are shown tell groups
of persons apart, and what lies in a small unit alone is known from them.

Groups that lie in the same units shown may have given each other whatever they have. A small number is safe if next
to nothing of it is of groups that no group outside its unit is like, and if those like its own have enough.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from metrics.cells.amounts import Amounts

Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]
_SLACK = 1e-6


def spread(made: Amounts, flags: Flags, persons: Counts, windows: int, least: int) -> Flags:
    """What must be hidden too, by node, by window or (last) all periods, by set, so that no unit is left alone.

    `flags` are what is hidden so far; `persons` by node, span and set.
    """
    found = np.zeros_like(flags)
    small = (persons > 0) & (persons < least)
    for part, asked in np.argwhere(flags.any(axis=0)):
        spans = [part] if part < windows else np.arange(windows, persons.shape[1])
        few = small[:, spans, asked]
        if few.any():
            amounts = made.amounts[:, :, made.of[asked]].sum(axis=2) @ made.during[spans].T.astype(float)
            hidden = flags[:, part, asked].copy()
            behind = persons[:, spans, asked].max(axis=1)
            while _joined(made.inside, hidden, few, amounts, behind, least):
                pass
            found[:, part, asked] = hidden
    return found & ~flags


def _joined(inside: Flags, hidden: Flags, few: Flags, amounts: NDArray[np.float64], behind: Counts, least: int) -> bool:
    """Hide units so that one more small number is safe; False where all are. `hidden` is changed."""
    told = inside[~hidden]
    _, alike = np.unique(np.packbits(told, axis=0), axis=1, return_inverse=True)
    one = np.eye(alike.max() + 1)[alike.reshape(-1)]
    count, kinds = inside @ one, one.sum(axis=0)
    sums = one.T @ amounts
    alone, some = ((count == kinds) & (count > 0)).astype(float), (count > 0).astype(float)
    low, high = few & (alone @ sums > 1 + _SLACK), few & (some @ sums < least - 1 - _SLACK)
    for node, span in np.argwhere(low | high):
        wanted = alone[node] > 0 if low[node, span] else some[node] > 0
        mine = max(np.flatnonzero(wanted), key=lambda kind: sums[kind, span], default=None)
        others = np.flatnonzero(count[node] == 0)
        others = others[sums[others, span] > 0] if high[node, span] else others
        if mine is None or not len(others):
            continue
        apart = (told[:, one[:, mine].argmax()][:, None] != told[:, one[:, others].argmax(axis=0)]).T
        cost = apart.astype(np.int64) @ behind[~hidden]
        hidden[np.flatnonzero(~hidden)[apart[int(cost.argmin())]]] = True
        return True
    return False
