"""Export files that the workspace keeps: the records of an erased person are taken out, all others stay byte for byte.

The imported copy of those records has become anonymous, so no total is lost with them.
"""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import openpyxl

from data.erasure.staged_rows import replace_file, rough_name
from data.tables import literal, quoted

Theirs = Callable[[str], bool]
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_QUOTE, _ENCODINGS = b'"', (b"\xff\xfe", b"\xfe\xff")
_WORKBOOKS, _COLUMNS = (".xlsx", ".xlsm"), (".parquet", ".pq")


def rewrite_exported(path: Path, is_theirs: Theirs) -> int:
    """Take the person's records out of one file, by what kind of file it is; how many there were."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".json"]:
        return _json(path, is_theirs)
    if suffixes[-1:] and suffixes[-1] in _COLUMNS:
        return _parquet(path, is_theirs)
    if suffixes[-1:] and suffixes[-1] in _WORKBOOKS:
        return _workbook(path, is_theirs)
    if suffixes[-1:] == [".zip"]:
        return _archive(path, is_theirs)
    packed = suffixes[-1:] == [".gz"]
    content = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    encoding = "utf-16" if content[:2] in _ENCODINGS else "utf-8"
    kept, gone = _records(content, encoding, is_theirs)
    if gone:
        rough = rough_name(path)
        rough.write_bytes(gzip.compress(kept, mtime=0) if packed else kept)
        replace_file(path, rough)
    return gone


def mails_beside(path: Path, is_theirs: Theirs, names: Theirs) -> set[str]:
    """E-mail addresses in records that hold an id and the name of the person: they are the person's own."""
    if path.suffix.lower() in (".json", ".zip", *_WORKBOOKS, *_COLUMNS):
        return set()
    content = gzip.decompress(path.read_bytes()) if path.suffix.lower() == ".gz" else path.read_bytes()
    if b"@" not in content:
        return set()
    texts = (each.decode("utf-8", "replace") for each in records(content))
    return {mail for text in texts if "@" in text and is_theirs(text) and names(text) for mail in _MAIL.findall(text)}


def records(content: bytes) -> Iterator[bytes]:
    """The records of a text file with their line ends: lines, joined where a quoted value runs over several."""
    if content.count(_QUOTE) % 2:  # quotes that never close quote nothing
        yield from content.splitlines(keepends=True)
        return
    waiting = b""
    for line in content.splitlines(keepends=True):
        waiting += line
        if waiting.count(_QUOTE) % 2 == 0:
            yield waiting
            waiting = b""
    if waiting:
        yield waiting


def _records(content: bytes, encoding: str, is_theirs: Theirs) -> tuple[bytes, int]:
    if encoding == "utf-16":
        lines = content.decode("utf-16").splitlines(keepends=True)
        kept = [line for line in lines if not is_theirs(line)]
        return "".join(kept).encode("utf-16"), len(lines) - len(kept)
    found = list(records(content))
    rest = [each for each in found if not (is_theirs(each.decode("utf-8", "replace")))]
    return b"".join(rest), len(found) - len(rest)


def _archive(path: Path, is_theirs: Theirs) -> int:
    """Take the person's records out of every file inside a zip archive."""
    gone = 0
    rough = rough_name(path)
    with TemporaryDirectory() as folder, zipfile.ZipFile(path) as old, zipfile.ZipFile(rough, "w") as new:
        for place, member in enumerate(old.infolist()):
            inside = Path(folder) / f"{place}{''.join(Path(member.filename).suffixes[-2:])}"
            inside.write_bytes(old.read(member))
            gone += 0 if member.is_dir() else rewrite_exported(inside, is_theirs)
            new.writestr(member, inside.read_bytes(), zipfile.ZIP_DEFLATED)
    if gone:
        replace_file(path, rough)
    else:
        rough.unlink()
    return gone


def _json(path: Path, is_theirs: Theirs) -> int:
    """Drop the smallest member that holds one of the identifiers."""
    gone = 0

    def _without(value: Any) -> Any:
        nonlocal gone
        if isinstance(value, (list, dict)):
            members = enumerate(value) if isinstance(value, list) else value.items()
            kept = []
            for key, each in members:
                plain = not isinstance(each, (list, dict))
                record = isinstance(each, dict) and any(
                    isinstance(cell, (str, int)) and is_theirs(str(cell)) for cell in each.values()
                )
                if (plain and isinstance(each, (str, int)) and is_theirs(str(each))) or record or is_theirs(str(key)):
                    gone += 1
                else:
                    kept.append((key, _without(each)))
            return [each for _, each in kept] if isinstance(value, list) else dict(kept)
        return value

    try:
        kept = _without(json.loads(path.read_text("utf-8")))
    except (ValueError, UnicodeDecodeError):
        return 0
    if gone:
        rough = rough_name(path)
        rough.write_text(json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
        replace_file(path, rough)
    return gone


def _parquet(path: Path, is_theirs: Theirs) -> int:
    with duckdb.connect(config={"threads": 1, "python_enable_replacements": False}) as con:
        source = f"read_parquet({literal(str(path))})"
        names = [name for name, *_ in con.execute(f"SELECT * FROM {source} LIMIT 0").description or []]
        said = f"concat_ws(' | ', {', '.join(f'CAST({quoted(name)} AS VARCHAR)' for name in names)})"
        rows = con.execute(f"SELECT row_number() OVER () AS n, {said} FROM {source}").fetchall()
        theirs = [n for n, text in rows if is_theirs(text)]
        if theirs:
            rough = rough_name(path)
            con.execute("CREATE TEMP TABLE gone AS SELECT unnest(?) AS n", [theirs])
            numbered = f"(SELECT row_number() OVER () AS n, * FROM {source})"
            kept = f"SELECT * EXCLUDE (n) FROM {numbered} ANTI JOIN gone USING (n)"
            con.execute(f"COPY ({kept} ORDER BY n) TO {literal(str(rough))} (FORMAT parquet)")
    if theirs:
        replace_file(path, rough)
    return len(theirs)


def _workbook(path: Path, is_theirs: Theirs) -> int:
    book = openpyxl.load_workbook(path)
    gone = 0
    for sheet in book.worksheets:
        values = enumerate(sheet.iter_rows(values_only=True), 1)
        rows = [at for at, row in values if is_theirs(" | ".join(str(each) for each in row if each is not None))]
        for at in reversed(rows):
            sheet.delete_rows(at)
        gone += len(rows)
    if gone:
        rough = rough_name(path)
        book.save(rough)
        replace_file(path, rough)
    return gone
