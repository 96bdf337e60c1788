"""What a visitor may know and may not, and why, said from the declarations that the access door itself reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from data.errors import Denied
from data.findings import Finding
from data.workspace import Workspace
from metrics.access import hierarchy_of, may_enter, refusal, role_of, standing
from metrics.catalog import METRICS
from metrics.catalog.roles import WHY
from metrics.grid import Grant, Role
from metrics.policy import DECLARED, GUARDED, Policy
from metrics.policy_change import candidate
from metrics.policy_force import in_force
from metrics.policy_limits import Limit, limits_of
from metrics.policy_simulation import Simulation, simulate
from metrics.query import Visitor

NOT_YOURS = "The grid of every role and the simulator are shown to the data steward."
PASTED = "the change you wrote"


@dataclass(frozen=True, kw_only=True)
class Right:
    """One kind of data: how a role sees it, how many metrics that opens here, and why no more."""

    name: str
    grant: Grant
    metrics: int
    of: int
    limits: tuple[Limit, ...]
    why: str

    @property
    def seen(self) -> bool:
        """Whether any number of it is shown, or a cue where no number is made of it."""
        return self.grant.how in ("Y", "A") and (self.metrics > 0 or not self.of)


@dataclass(frozen=True, kw_only=True)
class Rights:
    """Everything that there is to say about what one visitor may know."""

    role: Role
    place: str
    level: str
    levels: tuple[str, ...]
    subject: str
    metrics: int
    of: int
    rights: tuple[Right, ...]
    policy: Policy
    visitor: Visitor


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The whole grid for the one who answers for it: the policy in force, its state, and what it changed."""

    policy: Policy
    state: str
    finding: Finding | None
    declared: Policy


def rights(visitor: Visitor, snapshot: Any) -> Rights:
    """What a visitor may know where they stand, and why not the rest. Raises Denied where they may not look at all."""
    visitor = standing(visitor, snapshot)
    role, hierarchy = role_of(visitor, snapshot), hierarchy_of(snapshot, visitor.hierarchy)
    scope = may_enter(visitor, snapshot, hierarchy.id)
    node = snapshot.nodes(hierarchy.id)[scope] if scope else None
    level = node.level if node else hierarchy.levels[0]
    levels = hierarchy.levels[hierarchy.depth(level) :]
    known = {
        name
        for name, metric in METRICS.items()
        if any(refusal(role, metric, hierarchy, by) is None for by in (*levels, hierarchy.subject))
    }
    return Rights(
        role=role,
        place=node.name if node else hierarchy.name,
        level=level,
        levels=levels,
        subject=hierarchy.subject,
        metrics=len(known),
        of=len(METRICS),
        rights=tuple(_right(role, name, known) for name in GUARDED),
        policy=in_force(snapshot).policy,
        visitor=visitor,
    )


def _right(role: Role, name: str, known: set[str]) -> Right:
    about = {metric.name for metric in METRICS.values() if name in metric.sensitivities}
    limits = limits_of((role.name, name))
    return Right(
        name=name, grant=role.grant(name), metrics=len(about & known), of=len(about), limits=limits, why=WHY[name]
    )


def grid(visitor: Visitor, snapshot: Any) -> Grid:
    """The policy in force with its state. Raises Denied for everybody but the one who answers for the data."""
    _answers(visitor, snapshot)
    found = in_force(snapshot)
    return Grid(policy=found.policy, state=found.state, finding=found.finding, declared=DECLARED)


def tried(visitor: Visitor, snapshot: Any, text: str, visitors: Iterable[Visitor]) -> Simulation:
    """What a policy written by hand would open and close, for whom. Changes nothing.

    Raises Denied for everybody but the steward, BadInput where the text is refused.
    """
    _answers(visitor, snapshot)
    after = candidate(Workspace(snapshot.home), text, PASTED)
    return simulate(in_force(snapshot).policy, after, snapshot, visitors)


def _answers(visitor: Visitor, snapshot: Any) -> None:
    if not role_of(visitor, snapshot).inspects:
        raise Denied(NOT_YOURS, todo="Ask the steward.")
    may_enter(visitor, snapshot, standing(visitor, snapshot).hierarchy)
