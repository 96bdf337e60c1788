"""The stage: where an import leaves its rows for the build, one directory an import, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from data.findings import Finding
from data.people import Claim, People
from data.tables import insert_rows, literal

if TYPE_CHECKING:
    from data.workspace import Workspace

ACCOUNT = "account.json"
_NAME = re.compile(r"^(\d{6})-(.+)$")
_CHUNK = 1 << 20


def digest(path: Path) -> str:
    """A file's content in 16 characters: the same content is the same import, whatever the file is called."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()[:16]


def stages(workspace: Workspace) -> tuple[Path, ...]:
    """The finished imports in order, the earliest first; a later one supersedes by key."""
    if not workspace.staged.is_dir():
        return ()
    return tuple(sorted(entry for entry in workspace.staged.iterdir() if entry.is_dir() and _NAME.match(entry.name)))


def keep_unread(workspace: Workspace, name: str, findings: Iterable[Finding]) -> None:
    """Write beside a finished import what its run noticed about files that belong to no import: none is lost."""
    account = workspace.staged / name / ACCOUNT
    told = json.loads(account.read_text(encoding="utf-8"))
    unread = [asdict(finding) for finding in findings]
    if unread != told.get("unread", []):
        rough = account.with_suffix(".rough")
        rough.write_text(json.dumps({**told, "unread": unread}, indent=1, ensure_ascii=False), encoding="utf-8")
        rough.replace(account)


class Stage:
    """One import of one layout, written beside the finished ones and moved into place at the end.

    An import replaces every earlier one of its layout whose file contents it holds: importing the same again
    changes nothing, and importing a whole folder again leaves nothing behind that a mapping no longer takes.
    """

    def __init__(self, workspace: Workspace, layout: str, digests: Iterable[str]) -> None:
        self._workspace = workspace
        self._layout, self._digests = layout, sorted(digests)
        last = max((int(path.name[:6]) for path in stages(workspace)), default=0)
        content = hashlib.sha256("".join(self._digests).encode()).hexdigest()[:12]
        self.name = f"{last + 1:06d}-{layout}-{content}"
        self._rough = workspace.staged / f".{self.name}"
        self._set_aside = workspace.quarantine / f".{self.name}"
        for directory in (self._rough, self._set_aside):
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True, mode=0o700)

    def write(self, connection: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
        """Write the rows of one contract table."""
        path = self._rough / f"{table}.parquet"
        connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet)")

    def set_aside(
        self, connection: duckdb.DuckDBPyConnection, file: str, rows: Sequence[tuple[str, str, int, str]]
    ) -> None:
        """Write the quarantined rows of one file: file, text, line and reason of each."""
        safe = re.sub(r"[^A-Za-z0-9._-]+", "_", file)
        path = self._set_aside / f"{safe[:120]}.parquet"
        connection.execute("CREATE OR REPLACE TABLE set_aside (file TEXT, text TEXT, line BIGINT, reason TEXT)")
        insert_rows(connection, "set_aside", rows)
        connection.execute(f"COPY set_aside TO {literal(str(path))} (FORMAT parquet)")

    @property
    def folders(self) -> tuple[Path, Path]:
        """Where its tables and its quarantined rows lie until it is finished."""
        return self._rough, self._set_aside

    def abandon(self) -> None:
        """Leave nothing behind of an import that could not be finished."""
        for directory in (self._rough, self._set_aside):
            shutil.rmtree(directory, ignore_errors=True)

    def finish(self, account: Mapping[str, Any], findings: Iterable[Finding], people: Iterable[Claim]) -> None:
        """Move the import into place, and drop the one it replaces."""
        told = {**account, "contents": self._digests, "findings": [asdict(finding) for finding in findings]}
        # In ASCII: a file's path may hold bytes that are no text.
        (self._rough / ACCOUNT).write_text(json.dumps(told, indent=1), encoding="ascii")
        replaced = [path.name for path in stages(self._workspace) if self._holds_all_of(path)]
        store = People(self._workspace.people_path)
        store.claim(self.name, people)
        self._rough.rename(self._workspace.staged / self.name)
        if any(self._set_aside.iterdir()):
            self._set_aside.rename(self._workspace.quarantine / self.name)
        else:
            self._set_aside.rmdir()
        for name in replaced:
            store.forget_stage(name)
            shutil.rmtree(self._workspace.staged / name, ignore_errors=True)
            shutil.rmtree(self._workspace.quarantine / name, ignore_errors=True)

    def _holds_all_of(self, earlier: Path) -> bool:
        """Whether every file content of an earlier import of the same layout is in this one."""
        account = earlier / ACCOUNT
        told = json.loads(account.read_text(encoding="utf-8")) if account.is_file() else {}
        contents = set(told.get("contents", ()))
        return told.get("layout") == self._layout and bool(contents) and contents <= set(self._digests)
