"""Parts of the map: all that lies below a node, and an area of not too many subjects around one."""

from __future__ import annotations

from typing import Any

from data.levels import path
from metrics.loaded import remembered
from metrics.query import GrantedQuery
from metrics.subjects import rows_at

MANY = 2500  # subjects that are answered for in one go


def below(snapshot: Any, hierarchy: str, node: str) -> frozenset[str]:
    """A node and every node below it; all nodes of the hierarchy for "", none for a node that nobody knows."""

    def _find() -> dict[str, frozenset[str]]:
        nodes, found = snapshot.nodes(hierarchy), {"": set(snapshot.nodes(hierarchy))}
        parents = {each.id: each.parent for each in nodes.values()}
        for each in nodes:
            for above in path(each, parents):
                found.setdefault(above, set()).add(each)
        return {above: frozenset(inside) for above, inside in found.items()}

    return remembered(snapshot, ("below", hierarchy), _find).get(node, frozenset())


def inside(granted: GrantedQuery, snapshot: Any) -> frozenset[str]:
    """The nodes that a grant looks at: those below the node asked about, in the scope, of its studies."""
    found = below(snapshot, granted.hierarchy, granted.within) & below(snapshot, granted.hierarchy, granted.scope)
    kind = next(each.kind for each in snapshot.hierarchies() if each.id == granted.hierarchy)
    if granted.studies and kind == "study":
        found &= frozenset().union(*(below(snapshot, granted.hierarchy, study) for study in granted.studies))
    return found


def area(snapshot: Any, hierarchy: str, node: str) -> str:
    """The highest node at or above a node that has at most MANY subjects; the node itself where it has more."""
    nodes, found, here = snapshot.nodes(hierarchy), node, node
    while here and rows_at(snapshot, hierarchy, here, "seat")[2] <= MANY:
        found, here = here, nodes[here].parent
    return found
