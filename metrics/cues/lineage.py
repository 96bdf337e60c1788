"""What a cue gives away: every sensitivity of every column that its statements read anywhere."""

from __future__ import annotations

from collections.abc import Iterable

import sqlglot
from sqlglot import exp

from data.contract import CONTRACT, Table
from metrics.catalog.derived import DERIVED

# What fitted tables are made of; the other derived tables only place and date things.
_MADE_OF = {"bridge": "rx", "study_finish": "site", "enrolment_forecast": "site"}


def sensitivities(statements: Iterable[str]) -> frozenset[str]:
    """The sensitivities read by SQL statements. On the safe side: a column named counts for every
    table named beside it that has a column of that name; a star counts for all of its tables' columns.
    """
    found: set[str] = set()
    for text in statements:
        tree = sqlglot.parse_one(text, read="duckdb")
        names = {column.name for column in tree.find_all(exp.Column)}
        whole = {table for select in tree.find_all(exp.Select) for table in _starred(select)}
        for table in {part.name for part in tree.find_all(exp.Table)}:
            found |= {_MADE_OF[table]} if table in _MADE_OF else set()
            if declared := _table(table):
                found |= {one.sensitivity for one in declared.columns if table in whole or one.name in names}
    return frozenset(found - {"open"})


def _starred(select: exp.Select) -> set[str]:
    """The tables of which a SELECT takes every column."""
    sources = [
        part for part in (select.args.get("from_") or select.args.get("from"), *select.args.get("joins", [])) if part
    ]
    tables = {part.this.alias_or_name: part.this.name for part in sources if isinstance(part.this, exp.Table)}
    found: set[str] = set()
    for part in select.expressions:
        if isinstance(part, exp.Star):
            found |= set(tables.values())
        elif isinstance(part, exp.Column) and isinstance(part.this, exp.Star):
            found |= {tables[part.table]} & set(tables.values()) if part.table in tables else set()
    return found


def _table(name: str) -> Table | None:
    return CONTRACT.get(name) or DERIVED.get(name)
