"""What a file is by its first bytes, whatever its name says: what cannot be read is said before it is tried."""

from __future__ import annotations

import gzip
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import IO
from xml.parsers import expat

import duckdb

from data.errors import BadInput

GZIP, ZIP, PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"PAR1"
# Microsoft's compound file: an Excel 97-2003 workbook, or the wrapper around an encrypted newer one.
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20
# Text packs to a tenth or a fiftieth; what unpacks to far more than that is no export.
MOST_UNPACKED, MOST_RATIO = 64 << 20, 200
_PARTS = (".xml", ".rels", ".vml")


def refuse_disguised(path: Path, kind: str) -> None:
    """Raise BadInput for a file that is empty, locked, packed too well, or not what its name says it is."""
    stamp = path.stat()
    said = _said(path, stamp.st_mtime_ns, stamp.st_size, kind)
    if said:
        raise BadInput(said[0], where=path.name, todo=said[1])


@lru_cache(maxsize=512)
def _said(path: Path, _changed: int, size: int, kind: str) -> tuple[str, str] | None:
    if not size:
        return "the file is empty (0 bytes)", "Export it again."
    with path.open("rb") as file:
        first = file.read(8)
    if first == COMPOUND:
        return _compound(path)
    if kind == "csv":
        return _not_text(path, first)
    if kind == "parquet":
        return _not_parquet(path, first, size)
    return _not_workbook(path, first) if kind == "excel" else None


def _compound(path: Path) -> tuple[str, str]:
    with path.open("rb") as file:
        if _ENCRYPTED in file.read(_CHUNK):
            return "the workbook is locked with a password", "Save it without one, or export CSV."
    return "it is an Excel 97-2003 workbook (.xls), which is not read", "Save it as .xlsx, or export CSV."


def _not_text(path: Path, first: bytes) -> tuple[str, str] | None:
    if first.startswith(GZIP):
        return _packed(path)
    if first.startswith(ZIP):
        return "it is a zip archive or a workbook, not text", "Unpack it, or give it the ending .xlsx."
    if first.startswith(PARQUET):
        return "it is a Parquet file, not text", "Give it the ending .parquet."
    return None


def _packed(path: Path) -> tuple[str, str] | None:
    """What is wrong with a gzip file: packed twice, an archive inside, or far too much of it."""
    packed, unpacked = path.stat().st_size, 0
    with gzip.open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            if not unpacked and chunk.startswith((GZIP, ZIP, PARQUET, COMPOUND)):
                return "it is packed twice, or holds no text", "Unpack it once and import what is inside."
            unpacked += len(chunk)
            if unpacked > max(MOST_UNPACKED, MOST_RATIO * packed):
                return _bomb(path)
    return None if unpacked else ("the file is empty once unpacked", "Export it again.")


def _bomb(path: Path) -> tuple[str, str]:
    words = f"it unpacks to more than {MOST_RATIO} times its size, which no export does"
    return words, "Make sure of where it comes from; if it is sound, unpack it and import that."


def _not_parquet(path: Path, first: bytes, size: int) -> tuple[str, str] | None:
    if not first.startswith(PARQUET):
        return "it is no Parquet file, though its name says so", "Export it again, or correct its ending."
    with path.open("rb") as file:
        file.seek(max(0, size - 4))
        whole = size >= 12 and file.read(4) == PARQUET
    if not whole:
        return "the Parquet file is cut off: its end is missing", "Copy or export it again."
    return _bomb(path) if _parquet_unpacked(path) > max(MOST_UNPACKED, MOST_RATIO * size) else None


def _parquet_unpacked(path: Path) -> int:
    """How much a Parquet file says that it holds: bytes once unpacked, or rows where each takes hardly any."""
    with duckdb.connect() as connection:
        told = "SELECT COALESCE(sum(total_uncompressed_size), 0) FROM parquet_metadata($file)"
        unpacked = connection.execute(told, {"file": str(path)}).fetchall()[0][0]
        rows = "SELECT COALESCE(sum(num_rows), 0) FROM parquet_file_metadata($file)"
        return max(int(unpacked), int(connection.execute(rows, {"file": str(path)}).fetchall()[0][0]))


def _not_workbook(path: Path, first: bytes) -> tuple[str, str] | None:
    if not first.startswith(ZIP):
        return "it is no Excel workbook, though its name says so", "Save it as .xlsx, or correct its ending."
    if not zipfile.is_zipfile(path):
        return "the workbook is cut off: its end is missing", "Copy or export it again."
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        return "the workbook is locked with a password", "Save it without one, or export CSV."
    if "[Content_Types].xml" not in {member.filename for member in members}:
        return "it is a zip archive, not a workbook", "Unpack it and import the files inside."
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > max(MOST_UNPACKED, MOST_RATIO * packed):
        return _bomb(path)
    if _declares(path):
        return "the workbook declares words of its own that stand for others, which no program writes", (
            "Make sure of where it comes from; save it anew as .xlsx, or export CSV."
        )
    return None


class _Declared(Exception):
    """A part of a workbook has a document type."""


def _declares(path: Path) -> bool:
    """Whether a part of a workbook has a document type, whose entities could grow without end when it is read."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.filename.lower().endswith(_PARTS):
                with archive.open(member) as part:
                    if _has_type(part):
                        return True
    return False


def _has_type(part: IO[bytes]) -> bool:
    """Whether an XML text has a document type: it stands before the first element, after which nothing is read."""
    parser, begun = expat.ParserCreate(), []

    def refuse(*_: object) -> None:
        raise _Declared

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda *_: begun.append(True)
    try:
        while not begun and (chunk := part.read(_CHUNK >> 4)):
            parser.Parse(chunk)
    except _Declared:
        return True
    except expat.ExpatError:
        return False  # whoever reads it says what is wrong
    return False
