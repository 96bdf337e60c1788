"""What the Access page asks: the visitor's own rights, and for the steward the grid and what a change would open."""

from __future__ import annotations

from dashboard import cache
from metrics import rights as known
from metrics.policy_simulation import Simulation
from metrics.query import Visitor
from metrics.rights import Grid, Rights


def rights(visitor: Visitor) -> Rights:
    """What the visitor may know and may not, and why. Raises Denied where they may not look at all."""
    return known.rights(visitor, cache.snapshot())


def grid(visitor: Visitor) -> Grid:
    """The whole grid of the policy in force. Raises Denied for everybody but the steward."""
    return known.grid(visitor, cache.snapshot())


def tried(visitor: Visitor, text: str) -> Simulation:
    """What a policy would open and close, for whom; nothing is changed. Raises Denied or BadInput."""
    return known.tried(visitor, cache.snapshot(), text, tuple(cache.visitors().values()))
