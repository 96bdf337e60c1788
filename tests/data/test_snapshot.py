"""Snapshots: the same content is the same picture, a reader never sees half a build, the last good one serves."""

from __future__ import annotations

import gc
import os
import signal
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data import shelf
from data.errors import BadInput, NoSnapshot, OnepictureError
from data.snapshot import Snapshots, assemble, history, open_snapshot
from data.workspace import Workspace
from tests import smallland
from tests.data.tinyland import outcome, tinyland

AS_OF = date(2026, 11, 22)
ROOT = Path(__file__).parents[2]
TOTAL = "SELECT sum(quantity) FROM outcome"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return smallland.workspace(tmp_path / "home", rows=tinyland())


def add(workspace: Workspace, name: str, quantity: float) -> None:
    """A later import that restates A's last week."""
    smallland.stage(workspace, {"outcome": [outcome("A", quantity)]}, name=name)


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of a snapshot, in the order stored, but for when and of which files it was built."""
    with duckdb.connect(str(path), read_only=True) as con:
        tables = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        kept = {name: "* EXCLUDE (built_at, inputs)" if name == "build_info" else "*" for name in tables}
        return {name: con.execute(f"SELECT {chosen} FROM {name}").fetchall() for name, chosen in kept.items()}


def test_a_build_says_what_it_made_and_serves_it(workspace: Workspace) -> None:
    info = assemble(workspace, AS_OF)
    snapshot = open_snapshot(workspace)
    assert (snapshot.id, snapshot.as_of, snapshot.anchor, snapshot.grain) == (
        info.id, AS_OF, date(2026, 11, 13), "week",
    )  # fmt: skip
    assert info.id.startswith("s20261122-")
    assert info.tables["outcome"] == 6
    assert snapshot.rows(TOTAL) == [(14,)]


def test_every_contract_table_exists_even_if_empty(workspace: Workspace) -> None:
    from data.contract import CONTRACT

    path = assemble(workspace, AS_OF).path
    with duckdb.connect(str(path), read_only=True) as con:
        types = {
            table.name: [(name, type) for name, type, *_ in con.execute(f"DESCRIBE {table.name}").fetchall()]
            for table in CONTRACT.values()
        }
    assert types == {t.name: [(c.name, c.type) for c in t.columns] for t in CONTRACT.values()}


def test_the_file_is_read_only_and_leaves_nothing_beside_it_but_its_seal(workspace: Workspace) -> None:
    info = assemble(workspace, AS_OF)
    assert stat.S_IMODE(info.path.stat().st_mode) == 0o444
    assert {path.name for path in workspace.snapshots.iterdir()} == {
        info.path.name, f"{info.id}.sha256", shelf.POINTER, ".lock",
    }  # fmt: skip


def test_the_same_rows_in_any_order_give_the_same_id_and_the_same_content(tmp_path: Path) -> None:
    found = []
    for shuffle in (None, 1, 2):
        workspace = smallland.workspace(tmp_path / str(shuffle), shuffle=shuffle)
        found.append(assemble(workspace, smallland.AS_OF))
    assert len({info.id for info in found}) == 1
    first, *others = (content(info.path) for info in found)
    assert all(other == first for other in others)


def test_building_again_reuses_what_stands(workspace: Workspace) -> None:
    first = assemble(workspace, AS_OF)
    moment = first.path.stat().st_mtime_ns
    again = assemble(workspace, AS_OF)
    assert (again.id, again.reused, again.path.stat().st_mtime_ns) == (first.id, True, moment)


def test_other_files_with_the_same_rows_are_the_same_snapshot(workspace: Workspace) -> None:
    first = assemble(workspace, AS_OF)
    smallland.stage(workspace, {"outcome": tinyland()["outcome"]}, name="000002-again", shuffle=1)
    again = assemble(workspace, AS_OF)
    assert (again.id, again.reused, again.tables, again.findings) == (first.id, True, first.tables, first.findings)


def test_a_standing_file_that_is_torn_is_built_anew(workspace: Workspace) -> None:
    first = assemble(workspace, AS_OF)
    first.path.chmod(0o644)
    first.path.write_bytes(b"torn")
    again = assemble(workspace, AS_OF)
    assert (again.id, again.reused) == (first.id, False)
    assert Snapshots(workspace.snapshots).current().rows(TOTAL) == [(14,)]


def test_other_content_another_day_and_other_code_are_other_snapshots(workspace: Workspace) -> None:
    from metrics.periods import month_end

    def stage(con: duckdb.DuckDBPyConnection, info: object) -> None:
        con.execute("CREATE TABLE extra (a INTEGER)")

    stage.__module__ = month_end.__module__
    ids = [
        assemble(workspace, AS_OF).id,
        assemble(workspace, date(2026, 11, 23)).id,
        assemble(workspace, AS_OF, [stage]).id,
    ]
    add(workspace, "000002-more", 100)
    ids.append(assemble(workspace, AS_OF).id)
    assert len(set(ids)) == 4
    assert set(history(workspace.snapshots)) == set(ids)


def test_a_later_import_supersedes_by_key_and_says_so(workspace: Workspace) -> None:
    add(workspace, "000002-restated", 100)
    add(workspace, "000003-restated", 50)
    assemble(workspace, AS_OF)
    snapshot = open_snapshot(workspace)
    assert snapshot.rows(TOTAL) == [(14 - 1 + 50,)]
    assert [(f.code, f.rows) for f in snapshot.findings() if f.where == "outcome"] == [("restated", 1)]


def test_stages_run_in_order_on_the_placed_tables_and_know_the_snapshot(workspace: Workspace) -> None:
    seen = []

    def first(con: duckdb.DuckDBPyConnection, info: object) -> None:
        con.execute("CREATE TABLE one AS SELECT subject, leaf FROM place")
        seen.append(info.id)  # type: ignore[attr-defined]

    def second(con: duckdb.DuckDBPyConnection, info: object) -> None:
        con.execute("CREATE TABLE two AS SELECT count(*) AS n FROM one")

    info = assemble(workspace, AS_OF, [first, second])
    assert seen == [info.id]
    assert open_snapshot(workspace).rows("SELECT n FROM two") == [(3,)]


def test_a_build_that_fails_leaves_the_last_good_one_serving(workspace: Workspace) -> None:
    good = assemble(workspace, AS_OF)
    add(workspace, "000002-more", 100)

    def breaks(con: duckdb.DuckDBPyConnection, info: object) -> None:
        raise OnepictureError("the model does not fit")

    with pytest.raises(OnepictureError, match="does not fit"):
        assemble(workspace, AS_OF, [breaks])
    assert open_snapshot(workspace).id == good.id
    assert [path.name for path in workspace.snapshots.glob(".building*")] == []


def test_a_build_killed_half_way_leaves_the_last_good_one_serving_and_the_next_one_sweeps_up(
    workspace: Workspace,
) -> None:
    good = assemble(workspace, AS_OF)
    add(workspace, "000002-more", 100)
    script = (
        "import os, signal, sys; from datetime import date\n"
        "from data.snapshot import assemble; from data.workspace import Workspace\n"
        "def die(con, info): os.kill(os.getpid(), signal.SIGKILL)\n"
        "assemble(Workspace.open(sys.argv[1]), date(2026, 11, 22), [die])\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(workspace.home)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert list(workspace.snapshots.glob(".building*"))
    assert Snapshots(workspace.snapshots).current().id == good.id
    after = assemble(workspace, AS_OF)
    assert after.id != good.id
    assert list(workspace.snapshots.glob(".building*")) == []
    assert open_snapshot(workspace).rows(TOTAL) == [(14 - 1 + 100,)]


def test_two_builds_at_once_are_refused_in_words(workspace: Workspace) -> None:
    with shelf.only_build(workspace.snapshots), pytest.raises(OnepictureError, match="another build"):
        assemble(workspace, AS_OF)


def test_nothing_imported_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="onepicture import"):
        assemble(Workspace.create(tmp_path / "home"), AS_OF)


def test_a_reader_keeps_its_picture_while_the_pointer_moves(workspace: Workspace) -> None:
    assemble(workspace, AS_OF)
    before = open_snapshot(workspace)
    add(workspace, "000002-more", 100)
    assemble(workspace, AS_OF)
    after = open_snapshot(workspace)
    assert (before.rows(TOTAL), after.rows(TOTAL)) == ([(14,)], [(113,)])
    assert before.id != after.id


def test_an_old_picture_is_closed_when_nobody_holds_it(workspace: Workspace) -> None:
    assemble(workspace, AS_OF)
    shelved = Snapshots(workspace.snapshots)
    old = shelved.current()
    name = old._name
    add(workspace, "000002-more", 100)
    assemble(workspace, AS_OF)
    new = shelved.current()
    attached = "SELECT database_name FROM duckdb_databases()"
    assert (name,) in new.rows(attached)
    del old
    gc.collect()
    assert (name,) not in new.rows(attached)


def test_eight_threads_read_right_answers_while_snapshots_change(workspace: Workspace) -> None:
    first = assemble(workspace, AS_OF).id
    add(workspace, "000002-more", 100)
    second = assemble(workspace, AS_OF).id
    truth = {first: [(14,)], second: [(113,)]}
    shelved, stop = Snapshots(workspace.snapshots), threading.Event()

    def swap() -> None:
        while not stop.is_set():
            for id in (first, second):
                shelf.point_to(workspace.snapshots, id)
                stop.wait(0.005)

    def read(_: int) -> bool:
        snapshot = shelved.current()
        return snapshot.rows(TOTAL) == truth[snapshot.id]

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(read, range(400)))
    finally:
        stop.set()
        swapping.join()


def test_an_older_snapshot_opens_by_its_id(workspace: Workspace) -> None:
    first = assemble(workspace, AS_OF).id
    add(workspace, "000002-more", 100)
    assemble(workspace, AS_OF)
    assert open_snapshot(workspace, first).rows(TOTAL) == [(14,)]


def test_a_new_snapshot_that_does_not_open_is_passed_over(workspace: Workspace) -> None:
    good = assemble(workspace, AS_OF)
    shelved = Snapshots(workspace.snapshots)
    assert shelved.current().id == good.id
    (workspace.snapshots / "s20261201-deadbeef.duckdb").write_bytes(b"not a database")
    shelf.point_to(workspace.snapshots, "s20261201-deadbeef")
    assert shelved.current().id == good.id
    shelf.point_to(workspace.snapshots, "s20261202-missing0")
    assert shelved.current().id == good.id


@pytest.mark.parametrize("id", ["s20261122-00000000", "../../etc/passwd", "CURRENT"])
def test_an_id_that_is_no_snapshot_is_said_in_words(workspace: Workspace, id: str) -> None:
    assemble(workspace, AS_OF)
    with pytest.raises(NoSnapshot) as caught:
        open_snapshot(workspace, id)
    assert caught.value.exit_code == 4


def test_before_the_first_build_the_error_says_how_to_build(workspace: Workspace) -> None:
    with pytest.raises(NoSnapshot, match="onepicture build"):
        open_snapshot(workspace)


def test_a_half_written_import_is_not_read(workspace: Workspace) -> None:
    smallland.stage(workspace, {"outcome": [outcome("A", 999)]}, name=".000002-half")
    assemble(workspace, AS_OF)
    assert open_snapshot(workspace).rows(TOTAL) == [(14,)]


def test_what_a_snapshot_says_of_itself(tmp_path: Path) -> None:
    workspace = smallland.workspace(tmp_path / "home")
    assemble(workspace, smallland.AS_OF)
    snapshot = open_snapshot(workspace)
    assert [hierarchy.id for hierarchy in snapshot.hierarchies()] == ["field", "medical", "study"]
    assert [(product.id, product.own) for product in snapshot.products()] == [
        ("alfa", True), ("beta", True), ("rival", False),
    ]  # fmt: skip
    assert snapshot.published == frozenset()
    assert snapshot.nodes("field")["SM_N1a"].parent == "SM_N1"
    with pytest.raises(OnepictureError, match='Did you mean "field"'):
        snapshot.nodes("feild")
    assert snapshot.frame("SELECT count(*) AS n FROM outcome")["n"].tolist() == [1800]


def test_a_fact_is_published_when_every_feed_of_it_is(workspace: Workspace) -> None:
    feeds = [("a", "outcome", True), ("b", "goal", True), ("c", "goal", False)]
    rows = [{"feed": feed, "fact": fact, "grain": "week", "published": published} for feed, fact, published in feeds]
    smallland.stage(workspace, {"coverage": rows}, name="000002-coverage")
    assemble(workspace, AS_OF)
    assert open_snapshot(workspace).published == {"outcome"}


def test_facts_are_stored_by_where_they_stand(tmp_path: Path) -> None:
    workspace = smallland.workspace(tmp_path / "home", shuffle=3)
    assemble(workspace, smallland.AS_OF)
    stored = open_snapshot(workspace).rows(
        "SELECT p.leaf FROM outcome o JOIN place p ON p.subject = o.subject AND p.hierarchy = 'field' ORDER BY o.rowid"
    )
    assert stored == sorted(stored)


def test_nobody_else_may_read_a_workspace_s_snapshots(workspace: Workspace) -> None:
    assemble(workspace, AS_OF)
    assert stat.S_IMODE(os.stat(workspace.snapshots).st_mode) == 0o700
