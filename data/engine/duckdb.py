"""The embedded engine: one database file a build, one in-memory root a serving process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from data.engine.deadline import DEADLINES
from data.errors import NoSnapshot, TookTooLong

# Nothing is fetched from anywhere, and SQL never reads a Python variable of its caller.
_CLOSED = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_unsigned_extensions": False,
}
_BUSY = duckdb.InterruptException


def quoted(name: str) -> str:
    """An identifier in quotes, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text in quotes, for the few statements that take no bound value (ATTACH, SET)."""
    return "'" + text.replace("'", "''") + "'"


def building(path: Path | str, *, threads: int | None = None, memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """A new database file to build a snapshot in, or ":memory:"; the caller closes it. A file spills beside itself."""
    config: dict[str, Any] = {**_CLOSED, "temp_directory": "" if path == ":memory:" else f"{path}.spill"}
    if threads:
        config["threads"] = threads
    if memory:
        config["memory_limit"] = memory
    con = duckdb.connect(str(path), config=config)
    con.execute("SET enable_progress_bar=false")
    return con


# Values by position ($1, ?) or by name ($node).
Bound = Sequence[Any] | Mapping[str, Any]


class ServingRoot:
    """Reads finished snapshots of one directory, and can do nothing else.

    One in-memory database a process; each snapshot is attached READ_ONLY under its own name; every
    query runs on its own cursor and is materialised at once, because a shared connection answers
    one thread with another thread's rows. External access is off and the configuration locked.
    """

    def __init__(self, directory: Path, *, threads: int | None = None, memory: str = "60%") -> None:
        config: dict[str, Any] = {**_CLOSED, "memory_limit": memory, "temp_directory": ""}
        if threads:
            config["threads"] = threads
        self._root = duckdb.connect(":memory:", config=config)
        # In this order: `allowed_directories` is refused in the connect configuration and after the lock.
        self._root.execute(f"SET allowed_directories=[{literal(str(directory.resolve()) + '/')}]")
        self._root.execute("SET allowed_configs=['operator_memory_limit']")
        self._root.execute("SET enable_progress_bar=false")
        self._root.execute("SET enable_external_access=false")
        self._root.execute("SET lock_configuration=true")

    def attach(self, path: Path, name: str) -> None:
        """Open a finished snapshot under a name. Raises NoSnapshot when the file does not open."""
        try:
            with contextlib.closing(self._root.cursor()) as cursor:
                cursor.execute(f"ATTACH {literal(str(path.resolve()))} AS {quoted(name)} (READ_ONLY)")
        except duckdb.Error as problem:
            raise NoSnapshot(
                f"the snapshot does not open: {_first_line(problem)}", where=path.name, todo="Build again."
            ) from problem

    def detach(self, name: str) -> None:
        """Close a snapshot; nothing happens when it is closed already."""
        with contextlib.suppress(duckdb.Error), contextlib.closing(self._root.cursor()) as cursor:
            cursor.execute(f"DETACH {quoted(name)}")

    def rows(self, name: str, sql: str, values: Bound = (), timeout: float = 30.0) -> list[tuple[Any, ...]]:
        """The rows that a query gives on a snapshot, exact (DECIMAL stays Decimal)."""
        with self._cursor(name, timeout) as cursor:
            return cursor.execute(sql, values).fetchall()

    def frame(self, name: str, sql: str, values: Bound = (), timeout: float = 30.0) -> pd.DataFrame:
        """The rows that a query gives on a snapshot, as a frame (DECIMAL becomes float)."""
        with self._cursor(name, timeout) as cursor:
            return _framed(cursor.execute(sql, values).fetchnumpy())

    def close(self) -> None:
        """Close every snapshot."""
        self._root.close()

    @contextlib.contextmanager
    def _cursor(self, name: str, timeout: float) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that stands in one snapshot and is interrupted after `timeout` seconds."""
        with contextlib.closing(self._root.cursor()) as cursor:
            cursor.execute(f"USE {quoted(name)}")
            try:
                with DEADLINES.within(timeout, cursor.interrupt):
                    yield cursor
            except _BUSY as problem:
                raise TookTooLong(
                    f"the question took longer than {timeout:g} seconds",
                    todo="Ask for a shorter window or a higher level.",
                ) from problem


def _framed(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Columns as a frame, each with the type that the engine's own frame would have, at a fraction of its cost."""
    return pd.DataFrame({name: _column(values) for name, values in columns.items()}, copy=False)


def _column(values: Any) -> Any:
    if not isinstance(values, np.ma.MaskedArray):
        return values
    kind = values.dtype.kind
    if kind == "f":
        return values.filled(np.nan)
    if kind == "M":
        return values.filled(np.datetime64("NaT"))
    if kind == "O":
        found = values.filled()  # an object's own filling is a question mark
        found[np.ma.getmaskarray(values)] = None
        return found
    words = {"b": "boolean", "u": values.dtype.name.replace("u", "U").replace("i", "I")}
    return pd.array(values.tolist(), dtype=words.get(kind, values.dtype.name.capitalize()))


def _first_line(problem: Exception) -> str:
    """The first line of an engine's message: the rest names internals."""
    return str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__
