"""Whom a provider vouched for, as the visitor whom the list of who may look makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dashboard.claims import person_of
from dashboard.provider import GroupPlace
from data.entitled_days import Days
from data.entitlements import Entitlement
from metrics.query import Standing, Visitor

LONGEST_NAME = 120


def visitor(claims: Mapping[str, Any], place: Entitlement | GroupPlace, held: Days, day: date) -> Visitor:
    """The visitor at a place; who moved keeps the places where they stood before, each for its own days."""
    label = place.label if isinstance(place, Entitlement) and not place.of_a_group else ""
    return Visitor(
        id=person_of(claims),
        role=str(place.role),
        hierarchy=place.hierarchy or "",
        node=place.node,
        team=place.team,
        studies=place.studies,
        name=str(claims.get("name") or label or claims.get("email") or "")[:LONGEST_NAME],
        spans=stands(held, day),
    )


def stands(held: Days, day: date) -> tuple[Standing, ...]:
    """Where somebody stood and stands in today's role, by time; nothing for who has never moved.

    Today's place also has the days between, in which nobody said where they stood, and those to come.
    """
    now = held.on(day)
    own = [each for each in held.until(day) if now is not None and each.role == now.role]
    if len(own) < 2:
        return ()
    places = [
        Standing(
            hierarchy=each.hierarchy or "", node=each.node, team=each.team, studies=each.studies,
            from_date=each.from_date, to_date=each.to_date,
        )
        for each in own
    ]  # fmt: skip
    eve = places[-2].to_date
    places[-1] = replace(places[-1], from_date=date.fromordinal(eve.toordinal() + 1) if eve else None, to_date=None)
    return tuple(places)


def not_in_force(held: Days, day: date) -> str:
    """Why nothing that was said about a person lets them in on that day."""
    near = held.near(day)
    if near is None or near.role is None:
        return "Your access was taken back."
    if near.from_date and day < near.from_date:
        return f"Your access begins on {near.from_date:%-d %B %Y}."
    return f"Your access ended on {near.to_date:%-d %B %Y}."


def group_places(group: str, held: Days | None, told: tuple[GroupPlace, ...], day: date) -> tuple[GroupPlace, ...]:
    """What a group gives on a day: what the list of who may look says of it, else the provider's table."""
    if held is not None:
        now = held.on(day)
        given = {} if now is None or now.role is None else {
            name: getattr(now, name) for name in ("role", "hierarchy", "node", "team", "studies")
        }  # fmt: skip
        return (GroupPlace(group=group, **given),) if given else ()
    return tuple(each for each in told if each.group == group)
