"""Small cells: a count of a few persons is hidden, and enough beside it that nobody can work it out.

The rule follows the CMS cell size suppression policy (resdac.org/node/1506): no cell of 1 to 10
may be shown, nor be derivable; zero may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping

LEAST = 11


def hidden(people: Mapping[str, int], parents: Mapping[str, str | None], least: int = LEAST) -> frozenset[str]:
    """The nodes whose cells are hidden, from the persons behind each and the parent of each.

    A cell of 1 to least-1 persons is hidden. Where a shown parent would have a single hidden child,
    the child with the fewest persons beside it is hidden too; and where a hidden node's children
    would all be shown, the smallest of them is hidden, so that neither a difference nor a sum gives
    a hidden number away. The answer depends on the whole hierarchy, never on what was asked of it.
    """
    children: dict[str | None, list[str]] = {}
    for node in sorted(people):
        children.setdefault(parents.get(node), []).append(node)
    found = {node for node, count in people.items() if 0 < count < least}
    waiting = [None, *sorted(people, key=lambda node: _depth(node, parents))]
    for parent in waiting:
        family = [node for node in children.get(parent, []) if people[node] > 0]
        concealed = [node for node in family if node in found]
        open_family = sorted((people[node], node) for node in family if node not in found)
        alone = len(concealed) == 1 and parent is not None and parent not in found
        told = not concealed and parent in found
        if (alone or told) and open_family:
            found.add(open_family[0][1])
    return frozenset(found)


def _depth(node: str, parents: Mapping[str, str | None]) -> int:
    depth, here = 0, parents.get(node)
    while here is not None and depth < len(parents):
        depth, here = depth + 1, parents.get(here)
    return depth
