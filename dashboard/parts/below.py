"""The level below a visit: asked once, one row a unit, with links down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboard import answers as asking
from dashboard import cache, sentences, words
from dashboard.answers import Answers, Series
from dashboard.parts import cue_cards, page
from dashboard.parts.children import Cell, Column, Row, children
from dashboard.parts.numbers import spark_words
from dashboard.session import Visit, problem, refusal
from dashboard.words import Change, Locale
from metrics.beside import beside
from metrics.catalog import METRICS

GOALS = ("goal", "goal_attainment")
KINDS = {"due": "status"}
DUE = Change(icon="▼", words="due", tone="concern")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One column that a page wants: the metric, its heading, how it is drawn, whether a phone shows it.

    A column `unless` another number is known stands in for it: calls, where no plan says how many were due.
    """

    metric: str
    title: str
    kind: str = "number"
    phone: bool = False
    unless: str = ""


@dataclass(frozen=True)
class Below:
    """The units of the level below, their numbers and their last periods."""

    level: str
    numbers: Answers
    lines: Series


def refuse(level: str, why: str) -> None:
    """Why the units of a level are not shown."""
    title = words.plural(level)
    page.finding(title[:1].upper() + title[1:])
    page.notice(sentences.withheld(why))


def show(visit: Visit, level: str, wanted: Sequence[Told], page_name: str, grain: str) -> None:
    """A level below asked for and drawn; where it may not be known, why."""
    under, why = ask(visit, level, wanted, grain)
    if under:
        draw(visit, wanted, under, page_name, grain)
    else:
        refuse(level, why)


def draw(visit: Visit, wanted: Sequence[Told], under: Below, page_name: str, grain: str) -> None:
    """The table of a level below, under a title that states the finding."""
    st.html(children(*table(visit, wanted, under, page_name, grain), page.colours()))


def table(
    visit: Visit, wanted: Sequence[Told], under: Below, page_name: str, grain: str
) -> tuple[str, str, list[Column], list[Row]]:
    """The table as it is drawn: its finding, what a row is, its columns and its rows."""
    level, numbers, locale = under.level, under.numbers, page.locale()
    shown = [told for told in wanted if told.kind == "spark" or _tells(told, numbers)]
    opens = not visit.hierarchy.is_subject(level)
    order = sorted(numbers.nodes if opens else _active(wanted, numbers), key=lambda node: _order(node, shown, numbers))
    cues = cue_cards.counts(visit, order) if opens else {}
    columns = [
        Column(title=_heading(told, visit, under.lines, grain), kind=KINDS.get(told.kind, told.kind), phone=told.phone)
        for told in shown
    ]
    if any(cues.values()):
        columns.append(Column(title="Cues", kind="dots"))
    notes = {} if opens else _notes(visit, order)
    rows = [
        Row(
            name=numbers.name(node),
            note=notes.get(node, ""),
            href=visit.address(page_name, node=node) if opens else None,
            cells=_cells(node, shown, numbers, under.lines, locale, cues),
        )
        for node in order
    ]
    units = sum(not node.endswith("~unaligned") for node in order)
    title = sentences.children_title(level, units or len(order), [gap for _, gap in gaps(numbers)], locale)
    return title, level, columns, rows


def _notes(visit: Visit, persons: Sequence[str]) -> dict[str, str]:
    """What stands beside the name of a person: the tier of the plan in force, and when a rep was last there."""
    if visit.role.medical or not visit.node:
        return {}
    here = visit.hierarchy.id, visit.node.id
    found = beside(visit.visitor, cache.snapshot(), *here, persons, visit.product)
    told = {}
    for person, each in found.items():
        parts = [f"tier {each.tier}" if each.tier else "", _seen(each.met) if each.met else ""]
        told[person] = " · ".join(part for part in parts if part)
    return told


def _seen(day: date) -> str:
    """When somebody was last seen, with the year where it is not the year of the data."""
    return f"seen {words.day(day, page.locale(), year=day.year != cache.snapshot().as_of.year)}"


def _heading(told: Told, visit: Visit, lines: Series, grain: str) -> str:
    """What a column is called: a change says what it is measured against."""
    if told.kind == "change" and visit.compare:
        return f"Against {words.compared(visit.compare, visit.window)}"
    return told.title or f"{len(lines.ends)} {grain}s"


def _tells(told: Told, numbers: Answers) -> bool:
    """Whether any unit knows the number, or its change: a column that nobody knows is left out."""
    if told.kind in ("status", "change"):
        against = ("goal_attainment",) if told.kind == "status" else ()
        told_of = [numbers.before(told.metric, node) for node in numbers.nodes]
        told_of += [numbers.now(metric, node) for metric in against for node in numbers.nodes]
        return any(value is not None for value in told_of)
    return _known(told.metric, numbers) and not (told.unless and _known(told.unless, numbers))


