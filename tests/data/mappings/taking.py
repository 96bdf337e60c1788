"""An export of one layout, imported as it lies there, and its rows beside those that pandas reads on its own."""

from __future__ import annotations

import io
from pathlib import Path

import duckdb
import pandas as pd

from data.conform import ImportReport, import_paths
from data.workspace import Workspace
from tests.data.exported import EXPORTS, Files
from tests.data.handmade import write


class Taken:
    """One layout's export after its import: what was told, what was staged, and the files as they were."""

    def __init__(self, layout: str, folder: Path) -> None:
        self.layout, self.files = layout, EXPORTS[layout]()
        self.workspace = Workspace.create(folder / "home")
        self.report: ImportReport = import_paths(self.workspace, [write(folder / "exports", dict(self.files))])

    @property
    def fates(self) -> dict[str, tuple[int, int, int, int, int]]:
        """Read, kept, left out, superseded and quarantined by file; every file is of the layout."""
        assert {account.layout for account in self.report.accounts} == {self.layout}
        return {
            a.file: (a.read, a.kept, sum(a.left_out.values()), a.superseded, a.quarantined)
            for a in self.report.accounts
        }

    def staged(self, table: str) -> pd.DataFrame:
        """The staged rows of a table."""
        (path,) = self.workspace.staged.glob(f"*/{table}.parquet")
        return duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()

    def total(self, table: str, column: str = "quantity", **where: str) -> float:
        """The sum of a column of the rows where some columns hold these values."""
        rows = self.staged(table)
        for name, value in where.items():
            rows = rows[rows[name] == value]
        return float(rows[column].astype(float).sum())


def frame(files: Files, name: str, skip: int = 0, sep: str = ",") -> pd.DataFrame:
    """One file as pandas reads it: all text, blanks as blanks."""
    return pd.read_csv(io.StringIO(files[name]), dtype=str, keep_default_na=False, skiprows=skip, sep=sep)


def number(column: pd.Series) -> pd.Series:
    """A column as numbers; what is none is blank."""
    return pd.to_numeric(column, errors="coerce")
