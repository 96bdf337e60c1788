"""What somebody hostile types, and how one looks whether an answer gave something away or something happened."""

from __future__ import annotations

import html
from pathlib import Path

HOSTILE = {
    "sql": "x'; DROP TABLE outcome; --",
    "sql_union": "' UNION SELECT party FROM pdrp_now --",
    "script": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "attribute": '" onmouseover=alert(1) x="',
    "template": "{{7*7}}${7*7}#{7*7}%(home)s{0.__class__}",
    "path": "../../../../etc/passwd",
    "path_percent": "..%2f..%2fetc%2fpasswd",
    "nul": "US\x00_NE",
    "terminal": "\x1b]0;yours\x07\x1b[2J\x9b31m",
    "right_to_left": "\u202eSU\u2066\u200f",
    "line": "US\r\nSet-Cookie: a=b",
    "formula": "=cmd|' /C calc'!A1",
    "format": "%s%n%x" * 20,
    "long": "A" * 1_000_000,
    "numbers": "9" * 400,
    "emoji": "\U0001f4a5" * 50,
}
TELLTALES = ("Traceback", "/tmp/", "site-packages", "secret", "root:x:", "sqlite", "duckdb.")


def quiet(told: str, home: Path, typed: str) -> None:
    """An answer that gives nothing away beside what was typed, and where a provider is configured."""
    told = told.replace(".streamlit/secrets.toml", "").replace(typed, "").replace(html.escape(typed), "")
    assert not [word for word in (*TELLTALES, str(home), str(home.parent)) if word in told], told[:400]


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder with its size and the moment it was last written.

    But not a ledger, which writes down that somebody tried, nor a lock.
    """
    return {
        str(path.relative_to(folder)): (told.st_size, told.st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(("ledger", ".refresh")) and (told := path.stat())
    }
