"""The audit at the command line: anchored, verified with its exit code, exported and that written down too."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from dashboard.cli import run
from data.ledger import Ledger
from data.people import People
from data.workspace import Workspace
from tests.data.audit.ledgers import LINE, another_process, tampering

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(smallland_home: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "home"
    shutil.copytree(smallland_home, copy)
    another_process()
    ledger = Ledger(Workspace.open(copy))
    ledger.write_audit(**LINE)
    ledger.write_audit(**{**LINE, "who": "p-2", "did": "view_hcp", "object": "party-7", "product": "theirs"})
    ledger.write_audit(**{**LINE, "who": "=cmd()", "place": ("SM", "SM_S"), "filters": {"q": "Jane Doe"}})
    return copy


@pytest.fixture
def audit(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """`onepicture audit ...` on a copy of Smallland: its exit code, output and what was said about it."""

    def _audit(*words: str) -> tuple[int, str, str]:
        another_process()
        capsys.readouterr()
        code = run(["--home", str(home), "audit", *words])
        out = capsys.readouterr()
        return code, out.out, out.err

    return _audit


def exported(audit: Command, *words: str) -> list[dict[str, str]]:
    code, out, said = audit("export", *words)
    assert code == 0, said
    return list(csv.DictReader(io.StringIO(out)))


def test_a_whole_audit_says_so_and_is_itself_a_line(audit: Command, home: Path) -> None:
    code, out, _ = audit("verify")
    assert (code, "Every link holds" in out, "3 lines" in out) == (0, True, True)
    last = Ledger(Workspace.open(home)).audit_lines()[-1]
    assert (last.what, last.who, last.rows) == ("verify whole", "operator", 3)


def test_an_edited_line_is_named_in_three_parts_with_exit_code_five(audit: Command, home: Path) -> None:
    with tampering(home / "ledger.sqlite") as connection:
        connection.execute("UPDATE audit_line SET rows = 99 WHERE seq = 2")
    code, out, said = audit("verify", "--format", "json")
    assert code == 5
    (broken,) = json.loads(out)["broken"]
    assert broken["where"] == "chain 1, line 2"
    assert broken["what"].startswith("it is not what was written")
    assert broken["todo"]
    assert said.startswith("the audit: 1 places do not say what was written")


def test_a_cut_tail_is_seen_by_the_anchors_alone(audit: Command, home: Path, tmp_path: Path) -> None:
    to = tmp_path / "elsewhere.jsonl"
    assert audit("anchor", "--to", str(to))[0] == 0
    assert audit("verify", "--anchors", str(to))[0] == 0
    with tampering(home / "ledger.sqlite") as connection:
        connection.execute("DELETE FROM audit_line WHERE id > 2")
        connection.execute("DELETE FROM audit_writer WHERE number > 1")
    assert audit("verify")[0] == 0
    code, out, _ = audit("verify", "--anchors", str(to))
    assert code == 5
    assert "line 3 is gone" in out


def test_an_anchor_taken_from_its_file_is_missed_by_the_ledger(audit: Command, tmp_path: Path) -> None:
    to = tmp_path / "elsewhere.jsonl"
    audit("anchor", "--to", str(to))
    audit("anchor", "--to", str(to))
    to.write_text(to.read_text().splitlines(keepends=True)[0])
    code, out, _ = audit("verify", "--anchors", str(to))
    assert (code, "anchor 2 is gone" in out) == (5, True)


def test_anchors_that_are_not_there_or_inside_the_workspace_are_said(audit: Command, home: Path) -> None:
    assert audit("verify", "--anchors", "nowhere.jsonl")[0] == 2
    assert "Keep it elsewhere" in audit("anchor", "--to", str(home / "anchors.jsonl"))[2]


def test_lines_are_handed_over_by_person_product_region_and_time(audit: Command) -> None:
    assert [row["who"] for row in exported(audit, "--person", "party-7")] == ["p-2"]
    assert [row["object"] for row in exported(audit, "--product", "theirs")] == ["party-7"]
    assert [row["place"] for row in exported(audit, "--region", "SM_S")] == ["SM_S"]
    again = exported(audit, "--region", "South")
    assert [(row["did"], row["place"]) for row in again] == [("view", "SM_S"), ("export", "SM_S")]
    assert len(exported(audit, "--region", "SM", "--product", "ours")) == 2  # the third is of another product
    assert exported(audit, "--to", "2026-01-01") == []
    assert audit("export", "--region", "Suoth")[0] == 2
    assert audit("export", "--from", "2026-02-01", "--to", "2026-01-01")[0] == 2
    assert audit("export", "--format", "pdf")[0] == 2


def test_the_export_is_a_line_and_keeps_no_word_that_led_nowhere(audit: Command, home: Path) -> None:
    exported(audit, "--person", "p-2")
    exported(audit, "--person", "Jane")
    first, second = Ledger(Workspace.open(home)).audit_lines()[-2:]
    assert (first.what, first.rows, first.filters["person"]) == ("export audit", 1, ["p-2"])
    assert (second.rows, second.filters["person"]) == (0, [])


def test_an_outside_id_finds_the_opaque_one_and_is_not_written_down(audit: Command, home: Path) -> None:
    People(home / "people.sqlite").settle(
        [("party-7", "hcp", "Jane", None, None, None)], [("npi:1234567893", "party-7")]
    )
    assert [row["object"] for row in exported(audit, "--person", "1234567893")] == ["party-7"]
    last = Ledger(Workspace.open(home)).audit_lines()[-1]
    assert last.filters["person"] == ["party-7"]
    assert b"1234567893" not in (home / "ledger.sqlite").read_bytes() + (home / "ledger.sqlite-wal").read_bytes()


def test_no_cell_computes_and_no_typed_word_is_readable(audit: Command, tmp_path: Path) -> None:
    rows = exported(audit)
    assert [row["who"] for row in rows] == ["p-00aa", "p-2", "'=cmd()"]
    assert rows[2]["filters"] == "{}"
    assert rows[2]["filters_hash"]
    assert audit("export", "--format", "xlsx")[0] == 2
    assert audit("export", "--format", "xlsx", "--out", str(tmp_path / "a.xlsx"))[0] == 0
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"inlineStr", "s", "n"}
    assert [row[2].value for row in sheet.iter_rows(min_row=2)][:3] == ["p-00aa", "p-2", "'=cmd()"]
    assert (tmp_path / "a.xlsx").stat().st_mode & 0o777 == 0o600
