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

# The usual ones first: where two split a header alike, the first counts.
DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x01", "\x1f")
QUOTES = ('"', "'")
_SAMPLE = 1 << 16
_CHUNK = 1 << 20
_LINES_OF_A_HEADER = 200  # a header may run over several lines, each in quotes
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Neither is guessed for a whole file: in a file that is not all UTF-8, what is UTF-8 is read so, the rest as Windows'.
MIXED = "utf-8, else cp1252"
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a text file is written: encoding, delimiter, quote, the values of its first row below the skipped ones."""

    encoding: str
    delimiter: str
    first: tuple[str, ...]
    quote: str = QUOTES[0]


def form(path: Path, delimiter: str | None, encoding: str | None, skip_rows: int, quote: str | None = None) -> Form:
    """Guess how a file is written, from its first lines; what the mapping says is not guessed."""
    stamp = path.stat()
    return _form(path, stamp.st_mtime_ns, stamp.st_size, delimiter, encoding, skip_rows, quote)


@lru_cache(maxsize=4096)
def _form(
    path: Path,
    changed: int,
    size: int,
    delimiter: str | None,
    encoding: str | None,
    skip: int,
    quote: str | None,
) -> Form:
    encoding, lines = _head(path, changed, size, encoding)
    rest = "".join(lines[skip : skip + _LINES_OF_A_HEADER])
    quote = quote or _guess_quote(rest)
    delimiter = delimiter or _guess_delimiter(rest, quote)
    first = next(csv.reader(io.StringIO(rest, newline=""), delimiter=delimiter, quotechar=quote), [])
    return Form(encoding=encoding, delimiter=delimiter, first=tuple(first), quote=quote)


@lru_cache(maxsize=64)
def _head(path: Path, _changed: int, _size: int, encoding: str | None) -> tuple[str, tuple[str, ...]]:
    """The encoding of a file and its first lines."""
    with _binary(path) as file:
        sample = file.read(_SAMPLE)
    encoding = encoding or _guess_encoding(sample)
    return encoding, tuple(_text(io.BytesIO(sample), encoding))


def _as_windows(problem: UnicodeError) -> tuple[str, int]:
    """What is no UTF-8 is taken for the letter that an older Windows export meant."""
    assert isinstance(problem, UnicodeDecodeError)
    odd = problem.object[problem.start : problem.end]
    return "".join(_WINDOWS.get(byte, chr(byte)) for byte in odd), problem.end


_WINDOWS = {byte: text for byte in range(128, 256) if (text := bytes([byte]).decode("cp1252", "ignore"))}
codecs.register_error("onepicture-windows", _as_windows)


def _text(file: IO[bytes], encoding: str) -> io.TextIOWrapper:
    """The file as text; what its encoding does not know becomes U+FFFD, so that one bad byte costs one row."""
    if encoding == MIXED:
        return io.TextIOWrapper(file, encoding="utf-8", errors="onepicture-windows", newline="")
    return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")


def _binary(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb") if is_compressed(path) else path.open("rb"))


def is_compressed(path: Path) -> bool:
    """Whether the file is gzip, whatever its name says."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def lines_at_top(path: Path, encoding: str | None) -> int:
    """How many lines there are, as far as the first of them are read."""
    stamp = path.stat()
    return len(_head(path, stamp.st_mtime_ns, stamp.st_size, encoding)[1])


def _guess_encoding(sample: bytes) -> str:
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    if sample[:2000].count(b"\x00") > len(sample[:2000]) // 4:
        return "utf-16-le" if sample[1:2] == b"\x00" else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return MIXED
    return "utf-8"


def _guess_quote(text: str) -> str:
    """The quote that the first value opens with, or the usual one."""
    return next((quote for quote in QUOTES if text.startswith(quote) and text.count(quote) > 1), QUOTES[0])


def _guess_delimiter(text: str, quote: str) -> str:
    """The delimiter that splits the first row into most values, quotes respected."""

    def width(delimiter: str) -> int:
        return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote), []))

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
                return MIXED, 0
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
    strict = how.encoding not in (MIXED, "utf-8", "utf-8-sig")
    with _binary(path) as file:
        lines = _Lines(iter(_text(file, how.encoding)))
        for _ in range(skip_rows):
            next(lines, None)
        for record in _records(lines, how):
            if strict and "\ufffd" in record.text:
                words = f"it holds bytes that are no text in {how.encoding}"
                yield Record(line=record.line, text=record.text, values=None, problem=words)
            else:
                yield record


def _records(lines: _Lines, how: Form) -> Iterator[Record]:
    while True:
        lines.taken.clear()
        start = lines.number + 1
        try:
            values = next(csv.reader(lines, delimiter=how.delimiter, quotechar=how.quote, strict=True), None)
        except csv.Error as problem:
            lines.give_back(1)
            unclosed = "unexpected end" in str(problem)
            words = "a quote opens and is not closed" if unclosed else "a quote closes before the value ends"
            yield Record(line=start, text=lines.taken[0].rstrip("\r\n"), values=None, problem=words)
            continue
        if values is None:
            return
        if len(values) > 1 or any(value.strip() for value in values):  # a line of blanks is no row
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
