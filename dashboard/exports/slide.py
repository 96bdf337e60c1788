"""A page as a slide of PowerPoint: native charts that can be edited, real text, and its sources in the notes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.util import Emu, Inches, Pt

from dashboard.exports.brief import Brief, Dots, Periods
from dashboard.parts.strip import Band, Tile
from dashboard.theme import LIGHT

_WIDE, _HIGH = 13.333, 7.5
_EDGE, _TYPE = 0.5, "Source Sans Pro"
_BLANK = 6
MOST_ROWS = 8


def slide(brief: Brief) -> bytes:
    """The slide as a file: headline, numbers, up to two charts or a chart and a table, and what they stand on."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDE), Inches(_HIGH)
    deck.core_properties.title, deck.core_properties.author = f"{brief.page}, {brief.place}", "Onepicture"
    page = deck.slides.add_slide(deck.slide_layouts[_BLANK])
    _text(page, f"{brief.place} · {brief.page} · {brief.chosen}", _EDGE, 0.3, 12.3, 0.3, 12, LIGHT.muted)
    _text(page, brief.headline, _EDGE, 0.58, 12.3, 0.9, 24, LIGHT.text, bold=True)
    _strip(page, brief.bands)
    _charts(page, brief)
    facts = " · ".join([*(f"{name}: {value}" for name, value in brief.facts.items()), *brief.notes])
    _text(page, facts, _EDGE, 6.98, 12.3, 0.4, 9, LIGHT.muted)
    page.notes_slide.notes_text_frame.text = "\n".join(
        [*brief.under, *(f"{name}: {words}" for name, words in brief.definitions), facts]
    )
    file = BytesIO()
    deck.save(file)
    return file.getvalue()


def _text(
    page: Any, words: str, left: float, top: float, wide: float, high: float, size: float, colour: str,
    *, bold: bool = False,
) -> Any:  # fmt: skip
    """A box of text; what it says is set as it is, and never a formula, a field or a link."""
    box = page.shapes.add_textbox(Inches(left), Inches(top), Inches(wide), Inches(high))
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    _run(frame.paragraphs[0], words, size, colour, bold=bold)
    return frame


