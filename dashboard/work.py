"""What the command line does to a workspace: import, check, build."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dashboard.printout import Form, Printout
from dashboard.progress import ProgressLine, say, short
from data import conform, shelf
from data.conform import ImportReport
from data.errors import NoSnapshot
from data.snapshot import SnapshotInfo
from data.workspace import Workspace
from metrics import visitors
from metrics.build import build


def bring_in(workspace: Workspace, paths: Sequence[Path], mapping: str | None) -> ImportReport:
    """Imports the files into an open workspace, saying how far it is."""
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
    report = bring_in(workspace, paths, mapping)
    if visitors.propose(workspace):
        say(f"Proposed one visitor a rung in {short(workspace.visitors_path)}; change it to whoever may look.")
    return _account(report, form)


def check_exports(paths: Sequence[Path], mapping: str | None, form: Form) -> str:
    """The account that an import of the files would give."""
    return _account(conform.check_paths(list(paths), mapping=mapping), form)


ACCOUNT = ("file", "layout", "source", "read", "kept", "left_out", "superseded", "quarantined", "why")


def kept(report: ImportReport) -> str:
    """The rows of an import in one sentence."""
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
    printout = Printout(columns=ACCOUNT, rows=rows, notes=(kept(report), *unused, *findings))
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
    """Builds a snapshot from everything imported, points the workspace to it and retires the oldest."""
    workspace = Workspace.open(home)
    keeps = workspace.keeps
    wait = ProgressLine("Building step")
    info = build(workspace, as_of=as_of, progress=wait)
    wait.finish(f"Built snapshot {info.id} as of {info.as_of}")
    for finding in info.findings:
        if finding.severity == "error":
            say(f"error: {finding}")
    retired = shelf.retire(workspace.snapshots, keeps)
    if retired:
        say(f"Retired {', '.join(retired)}: the last {keeps} snapshots are kept.")
    return info
