"""Conform: exports and mappings in, contract rows out, with an account of every row that was read."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb

from data import erasure
from data.accounts import FileAccount
from data.archives import unpacked
from data.errors import BadInput
from data.findings import Finding
from data.imported import Imported, standing
from data.intake import Intake
from data.layout import Layout
from data.mapping import load_mapping, load_mappings
from data.sources import Recognised, Recognition, find_files, recognise
from data.stage import keep_unread

if TYPE_CHECKING:
    from data.workspace import Workspace

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """An import in numbers: an account a file, what was noticed, the rows of each table, the files not used.

    `stages` names what was written, one an imported layout; a dry run writes nothing. `unchanged` names the
    layouts whose files all say what they said at the last import: their rows stand and were not read again.
    """

    accounts: tuple[FileAccount, ...]
    findings: tuple[Finding, ...]
    tables: dict[str, int]
    not_used: tuple[tuple[str, str], ...] = ()
    stages: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def import_paths(
    workspace: Workspace,
    paths: Sequence[str | Path],
    mapping: str | Path | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import every file under the paths into the workspace's stage, ready for a build.

    `mapping` names one layout (or a TOML file); without it each file is recognised among all of them.
    Raises BadInput where a path is wrong or nothing could be read, BadMapping where a mapping is.
    """
    return _run(workspace, paths, mapping, progress, workspace.mappings)


def check_paths(
    paths: Sequence[str | Path],
    mapping: str | Path | None = None,
    progress: Progress | None = None,
    own: Path | None = None,
) -> ImportReport:
    """The report that an import would give; nothing is written. `own` is a folder of a company's own mappings."""
    return _run(None, paths, mapping, progress, own)


def layouts_of(mapping: str | Path | None, own: Path | None) -> tuple[Layout, ...]:
    """The layouts that files are recognised among: the one named, or all; of one name the company's own."""
    if mapping is None:
        return load_mappings(own)
    theirs = {path.stem: path for path in own.glob("*.toml")} if own else {}
    return (load_mapping(theirs.get(str(mapping), mapping)),)


def _run(
    workspace: Workspace | None,
    paths: Sequence[str | Path],
    mapping: str | Path | None,
    progress: Progress | None,
    own: Path | None,
) -> ImportReport:
    layouts = layouts_of(mapping, own)
    with unpacked(find_files(paths)) as files:
        return _take_all(workspace, paths, layouts, recognise(files, layouts), progress)


def _take_all(
    workspace: Workspace | None,
    paths: Sequence[str | Path],
    layouts: Sequence[Layout],
    found: Recognition,
    progress: Progress | None,
) -> ImportReport:
    if not found.read:
        raise _nothing_read(found, paths)
    intakes, stages, missed, stood, done = [], [], [], [], 0
    for layout in layouts:
        files = [file for file in found.read if file.layout.name == layout.name]
        earlier = standing(workspace, layout, [each.file.path for each in files]) if workspace and files else None
        if earlier:
            stood.append(earlier)
            done += len(files)
        elif files:
            try:
                intake, stage = _take(workspace, layout, files, _counting(progress, done, len(found.read)))
            except BadInput as problem:
                missed.append(problem)
            else:
                intakes.append(intake)
                stages += [stage] if stage else []
            done += len(files)
    findings = [*found.findings, *(finding for intake in intakes for finding in intake.findings)]
    if not stood and not any(intake.accounts for intake in intakes):
        raise missed[0] if missed else _nothing_read(replace(found, findings=tuple(findings)), paths)
    unread = (*found.findings, *map(_not_imported, missed))
    if workspace is not None:
        keep_unread(workspace, [*(each.name for each in stood), *stages][-1], unread)
        erasure.keep_out_of_exports(workspace)
    tables: Counter[str] = Counter()
    for intake in intakes:
        tables.update(intake.tables)
    return ImportReport(
        accounts=tuple(account for read in (intakes, stood) for each in read for account in _accounts(each)),
        findings=(*findings, *map(_not_imported, missed)),
        tables=dict(tables),
        not_used=tuple((file.name, because) for file, because in found.not_used),
        stages=tuple(stages),
        unchanged=tuple(each.layout for each in stood),
    )


def _accounts(read: Intake | Imported) -> Sequence[FileAccount]:
    return read.accounts if isinstance(read, Intake) else read.files


def _not_imported(problem: BadInput) -> Finding:
    """One layout that could not be imported does not keep the others out."""
    words = f"{problem.what}; nothing of this layout was imported, what was imported before stays"
    return Finding(code="layout_not_read", severity="error", what=words, where=problem.where, todo=problem.todo)


def _take(
    workspace: Workspace | None, layout: Layout, files: Sequence[Recognised], say: Callable[[str, int], None]
) -> tuple[Intake, str]:
    with (
        TemporaryDirectory() as spill,
        duckdb.connect(config={"python_enable_replacements": "false", "temp_directory": spill}) as connection,
    ):
        intake = Intake(connection=connection, layout=layout, say=say)
        intake.conform(files)
        return intake, _written(intake, workspace) if workspace is not None and intake.accounts else ""


def _written(intake: Intake, workspace: Workspace) -> str:
    try:
        return intake.write(workspace)
    except (OSError, duckdb.IOException, sqlite3.Error) as problem:
        said = str(problem).splitlines()[0]
        todo = "Make sure that there is room and that you may write there; nothing of this import was kept."
        raise BadInput(f"the import cannot be written: {said}", where=str(workspace.home), todo=todo) from problem


def _counting(progress: Progress | None, before: int, total: int) -> Callable[[str, int], None]:
    def say(what: str, done: int) -> None:
        if progress:
            progress(what, before + done, total)

    return say


def _nothing_read(found: Recognition, paths: Sequence[str | Path]) -> BadInput:
    if found.findings:
        first = found.findings[0]
        return BadInput(first.what, where=first.where, todo=first.todo)
    words = "every file there is declared as not used" if found.not_used else "there is nothing to read"
    return BadInput(words, where=", ".join(map(str, paths)), todo="Name a file or a directory that holds exports.")
