"""What a build costs, against a plain DuckDB job that writes the same sorted tables and the same rollups.

The plain job is written by hand (plain.py) and given more than a build is: Parquet with every reference
resolved, everybody placed and every derived table made. It sorts, joins and adds up, and does nothing
else: no identity, no checks, no findings, no site model, no bridge, no cue. What it writes is compared
with what a build writes, row by row.
"""

from __future__ import annotations

import contextlib
import gc
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from data import shelf
from data.contract import CONTRACT
from data.engine.duckdb import building, quoted
from data.workspace import Workspace
from metrics import build as whole
from metrics import rollups, subjects
from metrics.groups import ALL_GROUPS
from tests.bench import plain
from tests.bench.measure import Line, spent

LIMIT = 3.0
# What both add up, and what a build alone has.
ADDED_UP = ("roll_", "subject_", "seat")
ALONE = ("bridge", "cue", "cue_of_team", "lying", "crowd", "crowd_span", "product_bit")
APART = frozenset({whole.FLAGS.name, whole.FORECASTS.name, whole.BRIDGE.name, "cues"})
STATEMENTS = tuple(
    each for module in (rollups, subjects) for each in vars(module).values() if hasattr(each, "cache_clear")
)
ROUNDS = 3


def measure(home: Path, scratch: Path) -> Iterator[Line]:
    """Processor and wall clock, the median of rounds in turn: of the whole build, and without models and cues."""
    workspace = Workspace.open(home)
    built = whole.build(workspace).path
    parquet = scratch / "parquet"
    tables = _export(built, parquet)
    ours, theirs = [], []
    for number in range(ROUNDS):
        for path in workspace.snapshots.glob("s*.duckdb"):
            path.unlink()
        gc.collect()
        for made_once in STATEMENTS:  # a build has a process of its own
            made_once.cache_clear()
        ours.append(_by_stage(workspace))
        rough = scratch / f"plain-{number}.duckdb"
        theirs.append(_timed(lambda rough=rough: _plain(rough, parquet, tables)))
    _same(shelf.path_of(workspace.snapshots, shelf.pointed(workspace.snapshots)), rough)
    for at, what in enumerate(("processor", "wall clock")):
        floor = statistics.median(each[at] for each in theirs)
        for name, left_out in (("build S", ()), ("build S without models and cues", APART)):
            told = [sum(took[at] for stage, took in each.items() if stage not in left_out) for each in ours]
            one = statistics.median(told)
            yield Line(f"{name}, {what}, against a plain job", one / floor, LIMIT, f"{one:.1f} / {floor:.1f} s")


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    before, wall = spent(), time.monotonic()
    work()
    return spent() - before, time.monotonic() - wall


def _by_stage(workspace: Workspace) -> dict[str, tuple[float, float]]:
    """Processor and wall clock of a build, stage by stage; what stands before the first one is `loading`."""
    took: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    running, since = "loading", (spent(), time.monotonic())

    def _told(stage: str, _done: int, _total: int) -> None:
        nonlocal running, since
        now = (spent(), time.monotonic())
        processor, wall = (after - before for after, before in zip(now, since, strict=True))
        took[running] = (took[running][0] + processor, took[running][1] + wall)
        running, since = stage, now

    whole.build(workspace, progress=_told)
    _told("", 0, 0)
    return took


def _export(built: Path, parquet: Path) -> dict[str, str]:
    """Write every table but the rollups as Parquet in no order; name each table's own order."""
    parquet.mkdir(exist_ok=True)
    orders = {}
    with contextlib.closing(duckdb.connect(str(built), read_only=True)) as con:
        for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            if not name.startswith(ADDED_UP) and name not in ALONE:
                con.execute(
                    f"COPY (SELECT * FROM {quoted(name)} ORDER BY hash(rowid + {random.Random(7).random()})) "
                    f"TO '{parquet / name}.parquet'"
                )
                orders[name] = ", ".join(quoted(key) for key in CONTRACT[name].key) if name in CONTRACT else ""
    return orders


def _plain(rough: Path, parquet: Path, tables: dict[str, str]) -> None:
    """The plain job: facts by where they stand, then every rollup, one file at the end."""
    with contextlib.closing(building(rough)) as con:
        con.begin()
        for name, order in sorted(tables.items(), key=lambda each: each[0] != "place"):
            table, source = CONTRACT.get(name), f"read_parquet('{parquet / name}.parquet')"
            subject = next((each for each in ("subject", "party", "site") if table and each in table.names), None)
            if table and table.is_fact and subject:
                source += f" f LEFT JOIN place w ON w.subject = f.{subject} AND w.hierarchy = 'field'"
                order = f"w.leaf, {', '.join(f'f.{quoted(key)}' for key in table.key)}"
                con.execute(f"CREATE TABLE {quoted(name)} AS SELECT f.* FROM {source} ORDER BY {order}")
            else:
                con.execute(
                    f"CREATE TABLE {quoted(name)} AS SELECT * FROM {source}{f' ORDER BY {order}' if order else ''}"
                )
        for statement in plain.statements():
            con.execute(statement)
        con.commit()
        con.execute("CHECKPOINT")


def _same(ours: Path, rough: Path) -> None:
    """Both wrote the same tables of sums, row by row."""
    with contextlib.closing(duckdb.connect()) as con:
        con.execute(f"ATTACH '{ours}' AS ours (READ_ONLY); ATTACH '{rough}' AS plain (READ_ONLY)")
        named = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'ours' ORDER BY 1").fetchall()
        compared = [name for (name,) in named if name.startswith(ADDED_UP)]
        assert len(compared) > len(ALL_GROUPS)
        for name in compared:
            columns = ", ".join(row[0] for row in con.execute(f"DESCRIBE ours.{name}").fetchall())
            one, two = (f"SELECT {columns} FROM {side}.{name}" for side in ("ours", "plain"))
            found = con.execute(f"SELECT count(*) FROM (({one} EXCEPT ALL {two}) UNION ALL ({two} EXCEPT ALL {one}))")
            assert found.fetchall() == [(0,)], f"{name} differs"
