"""The panels of Data health: how late each feed is, what to do, where every row went, what stands unaligned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from dashboard import health_sentences as say
from dashboard import words
from dashboard.parts import page
from dashboard.parts.children import Cell, Column, Row, children
from dashboard.parts.markup import Markup, join, tag
from dashboard.parts.numbers import TITLES
from dashboard.words import Change, plain
from metrics.health import Feed, Health, Imported, Shelved, Standing, owner

SEVERITY = {
    "error": Change(icon="▲", words="Error", tone="concern"),
    "warning": Change(icon="▼", words="Warning", tone="concern"),
    "note": Change(icon="●", words="Note", tone="quiet"),
}
LATE = Change(icon="▼", words="late", tone="concern")
ON_TIME = Change(icon="●", words="as usual", tone="quiet")


def bands(ages: Mapping[str, tuple[date, int]]) -> None:
    """How old each band's data is: all that is shown to those who do not answer for it."""
    columns = [Column(title="To", phone=True), Column(title="Age", phone=True)]
    rows = [
        Row(
            name=TITLES[band],
            href=None,
            cells=[Cell(words=words.day(last, page.locale(), year=True)), Cell(words=words.age(days))],
        )
        for band, (last, days) in ages.items()
    ]
    st.html(children(say.ages_title(ages, page.locale()), "Data", columns, rows, page.colours()))


def feeds(found: Sequence[Feed]) -> None:
    """One row a feed, the late ones first."""
    columns = [
        Column(title="Fills", kind="words"),
        Column(title="By"),
        Column(title="From"),
        Column(title="To", phone=True),
        Column(title="Behind", kind="goal"),
        Column(title="Lag", phone=True),
        Column(title="State", kind="status", phone=True),
    ]
    longest = max((each.lag_days or 0 for each in found), default=0) or 1
    rows = [
        Row(
            name=each.feed,
            href=None,
            note="published" if each.published else "",
            cells=[
                Cell(words=", ".join(fact.replace("_", " ") for fact in each.facts)),
                Cell(words=each.grain),
                Cell(words=words.day(each.first, page.locale(), year=True) if each.first else words.DASH),
                Cell(words=words.day(each.last, page.locale(), year=True) if each.last else words.DASH),
                Cell(share=each.lag_days, full=longest, band="outcome", words=words.age(each.lag_days or 0)),
                Cell(words=say.lag(each.lag_days)),
                Cell(change=LATE if each.late else ON_TIME),
            ],
        )
        for each in found
    ]
    st.html(children(say.feeds_title(found), "Feed", columns, rows, page.colours()))


def findings(health: Health) -> None:
    """Each finding as a card: how grave, what, where, what to do, how many rows."""
    page.finding(say.findings_title([each.severity for each in health.findings]), name="op-findings")
    cards = []
    for each in health.findings:
        grave = SEVERITY[each.severity]
        rows = f" · {plain(each.rows)} {'row' if each.rows == 1 else 'rows'}" if each.rows else ""
        head = tag("p", tag("span", grave.icon, class_="op-icon", aria_hidden="true"), f" {grave.words}",
                   class_=f"op-change op-{grave.tone}")  # fmt: skip
        cards.append(
            tag(
                "li",
                head,
                tag("h3", words.sentence(each.what)),
                tag("p", f"{each.where}{rows}", class_="op-about"),
                tag("p", words.sentence(each.todo), class_="op-todo"),
                tag("p", f"For {owner(each)}", class_="op-about"),
                class_=f"op-card op-t-{grave.tone}",
            )
        )
    st.html(
        tag("ul", *cards, class_="op-findings-list") if cards else tag("p", "Nothing was found.", class_="op-under")
    )


