"""Staged rows into contract tables: all imports together, references resolved, one row a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from data.contract import Column, Table
from data.contract.table import TEXT
from data.engine.duckdb import literal, quoted
from data.errors import BadInput
from data.findings import Finding
from data.imported import noticed
from data.stage import stages
from data.workspace import Workspace

# Columns that may hold an outside reference (npi:..., crm:...); a node's parent is a node, no reference.
PERSONS = ("hcp", "erased")
REFERENCES = frozenset({"party", "subject", "actor", "investigator", "site"})
PREFIXES = ("npi:", "me:", "crm:", "user:")
PUBLIC = "code:"


@dataclass(frozen=True)
class Staged:
    """What lies staged: the Parquet files of each table in import order, and what the imports noticed."""

    files: dict[str, list[Path]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, workspace: Workspace) -> Staged:
        """What every finished import of a workspace left, the earliest import first."""
        files: dict[str, list[Path]] = {}
        for directory in stages(workspace):
            for path in sorted(directory.glob("*.parquet")):
                files.setdefault(path.stem, []).append(path)
        return cls(files, noticed(workspace))


def is_reference(table: Table, column: Column) -> bool:
    """Whether a column may hold an outside reference that the build turns into an opaque id."""
    if table.name == "hierarchy" or column.type != TEXT:
        return False
    return column.name in REFERENCES or (table.name == "affiliation" and column.name == "parent")


def load(con: duckdb.DuckDBPyConnection, table: Table, files: Sequence[Path], schema: str) -> list[Finding]:
    """Fill one contract table from its staged files and say what was left out, and why.

    Later imports win by key; of two different rows with one key in the same import the smaller is
    kept, so that the order of rows changes nothing. A row without a required value, or whose
    required reference is nobody known, is left out and counted; an optional reference that is
    nobody known becomes NULL and is counted. Needs the table `identity_ref(ref, party)`.
    """
    target = f"{schema}.{quoted(table.name)}"
    con.execute(f"CREATE OR REPLACE TABLE {target} ({', '.join(_typed(column) for column in table.columns)})")
    if not files:
        return []
    try:
        con.execute(_gathered(con, table, files), [[str(path) for path in files]])
    except duckdb.Error as problem:
        raise BadInput(
            f"its staged rows cannot be read: {str(problem).splitlines()[0]}",
            where=table.name,
            todo="Import the files again; the last good snapshot keeps serving.",
        ) from problem
    try:
        _leave_addresses(con, table)
        findings = _blank_references(con, table)
        needed = " AND ".join(f"{quoted(c.name)} IS NOT NULL" for c in table.columns if c.required) or "true"
        key = ", ".join(quoted(name) for name in table.key)
        missing, whole, keys = con.execute(
            f"""
            SELECT count(*) FILTER (WHERE NOT ({needed})), count(*) FILTER (WHERE {needed}),
                   count(DISTINCT hash({key})) FILTER (WHERE {needed}) FROM gathered
            """
        ).fetchone() or (0, 0, 0)
        if missing:
            findings.append(_left_out(table, missing))
        names = ", ".join(quoted(name) for name in table.names)
        chosen = f"SELECT {names} FROM gathered WHERE {needed}"
        if keys < whole:
            findings.extend(_conflicts(con, table, needed))
            chosen = _merged(table, needed) if table.name == "party" else f"{chosen} {_latest(table)}"
        # Facts are sorted when they are stored; reference tables are stored here.
        con.execute(f"INSERT INTO {target} SELECT * FROM ({chosen}) {'' if table.is_fact else f'ORDER BY {key}'}")
        return findings
    finally:
        con.execute("DROP TABLE gathered")


def _typed(column: Column) -> str:
    return f"{quoted(column.name)} {column.type}"


def _gathered(con: duckdb.DuckDBPyConnection, table: Table, files: Sequence[Path]) -> str:
    """The statement that reads every staged file of a table into `gathered`, typed and resolved."""
    described = con.execute(
        "SELECT * FROM read_parquet(?, union_by_name=true) LIMIT 0", [[str(path) for path in files]]
    ).description
    present = {name for name, *_ in described or ()}
    chosen: list[str] = ["s.filename AS _import"]
    joins: list[str] = []
    linked = []
    for column in table.columns:
        name = quoted(column.name)
        if column.name not in present:
            chosen.append(f"CAST(NULL AS {column.type}) AS {name}")
        elif is_reference(table, column):
            known = f"r_{len(joins)}"
            joins.append(f"LEFT JOIN identity_ref {known} ON {known}.ref = s.{name}")
            linked += [f"coalesce({known}.linked, FALSE)"] if column.name in table.key else []
            chosen.append(
                f"{_resolved(f's.{name}', f'{known}.party')} AS {name}, s.{name} AS {quoted('_ref_' + column.name)}"
            )
        elif column.required and column.name in table.key and column.type == "VARCHAR":
            chosen.append(f"NULLIF(CAST(s.{name} AS VARCHAR), '') AS {name}")
        else:
            chosen.append(f"CAST(s.{name} AS {column.type}) AS {name}")
    chosen.append(f"{' OR '.join(linked) or 'FALSE'} AS _linked")
    return (
        f"CREATE OR REPLACE TEMP TABLE gathered AS SELECT {', '.join(chosen)} "
        f"FROM read_parquet(?, union_by_name=true, filename=true) s {' '.join(joins)}"
    )


def _resolved(ref: str, known: str) -> str:
    """A reference as an opaque id: found, public code, already opaque, or NULL for nobody known."""
    outside = " OR ".join(f"starts_with({ref}, {literal(prefix)})" for prefix in PREFIXES)
    code = f"starts_with({ref}, {literal(PUBLIC)}) THEN substr({ref}, {len(PUBLIC) + 1})"
    return f"CASE WHEN {known} IS NOT NULL THEN {known} WHEN {code} WHEN {outside} THEN NULL ELSE NULLIF({ref}, '') END"


def _leave_addresses(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Leave where a person lives or works in the import: who is erased cannot be taken out of a snapshot."""
    blank = ", ".join(f"{quoted(column.name)} = NULL" for column in table.columns if column.address)
    if blank:
        kinds = ", ".join(map(literal, PERSONS))
        (party,) = table.key
        known = f"{quoted(party)} IN (SELECT party FROM identity_ref)"
        con.execute(f"UPDATE gathered SET {blank} WHERE kind IN ({kinds}) OR {known}")


