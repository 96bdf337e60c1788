"""What is hidden beside a hidden cell, up and down the hierarchies, so that neither sums nor differences tell it.

Every hidden cell keeps another to be exchanged with: a neighbour under the same parent that is hidden wherever
it is, and a way down to a leaf below both. What is hidden together is always of nobody or of enough persons, so that
no bound on it says more than "few".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Tree:
    """Some nodes: each one's parent (or -1), those with children from the top down, and their children."""

    parents: tuple[int, ...]
    families: tuple[tuple[int, tuple[int, ...]], ...]


def tree(parents: Sequence[int]) -> Tree:
    """The tree of a list that names each node's parent (-1 for none)."""
    children: dict[int, list[int]] = {}
    for node, parent in enumerate(parents):
        if parent >= 0:
            children.setdefault(parent, []).append(node)
    order, waiting = [], [node for node, parent in enumerate(parents) if parent < 0]
    while waiting:
        node = waiting.pop(0)
        if node in children:
            order.append((node, tuple(children[node])))
            waiting += children[node]
    return Tree(tuple(parents), tuple(order))


@dataclass
class Cells:
    """Cells by node and kind: `hidden` by node and part, `persons` by node and cell, `part` of each cell.

    `adds` says that the persons of the children add up to the parent's: where somebody may be met at
    two nodes they do not, and the largest child is what is sure.
    """

    hidden: Flags
    persons: Counts
    part: NDArray[np.int64]
    least: int
    adds: bool = True


def close(cells: Cells, tree: Tree) -> None:
    """Hide what must be hidden beside the hidden, until nothing more needs it."""
    upward = True
    while upward:
        upward = False
        for parent, children in tree.families:
            kids = [kid for kid in children if cells.persons[kid].any()]
            if kids and (cells.hidden[parent].any() or cells.hidden[kids].any()):
                upward |= _family(cells, parent, kids)


def _family(cells: Cells, parent: int, kids: list[int]) -> bool:
    """Close one family; True where the parent too had to be hidden somewhere, so that all is looked at again."""
    upward = False
    while True:
        source, wanted = _lacking(cells, parent, kids)
        if source is None:
            return upward
        if wanted is None:
            cells.hidden[parent] |= source
            upward = True
        else:
            cells.hidden[wanted] |= source


def _lacking(cells: Cells, parent: int, kids: list[int]) -> tuple[Flags | None, int | None]:
    """What must be hidden next, and at which child (None: at the parent); nothing where the family is closed."""
    above, own = cells.hidden[parent], cells.hidden[kids]
    if above.any() and not (own >= above).all(axis=1).any():
        return above, _chosen(cells, parent, kids, above, -1)
    for place in np.argsort(-own.sum(axis=1), kind="stable"):
        kid = own[place]
        if (kid & ~above).any() and not (own >= kid).all(axis=1)[np.arange(len(kids)) != place].any():
            return kid, _chosen(cells, parent, kids, kid, int(place))
    few = _few(cells, parent, kids, own)
    if not few.any():
        return None, None
    parts = np.zeros(own.shape[1], dtype=bool)
    parts[cells.part[few]] = True
    source = above.copy() if (above & parts).any() else np.zeros_like(parts)
    for kid in own:
        if (kid & parts).any():
            source |= kid
    wanted = np.where(~own[:, cells.part] & few, cells.persons[kids], 0)
    return source, kids[int(np.argmax(np.minimum(wanted, cells.least).sum(axis=1)))]


def _few(cells: Cells, parent: int, kids: list[int], own: Flags) -> Flags:
    """The cells where what is hidden together in a family is of too few, and a child is left that could join."""
    above, persons = cells.hidden[parent][cells.part], cells.persons[kids]
    concealed = own[:, cells.part]
    together = np.where(concealed, persons, 0)
    sure = together.sum(axis=0) if cells.adds else together.max(axis=0)
    wanted = np.where(above, np.minimum(cells.least, cells.persons[parent]), cells.least)
    few: Flags = (sure < wanted) & ((sure > 0) | above) & (persons * ~concealed).any(axis=0)
    return few


def _chosen(cells: Cells, parent: int, kids: list[int], source: Flags, never: int) -> int | None:
    """The child to hide where `source` is: it leaves the fewest cells of too few, then hides the fewest persons."""
    able = [place for place in range(len(kids)) if place != never]
    if not able:
        return None
    inside, own = source[cells.part], cells.hidden[kids]

    def _loss(place: int) -> tuple[int, int, int, int]:
        kid, after = kids[place], own.copy()
        after[place] |= source
        shown = cells.persons[kid][inside & ~own[place][cells.part]]
        return (int(_few(cells, parent, kids, after).sum()), int(shown.sum()), int((shown > 0).sum()), kid)

    return kids[min(able, key=_loss)]
