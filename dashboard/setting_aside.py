"""What the command line shows of the quarantine, and what came of reading it again."""

from __future__ import annotations

from pathlib import Path

from dashboard.auditing import by_operator
from dashboard.printout import Form, Printout
from dashboard.progress import ProgressLine
from data import quarantine
from data.outside_ids import unnamed
from data.workspace import Workspace

HELD = ("import", "layout", "file", "rows", "reason", "lines")
REPLAYED = ("import", "layout", "held_before", "held_now", "why")


def listed(home: Path, form: Form) -> str:
    """What is held, one row a file and reason."""
    found = quarantine.held(Workspace.open(home))
    rows = [(each.stage, each.layout, each.file, each.rows, unnamed(each.reason), list(each.lines)) for each in found]
    total = sum(each.rows for each in found)
    todo = "Put the mapping right (a file in `mappings` of the workspace), then `onepicture quarantine replay`."
    notes = (f"{total:,} rows are held.", todo) if found else ("Nothing is held.",)
    return Printout(columns=HELD, rows=rows, notes=notes).written(form)


def replayed(home: Path, form: Form) -> str:
    """Each import that held rows, how many it holds now, and why where it was not read again."""
    workspace = Workspace.open(home)
    wait = ProgressLine("Reading file")
    found = quarantine.replay(workspace, wait)
    rows = [(each.stage, each.layout, each.before, each.after, each.why) for each in found]
    freed = sum(each.before - each.after for each in found)
    wait.finish(f"Read {sum(each.report is not None for each in found)} imports again")
    if any(each.report for each in found):
        layouts = ",".join(sorted({each.layout for each in found if each.report}))
        by_operator(workspace, "import", layouts[:500], rows=freed, filters={"files": len(found)})
    notes = (f"{freed:,} rows came out of quarantine." + (" Build to see them: `onepicture build`." if freed else ""),)
    return Printout(columns=REPLAYED, rows=rows, notes=notes).written(form)
