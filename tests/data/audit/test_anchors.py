"""Anchors: added one after the other, linked, and no use to those who rewrite either side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.audit import anchors
from data.errors import BadInput, ChainBroken
from data.ledger import Ledger
from data.workspace import Workspace
from tests.data.audit.ledgers import LINE, another_process, tampering, written


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return written(tmp_path / "home", 3, 2)


def test_an_anchor_names_only_the_heads_that_moved(workspace: Workspace, tmp_path: Path) -> None:
    path, ledger = tmp_path / "elsewhere.jsonl", Ledger(workspace)
    first = anchors.anchor(ledger.store, path)
    assert [(writer, seq) for writer, seq, _ in first.heads] == [(1, 3), (2, 2)]
    ledger.write_audit(**LINE)
    second = anchors.anchor(ledger.store, path)
    assert [(writer, seq) for writer, seq, _ in second.heads] == [(3, 1)]
    third = anchors.anchor(ledger.store, path)
    assert third.heads == ()
    assert [each.number for each in anchors.read(path)] == [1, 2, 3]
    assert {each.book for each in anchors.read(path)} == {first.hash[: anchors.BOOK]}
    assert path.stat().st_mode & 0o777 == 0o600


def test_no_file_is_no_anchor_and_a_folder_that_is_not_there_is_said(workspace: Workspace, tmp_path: Path) -> None:
    assert anchors.read(tmp_path / "none") == ()
    with pytest.raises(BadInput, match="cannot be written"):
        anchors.anchor(Ledger(workspace).store, tmp_path / "nowhere" / "a.jsonl")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_change_of_an_anchor_is_found(workspace: Workspace, tmp_path: Path, data: st.DataObject) -> None:
    path, ledger = tmp_path / "anchors.jsonl", Ledger(workspace)
    if not path.exists():
        for _ in range(3):
            ledger.write_audit(**LINE)
            anchors.anchor(ledger.store, path)
    whole = path.read_text()
    at = data.draw(st.integers(0, len(whole) - 2))  # the file's last newline is no part of an anchor
    put = data.draw(st.sampled_from("0123456789abcdef").filter(lambda letter: letter != whole[at]))
    other = tmp_path / "changed.jsonl"
    other.write_text(whole[:at] + put + whole[at + 1 :])
    with pytest.raises(ChainBroken, match=r"changed\.jsonl, line \d"):
        anchors.read(other)


def test_an_anchor_taken_out_or_torn_is_found(workspace: Workspace, tmp_path: Path) -> None:
    path, store = tmp_path / "anchors.jsonl", Ledger(workspace).store
    for _ in range(3):
        anchors.anchor(store, path)
    lines = path.read_text().splitlines(keepends=True)
    for kept in (lines[1:], lines[:1] + lines[2:], [lines[1], lines[0], lines[2]]):
        path.write_text("".join(kept))
        with pytest.raises(ChainBroken):
            anchors.read(path)
    path.write_text("".join(lines)[:-10])
    with pytest.raises(ChainBroken, match="not whole"):
        anchors.read(path)


def test_a_ledger_that_lost_a_line_is_not_anchored_again(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    anchors.anchor(Ledger(workspace).store, path)
    before = path.read_text()
    with tampering(workspace.ledger_path) as connection:
        connection.execute("DELETE FROM audit_line WHERE writer = 2 AND seq = 2")
    with pytest.raises(ChainBroken, match="chain 2, line 2") as caught:
        anchors.anchor(Ledger(workspace).store, path)
    assert caught.value.exit_code == 5
    assert path.read_text() == before


def test_two_who_anchor_at_once_write_one_after_the_other(workspace: Workspace, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    path, store = tmp_path / "anchors.jsonl", Ledger(workspace).store
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: anchors.anchor(store, path), range(12)))
    assert [each.number for each in anchors.read(path)] == list(range(1, 13))
    assert json.loads(path.read_text().splitlines()[0])["number"] == 1
    another_process()
