"""The tables of the audit, which a database itself lets nobody change: lines and writers are only ever added."""

from __future__ import annotations

from sqlalchemy import Column, Connection, ForeignKey, Integer, MetaData, String, Table, UniqueConstraint
from sqlalchemy.schema import CreateIndex, CreateTable, Index

SCHEMA = MetaData()

# One row a process that wrote: a chain of its own, linked to the writer before it and to the last line it found.
WRITER = Table(
    "audit_writer",
    SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("token", String(32), nullable=False, unique=True),
    Column("at", String(26), nullable=False),
    Column("program", String(100), nullable=False),
    Column("last_writer", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("last_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
LINE = Table(
    "audit_line",
    SCHEMA,
    Column("id", Integer, primary_key=True),
    Column("writer", Integer, ForeignKey(WRITER.c.number), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", String(26), nullable=False),
    Column("who", String(200), nullable=False),
    Column("role", String(100), nullable=False),
    Column("acting_as", String(200), nullable=False),
    Column("acting_role", String(100), nullable=False),
    Column("did", String(20), nullable=False),
    Column("object", String(500), nullable=False),
    Column("scope", String(500), nullable=False),
    Column("hierarchy", String(100), nullable=False),
    Column("place", String(2000), nullable=False),
    Column("product", String(200), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("filters", String(10000), nullable=False),
    Column("filters_hash", String(32), nullable=False),
    Column("policy", String(100), nullable=False),
    Column("snapshot", String(100), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("writer", "seq"),
)
_INDEXES = (Index("audit_line_who", LINE.c.who, LINE.c.id), Index("audit_line_at", LINE.c.at))

_SQLITE_TRIGGER = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{doing} BEFORE {doing} ON {table}
BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION onepicture_only_added() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is only ever added to'; END $$
"""
_POSTGRES_TRIGGER = """
CREATE OR REPLACE TRIGGER {table}_no_{doing} BEFORE {doing} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION onepicture_only_added()
"""


def set_up(connection: Connection) -> None:
    """Make the tables, their indexes and the guards that refuse a change, unless all of them are there."""
    if _stands(connection):
        return
    for table in SCHEMA.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
    for index in _INDEXES:
        connection.execute(CreateIndex(index, if_not_exists=True))
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        connection.exec_driver_sql(_POSTGRES_FUNCTION)
    shape = _POSTGRES_TRIGGER if postgres else _SQLITE_TRIGGER
    for table in SCHEMA.sorted_tables:
        for doing in ("update", "delete", "truncate") if postgres else ("update", "delete"):
            connection.exec_driver_sql(shape.format(table=table.name, doing=doing))


def _stands(connection: Connection) -> bool:
    """Whether tables and guards are all there: making them again would wait for those who write, and they for it."""
    if connection.dialect.name == "postgresql":
        asked, guards = (
            "SELECT count(*) FROM pg_trigger WHERE tgname ~ '^audit_(line|writer)_no_' AND tgenabled <> 'D'",
            6,
        )
    else:
        asked, guards = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'audit_*_no_*'", 4
    return connection.exec_driver_sql(asked).scalar() == guards
