"""The writing end of the audit: one chain a process, each line linked to the one before it, none lost in silence.

A line is written in the transaction of the request that it tells of, not behind its back: it costs a
fraction of a millisecond of the processor, and a queue in memory would lose what it held when a
process is killed. A line that the store refuses is owed: it is kept, and nothing goes on before it is paid.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from data.audit.line import AuditLine, canonical, checked, linked, moment_text, stored
from data.audit.tables import LINE, WRITER
from data.errors import OnepictureError
from data.store import Store, moment

NO_HASH = "0" * 64
_ADDED = LINE.insert()
BEFORE = "before the chain"

Also = Callable[[Connection], object]


@dataclass
class _Head:
    """The end of this process's chain."""

    writer: int
    seq: int
    hash: str


@dataclass
class _Own:
    """What one process knows of one store: the head of its chain, and lines that could not be written yet."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    head: _Head | None = None
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    owed: list[AuditLine] = field(default_factory=list)


_OWN: dict[tuple[int, str], _Own] = {}
_OWN_LOCK = threading.Lock()


class Chain:
    """Adds lines to the chain of this process, whichever thread asks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, line: AuditLine, also: Also | None = None) -> None:
        """Write one line, and in the same transaction whatever else it tells of.

        Raises OnepictureError when the store cannot be written; the line is then owed, unless
        something else belonged to it, which has then not happened either.
        """
        checked(line)
        own = self._own()
        with own.lock:
            try:
                self._write(own, (*own.owed, line), also)
            except BaseException:
                own.head = None  # whether it was kept is not known: the head is read again
                if also is None:
                    own.owed.append(line)
                raise
            own.owed.clear()

    def pay(self) -> None:
        """Write what is owed. Raises OnepictureError while the store refuses, so that nobody looks unseen."""
        own = self._own()
        if not own.owed:
            return
        with own.lock:
            try:
                self._write(own, tuple(own.owed), None)
            except OnepictureError as problem:
                own.head = None
                raise OnepictureError(
                    "what was done cannot be written down, so nothing is shown",
                    where=self._store.where,
                    todo="See that the store can be reached and written; then open the page again.",
                ) from problem
            own.owed.clear()

    def _own(self) -> _Own:
        key = (os.getpid(), self._store.identity)  # a forked process is a writer of its own
        with _OWN_LOCK:
            return _OWN.setdefault(key, _Own())

    def _write(self, own: _Own, lines: Sequence[AuditLine], also: Also | None) -> None:
        with self._store.writing() as connection:
            head = own.head or _head(connection, own.token)
            for each in lines:
                head = _append(connection, head, each)
            if also is not None:
                also(connection)
        own.head = head


def _append(connection: Connection, head: _Head, line: AuditLine) -> _Head:
    row = stored(line)
    hash = linked(head.hash, head.writer, head.seq + 1, canonical(row))
    connection.execute(_ADDED, {**row, "writer": head.writer, "seq": head.seq + 1, "hash": hash})
    return _Head(head.writer, head.seq + 1, hash)


def _head(connection: Connection, token: str) -> _Head:
    """The end of a writer's chain as the store knows it; a writer that is new to it is written down first."""
    known = connection.execute(select(WRITER.c.number, WRITER.c.hash).where(WRITER.c.token == token)).first()
    if known is None:
        return register(connection, token, program())
    end = select(LINE.c.seq, LINE.c.hash).where(LINE.c.writer == known.number).order_by(LINE.c.seq.desc()).limit(1)
    last = connection.execute(end).first()
    return _Head(known.number, last.seq, last.hash) if last else _Head(known.number, 0, known.hash)


def register(connection: Connection, token: str, named: str) -> _Head:
    """Write a new writer down: the next number, linked to the writer before it and to the last line there is."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE audit_writer IN EXCLUSIVE MODE")
    before = connection.execute(select(WRITER).order_by(WRITER.c.number.desc()).limit(1)).mappings().first()
    last = connection.execute(
        select(LINE.c.writer, LINE.c.seq, LINE.c.hash).order_by(LINE.c.id.desc()).limit(1)
    ).first()
    row = {
        "number": before["number"] + 1 if before else 1,
        "token": token,
        "at": moment_text(moment()),
        "program": named[:100],
        "last_writer": last.writer if last else 0,
        "last_seq": last.seq if last else 0,
        "last_hash": last.hash if last else NO_HASH,
    }
    hash = writer_hash(before["hash"] if before else NO_HASH, row)
    connection.execute(WRITER.insert(), {**row, "hash": hash})
    return _Head(int(row["number"]), 0, hash)


def writer_hash(before: str, row: Any) -> str:
    """The hash of a writer: SHA-256 over the writer before it and what is written down about this one."""
    kept = {name: row[name] for name in ("number", "token", "at", "program", "last_writer", "last_seq", "last_hash")}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"onepicture writer 1\n{before}\n{text}".encode()).hexdigest()


def program() -> str:
    """What this process is, without its paths and arguments: they may hold what is personal."""
    words = sys.argv[1:]
    while words and words[0].startswith("-"):
        words = words[1:] if "=" in words[0] else words[2:]
    named = Path(sys.argv[0]).stem.replace("__main__", "onepicture") or "python"
    return " ".join((named, *(word for word in words[:1] if word.isidentifier())))
