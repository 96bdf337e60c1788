"""Small words for building statements: quoted names, written-out values, a table from a query."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
from sqlglot import exp

from data.conversions import DIALECT


def quoted(name: str) -> str:
    """A name as an identifier that can hold any character."""
    return exp.to_identifier(name, quoted=True).sql(DIALECT)


def literal(text: str) -> str:
    """A text as a value in a statement, escaped."""
    return exp.Literal.string(text).sql(DIALECT)


def listed(fragments: Iterable[str | exp.Expression]) -> str:
    """Columns or expressions, joined by commas."""
    return ", ".join(f.sql(DIALECT) if isinstance(f, exp.Expression) else f for f in fragments)


def select(
    columns: Iterable[str | exp.Expression],
    source: str,
    *,
    where: str | exp.Expression | None = None,
    group: str = "",
    order: str = "",
    qualify: str = "",
) -> str:
    """A query over a source that is already a quoted name, a join of such, or a reader of files."""
    parts = ["SELECT", listed(columns), "FROM", source]
    for word, clause in (("WHERE", where), ("GROUP BY", group), ("QUALIFY", qualify), ("ORDER BY", order)):
        if clause is not None and clause != "":
            parts += [word, clause.sql(DIALECT) if isinstance(clause, exp.Expression) else clause]
    return " ".join(parts)


def create(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    """Make a table of what a query gives."""
    connection.execute(f"CREATE OR REPLACE TABLE {quoted(table)} AS {query}")


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
