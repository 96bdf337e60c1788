"""The audit as a page reads it: the lines looked for, and what is known of the chains they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import cache, view_as
from data.audit import search, verify
from data.audit.chain import BEFORE
from data.audit.line import DOINGS, AuditLine
from data.audit.search import Sought
from data.audit.verify import Broken
from data.levels import Node
from data.store import Store, moment
from metrics.auditing import may_review
from metrics.query import Visitor

A_PAGE = 40
LIVE = 2000
SHOWN_CHAINS = 8
WEEK = timedelta(days=7)
SPANS: dict[str, int] = {"today": 0, "week": 6, "month": 29}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address asks of the audit: a person, a doing, a place, a span of days, and how far back."""

    person: str = ""
    did: str = ""
    place: str = ""
    span: str = ""
    page: int = 0


@dataclass(frozen=True, kw_only=True)
class Told:
    """One line as a reader reads it: moments are UTC, ids have their names where they are no patients or physicians."""

    at: datetime
    who: str
    role: str
    through: str
    did: str
    object: str
    place: str
    rows: int
    reason: str
    policy: str
    snapshot: str
    chain: str


@dataclass(frozen=True, kw_only=True)
class Chain:
    """One chain: the process that wrote it, since when, and how many lines."""

    number: int
    program: str
    began: datetime
    lines: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of the chains: how much there is, how much was checked and when, and what is broken."""

    lines: int
    today: int
    refused: int
    chains: int
    newest: tuple[Chain, ...]
    checked_at: datetime | None
    checked_through: int
    checked_broken: int
    live: int
    unchecked: int
    broken: tuple[Broken, ...]
    anchored_at: datetime | None
    anchor: int
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Review:
    """A page of the audit."""

    asked: Asked
    lines: tuple[Told, ...]
    older: bool
    people: Mapping[str, str]
    around: Mapping[str, str]


def asked_of(words: Mapping[str, str]) -> Asked:
    """What an address asks; what cannot be followed asks nothing."""
    page = words.get("at", "")
    return Asked(
        person=words.get("who", ""),
        did=words.get("did", "") if words.get("did") in DOINGS else "",
        place=words.get("where", ""),
        span=words.get("span", "") if words.get("span") in SPANS else "",
        page=int(page) if page.isdecimal() and len(page) < 6 else 0,
    )


def review(visitor: Visitor, asked: Asked) -> Review:
    """The newest lines that are asked for. Raises Denied for those who may not read them."""
    may_review(visitor, cache.snapshot())
    store, people, nodes = cache.ledger().store, _people(), _nodes()
    first = moment().date() - timedelta(days=SPANS[asked.span]) if asked.span else None
    sought = Sought(
        persons=(asked.person,) if asked.person else (),
        place=asked.place,
        first=first,
        did=(asked.did,) if asked.did else (),
    )
    found = search.lines(store, sought, limit=A_PAGE + 1, skip=asked.page * A_PAGE, newest=True)
    programs = search.writers(store, {line.writer for line in found})
    cache.hand(min(len(found), A_PAGE))
    return Review(
        asked=asked,
        lines=tuple(_told(line, people, nodes, programs) for line in found[:A_PAGE]),
        older=len(found) > A_PAGE,
        people={**people, **({asked.person: people.get(asked.person, asked.person)} if asked.person else {})},
        around=_around(asked.place, nodes),
    )


def standing(visitor: Visitor) -> Standing:
    """What is known of the chains: the last whole check, and every line since then checked now."""
    may_review(visitor, cache.snapshot())
    store, now = cache.ledger().store, moment()
    check, anchor = search.latest(store, ("verify",)), search.latest(store, ("anchor",))
    through = int(check.filters.get("through", 0)) if check else 0
    live = verify.check_since(store, through, LIVE)
    lines = search.count(store, Sought())
    return Standing(
        lines=lines,
        today=search.count(store, Sought(first=now.date())),
        refused=search.count(store, Sought(first=(now - WEEK).date(), did=("refused",))),
        chains=search.chains(store),
        newest=_chains(store),
        checked_at=check.at if check else None,
        checked_through=through,
        checked_broken=int(check.filters.get("broken", 0)) if check else 0,
        live=live.lines,
        unchecked=max(search.after(store, through) - live.lines, 0),
        broken=tuple(live.broken),
        anchored_at=anchor.at if anchor else None,
        anchor=int(anchor.filters.get("anchor", 0)) if anchor else 0,
        now=now,
    )


def _told(
    line: AuditLine, people: Mapping[str, str], nodes: Mapping[str, Node], programs: Mapping[int, tuple[str, str]]
) -> Told:
    place = line.place[-1] if line.place else ""
    before = programs.get(line.writer, ("", ""))[0] == BEFORE
    return Told(
        at=line.at,
        who=people.get(line.who, line.who),
        role=line.role,
        through=people.get(line.acting_as, line.acting_as),
        did=line.did,
        object=people.get(line.object, line.object) if line.did.startswith("view_as") else line.object,
        place=nodes[place].name if place in nodes else place,
        rows=line.rows,
        reason=line.reason,
        policy=line.policy,
        snapshot=line.snapshot,
        chain=BEFORE if before else f"{line.writer}.{line.seq}",
    )


def _chains(store: Store) -> tuple[Chain, ...]:
    rows = search.newest_chains(store, SHOWN_CHAINS)
    return tuple(Chain(number=n, program=p, began=datetime.fromisoformat(at), lines=lines) for n, p, at, lines in rows)


def _around(place: str, nodes: Mapping[str, Node]) -> dict[str, str]:
    """The place, the one above it and those right below it; without a place, the top of every hierarchy."""
    here = nodes.get(place)
    if here is None:
        tops = [node for node in nodes.values() if node.parent is None]
        return ({place: place} if place else {}) | {node.id: node.name for node in tops}
    above = [nodes[here.parent]] if here.parent and here.parent in nodes else []
    below = sorted((node for node in nodes.values() if node.parent == here.id), key=lambda node: node.name)
    return {node.id: node.name for node in (*above, here, *below)}


def _people() -> dict[str, str]:
    """The names of those who may look, as the list of visitors has them."""
    return {each.id: each.name or each.id for each in view_as.listed()}


def _nodes() -> dict[str, Node]:
    snapshot = cache.snapshot()
    return {id: node for each in snapshot.hierarchies() for id, node in snapshot.nodes(each.id).items()}
