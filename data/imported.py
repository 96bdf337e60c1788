"""What the finished imports told: for every file, what became of each of its rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.accounts import FileAccount
from data.errors import BadInput
from data.findings import Finding
from data.layout import Layout
from data.recipe import recipe_of
from data.stage import ACCOUNT, digest, stages
from data.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Imported:
    """One finished import: its name on the stage, its layout, and the account of each file.

    `contents` are the digests of the files that it read, `made_by` the layout and code that it read them with.
    """

    name: str
    layout: str
    files: tuple[FileAccount, ...]
    contents: frozenset[str] = frozenset()
    made_by: str = ""


def imported(workspace: Workspace) -> tuple[Imported, ...]:
    """Every finished import in order, the earliest first. One that left no account is left out."""
    found = []
    for stage in stages(workspace):
        account = stage / ACCOUNT
        if account.is_file():
            told = json.loads(account.read_text(encoding="utf-8"))
            files = tuple(FileAccount(**each) for each in told.get("files", ()))
            found.append(
                Imported(
                    name=stage.name,
                    layout=str(told.get("layout", stage.name)),
                    files=files,
                    contents=frozenset(told.get("contents", ())),
                    made_by=str(told.get("made_by", "")),
                )
            )
    return tuple(found)


def made_by(layout: Layout) -> str:
    """A hash of a layout and of the code that reads by it: the same files read otherwise are another import."""
    return hashlib.sha256(f"{recipe_of(())} {layout!r}".encode()).hexdigest()


def standing(workspace: Workspace, layout: Layout, files: Iterable[Path]) -> Imported | None:
    """The last import of a layout, where it read just these files' contents in just this way; else None."""
    earlier = [each for each in imported(workspace) if each.layout == layout.name]
    if not earlier or earlier[-1].made_by != made_by(layout):
        return None
    try:
        contents = {digest(file) for file in files}
    except OSError:  # one that cannot be read is told by the import that tries
        return None
    return earlier[-1] if earlier[-1].contents == contents else None


def noticed(workspace: Workspace) -> tuple[Finding, ...]:
    """The findings of every finished import; that a file was not read is settled where a later one did read it.

    Raises BadInput where an account is spoilt.
    """
    findings: list[Finding] = []
    for stage in stages(workspace):
        told = _account(stage / ACCOUNT)
        try:
            read = {file["file"] for file in told.get("files", ())}
            found = [Finding(**finding) for finding in (*told.get("findings", ()), *told.get("unread", ()))]
        except (ValueError, TypeError, AttributeError) as problem:
            raise _spoilt(stage.name, problem) from problem
        findings = [one for one in findings if one.code != "file_not_read" or one.where.partition(",")[0] not in read]
        findings += found
    return tuple(findings)


def _account(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as problem:
        raise _spoilt(path.parent.name, problem) from problem


def _spoilt(stage: str, problem: Exception) -> BadInput:
    return BadInput(f"the account cannot be read: {problem}", where=stage, todo="Import again.")
