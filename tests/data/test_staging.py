"""Staged rows into contract tables: references resolved, one row a key, nothing lost without a word."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from data.errors import BadInput
from data.people import People
from data.snapshot import Snapshot, assemble, open_snapshot
from data.workspace import Workspace
from tests import smallland
from tests.data.tinyland import Rows, met, outcome, tinyland

AS_OF = date(2026, 11, 22)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "home")


@pytest.fixture
def made(workspace: Workspace) -> Callable[..., Snapshot]:
    """Stages rows, each argument an import, and builds them."""

    def _made(*imports: Rows) -> Snapshot:
        for number, rows in enumerate(imports, 1):
            smallland.stage(workspace, rows, name=f"{number:06d}-import")
        assemble(workspace, AS_OF)
        return open_snapshot(workspace)

    return _made


def codes(snapshot: Snapshot, where: str) -> dict[str, int]:
    return {finding.code: finding.rows for finding in snapshot.findings() if finding.where == where}


def test_a_public_code_loses_its_prefix_and_an_opaque_id_stays(made: Callable[..., Snapshot]) -> None:
    rows = tinyland()
    rows["outcome"] = [outcome("code:A", 3), outcome("B", 4)]
    assert made(rows).rows("SELECT subject FROM outcome ORDER BY 1") == [("A",), ("B",)]


def test_outside_ids_of_one_person_become_one_opaque_id(workspace: Workspace, made: Callable[..., Snapshot]) -> None:
    People(workspace.people_path).claim(
        "000001-import",
        [("crm:001A", "hcp", "1234567893", None, "001A", "A. Nobody"), ("user:U9", "user", None, None, None, "R. Ep")],
    )
    rows = tinyland()
    rows["outcome"] = [outcome("npi:1234567893", 3), outcome("B", 4)]
    rows["interaction"] = [met("I1", "crm:001A", "TL_Ra", actor="user:U9")]
    snapshot = made(rows)
    ((who,),) = snapshot.rows("SELECT subject FROM outcome WHERE subject <> 'B'")
    ((met_whom, actor),) = snapshot.rows("SELECT party, actor FROM interaction")
    assert who == met_whom
    assert (who[0], len(who), actor[0]) == ("H", 11, "U")


def test_a_required_reference_to_nobody_known_leaves_the_row_out_and_is_counted(made: Callable[..., Snapshot]) -> None:
    rows = tinyland()
    rows["outcome"].append(outcome("npi:1999999992", 100))
    snapshot = made(rows)
    assert snapshot.rows("SELECT sum(quantity) FROM outcome") == [(14,)]
    assert codes(snapshot, "outcome") == {"reference_unknown": 1, "required_missing": 1}


def test_an_optional_reference_to_nobody_known_becomes_blank_and_is_counted(made: Callable[..., Snapshot]) -> None:
    rows = tinyland()
    shown = {"exposure": "E1", "party": "npi:1999999992", "vendor": "v", "channel": "display", "event": "impression"}
    day = date(2026, 11, 10)
    rows["exposure"] = [{**shown, "period_start": day, "period_end": day, "quantity": 7}]
    snapshot = made(rows)
    assert snapshot.rows("SELECT party, quantity FROM exposure") == [(None, 7)]
    assert codes(snapshot, "exposure") == {"reference_unknown": 1}
    assert snapshot.rows("SELECT leaf FROM place WHERE subject = ''") == [("TL~unaligned~unaligned",)]


def test_one_key_twice_in_one_import_keeps_the_same_row_in_any_order(tmp_path: Path) -> None:
    kept = set()
    for flip in (1, -1):
        workspace = Workspace.create(tmp_path / str(flip))
        rows = tinyland()
        rows["outcome"] = [outcome("A", 3), outcome("A", 5)][::flip]
        smallland.stage(workspace, rows)
        assemble(workspace, AS_OF)
        snapshot = open_snapshot(workspace)
        kept.add(tuple(snapshot.rows("SELECT quantity FROM outcome")))
        assert codes(snapshot, "outcome") == {"key_twice": 1}
    assert kept == {((3,),)}


def test_the_same_row_twice_is_one_row_and_no_fault(made: Callable[..., Snapshot]) -> None:
    snapshot = made(tinyland(), tinyland())
    assert snapshot.rows("SELECT count(*) FROM outcome") == [(6,)]
    assert [finding.code for finding in snapshot.findings()] == []


def test_a_blank_part_of_a_key_is_a_value_like_any_other(made: Callable[..., Snapshot]) -> None:
    later = {"outcome": [outcome("A", 30), outcome("A", 8, payer="x")]}
    found = made(tinyland(), later).rows("SELECT payer, quantity FROM outcome WHERE subject = 'A' AND quantity > 1")
    assert sorted(found, key=str) == [("x", 8), (None, 30)]


def test_a_party_told_by_several_sources_keeps_the_latest_word_on_each_column(made: Callable[..., Snapshot]) -> None:
    first, second = tinyland(), {"party": [{"party": "A", "kind": "hcp", "access": "open"}]}
    first["party"][0].update(specialty="cardiology", access="none")
    found = made(first, second).rows("SELECT specialty, access FROM party WHERE party = 'A'")
    assert found == [("cardiology", "open")]


def test_where_an_organisation_is_stays_and_where_a_person_is_does_not(made: Callable[..., Snapshot]) -> None:
    here = {"city": "Hill", "state": "ME", "postcode": "04101", "latitude": 43.6591, "longitude": -70.2568}
    told = tinyland()
    told["party"][0] |= {"label": "Dr Hill"} | here
    told["party"].append({"party": "S1", "kind": "site", "label": "Hill site"} | here)
    asked = "SELECT label, city, state, postcode, latitude, longitude FROM party WHERE party = $who"
    found = made(told)
    assert found.rows(asked, {"who": "A"}) == [(None,) * 6]
    assert found.rows(asked, {"who": "S1"}) == [("Hill site", *here.values())]


def test_a_stage_written_before_a_column_existed_still_loads(
    workspace: Workspace, made: Callable[..., Snapshot]
) -> None:
    import duckdb

    smallland.stage(workspace, tinyland(), name="000001-import")
    path = workspace.staged / "000001-import" / "outcome.parquet"
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE t AS SELECT * EXCLUDE (nrx, cost) FROM '{path}'")
        con.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    assemble(workspace, AS_OF)
    assert open_snapshot(workspace).rows("SELECT sum(quantity), max(nrx) FROM outcome") == [(14, None)]


def test_what_the_import_noticed_is_in_the_snapshot(workspace: Workspace, made: Callable[..., Snapshot]) -> None:
    smallland.stage(workspace, tinyland(), name="000001-import")
    noticed = {"code": "x", "severity": "error", "what": "w", "where": "file.csv", "todo": "t", "rows": 3}
    (workspace.staged / "000001-import" / "account.json").write_text(json.dumps({"findings": [noticed]}))
    assemble(workspace, AS_OF)
    first = open_snapshot(workspace).findings()[0]
    assert (first.code, first.rows, first.where) == ("x", 3, "file.csv")


def test_an_account_that_cannot_be_read_is_said_in_words(workspace: Workspace) -> None:
    smallland.stage(workspace, tinyland(), name="000001-import")
    (workspace.staged / "000001-import" / "account.json").write_text("{")
    with pytest.raises(BadInput, match="000001-import"):
        assemble(workspace, AS_OF)


def test_a_table_the_contract_does_not_know_is_reported(workspace: Workspace) -> None:
    smallland.stage(workspace, tinyland(), name="000001-import")
    directory = workspace.staged / "000001-import"
    (directory / "sales.parquet").write_bytes((directory / "party.parquet").read_bytes())
    assemble(workspace, AS_OF)
    assert codes(open_snapshot(workspace), "sales") == {"table_unknown": 0}
