"""What the command line does to a workspace: import, check, build."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dashboard.auditing import by_operator
from dashboard.exports.check_report import write_check_report
from dashboard.printout import Form, Printout
from dashboard.progress import ProgressLine, say, short
from data import conform, shelf
from data.conform import ImportReport
from data.drafting.looking import look
from data.errors import BadInput, NoSnapshot
from data.snapshot import SnapshotInfo, open_snapshot
from data.workspace import Workspace
from metrics import visitors
from metrics.ahead import find_ahead
from metrics.build import build


def bring_in(workspace: Workspace, paths: Sequence[Path], mapping: str | None) -> ImportReport:
    """Imports the files into an open workspace, saying how far it is."""
    wait = ProgressLine("Importing file")
    report = conform.import_paths(workspace, list(paths), mapping=mapping, progress=wait)
    again = sum(account.layout in report.unchanged for account in report.accounts)
    layouts = ",".join(sorted({account.layout for account in report.accounts}))[:500]
    rows = sum(account.kept for account in report.accounts)
    by_operator(workspace, "import", layouts, rows=rows, filters={"files": len(report.accounts)})
    wait.finish(f"Imported {len(report.accounts) - again:,} files" + (f", {again:,} unchanged" if again else ""))
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


def refresh(home: Path, paths: Sequence[Path], mapping: str | None = None) -> SnapshotInfo:
    """Imports what is new under the folders named (or under `sources` of workspace.toml), then builds.

    One refresh at a time. Where nothing is new, nothing is read and the snapshot that serves stays. Raises
    BadInput where no folder is named or nothing can be read; what served before keeps serving.
    """
    workspace = _opened_or_made(home)
    folders = [Path(each) for each in paths] or [(workspace.home / each) for each in workspace.sources]
    if not folders:
        todo = 'Name folders after the command, or write sources = ["..."] in workspace.toml.'
        raise BadInput("no folder of exports is named", where="refresh", todo=todo)
    running = "another refresh of this workspace is running"
    with shelf.only_one(workspace.home / ".refresh", running, "refresh again"):
        report = bring_in(workspace, folders, mapping)
        say(kept(report))
        for finding in report.findings:
            if finding.severity == "error":
                say(f"error: {finding}")
        if visitors.propose(workspace):
            say(f"Proposed one visitor a rung in {short(workspace.visitors_path)}; change it to whoever may look.")
        return build_snapshot(home, None, ahead=True)


def check_exports(home: Path, paths: Sequence[Path], mapping: str | None, form: Form) -> str:
    """The account that an import of the files into the workspace would give."""
    wait = ProgressLine("Checking file")
    report = conform.check_paths(list(paths), mapping=mapping, progress=wait, own=Workspace(home).mappings)
    wait.clear()
    return _account(report, form)


def report_on(home: Path, paths: Sequence[Path], mapping: str | None, report: Path) -> str:
    """Write what the files seem to be, and what is wrong with them, as a page that may be sent to their sender."""
    if report.suffix.lower() != ".html" or "\0" in str(report):
        raise BadInput("the report is a page", where="check --report", todo="Name a file that ends in .html.")
    files = look(paths, conform.layouts_of(mapping, Workspace(home).mappings))
    try:
        write_check_report(files, report)
    except OSError as problem:
        raise BadInput(
            f"it cannot be written: {problem.strerror}", where=str(report), todo="Check the path."
        ) from problem
    many = f"{len(files):,} file{'' if len(files) == 1 else 's'}"
    return f"Wrote {short(report)} about {many}. It names columns and row counts, and no person.\n"


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
    stood = tuple(f"unchanged since the last import, not read again: {layout}" for layout in report.unchanged)
    printout = Printout(columns=ACCOUNT, rows=rows, notes=(kept(report), *stood, *unused, *findings))
    if form is Form.csv:
        for sentence in (*stood, *unused, *findings):
            say(sentence)
    document = {
        "files": printout.records(),
        "unchanged": list(report.unchanged),
        "not_used": [{"file": file, "because": because} for file, because in report.not_used],
        "tables": dict(sorted(report.tables.items())),
        "findings": [
            {"code": f.code, "severity": f.severity, "where": f.where, "what": f.what, "todo": f.todo, "rows": f.rows}
            for f in report.findings
        ],
    }
    return printout.written(form, document)


def build_snapshot(home: Path, as_of: date | None, *, ahead: bool = False) -> SnapshotInfo:
    """Builds a snapshot from everything imported, points the workspace to it and retires the oldest.

    With `ahead`, what every reader would wait for once is found now.
    """
    workspace = Workspace.open(home)
    keeps = workspace.keeps
    wait = ProgressLine("Building step")
    info = build(workspace, as_of=as_of, progress=wait)
    wait.finish(f"{'Nothing is new: ' if info.reused else 'Built '}snapshot {info.id} as of {info.as_of}")
    for finding in info.findings:
        if finding.severity == "error":
            say(f"error: {finding}")
    by_operator(workspace, "build", info.id, snapshot=info.id, filters={"last": info.as_of})
    if ahead:
        _found_ahead(workspace)
    retired = shelf.retire(workspace.snapshots, keeps)
    if retired:
        say(f"Retired {', '.join(retired)}: the last {keeps} snapshots are kept.")
    return info


def _found_ahead(workspace: Workspace) -> None:
    """Finds which small cells are hidden, so that no reader waits for it; what is kept already is only read."""
    wait = ProgressLine("Finding hidden cells, number")
    many = find_ahead(open_snapshot(workspace), wait)
    wait.finish(f"Found which cells are hidden of {many} kinds of number")
