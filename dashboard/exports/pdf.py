"""A page as one sheet of paper: words as text, charts as vectors, and below them what was asked of which data."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst
import vl_convert

from dashboard.charts.drawing import Drawing
from dashboard.exports.brief import Brief
from dashboard.parts.strip import Tile
from dashboard.theme import LIGHT

TEMPLATE = Path(__file__).with_name("brief.typ")
# Rows of the level below that fit the sheet beside a chart; and without one.
MOST_ROWS, MOST_ROWS_ALONE, MOST_DEFINITIONS = 10, 34, 8
_WIDTH = 860


def pdf(brief: Brief) -> bytes:
    """The sheet. It has one page, its text can be searched and copied, and nothing in it is a picture of dots."""
    inputs = {"brief": json.dumps(told(brief)), "chart": svg(brief.drawing) if brief.drawing else ""}
    made = _compiler().compile(format="pdf", sys_inputs=inputs)
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=1)
def _compiler() -> Any:
    """The typesetter with our own type, which every machine has alike."""
    fonts = [font_source_sans_pro.font_directory]
    vl_convert.register_font_directory(font_source_sans_pro.font_directory)
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts, ignore_system_fonts=True)


def svg(drawing: Drawing) -> str:
    """A chart as vectors, by the specification that the page draws."""
    _compiler()
    table = {"name": "table", "values": drawing.table.to_pylist()}
    for row in table["values"]:
        row.update({name: value.isoformat() for name, value in row.items() if hasattr(value, "isoformat")})
    spec = {**drawing.spec, "width": _WIDTH, "datasets": {"table": table["values"]}, "data": {"name": "table"}}
    return str(vl_convert.vegalite_to_svg(spec))


def told(brief: Brief) -> dict[str, Any]:
    """The brief as the template reads it."""
    table = brief.table
    most = MOST_ROWS if brief.drawing else MOST_ROWS_ALONE
    rows = [list(row) for row in table.rows[:most]] if table else []
    beyond = len(table.rows) - most if table else 0
    more = f"And {beyond} more: the Excel export has them all." if beyond > 0 else ""
    return {
        "page": brief.page,
        "place": brief.place,
        "chosen": brief.chosen,
        "headline": brief.headline,
        "under": [*brief.under],
        "bands": [
            {"name": each.name, "title": each.title, "reason": each.reason, "tiles": list(map(_tile, each.tiles))}
            for each in brief.bands
        ],
        "drawing": {
            "finding": brief.drawing.finding, "under": brief.drawing.under, "alt": brief.drawing.alt,
        } if brief.drawing else None,
        "table": {"finding": table.finding, "heads": [*table.heads], "rows": rows, "numbers": [*table.numbers]}
        if table else None,
        "more": more,
        "definitions": [[name, words] for name, words in brief.definitions[:MOST_DEFINITIONS]],
        "facts": " · ".join([*(f"{name}: {value}" for name, value in brief.facts.items()), *brief.notes]),
        "colours": {**asdict(LIGHT), "quiet": LIGHT.muted},
    }  # fmt: skip


def _tile(tile: Tile) -> dict[str, str]:
    change = tile.change
    return {
        "title": tile.title,
        "value": tile.value,
        "change": f"{change.icon} {change.words}" if change else "",
        "tone": change.tone if change else "quiet",
        "note": tile.note,
        "reason": tile.reason,
    }
