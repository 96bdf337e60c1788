"""Small words for building statements: quoted names, written-out values, a table from a query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import duckdb
from sqlglot import exp

from data.conversions import DIALECT
from data.errors import BadInput


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn the engine's complaint about an expression of a mapping into an error in three parts."""
    try:
        yield
    except duckdb.Error as problem:
        raise BadInput(
            f"an expression cannot be computed: {str(problem).splitlines()[0]}",
            where=where,
            todo="CAST the text to what it is compared or computed with.",
        ) from problem


def quoted(name: str) -> str:
    """A name as an identifier that can hold any character."""
    return exp.to_identifier(name, quoted=True).sql(DIALECT)


def literal(text: str) -> str:
    """A text as a value in a statement, escaped."""
    return exp.Literal.string(text).sql(DIALECT)


def listed(fragments: Iterable[str | exp.Expr]) -> str:
    """Columns or expressions, joined by commas."""
    return ", ".join(f.sql(DIALECT) if isinstance(f, exp.Expr) else f for f in fragments)


def select(
    columns: Iterable[str | exp.Expr],
    source: str,
    *,
    where: str | exp.Expr | None = None,
    group: str = "",
    order: str = "",
    qualify: str = "",
) -> str:
    """A query over a source that is already a quoted name, a join of such, or a reader of files."""
    parts = ["SELECT", listed(columns), "FROM", source]
    for word, clause in (("WHERE", where), ("GROUP BY", group), ("QUALIFY", qualify), ("ORDER BY", order)):
        if clause is not None and clause != "":
            parts += [word, clause.sql(DIALECT) if isinstance(clause, exp.Expr) else clause]
    return " ".join(parts)


def create(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    """Make a table of what a query gives."""
    connection.execute(f"CREATE OR REPLACE TABLE {quoted(table)} AS {query}")


def view(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    """Give a query a name, without a copy of its rows."""
    connection.execute(f"CREATE OR REPLACE VIEW {quoted(name)} AS {query}")


def insert(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    """Add what a query gives to a table."""
    connection.execute(" ".join(["INSERT INTO", quoted(table), query]))


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Add rows of values to a table, all at once."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        values = ", ".join("unnest(?)" for _ in columns)
        connection.execute(" ".join(["INSERT INTO", quoted(table), "SELECT", values]), columns)


def delete(connection: duckdb.DuckDBPyConnection, table: str, where: str) -> None:
    """Take the rows that a condition names out of a table."""
    connection.execute(" ".join(["DELETE FROM", quoted(table), "WHERE", where]))


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[str, ...]:
    """The names of a table's columns in order."""
    return tuple(row[0] for row in connection.execute(f"DESCRIBE {quoted(table)}").fetchall())


def number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one whole number that a query gives."""
    found = connection.execute(query).fetchone()
    return int(found[0]) if found and found[0] is not None else 0


def count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows a table has."""
    return number(connection, select(["count(*)"], quoted(table)))


def has_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a table has any row."""
    return bool(connection.execute(select(["1"], f"{quoted(table)} LIMIT 1")).fetchall())
