"""From the words somebody typed to the question that the access door is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from data.errors import WrongQuestion, did_you_mean
from data.levels import Hierarchy, Node
from metrics.alignment import CURRENT
from metrics.query import MetricQuery, Visitor

WHERE = "onepicture ask"
LISTED = 8


class Places(Protocol):
    """What one who asks may be told of the hierarchies and their nodes."""

    @property
    def whole(self) -> bool:
        """Whether that is all there is, so that an unknown node may be called so."""
        ...

    def hierarchies(self) -> tuple[Hierarchy, ...]:
        """Every hierarchy of the snapshot."""
        ...

    def nodes(self, hierarchy: str) -> dict[str, Node]:
        """The nodes of one hierarchy by id."""
        ...


class UnknownNode(WrongQuestion):
    """A word that names no node."""


def find_node(word: str, hierarchies: Iterable[Hierarchy], places: Places) -> Node:
    """The node of that id or, in any case, of that name; the first hierarchy that has one wins.

    Raises WrongQuestion for an unknown node (with a near name) and for a name that several nodes
    bear (with each of them).
    """
    names: dict[str, None] = {}
    for hierarchy in hierarchies:
        nodes = places.nodes(hierarchy.id)
        if word in nodes:
            return nodes[word]
        named = [node for node in nodes.values() if node.name.casefold() == word.casefold()]
        if len(named) == 1:
            return named[0]
        if named:
            raise _ambiguous(word, named, nodes)
        names.update(dict.fromkeys(part for node in nodes.values() for part in (node.id, node.name)))
    raise UnknownNode(
        f'no node "{word}"', where=WHERE, todo=did_you_mean(word, names) or "Give a node's id or its name."
    )


def _ambiguous(word: str, named: list[Node], nodes: dict[str, Node]) -> WrongQuestion:
    def said(node: Node) -> str:
        above = nodes.get(node.parent) if node.parent else None
        return f"{node.id} ({node.level} {node.name}{f', in {above.name}' if above else ''})"

    ordered = sorted(named, key=lambda node: node.id)
    more = f" and {len(ordered) - LISTED} more" if len(ordered) > LISTED else ""
    return WrongQuestion(
        f'"{word}" is the name of {len(ordered)} nodes',
        where=WHERE,
        todo=f"Give the id of one: {'; '.join(map(said, ordered[:LISTED]))}{more}.",
    )


def _own_first(visitor: Visitor, places: Places) -> list[Hierarchy]:
    """The visitor's hierarchy, then the others."""
    return sorted(places.hierarchies(), key=lambda hierarchy: (hierarchy.id != visitor.hierarchy, hierarchy.id))


def _found(word: str, first: list[Hierarchy], then: list[Hierarchy], places: Places) -> Node:
    """The node in the hierarchies that fit best, else in any."""
    try:
        return find_node(word, first, places)
    except UnknownNode:
        return find_node(word, then, places)


def has_level(hierarchy: Hierarchy, word: str) -> bool:
    """Whether the hierarchy has a level of that name, its subject's word included."""
    known = (*hierarchy.levels, hierarchy.subject, *hierarchy.subject_kinds)
    return word.casefold() in {level.casefold() for level in known}


def place(visitor: Visitor, by: str, within: str | None, places: Places) -> tuple[Hierarchy, str | None, str]:
    """The hierarchy, the node's id and the level in its own spelling that the words mean.

    Without a node, the question is about all that the visitor may enter, in the first hierarchy that
    has the level, the visitor's own first.
    """
    ordered = _own_first(visitor, places)
    if not ordered:
        raise WrongQuestion(
            "the snapshot has no hierarchy", where=WHERE, todo="Import nodes and alignments, then build."
        )
    fitting = [hierarchy for hierarchy in ordered if has_level(hierarchy, by)]
    if within is None:
        chosen = (fitting or ordered)[0]
        return chosen, None, chosen.level(by)
    try:
        node = _found(within, fitting or ordered, ordered, places)
    except UnknownNode:
        if places.whole:
            raise
        # The door answers for what there is elsewhere and for what there is not, in the same words.
        chosen = (fitting or ordered)[0]
        return chosen, within, chosen.level(by)
    chosen = next(hierarchy for hierarchy in ordered if hierarchy.id == node.hierarchy)
    return chosen, node.id, chosen.level(by)


def question(
    *,
    visitor: Visitor,
    places: Places,
    metrics: str,
    by: str,
    within: str | None,
    period: str,
    product: str | None,
    compare: str | None,
    alignment: str = CURRENT,
) -> MetricQuery:
    """The question in the access door's terms. Raises WrongQuestion naming what is unknown."""
    names = tuple(dict.fromkeys(name.strip() for name in metrics.split(",") if name.strip()))
    if not names:
        raise WrongQuestion("no metric is named", where=WHERE, todo="Name some: --metrics trx,share.")
    if compare not in (None, "none", "previous", "year"):
        raise WrongQuestion(
            f'nothing to compare with is called "{compare}"',
            where=WHERE,
            todo="Use --compare previous or --compare year.",
        )
    hierarchy, node, level = place(visitor, by, within, places)
    return MetricQuery(
        metrics=names,
        hierarchy=hierarchy.id,
        within=node,
        by=level,
        window=period,
        product=product,
        compare=None if compare == "none" else compare,
        alignment=alignment,
    )
