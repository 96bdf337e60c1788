"""Where a visitor stands and how far down and across that lets them look: role, node, day, hierarchy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from data.errors import Denied, WrongQuestion, did_you_mean
from data.levels import Hierarchy, Node
from metrics.grid import Role
from metrics.policy_force import policy_of
from metrics.query import EVERY_STUDY, Visitor


def role_of(visitor: Visitor, snapshot: Any) -> Role:
    """The visitor's role under the policy in force, met with the role of whoever looks through their eyes.

    Raises Denied for a role that nobody declared.
    """
    policy = policy_of(snapshot)
    if policy.closed:
        raise Denied(policy.closed, todo="Tell the data steward.")
    role = policy.effective.get(visitor.role)
    if role is None:
        todo = did_you_mean(visitor.role, policy.effective)
        raise Denied(f'role "{visitor.role}" is unknown', where=f"visitor {visitor.id}", todo=todo)
    return _met(role, role_of(visitor.behind, snapshot)) if visitor.behind else role


@lru_cache(maxsize=256)
def _met(theirs: Role, own: Role) -> Role:
    return theirs.met(own)


@lru_cache(maxsize=1024)
def _standing(visitor: Visitor, day: date) -> Visitor | None:
    held = [span for span in visitor.spans if span.on(day)]
    if len(held) != 1:
        return None
    (span,) = held
    return replace(
        visitor, hierarchy=span.hierarchy, node=span.node, team=span.team, studies=span.studies, spans=(),
    )  # fmt: skip


def standing(visitor: Visitor, snapshot: Any) -> Visitor:
    """The visitor as they stand on the day of the data. Raises Denied where no span holds that day, or two do."""
    if not visitor.spans:
        return visitor
    found = _standing(visitor, snapshot.as_of)
    if found is None:
        raise Denied(
            "On the day of this data you stand nowhere, or at two places at once.",
            todo="Ask the steward to correct your dates.",
        )
    return found


def hierarchy_of(snapshot: Any, hierarchy_id: str) -> Hierarchy:
    """The hierarchy of that id. Raises WrongQuestion for one that is not loaded."""
    found: dict[str, Hierarchy] = {each.id: each for each in snapshot.hierarchies()}
    if hierarchy_id not in found:
        raise WrongQuestion(
            f'no hierarchy "{hierarchy_id}"',
            todo=" ".join(filter(None, (did_you_mean(hierarchy_id, found), f"Loaded: {', '.join(found) or 'none'}."))),
        )
    return found[hierarchy_id]


def may_enter(visitor: Visitor, snapshot: Any, hierarchy_id: str) -> str:
    """The node of that hierarchy the visitor may look below ("" for everywhere). Raises Denied otherwise."""
    visitor = standing(visitor, snapshot)
    role, hierarchy = role_of(visitor, snapshot), hierarchy_of(snapshot, hierarchy_id)
    if (visitor.from_date and visitor.from_date > snapshot.as_of) or (
        visitor.to_date and visitor.to_date < snapshot.as_of
    ):
        raise Denied("Your access is not in force on the day of this data.", todo="Ask the steward to renew it.")
    if hierarchy.kind not in role.hierarchy_kinds:
        what = f"The {role.word} role does not look at the {hierarchy.name} hierarchy."
        raise Denied(what, todo="Ask within your own.")
    if role.by_study and not visitor.studies:
        raise Denied("No study is named for you.", todo='Ask the steward to name yours, or "*" for every study.')
    if visitor.node is None and role.rung is None:
        return ""
    if not visitor.node:
        raise Denied("You stand nowhere in the company yet.", todo="Ask the steward to give you a node.")
    if visitor.hierarchy == hierarchy.id:
        if visitor.node not in snapshot.nodes(hierarchy.id):
            raise Denied(
                f'You stand at "{visitor.node}", which this data does not know.', todo="Ask the steward to move you."
            )
        return visitor.node
    if role.rung == "top" and over_all(visitor, snapshot):
        return ""
    raise Denied(f"You stand in another hierarchy than {hierarchy.name}.", todo="Ask within your own.")


def over_all(visitor: Visitor, snapshot: Any) -> bool:
    """Whether the visitor's node has the whole of its own hierarchy below it, so that elsewhere nothing is outside."""
    known = {each.id for each in snapshot.hierarchies()}
    nodes = snapshot.nodes(visitor.hierarchy).values() if visitor.hierarchy in known else ()
    return [node.id for node in nodes if node.parent is None] == [visitor.node]


def may_look_at(visitor: Visitor, snapshot: Any, hierarchy_id: str, node: str) -> None:
    """Raise Denied unless the node is the visitor's own or below it; a node that nobody knows is denied alike."""
    scope = may_enter(visitor, snapshot, hierarchy_id)
    if node not in inside(snapshot, hierarchy_id, [node], scope):
        raise Denied(f'"{node}" is outside what you look after.', todo="Ask within your own.")


def inside(snapshot: Any, hierarchy_id: str, nodes: Iterable[str], scope: str) -> list[str]:
    """Those of the nodes that are known and lie at or below the scope ("" for everywhere)."""
    known = snapshot.nodes(hierarchy_id)
    return [node for node in nodes if node in known and (not scope or _below(node, scope, known))]


def _below(node: str, scope: str, known: Mapping[str, Node]) -> bool:
    """Whether a node is the scope or lies below it; nodes form trees, which the build has checked."""
    here: str | None = node
    for _ in known:
        if here is None or here == scope:
            break
        here = known[here].parent
    return here == scope


def sees_all(snapshot: Any, hierarchy_id: str, scope: str) -> bool:
    """Whether nothing of a hierarchy lies outside the scope, so that what exists there is no secret."""
    tops = [node.id for node in snapshot.nodes(hierarchy_id).values() if node.parent is None]
    return not scope or tops == [scope]


def studies_of(visitor: Visitor) -> tuple[str, ...]:
    """The studies that a visitor's sites are narrowed to; none where they are not narrowed."""
    return () if EVERY_STUDY in visitor.studies else visitor.studies


class Own:
    """The part of a snapshot's map that a visitor may be told of: nodes outside it are as if there were none."""

    def __init__(self, snapshot: Any, visitor: Visitor) -> None:
        self._snapshot, self._visitor = snapshot, visitor

    @property
    def whole(self) -> bool:
        """Whether the visitor may be told of every node that the role's hierarchies have."""
        scopes = [(each.id, self._scope(each.id)) for each in self.hierarchies()]
        entered = [(id, scope) for id, scope in scopes if scope is not None]
        return bool(entered) and all(sees_all(self._snapshot, id, scope) for id, scope in entered)

    def hierarchies(self) -> tuple[Hierarchy, ...]:
        """Every hierarchy of the snapshot."""
        found: tuple[Hierarchy, ...] = self._snapshot.hierarchies()
        return found

    def nodes(self, hierarchy: str) -> dict[str, Node]:
        """The nodes of a hierarchy that the visitor looks after, and those that they left."""
        scope, known = self._scope(hierarchy), self._snapshot.nodes(hierarchy)
        left = [each.node or "" for each in self._visitor.spans if each.hierarchy == hierarchy]
        scopes = [] if scope is None else [scope, *(node for node in left if node in known)]
        return {id: known[id] for each in scopes for id in inside(self._snapshot, hierarchy, known, each)}

    def _scope(self, hierarchy: str) -> str | None:
        try:
            return may_enter(self._visitor, self._snapshot, hierarchy)
        except Denied:
            return None
