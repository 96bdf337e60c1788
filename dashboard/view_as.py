"""Looking as somebody else: begun with a reason in the ledger, ended by hand, by time or by signing out.

The address says through whose eyes (`view_as`), but only the ledger says that one may: the same address opened
by anybody else, or after the end, shows its reader's own pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import cache
from dashboard.entitled import stands
from dashboard.gate import posted
from dashboard.trail import whose
from data.audit import search
from data.entitlements import Entitlements
from data.errors import Denied, WrongQuestion
from data.store import moment
from metrics.query import Visitor
from metrics.view_as import REASONS, may_begin, through

ADDRESS = "view_as"
LASTS = timedelta(hours=1)
_BEGINS, _ENDS = "view_as", ("view_as_end", "sign_in", "sign_out")


@dataclass(frozen=True, kw_only=True)
class Begun:
    """Whose eyes are looked through, why, and until when (UTC)."""

    eyes: str
    reason: str
    until: datetime


def looking(visitor: Visitor, address: Mapping[str, str]) -> Visitor:
    """Whoever is looked as, with the one who looks behind them; the visitor where nothing was begun."""
    asked = address.get(ADDRESS, "")
    if not asked or not may_begin(visitor, cache.snapshot()):
        return visitor
    held = begun(visitor)
    if held is None or held.eyes != asked:
        return visitor
    eyes = others(visitor).get(asked)
    try:
        return through(eyes, visitor, cache.snapshot()) if eyes else visitor
    except Denied:
        return visitor


def begun(visitor: Visitor) -> Begun | None:
    """What the visitor began and has not ended; what lasted too long is ended here."""
    last = search.latest(cache.ledger().store, (_BEGINS, *_ENDS), visitor.id)
    if last is None or last.did != _BEGINS or last.who != visitor.id:
        return None
    held = Begun(eyes=last.object, reason=last.reason, until=last.at + LASTS)
    if moment() < held.until:
        return held
    _end(visitor, held, "time")
    return None


def begin(visitor: Visitor, eyes: str, reason: str) -> None:
    """Begin to look as somebody, with a reason of the list. Raises Denied or WrongQuestion."""
    if reason not in REASONS:
        raise WrongQuestion("a reason is missing", where="looking as somebody else", todo="Choose one of the list.")
    found = others(visitor).get(eyes)
    if found is None:
        raise WrongQuestion(
            "nobody is known by that id", where="looking as somebody else", todo="Choose one of the list."
        )
    seen = through(found, visitor, cache.snapshot())
    end(visitor)
    _write(seen, _BEGINS, found.id, reason)


def end(visitor: Visitor, why: str = "stopped") -> None:
    """Stop looking as somebody; harmless where nothing was begun."""
    real = visitor.behind or visitor
    held = begun(real)
    if held is not None:
        _end(real, held, why)


def others(visitor: Visitor) -> dict[str, Visitor]:
    """Whom a visitor may look as, by id: those who stand on the list of who may look."""
    if not may_begin(visitor, cache.snapshot()):
        return {}
    found = {}
    for each in listed():
        try:
            through(each, visitor, cache.snapshot())
        except Denied:
            continue
        found[each.id] = each
    return found


def listed() -> list[Visitor]:
    """Everybody who stands on the list of who may look."""
    if posted() is None:
        return list(cache.visitors().values())
    day = moment().date()
    return [
        Visitor(
            id=each.person, role=each.role or "", hierarchy=each.hierarchy or "", node=each.node, team=each.team,
            studies=each.studies, name=each.label, spans=stands(held, day),
        )
        for held in Entitlements(cache.ledger()).everybody().values()
        if (each := held.on(day)) and each.role and not each.of_a_group
    ]  # fmt: skip


def _end(visitor: Visitor, held: Begun, why: str) -> None:
    eyes = others(visitor).get(held.eyes)
    _write(through(eyes, visitor, cache.snapshot()) if eyes else visitor, "view_as_end", held.eyes, why)


def _write(visitor: Visitor, did: str, object: str, reason: str) -> None:
    cache.ledger().write_audit(**whose(visitor), did=did, object=object, scope=visitor.node or "", reason=reason)
