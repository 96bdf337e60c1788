"""Ways in which an export is spoilt on its way here, drawn by chance: bytes, columns, rows, encodings and dress."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.data.exported import EXPORTS

Draw = Callable[[st.SearchStrategy], object]
ODD = (
    "", " ", "NULL", "n/a", "-", "1e400", "1,5", "99999999999999999999", "2024-13-45", "0001-01-01", "infinity", "é",
    "\x00", '"', "'", "\ufeff", "''; DROP TABLE x; --", "a" * 3000, "=1+1", "３", "\u202e", "TRUE",
    "12/31/2024", "#REF!",
)  # fmt: skip


@dataclass(frozen=True)
class Spoilt:
    """A file after it was spoilt: the layout it once was of, its name, its bytes, and what was done to it."""

    layout: str
    name: str
    content: bytes
    done: tuple[str, ...]


def _cells(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.split("\n")]


def _joined(rows: list[list[str]]) -> str:
    return "\n".join(",".join(row) for row in rows)


def _pick(draw: Draw, length: int) -> int:
    return int(str(draw(st.integers(0, max(0, length - 1)))))


def _shuffle(draw: Draw, text: str) -> str:
    rows = _cells(text)
    order = list(draw(st.permutations(range(len(rows[0])))))  # type: ignore[call-overload]
    return _joined([[row[at] for at in order if at < len(row)] for row in rows])


def _rename(draw: Draw, text: str) -> str:
    rows = _cells(text)
    at = _pick(draw, len(rows[0]))
    rows[0][at] = str(
        draw(st.sampled_from([rows[0][at][:-1], rows[0][at].upper(), f" {rows[0][at]} ", "x", "", "Ünïcode"]))
    )
    return _joined(rows)


def _drop(draw: Draw, text: str) -> str:
    rows = _cells(text)
    at = _pick(draw, len(rows[0]))
    return _joined([row[:at] + row[at + 1 :] for row in rows])


def _double(draw: Draw, text: str) -> str:
    rows = _cells(text)
    at = _pick(draw, len(rows[0]))
    return _joined([row + row[at : at + 1] if len(row) > 1 else row for row in rows])


def _tear(draw: Draw, text: str) -> str:
    at = _pick(draw, len(text))
    return text[:at] + str(draw(st.sampled_from(["\n", "\r", "\r\n", "\n\n", ""]))) + text[at + _pick(draw, 9) :]


def _repeat(draw: Draw, text: str) -> str:
    lines = text.split("\n")
    at = _pick(draw, len(lines))
    return "\n".join([*lines[: at + 1], *lines[at : at + 1 + _pick(draw, 4)], *lines[at + 1 :]])


def _odd_value(draw: Draw, text: str) -> str:
    rows = _cells(text)
    at = _pick(draw, len(rows))
    rows[at][_pick(draw, len(rows[at]))] = str(draw(st.sampled_from(ODD)))
    return _joined(rows)


def _cut(draw: Draw, text: str) -> str:
    return text[: _pick(draw, len(text))]


def _titled(draw: Draw, text: str) -> str:
    return "A report, made by hand\n" * (1 + _pick(draw, 3)) + text


def _delimited(draw: Draw, text: str) -> str:
    return text.replace(",", str(draw(st.sampled_from([";", "\t", "|", "^", " ; ", ",,"]))), _pick(draw, 400))


TEXT = {
    "columns shuffled": _shuffle, "a column renamed": _rename, "a column dropped": _drop, "a column doubled": _double,
    "rows torn": _tear, "rows repeated": _repeat, "an odd value": _odd_value, "cut off": _cut, "titled": _titled,
    "delimiters mixed": _delimited,
}  # fmt: skip


def _flip(draw: Draw, content: bytes) -> bytes:
    spoilt = bytearray(content)
    for _ in range(1 + _pick(draw, 6)):
        if spoilt:
            spoilt[_pick(draw, len(spoilt))] ^= 1 << _pick(draw, 8)
    return bytes(spoilt)


def _mix(draw: Draw, content: bytes) -> bytes:
    at = _pick(draw, len(content))
    odd = [
        b"\xfcber",
        "über".encode(),
        b"\xff\xfe",
        b"\x81\x8d",
        b"\xed\xa0\x80",
        "ж".encode("utf-16-le"),
        b"\xef\xbb\xbf",
    ]
    return content[:at] + bytes(draw(st.sampled_from(odd))) + content[at:]  # type: ignore[call-overload]


def _recode(draw: Draw, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(str(draw(st.sampled_from(["utf-16", "utf-16-be", "utf-8-sig", "cp1252"]))), "replace")


def _pack(draw: Draw, content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


BYTES = {"bytes flipped": _flip, "encodings mixed": _mix, "another encoding": _recode, "packed": _pack}


@st.composite
def spoilt_files(draw: st.DrawFn, layouts: tuple[str, ...]) -> Spoilt:
    """One file of one layout, spoilt in one to four ways."""
    layout = draw(st.sampled_from(layouts))
    files = EXPORTS[layout]()
    name = draw(st.sampled_from(sorted(files)))
    text, done = files[name], []
    for what in draw(st.lists(st.sampled_from(sorted(TEXT)), max_size=3)):
        text = TEXT[what](draw, text)
        done.append(what)
    content = text.encode("utf-8", "surrogatepass")
    for what in draw(st.lists(st.sampled_from(sorted(BYTES)), min_size=0 if done else 1, max_size=2)):
        content = BYTES[what](draw, content)
        done.append(what)
    if draw(st.integers(0, 9)) == 0:
        content, name = _zipped(name, content), "export.zip"
        done.append("in an archive")
        content = _flip(draw, content) if draw(st.booleans()) else content
    return Spoilt(layout, name, content, tuple(done))


def _zipped(name: str, content: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return kept.getvalue()