def _known(metric: str, numbers: Answers) -> bool:
    return any(numbers.now(metric, node) is not None for node in numbers.nodes)


def gaps(numbers: Answers) -> list[tuple[str, float]]:
    """The units whose distance from goal is known, by name, Unaligned left out."""
    found = [(node, _gap(node, numbers)) for node in numbers.nodes if not node.endswith("~unaligned")]
    return [(numbers.name(node), gap) for node, gap in found if gap is not None]


def _gap(node: str, numbers: Answers) -> float | None:
    """The distance from goal in scripts, where both are known."""
    if (goal := numbers.now("goal", node)) is None or (attained := numbers.now("goal_attainment", node)) is None:
        return None
    return goal * (attained - 100) / 100


def _active(wanted: Sequence[Told], numbers: Answers) -> list[str]:
    """The persons or sites of whom anything is known but zeros, and those whose scripts are hidden."""
    telling = numbers.reading.telling([told.metric for told in wanted])
    return [node for node in numbers.nodes if node in telling or numbers.reason("trx", node)]


def _order(node: str, shown: Sequence[Told], numbers: Answers) -> tuple[bool, float, float, str]:
    """The unit that lacks most first, then the largest of the first column; Unaligned and unknown last."""
    size = numbers.now(shown[0].metric, node) if shown else None
    aimed = next((told.metric for told in shown if told.kind == "goal"), "")
    gap = _gap(node, numbers) if aimed == "goal_attainment" else numbers.now(aimed, node)
    last = node.endswith("~unaligned") or size is None
    if any(told.kind == "due" for told in shown):
        return last, -float(_due(node, numbers)), -(size or 0.0), numbers.name(node)
    return last, gap if gap is not None else 0.0, -(size or 0.0), numbers.name(node)


def _due(node: str, numbers: Answers) -> bool:
    """Whether an expert is on the medical plan and has not been met in the window."""
    return bool(numbers.now("experts", node)) and not numbers.now("exchanges", node)


def _cells(
    node: str, shown: Sequence[Told], numbers: Answers, lines: Series, locale: Locale, cues: Mapping[str, int]
) -> list[Cell]:
    cells = [_cell(told, node, numbers, lines, locale) for told in shown]
    if any(cues.values()):
        count = cues.get(node, 0)
        cells.append(Cell(words=words.count_words(count, "cue") if count else words.DASH, dots=count))
    return cells


def _cell(told: Told, node: str, numbers: Answers, lines: Series, locale: Locale) -> Cell:
    metric = METRICS[told.metric]
    value = numbers.now(told.metric, node)
    text = words.number(value, metric.name, metric.unit, locale)
    if told.kind == "spark":
        line = lines.line(told.metric, node)
        if _broken(line):
            return Cell(words="not shown")
        return Cell(spark=line, band=metric.band, spark_words=spark_words(told.metric, line, locale))
    if told.kind == "due":
        return Cell(change=DUE if _due(node, numbers) else None, words="met" if value else words.DASH)
    if told.kind == "goal":
        return Cell(share=value, full=125.0, goal=100.0, band=metric.band, words=f"{text} of goal")
    if told.kind in ("status", "change"):
        moved = words.change(value, numbers.before(told.metric, node), metric.unit, metric.better, "", locale)
        goal = words.against_goal(numbers.now("goal_attainment", node), locale)
        return Cell(change=moved if told.kind == "change" else goal or moved, words=words.DASH)
    if value is None and (reason := numbers.reason(told.metric, node)):
        text = words.short_reason(reason)
    return Cell(words=text, share=value, full=100.0, band=metric.band)


def _broken(line: Sequence[float | None]) -> bool:
    """Whether periods are hidden within a line: its shape would then mislead."""
    known = [index for index, value in enumerate(line) if value is not None]
    return bool(known) and len(known) < known[-1] - known[0] + 1


def ask(visit: Visit, level: str, wanted: Sequence[Told], grain: str) -> tuple[Below | None, str]:
    """The units of a level below, or None and why the visitor may not know them."""
    goals = GOALS if any(told.metric == "goal_attainment" for told in wanted) else ()
    metrics = tuple(dict.fromkeys([*(told.metric for told in wanted), *goals]))
    lined = [told.metric for told in wanted if told.kind == "spark"] or [wanted[0].metric]
    try:
        lines = asking.series(visit, lined, level, grain)  # the narrower question: where it is refused, none is asked
        return Below(level, asking.answers(visit, metrics, level), lines), ""
    except Exception as error:
        if not refusal(error):
            raise
        return None, problem(error)
