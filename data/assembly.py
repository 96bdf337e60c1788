"""The build: staged rows become one immutable snapshot; the pointer moves only when all of it stands."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from data import checks, dating, on_the_day, placement, resolving, shelf, staging
from data.contract import CONTRACT, Table
from data.engine.duckdb import building, literal, quoted
from data.errors import BadInput, NoSnapshot, OnepictureError
from data.findings import Finding
from data.fitting import CONTRACT_VERSION
from data.recipe import inputs_of, recipe_of
from data.serving import Snapshots
from data.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class SnapshotInfo:
    """What a build made: its id, the day it speaks of, the last complete outcome period, its rows."""

    id: str
    as_of: date
    anchor: date
    grain: str | None
    path: Path
    tables: dict[str, int]
    findings: tuple[Finding, ...] = ()
    reused: bool = False


Stage = Callable[[duckdb.DuckDBPyConnection, SnapshotInfo], None]
Progress = Callable[[str], None]


def assemble(
    workspace: Workspace, as_of: date | None = None, stages: Sequence[Stage] = (), progress: Progress | None = None
) -> SnapshotInfo:
    """Build a snapshot out of everything imported, and let it serve.

    It is written under a temporary name, loaded, placed, checked, completed by each of `stages`,
    made read-only and then pointed to; until that moment the last good one keeps serving, and a
    build that fails or is killed changes nothing. Its id is s<as_of>-<hash of the content and of
    the code that built it>; when that snapshot exists already, it is pointed to and not built again.
    Raises BadInput when nothing is imported, OnepictureError when another build is running.
    """
    say = progress or (lambda _: None)
    directory, recipe = workspace.snapshots, recipe_of(stages)
    with shelf.only_build(directory), shelf.under_work(directory) as rough, _room_to_write():
        inputs = inputs_of(workspace, as_of, recipe)
        standing = _standing(directory, shelf.pointed(directory), inputs)
        if standing is None:
            with contextlib.closing(building(rough)) as con:
                con.execute("ATTACH ':memory:' AS raw (COMPRESS)")
                info = _identified(con, directory, as_of, _load(con, workspace, say), recipe)
                standing = _standing(directory, info.id)
                if standing is None:
                    info = _complete(con, info, inputs, stages, say)
            if standing is None:
                shelf.put(rough, directory, info.id)
        info = standing or info
        shelf.point_to(directory, info.id)
        say(f"{info.id} serves")
        return info


@contextlib.contextmanager
def _room_to_write() -> Iterator[None]:
    """Say in words that the disk is full or may not be written; any other fault stays a fault."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.FatalException) as problem:
        said = str(problem).splitlines()[0]
        if isinstance(problem, duckdb.FatalException) and "write" not in said:
            raise
        why = said.rpartition(": ")[2] if ": " in said else said
        todo = "Make sure that there is room and that you may write there; the last good snapshot keeps serving."
        raise OnepictureError(f"the snapshot cannot be written: {why}", where="snapshots", todo=todo) from problem


def _load(con: duckdb.DuckDBPyConnection, workspace: Workspace, say: Progress) -> list[Finding]:
    """Load every contract table; facts wait in the schema `raw` until they are placed."""
    staged = staging.Staged.of(workspace)
    if not staged.files:
        todo = "Import something first: `onepicture import PATH`."
        raise BadInput("nothing is imported yet", where=str(workspace.home), todo=todo)
    findings = [*staged.findings, *resolving.resolve(workspace, con)]
    for facts in (True, False):
        # One transaction a database: a commit waits for the disk, and each table would be one.
        con.begin()
        for table in (table for table in CONTRACT.values() if table.is_fact is facts):
            files = staged.files.get(table.name, ())
            if files:
                say(f"loading {table.name}")
            findings += staging.load(con, table, files, _schema(table))
        con.commit()
    findings += [
        Finding(
            code="table_unknown",
            severity="error",
            what="rows are staged for it, but the contract has no such table",
            where=name,
            todo="Import the files again with this version.",
        )
        for name in sorted(set(staged.files) - set(CONTRACT))
    ]
    return findings


def _identified(
    con: duckdb.DuckDBPyConnection, directory: Path, as_of: date | None, findings: list[Finding], recipe: str
) -> SnapshotInfo:
    """Date what is loaded and give it its id."""
    grain, odd = dating.one_grain(con, "raw")
    findings = [*findings, *odd]
    day = as_of or dating.latest_day(con, "raw")
    told = sorted(staging.fingerprint(con, _schema(table), table) for table in CONTRACT.values())
    content = repr((CONTRACT_VERSION, recipe, day, told, sorted(map(str, findings))))
    id = f"s{day:%Y%m%d}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
    return SnapshotInfo(
        id=id,
        as_of=day,
        anchor=dating.anchor_of(con, "raw", day),
        grain=grain,
        path=shelf.path_of(directory, id),
        tables={name: rows for name, rows, _ in told},
        findings=tuple(findings),
    )


