"""One page into the file that its reader chose, asked for anew at that moment and written into the audit."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from dashboard import asking, cache, trail
from dashboard.exports import answer, pdf, slide, workbook
from dashboard.exports.brief import Brief
from dashboard.exports.pages import TAKEN
from dashboard.printout import Form
from dashboard.session import Visit
from data.people import names
from data.store import moment
from metrics import access
from metrics.query import MetricQuery
from metrics.result import Result, ask

FORMS = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


def take(visit: Visit, page: str, form: str, brief: Brief) -> bytes:
    """The file, for whoever may know what is in it now; one line of the audit says who took it, and how many rows.

    Rights are asked for again: a page that was drawn before they ended gives nothing. Raises Denied.
    """
    question, serving = TAKEN[page].question(visit), cache.snapshot()
    rows, did = 0, "refused"
    try:
        granted = access.authorise(question, visit.visitor, serving)
        if form in ("pdf", "pptx"):
            rows = len(brief.table.rows) if brief.table else 0
            made = pdf.pdf(brief) if form == "pdf" else slide.slide(brief)
        else:
            result = ask(granted, serving, partial(names, cache.workspace().people_path))
            rows, made = len(result.rows), _rows(visit, question, result, form)
        did = "export"
        return made
    finally:
        trail.took(visit, page, form, rows, did)


def _rows(visit: Visit, question: MetricQuery, result: Result, form: str) -> bytes:
    """The rows behind a page: a workbook with what they mean and stand on, or plain CSV."""
    if form == "csv":
        return asking.numbers(result, question.metrics, Form.csv).encode()
    notes = asking.beside(result)
    made = answer.sheets(result, question, visit.visitor, policy=cache.policy(), at=moment(), notes=notes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        workbook.write(path, made, title="Onepicture")
        return path.read_bytes()


def called(visit: Visit, page: str, form: str) -> str:
    """The name of the file: page, place and the day of the data, in letters that every system takes."""
    place = "".join(each if each.isalnum() else "-" for each in visit.place.casefold())
    return f"{page}-{place.strip('-')}-{cache.snapshot().as_of.isoformat()}.{form}"
