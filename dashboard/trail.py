"""What a page writes down of whoever looks: one line a view, with who looks, through whose eyes, at what."""

from __future__ import annotations

import re
from typing import Any

from dashboard import cache
from dashboard.session import Visit
from data.errors import Denied
from data.levels import lineage
from metrics.catalog import METRICS
from metrics.query import Visitor

_AN_ID = re.compile(r"(?=.*\d)[\w.-]{1,60}")  # a word without a digit may be somebody's name


def whose(visitor: Visitor) -> dict[str, Any]:
    """Who does it and through whose eyes, under which policy, on which snapshot."""
    real = visitor.behind or visitor
    eyes = {"acting_as": visitor.id, "acting_role": visitor.role} if visitor.behind else {}
    return {"who": real.id, "role": real.role, "policy": cache.policy(), "snapshot": cache.snapshot().id, **eyes}


def viewed(visit: Visit, page: str) -> None:
    """One line about this run of a page: what was looked at, where, and how many rows were handed out for it.

    What was typed into the address is readable where it is an id or a metric's name, and in the hash otherwise.
    """
    chosen = dict(visit.chosen)
    known = {name: chosen[name] for name in ("study", "site") if _AN_ID.fullmatch(chosen.get(name, ""))}
    state = {name: value for name, value in visit.state().items() if name not in ("study", "site", "metric")}
    if chosen.get("metric") in METRICS:
        known["metric"] = chosen["metric"]
    site = known.get("site", "") if page == "sites" else ""
    hidden = {f"typed {name}": value for name, value in chosen.items() if name not in known}
    _write(
        visit.visitor, did="view_site" if site else "view", object=site or page, scope=visit.scope,
        hierarchy=visit.hierarchy.id, place=_place(visit), product=visit.product, rows=cache.handed(),
        filters=state | known | hidden,
    )  # fmt: skip


def took(visit: Visit, page: str, form: str, rows: int, did: str) -> None:
    """One line about a page that somebody took away as a file, or was refused."""
    state = {name: value for name, value in visit.state().items() if name not in ("study", "site", "metric", "q")}
    _write(
        visit.visitor, did=did, object=f"{page} as {form}", scope=visit.scope, hierarchy=visit.hierarchy.id,
        place=_place(visit), product=visit.product, rows=rows, filters=state | {"action": "export", "form": form},
    )  # fmt: skip


def turned_away(visitor: Visitor) -> None:
    """One line about somebody who was let in and may look at nothing here."""
    cache.ledger().write_audit(**whose(visitor), did="refused", object="every page", scope=visitor.node or "")


def acted(visitor: Visitor, cue: str, action: str, reason: str | None) -> None:
    """Write down what a visitor did about a cue. Raises Denied for who looks through somebody else's eyes."""
    if visitor.behind:
        raise Denied("Nothing is answered in somebody else's name.", todo="Stop looking as them first.")
    cache.forget()
    serving = cache.snapshot()
    cache.ledger().record_cue_action(
        cue=cue, visitor=visitor.id, action=action, reason=reason, role=visitor.role, scope=visitor.node or "",
        snapshot=serving.id, policy=cache.policy(),
    )  # fmt: skip


def _place(visit: Visit) -> tuple[str, ...]:
    return lineage(visit.node.id, cache.snapshot().nodes(visit.hierarchy.id)) if visit.node else ()


def _write(visitor: Visitor, **told: Any) -> None:
    cache.ledger().write_audit(**whose(visitor) | told)
