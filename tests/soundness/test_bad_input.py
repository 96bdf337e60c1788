"""Whatever is wrong with an export is said in one sentence or counted row by row; nothing else changes or is lost.

Every case goes through the command line: a workspace that serves a sound snapshot is given a spoilt export.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.cli import run
from data.mapping import load_mapping
from data.reading import original
from data.sources import find_files, recognise
from tests.smallco import MAPPING, NPIS, exports, rx, written

Files = dict[str, str | bytes]
GOOD_ROW = f"{NPIS[0]},Alfa,2026-11-13,2"


@dataclass(frozen=True)
class Home:
    """A workspace that serves a sound snapshot, and the mapping it was imported by."""

    path: Path
    mapping: Path

    def state(self) -> dict[str, int]:
        """Everything a failed import must leave as it was: staged rows, quarantine, snapshots, pointer."""
        found = {}
        for room in ("staged", "quarantine", "snapshots"):
            for path in sorted((self.path / room).rglob("*")):
                if path.name != ".lock":
                    found[str(path)] = hash(path.read_bytes()) if path.is_file() else 0
        return found


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("smallco")
    mapping = written(folder, {"smallco.toml": MAPPING}) / "smallco.toml"
    home = Home(folder / "home", mapping)
    assert run(["import", str(written(folder / "exports", exports())), *_to(home)]) == 0
    assert run(["build", "--home", str(home.path)]) == 0
    return home


@pytest.fixture
def home(sound: Home, tmp_path: Path) -> Home:
    shutil.copytree(sound.path, tmp_path / "copy")
    return Home(tmp_path / "copy", sound.mapping)


def _to(home: Home) -> list[str]:
    return ["--mapping", str(home.mapping), "--home", str(home.path), "--format", "json"]


def _nation(home: Home, capsys: pytest.CaptureFixture[str]) -> list[float]:
    """TRx of the nation over all eight weeks, as the command line tells it."""
    capsys.readouterr()
    asked = ["--metrics", "trx", "--by", "nation", "--period", "2026-09-19..2026-11-13", "--format", "json"]
    assert run(["ask", "--as", "leader", *asked, "--home", str(home.path)]) == 0
    return [row["trx"] for row in json.loads(capsys.readouterr().out)["rows"]]


def _set_aside(home: Home, before: dict[str, int]) -> list[tuple[Any, ...]]:
    """File, line, text and reason of the rows that were quarantined since."""
    new = [str(path) for path in home.path.glob("quarantine/*/*.parquet") if str(path) not in before]
    if not new:
        return []
    return duckdb.execute("SELECT file, line, text, reason FROM read_parquet(?) ORDER BY 1, 2", [new]).fetchall()


def _compound(inside: str) -> bytes:
    """The head of a Microsoft compound file: 512 bytes of header, then a directory that names a stream."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHH", 0x3E, 3, 0xFFFE)
    return head.ljust(512, b"\0") + inside.encode("utf-16-le").ljust(4096, b"\0")


