"""The policies that were applied, in the ledger: what each said, who applied it, why, and what it followed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, String, Table, Text, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from data.errors import OnepictureError
from data.ledger import Ledger
from data.workspace import Workspace

_SCHEMA = MetaData()
_APPLIED = Table(
    "policy_applied",
    _SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("reason", String(2000), nullable=False),
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


class Policies:
    """Writes and reads the applied policies of a workspace. Lines are only ever added."""

    def __init__(self, workspace: Workspace) -> None:
        self._ledger = Ledger(workspace)

    def apply(
        self, *, number: int, who: str, reason: str, before: str, after: str, text: str, cells: Mapping[str, str]
    ) -> Applied:
        """Write one policy down as applied. Raises OnepictureError when that number was given by somebody else."""
        line = Applied(
            number=number, at=datetime.now(UTC).replace(tzinfo=None), who=who, reason=reason, before=before,
            after=after, fingerprint=fingerprint(text), text=text, cells=dict(cells),
        )  # fmt: skip
        try:
            with self._ledger._writing() as connection:
                connection.execute(CreateTable(_APPLIED, if_not_exists=True))
                connection.execute(_APPLIED.insert().values(**vars(line)))
        except OnepictureError as problem:
            if isinstance(problem.__cause__, IntegrityError):
                what = f"policy {number} was applied by somebody else meanwhile"
                raise OnepictureError(what, where="the ledger", todo="Look at it, then apply yours again.") from problem
            raise
        return line

    def every(self) -> tuple[Applied, ...]:
        """The policies applied, the first one first."""
        if not inspect(self._ledger._engine).has_table(_APPLIED.name):
            return ()
        return tuple(Applied(**row) for row in self._ledger._read(select(_APPLIED).order_by(_APPLIED.c.number)))


def applied(workspace: Workspace) -> tuple[Applied, ...]:
    """The policies applied to a workspace, the first one first; none where nothing was ever written down."""
    return Policies(workspace).every() if workspace.ledger_path.exists() else ()
