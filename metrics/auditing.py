"""Who may read the audit: those whose role answers for the data, and nobody through somebody else's eyes."""

from __future__ import annotations

from typing import Any

from data.errors import Denied
from metrics.query import Visitor
from metrics.standing import may_enter, role_of


def may_review(visitor: Visitor, snapshot: Any) -> None:
    """Raise Denied unless the visitor may read who looked at what."""
    if visitor.behind or not role_of(visitor, snapshot).inspects:
        raise Denied("Who looked at what is shown to the data steward.", todo="Ask the steward.")
    may_enter(visitor, snapshot, visitor.hierarchy or snapshot.hierarchies()[0].id)
