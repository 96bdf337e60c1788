"""Looking through somebody else's eyes: what that person sees, and never more than the one who looks may know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from data.errors import Denied
from metrics.query import Visitor
from metrics.standing import may_look_at, role_of, sees_all, standing

# Why somebody may look as somebody else; the word goes into the audit.
REASONS: dict[str, str] = {
    "access_question": "They ask why they see something, or do not",
    "number_question": "They doubt a number",
    "access_change": "Their access was changed, and is tried",
    "access_review": "Access is reviewed",
}


def may_begin(visitor: Visitor, snapshot: Any) -> bool:
    """Whether a visitor's role may look as others at all; never while already looking as somebody."""
    return visitor.behind is None and role_of(visitor, snapshot).views_as


def through(eyes: Visitor, visitor: Visitor, snapshot: Any) -> Visitor:
    """The one whose eyes are looked through, with the one who looks behind them. Raises Denied where that may not be.

    Nobody looks as themselves, as another who may look as others, or as somebody who stands outside
    what they look after.
    """
    role = role_of(visitor, snapshot)
    if not may_begin(visitor, snapshot):
        raise Denied(f"The {role.word} role does not look as others.", todo="Ask the data steward.")
    if eyes.id == visitor.id or role_of(eyes, snapshot).views_as:
        raise Denied("Nobody looks as themselves, or as another who may look as others.", todo="Choose somebody else.")
    placed = standing(eyes, snapshot)
    if visitor.node is not None or role.rung is not None:
        if placed.node is None and not sees_all(snapshot, placed.hierarchy, visitor.node or "-"):
            raise Denied("They look further than you do.", todo="Choose somebody below you.")
        may_look_at(visitor, snapshot, placed.hierarchy, placed.node or visitor.node or "")
    return replace(eyes, behind=visitor)
