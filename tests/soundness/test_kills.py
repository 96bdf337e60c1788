"""A build killed at any instant, cut short by a full disk or run twice at once: the last good snapshot serves.

Each round imports something more and starts a build in a process of its own, which is killed after a
random while. A reader beside it looks without pause and may only ever see a whole snapshot: one whose
total is that of everything imported up to some round, with every rollup that a page reads.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import ModuleType

import pytest

from data import shelf
from data.errors import OnepictureError
from data.snapshot import Snapshots, open_snapshot
from data.workspace import Workspace
from metrics.build import build
from tests import smallland
from tests.data.tinyland import outcome, tinyland

AS_OF = date(2026, 11, 22)
TOTAL = "SELECT CAST(sum(quantity) AS DOUBLE) FROM outcome"
TABLES = "SELECT count(*) FROM duckdb_tables()"


@pytest.fixture(scope="module")
def processes() -> Iterator[ForkServerContext]:
    """Processes that have the build loaded already, so that a kill falls into the work and not into its imports."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["metrics.build"])
    with pytest.MonkeyPatch.context() as patch:
        # A process would otherwise begin by running again whatever runs these tests.
        patch.setitem(sys.modules, "__main__", ModuleType("__main__"))
        yield context


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = smallland.workspace(tmp_path / "home", rows=tinyland())
    build(found, AS_OF)
    return found


def build_it(home: str) -> None:
    """A build, as its own process runs it."""
    build(Workspace.open(home), AS_OF)


def build_on_a_full_disk(home: str, room: int) -> None:
    """A build that may write `room` bytes into a file and no more, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    try:
        build(Workspace.open(home), AS_OF)
    except OnepictureError:
        raise SystemExit(7) from None


class Watcher(threading.Thread):
    """Looks at what serves, without pause, and notes every total and every table count that it saw."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(daemon=True)
        self.seen: set[tuple[float, int]] = set()
        self.looks, self.faults = 0, list[str]()
        self._shelved, self._over = Snapshots(workspace.snapshots), threading.Event()

    def run(self) -> None:
        """Looks until told to stop."""
        while not self._over.is_set():
            try:
                snapshot = self._shelved.current()
                ((total,),), ((tables,),) = snapshot.rows(TOTAL), snapshot.rows(TABLES)
                self.seen.add((total, tables))
            except Exception as fault:
                self.faults.append(repr(fault))
            self.looks += 1
            time.sleep(0.002)

    def stop(self) -> None:
        """Stops it, and says what went wrong."""
        self._over.set()
        self.join()
        assert not self.faults, self.faults[:3]


def _kill(workspace: Workspace, processes: ForkServerContext, rounds: int, seed: int) -> None:
    chance, totals = random.Random(seed), {14.0}
    tables = open_snapshot(workspace).rows(TABLES)[0][0]
    watcher = Watcher(workspace)
    watcher.start()
    whole, died = 60.0, 0
    for round in range(1, rounds + 1):
        smallland.stage(workspace, {"outcome": [outcome("A", 1 + round)]}, name=f"{round + 1:06d}-more")
        totals.add(14.0 + round)
        process = processes.Process(target=build_it, args=(str(workspace.home),))
        started = time.monotonic()
        process.start()
        # The first loads the code, the second says how long a build takes.
        process.join(60.0 if round < 3 else chance.uniform(0, 1.1 * whole))
        process.kill()
        process.join()
        died += process.exitcode == -signal.SIGKILL
        if process.exitcode == 0:
            whole = time.monotonic() - started
    watcher.stop()
    assert died, "no build was killed: the test proves nothing"
    assert {total for total, _ in watcher.seen} <= totals
    assert {count for _, count in watcher.seen} == {tables}
    build(workspace, AS_OF)
    assert open_snapshot(workspace).rows(TOTAL) == [(14.0 + rounds,)]
    assert not list(workspace.snapshots.glob(".building*"))
    assert not any(shelf.broken(workspace.snapshots, id) for id in shelf.history(workspace.snapshots))
    print(f"{died} of {rounds} builds killed; {watcher.looks} looks saw {len(watcher.seen)} snapshots")  # noqa: T201


def test_killed_at_random_instants(workspace: Workspace, processes: ForkServerContext) -> None:
    _kill(workspace, processes, rounds=3, seed=3)


@pytest.mark.slow
def test_killed_fifty_times(workspace: Workspace, processes: ForkServerContext) -> None:
    _kill(workspace, processes, rounds=50, seed=11)


@pytest.mark.parametrize("room", [1 << 12, 1 << 18, 1 << 20])
def test_a_full_disk_is_said_and_the_last_good_one_serves(
    workspace: Workspace, processes: ForkServerContext, room: int
) -> None:
    good = open_snapshot(workspace).id
    smallland.stage(workspace, {"outcome": [outcome("A", 100)]}, name="000002-more")
    process = processes.Process(target=build_on_a_full_disk, args=(str(workspace.home), room))
    process.start()
    process.join(60)
    assert process.exitcode == 7, "it ends in words, not in a traceback"
    assert Snapshots(workspace.snapshots).current().id == good
    assert not list(workspace.snapshots.glob(".building*"))
    build(workspace, AS_OF)
    assert open_snapshot(workspace).rows(TOTAL) == [(14.0 + 99,)]
