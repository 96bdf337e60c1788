"""What every page hands out as a file, against the oracle of whoever takes it: each page, form and place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from dashboard import cache
from dashboard.exports import pdf, taking
from dashboard.exports.brief import Brief
from dashboard.exports.pages import TAKEN
from dashboard.offered import offered
from dashboard.session import refusal, visit
from dashboard.words import ENGLISH
from tests.soundness import canaries
from tests.soundness.witness import Witness

# The ways out that are held here, each by its kind and name.
HELD = {("download", "parts.taking")}
NODES = ("", "SM_N1a")


@pytest.fixture(scope="module")
def home(canary_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company, to be written into."""
    return Path(shutil.copytree(canary_company, tmp_path_factory.mktemp("taken") / "home"))


@pytest.mark.parametrize("visitor", canaries.VISITORS)
def test_no_file_of_a_page_tells_its_taker_what_it_may_not_know(
    home: Path, monkeypatch: pytest.MonkeyPatch, visitor: str
) -> None:
    """Every page, form and place, as a person in the app would take it."""
    monkeypatch.setenv("ONEPICTURE_HOME", str(home))
    witness, taken = Witness(), 0
    who, serving = cache.visitors()[visitor], cache.snapshot()
    for node in NODES:
        seen = visit(who, {"node": node, "product": "alfa"}, serving)
        for page in (each for each in TAKEN if offered(seen.role, each.replace("-", "_"))):
            brief = TAKEN[page].brief(seen, ENGLISH)
            for form in taking.FORMS:
                try:
                    file = taking.take(seen, page, form, brief)
                except Exception as error:
                    if not refusal(error):
                        raise
                    witness.hears(visitor, f"{page} {form} refused", [str(error)], typed=node)
                    continue
                taken += 1
                witness.hears(visitor, f"{page} {form} {node}", list(_inside(form, file, brief)), typed=node)
    assert taken or visitor == "site"
    assert not witness.leaks, witness.leaks[:10]


def _inside(form: str, file: bytes, brief: Brief) -> Iterator[Any]:
    """All that a file holds; of a sheet of paper all that it was set from."""
    if form == "csv":
        yield file.decode()
    elif form == "xlsx":
        book = load_workbook(BytesIO(file), read_only=True)
        yield from (
            cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
        )
    elif form == "pptx":
        yield from _slides(file)
    else:
        yield json.dumps(pdf.told(brief))
        yield from ([brief.drawing.table.to_pylist()] if brief.drawing else [])


def _slides(file: bytes) -> Iterator[Any]:
    for page in Presentation(BytesIO(file)).slides:
        yield page.notes_slide.notes_text_frame.text
        for shape in page.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            elif shape.has_chart:
                for series in shape.chart.plots[0].series:
                    yield [series.name, *(value for value in series.values if value is not None)]
            elif shape.has_table:
                yield [cell.text for row in shape.table.rows for cell in row.cells]
