"""Files in every dress come out alike: encodings, delimiters, gzip, Parquet, Excel; broken rows keep their line."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from data.conform import check_paths
from data.errors import BadInput
from data.sources import find_files
from tests.data.handmade import ITEMS, check, imported, mapping, months, quarantined, staged, write

ROWS = ("A1,2024-01-01,3", "A2,2024-01-01,4")
EXPECTED = [("code:A1", 3), ("code:A2", 4)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("items.csv", months(*ROWS).encode()),
        ("items_bom.csv", b"\xef\xbb\xbf" + months(*ROWS).encode()),
        ("items_semicolon.csv", months(*ROWS, delimiter=";").encode()),
        ("items_tab.tsv", months(*ROWS, delimiter="\t").encode()),
        ("items_pipe.txt", months(*ROWS, delimiter="|").encode()),
        ("items_utf16.csv", months(*ROWS).encode("utf-16")),
        ("items_utf16_without_mark.csv", months(*ROWS).encode("utf-16-le")),
        ("items_windows_lines.csv", months(*ROWS).replace("\n", "\r\n").encode()),
        ("items_caret.txt", months(*ROWS, delimiter="^").encode()),
        ("items_tilde.txt", months(*ROWS, delimiter="~").encode()),
        ("items_control.dat", months(*ROWS, delimiter="\x01").encode()),
        ("items_single_quotes.csv", b"'practice','month','items'\n'A1','2024-01-01','3'\n'A2','2024-01-01','4'\n"),
        ("items_titled.csv", b'Items by practice\n\n"Run on","2024-02-01"\n' + months(*ROWS).encode()),
        ("items_titled_semicolon.csv", b"Items, by practice\n" + months(*ROWS, delimiter=";").encode()),
        ("items_old_mac_lines.csv", months(*ROWS).replace("\n", "\r").encode()),
        ("items_no_last_line_end.csv", months(*ROWS).rstrip("\n").encode()),
        ("items_lines_of_blanks.csv", months(ROWS[0], "   ", ROWS[1], "\t").encode()),
        ("items_blank_lines.csv", months(ROWS[0], "", ROWS[1], "").encode()),
        ("items_quoted.csv", b'"practice","month","items"\n"A1","2024-01-01","3"\n"A2","2024-01-01","4"\n'),
        ("items_spaces.csv", b" practice , month,items \n A1 ,2024-01-01, 3\nA2,2024-01-01,4\xc2\xa0\n"),
        ("items_upper.csv", months(*ROWS).replace("practice,month", "Practice,MONTH").encode()),
        ("items_trailing_delimiter.csv", b"practice,month,items,\nA1,2024-01-01,3,\nA2,2024-01-01,4,\n"),
        ("items.csv.gz", gzip.compress(months(*ROWS).encode(), mtime=0)),
        ("items_gzip_by_content.csv", gzip.compress(months(*ROWS).encode(), mtime=0)),
    ],
)
def test_the_same_rows_in_any_dress(tmp_path: Path, name: str, content: bytes) -> None:
    workspace = imported(tmp_path, ITEMS, {name: content})
    assert staged(workspace, "outcome", "subject, quantity") == EXPECTED
    assert quarantined(workspace) == []


def test_lines_above_the_header_are_told_and_line_numbers_stay_true(tmp_path: Path) -> None:
    text = "Items by practice\nmade by hand\n" + months(ROWS[0], "A9,2024-01-01,many")
    report = check(tmp_path, ITEMS, {"items.csv": text})
    assert [(f.severity, f.what) for f in report.findings if f.code == "lines_above"] == [
        ("note", "2 lines stand above the header and are not read")
    ]
    assert quarantined(imported(tmp_path, ITEMS, {})) == [
        (5, "A9,2024-01-01,many", 'outcome.quantity: "many" is not a number')
    ]


def test_mixed_encodings_keep_the_letters_of_both_and_a_byte_that_is_none_costs_one_row(tmp_path: Path) -> None:
    toml = ITEMS + '[[source.target]]\ntable = "party"\n[source.target.columns]\n'
    toml += 'party = "\'code:\' || practice"\nkind = "\'practice\'"\nlabel = "name"\n'
    head = b"practice,month,items,name\n"
    rows = "A1,2024-01-01,1,Zürich\n".encode() + "A2,2024-01-01,2,Zürich\n".encode("cp1252")
    workspace = imported(tmp_path / "mixed", toml, {"items.csv": head + rows})
    assert staged(workspace, "party", "party, label") == [("code:A1", "Zürich"), ("code:A2", "Zürich")]
    wide = "practice,month,items\nA1,2024-01-01,1\nA2,2024-01-01,2\n".encode("utf-16-le")
    at = wide.index("A2".encode("utf-16-le"))
    spoilt = b"\xff\xfe" + wide[:at] + b"\x00\xd8" + wide[at + 2 :]  # half of a pair of surrogates
    workspace = imported(tmp_path / "spoilt", ITEMS, {"items.csv": spoilt})
    assert staged(workspace, "outcome", "subject") == [("code:A1",)]
    assert [(line, reason) for line, _, reason in quarantined(workspace)] == [
        (3, "it holds bytes that are no text in utf-16")
    ]


LOCAL = """
name = "local"
dates = "DMY"
decimal = ","
[[source]]
id = "local"
headers = ["practice", "day", "items", "cost"]
[[source.target]]
table = "outcome"
[source.target.columns]
subject_kind = "'practice'"
subject = "'code:' || practice"
product = "'p'"
period_start = "CAST(day AS DATE)"
period_end = "CAST(day AS DATE)"
quantity = "items"
cost = "cost"
"""


def test_dates_and_decimals_are_read_as_the_mapping_declares_and_never_guessed(tmp_path: Path) -> None:
    rows = (
        "01;31/01/2024;3;1.234,5", "02;05.02.2024;1.000;0,25", "03;2024-03-01;2;7", "04;1-4-2024;2;-1 234,5",
        "05;01/31/2024;1;1", "06;05.02.24;1;1", "07;05.02.2024;1;1.5", "08;05.02.2024;1,5x;1", "09;01/02/03;1;1",
    )  # fmt: skip
    text = "practice;day;items;cost\n" + "\n".join(rows) + "\n"
    workspace = imported(tmp_path, LOCAL, {"a.csv": text})
    told = "subject, CAST(period_start AS VARCHAR), CAST(quantity AS DOUBLE), CAST(cost AS DOUBLE)"
    assert staged(workspace, "outcome", told) == [
        ("code:01", "2024-01-31", 3, 1234.5),
        ("code:02", "2024-02-05", 1000, 0.25),
        ("code:03", "2024-03-01", 2, 7),
        ("code:04", "2024-04-01", 2, -1234.5),
    ]
    assert [(line, reason.split(": ", 1)[1].partition(" is")[0]) for line, _, reason in quarantined(workspace)] == [
        (6, '"01/31/2024"'), (7, '"05.02.24"'), (8, '"1.5"'), (9, '"1,5x"'), (10, '"01/02/03"'),
    ]  # fmt: skip


def test_a_workbooks_own_dates_and_numbers_need_no_declaration(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["practice", "day", "items", "cost"],
        ["01", datetime(2024, 1, 31), 2, 1.234],
        ["02", "1.2.2024", 1, "1.234"],
    ):
        book.active.append(row)
    write(tmp_path / "exports", {})
    book.save(tmp_path / "exports" / "a.xlsx")
    workspace = imported(tmp_path, LOCAL, {})
    assert staged(workspace, "outcome", "CAST(period_start AS VARCHAR), CAST(cost AS DOUBLE)") == [
        ("2024-01-31", 1.234),
        ("2024-02-01", 1234),
    ]


def test_latin_letters_of_an_older_encoding_survive(tmp_path: Path) -> None:
    toml = ITEMS + '[[source.target]]\ntable = "party"\n[source.target.columns]\n'
    toml += 'party = "\'code:\' || practice"\nkind = "\'practice\'"\nlabel = "name"\n'
    plain = "practice,month,items,name\n" + "".join(f"A{i},2024-01-01,1,Zug\n" for i in range(20_000))
    late = plain + "B1,2024-01-01,1,Zürich – Nord\n"
    workspace = imported(tmp_path, toml, {"items.csv": late.encode("cp1252")})
    assert ("code:B1", "Zürich – Nord") in staged(workspace, "party", "party, label")


def test_leading_zeros_of_ids_are_kept(tmp_path: Path) -> None:
    workspace = imported(tmp_path, ITEMS, {"items.csv": months("00420,2024-01-01,1")})
    assert staged(workspace, "outcome", "subject") == [("code:00420",)]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    folder = write(tmp_path / "exports", {})
    query = "SELECT 'A1' AS practice, TIMESTAMP '2024-02-01' AS month, 5::INTEGER AS items"
    duckdb.execute(f"COPY ({query}) TO '{folder / 'items.parquet'}' (FORMAT parquet)")
    workspace = imported(tmp_path, ITEMS, {})
    dates = staged(workspace, "outcome", "CAST(period_start AS VARCHAR), CAST(period_end AS VARCHAR), quantity")
    assert dates == [("2024-02-01", "2024-02-29", 5)]


SHEET = """
name = "book"
[[source]]
id = "book"
file = ["book.xlsx"]
sheet = "hidden one"
skip_rows = 2
header = false
columns_by_position = { A = "region", C = "code", D = "since" }
fill_down = ["region"]
leave_out = [{ when = "code IS NULL", because = "a heading" }]
[[source.target]]
table = "node"
[source.target.columns]
hierarchy = "'h'"
node = "code"
level = "since"
parent = "region"
"""


def _book(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "first"
    sheet = book.create_sheet("Hidden one")
    sheet.sheet_state = "hidden"
    for row in (["title"], ["region", "x", "code"], ["North"], [None, None, 7], [], ["South", "y", 8.5]):
        sheet.append(row)
    sheet["C4"].number_format = "000"
    sheet["D4"] = datetime(2024, 1, 5)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def test_a_hidden_sheet_by_place_with_values_filled_down(tmp_path: Path) -> None:
    _book(tmp_path / "exports" / "book.xlsx")
    report = check(tmp_path, SHEET, {})
    workspace = imported(tmp_path, SHEET, {})
    # Row 4: 007 keeps its zeros by the cell's format; row 6 has no date, which the level needs.
    assert staged(workspace, "node", "node, parent, level, _source_row") == [("007", "North", "2024-01-05", 4)]
    assert quarantined(workspace) == [(6, "South,y,8.5", "node.level is blank")]
    (account,) = report.accounts
    assert (account.read, account.kept, account.left_out, account.quarantined) == (3, 1, {"a heading": 1}, 1)


def test_a_sheet_that_is_not_there_is_named_with_a_guess(tmp_path: Path) -> None:
    _book(tmp_path / "exports" / "book.xlsx")
    with pytest.raises(BadInput) as problem:
        check(tmp_path, SHEET.replace("hidden one", "hiden one"), {})
    assert str(problem.value) == 'book.xlsx: no sheet "hiden one". Did you mean "Hidden one"?'


def test_a_row_that_cannot_be_split_keeps_its_line_and_text(tmp_path: Path) -> None:
    text = (
        "practice,month,items\n"
        "A1,2024-01-01,3\n"
        "A2,2024-01-01\n"  # line 3: a value too few
        "A3,2024-01-01,4,5\n"  # line 4: one too many
        '"A\n4",2024-01-01,6\n'  # lines 5 and 6: a line break inside a value
        '"A5,2024-01-01,7\n'  # line 7: a quote that never closes
        "A6,2024-01-01,8\n"
    )
    workspace = imported(tmp_path, ITEMS, {"items.csv": text})
    assert staged(workspace, "outcome", "_source_row, subject, quantity") == [
        (2, "code:A1", 3),
        (5, "code:A\n4", 6),
        (8, "code:A6", 8),
    ]
    assert quarantined(workspace) == [
        (3, "A2,2024-01-01", "it has 2 values where 3 are due"),
        (4, "A3,2024-01-01,4,5", "it has 4 values where 3 are due"),
        (7, '"A5,2024-01-01,7', "a quote opens and is not closed"),
    ]


def test_a_header_over_two_lines_and_a_file_of_only_a_header(tmp_path: Path) -> None:
    toml = ITEMS.replace('"month"', '"the month"').replace("CAST(month", 'CAST(\\"the month\\"')
    files = {"items_1.csv": 'practice,"the\nmonth",items\nA1,2024-01-01,3\n', "items_2.csv": "practice,the month,items"}
    workspace = imported(tmp_path, toml, files)  # type: ignore[arg-type]
    assert staged(workspace, "outcome", "_source_row, subject, quantity") == [(3, "code:A1", 3)]
    assert [(a.file, a.read) for a in check(tmp_path, toml, {}).accounts] == [("items_1.csv", 1), ("items_2.csv", 0)]


def test_a_missing_column_is_named_with_a_guess(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as problem:
        check(tmp_path, ITEMS, {"items.csv": "practise,month,items\nA1,2024-01-01,1\n"})
    assert str(problem.value) == (
        'items.csv: items.items needs column practice, which is not in the file. Did you mean "practise"?'
    )


def test_a_renamed_file_is_known_by_its_headers(tmp_path: Path) -> None:
    report = check(tmp_path, ITEMS, {"export (3).csv": months("A1,2024-01-01,1")})
    assert [(a.file, a.source, a.kept) for a in report.accounts] == [("export (3).csv", "items", 1)]


def test_files_of_no_use_are_declared_and_the_unknown_is_a_finding(tmp_path: Path) -> None:
    toml = ITEMS.replace('name = "items"\n', 'name = "items"\nnot_used = [{ file = "*.MD", because = "words" }]\n', 1)
    files = {"items.csv": months("A1,2024-01-01,1"), "about.md": "x", "other.csv": "a,b\n1,2\n", ".hidden": "x"}
    report = check(tmp_path, toml, files)  # type: ignore[arg-type]
    assert report.not_used == (("about.md", "words"),)
    (finding,) = report.findings
    assert (finding.code, finding.severity, finding.where) == ("file_not_read", "warning", "other.csv")


def test_two_layouts_that_fit_alike_ask_for_a_name(tmp_path: Path) -> None:
    toml = ITEMS + ITEMS.split("\n", 2)[2].replace('id = "items"', 'id = "again"')
    with pytest.raises(BadInput, match=r"items\.items and items\.again fit equally well"):
        check(tmp_path, toml, {"items.csv": months("A1,2024-01-01,1")})


def test_an_empty_file_and_a_file_that_is_no_workbook_are_said(tmp_path: Path) -> None:
    files = {"items.csv": months("A1,2024-01-01,1"), "items_empty.csv": "", "book.xlsx": "no workbook"}
    toml = ITEMS + SHEET.split("\n", 2)[2]
    report = check(tmp_path, toml, files)  # type: ignore[arg-type]
    assert sorted((f.where, f.severity) for f in report.findings) == [
        ("book.xlsx", "error"),
        ("items_empty.csv", "error"),
    ]


def test_a_file_that_was_cut_off_is_said_and_others_are_read(tmp_path: Path) -> None:
    whole = gzip.compress(months(*(f"A{i},2024-01-01,{i}" for i in range(1, 9_999))).encode())
    files = {"items.csv": months("A1,2024-01-01,1"), "items_cut.csv.gz": whole[:-2_000]}
    report = check(tmp_path, ITEMS, files)  # type: ignore[arg-type]
    assert [(a.file, a.kept) for a in report.accounts] == [("items.csv", 1)]
    (finding,) = report.findings
    assert (finding.where, finding.severity, finding.todo) == ("items_cut.csv.gz", "error", "Export it again.")


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no such file or directory"):
        check_paths([tmp_path / "nowhere"], mapping(tmp_path, ITEMS))


def test_files_are_found_below_folders_in_a_stable_order(tmp_path: Path) -> None:
    folder = write(tmp_path / "exports", {"b/items.csv": "", "a.csv": "", ".git/x.csv": "", "~$a.xlsx": ""})
    assert [file.name for file in find_files([folder])] == ["a.csv", "b/items.csv"]
