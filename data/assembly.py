"""The build: staged rows become one immutable snapshot; the pointer moves only when all of it stands."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from data import checks, on_the_day, placement, staging
from data.contract import CONTRACT, Table
from data.engine.duckdb import building, literal, quoted
from data.errors import BadInput, OnepictureError
from data.findings import Finding
from data.workspace import Workspace

POINTER = "CURRENT"
FORMAT = 1
# Facts that tell what happened; plans, goals, forecasts and budgets reach past as_of by nature.
HAPPENED = {
    "outcome": "true",
    "interaction": "true",
    "detail": "true",
    "sample": "true",
    "exposure": "true",
    "exchange": "true",
    "inquiry": "true",
    "insight": "true",
    "enrolment": "basis = 'actual'",
}
_LENGTH = """
    CASE WHEN period_end - period_start = 6 THEN 'week'
         WHEN period_end - period_start BETWEEN 27 AND 30 THEN 'month'
         WHEN period_end - period_start IN (364, 365) THEN 'year'
         ELSE 'other' END
"""


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
    Raises BadInput when nothing is imported or another build is running.
    """
    say = progress or (lambda _: None)
    workspace.snapshots.mkdir(parents=True, exist_ok=True)
    with _only_build(workspace.snapshots), _scratch(workspace.snapshots) as rough:
        with contextlib.closing(building(rough)) as con:
            info = _load(con, workspace, as_of, rough, _recipe(stages), say)
            if _opens(info.path, info.id):
                say(f"nothing has changed since {info.id}")
                point_to(workspace, info.id)
                return _replace(info, reused=True)
            info = _complete(con, info, stages, say)
        os.chmod(rough, 0o444)
        os.replace(rough, info.path)
        point_to(workspace, info.id)
        say(f"{info.id} serves")
        return info


