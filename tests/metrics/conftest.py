"""A small company in memory: every contract table and what the build derives, empty until a test fills them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pytest

from data.contract import CONTRACT

_DERIVED = """
CREATE TABLE node_tree (hierarchy VARCHAR, ancestor VARCHAR, node VARCHAR, level VARCHAR, depth INTEGER);
CREATE TABLE place (hierarchy VARCHAR, subject VARCHAR, leaf VARCHAR, subject_kind VARCHAR);
CREATE TABLE pdrp_now (party VARCHAR);
CREATE TABLE tracking_now (party VARCHAR, agreed BOOLEAN);
CREATE TABLE build_info (as_of DATE, anchor DATE);
CREATE TABLE consent_now (party VARCHAR, channel VARCHAR, product VARCHAR, opt VARCHAR, captured DATE, expires DATE,
    rule VARCHAR, period_start DATE, period_end DATE, quantity BIGINT);
CREATE TABLE working_day (date DATE, n INTEGER);
CREATE TABLE product_scope (scope VARCHAR, asked VARCHAR, product VARCHAR);
CREATE TABLE span (span VARCHAR, kind VARCHAR, win VARCHAR, shift VARCHAR, first DATE, last DATE);
"""


@dataclass(frozen=True)
class Info:
    """What a build stage is told."""

    as_of: date
    anchor: date
    grain: str | None


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with every table of a snapshot and no row."""
    with duckdb.connect() as connection:
        for table in CONTRACT.values():
            columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
            connection.execute(f'CREATE TABLE "{table.name}" ({columns})')
        connection.execute(_DERIVED)
        yield connection


@pytest.fixture
def put(con: duckdb.DuckDBPyConnection) -> Callable[..., None]:
    """put("outcome", ["subject", "quantity"], rows) adds rows; columns not named stay empty."""

    def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" for _ in columns)
        if rows:
            con.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', [list(row) for row in rows])

    return insert