def _blank_references(con: duckdb.DuckDBPyConnection, table: Table) -> list[Finding]:
    """A Finding for each column whose outside references are nobody known."""
    findings = []
    described = {name for name, *_ in con.execute("SELECT * FROM gathered LIMIT 0").description or ()}
    for column in table.columns:
        if f"_ref_{column.name}" not in described:
            continue
        name, ref = quoted(column.name), quoted(f"_ref_{column.name}")
        (rows,) = con.execute(f"SELECT count(*) FROM gathered WHERE {name} IS NULL AND {ref} <> ''").fetchone() or (0,)
        if rows:
            findings.append(
                Finding(
                    code="reference_unknown",
                    severity="error" if column.required else "note",
                    what=f"{column.name} names somebody that no people file knows",
                    where=table.name,
                    todo="Import the file that holds these ids. "
                    + (
                        "Until then the rows are left out."
                        if column.required
                        else "Until then they count as nobody known."
                    ),
                    rows=rows,
                )
            )
    return findings


def _left_out(table: Table, rows: int) -> Finding:
    needed = ", ".join(column.name for column in table.columns if column.required)
    return Finding(
        code="required_missing",
        severity="error",
        what=f"rows lack a value that each row must have ({needed}) and are left out",
        where=table.name,
        todo="Complete them in the source, or see the other findings of this table.",
        rows=rows,
    )


def _latest(table: Table) -> str:
    """One row a key: the latest import's, and of that the smallest by content."""
    names, key = (", ".join(quoted(name) for name in some) for some in (table.names, table.key))
    return f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY _linked, _import DESC, {names}) = 1"


def _merged(table: Table, needed: str) -> str:
    """One row a party: several sources speak of one person, and each column keeps the latest word on it.

    What a record says that only its likeness ties to the person counts where nothing else says it.
    """
    key = [quoted(name) for name in table.key]
    rest = [quoted(name) for name in table.names if name not in table.key]
    word = "struct_pack(own := NOT _linked, i := _import, v := {0})"
    latest = [
        f"struct_extract(max({word.format(name)}) FILTER (WHERE {name} IS NOT NULL), 'v') AS {name}" for name in rest
    ]
    return f"SELECT {', '.join(key + latest)} FROM gathered WHERE {needed} GROUP BY {', '.join(key)}"


def _conflicts(con: duckdb.DuckDBPyConnection, table: Table, needed: str) -> list[Finding]:
    """What was said twice: in two ways by one import (a fault), or anew by a later one (a restatement)."""
    key = ", ".join(quoted(name) for name in table.key)
    said = ", ".join(quoted(name) for name in table.names)
    twice, anew = con.execute(
        f"""
        WITH said AS (SELECT {key}, _import, hash({said}) AS content FROM gathered WHERE {needed} AND NOT _linked),
        imported AS (
            SELECT {key}, _import, count(DISTINCT content) AS ways, min(content) AS content FROM said GROUP BY ALL),
        keyed AS (
            SELECT {key}, max(ways) AS ways, count(DISTINCT content) AS versions FROM imported GROUP BY ALL)
        SELECT count(*) FILTER (WHERE ways > 1), count(*) FILTER (WHERE ways = 1 AND versions > 1) FROM keyed
        """
    ).fetchone() or (0, 0)
    found = []
    if twice and table.name == "party":
        what = "one import describes a party in two ways; each column keeps one of them"
        found.append(("party_twice", "note", what, "See in the sources which of them is right.", twice))
    elif twice and table.name == "node":
        what = "one import gives a node two parents, levels or names; one of them is kept"
        found.append(("node_twice", "error", what, "Correct the node file.", twice))
    elif twice:
        what = f"one import has different rows for the same {', '.join(table.key)}; one of them is kept"
        found.append(
            ("key_twice", "error", what, "Correct the source, or name its version column in the mapping.", twice)
        )
    if anew and table.is_fact:
        what = "a later import restated rows, and counts"
        found.append(("restated", "note", what, "Nothing to do, unless the restatement surprises you.", anew))
    return [
        Finding(code=code, severity=severity, what=what, where=table.name, todo=todo, rows=rows)
        for code, severity, what, todo, rows in found
    ]


def fingerprint(con: duckdb.DuckDBPyConnection, schema: str, table: Table) -> tuple[str, int, int]:
    """A table's name, its number of rows, and a sum over hashes of its rows: the same in any row order."""
    columns = ", ".join(quoted(name) for name in table.names)
    rows, total = con.execute(
        f"SELECT count(*), coalesce(sum(CAST(hash({columns}) AS HUGEINT)), 0) FROM {schema}.{quoted(table.name)}"
    ).fetchone() or (0, 0)
    return table.name, int(rows), int(total)
