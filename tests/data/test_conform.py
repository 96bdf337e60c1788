"""From foreign rows to contract rows: every row counted once, nothing guessed, nothing doubled, nothing lost."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.accounts import FileAccount
from data.conform import check_paths, import_paths
from data.errors import BadInput, BadMapping
from data.workspace import Workspace
from tests.data.handmade import ITEMS, check, imported, mapping, months, quarantined, staged, write

# A group call of two persons (C1 with its attendees C2 and C3), one single call, one deleted, one saved.
CALLS = """Id,Account,Parent,IsDeleted,Status,Channel,Date
C1,,,0,Submitted_vod,Face_to_face_vod,2024-05-03
C2,A1,C1,0,Submitted_vod,Face_to_face_vod,2024-05-03
C3,A2,C1,false,Submitted_vod,Video_vod,2024-05-03
C4,A3,,0,Submitted_vod,Fax_vod,2024-05-06
C5,A3,,true,Submitted_vod,Video_vod,2024-05-06
C6,A3,,0,Saved_vod,Video_vod,2024-05-06
C7,A4,,0,Submitted_vod,Test_vod,2024-05-07
C8,A4,,0,Submitted_vod,Video_vod,07.05.2024
C9,A4,,0,Submitted_vod,,2024-05-07
"""
CALL_MAPPING = """
name = "crm"
[[source]]
id = "call"
file = ["call*"]
headers = ["Id", "Account", "Parent", "Status"]
leave_out = [
  { when = "IsDeleted IN ('1', 'true')", because = "deleted in the CRM" },
  { when = "Status <> 'Submitted_vod'", because = "not submitted" },
  { when = "has_attendees", because = "header of a group call" },
]
[source.join.attendees]
source = "call"
on = { Id = "Parent" }
exists = "has_attendees"
[[source.target]]
table = "interaction"
[source.target.columns]
interaction = "Id"
call_id = "COALESCE(Parent, Id)"
party = "'crm:' || Account"
channel = "recode(channel, Channel)"
period_start = "CAST(Date AS DATE)"
period_end = "CAST(Date AS DATE)"
quantity = "1"
[recode.channel]
Face_to_face_vod = "in_person"
Video_vod = "video"
ignore = ["Test_vod"]
"""


def test_a_group_call_counts_its_persons_once_and_every_row_has_its_fate(tmp_path: Path) -> None:
    workspace = imported(tmp_path, CALL_MAPPING, {"calls.csv": CALLS})
    assert staged(workspace, "interaction", "interaction, call_id, party, channel") == [
        ("C2", "C1", "crm:A1", "in_person"),
        ("C3", "C1", "crm:A2", "video"),
        ("C9", "C9", "crm:A4", None),
    ]
    (account,) = check(tmp_path, CALL_MAPPING, {}).accounts
    assert account == FileAccount(
        file="calls.csv",
        layout="crm",
        source="call",
        read=9,
        kept=3,
        left_out={
            "header of a group call": 1,
            "deleted in the CRM": 1,
            "not submitted": 1,
            'recode.channel ignores "Test_vod"': 1,
        },
        superseded=0,
        quarantined=2,
    )


def test_an_unknown_code_is_quarantined_with_its_line_and_reported_by_code(tmp_path: Path) -> None:
    workspace = imported(tmp_path, CALL_MAPPING, {"calls.csv": CALLS})
    assert quarantined(workspace) == [
        (5, "C4,A3,,0,Submitted_vod,Fax_vod,2024-05-06", 'recode.channel has no word for "Fax_vod"'),
        (
            9,
            "C8,A4,,0,Submitted_vod,Video_vod,07.05.2024",
            'interaction.period_start: "07.05.2024" is not a date (YYYY-MM-DD)',
        ),
    ]
    findings = {f.what: (f.rows, f.todo) for f in check(tmp_path, CALL_MAPPING, {}).findings}
    assert findings['recode.channel has no word for "Fax_vod"'] == (
        1,
        "Add it under [recode.channel], or list it in its ignore.",
    )


def test_a_default_word_is_only_given_where_the_mapping_declares_it(tmp_path: Path) -> None:
    toml = CALL_MAPPING.replace('ignore = ["Test_vod"]', '"*" = "other"')
    workspace = imported(tmp_path, toml, {"calls.csv": CALLS})
    assert staged(workspace, "interaction", "interaction, channel") == [
        ("C2", "in_person"),
        ("C3", "video"),
        ("C4", "other"),
        ("C7", "other"),
        ("C9", None),
    ]


def test_blank_is_not_zero_and_text_is_no_number(tmp_path: Path) -> None:
    rows = ("A1,2024-01-01,0", "A2,2024-01-01,", "A3,2024-01-01,n/a", "A4,2024-01-01, 2.5 ", ",2024-01-01,1")
    workspace = imported(tmp_path, ITEMS, {"items.csv": months(*rows)})
    assert staged(workspace, "outcome", "subject, CAST(quantity AS VARCHAR)") == [
        ("code:A1", "0.0000"),
        ("code:A2", None),
        ("code:A4", "2.5000"),
    ]
    assert [(line, reason) for line, _, reason in quarantined(workspace)] == [
        (4, 'outcome.quantity: "n/a" is not a number'),
        (6, "outcome.subject is blank"),
    ]


def test_a_fraction_is_never_rounded_into_a_count(tmp_path: Path) -> None:
    toml = CALL_MAPPING.replace('quantity = "1"', 'quantity = "Many"')
    text = "Id,Account,Parent,IsDeleted,Status,Channel,Date,Many\n"
    text += "C1,A1,,0,Submitted_vod,,2024-05-03,2\nC2,A1,,0,Submitted_vod,,2024-05-03,2.5\n"
    workspace = imported(tmp_path, toml, {"calls.csv": text})
    assert staged(workspace, "interaction", "interaction, quantity") == [("C1", 2)]
    assert quarantined(workspace)[0][2] == 'interaction.quantity: "2.5" is not a whole number'


def test_a_cast_counts_only_where_it_is_reached(tmp_path: Path) -> None:
    toml = ITEMS.replace(
        '"items"\n', "\"CASE WHEN items = 'n/a' THEN NULL ELSE CAST(items AS DECIMAL(18,4)) END\"\n", 3
    )
    toml = toml.replace(
        "name = \"CASE WHEN items = 'n/a' THEN NULL ELSE CAST(items AS DECIMAL(18,4)) END\"", 'name = "items"'
    )
    toml = toml.replace(
        "id = \"CASE WHEN items = 'n/a' THEN NULL ELSE CAST(items AS DECIMAL(18,4)) END\"", 'id = "items"'
    )
    rows = ("A1,2024-01-01,n/a", "A2,2024-01-01,none", "A3,2024-01-01,5")
    workspace = imported(tmp_path, toml, {"items.csv": months(*rows)})
    assert staged(workspace, "outcome", "subject, quantity") == [("code:A1", None), ("code:A3", 5)]
    assert [(line, reason) for line, _, reason in quarantined(workspace)] == [
        (3, 'outcome.quantity: "none" is not a number')
    ]


MIXED = """
name = "mixed"
[[source]]
id = "sent"
file = ["sent*"]
headers = ["Id", "Account", "Type", "Day"]
[[source.target]]
table = "exposure"
when = "Type = 'Promotional'"
[source.target.columns]
exposure = "Id"
party = "'crm:' || Account"
vendor = "'crm'"
channel = "'rep_email'"
event = "'sent'"
period_start = "Day"
period_end = "Day"
quantity = "1"
[[source.target]]
table = "inquiry"
when = "Type = 'Medical_Inquiry'"
[source.target.columns]
inquiry = "Id"
party = "'crm:' || Account"
received_at = "Day"
period_start = "Day"
period_end = "Day"
quantity = "1"
"""


def test_a_row_goes_where_its_record_type_says_and_is_never_defaulted(tmp_path: Path) -> None:
    kinds = ("Promotional", "Medical_Inquiry", "Case", "")
    rows = "Id,Account,Type,Day\n" + "".join(f"{i},A,{kind},2024-01-02\n" for i, kind in enumerate(kinds, start=1))
    workspace = imported(tmp_path, MIXED, {"sent.csv": rows})
    assert staged(workspace, "exposure", "exposure") == [("1",)]
    assert staged(workspace, "inquiry", "inquiry") == [("2",)]
    reason = "it cannot be placed: no target of the mapping takes it"
    assert [(line, why) for line, _, why in quarantined(workspace)] == [(4, reason), (5, reason)]


TWO_TARGETS = (
    ITEMS
    + """
