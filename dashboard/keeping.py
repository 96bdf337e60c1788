"""What the command line does with finished snapshots: list, compare, go back, verify, retire."""

from __future__ import annotations

from pathlib import Path

from dashboard.auditing import by_operator
from dashboard.printout import Form, Printout
from dashboard.progress import say
from data import shelf
from data.difference import difference
from data.errors import BadInput, NoSnapshot
from data.snapshot import open_snapshot
from data.workspace import Workspace

LISTED = ("snapshot", "serves", "as_of", "built_at", "engine", "megabytes", "why_not")
DIFFERENCE = ("kind", "what", "before", "after", "change_percent", "words")


def listed(home: Path, form: Form, verify: bool = False) -> str:
    """Every finished snapshot, the last first; with `verify` each file is read whole and held against its seal."""
    workspace = Workspace.open(home)
    directory = workspace.snapshots
    serving = shelf.pointed(directory)
    rows = []
    for id in shelf.by_age(directory):
        why = shelf.broken(directory, id, quick=not verify)
        stamp: tuple[object, ...] = (None, None, None)
        if not why:
            try:
                stamp = open_snapshot(workspace, id).rows("SELECT as_of, built_at, engine FROM build_info")[0]
            except NoSnapshot as problem:
                why = problem.what
        size = shelf.path_of(directory, id).stat().st_size / 1e6
        rows.append((id, "yes" if id == serving else "", *stamp, round(size, 1), why))
    printout = Printout(columns=LISTED, rows=rows, notes=(f"{len(rows)} snapshots.",))
    torn = [str(row[0]) for row in rows if row[-1]]
    if verify and torn:
        say(printout.written(form))
        raise NoSnapshot(
            f"{', '.join(torn)} cannot be read as built",
            where="snapshots",
            todo="Build again, or serve another with `onepicture snapshots use ID`.",
        )
    return printout.written(form)


def compared(home: Path, before: str, after: str | None, form: Form) -> str:
    """What differs from one snapshot to another, by default to the one that serves."""
    workspace = Workspace.open(home)
    old, new = open_snapshot(workspace, before), open_snapshot(workspace, after)
    rows = [
        (each.kind, each.what, each.before, each.after, None if each.share is None else round(100 * each.share, 2),
         each.words)
        for each in difference(old, new)
    ]  # fmt: skip
    told = f"{len(rows):,} differences from {old.id} to {new.id}." if rows else f"{old.id} and {new.id} hold the same."
    return Printout(columns=DIFFERENCE, rows=rows, notes=(told,)).written(form)


def used(home: Path, id: str, reason: str) -> None:
    """Lets an earlier snapshot serve, at once and under live readers; who and why is written down."""
    if not reason.strip():
        raise BadInput("no reason is given", where="snapshots use", todo='Say why: --reason "...".')
    workspace = Workspace.open(home)
    torn = shelf.broken(workspace.snapshots, id, quick=False) if id in shelf.history(workspace.snapshots) else ""
    if torn:
        raise NoSnapshot(torn, where=id, todo="Choose another: `onepicture snapshots list`.")
    open_snapshot(workspace, id)
    was = shelf.pointed(workspace.snapshots)
    with shelf.only_build(workspace.snapshots):
        shelf.point_to(workspace.snapshots, id)
    by_operator(workspace, "snapshot", id, filters={"before": was}, snapshot=id, reason=reason.strip())
    say(f"{id} serves.")


def pruned(home: Path, keep: int) -> None:
    """Takes all but the last `keep` snapshots off the shelf; never the one that serves."""
    workspace = Workspace.open(home)
    with shelf.only_build(workspace.snapshots):
        gone = shelf.retire(workspace.snapshots, keep)
    for id in gone:
        by_operator(workspace, "snapshot", id, filters={"action": "retired"}, snapshot=id)
    say(f"Retired {len(gone)} of {len(gone) + len(shelf.history(workspace.snapshots))} snapshots.")
