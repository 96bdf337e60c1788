"""What a statement gives away: every sensitivity of every table and column that it reads anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import sqlglot
from sqlglot import exp

from data.contract import CONTRACT, Table
from data.errors import BadDeclaration
from metrics.catalog.derived import DERIVED

# What fitted tables are made of: held against the statements of the model that writes them.
MADE_OF: dict[str, frozenset[str]] = {
    "bridge": frozenset({"rx"}),
    "study_finish": frozenset({"site"}),
    "enrolment_forecast": frozenset({"site"}),
}
# Tables of the build that only place, date or count things that are open.
_PLACES = frozenset(
    {
        "node_tree", "place", "working_day", "product_scope", "span", "build_info", "finding", "product_bit",
        "information_schema.tables",
    }
)  # fmt: skip
_OPT_OUTS = "pdrp_now"
_HARMLESS = ("unnest", "range", "generate_series")


def sensitivities(statements: Iterable[str], own: frozenset[str] = frozenset()) -> frozenset[str]:
    """The sensitivities read by SQL statements; `own` are tables that the reader made itself from what it read.

    On the safe side: a row of a fact is what the fact is about, whether or not a column is named, so that a count, a
    join or an EXISTS counts; a column named counts for every table named beside it that has a column of that name; a
    star, or a table read as one value, counts for all of its columns. Raises BadDeclaration for a table that nobody
    declared: nobody could tell what it gives away.
    """
    return frozenset().union(*(_of(text, own) for text in statements)) - {"open"}


@lru_cache(maxsize=1024)
def _of(text: str, own: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    for tree in sqlglot.parse(text, read="duckdb"):
        if tree is not None:
            found |= _read(tree, own, text)
    return frozenset(found)


def _read(tree: exp.Expr, own: frozenset[str], text: str) -> set[str]:
    names = {column.name.lower() for column in tree.find_all(exp.Column)}
    made = {cte.alias.lower() for cte in tree.find_all(exp.CTE)} | own | _written(tree)
    whole = {table for select in tree.find_all(exp.Select) for table in _starred(select)}
    found: set[str] = set()
    for part in tree.find_all(exp.Table):
        name = part.name.lower()
        if isinstance(part.this, exp.Func) or not name:
            if part.this.name.lower() not in _HARMLESS and part.this.key.lower() not in _HARMLESS:
                raise _undeclared(part.sql(dialect="duckdb"), text)
            continue
        found |= MADE_OF.get(name, frozenset())
        if name == _OPT_OUTS:
            continue
        if declared := _table(name):
            columns = {column.name for column in declared.columns}
            read_whole = name in whole or (part.alias_or_name.lower() in names - columns)
            found |= {one.sensitivity for one in declared.columns if read_whole or one.name in names}
            found |= {declared.column("quantity").sensitivity} if declared.is_fact else set()
        elif name not in made | _PLACES | MADE_OF.keys():
            raise _undeclared(name, text)
    return found


def _written(tree: exp.Expr) -> frozenset[str]:
    """The table that a statement writes: what it says there, the statement says itself."""
    if isinstance(tree, exp.Create | exp.Insert):
        return frozenset(table.name.lower() for table in [tree.this.find(exp.Table)] if table is not None)
    return frozenset()


def _undeclared(what: str, text: str) -> BadDeclaration:
    short = " ".join(text.split())[:80]
    return BadDeclaration(
        f'"{what}" is no declared table: nobody could tell what it gives away',
        where=f"statement {short}",
        todo="Read tables of the contract, those that the build derives, and those that a model declares.",
    )


def _starred(select: exp.Select) -> set[str]:
    """The tables of which a SELECT takes every column."""
    sources = [
        part for part in (select.args.get("from_") or select.args.get("from"), *select.args.get("joins", [])) if part
    ]
    tables = {
        part.this.alias_or_name.lower(): part.this.name.lower() for part in sources if isinstance(part.this, exp.Table)
    }
    found: set[str] = set()
    for part in select.expressions:
        star = part.find(exp.Star) if not isinstance(part, exp.Count) else None
        if isinstance(part, exp.Column) and isinstance(part.this, exp.Star):
            found |= {tables[part.table.lower()]} if part.table.lower() in tables else set()
        elif star is not None and star.find_ancestor(exp.Count) is None:
            found |= set(tables.values())
    return found


def _table(name: str) -> Table | None:
    return CONTRACT.get(name) or DERIVED.get(name)
