"""Rows that could not be read or placed: what is held and why, and reading them again once a mapping was put right."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.conform import ImportReport, import_paths
from data.imported import Imported, imported
from data.stage import ACCOUNT, digest
from data.workspace import Workspace

_READ = """
SELECT file, reason, count(*), list(line ORDER BY line)[:5] FROM read_parquet(?) GROUP BY ALL ORDER BY 3 DESC, 1, 2
"""


@dataclass(frozen=True, kw_only=True)
class Held:
    """Quarantined rows of one file with one reason: how many, and the first lines of them."""

    stage: str
    layout: str
    file: str
    reason: str
    rows: int
    lines: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """One import whose quarantine was read again: rows held before and after; `why` says why it was not."""

    stage: str
    layout: str
    before: int
    after: int
    report: ImportReport | None = None
    why: str = ""


def held(workspace: Workspace) -> tuple[Held, ...]:
    """What every import holds in quarantine, import by import, the most frequent reason first."""
    layouts = {each.name: each.layout for each in imported(workspace)}
    found = []
    with duckdb.connect(config={"threads": 1, "python_enable_replacements": False}) as con:
        for stage, layout in layouts.items():
            for path in sorted((workspace.quarantine / stage).glob("*.parquet")):
                for file, reason, rows, lines in con.execute(_READ, [str(path)]).fetchall():
                    known = tuple(line for line in lines if line is not None)
                    found.append(Held(stage=stage, layout=layout, file=file, reason=reason, rows=rows, lines=known))
    return tuple(found)


def replay(workspace: Workspace, progress: Callable[[str, int, int], None] | None = None) -> tuple[Replayed, ...]:
    """Read every import that holds rows in quarantine again, by the mappings as they are now.

    The files must still lie where they lay, with what they held: other content is another delivery, to be
    imported. All rows of them are read again, so that lookups and keys are right and the account is whole; the
    earlier import goes only when the new one stands.
    """
    done = []
    for each in imported(workspace):
        before = sum(file.quarantined for file in each.files)
        if not before:
            continue
        files, why = _lies(workspace, each)
        report = None if why else import_paths(workspace, files, mapping=each.layout, progress=progress)
        if report and each.layout in report.unchanged:
            report, why = None, "neither its mapping nor its files have changed"
        after = sum(account.quarantined for account in report.accounts) if report else before
        done.append(Replayed(stage=each.name, layout=each.layout, before=before, after=after, report=report, why=why))
    return tuple(done)


def _lies(workspace: Workspace, each: Imported) -> tuple[list[Path], str]:
    """The files of an import, where they lie with the same content; or why they cannot be read again."""
    told = json.loads((workspace.staged / each.name / ACCOUNT).read_text(encoding="utf-8"))
    files = [workspace.home / place for place in told.get("sources", ())]
    gone = [path.name for path in files if not path.is_file()]
    if gone or not files:
        return [], f"{', '.join(gone[:3]) or 'its files'} cannot be found where they lay; import them again"
    if any(path.suffix.lower() != ".zip" and digest(path) not in each.contents for path in files):
        return [], "a file has changed since it was read; import it as a new delivery"
    return files, ""