def _parquet(query: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        duckdb.execute(f"COPY ({query}) TO '{folder}/x.parquet' (FORMAT parquet)")
        return Path(folder, "x.parquet").read_bytes()


def _workbook(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _zip(*members: tuple[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return kept.getvalue()


def _wide(columns: int, start: str = "c") -> str:
    return ",".join(f"{start}{n}" for n in range(columns)) + "\n" + ",".join("1" * columns) + "\n"


WEEK = _parquet(
    "SELECT '1000000004' AS npi, 'Alfa' AS product, DATE '2026-11-13' AS week_ending, 3 AS trx FROM range(9)"
)
BOMB = gzip.compress(bytes(80 << 20), 1)

# What cannot be read at all, alone in its folder: the command ends with 2 and one sentence.
REFUSED: dict[str, tuple[Files, str]] = {
    "an empty folder": ({}, "there is nothing to read. Name a file or a directory that holds exports."),
    "a file of 0 bytes": ({"rx.csv": b""}, "rx.csv: the file is empty (0 bytes). Export it again."),
    "a Parquet file of 0 bytes": ({"rx.parquet": b""}, "rx.parquet: the file is empty (0 bytes). Export it again."),
    "a gzip of nothing": ({"rx.csv.gz": gzip.compress(b"")}, "the file is empty once unpacked. Export it again."),
    "a blank first line": ({"rx.csv": "\n\n"}, "Its first row is blank: say skip_rows in the mapping, or export it"),
    "a delimiter nobody guesses": (
        {"rx.csv": rx().replace(",", "%")},
        'It has the single column "npi%product%week_ending%trx": say its delimiter in the mapping.',
    ),
    "an encoding of another world": ({"rx.csv": rx().encode("cp500")}, "say its delimiter in the mapping."),
    "a missing column": (
        {"rx.csv": "npi,product,trx\n1,Alfa,2\n"},
        "smallco.rx needs column week_ending, which is not in the file. It has npi, product, trx.",
    ),
    "a renamed column": (
        {"rx.csv": rx(header="npi,product,week_endng,trx")},
        'smallco.rx needs column week_ending, which is not in the file. Did you mean "week_endng"?',
    ),
    "200 columns of no known layout": ({"export.csv": _wide(200)}, "export.csv: no mapping knows this file. Write a"),
    "200 columns under a known name": (
        {"rx.csv": _wide(200)},
        "smallco.rx needs columns npi, product, week_ending, trx, which are not in the file. None of its 200",
    ),
    "a truncated Parquet": ({"rx.parquet": WEEK[:-20]}, "the Parquet file is cut off: its end is missing. Copy or"),
    "a Parquet with a hole": ({"rx.parquet": WEEK[:8] + WEEK[40:]}, "rx.parquet: "),
    "text called Parquet": ({"rx.parquet": rx()}, "it is no Parquet file, though its name says so. Export it again"),
    "Parquet called text": ({"rx.csv": WEEK}, "it is a Parquet file, not text. Give it the ending .parquet."),
    "a truncated gzip": ({"rx.csv.gz": gzip.compress(rx().encode())[:-60]}, "rx.csv.gz: it cannot be read: Compressed"),
    "a spoilt gzip": (
        {"rx.csv.gz": (lambda packed: packed[:40] + b"\xff\xff\xff" + packed[43:])(gzip.compress(rx().encode()))},
        "rx.csv.gz: it cannot be read: ",
    ),
    "a gzip in a gzip": ({"rx.csv.gz": gzip.compress(gzip.compress(rx().encode()))}, "it is packed twice, or holds no"),
    "a gzip that unpacks to far too much": ({"rx.csv.gz": BOMB}, "it unpacks to more than 200 times its size"),
    "a workbook that unpacks to far too much": (
        {"rx.xlsx": _zip(("[Content_Types].xml", b""), ("xl/worksheets/sheet1.xml", bytes(80 << 20)))},
        "it unpacks to more than 200 times its size, which no export does. Make sure of where it comes from",
    ),
    "a workbook with a password": (
        {"rx.xlsx": _compound("EncryptedPackage")},
        "rx.xlsx: the workbook is locked with a password. Save it without one, or export CSV.",
    ),
    "an Excel 97 workbook called .xlsx": (
        {"rx.xlsx": _compound("Workbook")},
        "it is an Excel 97-2003 workbook (.xls), which is not read. Save it as .xlsx, or export CSV.",
    ),
    "an Excel 97 workbook": ({"rx.xls": _compound("Workbook")}, "a workbook of the kind .xls is not read. Save it as"),
    "an .xlsx that is no zip": ({"rx.xlsx": rx()}, "it is no Excel workbook, though its name says so. Save it as"),
    "a zip called .xlsx": ({"rx.xlsx": _zip(("rx.csv", b"x"))}, "it is a zip archive, not a workbook. Unpack it and"),
    "a workbook without its parts": (
        {"rx.xlsx": _zip(("[Content_Types].xml", b"<x/>"))},
        "rx.xlsx: it cannot be read:",
    ),
    "a workbook cut off": ({"rx.xlsx": _workbook(("npi",))[:-30]}, "the workbook is cut off: its end is missing. Copy"),
    "a workbook of empty sheets": ({"rx.xlsx": _workbook()}, "Its first row is blank: say skip_rows in the mapping"),
    "a zip of exports": ({"exports.zip": _zip(("rx.csv", b"x"))}, "exports.zip/rx.csv: smallco.rx needs columns npi,"),
    "a zip called .csv": ({"rx.csv": _zip(("rx.csv", b"x"))}, "it is a zip archive or a workbook, not text. Unpack"),
    "a picture": ({"rx.png": b"\x89PNG"}, "this kind of file is not read. Export it as CSV, Parquet or .xlsx"),
    "only what the mapping does not use": ({"notes.md": "x"}, "every file there is declared as not used."),
    "a lookup with a doubled key": (
        {"hcp.csv": exports()["hcp.csv"], "city.csv": "code,city\nC0,Northtown\nC0,Westtown\nC1,Southtown\n"},
        "mapping smallco, source hcp, join city: city has more than one row for C0, which would double rows. Add what",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_one_sentence_and_changes_nothing(
    case: str, home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, says = REFUSED[case]
    before = home.state()
    code = run(["import", str(written(tmp_path / "exports", files)), *_to(home)])
    told = capsys.readouterr()
    (sentence,) = told.err.strip().splitlines()
    assert says in sentence
    assert (code, told.out) == (2, "")
    assert home.state() == before


@dataclass(frozen=True)
class Found:
    """What an import tells that can go on: findings by code with part of their words, and rows set aside."""

    files: Files
    findings: tuple[tuple[str, str], ...] = ()
    set_aside: tuple[tuple[int, str], ...] = ()
    read: int = 97
    left: dict[str, int] = field(default_factory=dict)


def _bad(row: str, reason: str, *also: str) -> Found:
    """The sound file with one more row, on line 98, that ends in quarantine."""
    told = also or (reason.partition(":")[0],)
    return Found({"rx.csv": rx(row)}, tuple(("quarantined", words) for words in told), ((98, reason),))


# What can be read in part: exit code 0, each fault counted, each row set aside with its line and reason.
COUNTED: dict[str, Found] = {
    "an unknown code": _bad(
        f"{NPIS[0]},Gamma,2026-11-13,2",
        'recode.product has no word for "Gamma"',
        'recode.product has no word for "Gamma"',
    ),
    "31 February": _bad(
        f"{NPIS[0]},Alfa,2026-02-31,2", 'outcome.period_start: "2026-02-31" is not a date (YYYY-MM-DD)'
    ),
    "the year 0001": _bad(
        f"{NPIS[0]},Alfa,0001-11-13,2", 'outcome.period_start: "0001-11-07" lies outside 1900 to 2199'
    ),
    "the year 9999": _bad(
        f"{NPIS[0]},Alfa,9999-12-31,2", 'outcome.period_start: "9999-12-25" lies outside 1900 to 2199'
    ),
    "the year 99999": _bad(
        f"{NPIS[0]},Alfa,99999-01-01,2", 'outcome.period_start: "99999-01-01" is not a date (YYYY-MM-DD)'
    ),
    "a date called infinity": _bad(
        f"{NPIS[0]},Alfa,infinity,2", 'outcome.period_start: "infinity" is not a date (YYYY-MM-DD)'
    ),
    "day, month and year in another order": _bad(
        f"{NPIS[0]},Alfa,13/11/2026,2", 'outcome.period_start: "13/11/2026" is not a date (YYYY-MM-DD)'
    ),
    "a thousands separator in quotes": _bad(
        f'{NPIS[0]},Rival,2026-11-20,"1,234"', 'outcome.quantity: "1,234" is not a number'
    ),
    "a thousands separator that splits the row": _bad(
        f"{NPIS[0]},Rival,2026-11-20,1,234", "it has 5 values where 4 are due", "a row cannot be split"
    ),
    "a number too large": _bad(f"{NPIS[0]},Rival,2026-11-20,1e30", 'outcome.quantity: "1e30" is not a number'),
    "a number that is a word": _bad(f"{NPIS[0]},Rival,2026-11-20,#N/A", 'outcome.quantity: "#N/A" is not a number'),
    "a row too short": _bad(f"{NPIS[0]},Rival", "it has 2 values where 4 are due", "a row cannot be split"),
    "a row that is blank where it must not be": _bad(",Rival,2026-11-20,3", "outcome.subject is blank"),
    "an unclosed quote": _bad(
        f'"{NPIS[0]},Rival,2026-11-20,3', "a quote opens and is not closed", "a quote opens and is not closed"
    ),
    "a quote that ends early": _bad(
        f'"{NPIS[0]}"x,Rival,2026-11-20,3',
        "a quote closes before the value ends",
        "a quote closes before the value ends",
    ),
    "the header once more": _bad(
        "npi,product,week_ending,trx",
        'recode.product has no word for "product"',
        'recode.product has no word for "product"',
    ),
    "NUL bytes in a value": _bad(
        f"{NPIS[0]},Ri\0val,2026-11-20,3", 'recode.product has no word for "Ri\0val"', "recode.product has no word for"
    ),
    "a number in scientific notation": Found({"rx.csv": rx(f"{NPIS[0]},Alfa,2026-11-20,1e3")}),
    "line ends of all kinds": Found(
        {"rx.csv": rx(GOOD_ROW).replace("\n", "\r\n", 40).encode()}, (("row_twice", "say the same"),)
    ),
    "a mark of byte order": Found({"rx.csv": b"\xef\xbb\xbf" + rx().encode()}, read=96),
    "a mark of byte order in the middle": Found({"rx.csv": rx(f"\ufeff{NPIS[0]},Alfa,2026-11-20,3")}),
    "UTF-16": Found({"rx.csv": rx().encode("utf-16")}, read=96),
    "an encoding that breaks off": Found(
        {"rx.csv": b"\xff\xfe" + rx().encode("utf-16-le") + b"\x41"},
        (("quarantined", "it holds bytes that are no text in utf-16"),),
        ((98, "it holds bytes that are no text in utf-16"),),
    ),
    "another delimiter": Found({"rx.csv": rx().replace(",", ";")}, read=96),
    "a column twice": Found(
        {"rx.csv": rx(header="npi,product,week_ending,trx,trx").replace("2\n", "2,7\n").replace("10\n", "10,7\n")},
        (("column_twice", "column trx stands there more than once; the first one counts"),),
        read=96,
    ),
    "a key twice, said alike": Found({"rx.csv": rx(GOOD_ROW)}, (("row_twice", "say the same as another row"),)),
    "a key twice, said otherwise": Found(
        {"rx.csv": rx(f"{NPIS[0]},Alfa,2026-11-13,5")}, (("key_twice", "say different things; one of them counts"),)
    ),
    "a header and no rows": Found(
        {"rx.csv": "npi,product,week_ending,trx\n"}, (("file_empty", "it has a header and no rows"),), read=0
    ),
    "a name that is no text": Found({"rx-\udce9.csv": rx()}, read=96),
    "a link that leads nowhere": Found({"rx.csv": rx()}, (("file_not_read", "the link leads nowhere"),), read=96),
    "a workbook that belies its size": Found({"rx.xlsx": b""}, read=96),
    "files of different types": Found(
        {"rx.csv": rx(), "rx2.parquet": WEEK}, (("row_twice", ""), ("key_twice", "")), read=105
    ),
    "a broken file beside a sound one": Found(
        {"rx.csv": rx(), "city.csv": b""}, (("file_not_read", "the file is empty (0 bytes)"),), read=96
    ),
    "an unknown file beside a sound one": Found(
        {"rx.csv": rx(), "other.csv": _wide(200)}, (("file_not_read", "no mapping knows this file"),), read=96
    ),
}


def _without_size(path: Path) -> None:
    """A workbook whose sheet says that it is one cell large, as some writers do."""
    whole = _workbook(*(row.split(",") for row in rx().splitlines()))
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(b'<dimension ref="A1:D97"', b'<dimension ref="A1"'))


@pytest.mark.parametrize("case", COUNTED)
def test_what_can_be_read_in_part_is_counted_and_set_aside(
    case: str, home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = COUNTED[case]
    folder = written(tmp_path / "exports", found.files)
    if "link" in case:
        (folder / "gone.csv").symlink_to(folder / "nowhere.csv")
    if "belies" in case:
        _without_size(folder / "rx.xlsx")
    before = home.state()
    assert run(["import", str(folder), *_to(home)]) == 0
    told = json.loads(capsys.readouterr().out)
    for code, words in found.findings:
        assert [f for f in told["findings"] if f["code"] == code and words in f["what"] and f["todo"]], told["findings"]
    assert {f["code"] for f in told["findings"]} == {code for code, _ in found.findings}
    for file in told["files"]:
        assert file["read"] == file["kept"] + file["left_out"] + file["superseded"] + file["quarantined"]
    assert sum(file["read"] for file in told["files"]) == found.read
    set_aside = _set_aside(home, before)
    assert [(line, reason) for _, line, _, reason in set_aside] == list(found.set_aside)
    assert sum(file["quarantined"] for file in told["files"]) == len(set_aside)
    after = home.state()
    assert {path: after.get(path) for path in before if "snapshots" in path} == {
        path: content for path, content in before.items() if "snapshots" in path
    }


def _far(day: str) -> Files:
    return {**exports(), "rx.csv": rx(f"{NPIS[0]},Alfa,{day},2")}


FAULTY = {
    "rx.csv": rx(f"{NPIS[0]},Alfa,2026-11-12,1", "1999999992,Alfa,2026-11-13,1"),
    "territory.csv": (
        "node,level,parent,name\nSC,nation,,Smallco\nSC_N,region,SC,North\nSC_S,region,SC_S1,South\n"
        "SC_N1,territory,SC_N,Lakes\nSC_N1,territory,SC_S,Lakes\nSC_N2,territory,,Hills\nSC_N3,territory,SC_X,Moors\n"
        "SC_S1,territory,SC_S,Coast\nSC_B,brick,SC_S,Bricks\n"
    ),
    "aligned.csv": (
        f"npi,territory\n{NPIS[0]},SC_N1\n{NPIS[1]},SC_N2\n{NPIS[2]},SC_N3\n{NPIS[3]},SC_S1\n{NPIS[4]},SC_NOWHERE\n"
    ),
}
# What only shows once everything is loaded: the code of its Finding, its words, and how many rows it touches.
NOTICED = {
    "an HCP without territory": ("unaligned", "2 of kind hcp stand under Unaligned, with", 2),
    "an HCP in a territory that does not exist": (
        "alignment_node_unknown", '"SC_NOWHERE" is a node that does not exist', 1),
    "a territory without parent": ("node_without_parent", '"SC_N2" has no parent', 1),
    "a territory under a parent that does not exist": (
        "node_parent_unknown", '"SC_N3" names a parent that does not exist', 1),
    "a cycle in the hierarchy": ("node_parent_not_above", '"SC_S" names a parent that is not above it: a cycle', 1),
    "a node with two parents": ("key_twice", "rows of the same hierarchy, node say different things; one of them", 1),
    "a node at a level that is not there": (
        "node_level", '"SC_B" stands at a level that its hierarchy does not have', 1),
    "a person whom no file describes": ("reference_unknown", "subject names somebody that no people file knows", 1),
    "a week that ends on another day": ("week_off_beat", 'weeks ending on "2026-11-12" end on another weekday', 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def faulty(sound: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[Any]]:
    """A home whose build had to live with every fault of FAULTY, and its findings."""
    from data.snapshot import open_snapshot
    from data.workspace import Workspace

    folder = tmp_path_factory.mktemp("faulty")
    home = Home(folder / "home", sound.mapping)
    assert run(["import", str(written(folder / "exports", {**exports(), **FAULTY})), *_to(home)]) == 0
    assert run(["build", "--home", str(home.path)]) == 0
    return home, list(open_snapshot(Workspace.open(home.path)).findings())


@pytest.mark.parametrize("case", NOTICED)
def test_what_only_shows_in_the_whole_is_a_counted_finding(faulty: tuple[Home, list[Any]], case: str) -> None:
    code, words, rows = NOTICED[case]
    told = [f for f in faulty[1] if f.code == code and words in f.what]
    assert [(f.rows, bool(f.where), bool(f.todo)) for f in told] == [(rows, True, True)], [str(f) for f in faulty[1]]


def test_a_hierarchy_in_disorder_loses_nothing(
    faulty: tuple[Home, list[Any]], sound: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    # Six physicians have 12 a week in 8 weeks. Their row of Thursday counts; the one of nobody known is left out.
    assert _nation(sound, capsys) == [576]
    assert _nation(faulty[0], capsys) == [577]


def test_the_last_good_snapshot_serves_on(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = _nation(home, capsys)
    staged = next(home.path.glob("staged/*/outcome.parquet"))
    staged.write_bytes(staged.read_bytes()[:-50])
    before = home.state()
    assert run(["build", "--home", str(home.path)]) == 2
    assert "outcome: its staged rows cannot be read: " in capsys.readouterr().err.splitlines()[-1]
    assert home.state() == before
    assert _nation(home, capsys) == good


def test_a_date_two_years_ahead_is_an_error_that_a_given_day_puts_right(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", str(written(tmp_path / "exports", _far("2028-11-10"))), *_to(home)]) == 0
    capsys.readouterr()
    assert run(["build", "--home", str(home.path)]) == 0
    told = capsys.readouterr().err
    assert 'error: outcome: no row at all for the week of "2026-11-14", ' in told
    assert run(["build", "--as-of", "2026-11-22", "--home", str(home.path)]) == 0
    assert _nation(home, capsys) == [576]
    assert "no row at all" not in capsys.readouterr().err


CONTRADICTIONS = {
    "a name that is not its file's": ('name = "smallco"', 'name = "other"', 'it calls itself "other". Name it like'),
    "no TOML": ('name = "smallco"', "name = ", "mapping smallco.toml: it cannot be read: "),
    "a key that is unknown": ("headers =", "header_names =", 'key "header_names" is unknown. Did you mean "headers"?'),
    "a table that is not there": ('table = "party"', 'table = "partie"', 'no table "partie". Did you mean "party"?'),
    "a column that is not there": ("city = \"city_name\"", 'town = "city_name"', 'key "town" is unknown'),
    "a required column left out": ("quantity = \"trx\"", "", "") ,
    "a join with nothing": ('source = "city"', 'source = "town"', 'no source "town". There is rx, hcp, city'),
    "a recode table that is not there": ("recode(product,", "recode(produce,", 'no recode table "produce". Did you'),
    "a code that has a word and is ignored": (
        "[recode.product]", '[recode.product]\nignore = ["Alfa"]', '"Alfa" has a word and is ignored. Take one'),
    "a column that is needed and optional": (
        'id = "city"', 'id = "city"\noptional = ["CODE"]', "code is needed and optional at once. Take it out of"),
    "two sources of one name": ('id = "city"', 'id = "hcp"', 'two sources are called "hcp". Rename one.'),
    "an encoding that is not there": ('id = "city"', 'id = "city"\nencoding = "utf-9"', 'there is no encoding "utf-9"'),
    "a delimiter of two characters": ('id = "city"', 'id = "city"\ndelimiter = "||"', "delimiter is not one character"),
    "fewer than no lines to skip": ('id = "city"', 'id = "city"\nskip_rows = -1', "skip_rows is below zero. Say how"),
    "a kind of hierarchy that is not there": ('kind = "field"', 'kind = "feild"', 'kind "feild" cannot be. Use one of'),
    "a flag that is none": ("own = true", 'own = "yes"', 'own "yes" cannot be. The column holds BOOLEAN.'),
    "an expression that is none": ('quantity = "trx"', 'quantity = "trx +"', "mapping smallco, source rx, outcome"),
    "a function that is not allowed": ('quantity = "trx"', 'quantity = "sum(trx)"', '"sum" in "sum(trx)" is not'),
    "text computed with a number": ('quantity = "trx"', 'quantity = "trx * 2"', "an expression cannot be computed: "),
    "two joins in a circle": (
        'headers = ["code", "city"]',
        'headers = ["code", "city"]\n[source.join.back]\nsource = "hcp"\non = { code = "city" }\nexists = "x"',
        "joins lead in a circle: hcp > city > hcp. Break the circle."),
}  # fmt: skip
CONTRADICTIONS["a required column left out"] = (
    "kind = \"'hcp'\"\ncity", "city", "party needs kind. Add kind = ... to its columns.")  # fmt: skip


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_mapping_that_contradicts_itself_is_told_before_anything_is_kept(
    case: str, home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, says = CONTRADICTIONS[case]
    assert old in MAPPING
    spoilt = Home(home.path, written(tmp_path, {"smallco.toml": MAPPING.replace(old, new, 1)}) / "smallco.toml")
    before = home.state()
    code = run(["import", str(written(tmp_path / "exports", exports())), *_to(spoilt)])
    told = capsys.readouterr()
    (sentence,) = told.err.strip().splitlines()
    assert says in sentence
    assert (code, told.out) == (2, "")
    assert home.state() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere.csv"], "nowhere.csv: there is no such file or directory. Check the path."),
        (["x" * 300], "it cannot be read: File name too long. Give yourself the right to read it, or check the path."),
        ([".", "--mapping", "nosuch"], 'there is no mapping "nosuch". There is '),
        (
            [".", "--mapping", "no.toml"],
            "mapping no.toml: it cannot be read: No such file or directory. Check its path",
        ),
        (["rx.csv", "--home", "rx.csv/home"], "rx.csv/home: no workspace can be made there: Not a directory. Name a"),
    ],
)
def test_a_command_that_cannot_be_followed(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(written(tmp_path / "exports", exports()))
    assert run(["import", *arguments]) == 2
    assert says in capsys.readouterr().err


@pytest.fixture
def closed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Path]:
    """A folder for somebody without rights: the super-user, who may read anything, steps down for the test."""
    run(["check", str(written(tmp_path / "before", exports()))])  # what the command loads late is loaded by now
    capsys.readouterr()
    folder = Path(tempfile.mkdtemp())
    mine = os.geteuid()
    try:
        if mine == 0:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        yield folder
    finally:
        os.seteuid(mine)
        for path in folder.rglob("*"):
            path.chmod(0o700)
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("shut", "findings"),
    [
        ("inner", [("inner", "the folder may not be read")]),
        ("hcp.csv", [("hcp.csv", "it may not be read")]),
    ],
)
def test_what_may_not_be_read_is_told_and_the_rest_goes_on(
    shut: str, findings: list[tuple[str, str]], closed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(closed, {**exports(), "inner/rx2.csv": rx(), "smallco.toml": MAPPING})
    (closed / shut).chmod(0)
    known = ["--mapping", str(closed / "smallco.toml"), "--home", str(closed / "home")]
    assert run(["check", str(closed), *known, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["findings"]
    assert [(f["where"], f["what"]) for f in told if f["severity"] == "error"] == findings


def test_a_folder_that_may_not_be_read_is_one_sentence(closed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(closed, {"inner/rx.csv": rx()})
    (closed / "inner").chmod(0)
    assert run(["check", str(closed / "inner"), "--home", str(closed / "home")]) == 2
    assert (
        capsys.readouterr()
        .err.strip()
        .endswith("inner: it may not be read. Give yourself the right to read it, or check the path.")
    )


@pytest.mark.parametrize("moment", ["data.conform.find_files", "data.conform.recognise"])
def test_a_file_that_vanishes_is_told_and_the_rest_goes_on(
    moment: str, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "exports", exports())
    real = find_files if moment.endswith("find_files") else recognise

    def then_gone(*given: Any) -> Any:
        found = real(*given)
        (folder / "hcp.csv").unlink()
        return found

    monkeypatch.setattr(moment, then_gone)
    assert run(["import", str(folder), *_to(home)]) == 0
    told = json.loads(capsys.readouterr().out)["findings"]
    assert [(f["where"], f["what"]) for f in told if f["code"] == "file_not_read"] == [
        ("hcp.csv", "it was there a moment ago and is gone")
    ]


def test_a_file_that_vanishes_before_its_bad_rows_are_kept_leaves_all_as_it_was(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "exports", {"rx.csv": rx("x,y,z,1")})

    def then_gone(*given: Any) -> Any:
        (folder / "rx.csv").unlink(missing_ok=True)
        return original(*given)

    monkeypatch.setattr("data.intake.original", then_gone)
    before = home.state()
    assert run(["import", str(folder), *_to(home)]) == 2
    assert capsys.readouterr().err == (
        "rx.csv: it was there a moment ago and is gone. Import again once nobody moves or writes it.\n"
    )
    assert home.state() == before


def test_a_layout_that_fails_keeps_no_other_out(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = MAPPING.replace('name = "smallco"', 'name = "other"', 1).replace('"hcp*"', '"doctor*"')
    other = other.replace('"city*"', '"town*"').replace('"name", "city"]', '"name", "city", "more"]')
    other = other.replace('["code", "city"]', '["code", "city", "more"]')
    layouts = (load_mapping(home.mapping), load_mapping(written(tmp_path, {"other.toml": other}) / "other.toml"))
    monkeypatch.setattr("data.conform.load_mappings", lambda *_: layouts)
    spoilt = {"doctor.csv": "npi,name,city,more\n1,A,C0,x\n", "town.csv": "code,city,more\nC0,A,x\nC0,B,x\n"}
    folder = written(tmp_path / "exports", {"hcp.csv": exports()["hcp.csv"], **spoilt})
    assert run(["import", str(folder), "--home", str(home.path), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(file["file"], file["kept"]) for file in told["files"]] == [("hcp.csv", 6)]
    assert [f["what"] for f in told["findings"] if f["code"] == "layout_not_read"] == [
        "city has more than one row for C0, which would double rows; "
        "nothing of this layout was imported, what was imported before stays"
    ]


def test_quarantined_rows_of_files_of_one_name_stand_side_by_side(home: Home, tmp_path: Path) -> None:
    before = home.state()
    folder = written(
        tmp_path / "exports", {"a/rx.csv": rx("x,1,1,1"), "rx_.csv": rx("x,2,2,2"), "a/rxä.csv": rx("x,3")}
    )
    assert run(["import", str(folder), *_to(home)]) == 0
    texts = {(name, text) for name, _, text, _ in _set_aside(home, before)}
    assert texts == {("a/rx.csv", "x,1,1,1"), ("a/rxä.csv", "x,3"), ("rx_.csv", "x,2,2,2")}


ENGLAND = "date,ccg,practice,practice_name,setting,items,quantity,actual_cost\n" + "".join(
    f"2013-0{month}-01,00L,A8100{place},Practice {place},4,{place * 3},{place * 12},{place}.50\n"
    for month in range(1, 4)
    for place in range(1, 5)
)
ACCOUNT = ",".join(
    (
        "Id,IsDeleted,IsPersonAccount,Name,NPI_vod__c,ME__c,Specialty_1_vod__c,Primary_Parent_vod__c",
        "PDRP_Opt_Out_vod__c,PDRP_Opt_Out_Date_vod__c,External_ID_vod__c,No_See__c,Do_Not_Call_vod__c,Investigator_vod__c",
    )
)
VEEVA = f"{ACCOUNT}\n" + "".join(
    f"00140000000000{n}AAA,{n // 5},1,Person {n},{npi},0123456789{n},Cardiology,,"
    f"{n % 2},2025-01-0{n + 1},X{n},0,0,{n % 2}\n"
    for n, npi in enumerate(NPIS)
)
RARELY = st.sampled_from((False, False, False, False, True))
SAMPLES = {"england": ("practice_month", ENGLAND), "veeva_crm": ("Account", VEEVA)}


def _columns_moved(text: str, draw: st.DrawFn) -> str:
    """Columns shuffled, dropped, doubled or renamed, in every row alike."""
    rows = [line.split(",") for line in text.splitlines()]
    places = draw(st.permutations(range(len(rows[0]))))
    if draw(st.booleans()):
        places = [*places[draw(st.integers(0, 1)) :], *draw(st.lists(st.sampled_from(places), max_size=2))]
    moved = [[row[place] for place in places] for row in rows]
    if draw(RARELY):
        renamed = draw(st.sampled_from(range(len(places))))
        moved[0][renamed] = draw(st.sampled_from(("", "Date", "ITEMS", "id", "x" * 300, "a b", "items", "Name")))
    return "\n".join(",".join(row) for row in moved) + "\n"


PIECES = (
    "\n",
    "\r",
    "\r\n",
    '"',
    '""',
    ",",
    ",,,",
    ";",
    "\t",
    "\0",
    "\ufeff",
    " ",
    "\x1a",
    "1e9",
    "'",
    "\\",
    "é",
    "\u2028",
)


def _rows_torn(text: str, draw: st.DrawFn) -> str:
    """Line breaks, quotes, delimiters and odd characters where they do not belong; pieces cut out."""
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from(PIECES)) + text[place + draw(st.sampled_from((0, 0, 1, 7, 40))) :]
    return text


def _bytes_flipped(content: bytes, draw: st.DrawFn) -> bytes:
    """Single bytes changed, the end cut off, the whole written in another encoding or packed."""
    spoilt = bytearray(content)
    for _ in range(draw(st.integers(0, 4))):
        if spoilt:
            spoilt[draw(st.integers(0, len(spoilt) - 1))] = draw(st.integers(0, 255))
    if draw(RARELY):
        del spoilt[draw(st.integers(0, len(spoilt))) :]
    return bytes(spoilt)


@st.composite
def spoilt_files(draw: st.DrawFn) -> tuple[str, dict[str, bytes]]:
    """A layout and three files of it, each spoilt in ways of its own."""
    layout = draw(st.sampled_from(sorted(SAMPLES)))
    stem, text = SAMPLES[layout]
    files = {}
    for place in range(3):
        own = text.replace("AAA", f"AA{place}").replace("A8100", f"A81{place}0")
        if draw(RARELY):
            own = _columns_moved(own, draw)
        if draw(st.booleans()):
            own = _rows_torn(own, draw)
        content = own.encode(draw(st.sampled_from(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16"))), "replace")
        if draw(st.booleans()):
            content = _bytes_flipped(content, draw)
        ending = ".csv"
        if draw(RARELY):
            content, ending = gzip.compress(content), ".csv.gz"
            if draw(st.booleans()):
                content = _bytes_flipped(content, draw)
        files[f"{stem}_{place}{ending}"] = content
    return layout, files


def _rows_in(content: bytes) -> int | None:
    """The rows below the header, counted apart from the importer; None where quotes or encodings leave it open."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    lines = [line for line in re.split("\r\n|\r|\n", text) if line]
    return None if '"' in text or "\0" in text[:2000] or content[:2] == b"\x1f\x8b" else max(0, len(lines) - 1)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(spoilt_files())
def test_however_a_file_is_spoilt_it_is_told_and_every_row_accounted_for(spoilt: tuple[str, dict[str, bytes]]) -> None:
    layout, files = spoilt
    out, err = io.StringIO(), io.StringIO()
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(out), redirect_stderr(err):
        written(Path(folder), dict(files))
        code = run(["check", folder, "--mapping", layout, "--format", "json"])
    assert code in (0, 2), err.getvalue()
    assert "Traceback" not in err.getvalue() and "accounted" not in err.getvalue()
    if code == 2:
        assert len(err.getvalue().splitlines()) == 1 and ". " in err.getvalue(), err.getvalue()
        return
    told = json.loads(out.getvalue())
    unread = {finding["where"].partition(",")[0] for finding in told["findings"] if finding["code"] == "file_not_read"}
    assert {file["file"] for file in told["files"]} | unread == set(files)
    for file in told["files"]:
        assert file["read"] == file["kept"] + file["left_out"] + file["superseded"] + file["quarantined"]
        assert _rows_in(files[file["file"]]) in (None, file["read"]), files[file["file"]]
