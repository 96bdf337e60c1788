"""Our own HTML: escaped, with text alternatives, with real links."""

from __future__ import annotations

from urllib.parse import unquote

from dashboard.parts.children import Cell, Column, Row, children
from dashboard.parts.header import Header, Link, Menu, header
from dashboard.parts.markup import bar, change_words, sparkline, tag
from dashboard.parts.strip import Band, Tile, strip
from dashboard.theme import LIGHT
from dashboard.words import Change

EVIL = '<img src=x onerror="alert(1)">'


def test_everything_that_is_not_markup_is_escaped() -> None:
    assert tag("p", EVIL) == "<p>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</p>"
    assert tag("a", "x", href='"><script>') == '<a href="&quot;&gt;&lt;script&gt;">x</a>'
    assert tag("b", tag("i", "x"), title=None) == "<b><i>x</i></b>"


def test_a_hostile_name_reaches_no_part_as_html() -> None:
    link = Link(words=EVIL, href=f"?node={EVIL}")
    top = Header(
        pages=[link], above=[link], here=EVIL, previous=link, menus=[Menu(about="x", words=EVIL, links=[link])]
    )
    row = Row(name=EVIL, href=EVIL, cells=[Cell(words=EVIL)])
    tile = Tile(title=EVIL, value=EVIL, note=EVIL, spark=[1, 2], spark_words=EVIL, about=[(EVIL, EVIL)])
    drawn = header(top) + children(EVIL, "unit", [Column(title=EVIL)], [row], LIGHT)
    drawn += strip([Band(name="outcome", title=EVIL, tiles=[tile]), Band(name="media", title="x", reason=EVIL)], LIGHT)
    assert "<img src=x" not in drawn
    assert 'onerror="alert' not in drawn


def test_a_change_is_never_colour_alone() -> None:
    drawn = change_words(Change(icon="▼", words="4 % below goal", tone="concern"))
    assert "op-concern" in drawn
    assert "▼" in drawn
    assert "4 % below goal" in drawn


def test_a_sparkline_has_words_gaps_and_a_dot_on_the_last_known() -> None:
    drawn = sparkline([1.0, None, 3.0, 2.0, None], "#123456", LIGHT, "from 1 to 2")
    svg = unquote(drawn)
    assert 'alt="from 1 to 2"' in drawn
    assert svg.count("M") == 2
    assert "circle" in svg
    assert sparkline([1.0], "#123456", LIGHT, "x") == ""


def test_a_line_of_zeros_lies_on_the_ground() -> None:
    assert "M30 250" in unquote(sparkline([0, 0, 0], "#123456", LIGHT, "zeros"))


def test_a_bar_is_clamped_and_has_words() -> None:
    assert "width:100.0%" in bar(180, "field", "180 %", full=100)
    assert "width:0.0%" in bar(-4, "field", "none", full=100)
    assert 'aria-label="83 % of goal"' in bar(83, "field", "83 % of goal", tick=100, full=125)
    assert "op-empty" in bar(None, "field", "")


def test_units_are_real_links_and_the_rest_is_one_key_away() -> None:
    rows = [Row(name=f"n{index}", href=f"?node={index}", cells=[]) for index in range(70)]
    drawn = children("70 units", "unit", [], rows, LIGHT)
    assert drawn.count('class="op-go op-down"') == 70
    assert "<summary>10 more</summary>" in drawn
    assert 'scope="row"' in drawn


def test_a_band_that_may_not_be_known_is_one_line() -> None:
    drawn = strip([Band(name="sites", title="Sites", reason="Not shown to this role.")], LIGHT)
    assert "Not shown to this role." in drawn
    assert "op-tile" not in drawn
