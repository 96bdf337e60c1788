"""Who was erased, as keyed hashes alone: enough to know the person when a later import brings them again.

The key lies in a file of its own that only the workspace's owner may read. Without it the register says
nothing; with it, it answers yes or no to an identifier that somebody already holds.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import BadInput

if TYPE_CHECKING:
    from data.workspace import Workspace

ANONYMOUS = "X"  # the first letter of an anonymous party's id; persons have H, the company's own people U
_LENGTH = 12
_PARTY = "party|"  # an opaque id is marked apart: it stays in older snapshots, and names nobody any more
_SCHEMA = """
CREATE TABLE IF NOT EXISTS erasure (
    anonymous TEXT PRIMARY KEY, reason TEXT NOT NULL, finished INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mark (hash BLOB PRIMARY KEY, anonymous TEXT NOT NULL) WITHOUT ROWID;
"""


def folded(text: str) -> str:
    """An identifier as it is hashed: in names and addresses case and blanks tell nobody apart, in ids case does."""
    words = text.split()
    return " ".join(words).casefold() if len(words) > 1 or "@" in text else "".join(words)


@contextmanager
def only_change(home: Path) -> Iterator[None]:
    """One import or erasure at a time puts files in place; the lock ends with its process, killed or not."""
    with open(home / ".changing", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Register:
    """The register of one workspace: marks (keyed hashes of identifiers) and the anonymous party behind each."""

    def __init__(self, workspace: Workspace) -> None:
        self._path, self._key_path = workspace.home / "erased.sqlite", workspace.home / "erasure.key"

    @property
    def files(self) -> tuple[Path, ...]:
        """Where it keeps itself."""
        return self._path, self._key_path

    @property
    def empty(self) -> bool:
        """Whether nobody was ever erased here."""
        return not self._path.exists()

    @cached_property
    def _key(self) -> bytes:
        if not self._key_path.exists():
            if not self.empty:
                raise BadInput(
                    "the key of the register of erased persons is gone",
                    where=self._key_path.name,
                    todo="Restore the file from a copy; without it nobody can tell who must stay out.",
                )
            with os.fdopen(os.open(self._key_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32) + "\n")
                file.flush()
                os.fsync(file.fileno())
        return bytes.fromhex(self._key_path.read_text("ascii").strip())

    def mark(self, identifier: str) -> bytes:
        """The keyed hash (HMAC-SHA-256) of an identifier."""
        return hmac.new(self._key, folded(identifier).encode(), hashlib.sha256).digest()

    def anonymous_of(self, party: str) -> str:
        """The id under which an erased person's quantities go on counting; without the key nobody can make it."""
        return ANONYMOUS + base64.b32encode(self.mark(f"anonymous|{party}")).decode()[:_LENGTH]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        if self.empty:
            os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600))
        connection = sqlite3.connect(self._path)
        try:
            connection.execute("PRAGMA secure_delete = ON")
            connection.executescript(_SCHEMA)
            with connection:
                yield connection
        finally:
            connection.close()

    def begin(self, party: str, anonymous: str, reason: str, identifiers: Iterable[str]) -> None:
        """Write the marks of a person before anything is forgotten; doing it again adds what is new."""
        marks = [(self.mark(each), anonymous) for each in [*sorted(set(identifiers)), _PARTY + party]]
        with self._open() as connection:
            connection.execute(
                "INSERT INTO erasure VALUES (?, ?, 0) ON CONFLICT DO UPDATE SET finished = 0", (anonymous, reason)
            )
            connection.executemany("INSERT OR IGNORE INTO mark VALUES (?, ?)", marks)

    def add(self, anonymous: str, identifiers: Iterable[str]) -> None:
        """Marks of ids that a later import ties to an erased person."""
        with self._open() as connection:
            rows = [(self.mark(each), anonymous) for each in sorted(set(identifiers))]
            connection.executemany("INSERT OR IGNORE INTO mark VALUES (?, ?)", rows)

    def finish(self, anonymous: str) -> None:
        """Nothing of the person is left; an erasure that was killed before this is done again."""
        with self._open() as connection:
            connection.execute("UPDATE erasure SET finished = 1 WHERE anonymous = ?", (anonymous,))

    def known(self) -> dict[bytes, str]:
        """Every mark with the anonymous party behind it."""
        if self.empty:
            return {}
        with self._open() as connection:
            return dict(connection.execute("SELECT hash, anonymous FROM mark").fetchall())

    def found(self, identifier: str) -> str | None:
        """The anonymous party behind an identifier or an opaque id, or None."""
        known = self.known()
        if not known:
            return None
        return next((known[mark] for mark in map(self.mark, (identifier, _PARTY + identifier)) if mark in known), None)

    def reason(self, anonymous: str) -> str | None:
        """The coded reason of an erasure, or None where there is none."""
        if self.empty:
            return None
        with self._open() as connection:
            row = connection.execute("SELECT reason FROM erasure WHERE anonymous = ?", (anonymous,)).fetchone()
        return str(row[0]) if row else None
