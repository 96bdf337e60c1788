"""What a visitor should do now: the cues that are theirs, that they may see, that are still open; five at most."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from data.errors import Denied
from data.levels import Hierarchy, path
from metrics import own_rows
from metrics.access import hierarchy_of, may_enter, may_know, role_of, standing
from metrics.catalog.cues import CUES
from metrics.catalog.roles import ROLES
from metrics.cues import kept
from metrics.cues.kept import COLUMNS
from metrics.cues.scene import SAID
from metrics.grid import Role
from metrics.loaded import remembered
from metrics.query import Visitor
from metrics.standing import studies_of
from metrics.suppress import told_of_few
from metrics.unlisted import guarded

MOST, SAME = 5, 3
SNOOZE, COOL_OFF = timedelta(days=7), timedelta(days=14)
LINES = (("national_leader", "regional_director", "district_manager", "rep"), ("medical_director", "msl"))
SNOOZES = ("snooze", "snoozed")
CLOSING = ("done", "not_useful", "not useful")
Names = Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class CueCard:
    """One cue as its reader sees it, in English; `said` has its sentences with typed values (metrics/cues/wording),
    and nothing in a snapshot built before there were any. `subject_name` is a person's name only where a people
    store was asked.

    `worth_low` and `worth_high` are in `worth_unit`; `mine` is false for a cue of the visitor's team.
    """

    cue: str
    kind: str
    title: str
    role: str
    hierarchy: str
    node: str
    node_name: str
    subject: str
    subject_name: str
    about: str
    product: str | None
    headline: str
    reasons: tuple[str, ...]
    comparator: str
    confidence: float
    data_as_of: date
    data_age_days: int
    lever: str
    action: str
    owner: str | None
    due: date
    worth_low: float
    worth_high: float
    worth_unit: str
    rank_value: float
    mine: bool
    accepted: bool = False
    evidence: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)


def cues_for(
    visitor: Visitor, snapshot: Any, actions: Iterable[Any] = (), names: Names | None = None, most: int = MOST
) -> list[CueCard]:
    """The visitor's open cues, the one most worth doing first.

    Own cues, and those of the roles below in the visitor's part of the map, as far as the access
    grid lets the visitor see what they are made of; a steward's are about the data and stand nowhere.
    `actions` are what was done (each with cue, visitor, action, at): done and not useful close a cue
    for 14 days, snooze for 7, undo opens it.
    `names` turns person ids into names; without it the opaque id is shown. Raises Denied for a
    visitor who may not enter.
    """
    visitor = standing(visitor, snapshot)
    role = role_of(visitor, snapshot)
    if role.rung is not None and visitor.node is None:
        return []
    closed, accepted = _acted(visitor, actions, snapshot.as_of)
    cards: dict[tuple[str, str, str], CueCard] = {}
    for card in _seen(visitor, role, snapshot):
        key = (card.kind, card.subject, card.product or (card.headline if card.about == "data" else ""))
        if card.cue not in closed and (key not in cards or (card.mine and not cards[key].mine)):
            cards[key] = replace(card, accepted=True) if card.cue in accepted else card
    ranked = sorted(cards.values(), key=lambda card: (not card.mine, -card.rank_value, card.cue))
    return _named(_varied(ranked)[:most], names)


def _varied(ranked: list[CueCard]) -> list[CueCard]:
    """The same cards, with at most three of a kind among the first five as long as another kind waits."""
    first: list[CueCard] = []
    for card in ranked:
        if len(first) < MOST and [each.kind for each in first].count(card.kind) < SAME:
            first.append(card)
    chosen = {id(card) for card in first}
    rest = [card for card in ranked if id(card) not in chosen]
    first = sorted(first + rest[: MOST - len(first)], key=ranked.index)
    chosen = {id(card) for card in first}
    return first + [card for card in ranked if id(card) not in chosen]


def count_by_node(visitor: Visitor, snapshot: Any, children: Sequence[str]) -> dict[str, int]:
    """How many open cues the visitor may see about each of these nodes, or about what lies below it."""
    visitor = standing(visitor, snapshot)
    role = role_of(visitor, snapshot)
    cards = _seen(visitor, role, snapshot)
    hierarchy = hierarchy_of(snapshot, visitor.hierarchy)
    known = _who(visitor, role, snapshot, hierarchy)
    counts = remembered(snapshot, ("cues by node", *known), lambda: _by_node(cards, snapshot.nodes(hierarchy.id)))
    return {child: counts[child] for child in children}


def _by_node(cards: Sequence[CueCard], nodes: Mapping[str, Any]) -> Counter[str]:
    """How many different cues lie at or below each node."""
    parents = {node.id: node.parent for node in nodes.values()}
    about = {
        (card.kind, card.subject): path(card.subject if card.subject in nodes else card.node, parents) for card in cards
    }
    return Counter(node for above in about.values() for node in above)


def _who(visitor: Visitor, role: Role, snapshot: Any, hierarchy: Hierarchy) -> tuple[Any, ...]:
    """All that decides which cues a visitor sees. Raises Denied for one who may not enter."""
    return role, hierarchy.id, may_enter(visitor, snapshot, hierarchy.id), visitor.studies, visitor.team


def _seen(visitor: Visitor, role: Role, snapshot: Any) -> tuple[CueCard, ...]:
    """Every cue that is the visitor's or their team's and made only of what they may know, whatever was answered.

    Whether the visitor may enter is found out on every call; the cues are read once for all who may see the same.
    """
    hierarchy = hierarchy_of(snapshot, visitor.hierarchy)
    known = _who(visitor, role, snapshot, hierarchy)

    def _find() -> tuple[CueCard, ...]:
        nodes, found = snapshot.nodes(hierarchy.id), []
        for row in kept.rows(visitor, role, known[1], known[2], snapshot):
            if row["subject"] in _guarded(role, snapshot, json.loads(row["classes"])):
                continue
            if _sees(visitor, role, hierarchy, row, nodes) and own_rows.in_team(visitor.team, row["owner"], snapshot):
                found += [] if told_of_few(role, snapshot, hierarchy.id, row) else [_card(row, role, nodes)]
        return tuple(found)

    return remembered(snapshot, ("cues", *known), _find)


def _guarded(role: Role, snapshot: Any, classes: Iterable[str]) -> frozenset[str]:
    """Persons whose rows are hidden beside somebody who is counted and not listed: a cue is a row."""
    return frozenset().union(*(guarded(snapshot, each, role.pdrp) for each in classes))


def _sees(visitor: Visitor, role: Role, hierarchy: Hierarchy, row: Mapping[str, Any], nodes: Mapping[str, Any]) -> bool:
    """Whether a cue is this visitor's or their team's, and made only of what they may know."""
    if not _answers_for(role.name, row["role"]):
        return False
    classes = frozenset(json.loads(row["classes"]))
    if role.pdrp != "shown" and row["opted_out"] and "rx" in classes:
        return False
    if role.masks_pdrp and "rx" in classes and not ROLES[row["role"]].masks_pdrp:
        return False  # it was found with the opted-out physicians counted in
    about = CUES[row["kind"]].about
    study = row["subject"] if about == "study" else row["study"]
    named = studies_of(visitor)
    if named and study is not None and study not in named:
        return False
    level = nodes[row["subject"]].level if about == "node" and row["subject"] in nodes else hierarchy.subject
    return may_know(role, classes, hierarchy, hierarchy.levels[0] if about == "data" else level)


def _answers_for(role: str, other: str) -> bool:
    """A role answers for its own cues and, as a manager, for those of the roles below it in its line."""
    return role == other or any(
        role in line and other in line and line.index(role) < line.index(other) for line in LINES
    )


def _acted(visitor: Visitor, actions: Iterable[Any], as_of: date) -> tuple[frozenset[str], frozenset[str]]:
    """The cues closed for this visitor, and those accepted, by the latest action on each."""
    latest: dict[str, Any] = {}
    for action in sorted((one for one in actions if one.visitor == visitor.id), key=lambda one: one.at):
        latest[action.cue] = action
    closed = {
        cue
        for cue, action in latest.items()
        if (action.action in CLOSING and as_of < action.at.date() + COOL_OFF)
        or (action.action == "snoozed" and as_of < action.at.date() + SNOOZE)
    }
    return frozenset(closed), frozenset(cue for cue, action in latest.items() if action.action == "accepted")


def _card(row: Mapping[str, Any], role: Role, nodes: Mapping[str, Any]) -> CueCard:
    cue = CUES[row["kind"]]
    node = nodes.get(row["node"])
    label = nodes[row["subject"]].name if row["subject"] in nodes else row["label"]
    evidence = json.loads(row["evidence"])
    said = evidence.pop(SAID, {})
    kept = {name: row[name] for name in COLUMNS if name not in ("classes", "reasons", "evidence")}
    return CueCard(
        **kept,
        title=cue.title,
        about=cue.about,
        node_name=node.name if node else row["node"] or "All data",
        subject_name=label or row["subject"],
        reasons=tuple(json.loads(row["reasons"])),
        evidence=evidence,
        said=said,
        mine=row["role"] == role.name,
    )


def _named(cards: list[CueCard], names: Names | None) -> list[CueCard]:
    """Fill in names: a person's from the people store, everybody else's from the snapshot."""
    persons = [card.subject for card in cards if card.about == "person"]
    known = names(persons) if names and persons else {}
    named = []
    for card in cards:
        name = known.get(card.subject) or card.subject_name
        values = {**vars(card), "subject_name": name, "headline": card.headline.replace("{subject}", name)}
        named.append(CueCard(**values))
    return named


__all__ = ["CueCard", "Denied", "count_by_node", "cues_for"]
