"""Lines written before there were chains: kept, marked as such, and sealed from the day they are taken over."""

from __future__ import annotations

import json
import secrets
from typing import Any

from sqlalchemy import JSON, Column, Connection, DateTime, Integer, MetaData, String, Table, insert, inspect, select
from sqlalchemy.schema import DropTable

from data.audit.chain import BEFORE, register
from data.audit.line import DOINGS, AuditLine, canonical, keyed, linked, readable, stored
from data.audit.tables import LINE
from data.workspace import Workspace

TABLE = "audit"
_OLD = Table(
    TABLE,
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("role", String(100), nullable=False),
    Column("scope", String(500), nullable=False),
    Column("what", String(2000), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("filters", JSON, nullable=False),
    Column("snapshot", String(100), nullable=False),
)


def take_over(connection: Connection, workspace: Workspace) -> int:
    """Move the lines of a ledger without chains into a chain of their own, and count them.

    Their chain says that it was made later: what happened to them before that day, it cannot tell.
    """
    if not inspect(connection).has_table(_OLD.name):
        return 0
    old = connection.execute(select(_OLD).order_by(_OLD.c.id)).mappings().all()
    if old:
        head = register(connection, secrets.token_hex(16), BEFORE)
        before, rows = head.hash, []
        for seq, each in enumerate(old, 1):
            row = stored(_line(each, workspace.secret))
            before = linked(before, head.writer, seq, canonical(row))
            rows.append({**row, "writer": head.writer, "seq": seq, "hash": before})
        connection.execute(insert(LINE), rows)
    connection.execute(DropTable(_OLD))
    return len(old)


def _line(old: Any, secret: str) -> AuditLine:
    filters = old["filters"] if isinstance(old["filters"], dict) else json.loads(old["filters"] or "{}")
    verb, _, rest = old["what"].partition(" ")
    did, object = {"view": ("view", rest), "ask": ("ask", rest), "cues": ("ask", "cues")}.get(
        verb, ("other", old["what"])
    )
    return AuditLine(
        at=old["at"],
        who=old["who"],
        role=old["role"],
        did=did if did in DOINGS else "other",
        object=object[:500],
        scope=old["scope"],
        place=(filters["node"],) if isinstance(filters.get("node"), str) else (),
        product=str(filters.get("product") or ""),
        rows=old["rows"],
        filters=readable(filters),
        filters_hash=keyed(filters, secret),
        snapshot=old["snapshot"],
    )
