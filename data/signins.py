"""Every time somebody signed in: when it was last used, and whether it has ended, for all servers of a workspace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import Column, Connection, Float, MetaData, String, Table, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateIndex, CreateTable, Index

from data.store import Store, moment

_SCHEMA = MetaData()
_SIGN_IN = Table(
    "sign_in",
    _SCHEMA,
    Column("key", String(64), primary_key=True),
    Column("person", String(100), nullable=False),
    Column("first", Float, nullable=False),
    Column("seen", Float, nullable=False),
    Column("ended", Float),
    Column("why", String(50), nullable=False),
)
_BY_END = Index("sign_in_ended", _SIGN_IN.c.ended)


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """One sign-in: whose, since when, last used when (seconds since 1970, UTC), and how it ended, if it has."""

    key: str
    person: str
    first: float
    seen: float
    ended: float | None = None
    why: str = ""


class SignIns:
    """The sign-ins of a workspace, in the ledger's store, so that one that ended stays ended after a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.set_up(_make)

    def of(self, keys: Iterable[str]) -> dict[str, SignedIn]:
        """Those of the sign-ins named that are known, by key."""
        wanted, found = sorted(set(keys)), {}
        with self._store.reading() as connection:
            for start in range(0, len(wanted), 500):
                asked = select(_SIGN_IN).where(_SIGN_IN.c.key.in_(wanted[start : start + 500]))
                for row in connection.execute(asked).mappings():
                    found[row["key"]] = SignedIn(**row)
        return found

    def touch(self, key: str, person: str, at: float | None = None) -> bool:
        """Note that a sign-in was used just now. Says whether it was seen for the first time."""
        now = _now() if at is None else at
        later = _SIGN_IN.update().where(_SIGN_IN.c.key == key)
        with self._store.writing() as connection:
            if connection.execute(later.values(seen=now)).rowcount:
                return False
        return self._add(key, person, now)

    def end(self, key: str, person: str, why: str, at: float | None = None) -> None:
        """End a sign-in for good; the first reason stays."""
        now = _now() if at is None else at
        self._add(key, person, now)
        ending = _SIGN_IN.update().where(_SIGN_IN.c.key == key, _SIGN_IN.c.ended.is_(None))
        with self._store.writing() as connection:
            connection.execute(ending.values(ended=now, why=why))

    def forget(self, before: float) -> None:
        """Drop the sign-ins that began before that moment: their tokens are refused by their age."""
        with self._store.writing() as connection:
            connection.execute(_SIGN_IN.delete().where(_SIGN_IN.c.first < before))

    def version(self) -> float:
        """A number that changes when a sign-in ends."""
        with self._store.reading() as connection:
            return float(connection.execute(select(func.max(_SIGN_IN.c.ended))).scalar() or 0.0)

    def _add(self, key: str, person: str, now: float) -> bool:
        """Write a sign-in unless it is there; another server may write it at the same moment."""
        with self._store.reading() as connection:
            if connection.execute(select(_SIGN_IN.c.key).where(_SIGN_IN.c.key == key)).first():
                return False
        try:
            with self._store.writing() as connection:
                connection.execute(_SIGN_IN.insert().values(key=key, person=person, first=now, seen=now, why=""))
        except Exception as problem:
            if isinstance(problem.__cause__, IntegrityError):
                return False
            raise
        return True


def _make(connection: Connection) -> None:
    connection.execute(CreateTable(_SIGN_IN, if_not_exists=True))
    connection.execute(CreateIndex(_BY_END, if_not_exists=True))


def _now() -> float:
    return moment().replace(tzinfo=UTC).timestamp()
