"""The ledger: the one store that is written while people work. Who looked at what, and what became of a cue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, DateTime, Integer, MetaData, String, Table, bindparam, inspect, select
from sqlalchemy.schema import CreateIndex, CreateTable, Index

from data import migrations
from data.audit import search, tables
from data.audit.chain import Also, Chain
from data.audit.line import AuditLine, keyed, readable
from data.audit.search import Sought
from data.errors import BadInput, did_you_mean
from data.store import Store, moment
from data.workspace import Workspace

ACTIONS = ("accepted", "done", "snoozed", "not_useful", "undone")
POLICY = "declared"  # the grid as the product declares it, with no file of a deployment over it

_SCHEMA = MetaData()
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
_DONE = select(_CUE_ACTION).order_by(_CUE_ACTION.c.id)
_DONE_BY = _DONE.where(_CUE_ACTION.c.visitor == bindparam("visitor"))
_BY_CUE = Index("cue_action_cue", _CUE_ACTION.c.cue)


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
    Moments are UTC. An older one is brought to today's form when it is opened (data/migrations.py).
    Raises OnepictureError when the store cannot be reached.
    """

    def __init__(self, workspace: Workspace, url: str | None = None) -> None:
        self.store = Store(workspace, url)
        self._chain = Chain(self.store)
        self._workspace = workspace
        self._secret = ""
        self.store.set_up(self._make)

    def _make(self, connection: Connection) -> None:
        form = migrations.form_of(connection, self.store.where)
        if not inspect(connection).has_table(_CUE_ACTION.name):
            connection.execute(CreateTable(_CUE_ACTION))
            connection.execute(CreateIndex(_BY_CUE))
        tables.set_up(connection)
        migrations.bring_up(connection, self.store, self._workspace, form)

    def write_audit(
        self,
        *,
        who: str,
        role: str,
        did: str,
        object: str = "",
        scope: str = "",
        hierarchy: str = "",
        place: Sequence[str] = (),
        product: str | None = None,
        rows: int = 0,
        filters: Mapping[str, Any] | None = None,
        policy: str = POLICY,
        snapshot: str = "",
        reason: str = "",
        acting_as: str = "",
        acting_role: str = "",
        at: datetime | None = None,
        also: Also | None = None,
    ) -> None:
        """Write one line of the audit, and in the same transaction what `also` writes.

        Ids only, never names. Of the filters what is a code stays readable; all of them are in a keyed
        hash. `place` is the path of nodes down to the one looked at. `at` is now unless the moment is
        known. Raises BadInput where a reason is due and missing.
        """
        told = dict(filters or {})
        line = AuditLine(
            at=moment(at), who=who, role=role, did=did, object=object, scope=scope, hierarchy=hierarchy,
            place=tuple(place), product=product or "", rows=rows, filters=readable(told),
            filters_hash=self._keyed(told), policy=policy, snapshot=snapshot,
            reason=reason, acting_as=acting_as, acting_role=acting_role,
        )  # fmt: skip
        self._chain.add(line, also)

    def _keyed(self, filters: Mapping[str, Any]) -> str:
        if filters and not self._secret:
            self._secret = self._workspace.secret
        return keyed(filters, self._secret)

    def pay(self) -> None:
        """Write what could not be written before. Raises OnepictureError while it still cannot."""
        self._chain.pay()

    def audit_lines(self, who: str | None = None) -> tuple[AuditLine, ...]:
        """The audit in the order written; only the lines about one person when `who` is given."""
        return tuple(search.lines(self.store, Sought(persons=(who,) if who else ())))

    def record_cue_action(
        self,
        *,
        cue: str,
        visitor: str,
        action: str,
        reason: str | None = None,
        at: datetime | None = None,
        role: str = "",
        scope: str = "",
        policy: str = POLICY,
        snapshot: str = "",
    ) -> None:
        """Write what a visitor did about a cue, with its line of the audit. An undo is a line of its own."""
        if action not in ACTIONS:
            todo = did_you_mean(action, ACTIONS) or f"Use one of {', '.join(ACTIONS)}."
            raise BadInput(f'no cue action "{action}"', where=cue, todo=todo)
        line = {"cue": cue, "visitor": visitor, "action": action, "reason": reason, "at": moment(at)}
        self.write_audit(
            who=visitor, role=role, did="cue", object=cue, scope=scope, rows=1, filters={"action": action},
            policy=policy, snapshot=snapshot, reason=reason or "", at=at,
            also=lambda connection: connection.execute(_CUE_ACTION.insert(), line),
        )  # fmt: skip

    def cue_actions(self, visitor: str | None = None) -> tuple[CueAction, ...]:
        """What was done about cues, in the order written; only one visitor's when given."""
        asked, named = (_DONE, {}) if visitor is None else (_DONE_BY, {"visitor": visitor})
        with self.store.reading() as connection:
            rows = connection.execute(asked, named).mappings().all()
        return tuple(CueAction(**{name: value for name, value in row.items() if name != "id"}) for row in rows)
