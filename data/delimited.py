"""Text files of values: guess encoding and delimiter, and split rows with the line each one stands on.

The engine reads a well-formed file by itself, fast. Where it finds anything odd (a row with too many values,
a quote that never closes, a line break inside a value, a blank line, another encoding), the file is split
here instead, row by row, so that every row keeps its true line number and a broken one is set aside, not lost.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, cast

from data.errors import BadInput

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 1 << 16
_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FALLBACK = "cp1252"
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a text file is written: encoding, delimiter, and the values of its first row after the skipped ones."""

    encoding: str
    delimiter: str
    first: tuple[str, ...]


def form(path: Path, delimiter: str | None, encoding: str | None, skip_rows: int) -> Form:
    """Guess how a file is written, from its first lines; what the mapping says is not guessed."""
    stamp = path.stat()
    return _form(path, stamp.st_mtime_ns, stamp.st_size, delimiter, encoding, skip_rows)


@lru_cache(maxsize=512)
def _form(path: Path, _changed: int, _size: int, delimiter: str | None, encoding: str | None, skip: int) -> Form:
    with _binary(path) as file:
        sample = file.read(_SAMPLE)
    encoding = encoding or _guess_encoding(sample)
    text = io.TextIOWrapper(io.BytesIO(sample), encoding=encoding, errors="replace", newline="").read()
    lines = text.splitlines(keepends=True)[skip:]
    rest = "".join(lines)
    delimiter = delimiter or _guess_delimiter(rest)
    first = next(csv.reader(io.StringIO(rest, newline=""), delimiter=delimiter), [])
    return Form(encoding=encoding, delimiter=delimiter, first=tuple(first))


def _binary(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb") if is_compressed(path) else path.open("rb"))


def is_compressed(path: Path) -> bool:
    """Whether the file is gzip, whatever its name says."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _guess_encoding(sample: bytes) -> str:
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    if sample[:2000].count(b"\x00") > len(sample[:2000]) // 4:
        return "utf-16-le" if sample[1:2] == b"\x00" else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return _FALLBACK
    return "utf-8"


def _guess_delimiter(text: str) -> str:
    """The delimiter that splits the first row into most values, quotes respected."""

    def width(delimiter: str) -> int:
        return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), []))

    return max(DELIMITERS, key=width)


def scan(path: Path, encoding: str) -> tuple[str, int]:
    """The encoding that holds for the whole file, and its number of lines (0 where it cannot be told cheaply)."""
    if encoding not in ("utf-8", "utf-8-sig"):
        return encoding, 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, last = 0, b""
    with _binary(path) as file:
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return _FALLBACK, 0
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return encoding, lines + (last not in (b"", b"\n"))


class _Lines:
    """Lines of a text with their numbers, some of which may be given back."""

    def __init__(self, text: Iterator[str]) -> None:
        self._text, self._back = text, []  # type: ignore[var-annotated]
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else next(self._text)
        self.taken.append(line)
        self.number += 1
        return line

    def give_back(self, keep: int) -> None:
        """Put back all but the first `keep` lines taken since the last start."""
        self.number -= len(self.taken) - keep
        self._back.extend(reversed(self.taken[keep:]))
        del self.taken[keep:]


@dataclass(frozen=True, kw_only=True)
class Record:
    """One row: the line it starts on, its own text, and its values, or None and why it has none."""

    line: int
    text: str
    values: list[str] | None
    problem: str = ""


def records(path: Path, how: Form, skip_rows: int) -> Iterator[Record]:
    """Every row of a file after the skipped lines, the header row included. Blank lines are no rows."""
    try:
        with _binary(path) as file:
            text = io.TextIOWrapper(file, encoding=how.encoding, newline="")
            lines = _Lines(iter(text))
            for _ in range(skip_rows):
                next(lines, None)
            yield from _records(lines, how.delimiter)
    except UnicodeDecodeError as problem:
        raise BadInput(
            f"it is not written in {how.encoding}", where=path.name, todo='Say encoding = "..." in its mapping.'
        ) from problem


def _records(lines: _Lines, delimiter: str) -> Iterator[Record]:
    while True:
        lines.taken.clear()
        start = lines.number + 1
        try:
            values = next(csv.reader(lines, delimiter=delimiter, strict=True), None)
        except csv.Error as problem:
            lines.give_back(1)
            unclosed = "unexpected end" in str(problem)
            words = "a quote opens and is not closed" if unclosed else "a quote closes before the value ends"
            yield Record(line=start, text=lines.taken[0].rstrip("\r\n"), values=None, problem=words)
            continue
        if values is None:
            return
        if values:
            yield Record(line=start, text="".join(lines.taken).rstrip("\r\n"), values=values)


def rows(path: Path, how: Form, skip_rows: int, header: bool, width: int) -> Iterator[Record]:
    """Every row below the header; one that has not as many values as there are columns is broken."""
    found = records(path, how, skip_rows)
    if header:
        next(found, None)
    for record in found:
        values = record.values
        if values is not None and len(values) > width and not any(values[width:]):
            values = values[:width]
        if values is not None and len(values) != width:
            words = f"it has {len(values)} values where {width} are due"
            yield Record(line=record.line, text=record.text, values=None, problem=words)
        else:
            yield Record(line=record.line, text=record.text, values=values, problem=record.problem)
