"""Records of one person leave a file of any kind, and every other record stays as it was written."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest

from data.erasure import exported_files, proof

WHO = "1000000038"


def theirs(text: str) -> bool:
    return proof.by_pattern(rf"(^|[^0-9A-Za-z])({WHO}|(?i:Marla\s+Quennerby))($|[^0-9A-Za-z])")([text]) > 0


@pytest.mark.parametrize("packed", [False, True])
def test_lines_of_a_text_file(tmp_path: Path, packed: bool) -> None:
    lines = [f"npi,note\r\n{WHO}0,kept\r\n", f'{WHO},"two\r\nlines"\r\n', '"x\r\nMARLA  quennerby",1\r\n', "12,é\r\n"]
    content = "".join(lines).encode()
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(content) if packed else content)
    assert exported_files.rewrite_exported(path, theirs) == 2
    left = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    assert left == (lines[0] + lines[3]).encode()


def test_a_file_without_the_person_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"npi\n12\n")
    before = path.stat().st_mtime_ns, path.stat().st_ino
    assert exported_files.rewrite_exported(path, theirs) == 0
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(f"a\n{WHO}\nb\n".encode("utf-16"))
    assert exported_files.rewrite_exported(path, theirs) == 1
    assert path.read_bytes().decode("utf-16") == "a\nb\n"


def test_an_archive_with_files_of_several_kinds(tmp_path: Path) -> None:
    columns, path = tmp_path / "b.parquet", tmp_path / "a.zip"
    duckdb.sql(f"COPY (SELECT unnest([{WHO}, 7]) AS npi) TO '{columns}'")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("in/a.csv", f"npi\n{WHO}\n8\n")
        archive.write(columns, "b.parquet")
    assert theirs(" | ".join(proof.pieces(path)))
    assert exported_files.rewrite_exported(path, theirs) == 2
    assert not theirs(" | ".join(proof.pieces(path)))
    with zipfile.ZipFile(path) as archive:
        assert archive.read("in/a.csv") == b"npi\n8\n" and archive.namelist() == ["in/a.csv", "b.parquet"]
    before = path.stat().st_mtime_ns, path.stat().st_ino
    assert exported_files.rewrite_exported(path, theirs) == 0
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_columns_and_workbooks(tmp_path: Path) -> None:
    columns = tmp_path / "a.parquet"
    duckdb.sql(f"COPY (SELECT unnest([{WHO}, 7]) AS npi, unnest([1, 2]) AS n) TO '{columns}'")
    assert exported_files.rewrite_exported(columns, theirs) == 1
    assert duckdb.sql(f"SELECT * FROM '{columns}'").fetchall() == [(7, 2)]
    book = openpyxl.Workbook()
    for row in (("npi", "n"), (WHO, 1), ("7", 2), (int(WHO), 3)):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert exported_files.rewrite_exported(tmp_path / "a.xlsx", theirs) == 2
    left = openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True)
    assert list(left) == [("npi", "n"), ("7", 2)]


def test_json_loses_the_smallest_member_that_holds_the_person(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"who": [{"npi": WHO, "n": 1}, {"npi": "7"}], "ids": [WHO, "7"], "by": {WHO: 1}}))
    assert exported_files.rewrite_exported(path, theirs) == 3
    assert json.loads(path.read_text()) == {"who": [{"npi": "7"}], "ids": ["7"], "by": {}}


def test_an_address_counts_as_theirs_only_beside_both_id_and_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{WHO},Marla Quennerby,m.q@x.example\n{WHO},rep@firm.example\nMarla Quennerby,other@y.example\n")

    def named(text: str) -> bool:
        return "Marla" in text

    def known(text: str) -> bool:
        return WHO in text

    assert exported_files.mails_beside(path, known, named) == {"m.q@x.example"}
