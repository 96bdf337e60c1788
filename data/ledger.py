"""The ledger: the one store that is written while people work. Who looked at what, and what became of a cue."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Engine, Integer, MetaData, String, Table, create_engine, event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable, Index

from data.errors import BadInput, OnepictureError, did_you_mean
from data.workspace import Workspace

ACTIONS = ("accepted", "done", "snoozed", "not_useful", "undone")

_SCHEMA = MetaData()
_AUDIT = Table(
    "audit",
    _SCHEMA,
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
_CUE_ACTION = Table(
    "cue_action",
    _SCHEMA,
    Column("id", Integer, primary_key=True),
    Column("cue", String(200), nullable=False),
    Column("visitor", String(200), nullable=False),
    Column("action", String(50), nullable=False),
    Column("reason", String(100)),
    Column("at", DateTime, nullable=False),
)
_BY_CUE = Index("cue_action_cue", _CUE_ACTION.c.cue)


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """One page view, export, question, digest or decision: when, who, how far, what, how many rows."""

    at: datetime
    who: str
    role: str
    scope: str
    what: str
    rows: int
    filters: dict[str, Any]
    snapshot: str


@dataclass(frozen=True, kw_only=True)
class CueAction:
    """What a visitor did about a cue, with the coded reason given, and when (UTC)."""

    cue: str
    visitor: str
    action: str
    reason: str | None
    at: datetime


class Ledger:
    """Writes and reads the ledger of a workspace: SQLite beside it, or a server's database by its URL.

    Lines are only ever added. Each call is one transaction, so several processes may write at once.
    Moments are UTC. Raises OnepictureError when the store cannot be reached.
    """

    def __init__(self, workspace: Workspace, url: str | None = None) -> None:
        self._where = "the ledger" if url else str(workspace.ledger_path)
        self._engine = create_engine(url) if url else _sqlite(workspace)
        with self._writing() as connection:
            for table in _SCHEMA.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
            connection.execute(CreateIndex(_BY_CUE, if_not_exists=True))

    def write_audit(
        self,
        *,
        who: str,
        role: str,
        scope: str,
        what: str,
        rows: int,
        snapshot: str,
        filters: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> None:
        """Write one line of the audit; `at` is now unless the moment is known."""
        told = json.loads(json.dumps(dict(filters or {}), default=str))
        line = {"who": who, "role": role, "scope": scope, "what": what, "rows": rows, "filters": told}
        with self._writing() as connection:
            connection.execute(_AUDIT.insert().values(at=_moment(at), snapshot=snapshot, **line))

    def audit_lines(self, who: str | None = None) -> tuple[AuditLine, ...]:
        """The audit in the order written; only one visitor's when `who` is given."""
        asked = select(_AUDIT).order_by(_AUDIT.c.id)
        if who is not None:
            asked = asked.where(_AUDIT.c.who == who)
        return tuple(AuditLine(**row) for row in self._read(asked))

    def record_cue_action(
        self, *, cue: str, visitor: str, action: str, reason: str | None = None, at: datetime | None = None
    ) -> None:
        """Write what a visitor did about a cue. An undo is a line of its own: nothing is erased."""
        if action not in ACTIONS:
            todo = did_you_mean(action, ACTIONS) or f"Use one of {', '.join(ACTIONS)}."
            raise BadInput(f'no cue action "{action}"', where=cue, todo=todo)
        line = {"cue": cue, "visitor": visitor, "action": action, "reason": reason}
        with self._writing() as connection:
            connection.execute(_CUE_ACTION.insert().values(at=_moment(at), **line))

    def cue_actions(self, visitor: str | None = None) -> tuple[CueAction, ...]:
        """What was done about cues, in the order written; only one visitor's when given."""
        asked = select(_CUE_ACTION).order_by(_CUE_ACTION.c.id)
        if visitor is not None:
            asked = asked.where(_CUE_ACTION.c.visitor == visitor)
        return tuple(CueAction(**row) for row in self._read(asked))

    def _writing(self) -> Any:
        return _Reported(self._engine.begin(), self._where)

    def _read(self, asked: Any) -> list[dict[str, Any]]:
        with _Reported(self._engine.connect(), self._where) as connection:
            rows = connection.execute(asked).mappings().all()
        return [{name: value for name, value in row.items() if name != "id"} for row in rows]


class _Reported:
    """A connection whose failures are said in words: what, where, what to do."""

    def __init__(self, opened: Any, where: str) -> None:
        self._opened, self._where = opened, where

    def __enter__(self) -> Any:
        try:
            return self._opened.__enter__()
        except SQLAlchemyError as problem:
            raise self._told(problem) from problem

    def __exit__(self, kind: Any, problem: Any, trace: Any) -> None:
        try:
            self._opened.__exit__(kind, problem, trace)
        except SQLAlchemyError as later:
            raise self._told(later) from later
        if isinstance(problem, SQLAlchemyError):
            raise self._told(problem) from problem

    def _told(self, problem: SQLAlchemyError) -> OnepictureError:
        first = str(getattr(problem, "orig", None) or problem).splitlines()[0]
        todo = "See that the store can be reached and written."
        return OnepictureError(f"the ledger cannot be used: {first}", where=self._where, todo=todo)


def _moment(at: datetime | None) -> datetime:
    """A moment in UTC without its zone; now when none is given."""
    known = at or datetime.now(UTC)
    return known.astimezone(UTC).replace(tzinfo=None) if known.tzinfo else known


def _sqlite(workspace: Workspace) -> Engine:
    """The SQLite store beside the workspace: write-ahead log, a patient writer, readable by its owner only."""
    path = workspace.ledger_path
    if path.parent.is_dir() and not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        for setting in ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {setting}")

    return engine
