"""What data stewards decided about records that may be one person: written into the ledger, never altered."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, DateTime, Integer, MetaData, String, Table, inspect, select
from sqlalchemy.schema import CreateTable

from data.errors import BadInput, did_you_mean
from data.ledger import Ledger
from data.linkage.verdict import ACCEPTED, REFUSED
from data.people import Linked, People
from data.store import URL_VARIABLE, Store, moment
from data.workspace import Workspace

DECISIONS = (ACCEPTED, REFUSED)
_SCHEMA = MetaData()
_DECISION = Table(
    "link_decision",
    _SCHEMA,
    Column("id", Integer, primary_key=True),
    Column("link", String(20), nullable=False),
    Column("decision", String(20), nullable=False),
    Column("who", String(200), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("at", DateTime, nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision about one pair: by whom, why and when (UTC). It names no person, only the pair's id."""

    link: str
    decision: str
    who: str
    reason: str
    at: datetime


def decide(workspace: Workspace, link: str, decision: str, *, who: str, reason: str) -> Linked:
    """Write down that a pair is one person, or is not; the next build goes by it. Gives back the pair.

    Raises BadInput for a pair that the last build did not find, or where nobody says who decides and why.
    """
    found = {each.link: each for each in People(workspace.people_path).links()}
    if link not in found:
        todo = did_you_mean(link, found) or "See `onepicture link review`."
        raise BadInput(f'there is no pair "{link}"', where="link", todo=todo)
    if not who.strip() or not reason.strip():
        raise BadInput(
            "a decision needs somebody who makes it and a reason", where=link, todo="Say --who and --reason."
        )
    if found[link].fate == "apart":
        todo = "Correct the ids in the source, where they are wrong."
        raise BadInput("their ids say that they are two persons", where=link, todo=todo)
    ledger, at = Ledger(workspace), moment()
    ledger.store.set_up(lambda connection: connection.execute(CreateTable(_DECISION, if_not_exists=True)))
    line = {"link": link, "decision": decision, "who": who.strip(), "reason": reason.strip()[:500], "at": at}

    def _written(connection: Connection) -> None:
        connection.execute(_DECISION.insert(), line)

    ledger.write_audit(
        who=who.strip(), role="steward", did="link", object=link, rows=1, filters={"decision": decision},
        reason=reason.strip()[:500], at=at, also=_written,
    )  # fmt: skip
    return found[link]


def decisions(workspace: Workspace) -> tuple[Decision, ...]:
    """Every decision in the order made; of two about one pair the later counts."""
    if not workspace.ledger_path.exists() and not os.environ.get(URL_VARIABLE):
        return ()
    with Store(workspace).reading() as connection:
        if not inspect(connection).has_table(_DECISION.name):
            return ()
        rows = connection.execute(select(_DECISION).order_by(_DECISION.c.id)).mappings().all()
    return tuple(Decision(**{name: value for name, value in row.items() if name != "id"}) for row in rows)


def in_force(workspace: Workspace) -> dict[str, str]:
    """The last word about each pair, by its id."""
    return {each.link: each.decision for each in decisions(workspace)}
