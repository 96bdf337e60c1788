"""Small hand-made exports and mappings, so that every number in a test can be checked by eye."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from data.conform import ImportReport, check_paths, import_paths
from data.workspace import Workspace

# Practices and the items they prescribed in a month: id;month;items
ITEMS = """
name = "items"
[[source]]
id = "items"
file = ["items*"]
headers = ["practice", "month", "items"]
[[source.target]]
table = "outcome"
[source.target.columns]
subject_kind = "'practice'"
subject = "'code:' || practice"
product = "'p'"
period_start = "CAST(month AS DATE)"
period_end = "LAST_DAY(CAST(month AS DATE))"
quantity = "items"
"""


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files into a folder and give it back."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def mapping(folder: Path, toml: str) -> Path:
    """Write a mapping beside the exports, named as it calls itself."""
    name = toml.split('name = "', 1)[1].split('"', 1)[0]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(toml, encoding="utf-8")
    return path


def check(tmp_path: Path, toml: str, files: dict[str, str | bytes]) -> ImportReport:
    """A dry run over hand-made files."""
    return check_paths([write(tmp_path / "exports", files)], mapping(tmp_path, toml))


def imported(tmp_path: Path, toml: str, files: dict[str, str | bytes]) -> Workspace:
    """A workspace into which the files were imported."""
    workspace = Workspace.create(tmp_path / "home")
    import_paths(workspace, [write(tmp_path / "exports", files)], mapping(tmp_path, toml))
    return workspace


def staged(workspace: Workspace, table: str, columns: str) -> list[tuple[Any, ...]]:
    """Columns of the staged rows of one table, sorted."""
    with duckdb.connect() as connection:
        found = sorted(str(path) for path in workspace.staged.glob(f"*/{table}.parquet"))
        return connection.execute(f"SELECT {columns} FROM read_parquet(?) ORDER BY ALL", [found]).fetchall()


def quarantined(workspace: Workspace) -> list[tuple[Any, ...]]:
    """Line, text and reason of every quarantined row, by line."""
    with duckdb.connect() as connection:
        found = sorted(str(path) for path in workspace.quarantine.glob("*/*.parquet"))
        if not found:
            return []
        return connection.execute("SELECT line, text, reason FROM read_parquet(?) ORDER BY 1", [found]).fetchall()


def months(*rows: str, delimiter: str = ",") -> str:
    """An export of ITEMS: a header and the given rows, written with commas."""
    text = "\n".join(["practice,month,items", *rows]) + "\n"
    return text.replace(",", delimiter)
