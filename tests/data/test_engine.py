"""The engine: threads get their own answers, nothing but the snapshot can be reached, long queries stop."""

from __future__ import annotations

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from data.engine import ServingRoot, building
from data.engine.deadline import Deadlines
from data.errors import NoSnapshot, TookTooLong

LONG = "SELECT count(*) FROM range(100000000) a, range(100000) b WHERE hash(a.range) = hash(b.range)"


@pytest.fixture
def root(tmp_path: Path) -> ServingRoot:
    with building(tmp_path / "one.duckdb") as con:
        con.execute(
            "CREATE TABLE t AS SELECT i, i * i AS square, CAST(i AS DECIMAL(18,4)) AS amount FROM range(5000) r(i)"
        )
    made = ServingRoot(tmp_path, threads=2)
    made.attach(tmp_path / "one.duckdb", "one")
    return made


def test_eight_threads_each_get_their_own_answer(root: ServingRoot) -> None:
    def asked(number: int) -> bool:
        return root.rows("one", "SELECT square FROM t WHERE i = ?", [number]) == [(number * number,)]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(asked, range(400)))


def test_rows_are_exact_and_frames_are_tables(root: ServingRoot) -> None:
    assert root.rows("one", "SELECT sum(amount) FROM t WHERE i < $n", {"n": 4}) == [(Decimal("6.0000"),)]
    frame = root.frame("one", "SELECT i, square FROM t WHERE i < ? ORDER BY i", [3])
    assert frame["square"].tolist() == [0, 1, 4]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('{outside}')",
        "ATTACH '{outside}' AS other",
        "COPY t TO '{outside}'",
        "INSTALL httpfs",
        "SET threads = 8",
        "SET enable_external_access = true",
        "CREATE TABLE one.main.mine (a INTEGER)",
        "INSERT INTO t VALUES (1, 1, 1)",
    ],
)
def test_sql_reaches_nothing_but_the_snapshots_and_changes_nothing(
    root: ServingRoot, tmp_path_factory: pytest.TempPathFactory, sql: str
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "file"
    with pytest.raises(duckdb.Error):
        root.rows("one", sql.format(outside=outside))
    assert not outside.exists()


def test_sql_does_not_read_the_callers_variables(root: ServingRoot) -> None:
    import pandas as pd

    secret_frame = pd.DataFrame({"secret": [1]})
    with pytest.raises(duckdb.Error, match="secret_frame"):
        root.rows("one", "SELECT * FROM secret_frame")
    assert len(secret_frame) == 1


def test_a_long_query_is_stopped_and_said_in_words(root: ServingRoot) -> None:
    began = time.monotonic()
    with pytest.raises(TookTooLong, match="longer than"):
        root.rows("one", LONG, timeout=0.3)
    assert time.monotonic() - began < 10
    assert root.rows("one", "SELECT count(*) FROM t") == [(5000,)]


def test_a_file_that_is_no_snapshot_does_not_open(root: ServingRoot, tmp_path: Path) -> None:
    (tmp_path / "torn.duckdb").write_bytes(b"half a file")
    with pytest.raises(NoSnapshot, match=r"torn\.duckdb"):
        root.attach(tmp_path / "torn.duckdb", "torn")


def test_a_closed_snapshot_answers_no_more_and_may_be_closed_twice(root: ServingRoot) -> None:
    root.detach("one")
    root.detach("one")
    with pytest.raises(duckdb.Error):
        root.rows("one", "SELECT 1")


def test_a_deadline_stops_only_what_still_runs() -> None:
    deadlines, stopped = Deadlines(), []
    with deadlines.within(0.05, lambda: stopped.append("quick")):
        pass
    reached = threading.Event()
    with deadlines.within(30, lambda: stopped.append("patient")), deadlines.within(0.05, reached.set):
        assert reached.wait(5)
    deadlines.end()
    assert stopped == []


def test_finished_work_is_let_go() -> None:
    class Work:
        def stop(self) -> None: ...

    deadlines, work = Deadlines(), Work()
    with deadlines.within(30, work.stop):
        pass
    assert not [held for held in gc.get_referrers(work) if isinstance(held, dict) and held is deadlines._running]
    assert deadlines._running == {}
    deadlines.end()


def test_what_is_missing_in_a_frame_is_missing(root: ServingRoot) -> None:
    told = root.frame("one", "SELECT * FROM (VALUES ('a', 1, TRUE, 1.5), (NULL, NULL, NULL, NULL)) AS v(w, n, f, x)")
    assert told.isna().to_numpy().tolist() == [[False] * 4, [True] * 4]
    assert told.iloc[0].tolist() == ["a", 1, True, 1.5]
