"""What the finished imports told: for every file, what became of each of its rows."""

from __future__ import annotations

import json
from dataclasses import dataclass

from data.accounts import FileAccount
from data.stage import ACCOUNT, stages
from data.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Imported:
    """One finished import: its name on the stage, its layout, and the account of each file."""

    name: str
    layout: str
    files: tuple[FileAccount, ...]


def imported(workspace: Workspace) -> tuple[Imported, ...]:
    """Every finished import in order, the earliest first. One that left no account is left out."""
    found = []
    for stage in stages(workspace):
        account = stage / ACCOUNT
        if account.is_file():
            told = json.loads(account.read_text(encoding="utf-8"))
            files = tuple(FileAccount(**each) for each in told.get("files", ()))
            found.append(Imported(name=stage.name, layout=str(told.get("layout", stage.name)), files=files))
    return tuple(found)
