"""Imported rows of an erased person: quantities stay, under an anonymous party; what describes the person goes.

Totals stay because no quantity is dropped or moved: every row keeps its day, its product and its number, and
the anonymous party stands in the territory where the person stood. What told who it was (specialty, place of
work, affiliation, consent, line of the source) is blanked or left out.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from data.contract import CONTRACT
from data.tables import literal, quoted

# Rows about the person that carry no quantity: what somebody chose, or belonged to, is nobody's now.
LEFT_OUT = {"consent": "party", "consent_rule": "party", "affiliation": "party"}
# Columns of rows that stay, which would tell who stands behind them.
_TELLS_WHERE = "_source_row"
KIND = "erased"


def replace_file(path: Path, rough: Path) -> None:
    """Put a finished file in another's place, on the disk before its name."""
    with open(rough, "rb") as file:
        os.fsync(file.fileno())
    os.chmod(rough, path.stat().st_mode & 0o777 if path.exists() else 0o600)
    os.replace(rough, path)


def rough_name(path: Path) -> Path:
    """The name a file is rewritten under; a killed erasure leaves it, and the next one sweeps it away."""
    return path.with_name(f".erasing-{path.name}")


def rewrite_staged(path: Path, anonymous: Mapping[str, str], pattern: str | None = None) -> Counter[str]:
    """Rewrite one staged Parquet file where it needs it: how many rows became anonymous, how many were left out.

    `anonymous` maps references (npi:..., crm:...) to anonymous parties; `pattern` finds bare ids inside other
    texts (a key made of an NPI and a day), which lose them.
    """
    table, counts = path.stem, Counter[str]()
    with duckdb.connect(config={"threads": 1, "python_enable_replacements": False}) as con:
        columns = con.execute("SELECT * FROM read_parquet(?) LIMIT 0", [str(path)]).description or []
        names = [name for name, *_ in columns]
        texts = [name for name, kind, *_ in columns if str(kind) in ("VARCHAR", "STRING")]
        con.execute("CREATE TEMP TABLE erased (ref VARCHAR PRIMARY KEY, anonymous VARCHAR)")
        con.executemany("INSERT INTO erased VALUES (?, ?)", sorted(anonymous.items()))
        refs = " OR ".join(f"{quoted(name)} IN (SELECT ref FROM erased)" for name in texts) or "false"
        inside = " OR ".join(f"regexp_matches({quoted(n)}, {literal(pattern)})" for n in texts) if pattern else ""
        hit = f"({refs}{f' OR {inside}' if inside else ''})"
        (touched,) = con.execute(f"SELECT count(*) FROM read_parquet(?) WHERE {hit}", [str(path)]).fetchone() or (0,)
        if not touched:
            return counts
        chosen = [f"{_column(table, name, texts, hit, pattern)} AS {quoted(name)}" for name in names]
        left = f"{quoted(LEFT_OUT[table])} IN (SELECT ref FROM erased)" if table in LEFT_OUT else "false"
        (gone,) = con.execute(f"SELECT count(*) FROM read_parquet(?) WHERE {left}", [str(path)]).fetchone() or (0,)
        rough = rough_name(path)
        rows = f"SELECT {', '.join(chosen)} FROM read_parquet({literal(str(path))}) WHERE ({left}) IS NOT TRUE"
        con.execute(f"COPY ({rows}) TO {literal(str(rough))} (FORMAT parquet)")
    replace_file(path, rough)
    counts["anonymous"], counts["left_out"] = touched - gone, gone
    return counts


def describe(directory: Path, anonymous: str) -> None:
    """Say in an import that holds rows of an anonymous party what it is, where nothing there says it yet."""
    path = directory / "party.parquet"
    said = f"SELECT {literal(anonymous)} AS party, {literal(KIND)} AS kind"
    with duckdb.connect(config={"threads": 1}) as con:
        if path.is_file():
            rows = f"read_parquet({literal(str(path))})"
            if con.execute(f"SELECT 1 FROM {rows} WHERE party = ?", [anonymous]).fetchone():
                return
            said = f"SELECT * FROM {rows} UNION ALL BY NAME {said}"
        rough = rough_name(path)
        con.execute(f"COPY ({said}) TO {literal(str(rough))} (FORMAT parquet)")
    replace_file(path, rough)


def _column(table: str, name: str, texts: list[str], hit: str, pattern: str | None) -> str:
    """One column of a rewritten file: references replaced, what describes the person blanked."""
    column = quoted(name)
    if name == _TELLS_WHERE:
        return f"CASE WHEN {hit} THEN NULL ELSE {column} END"
    if table == "party" and name in CONTRACT["party"].names and name != "party":
        mine = "party IN (SELECT ref FROM erased)"
        return f"CASE WHEN {mine} THEN {literal(KIND) if name == 'kind' else 'NULL'} ELSE {column} END"
    if table == "site" and name == "investigator":
        return f"CASE WHEN {column} IN (SELECT ref FROM erased) THEN NULL ELSE {column} END"
    if name not in texts:
        return column
    known = f"(SELECT e.anonymous FROM erased e WHERE e.ref = {column})"
    rest = column
    for _ in range(2 if pattern else 0):  # two neighbours share the character between them
        rest = f"regexp_replace({rest}, {literal(pattern or '')}, '\\1\\3', 'g')"
    return f"coalesce({known}, {rest})"


def rewrite_quarantined(path: Path, is_theirs: Any) -> int:
    """Empty the original text of quarantined lines that speak of the person; how many. The reason and line stay."""
    with duckdb.connect(config={"threads": 1, "python_enable_replacements": False}) as con:
        rows = con.execute("SELECT file, text, line, reason FROM read_parquet(?)", [str(path)]).fetchall()
        theirs = [is_theirs(text) or is_theirs(reason) for _, text, _, reason in rows]
        if not any(theirs):
            return 0
        con.execute("CREATE TABLE set_aside (file TEXT, text TEXT, line BIGINT, reason TEXT)")
        kept = [
            (file, "", None, "a row of a person who was erased") if mine else (file, text, line, reason)
            for (file, text, line, reason), mine in zip(rows, theirs, strict=True)
        ]
        con.executemany("INSERT INTO set_aside VALUES (?, ?, ?, ?)", kept)
        rough = rough_name(path)
        con.execute(f"COPY set_aside TO {literal(str(rough))} (FORMAT parquet)")
    replace_file(path, rough)
    return sum(theirs)


def rewrite_account(path: Path, is_theirs: Any) -> int:
    """Take the person out of the sentences of an import's account; how many said something."""
    told = json.loads(path.read_text("utf-8"))
    found = 0

    def _without(value: Any) -> Any:
        nonlocal found
        if isinstance(value, dict):
            return {key: _without(each) for key, each in value.items()}
        if isinstance(value, list):
            return [_without(each) for each in value]
        if isinstance(value, str) and is_theirs(value):
            found += 1
            return "a value of a person who was erased"
        return value

    kept = _without(told)
    if found:
        rough = rough_name(path)
        rough.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")
        replace_file(path, rough)
    return found
