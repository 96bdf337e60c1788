"""The people store: the one place that knows a person's name and outside ids. No snapshot holds any of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from data.contract.table import TEXT, Column, Table

# What a mapping may say about persons; it feeds the store, never a snapshot.
PEOPLE = Table(
    name="people",
    domain="reference",
    grain="one row a person in a source, with the ids and the name that the source gives",
    key=("ref",),
    columns=(
        Column(name="ref", type=TEXT, doc="The person's id in the source: npi:, me:, crm: or user:.", required=True),
        Column(
            name="kind", type=TEXT, doc="A clinician, or a user of the company.", required=True, allowed=("hcp", "user")
        ),
        Column(name="npi", type=TEXT, doc="National Provider Identifier."),
        Column(name="me", type=TEXT, doc="Medical Education number."),
        Column(name="crm", type=TEXT, doc="Id in the CRM."),
        Column(name="name", type=TEXT, doc="Name to show to those who may see it."),
        Column(name="first_name", type=TEXT, doc="First name; what follows is for finding out who is who alone."),
        Column(name="last_name", type=TEXT, doc="Last name."),
        Column(name="specialty", type=TEXT, doc="Specialty, in the source's words."),
        Column(name="city", type=TEXT, doc="City of the practice."),
        Column(name="state", type=TEXT, doc="State of the practice."),
        Column(name="postcode", type=TEXT, doc="ZIP or postcode of the practice."),
    ),
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS claim (
    stage TEXT NOT NULL, ref TEXT NOT NULL, kind TEXT NOT NULL, npi TEXT, me TEXT, crm TEXT, name TEXT,
    first_name TEXT, last_name TEXT, specialty TEXT, city TEXT, state TEXT, postcode TEXT);
CREATE INDEX IF NOT EXISTS claim_stage ON claim (stage);
CREATE TABLE IF NOT EXISTS person (
    party TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT, npi TEXT, me TEXT, crm TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS identity (ref TEXT PRIMARY KEY, party TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS link (
    link TEXT PRIMARY KEY, one TEXT NOT NULL, other TEXT NOT NULL, probability REAL NOT NULL, fate TEXT NOT NULL,
    because TEXT NOT NULL, one_told TEXT NOT NULL, other_told TEXT NOT NULL) WITHOUT ROWID;
"""


class Claim(NamedTuple):
    """What a source says about one person: ids and name, and what helps to find out who it is."""

    ref: str
    kind: str
    npi: str | None = None
    me: str | None = None
    crm: str | None = None
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    specialty: str | None = None
    city: str | None = None
    state: str | None = None
    postcode: str | None = None


class Linked(NamedTuple):
    """Two records that may be one person: how likely, what became of it and why, and both in words."""

    link: str
    one: str
    other: str
    probability: float
    fate: str
    because: str
    one_told: str
    other_told: str


