"""Looking at files: what they seem to be, codes nobody knows, a preview in our words, and no person in any of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.conform import check_paths, import_paths
from data.drafting.draft import Draft, save
from data.drafting.looking import Looked, look
from data.mapping import load_mappings
from data.workspace import Workspace

MAPPING = """
name = "visits"
[[source]]
id = "visit"
file = ["visit*"]
headers = ["Visit_Id", "Account_NPI", "Channel", "Visit_Date"]
[[source.target]]
table = "interaction"
[source.target.columns]
interaction = "Visit_Id"
call_id = "Visit_Id"
party = "'npi:' || Account_NPI"
channel = "recode(how, Channel)"
period_start = "CAST(Visit_Date AS DATE)"
period_end = "CAST(Visit_Date AS DATE)"
quantity = "1"
[recode.how]
Video_vod = "video"
"""
ROWS = [f"V{n},12345678{n:02d},{how},2026-01-{n + 1:02d}" for n, how in enumerate(
    ["Video_vod"] * 3 + ["Video_Visit"] * 4 + ["Jane Roe"])]  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Eight visits under headers that differ a little from those of the company's mapping."""
    made = Workspace.create(tmp_path / "home")
    made.mappings.mkdir()
    (made.mappings / "visits.toml").write_text(MAPPING, encoding="utf-8")
    header = "VISIT ID,Acct NPI,Channel,Visit_Dt"
    (made.exports / "export_7.csv").write_text("\n".join([header, *ROWS, "V9,1,Video_vod,soon"]) + "\n", "utf-8")
    return made


def _looked(workspace: Workspace) -> Looked:
    (found,) = look([workspace.exports], load_mappings(workspace.mappings))
    return found


def test_a_file_under_other_headers_is_guessed_and_previewed(workspace: Workspace) -> None:
    found = _looked(workspace)
    assert (found.layout, found.source, found.problem, found.known) == ("visits", "visit", "", False)
    by_name = {guess.needed: guess for guess in found.guesses}
    assert by_name["Account_NPI"].found == "Acct NPI" and 0.5 <= by_name["Account_NPI"].confidence < 1
    assert by_name["Channel"].sure
    (preview,) = found.previews
    assert preview.table == "interaction" and len(preview.rows) == 3
    first = dict(zip(preview.columns, map(str, preview.rows[0]), strict=True))
    assert (first["party"], first["channel"], first["period_start"]) == ("npi:…", "video", "2026-01-01")


def test_codes_are_told_by_count_but_what_stands_alone_may_be_a_name(workspace: Workspace) -> None:
    found = _looked(workspace)
    (code,) = found.codes
    assert (code.recode, code.code, code.rows, code.guess) == ("how", "Video_Visit", 4, "video")
    assert "in_person" in code.words and found.other_codes == 1
    assert [rows for _, rows in found.reasons] == [1]
    assert "Jane" not in repr(found) and "12345678" not in repr(found) and '"soon"' not in repr(found)


def test_rows_add_up_as_an_import_would_have_them(workspace: Workspace) -> None:
    account = _looked(workspace).account
    assert account is not None
    assert (account.read, account.kept, account.quarantined) == (9, 3, 6)


def test_what_is_saved_is_what_the_next_import_reads_by(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "home")
    lines = ["Identifier,Name,Prod_Type", "a01,Alfa,Detail"]
    (made.exports / "brands.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (found,) = look([made.exports], load_mappings())
    assert found.layout == "veeva_crm" and found.source == "product"
    called = {(found.source, g.needed): g.found for g in found.guesses if g.found and not g.sure}
    chosen = {**called, ("product", "Id"): "Identifier"}
    save(made, Draft(base="veeva_crm", columns=chosen))
    assert [a.source for a in check_paths([made.exports], own=made.mappings).accounts] == ["product"]
    assert [a.read for a in import_paths(made, [made.exports]).accounts] == [1]


def test_what_is_no_export_says_so(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("a;b\n1;2\n", "utf-8")
    (tmp_path / "note.docx").write_bytes(b"x")
    for found in look([tmp_path], load_mappings()):
        assert found.problem and found.todo and not found.guesses
