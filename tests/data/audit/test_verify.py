"""Whatever single thing somebody does to the lines, the check says which line, in three parts."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from data.audit import anchors, chain, verify
from data.audit.line import canonical, linked
from data.audit.verify import Checked
from data.ledger import Ledger
from data.workspace import Workspace
from tests.data.audit.ledgers import LINE, another_process, tampering, written

CHAINS = (5, 1, 4)
COLUMNS = (
    "at", "who", "role", "acting_as", "acting_role", "did", "object", "scope", "hierarchy", "place", "product", "rows",
    "filters", "filters_hash", "policy", "snapshot", "reason", "hash",
)  # fmt: skip
VALUES = st.text(st.characters(codec="ascii"), min_size=1, max_size=8) | st.integers(0, 9)
LAST = (5, 6, 10)  # of each chain
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three chains, anchored when all was written."""
    workspace = written(tmp_path_factory.mktemp("whole") / "home", *CHAINS)
    anchors.anchor(Ledger(workspace).store, workspace.home / "anchors.jsonl")
    with sqlite3.connect(workspace.ledger_path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return workspace.home


@pytest.fixture
def after(whole: Path, tmp_path: Path) -> Callable[[Callable[[sqlite3.Connection], object]], Checked]:
    """What the check finds after somebody had the file in hand."""

    def _after(tamper: Callable[[sqlite3.Connection], object], anchored: bool = True) -> Checked:
        home = tmp_path / "copy"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(whole, home)
        workspace = Workspace.open(home)
        with tampering(workspace.ledger_path) as connection:
            tamper(connection)
        known = anchors.read(home / "anchors.jsonl") if anchored else ()
        return verify.check(Ledger(workspace).store, known)

    return _after


def put(connection: sqlite3.Connection, row: dict[str, object]) -> None:
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO audit_line ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def ids(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT id FROM audit_line ORDER BY id")]


def test_a_ledger_that_nobody_touched_is_whole(after) -> None:
    found = after(lambda connection: None)
    assert (found.whole, found.lines, found.chains, found.through) == (True, sum(CHAINS), len(CHAINS), sum(CHAINS))


@FEW
@given(number=st.integers(1, sum(CHAINS)), column=st.sampled_from(COLUMNS), value=VALUES)
def test_any_edit_of_any_field_is_found(after, number: int, column: str, value: object) -> None:
    changed = []

    def edit(connection: sqlite3.Connection) -> None:
        read = f"SELECT {column} FROM audit_line WHERE id = {number}"
        before = connection.execute(read).fetchone()
        connection.execute(f"UPDATE audit_line SET {column} = ? WHERE id = {number}", (value,))
        changed.append(connection.execute(read).fetchone() != before)

    found = after(edit, anchored=False)
    assume(changed[-1])
    assert not found.whole
    seq = number if number <= 5 else number - 5 if number == 6 else number - 6
    writer = 1 if number <= 5 else 2 if number == 6 else 3
    said = [broken.where for broken in found.broken]
    assert f"chain {writer}, line {seq}" in said
    assert all(broken.what and broken.where and broken.todo for broken in found.broken)


@FEW
@given(gone=st.sets(st.integers(1, sum(CHAINS)), min_size=1))
def test_any_lines_taken_away_are_found(after, gone: set[int]) -> None:
    marks = ", ".join(map(str, gone))
    assert not after(lambda connection: connection.execute(f"DELETE FROM audit_line WHERE id IN ({marks})")).whole


@FEW
@given(at=st.integers(1, sum(CHAINS)), copied=st.integers(1, sum(CHAINS)), forged=st.booleans())
def test_a_line_put_in_between_is_found(after, at: int, copied: int, forged: bool) -> None:
    assume(not (forged and at == copied and at in LAST))  # that adds a line, as its writer could have done

    def insert(connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        place = dict(connection.execute("SELECT * FROM audit_line WHERE id = ?", (at,)).fetchone())
        row = dict(connection.execute("SELECT * FROM audit_line WHERE id = ?", (copied,)).fetchone())
        for each in sorted(ids(connection), reverse=True):
            connection.execute("UPDATE audit_line SET id = id + 1 WHERE id = ? AND id >= ?", (each, at))
        later = "SELECT id FROM audit_line WHERE writer = ? AND seq >= ? ORDER BY seq DESC"
        for (each,) in connection.execute(later, (place["writer"], place["seq"])).fetchall():
            connection.execute("UPDATE audit_line SET seq = seq + 1 WHERE id = ?", (each,))
        row |= {"id": at, "writer": place["writer"], "seq": place["seq"]}
        put(connection, row)
        if forged:
            relink(connection, place["writer"])

    assert not after(insert).whole


@FEW
@given(
    one=st.integers(1, sum(CHAINS)), other=st.integers(1, sum(CHAINS)), how=st.sampled_from(["places", "texts", "ids"])
)
def test_any_two_lines_swapped_are_found(after, one: int, other: int, how: str) -> None:
    assume(one != other)

    def swap(connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        a, b = (
            dict(connection.execute("SELECT * FROM audit_line WHERE id = ?", (each,)).fetchone())
            for each in (one, other)
        )
        assume(how != "ids" or a["writer"] == b["writer"])  # between chains the order of the ledger is nobody's word
        moved = {"places": ("writer", "seq"), "texts": (*COLUMNS,), "ids": ("id",)}[how]
        connection.execute("DELETE FROM audit_line WHERE id IN (?, ?)", (one, other))
        for row, given_ in ((a, b), (b, a)):
            row = row | {name: given_[name] for name in moved}
            put(connection, row)

    assert not after(swap, anchored=False).whole


@FEW
@given(last=st.integers(0, sum(CHAINS) - 1))
def test_a_tail_cut_off_is_found_by_the_anchors(after, last: int) -> None:
    found = after(lambda connection: connection.execute("DELETE FROM audit_line WHERE id > ?", (last,)))
    assert any("gone" in broken.what for broken in found.broken)


@pytest.mark.parametrize("writer", [1, 2, 3])
@pytest.mark.parametrize("registered", [True, False])
def test_a_chain_taken_away_is_found(after, writer: int, registered: bool) -> None:
    def remove(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM audit_line WHERE writer = ?", (writer,))
        if registered:
            connection.execute("DELETE FROM audit_writer WHERE number = ?", (writer,))

    found = after(remove)
    assert any(f"chain {writer}" in str(broken) and "gone" in broken.what for broken in found.broken)
    if writer < 3:  # a later writer remembers it without any anchor
        assert not after(remove, anchored=False).whole


def relink(connection: sqlite3.Connection, writer: int) -> None:
    """Somebody who knows how lines are linked computes every hash of a chain anew."""
    connection.row_factory = sqlite3.Row
    (before,) = connection.execute("SELECT hash FROM audit_writer WHERE number = ?", (writer,)).fetchone()
    rows = connection.execute("SELECT * FROM audit_line WHERE writer = ? ORDER BY seq", (writer,)).fetchall()
    for row in rows:
        before = linked(before, writer, row["seq"], canonical(dict(row)))
        connection.execute("UPDATE audit_line SET hash = ? WHERE id = ?", (before, row["id"]))


@pytest.mark.parametrize("number", range(1, sum(CHAINS) + 1))
def test_a_chain_forged_anew_from_an_edit_on_is_found_by_the_anchors(after, number: int) -> None:
    def forge(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE audit_line SET rows = 999 WHERE id = ?", (number,))
        (writer,) = connection.execute("SELECT writer FROM audit_line WHERE id = ?", (number,)).fetchone()
        relink(connection, writer)

    found = after(forge)
    assert any("remembers another line" in broken.what for broken in found.broken)
    if number <= 6:  # the writers that came later remember the last line that they found
        assert any("chain" in broken.what for broken in after(forge, anchored=False).broken)


def test_a_chain_of_nobody_is_found(after) -> None:
    def forge(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE audit_line SET writer = 9 WHERE writer = 3")
        connection.execute("INSERT INTO audit_line SELECT 99, 3, 1, at, who, role, acting_as, acting_role, did, object, scope, hierarchy, place, product, rows, filters, filters_hash, policy, snapshot, reason, hash FROM audit_line WHERE id = 1")  # fmt: skip  # noqa: E501

    assert any(broken.where == "chain 9" for broken in after(forge).broken)


def test_a_forged_writer_is_found(after) -> None:
    assert not after(lambda connection: connection.execute("UPDATE audit_writer SET program = 'x' WHERE number = 2"), False).whole  # fmt: skip  # noqa: E501


def test_a_line_added_later_than_it_says_is_found_by_the_anchors(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "copy")
    workspace = Workspace.open(tmp_path / "copy")
    another_process()
    ledger = Ledger(workspace)
    (old,) = ledger.audit_lines()[:1]
    ledger.write_audit(**LINE)
    known = anchors.read(workspace.home / "anchors.jsonl")
    assert verify.check(ledger.store, known).whole
    ledger.write_audit(**LINE, at=old.at.replace(year=old.at.year - 1))
    (broken,) = verify.check(ledger.store, known).broken
    assert "does not know it" in broken.what
    assert broken.where == "chain 4, line 2"


def test_the_newest_lines_are_checked_against_the_one_before_them(tmp_path: Path) -> None:
    workspace = written(tmp_path / "home", 4, 4)
    store = Ledger(workspace).store
    for through in range(9):
        found = verify.check_since(store, through, 100)
        assert (found.whole, found.lines) == (True, 8 - through)
    assert verify.check_since(store, 0, 3).lines == 3
    with tampering(workspace.ledger_path) as connection:
        connection.execute("UPDATE audit_line SET rows = 77 WHERE id = 6")
    assert not verify.check_since(store, 4, 100).whole
    assert verify.check_since(store, 6, 100).whole


def test_an_empty_ledger_is_whole(tmp_path: Path) -> None:
    chain._OWN.clear()
    assert verify.check(Ledger(Workspace.create(tmp_path / "home")).store).whole