def point_to(workspace: Workspace, id: str) -> None:
    """Let a snapshot serve; a reader sees the old one or the new one, never neither."""
    pointer = workspace.snapshots / POINTER
    rough = pointer.with_name(f".{POINTER}.{uuid.uuid4().hex[:8]}")
    with open(rough, "w", encoding="utf-8") as file:
        file.write(id + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(rough, pointer)


def _load(
    con: duckdb.DuckDBPyConnection, workspace: Workspace, as_of: date | None, rough: Path, recipe: str, say: Progress
) -> SnapshotInfo:
    """Load every contract table (facts into the schema `raw`, set aside until they are placed) and date the build."""
    staged = staging.Staged.of(workspace)
    if not staged.files:
        raise BadInput(
            "nothing is imported yet", where=str(workspace.home), todo="Import first: `onepicture import PATH`."
        )
    con.execute(f"ATTACH {literal(str(rough) + '.raw')} AS raw")
    findings = [*staged.findings, *_identify(con, workspace, staged)]
    for table in CONTRACT.values():
        say(f"loading {table.name}")
        findings += staging.load(con, table, staged.files.get(table.name, ()), _schema(table))
    unknown = sorted(set(staged.files) - set(CONTRACT) - {"people"})
    findings += [
        Finding(
            code="table_unknown",
            severity="error",
            what="is staged but is no table of the contract",
            where=name,
            todo="Import again.",
        )
        for name in unknown
    ]
    grain, odd = _grain(con)
    findings += odd
    known_as_of = as_of or _latest(con)
    (anchor,) = con.execute(
        "SELECT max(period_end) FROM raw.outcome WHERE period_end <= ?", [known_as_of]
    ).fetchone() or (None,)
    told = [
        entry
        for schema in ("main", "raw")
        for entry in staging.fingerprint(con, schema, [t.name for t in CONTRACT.values() if _schema(t) == schema])
    ]
    content = hashlib.sha256(
        repr((FORMAT, recipe, known_as_of, sorted(told), sorted(map(str, findings)))).encode()
    ).hexdigest()
    id = f"s{known_as_of:%Y%m%d}-{content[:8]}"
    return SnapshotInfo(
        id=id,
        as_of=known_as_of,
        anchor=anchor or known_as_of,
        grain=grain,
        path=workspace.snapshots / f"{id}.duckdb",
        tables={name: rows for name, rows, _ in told},
        findings=tuple(findings),
    )


def _complete(
    con: duckdb.DuckDBPyConnection, info: SnapshotInfo, stages: Sequence[Stage], say: Progress
) -> SnapshotInfo:
    """Place, store sorted, check, run the stages, stamp and close off."""
    say("placing")
    findings = [*info.findings, *placement.place(con, "raw", info.anchor)]
    on_the_day.write(con, "raw", info.as_of)
    for table in CONTRACT.values():
        if table.is_fact:
            say(f"storing {table.name}")
            con.execute(_stored(con, table))
    _stamp(con, info)
    say("checking")
    findings += checks.run(con, info.as_of, info.anchor, info.grain)
    checks.write(con, findings)
    info = _replace(info, findings=tuple(findings))
    con.execute("DETACH raw")
    for stage in stages:
        say(f"computing {stage.__name__.replace('_', ' ')}")
        stage(con, info)
    con.execute("CHECKPOINT")
    return info


def _schema(table: Table) -> str:
    return "raw" if table.is_fact else "main"


def _identify(con: duckdb.DuckDBPyConnection, workspace: Workspace, staged: staging.Staged) -> tuple[Finding, ...]:
    """`identity_ref(ref, party)`: whose each outside reference is."""
    con.execute("CREATE OR REPLACE TEMP TABLE identity_ref (ref VARCHAR, party VARCHAR)")
    return ()


def _latest(con: duckdb.DuckDBPyConnection) -> date:
    """The latest day on which anything loaded happened; where nothing did, the latest day planned."""
    happened = " UNION ALL ".join(
        f"SELECT max(period_end) AS day FROM raw.{name} WHERE {which}" for name, which in HAPPENED.items()
    )
    planned = " UNION ALL ".join(
        f"SELECT max(period_end) AS day FROM raw.{t.name}" for t in CONTRACT.values() if t.is_fact
    )
    for spans in (happened, planned):
        (day,) = con.execute(f"SELECT max(day) FROM ({spans})").fetchone() or (None,)
        if day is not None:
            return day
    raise BadInput("no fact is loaded, so the build has no date", todo="Import a file with facts, or give --as-of.")


def _grain(con: duckdb.DuckDBPyConnection) -> tuple[str | None, list[Finding]]:
    """The grain of the outcome: week, month or year. Rows of any other length would count twice or
    half in a window, so they are left out and reported."""
    counted = dict(
        con.execute(f"SELECT {_LENGTH} AS grain, count(*) FROM raw.outcome GROUP BY 1 ORDER BY 2 DESC, 1").fetchall()
    )
    known = [grain for grain in counted if grain != "other"]
    grain = known[0] if known else None
    odd = sum(rows for name, rows in counted.items() if name != grain)
    if not odd:
        return grain, []
    con.execute(f"DELETE FROM raw.outcome WHERE {_LENGTH} <> coalesce(?, '')", [grain])
    what = (
        f"periods that are no {grain} are left out, the outcome being known by {grain}"
        if grain
        else "no period is a week, month or year"
    )
    return grain, [
        Finding(
            code="outcome_grain",
            severity="error",
            what=what,
            where="outcome",
            todo="Load one grain, or correct the dates.",
            rows=odd,
        )
    ]


def _stored(con: duckdb.DuckDBPyConnection, table: Table) -> str:
    """The statement that stores a fact table sorted by where its rows stand, nodes turned into leaves."""
    columns = {name: f"f.{quoted(name)}" for name in table.names}
    joins, stands = "", []
    if table.name in placement.ACTIVITY:
        joins += (
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
    name, chosen = quoted(table.name), ", ".join(columns.values())
    order = ", ".join([*stands, *(f"f.{quoted(column)}" for column in (*table.key, *table.names))])
    return f"CREATE OR REPLACE TABLE main.{name} AS SELECT {chosen} FROM raw.{name} f{joins} ORDER BY {order}"


def _main_hierarchy(con: duckdb.DuckDBPyConnection, table: Table) -> str:
    """The hierarchy whose leaves a fact is mostly read by."""
    own = {"site": ("study",), "medical": ("medical",)}.get(table.domain, ())
    kinds = dict(con.execute("SELECT kind, min(hierarchy) FROM ladder GROUP BY kind").fetchall())
    return next((kinds[kind] for kind in (*own, "field", "geography") if kind in kinds), "")


def _stamp(con: duckdb.DuckDBPyConnection, info: SnapshotInfo) -> None:
    """`build_info`: one row that says what this snapshot is."""
    con.execute(
        """
        CREATE OR REPLACE TABLE build_info
            (snapshot VARCHAR, as_of DATE, anchor DATE, grain VARCHAR,
             engine VARCHAR, contract_version BIGINT, built_at TIMESTAMP)
        """
    )
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    con.execute(
        "INSERT INTO build_info VALUES (?, ?, ?, ?, ?, ?, ?)",
        [info.id, info.as_of, info.anchor, info.grain, f"duckdb {duckdb.__version__}", FORMAT, now],
    )


def _recipe(stages: Sequence[Stage]) -> str:
    """A hash of the code that builds: the same rows built by other code are another snapshot."""
    roots = {Path(__file__).parent}
    for stage in stages:
        module = sys.modules.get(stage.__module__)
        package = sys.modules.get(stage.__module__.partition(".")[0])
        if package is not None and getattr(package, "__path__", None):
            roots.update(Path(place) for place in package.__path__)
        elif module is not None and getattr(module, "__file__", None):
            roots.add(Path(str(module.__file__)))
    digest = hashlib.sha256()
    for root in sorted(roots):
        for path in sorted(root.rglob("*.py")) if root.is_dir() else [root]:
            digest.update(path.relative_to(root.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _replace(info: SnapshotInfo, **changes: object) -> SnapshotInfo:
    return SnapshotInfo(**{**info.__dict__, **changes})  # type: ignore[arg-type]


def _opens(path: Path, id: str) -> bool:
    """Whether a finished snapshot of that id lies there whole."""
    if not path.is_file():
        return False
    try:
        with contextlib.closing(duckdb.connect(str(path), read_only=True)) as con:
            return con.execute("SELECT snapshot FROM build_info").fetchall() == [(id,)]
    except duckdb.Error:
        return False


@contextlib.contextmanager
def _only_build(directory: Path) -> Iterator[None]:
    """One build at a time; the lock ends with the process that holds it, killed or not."""
    with open(directory / ".lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise OnepictureError(
                "another build of this workspace is running",
                where=str(directory.parent),
                todo="Wait for it to end, then build again.",
            ) from problem
        yield


@contextlib.contextmanager
def _scratch(directory: Path) -> Iterator[Path]:
    """A temporary name to build under; whatever this or an earlier, killed build left is swept away."""
    try:
        yield directory / f".building-{uuid.uuid4().hex[:8]}.duckdb"
    finally:
        for left in directory.glob(".building-*"):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
