"""What a change of policy would open and close, for whom: found by asking the access door under both policies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from data.errors import OnepictureError
from metrics.access import hierarchy_of, may_enter, refusal, role_of, standing
from metrics.catalog import METRICS
from metrics.cues.inbox import cues_for
from metrics.grid import Role
from metrics.policy import Cell, Policy, narrowed, opened
from metrics.policy_force import Simulated
from metrics.query import Visitor

EVERY = 100_000


@dataclass(frozen=True, kw_only=True)
class Sight:
    """All that one visitor may see: which metrics at which levels, which cues; or why nothing."""

    role: Role | None
    metrics: frozenset[tuple[str, str]]
    cues: frozenset[tuple[str, str]]
    units: dict[str, int]
    small: frozenset[str]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a change does to one visitor. Metrics are by level, cues are counted by kind."""

    visitor: Visitor
    before: Sight
    after: Sight

    @property
    def opens(self) -> dict[str, tuple[str, ...]]:
        """The metrics that open, by level."""
        return _by_level(self.after.metrics - self.before.metrics)

    @property
    def closes(self) -> dict[str, tuple[str, ...]]:
        """The metrics that close, by level."""
        return _by_level(self.before.metrics - self.after.metrics)

    @property
    def cues_opened(self) -> dict[str, int]:
        """How many cues open, by kind."""
        return dict(Counter(kind for _, kind in sorted(self.after.cues - self.before.cues)))

    @property
    def cues_closed(self) -> dict[str, int]:
        """How many cues close, by kind."""
        return dict(Counter(kind for _, kind in sorted(self.before.cues - self.after.cues)))

    @property
    def pdrp(self) -> tuple[str, str] | None:
        """How opted-out physicians are treated before and after, where that changes."""
        before, after = (sight.role.pdrp if sight.role else "" for sight in (self.before, self.after))
        return (before, after) if before != after else None

    @property
    def touches(self) -> bool:
        """Whether anything changes for the visitor."""
        return bool(self.opens or self.closes or self.cues_opened or self.cues_closed or self.pdrp)


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """What a change of policy would do: the cells it opens and narrows, and what that means for each visitor."""

    before: Policy
    after: Policy
    opened: tuple[Cell, ...]
    narrowed: tuple[Cell, ...]
    effects: tuple[Effect, ...]

    @property
    def touched(self) -> tuple[Effect, ...]:
        """The visitors for whom anything changes."""
        return tuple(each for each in self.effects if each.touches)


def simulate(before: Policy, after: Policy, snapshot: Any, visitors: Iterable[Visitor]) -> Simulation:
    """What `after` would open and close against `before`, for these visitors on this snapshot. Changes nothing."""
    was, will = Simulated(snapshot, before), Simulated(snapshot, after)
    effects = tuple(Effect(visitor=each, before=sight(each, was), after=sight(each, will)) for each in visitors)
    return Simulation(
        before=before, after=after, opened=opened(before, after), narrowed=narrowed(before, after), effects=effects
    )


def sight(visitor: Visitor, snapshot: Any) -> Sight:
    """All that a visitor may see on a snapshot, by the door that every page asks."""
    try:
        visitor = standing(visitor, snapshot)
        role = role_of(visitor, snapshot)
        hierarchy = hierarchy_of(snapshot, visitor.hierarchy)
        scope = may_enter(visitor, snapshot, hierarchy.id)
        cards = cues_for(visitor, snapshot, most=EVERY)
    except OnepictureError as problem:
        nothing: frozenset[tuple[str, str]] = frozenset()
        return Sight(role=None, metrics=nothing, cues=nothing, units={}, small=frozenset(), reason=str(problem))
    top = hierarchy.depth(snapshot.nodes(hierarchy.id)[scope].level) if scope else 0
    levels = (*hierarchy.levels[top:], hierarchy.subject)
    seen = {
        (metric.name, by)
        for metric in METRICS.values()
        for by in levels
        if refusal(role, metric, hierarchy, by) is None
    }
    return Sight(
        role=role,
        metrics=frozenset(seen),
        cues=frozenset((card.cue, card.kind) for card in cards),
        units=_units(snapshot, hierarchy.id, scope, hierarchy.subject),
        small=frozenset(name for name, _ in seen if METRICS[name].sensitivities & role.aggregates),
    )


_NODES = """
SELECT level, count(*) FROM node WHERE hierarchy = $hierarchy
AND ($scope = '' OR node IN (SELECT node FROM node_tree WHERE hierarchy = $hierarchy AND ancestor = $scope))
GROUP BY level
"""
_SUBJECTS = """
SELECT count(DISTINCT subject) FROM place WHERE hierarchy = $hierarchy AND subject_kind = $kind AND subject <> ''
AND ($scope = '' OR leaf IN (SELECT node FROM node_tree WHERE hierarchy = $hierarchy AND ancestor = $scope))
"""


def _units(snapshot: Any, hierarchy: str, scope: str, subject: str) -> dict[str, int]:
    """How many units of each level, and how many subjects, lie in the scope."""
    values = {"hierarchy": hierarchy, "scope": scope}
    found = {level: int(count) for level, count in snapshot.rows(_NODES, values)}
    return found | {subject: int(snapshot.rows(_SUBJECTS, values | {"kind": subject.casefold()})[0][0])}


def _by_level(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for metric, level in sorted(pairs):
        found.setdefault(level, []).append(metric)
    return {level: tuple(names) for level, names in found.items()}
