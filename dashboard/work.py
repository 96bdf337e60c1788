"""What the command line does to a workspace: make a demo, import, check, build, serve."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dashboard.printout import Form, Printout
from dashboard.progress import ProgressLine
from data import company, conform
from data.conform import ImportReport
from data.errors import NoSnapshot
from data.snapshot import SnapshotInfo, open_snapshot
from data.workspace import Workspace
from metrics import visitors
from metrics.build import build

RECIPE = ".demo"


def say(sentence: str) -> None:
    """A sentence about the work, beside the answer and never inside it."""
    sys.stderr.write(sentence + "\n")


def make_demo(home: Path, *, size: str, seed: int, anew: bool) -> None:
    """Exports, visitors, import and build of the demo company at `home`.

    What stands is kept: the exports while the code that writes and reads them is the same, the
    snapshot while everything is. Raises BadInput where a company's own workspace stands.
    """
    workspace = Workspace.create(home, "demo")
    recipe = workspace.home / RECIPE
    wanted = _recipe(size, seed)
    if not anew and recipe.is_file() and recipe.read_text(encoding="utf-8") == wanted:
        say(f"The demo company's exports stand in {_short(workspace.exports)}.")
        build_snapshot(home, None)
        return
    recipe.unlink(missing_ok=True)
    _clear(workspace)
    wait = ProgressLine("Writing export")
    company.generate(workspace.exports, size=size, seed=seed, progress=wait)
    workspace.visitors_path.write_text(company.demo_visitors(), encoding="utf-8")
    wait.finish(f"Wrote the demo company's exports to {_short(workspace.exports)}")
    say(_kept(_import(workspace, [workspace.exports], None)))
    recipe.write_text(wanted, encoding="utf-8")
    built = build_snapshot(home, None)
    for old in workspace.snapshots.glob("s*.duckdb"):
        if old.stem != built.id:
            old.unlink()


def _clear(workspace: Workspace) -> None:
    """Takes away what an earlier demo wrote and read, so that nothing of it supersedes or is superseded."""
    for directory in (workspace.exports, workspace.staged, workspace.quarantine):
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(mode=0o700)
    workspace.people_path.unlink(missing_ok=True)


def _recipe(size: str, seed: int) -> str:
    """A fingerprint of what the demo's staged rows depend on: size, seed, and the code and layouts of `data`."""
    fingerprint = hashlib.sha256(f"{size} {seed}".encode())
    room = Path(company.__file__).resolve().parent.parent
    for path in sorted(path for path in room.rglob("*") if path.suffix in (".py", ".toml")):
        fingerprint.update(path.relative_to(room).as_posix().encode())
        fingerprint.update(path.read_bytes())
    return fingerprint.hexdigest()


def _short(path: Path) -> str:
    """The path as the reader would type it from here."""
    try:
        return os.path.relpath(path)
    except ValueError:
        return str(path)


def _import(workspace: Workspace, paths: Sequence[Path], mapping: str | None) -> ImportReport:
    wait = ProgressLine("Importing file")
    report = conform.import_paths(workspace, list(paths), mapping=mapping, progress=wait)
    wait.finish(f"Imported {len(report.accounts):,} files")
    return report


def _opened_or_made(home: Path) -> Workspace:
    """The workspace at `home`, of whichever kind; a company's own where there is none yet."""
    try:
        return Workspace.open(home)
    except NoSnapshot:
        return Workspace.create(home, "company")


def import_exports(home: Path, paths: Sequence[Path], mapping: str | None, form: Form) -> str:
    """Imports the files into the workspace at `home` (made where it is missing) and gives the account of them."""
    workspace = _opened_or_made(home)
    report = _import(workspace, paths, mapping)
    if visitors.propose(workspace):
        say(f"Proposed one visitor a rung in {_short(workspace.visitors_path)}; change it to whoever may look.")
    return _account(report, form)


def check_exports(paths: Sequence[Path], mapping: str | None, form: Form) -> str:
    """The account that an import of the files would give."""
    return _account(conform.check_paths(list(paths), mapping=mapping), form)


ACCOUNT = ("file", "layout", "source", "read", "kept", "left_out", "superseded", "quarantined", "why")


def _kept(report: ImportReport) -> str:
    accounts = report.accounts
    return (
        f"{sum(a.read for a in accounts):,} rows read: {sum(a.kept for a in accounts):,} kept, "
        f"{sum(sum(a.left_out.values()) for a in accounts):,} left out by rule, "
        f"{sum(a.superseded for a in accounts):,} superseded, {sum(a.quarantined for a in accounts):,} quarantined."
    )


def _account(report: ImportReport, form: Form) -> str:
    """One row a file, where read = kept + left out + superseded + quarantined; below it the findings."""
    rows = [
        (
            a.file,
            a.layout,
            a.source,
            a.read,
            a.kept,
            sum(a.left_out.values()),
            a.superseded,
            a.quarantined,
            "; ".join(f"{because}: {count:,}" for because, count in sorted(a.left_out.items())),
        )
        for a in report.accounts
    ]
    findings = tuple(f"{finding.severity}: {finding}" for finding in report.findings)
    unused = tuple(f"not used: {file}: {because}" for file, because in report.not_used)
    printout = Printout(columns=ACCOUNT, rows=rows, notes=(_kept(report), *unused, *findings))
    if form is Form.csv:
        for sentence in (*unused, *findings):
            say(sentence)
    document = {
        "files": printout.records(),
        "not_used": [{"file": file, "because": because} for file, because in report.not_used],
        "tables": dict(sorted(report.tables.items())),
        "findings": [
            {"code": f.code, "severity": f.severity, "where": f.where, "what": f.what, "todo": f.todo, "rows": f.rows}
            for f in report.findings
        ],
    }
    return printout.written(form, document)


def build_snapshot(home: Path, as_of: date | None) -> SnapshotInfo:
    """Builds a snapshot from everything imported and points the workspace to it."""
    workspace = Workspace.open(home)
    wait = ProgressLine("Building step")
    info = build(workspace, as_of=as_of, progress=wait)
    wait.finish(f"Built snapshot {info.id} as of {info.as_of}")
    return info


def serve_pages(home: Path, visitor: str | None, port: int) -> None:
    """Serves the pages of the workspace at `home` on this machine until stopped."""
    workspace = Workspace.open(home)
    open_snapshot(workspace)
    if visitor:
        visitors.visitor(workspace, visitor)
    from dashboard.server import serve

    say(f"Onepicture is at http://localhost:{port} (Ctrl-C stops it).")
    serve(workspace.home, port=port, visitor=visitor, open_to_anyone=workspace.kind == "demo")