def _run(paragraph: Any, words: str, size: float, colour: str, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, _TYPE
    run.font.color.rgb = RGBColor.from_string(colour[1:])


def _strip(page: Any, bands: list[Band] | Any) -> None:
    """The numbers in a row, each band under its own line."""
    places = sum(max(len(band.tiles), 1) for band in bands)
    if not places:
        return
    wide, left = (_WIDE - 2 * _EDGE) / places, _EDGE
    for band in bands:
        span = wide * max(len(band.tiles), 1)
        line = page.shapes.add_connector(1, Inches(left), Inches(1.55), Inches(left + span - 0.15), Inches(1.55))
        line.line.color.rgb, line.line.width = RGBColor.from_string(LIGHT.band(band.name)[1:]), Pt(2)
        _text(page, band.title, left, 1.6, span - 0.2, 0.25, 11, LIGHT.band(band.name), bold=True)
        if band.reason:
            _text(page, band.reason, left, 1.9, span - 0.2, 0.8, 10, LIGHT.muted)
        for at, tile in enumerate(band.tiles):
            _tile(page, tile, left + at * wide, wide - 0.15)
        left += span


def _tile(page: Any, tile: Tile, left: float, wide: float) -> None:
    frame = _text(page, tile.title, left, 1.88, wide, 1.0, 11, LIGHT.muted)
    if tile.reason:
        _run(frame.add_paragraph(), tile.reason, 9.5, LIGHT.muted)
        return
    _run(frame.add_paragraph(), tile.value, 22, LIGHT.text, bold=True)
    if tile.change:
        _run(frame.add_paragraph(), f"{tile.change.icon} {tile.change.words}", 10.5, LIGHT.tone(tile.change.tone))
    if tile.note:
        _run(frame.add_paragraph(), tile.note, 9.5, LIGHT.muted)


def _charts(page: Any, brief: Brief) -> None:
    """One or two charts side by side; beside a single one the table of the level below."""
    half = (_WIDE - 2 * _EDGE - 0.3) / 2
    for at, native in enumerate(brief.native[:2]):
        left = _EDGE + at * (half + 0.3)
        _text(page, native.title, left, 3.2, half, 0.3, 13, LIGHT.text, bold=True)
        frame = (Inches(left), Inches(3.5), Inches(half), Inches(3.4))
        _dots(page, native, frame) if isinstance(native, Dots) else _periods(page, native, frame)
    if len(brief.native) < 2 and brief.table:
        left = _EDGE + len(brief.native) * (half + 0.3)
        _table(page, brief, left, half if brief.native else _WIDE - 2 * _EDGE)


def _periods(page: Any, native: Periods, place: tuple[Any, ...]) -> None:
    data = CategoryChartData(number_format=native.form)
    data.categories = list(native.periods)
    for line in native.lines:
        data.add_series(line.name, line.values)
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if native.columns else XL_CHART_TYPE.LINE
    chart = page.shapes.add_chart(kind, *place, data).chart
    _quiet(chart)
    if native.columns:
        chart.plots[0].gap_width = 40
        chart.value_axis.minimum_scale = 0
    for line, series in zip(native.lines, chart.plots[0].series, strict=True):
        colour = RGBColor.from_string(LIGHT.band(line.band)[1:])
        if native.columns:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour
        else:
            series.smooth = False
            series.format.line.color.rgb, series.format.line.width = colour, Pt(2)


def _dots(page: Any, native: Dots, place: tuple[Any, ...]) -> None:
    data = XyChartData(number_format="0")
    tones = {"concern": "Worse, beyond chance", "improvement": "Better, beyond chance", "quiet": "Within chance"}
    groups = [(tone, [dot for dot in native.dots if dot.tone == tone]) for tone in tones]
    groups = [(tone, dots) for tone, dots in groups if dots]
    for tone, dots in groups:
        series = data.add_series(tones[tone])
        for dot in dots:
            series.add_data_point(dot.x, dot.y)
    chart = page.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *place, data).chart
    _quiet(chart)
    chart.has_legend, chart.legend.include_in_layout = True, False
    for axis, title in ((chart.category_axis, native.across), (chart.value_axis, native.up)):
        axis.has_title = True
        axis.axis_title.text_frame.text = title
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(10)
        axis.has_major_gridlines = False
    for (tone, dots), series in zip(groups, chart.plots[0].series, strict=True):
        _marks(series, tone, [dot.name for dot in dots])


def _marks(series: Any, tone: str, names: list[str]) -> None:
    colour = RGBColor.from_string((LIGHT.field if tone == "quiet" else LIGHT.tone(tone))[1:])
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.CIRCLE if tone == "quiet" else XL_MARKER_STYLE.TRIANGLE
    series.marker.size = 8
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = colour
    for at, name in enumerate(names):
        label = series.points[at].data_label
        label.text_frame.text, label.position = name, XL_LABEL_POSITION.RIGHT
        label.text_frame.paragraphs[0].runs[0].font.size = Pt(9)


def _quiet(chart: Any) -> None:
    """Small type, hardly a line: the numbers are what is looked at."""
    chart.has_legend, chart.font.size, chart.font.name = False, Pt(10), _TYPE
    chart.font.color.rgb = RGBColor.from_string(LIGHT.muted[1:])
    lines = chart.value_axis.major_gridlines.format.line
    lines.color.rgb = RGBColor.from_string(LIGHT.rule[1:])


def _table(page: Any, brief: Brief, left: float, wide: float) -> None:
    table = brief.table
    assert table
    _text(page, table.finding, left, 3.2, wide, 0.3, 13, LIGHT.text, bold=True)
    fits = max(2, int(wide / 1.0))
    rows, heads = table.rows[:MOST_ROWS], table.heads[:fits]
    shape = page.shapes.add_table(
        len(rows) + 1, len(heads), Inches(left), Inches(3.55), Inches(wide), Inches(0.3 * (len(rows) + 1))
    )
    drawn = shape.table
    drawn.horz_banding = False
    for line, row in enumerate([heads, *rows]):
        for at, words in enumerate(row[:fits]):
            cell = drawn.cell(line, at)
            cell.fill.background()
            cell.margin_left = cell.margin_right = Inches(0.04)
            cell.margin_top = cell.margin_bottom = Inches(0.02)
            first, colour = bool(line) and not at, LIGHT.text if line else LIGHT.muted
            _run(cell.text_frame.paragraphs[0], words, 10, colour, bold=first)
