"""How long a long Excel export takes: fifty thousand rows of sixteen columns, by the clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from dashboard.exports.workbook import Column, Sheet, write
from tests.bench.measure import Line

ROWS, COLUMNS, SECONDS = 50_000, 16, 10.0


def measure(scratch: Path) -> Iterator[Line]:
    """One line: seconds against the seconds allowed."""
    kinds = ("text", "date", *["number"] * (COLUMNS - 2))
    columns = [Column(title=f"Column {at}", kind=kind) for at, kind in enumerate(kinds)]
    day = date(2026, 11, 13)
    rows = [(f"Physician {line}", day, *((line * at) / 7 for at in range(2, COLUMNS))) for line in range(ROWS)]
    started = time.perf_counter()
    write(scratch / "long.xlsx", [Sheet(title="Numbers", columns=columns, rows=rows)], title="Bench")
    took = time.perf_counter() - started
    size = (scratch / "long.xlsx").stat().st_size / 1e6
    yield Line(f"Excel, {ROWS:,} rows of {COLUMNS} columns", took / SECONDS, 1.0, f"{took:.1f} s, {size:.1f} MB")