def rows_accounted(imports: Sequence[Imported]) -> None:
    """Read = kept + left out + superseded + quarantined, for every file, summed by layout first."""
    heads = ("Layout and file", "Read", "Kept", "Left out", "Superseded", "Quarantined", "Why left out")
    shapes = ("", *["op-k-number"] * 5, "op-k-words op-wide")
    head = tag("thead", tag("tr", *[tag("th", word, scope="col", class_=shape) for word, shape in zip(heads, shapes,
               strict=True)]))  # fmt: skip
    bodies: list[Markup] = []
    by_layout: dict[str, list[Imported]] = defaultdict(list)
    for each in imports:
        by_layout[each.layout].append(each)
    for layout, parts in by_layout.items():
        files = [file for part in parts for file in part.files]
        total = _account_row(layout, files, strong=True)
        inner = tag("table", head, tag("tbody", *[_account_row(file.file, [file]) for file in files]),
                    class_="op-children op-accounts")  # fmt: skip
        bodies.append(
            tag(
                "section",
                tag("table", head if not bodies else tag("thead", tag("tr", *[
                    tag("th", tag("span", word, class_="op-unseen"), scope="col", class_=shape)
                    for word, shape in zip(heads, shapes, strict=True)]), class_="op-folded"),
                    tag("tbody", total), class_="op-children op-accounts"),
                tag("details", tag("summary", words.count_words(len(files), "file")), inner, class_="op-more"),
            )
        )  # fmt: skip
    page.finding(say.accounts_title(imports), "Read = kept + left out + superseded + quarantined, file by file",
                 name="op-accounts")  # fmt: skip
    if bodies:
        st.html(join(bodies))


def _account_row(name: str, files: Sequence[object], *, strong: bool = False) -> Markup:
    sums = [sum(getattr(file, part) for file in files) for part in ("read", "kept")]
    reasons: dict[str, int] = defaultdict(int)
    for file in files:
        for because, rows in file.left_out.items():  # type: ignore[attr-defined]
            reasons[because] += rows
    left = sum(reasons.values())
    rest = [sum(getattr(file, part) for file in files) for part in ("superseded", "quarantined")]
    cells = [tag("td", plain(value) if value else words.DASH, class_="op-k-number") for value in (*sums, left, rest[0])]
    aside = tag("span", "▼ ", class_="op-icon", aria_hidden="true") if rest[1] else None
    cells.append(tag("td", tag("span", aside, plain(rest[1]) if rest[1] else words.DASH,
                     class_="op-concern" if rest[1] else None), class_="op-k-number"))  # fmt: skip
    told = sorted(reasons.items(), key=lambda item: -item[1])
    why = "; ".join(f"{because} ({plain(rows)})" for because, rows in told[:3])
    more = f"; and {len(told) - 3} more reasons" if len(told) > 3 else ""
    return tag("tr", tag("th", name, scope="row", class_="op-strong" if strong else None), *cells,
               tag("td", f"{why}{more}", class_="op-k-words op-wide"))  # fmt: skip


def standings(found: Sequence[Standing]) -> None:
    """How much of each hierarchy nobody is responsible for."""
    columns = [
        Column(title="Kind", kind="words", phone=True),
        Column(title="Known"),
        Column(title="Unaligned", phone=True),
        Column(title="Share", kind="bar", phone=True),
    ]
    rows = [
        Row(
            name=each.hierarchy,
            href=None,
            cells=[
                Cell(words=say.kind(each.kind)),
                Cell(words=plain(each.subjects)),
                Cell(words=plain(each.unaligned)),
                Cell(share=each.share, band="outcome", words=say.share(each.share)),
            ],
        )
        for each in found
    ]
    st.html(children(say.standings_title(found), "Hierarchy", columns, rows, page.colours()))


def shelf(found: Sequence[Shelved]) -> None:
    """The finished snapshots, the latest first."""
    columns = [
        Column(title="Speaks of", phone=True),
        Column(title="Built, UTC"),
        Column(title="", kind="words", phone=True),
    ]
    rows = [
        Row(
            name=each.id,
            href=None,
            cells=[
                Cell(words=words.day(each.as_of, page.locale(), year=True)),
                Cell(words=f"{words.day(each.built_at.date(), page.locale(), year=True)} {each.built_at:%H:%M}"),
                Cell(words="serves now" if each.serves else ""),
            ],
        )
        for each in found
    ]
    st.html(children(say.shelf_title(len(found)), "Snapshot", columns, rows, page.colours()))
