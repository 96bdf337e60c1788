"""`ask --out FILE`: an export is the answer in a file, and one line of the audit."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from dashboard.cli import run
from data.ledger import Ledger
from data.workspace import Workspace

ASK = ("ask", "--as", "leader", "--metrics", "trx", "--by", "region")


@pytest.fixture
def home(smallland_home: Path, tmp_path: Path) -> Path:
    """Smallland with a leader, one's own to write into."""
    own = Path(shutil.copytree(smallland_home, tmp_path / "own"))
    (own / "visitors.toml").write_text(
        '[[visitor]]\nid = "leader"\nrole = "national_leader"\nhierarchy = "field"\nnode = "SM"\n', encoding="utf-8"
    )
    return own


def test_every_ending_holds_the_same_numbers(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for ending in ("xlsx", "csv", "json"):
        assert run([*ASK, "--home", str(home), "--out", str(tmp_path / f"a.{ending}")]) == 0
    assert capsys.readouterr().out == ""
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["Numbers"]
    heads = [cell.value for cell in page[1]]
    told = {row[0].value: row[heads.index("TRx")].value for row in page.iter_rows(min_row=2)}
    read = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text())))
    known = {each["node_id"]: each["trx"] for each in json.loads((tmp_path / "a.json").read_text())["rows"]}
    assert told == known == {each["node_id"]: float(each["trx"]) if each["trx"] else None for each in read}
    assert told


def test_an_export_is_one_line_of_the_audit(home: Path, tmp_path: Path) -> None:
    assert run([*ASK, "--home", str(home), "--out", str(tmp_path / "a.xlsx")]) == 0
    (line,) = Ledger(Workspace.open(home)).audit_lines()
    assert (line.did, line.who, line.object, line.rows) == ("export", "leader", "trx", 3)


def test_an_ending_that_nothing_is_written_as_is_refused_before_anything_is_asked(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*ASK, "--home", str(home), "--out", str(tmp_path / "a.exe")]) == 2
    assert 'nothing can be written as ".exe"' in capsys.readouterr().err
    assert Ledger(Workspace.open(home)).audit_lines() == ()
    assert run([*ASK, "--home", str(home), "--out", str(tmp_path / "nowhere" / "a.csv")]) == 2
    assert "cannot be written" in capsys.readouterr().err
