"""The panels of Data health that prove numbers: restatements, who was recognised, files against snapshot, origins."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import health_sentences as say
from dashboard import words
from dashboard.parts import page
from dashboard.parts.children import Cell, Column, Row, children
from dashboard.parts.markup import Markup, join, tag
from dashboard.parts.numbers import TITLES
from dashboard.session import Visit
from dashboard.words import Change, plain
from metrics.catalog import METRICS
from metrics.declare import BANDS
from metrics.health import Health
from metrics.provenance import Origin, Recognised, Restated

TIES = Change(icon="●", words="ties", tone="quiet")
DIFFERS = Change(icon="▼", words="differs", tone="concern")
SHOWN = 12


def restatements(found: Sequence[Restated], grain: str) -> None:
    """Each period whose total was changed later, by how much."""
    columns = [
        Column(title="Change", phone=True),
        Column(title="In", kind="words", phone=True),
        Column(title="Against", kind="words"),
    ]
    rows = [
        Row(
            name=say.period(each.ending, grain, page.locale()),
            href=None,
            cells=[
                Cell(words=say.moved(each.share, page.locale())),
                Cell(words=each.what),
                Cell(words=each.against),
            ],
        )
        for each in found[:SHOWN]
    ]
    title = say.restated_title(found, grain, page.locale())
    if not rows:
        return page.finding(title, "Deliveries and snapshots agree on every period that they share", name="op-restated")
    st.html(children(title, "Period", columns, rows, page.colours()))
    return None


def recognised(found: Sequence[Recognised]) -> None:
    """Each source of media with the part that went to somebody known."""
    columns = [
        Column(title="Of", kind="words"),
        Column(title="All"),
        Column(title="Nobody known", phone=True),
        Column(title="Matched", kind="bar", phone=True),
    ]
    rows = [
        Row(
            name=each.source,
            href=None,
            cells=[
                Cell(words=each.what),
                Cell(words=plain(each.all)),
                Cell(words=plain(each.all - each.known) if each.all > each.known else words.DASH),
                Cell(share=each.share, band="media", words=say.share(each.share)),
            ],
        )
        for each in found
    ]
    if rows:
        st.html(children(say.recognised_title(found), "Source", columns, rows, page.colours()))


def tied(health: Health) -> None:
    """Rows and totals of every fact: as the files brought them, said anew by a later import, and as they serve."""
    columns = [
        Column(title="Brought"),
        Column(title="Said anew"),
        Column(title="Served", phone=True),
        Column(title="Total brought"),
        Column(title="Total served"),
        Column(title="State", kind="status", phone=True),
    ]
    rows = [
        Row(
            name=each.table.replace("_", " "),
            href=None,
            cells=[
                Cell(words=plain(each.brought)),
                Cell(words=plain(each.anew) if each.anew else words.DASH),
                Cell(words=plain(each.served)),
                *(Cell(words=_total(health, each.table, total)) for total in (each.due_total, each.served_total)),
                Cell(change=TIES if each.ties else DIFFERS),
            ],
        )
        for each in sorted(health.tied, key=lambda each: (each.ties, -each.brought))
    ]
    if rows:
        st.html(children(say.tied_title(health.tied), "Fact", columns, rows, page.colours()))


def _total(health: Health, table: str, total: object) -> str:
    return plain(float(str(total)), 2 if float(str(total)) % 1 else 0) if table in health.totals else "not shown to you"


def origins(visit: Visit, metric: str, value: str, found: Sequence[Origin], href: str) -> None:
    """A number, the files it rests on, and a way to any other number's."""
    columns = [
        Column(title="Feed", kind="words"),
        Column(title="Fills", kind="words"),
        Column(title="Read"),
        Column(title="Kept", phone=True),
        Column(title="Quarantined"),
    ]
    rows = [
        Row(
            name=each.file.rpartition("/")[2],
            href=None,
            note=f"import {each.stage.partition('-')[0].lstrip('0') or '0'}",
            cells=[
                Cell(words=each.feed),
                Cell(words=each.table.replace("_", " ")),
                Cell(words=plain(each.read)),
                Cell(words=plain(each.kept)),
                Cell(words=plain(each.quarantined) if each.quarantined else words.DASH),
            ],
        )
        for each in found
    ]
    title = say.origins_title(METRICS[metric].title, value, len(found))
    meaning = tag("p", METRICS[metric].definition, " ", tag("a", "How it is counted", href=href, class_="op-go"),
                  class_="op-about")  # fmt: skip
    st.html(join([children(title, "File", columns, rows, page.colours()), meaning, _others(visit, metric)]))


def _others(visit: Visit, chosen: str) -> Markup:
    """Every number as a link to its files, one list a band, one key away."""
    lists = [tag("p", tag("b", f"{TITLES[band]}: "), *_links(visit, band, chosen), class_="op-about") for band in BANDS]
    return tag("details", tag("summary", "The files of another number"), *lists, class_="op-more")


def _links(visit: Visit, band: str, chosen: str) -> list[Markup]:
    found = []
    for name, metric in METRICS.items():
        if metric.band == band:
            href, here = visit.address("data-health", metric=name), "true" if name == chosen else None
            found.append(join([tag("a", metric.title, href=href, class_="op-go", aria_current=here), " · "]))
    return found
