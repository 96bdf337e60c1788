"""The policies that were applied, in the ledger: what each said, who applied it, why, and what it followed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, Column, Connection, DateTime, Integer, MetaData, String, Table, Text, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from data.errors import OnepictureError
from data.ledger import Ledger
from data.store import URL_VARIABLE, Store, moment
from data.workspace import Workspace

_SCHEMA = MetaData()
_APPLIED = Table(
    "policy_applied",
    _SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("before", String(100), nullable=False),
    Column("after", String(100), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("cells", JSON, nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class Applied:
    """One policy applied: its number, when and by whom, why, the versions before and after, and all that it said.

    `text` is the file as it was applied and `fingerprint` its SHA-256; `cells` is the whole grid it
    made, by "role sensitivity", so that it can be held against later even where the file cannot be read.
    """

    number: int
    at: datetime
    who: str
    reason: str
    before: str
    after: str
    fingerprint: str
    text: str
    cells: dict[str, str]


def fingerprint(text: str) -> str:
    """The SHA-256 of a policy file's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def apply(
    workspace: Workspace,
    *,
    number: int,
    who: str,
    reason: str,
    before: str,
    after: str,
    text: str,
    cells: Mapping[str, str],
) -> Applied:
    """Write one policy down as applied, with its line of the audit: both or neither.

    Raises OnepictureError when somebody else applied that number meanwhile.
    """
    line = Applied(
        number=number, at=moment(), who=who, reason=reason, before=before, after=after,
        fingerprint=fingerprint(text), text=text, cells=dict(cells),
    )  # fmt: skip
    ledger = Ledger(workspace)
    ledger.store.set_up(lambda connection: connection.execute(CreateTable(_APPLIED, if_not_exists=True)))

    def _written(connection: Connection) -> None:
        connection.execute(_APPLIED.insert().values(**vars(line)))

    try:
        ledger.write_audit(
            who=who, role="steward", did="policy", object=f"apply {after}", rows=len(cells), policy=after,
            filters={"before": before, "after": after, "hash": line.fingerprint}, reason=reason[:500], at=line.at,
            also=_written,
        )  # fmt: skip
    except OnepictureError as problem:
        if isinstance(problem.__cause__, IntegrityError):
            what = f"policy {number} was applied by somebody else meanwhile"
            raise OnepictureError(what, where="the ledger", todo="Look at it, then apply yours again.") from problem
        raise
    return line


def applied(workspace: Workspace) -> tuple[Applied, ...]:
    """The policies applied to a workspace, the first one first; none where nothing was ever written down."""
    if not workspace.ledger_path.exists() and not os.environ.get(URL_VARIABLE):
        return ()
    with Store(workspace).reading() as connection:
        if not inspect(connection).has_table(_APPLIED.name):
            return ()
        rows = connection.execute(select(_APPLIED).order_by(_APPLIED.c.number)).mappings().all()
    return tuple(Applied(**row) for row in rows)
