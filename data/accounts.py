"""What became of every row that was read: kept, left out and why, superseded, or quarantined."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import duckdb

from data.errors import BadInput
from data.reading import FILE, ROW
from data.shaping import OUT, VERSION, Shaped
from data.tables import literal, quoted, select

LOOKED_UP = "only looked up by other files"
BLANK = "every measure is blank"


@dataclass(frozen=True, kw_only=True)
class FileAccount:
    """What became of every row of one file: read = kept + left out + superseded + quarantined."""

    file: str
    layout: str
    source: str
    read: int
    kept: int
    left_out: dict[str, int]
    superseded: int
    quarantined: int

    def __post_init__(self) -> None:
        told = self.kept + sum(self.left_out.values()) + self.superseded + self.quarantined
        if told != self.read:
            raise BadInput(
                f"{self.read:,} rows were read but {told:,} are accounted for",
                where=self.file,
                todo="This is a fault of the importer, not of the file: report it with the mapping.",
            )


def accounts(
    connection: duckdb.DuckDBPyConnection, layout: str, shaped: Shaped, refused: str, kept: str
) -> list[FileAccount]:
    """One account a file of a source.

    `refused` is the table of rows set aside, `kept` that of rows that reached some target. Kept rows are
    counted on their own and every other row by what happened to it, so that the sum is a true check.
    """
    by_file: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for file, fate, because, rows in connection.execute(_fates(shaped, refused, kept)).fetchall():
        by_file[file][fate, because] = rows
    reached = dict(connection.execute(select([quoted(FILE), "count(*)"], quoted(kept), group="1")).fetchall())
    told = []
    for place, read in shaped.read.items():
        fates = by_file[place]
        left_out: dict[str, int] = defaultdict(int)
        for (fate, because), rows in fates.items():
            if fate == "out":
                left_out[_rule_words(shaped, because)] += rows
        told.append(
            FileAccount(
                file=shaped.files[place].file.name,
                layout=layout,
                source=shaped.source.id,
                read=read,
                kept=reached.get(place, 0),
                left_out=dict(left_out),
                superseded=fates.get(("superseded", ""), 0),
                quarantined=fates.get(("quarantined", ""), 0) + len(shaped.broken[place]),
            )
        )
    return told


def _rule_words(shaped: Shaped, because: str) -> str:
    return shaped.source.leave_out[int(because)].because if because.isdigit() else because


def _fates(shaped: Shaped, refused: str, kept: str) -> str:
    """File, fate, reason and number of the rows that were read; a kept row has the fate kept."""

    def among(table: str, where: str = "") -> str:
        return f"({ROW}) IN ({select([ROW], quoted(table), where=where)})"

    out = select([f"{ROW}, {OUT}"], quoted(shaped.ready), where=f"{OUT} IS NOT NULL")
    ignored = select([ROW, "min(finding) AS finding"], quoted(refused), where="ignored", group=ROW)
    rest = literal("out" if not shaped.source.targets else "superseded")
    older = f" OR ({among(shaped.versions, f'{VERSION} > 1')} AND NOT {among(kept)})" if shaped.versions else ""
    fate = (
        f"CASE WHEN NOT {among(shaped.ready)}{older} THEN 'superseded' WHEN o.{OUT} IS NOT NULL THEN 'out' "
        f"WHEN {among(refused, 'NOT ignored')} THEN 'quarantined' WHEN i.finding IS NOT NULL THEN 'out' "
        f"WHEN {among(kept)} THEN 'kept' WHEN NOT {among(shaped.long)} THEN 'out' ELSE {rest} END"
    )
    words = f"CASE WHEN NOT {among(shaped.long)} THEN {literal(BLANK)} ELSE {literal(LOOKED_UP)} END"
    because = f"COALESCE(CAST(o.{OUT} AS VARCHAR), i.finding, {words})"
    joined = f"{quoted(shaped.table)} LEFT JOIN ({out}) AS o USING ({ROW}) LEFT JOIN ({ignored}) AS i USING ({ROW})"
    told = select([quoted(FILE), f"{fate} AS fate", f"{because} AS because"], joined)
    reason = "CASE WHEN fate = 'out' THEN because ELSE '' END"
    return select([quoted(FILE), "fate", reason, "count(*)"], f"({told})", group="1, 2, 3", order="1, 2, 3")
