"""SECURITY.md names tests that exist, for every way in and out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def _tests(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {part.name for part in ast.walk(tree) if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))}


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = NAMED.findall(TEXT)
    assert len(named) > 20
    missing = [
        f"{path}::{name}" for path, name in named
        if not (ROOT / path).is_file() or name not in _tests(ROOT / path)
    ]  # fmt: skip
    assert not missing


def test_every_row_of_the_threat_model_has_its_proof() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| Who, and")]
    assert len(rows) > 15
    assert not [row for row in rows if not NAMED.search(row)]


def test_it_says_how_to_report_and_what_remains() -> None:
    assert "To report a weakness" in TEXT
    assert "## What remains, said plainly" in TEXT
