"""The pages that can be taken away, each as a brief of what the page itself shows, and the question behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dashboard import answers as asking
from dashboard import cache, media_sentences, sentences, team_sentences, words
from dashboard.answers import Answers, Series
from dashboard.charts.drawing import Drawing
from dashboard.exports.brief import Brief, Dot, Dots, Line, Periods, Table, in_words
from dashboard.parts import below, lanes, numbers, team
from dashboard.parts.below import Told
from dashboard.parts.lanes import Drawn
from dashboard.parts.numbers import Shown
from dashboard.parts.top import ALIGNED
from dashboard.session import Visit
from dashboard.theme import LIGHT
from dashboard.views import media as media_page
from dashboard.views import one_picture
from dashboard.views import team as team_page
from dashboard.words import Locale
from data.store import moment
from metrics import team as standing
from metrics.catalog import METRICS
from metrics.explain import explain
from metrics.query import MetricQuery

Bands = Mapping[str, Sequence[Shown]]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a brief is made from: the visit's numbers and their last periods, and how its reader writes."""

    visit: Visit
    bands: Bands
    now: Answers
    lines: Series
    locale: Locale

    @property
    def grain(self) -> str:
        """The outcome grain of the snapshot."""
        return cache.snapshot().grain or "week"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A page that can be taken away: its title, its brief, and the question whose rows are the data of it."""

    title: str
    brief: Callable[[Visit, Locale], Brief]
    question: Callable[[Visit], MetricQuery]


def _seen(visit: Visit, bands: Bands, more: Sequence[str], locale: Locale) -> Seen:
    asked = tuple(dict.fromkeys([*numbers.needed(bands), *more]))
    now = asking.answers(visit, asked, visit.level)
    lines = asking.series(visit, asked, visit.level, cache.snapshot().grain or "week")
    return Seen(visit=visit, bands=bands, now=now, lines=lines, locale=locale)


def _one_picture(visit: Visit, locale: Locale) -> Brief:
    medical = visit.role.medical
    bands = one_picture.bands_of(visit)
    drawn = one_picture.MEDICAL_LANES if medical else one_picture.COMMERCIAL_LANES
    seen = _seen(visit, bands, [each.metric for each in drawn], locale)
    wanted = one_picture.MEDICAL_BELOW if medical else one_picture.COMMERCIAL_BELOW if visit.aims else (
        one_picture.MARKET_BELOW)  # fmt: skip
    wanted = (one_picture.EXPERTS if medical else one_picture.HCPS) if _at_leaf(visit) else wanted
    return _brief(
        "One picture", seen, one_picture.said(visit), _lanes(seen, drawn), _periods(seen, drawn[:2]),
        _below(visit, wanted, one_picture.PAGE, seen.grain),
    )  # fmt: skip


def _media(visit: Visit, locale: Locale) -> Brief:
    drawn = media_page.LANES
    seen = _seen(visit, media_page.BANDS, [*media_page.BESIDE, *(each.metric for each in drawn)], locale)
    said = media_sentences.headline({each: seen.now.now(each) for each in media_sentences.FACTS}, locale)
    wanted = media_page.HCPS if _at_leaf(visit) else media_page.BELOW
    table = _below(visit, wanted, media_page.PAGE, seen.grain)
    return _brief("Media", seen, said, _lanes(seen, drawn), _periods(seen, drawn[:2]), table)


def _team(visit: Visit, locale: Locale) -> Brief:
    seen, level = _seen(visit, team_page.BANDS, (), locale), visit.hierarchy.levels[-1]
    found = team_page.members(visit, level)
    if found is None:
        table = _below(visit, team_page.TARGETS, team_page.PAGE, seen.grain)
        return _brief("Team", seen, team_page.own(visit, seen.now), None, (), table)
    dots = [
        Dot(name=each.name, x=each.numbers["call_plan_attainment"] or 0.0, y=each.numbers["evolution_index"] or 0.0,
            tone=team.tone(each))
        for each in found.members if each.quadrant
    ]  # fmt: skip
    native = [
        Dots(title=team_sentences.quadrant_title(found, level), across="Call-plan attainment, %",
             up="Evolution index", dots=dots)
    ] if len(dots) > 1 else []  # fmt: skip
    said = team_sentences.headline(found, level)
    return _brief("Team", seen, said, team.drawing(found, level, LIGHT), native,
                  in_words(*team.table(visit, found, level)))  # fmt: skip


def _brief(
    title: str, seen: Seen, said: str, drawing: Drawing | None, native: Sequence[Periods | Dots], table: Table | None
) -> Brief:
    visit, locale = seen.visit, seen.locale
    ages = asking.ages(visit)
    known = numbers.Known(numbers=seen.now, lines=seen.lines, length=asking.length(visit), ages=ages,
                          unjudged=one_picture.PROMOTION if visit.role.medical else frozenset())  # fmt: skip
    shown = [metric for each in seen.bands.values() for one in each for metric in (one.known_in(seen.now).metric,)]
    masked = sentences.left_out(seen.now.reading.not_shown, locale) if "outcome" in seen.bands else ()
    notes = (*masked, *seen.now.reading.cells.notes)
    return Brief(
        page=title,
        place=visit.place,
        chosen=" · ".join(_chosen(visit, locale).values()),
        headline=said,
        under=(sentences.freshness(ages, locale), *notes),
        bands=numbers.bands(seen.bands, asking.refused(visit, seen.bands), known, locale),
        drawing=drawing,
        native=native,
        table=table,
        definitions=[(METRICS[name].title, explain(name).definition) for name in dict.fromkeys(shown)],
        facts=_chosen(visit, locale) | _facts(visit),
    )


def _chosen(visit: Visit, locale: Locale) -> dict[str, str]:
    """The filters, in words."""
    products = {each.id: each.name for each in cache.snapshot().products()}
    against = f"vs {words.compared(visit.compare, visit.window)}"
    return {
        "Product": products.get(visit.product or "", "every product loaded"),
        "Period": words.window_to(visit.window, cache.snapshot().anchor, locale),
        "Compared": against if visit.compare else "with nothing",
        "Alignment": ALIGNED[visit.alignment],
    }


def _facts(visit: Visit) -> dict[str, str]:
    """The scope, the snapshot and the policy."""
    serving = cache.snapshot()
    return {
        "Scope": f"{visit.role.title}, {visit.place}",
        "Data as of": serving.as_of.isoformat(),
        "Snapshot": serving.id,
        "Policy": cache.policy(),
        "Written (UTC)": moment().strftime("%Y-%m-%d %H:%M"),
    }


def _at_leaf(visit: Visit) -> bool:
    return visit.below is not None and visit.hierarchy.is_subject(visit.below)


def _below(visit: Visit, wanted: Sequence[Told], page: str, grain: str) -> Table | None:
    """The level below in words; nothing where it may not be known."""
    if visit.below is None:
        return None
    under, _ = below.ask(visit, visit.below, wanted, grain)
    return in_words(*below.table(visit, wanted, under, page, grain)) if under else None


def _lanes(seen: Seen, drawn: Sequence[Drawn]) -> Drawing | None:
    return lanes.drawing(seen.visit, drawn, seen.lines, lanes.ALONE, seen.grain, LIGHT)


def _periods(seen: Seen, drawn: Sequence[Drawn]) -> list[Periods]:
    """The first lanes as native charts: lines where the page draws a line or an area, columns elsewhere."""
    made = []
    for each in drawn:
        values, metric = seen.lines.line(each.metric), METRICS[each.metric]
        if 2 * sum(value is not None for value in values) <= len(seen.lines.ends):
            continue
        made.append(
            Periods(
                title=each.title.format(per=lanes.PER[seen.grain]),
                periods=[words.day(end, seen.locale) for end in seen.lines.ends],
                lines=[Line(name=metric.title, band=metric.band, values=values)],
                columns=each.style == "bars",
                form='0.0" %"' if metric.unit == "percent" else "#,##0",
            )
        )
    return made


def _question(visit: Visit, wanted: Sequence[Told], level: str) -> MetricQuery:
    goals = below.GOALS if any(told.metric == "goal_attainment" for told in wanted) else ()
    named = tuple(dict.fromkeys([*(told.metric for told in wanted), *goals]))
    return asking.question(visit, named, level, compare=visit.compare)


def _level(visit: Visit) -> str:
    return visit.below or visit.level


def _of_picture(visit: Visit) -> MetricQuery:
    leaf = _at_leaf(visit)
    wanted: Sequence[Told]
    if visit.role.medical:
        wanted = one_picture.EXPERTS if leaf else one_picture.MEDICAL_BELOW
    else:
        wanted = one_picture.HCPS if leaf else one_picture.COMMERCIAL_BELOW if visit.aims else one_picture.MARKET_BELOW
    return _question(visit, wanted, _level(visit))


def _of_team(visit: Visit) -> MetricQuery:
    if team_page.alone(visit):
        return _question(visit, team_page.TARGETS, _level(visit))
    return asking.question(visit, standing.ASKED, visit.hierarchy.levels[-1], compare=visit.compare)


def _of_media(visit: Visit) -> MetricQuery:
    return _question(visit, media_page.HCPS if _at_leaf(visit) else media_page.BELOW, _level(visit))


TAKEN: dict[str, Taken] = {
    one_picture.PAGE: Taken(title="One picture", brief=_one_picture, question=_of_picture),
    team_page.PAGE: Taken(title="Team", brief=_team, question=_of_team),
    media_page.PAGE: Taken(title="Media", brief=_media, question=_of_media),
}