Row = tuple[str, str, str | None, str | None, str | None, str | None]  # party, kind, name, npi, me, crm
_BATCH = 500
_ADD_CLAIM = "INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ALL_CLAIMS = """
SELECT ref, kind, npi, me, crm, name, first_name, last_name, specialty, city, state, postcode FROM claim
"""
_ADDED = ("first_name", "last_name", "specialty", "city", "state", "postcode")  # to stores made before they were kept


class People:
    """The store in one SQLite file, readable by its owner only.

    `claim` holds what each import said about persons, `person` and `identity` who they turned out to be
    at the last build. Nothing here is copied anywhere else, so forgetting a person is one place's work.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        fresh = not self.path.exists()
        connection = sqlite3.connect(self.path)
        try:
            if fresh:
                self.path.chmod(0o600)
            connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only unlinked
            connection.executescript(_SCHEMA)
            _grow(connection)
            with connection:
                yield connection
        finally:
            connection.close()

    def claim(self, stage: str, claims: Iterable[Claim]) -> None:
        """Replace what one import said about persons."""
        with self._open() as connection:
            connection.execute("DELETE FROM claim WHERE stage = ?", (stage,))
            connection.executemany(_ADD_CLAIM, ((stage, *Claim(*claim)) for claim in claims))

    def forget_stage(self, stage: str) -> None:
        """Drop what an import said that another one replaced."""
        self.claim(stage, ())

    def claims(self, stage: str) -> list[Claim]:
        """What one import said about persons."""
        with self._open() as connection:
            return [Claim(*row) for row in connection.execute(_ALL_CLAIMS + "WHERE stage = ? ORDER BY rowid", (stage,))]

    def settle(self, persons: Iterable[Row], identities: Iterable[tuple[str, str]]) -> None:
        """Replace who is who: (party, kind, name, npi, me, crm) rows, and (outside id, party) pairs."""
        with self._open() as connection:
            connection.execute("DELETE FROM person")
            connection.execute("DELETE FROM identity")
            connection.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?)", persons)
            connection.executemany("INSERT INTO identity VALUES (?, ?)", identities)

    def keep_links(self, links: Iterable[Linked]) -> None:
        """Replace what was found out about records that no id ties to anybody."""
        with self._open() as connection:
            connection.execute("DELETE FROM link")
            connection.executemany("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?, ?)", links)

    def links(self) -> tuple[Linked, ...]:
        """What was found out at the last build about records that no id ties to anybody, the likeliest first."""
        if not self.path.exists():
            return ()
        with self._open() as connection:
            rows = connection.execute("SELECT * FROM link ORDER BY probability DESC, link")
            return tuple(Linked(*row) for row in rows)

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """The names of those of the given opaque ids that have one."""
        return self._column("SELECT party, name FROM person WHERE name IS NOT NULL AND party IN", ids)

    def parties(self, refs: Iterable[str]) -> dict[str, str]:
        """The opaque ids of those of the given outside ids that are known."""
        return self._column("SELECT ref, party FROM identity WHERE ref IN", refs)

    def party_of(self, word: str) -> str | None:
        """The opaque id of a person named by it, or by an NPI, ME, CRM or staff id with or without its prefix."""
        if not self.path.exists():
            return None
        with self._open() as connection:
            known = connection.execute("SELECT party FROM person WHERE party = ?", (word,)).fetchone()
            for ref in (word, f"npi:{word}", f"me:{word}", f"crm:{word}", f"user:{word}"):
                known = known or connection.execute("SELECT party FROM identity WHERE ref = ?", (ref,)).fetchone()
        return str(known[0]) if known else None

    def person(self, party: str) -> Row | None:
        """What is settled about a person: party, kind, name, npi, me, crm; None when nobody has that id."""
        with self._open() as connection:
            found: Row | None = connection.execute("SELECT * FROM person WHERE party = ?", (party,)).fetchone()
        return found

    def refs_of(self, party: str) -> frozenset[str]:
        """The outside ids that are this person's and nobody else's."""
        with self._open() as connection:
            return frozenset(row[0] for row in connection.execute("SELECT ref FROM identity WHERE party = ?", (party,)))

    def every_claim(self) -> list[Claim]:
        """What all imports together said about persons."""
        if not self.path.exists():
            return []
        with self._open() as connection:
            return [Claim(*row) for row in connection.execute(_ALL_CLAIMS + "ORDER BY rowid")]

    def forget(self, party: str, claims: Iterable[Claim]) -> int:
        """Take a person out of the store, the claims made about them too, and leave no page that held them."""
        asked = "DELETE FROM claim WHERE ref IS ? AND kind IS ? AND npi IS ? AND me IS ? AND crm IS ? AND name IS ?"
        with self._open() as connection:
            gone = sum(connection.execute(asked, given).rowcount for given in {claim[:6] for claim in claims})
            connection.execute("DELETE FROM link WHERE one = ? OR other = ?", (party, party))
            connection.execute("DELETE FROM identity WHERE party = ?", (party,))
            connection.execute("DELETE FROM person WHERE party = ?", (party,))
        self.tidy()
        return gone

    def tidy(self) -> None:
        """Write the file anew without its free pages."""
        if self.path.exists():
            connection = sqlite3.connect(self.path, isolation_level=None)
            try:
                connection.execute("VACUUM")
            finally:
                connection.close()

    def _column(self, asked: str, keys: Iterable[str]) -> dict[str, str]:
        wanted = list(dict.fromkeys(keys))
        found: dict[str, str] = {}
        if not wanted or not self.path.exists():
            return found
        with self._open() as connection:
            for start in range(0, len(wanted), _BATCH):
                batch = wanted[start : start + _BATCH]
                marks = ", ".join("?" * len(batch))
                found.update(connection.execute(f"{asked} ({marks})", batch).fetchall())
        return found


def _grow(connection: sqlite3.Connection) -> None:
    """Give a store that was made earlier the columns that it lacks."""
    present = {row[1] for row in connection.execute("PRAGMA table_info(claim)")}
    for name in _ADDED:
        if name not in present:
            connection.execute(f"ALTER TABLE claim ADD COLUMN {name} TEXT")


def version(path: Path) -> str:
    """What changes whenever the store at `path` does: an answer that holds names is remembered under it."""
    try:
        told = path.stat()
    except FileNotFoundError:
        return ""
    return f"{told.st_ino}.{told.st_mtime_ns}.{told.st_size}"


def names(path: Path, ids: Iterable[str]) -> dict[str, str]:
    """The names of persons by opaque id, from the people store at `path`; unknown ids are left out."""
    return People(path).names(ids)