def _complete(
    con: duckdb.DuckDBPyConnection, info: SnapshotInfo, inputs: str, stages: Sequence[Stage], say: Progress
) -> SnapshotInfo:
    """Place, store sorted, stamp, check, and run the stages."""
    say("placing everybody")
    con.begin()
    findings = [*info.findings, *placement.place(con, "raw", info.anchor)]
    on_the_day.write(con, "raw", info.as_of)
    for table in CONTRACT.values():
        if table.is_fact:
            con.execute(_stored(con, table))
    _stamp(con, info, inputs)
    say("checking")
    findings += checks.run(con, info.as_of, info.anchor, info.grain)
    checks.write(con, findings)
    con.commit()
    info = replace(info, findings=tuple(findings))
    con.execute("DETACH raw")
    for stage in stages:
        stage(con, info)
    con.execute("CHECKPOINT")
    return info


def _schema(table: Table) -> str:
    return "raw" if table.is_fact else "main"


# An e-mail may be read one by one when it says so itself, or a consent does, and the consent was not taken back.
_TRACKED = (
    "CASE WHEN f.channel IN ('email', 'rep_email') "
    "THEN k.agreed IS DISTINCT FROM FALSE AND coalesce(f.tracking, k.agreed, FALSE) ELSE f.tracking END"
)


def _stored(con: duckdb.DuckDBPyConnection, table: Table) -> str:
    """The statement that stores a fact table sorted by where its rows stand, nodes turned into leaves."""
    columns = {name: f"f.{quoted(name)}" for name in table.names}
    joins, stands = "", []
    if table.name in placement.ACTIVITY:
        joins = (
            " LEFT JOIN activity_leaf a ON a.node_said = f.node AND a.hierarchy_said IS NOT DISTINCT FROM f.hierarchy"
        )
        columns["hierarchy"] = "CASE WHEN f.node IS NULL THEN f.hierarchy ELSE a.hierarchy END AS hierarchy"
        columns["node"] = "a.leaf AS node"
        stands.append("a.leaf")
    if table.name in placement.SUBJECTS:
        subject, _ = placement.SUBJECTS[table.name]
        main = literal(_main_hierarchy(con, table))
        joins += f" LEFT JOIN place w ON w.subject = f.{quoted(subject)} AND w.hierarchy = {main}"
        stands.append("w.leaf")
    if table.name == "exposure":
        joins += " LEFT JOIN tracking_now k ON k.party = f.party"
        columns["tracking"] = f"{_TRACKED} AS tracking"
    name, chosen = quoted(table.name), ", ".join(columns.values())
    order = ", ".join([*stands, *(f"f.{quoted(column)}" for column in table.key)])
    return f"CREATE OR REPLACE TABLE main.{name} AS SELECT {chosen} FROM raw.{name} f{joins} ORDER BY {order}"


def _main_hierarchy(con: duckdb.DuckDBPyConnection, table: Table) -> str:
    """The hierarchy whose leaves a fact is mostly read by."""
    own = {"site": ("study",), "medical": ("medical",)}.get(table.domain, ())
    kinds = dict(con.execute("SELECT kind, min(hierarchy) FROM ladder GROUP BY kind").fetchall())
    return next((kinds[kind] for kind in (*own, "field", "geography") if kind in kinds), "")


def _stamp(con: duckdb.DuckDBPyConnection, info: SnapshotInfo, inputs: str) -> None:
    """`build_info`: one row that says what this snapshot is."""
    con.execute(
        """
        CREATE OR REPLACE TABLE build_info
            (snapshot VARCHAR, as_of DATE, anchor DATE, grain VARCHAR,
             engine VARCHAR, contract_version BIGINT, built_at TIMESTAMP, inputs VARCHAR)
        """
    )
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    con.execute(
        "INSERT INTO build_info VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [info.id, info.as_of, info.anchor, info.grain, f"duckdb {duckdb.__version__}", CONTRACT_VERSION, now, inputs],
    )


def _standing(directory: Path, id: str, inputs: str | None = None) -> SnapshotInfo | None:
    """What stands finished and whole under that id, made of those inputs where they are given."""
    if id not in shelf.history(directory):
        return None
    with contextlib.closing(Snapshots(directory)) as shelved, contextlib.suppress(NoSnapshot, duckdb.Error):
        snapshot = shelved.open(id)
        if inputs in (None, snapshot.rows("SELECT inputs FROM build_info")[0][0]):
            return SnapshotInfo(
                id=snapshot.id,
                as_of=snapshot.as_of,
                anchor=snapshot.anchor,
                grain=snapshot.grain,
                path=snapshot.path,
                tables={name: snapshot.rows(f"SELECT count(*) FROM {quoted(name)}")[0][0] for name in CONTRACT},
                findings=snapshot.findings(),
                reused=True,
            )
    return None
