"""Who may read the audit and change how files are read: the data steward, and nobody through somebody else's eyes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from data.errors import Denied
from metrics.query import Visitor
from metrics.standing import may_enter, role_of


def may_review(visitor: Visitor, snapshot: Any) -> None:
    """Raise Denied unless the visitor may read who looked at what."""
    if visitor.behind or not role_of(visitor, snapshot).inspects:
        raise Denied("Who looked at what is shown to the data steward.", todo="Ask the steward.")
    may_enter(visitor, snapshot, visitor.hierarchy or snapshot.hierarchies()[0].id)


def may_map(visitor: Visitor, snapshot: Any) -> Callable[[str], bool]:
    """Which sensitivities a visitor may see row by row who changes how files are read. Raises Denied for all others."""
    role = role_of(visitor, snapshot)
    if visitor.behind or not role.inspects:
        raise Denied("How files are read is the data steward's to change.", todo="Ask the steward.")
    may_enter(visitor, snapshot, visitor.hierarchy or snapshot.hierarchies()[0].id)
    return lambda sensitivity: sensitivity == "open" or role.grant(sensitivity).how == "Y"