[[source.target]]
table = "party"
distinct = true
[source.target.columns]
party = "'code:' || practice"
kind = "recode(kind, practice)"
[recode.kind]
A1 = "practice"
A2 = "practice"
"""
)


def test_a_row_that_one_target_cannot_take_is_in_none(tmp_path: Path) -> None:
    rows = ("A1,2024-01-01,1", "A1,2024-02-01,2", "A2,2024-01-01,3", "B9,2024-01-01,4")
    workspace = imported(tmp_path, TWO_TARGETS, {"items.csv": months(*rows)})
    assert staged(workspace, "outcome", "subject, quantity") == [("code:A1", 1), ("code:A1", 2), ("code:A2", 3)]
    assert staged(workspace, "party", "party") == [("code:A1",), ("code:A2",)]
    (account,) = check(tmp_path, TWO_TARGETS, {}).accounts
    assert (account.read, account.kept, account.quarantined, account.superseded) == (4, 3, 1, 0)


WIDE = """
name = "wide"
[[source]]
id = "rx"
file = ["rx*"]
headers = ["NPI", "Ending"]
[source.unpivot]
pattern = "^(?P<measure>TRx|NRx)_Wk(?P<n>\\\\d+)$"
[[source.target]]
table = "outcome"
[source.target.columns]
subject_kind = "'hcp'"
subject = "'npi:' || NPI"
product = "'p'"
period_start = "CAST(Ending AS DATE) - 7 * n + 1"
period_end = "CAST(Ending AS DATE) - 7 * (n - 1)"
quantity = "trx"
nrx = "nrx"
"""
# Week 1 is the newest; the first person has nothing in week 2, the second is blank throughout.
WIDE_ROWS = """NPI,Ending,TRx_Wk1,NRx_Wk1,TRx_Wk2,NRx_Wk2,TRx_Wk03
1,2024-03-15,5,2,,,0
2,2024-03-15,,,,,
3,2024-03-15,1.25,x,,,
"""


def test_wide_weeks_become_rows_and_blank_weeks_stay_unknown(tmp_path: Path) -> None:
    workspace = imported(tmp_path, WIDE, {"rx.csv": WIDE_ROWS})
    columns = "subject, CAST(period_start AS VARCHAR), CAST(period_end AS VARCHAR), quantity, nrx"
    assert staged(workspace, "outcome", columns) == [
        ("npi:1", "2024-02-24", "2024-03-01", 0, None),
        ("npi:1", "2024-03-09", "2024-03-15", 5, 2),
    ]
    (account,) = check(tmp_path, WIDE, {}).accounts
    assert (account.read, account.kept, account.left_out, account.quarantined) == (
        3,
        1,
        {"every measure is blank": 1},
        1,
    )
    assert quarantined(workspace) == [(4, "3,2024-03-15,1.25,x,,,", 'outcome.nrx: "x" is not a number')]
    assert staged(workspace, "coverage", "feed, fact, grain, CAST(first AS VARCHAR), CAST(last AS VARCHAR)") == [
        ("wide.rx", "outcome", "week", "2024-02-24", "2024-03-15")
    ]


def test_a_wide_file_without_its_weeks_is_said(tmp_path: Path) -> None:
    report = check(tmp_path, WIDE, {"rx.csv": WIDE_ROWS, "rx_odd.csv": "NPI,Ending,Total\n1,2024-03-15,4\n"})
    (problem,) = [finding for finding in report.findings if finding.severity == "error"]
    assert (problem.where, problem.code) == ("rx_odd.csv", "file_not_read")
    assert "no column fits" in problem.what


JOINED = """
name = "joined"
[[source]]
id = "items"
file = ["items*"]
headers = ["practice", "month", "items"]
[source.join.names]
source = "names"
on = { practice = "code" }
columns = { title = "name", area = "area_name" }
[[source.target]]
table = "party"
[source.target.columns]
party = "'code:' || practice"
kind = "'practice'"
label = "title"
city = "area"
[[source]]
id = "names"
file = ["names*"]
headers = ["code", "name", "area"]
[source.join.areas]
source = "areas"
on = { area = "id" }
columns = { area_name = "name" }
[[source]]
id = "areas"
file = ["areas*"]
headers = ["id", "name"]
"""
AREAS = {"areas.csv": "id,name\n1,North\n"}


def test_a_lookup_reaches_through_another_lookup(tmp_path: Path) -> None:
    files = {"items.csv": months("A1,2024-01-01,1", "A2,2024-01-01,1"), "names.csv": "code,name,area\nA1,First,1\n"}
    workspace = imported(tmp_path, JOINED, {**files, **AREAS})
    assert staged(workspace, "party", "party, label, city") == [("code:A1", "First", "North"), ("code:A2", None, None)]
    report = check(tmp_path, JOINED, {})
    assert [f.what for f in report.findings] == ["names does not know A2; title, area stay blank"]
    looked_up = {a.file: (a.read, a.kept, a.left_out) for a in report.accounts}
    assert looked_up["names.csv"] == (1, 0, {"only looked up by other files": 1})


def test_a_lookup_that_would_double_rows_is_refused(tmp_path: Path) -> None:
    files = {"items.csv": months("A1,2024-01-01,1"), "names.csv": "code,name,area\nA1,First,1\nA1,Second,1\n", **AREAS}
    with pytest.raises(BadInput) as problem:
        check(tmp_path, JOINED, files)  # type: ignore[arg-type]
    assert str(problem.value) == (
        "mapping joined, source items, join names: names has more than one row for A1, which would double rows. "
        'Add what tells them apart to on, filter with where, or say duplicates = "first".'
    )


def test_the_first_of_two_may_count_if_the_mapping_says_so_and_it_is_reported(tmp_path: Path) -> None:
    files = {"items.csv": months("A1,2024-01-01,1"), "names.csv": "code,name,area\nA1,First,1\nA1,Second,1\n", **AREAS}
    toml = JOINED.replace('source = "names"\n', 'source = "names"\nduplicates = "first"\n', 1)
    workspace = imported(tmp_path, toml, files)  # type: ignore[arg-type]
    assert staged(workspace, "party", "label") == [("First",)]
    (finding,) = check(tmp_path, toml, {}).findings
    assert (finding.code, finding.rows) == ("lookup_twice", 1)
    assert finding.what == "names has more than one row for A1; the first one counts"


def test_a_lookup_whose_file_was_not_given_is_said(tmp_path: Path) -> None:
    report = check(tmp_path, JOINED, {"items.csv": months("A1,2024-01-01,1")})
    (finding,) = report.findings
    assert finding.what == "no file of names was given; title, area stay blank"


VERSIONED = ITEMS.replace(
    'headers = ["practice"', 'key = ["practice", "month"]\nversion = "stamp"\nheaders = ["practice"'
)


def test_the_latest_version_of_a_key_counts_across_files(tmp_path: Path) -> None:
    files = {
        "items_1.csv": "practice,month,items,stamp\nA1,2024-01-01,1,9\nA1,2024-01-01,2,10\nA2,2024-01-01,5,3\n",
        "items_2.csv": "practice,month,items,stamp\nA1,2024-01-01,3,2\nA2,2024-01-01,6,4\n",
    }
    workspace = imported(tmp_path, VERSIONED, files)  # type: ignore[arg-type]
    assert staged(workspace, "outcome", "subject, quantity") == [("code:A1", 2), ("code:A2", 6)]
    told = [(a.file, a.read, a.kept, a.superseded) for a in check(tmp_path, VERSIONED, {}).accounts]
    assert told == [("items_1.csv", 3, 1, 2), ("items_2.csv", 2, 1, 1)]


def test_repeated_rows_are_superseded_and_contradictions_reported(tmp_path: Path) -> None:
    rows = ("A1,2024-01-01,1", "A1,2024-01-01,1", "A2,2024-01-01,4", "A2,2024-01-01,3")
    answers = []
    for place, order in enumerate((rows, rows[::-1], rows[2:] + rows[:2])):
        folder = tmp_path / str(place)
        workspace = imported(folder, ITEMS, {"items.csv": months(*order)})
        answers.append(staged(workspace, "outcome", "subject, quantity"))
        (account,) = check(folder, ITEMS, {}).accounts
        assert (account.read, account.kept, account.superseded) == (4, 2, 2)
    assert answers == [[("code:A1", 1), ("code:A2", 3)]] * len(answers)
    findings = {f.code: (f.severity, f.rows) for f in check(tmp_path / "0", ITEMS, {}).findings}
    assert findings == {"row_twice": ("note", 1), "key_twice": ("warning", 1)}


def test_importing_the_same_content_again_changes_nothing_and_a_new_delivery_comes_after(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    toml = mapping(tmp_path, ITEMS)
    first = write(tmp_path / "first", {"items.csv": months("A1,2024-01-01,1", "A2,2024-01-01,x")})
    again = write(tmp_path / "again", {"items_copy.csv": months("A1,2024-01-01,1", "A2,2024-01-01,x")})
    second = write(tmp_path / "second", {"items.csv": months("A1,2024-01-01,2")})
    import_paths(workspace, [first], toml)
    import_paths(workspace, [again], toml)
    assert [path.name[:12] for path in sorted(workspace.staged.iterdir())] == ["000001-items"]
    assert [path.name for path in workspace.quarantine.iterdir()] == [path.name for path in workspace.staged.iterdir()]
    import_paths(workspace, [second], toml)
    assert [path.name[:12] for path in sorted(workspace.staged.iterdir())] == ["000001-items", "000002-items"]


def test_importing_a_whole_folder_again_leaves_nothing_behind_that_the_mapping_no_longer_takes(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    folder = write(tmp_path / "exports", {"items_1.csv": months("A1,2024-01-01,1", "A2,2024-01-01,2")})
    import_paths(workspace, [folder], mapping(tmp_path, ITEMS))
    write(folder, {"items_2.csv": months("A3,2024-01-01,3")})
    rule = 'leave_out = [{ when = "practice = \'A2\'", because = "closed" }]\n'
    import_paths(workspace, [folder], mapping(tmp_path, ITEMS.replace("headers", f"{rule}headers")))
    assert staged(workspace, "outcome", "subject") == [("code:A1",), ("code:A3",)]


def test_a_file_of_which_nothing_can_be_kept_is_an_error(tmp_path: Path) -> None:
    report = check(tmp_path, ITEMS, {"items.csv": months("A1,1 May 2024,1", "A2,2 May 2024,1")})
    assert [(f.code, f.severity, f.where, f.rows) for f in report.findings] == [
        ("nothing_kept", "error", "items.csv", 2),
        ("quarantined", "warning", "mapping items, source items", 2),
    ]


def test_quarantined_rows_of_a_parquet_file_show_their_values(tmp_path: Path) -> None:
    folder = write(tmp_path / "exports", {})
    query = "SELECT * FROM (VALUES ('A1', '2024-01-01', 1.5), ('A2', 'soon', NULL)) AS t (practice, month, items)"
    duckdb.execute(f"COPY ({query}) TO '{folder / 'items.parquet'}' (FORMAT parquet)")
    workspace = imported(tmp_path, ITEMS, {})
    reason = 'outcome.period_start: "soon" is not a date (YYYY-MM-DD)'
    assert quarantined(workspace) == [(2, "A2,soon,", reason)]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "exports", {"items.csv": months("A1,2024-01-01,1")})
    before = sorted(tmp_path.rglob("*"))
    toml = mapping(tmp_path, ITEMS)
    check_paths([folder], toml)
    assert sorted(path for path in tmp_path.rglob("*") if path != toml) == before


def test_an_expression_that_the_engine_refuses_is_explained(tmp_path: Path) -> None:
    toml = ITEMS.replace('table = "outcome"', 'table = "outcome"\nwhen = "items > 1"')
    with pytest.raises(BadInput) as problem:
        check(tmp_path, toml, {"items.csv": months("A1,2024-01-01,many")})
    assert problem.value.where == "mapping items, source items, outcome"
    assert problem.value.todo == "CAST the text to what it is compared or computed with."


def test_progress_names_each_file(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    folder = write(tmp_path / "exports", {"items.csv": months("A1,2024-01-01,1")})
    check_paths([folder], mapping(tmp_path, ITEMS), progress=lambda what, done, total: told.append((what, done, total)))
    assert told[0] == ("items.csv", 0, 1)


CELL = st.sampled_from(["", "A1", "A2", "2024-01-01", "2024-02-30", "1", "2.5", "x", '"', "a,b", "Ünï"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(rows=[['"'], ['"', "", ""]])  # a line end inside the first value of the first row
@given(rows=st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=12))
def test_whatever_comes_in_every_row_is_accounted_for(tmp_path: Path, rows: list[list[str]]) -> None:
    text = months(*(",".join(row) for row in rows))
    (account,) = check(tmp_path, ITEMS, {"items.csv": text}).accounts
    # An account that does not add up refuses itself; so a row could only be lost by not being read at all.
    assert account.kept + account.superseded + account.quarantined == account.read
    if '"' not in text:  # an open quote may join lines
        assert account.read == sum(1 for row in rows if ",".join(row))


SUMMED = ITEMS.replace('table = "outcome"', 'table = "outcome"\nsums = true')


def test_rows_of_one_key_add_up_where_the_mapping_says_so(tmp_path: Path) -> None:
    rows = ["A1,2024-01-01,1", "A1,2024-01-01,2", "A1,2024-01-01,2", "A2,2024-01-01,x", "A2,2024-02-01,5"]
    report = check(tmp_path / "plain", ITEMS, {"items.csv": months(*rows)})
    assert [(a.read, a.kept, a.superseded, a.quarantined) for a in report.accounts] == [(5, 2, 2, 1)]
    workspace = imported(tmp_path, SUMMED, {"items.csv": months(*rows)})
    assert staged(workspace, "outcome", "subject, CAST(quantity AS INTEGER)") == [("code:A1", 5), ("code:A2", 5)]
    report = check(tmp_path / "again", SUMMED, {"items.csv": months(*rows)})
    assert [(a.read, a.kept, a.superseded, a.quarantined) for a in report.accounts] == [(5, 4, 0, 1)]
    assert [f.code for f in report.findings] == ["quarantined"]


def test_rows_that_say_different_things_beside_their_numbers_do_not_add_up(tmp_path: Path) -> None:
    kind = "CASE WHEN items = '1' THEN 'hco' ELSE 'practice' END"
    toml = SUMMED.replace("subject_kind = \"'practice'\"", f'subject_kind = "{kind}"')
    report = check(tmp_path, toml, {"items.csv": months("A1,2024-01-01,1", "A1,2024-01-01,2", "A1,2024-01-01,3")})
    assert {f.code: f.rows for f in report.findings} == {"key_twice": 1}


@pytest.mark.parametrize(
    "toml",
    [SUMMED.replace("sums = true", "sums = true\ndistinct = true"), 'name = "x"\n[[source]]\nid = "x"\nfile = ["x*"]\n'
     'headers = ["a"]\n[[source.target]]\ntable = "party"\nsums = true\n[source.target.columns]\nparty = "a"\n'
     "kind = \"'hcp'\"\n"],
)  # fmt: skip
def test_what_cannot_add_up_is_refused_by_the_mapping(tmp_path: Path, toml: str) -> None:
    with pytest.raises(BadMapping, match="cannot be added up"):
        check(tmp_path, toml, {"x.csv": "a\n1\n"})
