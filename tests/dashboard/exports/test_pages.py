"""What a page can be taken away as: the same words as the page, files that are what they say, rights asked for anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from dashboard import cache
from dashboard.charts.drawing import Drawing, as_table
from dashboard.exports import pdf, slide, taking
from dashboard.exports.brief import Brief, Dot, Dots, Line, Periods, Table
from dashboard.exports.pages import TAKEN
from dashboard.navigation import RENDERS
from dashboard.parts.strip import Band, Tile
from dashboard.parts.top import TAKEN_AWAY
from dashboard.session import Visit, visit
from dashboard.words import ENGLISH, Change
from data.errors import Denied
from data.ledger import Ledger
from data.workspace import Workspace
from tests.dashboard.test_navigation import of

FORMULA = '=HYPERLINK("http://example.com")'
FALLS = Change(icon="▼", words="2 pt lower", tone="concern")
DRAWING = Drawing(
    finding="A line",
    under="",
    alt="A line of two points",
    table=as_table([{"x": 1.0, "y": 2.0}, {"x": 2.0, "y": 3.0}], numbers=("x", "y")),
    spec={
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json", "mark": "line", "width": "container",
        "height": 100, "encoding": {each: {"field": each, "type": "quantitative"} for each in "xy"},
    },
)  # fmt: skip
WEEKS = Periods(
    title="Calls a week", periods=["6 Nov", "13 Nov"], lines=[Line(name="Calls", band="field", values=[3, None])]
)
APART = Dots(
    title="Apart",
    across="Attainment",
    up="Evolution",
    dots=[Dot(name="Shore", x=80.0, y=99.0, tone="quiet"), Dot(name="Island", x=60.0, y=90.0, tone="concern")],
)
MADE = Brief(
    page="Team",
    place="Lakes",
    chosen="alfa",
    headline="*Nobody* #falls",
    under=("as of today",),
    bands=[
        Band(name="field", title="Field", tiles=[Tile(title="Reach", value="85 %", change=FALLS, note="17 of 20")]),
        Band(name="sites", title="Sites", reason="Not shown to this role."),
    ],
    drawing=DRAWING,
    native=(WEEKS, APART),
    table=Table(
        finding="Two territories", heads=["Territory", "TRx"], rows=[[FORMULA, "12"]] * 40, numbers=[False, True]
    ),
    definitions=[("Reach", "Targets met over targets.")],
    facts={"Snapshot": "s1", "Scope": "everywhere"},
)


@pytest.fixture(scope="module")
def home(smallland_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of Smallland, to write a ledger into."""
    return Path(shutil.copytree(smallland_home, tmp_path_factory.mktemp("taken") / "home"))


@pytest.fixture
def seen(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """A district manager's visit of Smallland."""
    monkeypatch.setenv("ONEPICTURE_HOME", str(home))
    yield visit(of("district_manager"), {"product": "alfa"}, cache.snapshot())
    cache.forget()


def test_every_page_that_can_be_taken_away_offers_the_way() -> None:
    assert set(TAKEN) == set(TAKEN_AWAY)
    assert {page.replace("-", "_") for page in TAKEN} <= set(RENDERS)


@pytest.mark.parametrize("page", TAKEN)
def test_a_page_becomes_four_files_and_four_lines_of_the_audit(seen: Visit, home: Path, page: str) -> None:
    brief = TAKEN[page].brief(seen, ENGLISH)
    assert brief.place == "Lakes"
    assert brief.table
    assert brief.facts["Snapshot"] == cache.snapshot().id
    before = len(list(Ledger(Workspace.open(home)).audit_lines()))
    files = {form: taking.take(seen, page, form, brief) for form in taking.FORMS}
    assert files["pdf"].startswith(b"%PDF-")
    assert files["pdf"].count(b"/Type /Page\n") + files["pdf"].count(b"/Type/Page/") <= 1
    assert Presentation(BytesIO(files["pptx"])).slides[0].shapes[1].text_frame.text == brief.headline
    book = load_workbook(BytesIO(files["xlsx"]))
    assert book.sheetnames == ["Numbers", "Withheld", "Definitions", "Filters", "Scope", "Snapshot"]
    assert files["csv"].decode().startswith("node_id,node,level,")
    lines = list(Ledger(Workspace.open(home)).audit_lines())[before:]
    assert [line.did for line in lines] == ["export"] * 4
    assert [line.object for line in lines] == [f"{page} as {form}" for form in taking.FORMS]


def test_rights_are_asked_for_again_when_the_button_is_pressed(seen: Visit, home: Path) -> None:
    brief = TAKEN["team"].brief(seen, ENGLISH)
    moved = replace(seen, visitor=replace(seen.visitor, node="SM_S1"))
    for form in taking.FORMS:
        with pytest.raises(Denied):
            taking.take(moved, "team", form, brief)
    assert list(Ledger(Workspace.open(home)).audit_lines())[-1].did == "refused"


def test_the_sheet_has_one_page_however_long_the_table() -> None:
    made = pdf.pdf(MADE)
    assert made.startswith(b"%PDF-")
    assert b"/Count 1" in made
    told = pdf.told(MADE)
    assert len(told["table"]["rows"]) == pdf.MOST_ROWS
    assert told["more"].startswith("And 30 more")
    assert b"/Count 1" in pdf.pdf(replace(MADE, drawing=None))
    assert b"/Count 1" in pdf.pdf(replace(MADE, drawing=None, table=None))


def test_charts_on_the_sheet_are_vectors() -> None:
    assert MADE.drawing
    drawn = pdf.svg(MADE.drawing)
    assert drawn.startswith("<svg")
    assert "<image" not in drawn
    assert "/Subtype /Image" not in pdf.pdf(MADE).decode("latin-1")


def test_the_charts_of_a_slide_are_native_and_can_be_edited() -> None:
    page = Presentation(BytesIO(slide.slide(MADE))).slides[0]
    charts = [shape.chart for shape in page.shapes if shape.has_chart]
    assert [chart.plots[0].series[0].name for chart in charts] == ["Calls", "Worse, beyond chance"]
    assert list(charts[0].plots[0].series[0].values) == [3, None]
    assert [*charts[0].plots[0].categories] == ["6 Nov", "13 Nov"]
    assert not [shape for shape in page.shapes if shape.shape_type == 13], "no pictures"
    assert "Targets met over targets." in page.notes_slide.notes_text_frame.text
    assert "Snapshot: s1" in page.notes_slide.notes_text_frame.text


def test_text_that_looks_like_a_formula_or_markup_stays_text() -> None:
    page = Presentation(BytesIO(slide.slide(replace(MADE, native=())))).slides[0]
    table = next(shape.table for shape in page.shapes if shape.has_table)
    assert table.cell(1, 0).text == FORMULA
    assert page.shapes[1].text_frame.text == "*Nobody* #falls"
    assert not page.part.rels or not [rel for rel in page.part.rels.values() if rel.is_external]
    assert pdf.told(MADE)["headline"] == "*Nobody* #falls"


def test_the_name_of_a_file_is_taken_by_every_system(seen: Visit) -> None:
    assert taking.called(seen, "team", "pdf") == f"team-lakes-{cache.snapshot().as_of.isoformat()}.pdf"
