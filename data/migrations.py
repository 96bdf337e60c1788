"""Which form a ledger is in, and how an older one is brought to today's: whole or not at all, a copy kept before."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, func, inspect, select
from sqlalchemy.schema import CreateTable

from data.audit import older
from data.errors import BadInput, OnepictureError
from data.store import Store, moment
from data.workspace import Workspace

Step = Callable[[Connection, Workspace], object]

# Form 1 kept its lines in one table without chains; form 2 seals them (data/audit/chain.py).
STEPS: Mapping[int, Step] = {1: older.take_over}
FORM = max(STEPS) + 1
_FORM = Table(
    "ledger_form",
    MetaData(),
    Column("form", Integer, primary_key=True, autoincrement=False),
    Column("at", String(26), nullable=False),
)


def form_of(connection: Connection, where: str) -> int | None:
    """The form of a ledger; None for one that has just been made. Raises BadInput for one of a later product."""
    inspector = inspect(connection)
    if inspector.has_table(_FORM.name):
        form = connection.execute(select(func.max(_FORM.c.form))).scalar()
        if form is not None and form > FORM:
            raise BadInput(
                f"a later Onepicture wrote this ledger (form {form}; this one knows forms up to {FORM})",
                where=where,
                todo="Start the Onepicture that wrote it, or restore a backup made before it was updated.",
            )
        return form
    if inspector.has_table(older.TABLE):
        return 1
    return FORM if inspector.has_table("audit_line") else None


def bring_up(connection: Connection, store: Store, workspace: Workspace, form: int | None) -> None:
    """Bring a ledger of that form to today's, inside the transaction that is open, and note the form.

    Before the first step a file of SQLite is copied beside itself; a server's database is its own keeper's to back up.
    Raises OnepictureError where a step fails: then nothing was changed.
    """
    if form == FORM and inspect(connection).has_table(_FORM.name):
        return
    copy = _copied(store, form) if form is not None and form < FORM else None
    try:
        for number in range(form or FORM, FORM):
            STEPS[number](connection, workspace)
    except Exception as problem:
        kept = f"; a copy is {copy.name}" if copy else ""
        todo = "Report this with the product's version. Until then start the Onepicture that wrote it."
        what = f"it could not be brought from form {form} to {FORM} and was left as it was{kept}: {problem}"
        raise OnepictureError(what, where=store.where, todo=todo) from problem
    connection.execute(CreateTable(_FORM, if_not_exists=True))
    connection.execute(_FORM.insert(), {"form": FORM, "at": moment().isoformat(timespec="seconds")})


def _copied(store: Store, form: int | None) -> Path | None:
    """A copy of the file as it was before, readable by its owner only; None where a server keeps it."""
    path = Path(store.engine.url.database or "")
    if not store.is_sqlite or not path.is_file():
        return None
    copy = path.with_name(f"{path.stem}-form{form}-{moment():%Y%m%dT%H%M%S%f}{path.suffix}")
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy
