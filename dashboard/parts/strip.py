"""The strip of numbers under the headline: one part, one band a domain, each number with its definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.parts.markup import Markup, change_words, join, sparkline, tag
from dashboard.theme import Theme
from dashboard.words import Change


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One number: its title, value and change in words, its line, and what one needs to trust it.

    `reason` replaces the number where it is withheld, not loaded or too small to say. `about` are
    the lines of its definition and `more` the address of all of it; `spark_words` says in text what
    the line shows.
    """

    title: str
    value: str = ""
    change: Change | None = None
    note: str = ""
    spark: Sequence[float | None] = ()
    spark_words: str = ""
    goal: float | None = None
    about: Sequence[tuple[str, str]] = ()
    reason: str = ""
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class Band:
    """One domain of the strip. A band that may not be known has a `reason` in place of its tiles."""

    name: str
    title: str
    tiles: Sequence[Tile] = field(default=())
    reason: str = ""


def strip(bands: Sequence[Band], theme: Theme) -> Markup:
    """The strip as HTML: a list of bands, as wide as they have numbers, each with its text alternatives."""
    wide = " ".join(f"minmax(0, {max(len(band.tiles), 1.15)}fr)" for band in bands)
    return tag(
        "section",
        join([_band(band, theme) for band in bands]),
        class_="op-strip",
        style=f"--op-wide:{wide}",
        aria_label="The numbers of this picture",
    )


def _band(band: Band, theme: Theme) -> Markup:
    heading = tag("h2", band.title)
    shape = f"op-band op-b-{band.name}"
    if band.reason:
        return tag("div", heading, tag("p", band.reason, class_="op-reason"), class_=f"{shape} op-closed")
    lined = any(len(tile.spark) > 1 for tile in band.tiles)
    tiles = join([_tile(tile, band.name, theme, lined) for tile in band.tiles])
    return tag("div", heading, tag("div", tiles, class_="op-tiles"), class_=f"{shape} op-n{len(band.tiles)}")


def _tile(tile: Tile, band: str, theme: Theme, lined: bool) -> Markup:
    if tile.reason:
        return tag("div", _title(tile), tag("p", tile.reason, class_="op-reason"), class_="op-tile")
    line = sparkline(tile.spark, theme.band(band), theme, tile.spark_words, goal=tile.goal)
    return tag(
        "div",
        _title(tile),
        tag("div", tile.value, class_="op-value"),
        tag("div", change_words(tile.change) or Markup("&nbsp;"), class_="op-moved"),
        line or (tag("div", class_="op-spark") if lined else None),
        tag("div", tile.note, class_="op-note") if tile.note else None,
        class_="op-tile",
    )


def _title(tile: Tile) -> Markup:
    if not tile.about:
        return tag("div", tile.title, class_="op-title")
    lines = join([tag("p", tag("b", label), f" {words}") for label, words in tile.about])
    more = tag("p", tag("a", "Definition, sources and SQL ›", href=tile.more, class_="op-go")) if tile.more else ""
    return tag(
        "details",
        tag("summary", tile.title),
        tag("div", lines, more, class_="op-pop"),
        class_="op-title op-menu",
        name="op",
    )
