"""Where what is written while people work is kept: SQLite beside the workspace, or a server's database by its URL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from data.errors import BadInput, OnepictureError
from data.workspace import Workspace

URL_VARIABLE = "ONEPICTURE_LEDGER"
_SETUP = 4_730_771  # a number of our own: those who set a server's tables up at the same moment wait for one another


class Store:
    """Opens connections to the one writable store of a workspace and says its failures in words.

    `writing` is one transaction that nobody else's write comes between; `reading` is one consistent
    look. The URL is the one given, else ONEPICTURE_LEDGER, else SQLite beside the workspace, which
    is readable by its owner only. Raises OnepictureError when the store cannot be used.
    """

    def __init__(self, workspace: Workspace, url: str | None = None) -> None:
        named = url or os.environ.get(URL_VARIABLE)
        self.where = "the ledger" if named else str(workspace.ledger_path)
        self.engine = _by_url(named) if named else _sqlite(workspace)
        self._opened = self.identity

    @property
    def identity(self) -> str:
        """Which store this is: a server's address, or a file's path and its number on the disk."""
        if not self.is_sqlite:
            return self.engine.url.render_as_string(hide_password=False)
        try:
            number = os.stat(self.engine.url.database or "").st_ino
        except OSError:
            number = 0
        return f"{self.engine.url.database} {number}"

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is kept, or nothing."""
        self._look()
        with self._in_words(), self.engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that changes nothing."""
        self._look()
        with self._in_words(), self.engine.connect() as connection:
            yield connection

    def _look(self) -> None:
        """Open a file anew that was replaced meanwhile: what is written must not go to one that nobody finds."""
        if self.is_sqlite and (now := self.identity) != self._opened:
            self.engine.dispose()
            self._opened = now

    def tidy(self) -> None:
        """Write a file of SQLite anew, so that no page of it holds what was taken out; a server tidies by itself."""
        if self.is_sqlite:
            with self._in_words(), self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute("VACUUM")
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def set_up(self, make: Callable[[Connection], object]) -> None:
        """Make tables that may be there already; several processes may do so at once."""
        with self.writing() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_SETUP})")
            make(connection)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as problem:
            first = str(getattr(problem, "orig", None) or problem).splitlines()[0]
            todo = "See that the store can be reached and written."
            raise OnepictureError(f"the ledger cannot be used: {first}", where=self.where, todo=todo) from problem


def moment(at: datetime | None = None) -> datetime:
    """A moment in UTC without its zone; now when none is given."""
    known = at or datetime.now(UTC)
    return known.astimezone(UTC).replace(tzinfo=None) if known.tzinfo else known


def _by_url(url: str) -> Engine:
    """The store at a URL. What is wrong with the URL is said without repeating it: it may hold a password."""
    try:
        engine = create_engine(url, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ImportError) as problem:
        raise BadInput(
            "the address of the ledger cannot be read",
            where=URL_VARIABLE,
            todo="Write postgresql+psycopg://user:password@host/database, or take it away to use SQLite.",
        ) from problem
    return _prepared(engine) if engine.dialect.name == "sqlite" else engine


def _sqlite(workspace: Workspace) -> Engine:
    """The file beside the workspace, readable by its owner only."""
    path = workspace.ledger_path
    if path.parent.is_dir() and not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    return _prepared(create_engine(f"sqlite:///{path}"))


def _prepared(engine: Engine) -> Engine:
    """SQLite with a log written ahead, every commit on the disk before it counts, and a patient writer.

    A transaction that writes says so at its beginning: one that reads first and writes later could be
    refused after another's write came between.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: object, _: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        for setting in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {setting}")  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
