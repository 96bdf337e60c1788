"""What a row itself can tell: whom and what it names, and whether its values can be."""

from __future__ import annotations

from collections.abc import Iterator

from data.checks.check import Check
from data.contract import CONTRACT, Column, Table
from data.engine.duckdb import literal, quoted
from data.staging import is_reference

# Subjects that stand for a place in a vendor's file and need no row of their own.
_NO_PARTY_NEEDED = ("brick", "outlet")
# Columns that name a row of another table, beside those that name a party.
_NAMED = {"product": "product", "study": "study", "hierarchy": "hierarchy", "site": "site"}


def checks() -> Iterator[Check]:
    """Links to nothing, values that cannot be."""
    for table in CONTRACT.values():
        for column in table.columns:
            yield from _links(table, column)
            if column.allowed:
                yield _not_allowed(table, column)
        if table.is_fact:
            yield _fault(
                table, "period_reversed", "error", "period_end < period_start", "periods end before they begin"
            )
            yield _fault(table, "quantity_negative", "warning", "quantity < 0", "quantities are negative")
            yield _fault(table, "quantity_blank", "note", "quantity IS NULL", "quantities are blank: unknown, not zero")
    yield _fault(CONTRACT["outcome"], "nrx_above_trx", "warning", "nrx > quantity", "there is more NRx than TRx")


def _links(table: Table, column: Column) -> Iterator[Check]:
    """A check that what the column names is described somewhere."""
    if column.name == "actor":
        yield _link(table, column.name, "roster", "actor", "is on no roster", "Import the roster.")
    elif column.name == "site" and table.name in ("milestone", "enrolment"):
        yield _link(table, column.name, "site", "site", "is in no row of site", "Import the file of sites.")
    elif is_reference(table, column) and table.name != "party":
        what = "name somebody whom no party describes"
        yield _link(table, column.name, "party", "party", what, "Import the file that describes them.", named=False)
    elif column.name in _NAMED and _NAMED[column.name] != table.name:
        other = _NAMED[column.name]
        yield _link(table, column.name, other, other, f"is in no row of {other}", f"Import the file of each {other}.")


def _link(table: Table, column: str, other: str, key: str, what: str, todo: str, named: bool = True) -> Check:
    needless = ", ".join(map(literal, _NO_PARTY_NEEDED))
    excused = f"AND subject_kind NOT IN ({needless})" if column == "subject" else ""
    return Check(
        code=f"{other}_unknown",
        severity="note" if other == "roster" else "warning",
        where=f"{table.name}.{column}",
        what=f"{{examples}} {what}" if named else f"rows {what}",
        todo=f"{todo} Until then the rows count, without name or attributes.",
        sql=f"""
            SELECT CAST({quoted(column)} AS VARCHAR), count(*) FROM {quoted(table.name)}
            WHERE {quoted(column)} IS NOT NULL {excused} AND {quoted(column)} NOT IN
                (SELECT {quoted(key)} FROM {quoted(other)} WHERE {quoted(key)} IS NOT NULL) GROUP BY 1""",
    )


def _not_allowed(table: Table, column: Column) -> Check:
    allowed = ", ".join(map(literal, column.allowed))
    return Check(
        code="value_unknown",
        severity="error",
        where=f"{table.name}.{column.name}",
        what=f"{{examples}} is none of {', '.join(column.allowed)}",
        todo="Recode it in the mapping; until then nothing counts these rows by it.",
        sql=f"""
            SELECT {quoted(column.name)}, count(*) FROM {quoted(table.name)}
            WHERE {quoted(column.name)} NOT IN ({allowed}) GROUP BY 1""",
    )


def _fault(table: Table, code: str, severity: str, fault: str, what: str) -> Check:
    return Check(
        code=code,
        severity=severity,
        where=table.name,
        what=what,
        todo="See these rows in the source; they are counted as they stand.",
        sql=f"SELECT '', count(*) FROM {quoted(table.name)} WHERE {fault}",
    )
