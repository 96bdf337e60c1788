"""An answer into a file that its reader names: an Excel workbook, CSV or JSON, by the file's ending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from dashboard.exports import answer, workbook
from dashboard.printout import Form
from dashboard.progress import ProgressLine
from data.errors import BadInput, WrongQuestion
from data.store import moment
from metrics.query import MetricQuery, Visitor
from metrics.result import Result

ENDINGS = (".xlsx", ".csv", ".json")


def check(out: Path | None) -> None:
    """Refuse an ending that nothing can be written as, before anything is asked."""
    if out is not None and out.suffix.casefold() not in ENDINGS:
        raise WrongQuestion(
            f'nothing can be written as "{out.suffix}"', where="--out", todo=f"Use {', '.join(ENDINGS)}."
        )


def write(
    out: Path,
    result: Result,
    asked: MetricQuery,
    visitor: Visitor,
    *,
    policy: str,
    notes: Sequence[str],
    text: Callable[[Result, Sequence[str], Form], str],
) -> None:
    """Write the answer into the file; raises BadInput where it cannot be written. `text` writes CSV and JSON."""
    if out.suffix.casefold() == ".xlsx":
        wait = ProgressLine("Writing row")
        made = answer.sheets(result, asked, visitor, policy=policy, at=moment(), notes=notes)
        workbook.write(out, made, title="Onepicture", tell=lambda done, every: wait("rows", done, every))
        return
    try:
        out.write_text(text(result, asked.metrics, Form(out.suffix.casefold()[1:])), encoding="utf-8")
    except OSError as problem:
        todo = "Name a file in a folder that you may write."
        raise BadInput(f"it cannot be written: {problem.strerror}", where=out.name, todo=todo) from problem
