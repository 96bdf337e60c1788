"""From answers to tiles: each number in words, with its change, line and definition, or why it is not shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard import sentences, words
from dashboard.answers import Answers, Series
from dashboard.parts.strip import Band, Tile
from dashboard.words import Locale
from metrics.catalog import METRICS
from metrics.explain import explain
from metrics.signals import noise
from metrics.withhold import NO_SHARE

TITLES = {"outcome": "Outcome", "field": "Field", "media": "Media", "medical": "Medical", "sites": "Sites"}

NOUNS = {"sites": "Site"}
# Reasons that no reader could lift: the feed is not there, or there is no market to take a share of.
UNKNOWABLE = ("not loaded", NO_SHARE)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One number that a page shows: the metric, and what stands below it.

    `note` is words with other metrics in braces ("{capped_calls} of {planned_calls} planned"); a note
    whose numbers are not all known is left out. `goal` says that its change is the distance from goal.
    `otherwise` is shown in its place where it cannot be known, for want of a feed or of a market beside it.
    """

    metric: str
    note: str = ""
    goal: bool = False
    otherwise: Shown | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The metrics that its note names."""
        return tuple(name for part in self.note.split("{")[1:] if (name := part.split("}")[0]) != "end")

    @property
    def needs(self) -> tuple[str, ...]:
        """Every metric it takes to show it."""
        spare = self.otherwise.needs if self.otherwise else ()
        return (self.metric, *self.named, *(("goal_attainment",) if self.goal else ()), *spare)

    def known_in(self, numbers: Answers) -> Shown:
        """Itself, or the first of those in its place that is known; itself where it is withheld or none is."""
        if self.otherwise is None or numbers.reason(self.metric) not in UNKNOWABLE:
            return self
        spare = self.otherwise.known_in(numbers)
        return self if numbers.now(spare.metric) is None else spare


def needed(bands: Mapping[str, Sequence[Shown]]) -> tuple[str, ...]:
    """Every metric that these bands ask for, once."""
    return tuple(dict.fromkeys(metric for shown in bands.values() for each in shown for metric in each.needs))


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the tiles of a page are made from: the numbers, their periods, how many periods the window has,
    how old each band's data is (its name, last day and age in days), and the address of a metric's definition.
    A number of an `unjudged` band is never called better or worse."""

    numbers: Answers
    lines: Series
    length: int
    ages: Mapping[str, tuple[date, int]]
    address: Callable[[str], str] = lambda metric: ""
    unjudged: frozenset[str] = frozenset()


def bands(
    wanted: Mapping[str, Sequence[Shown]], refused: Mapping[str, str], known: Known, locale: Locale
) -> list[Band]:
    """The bands of a page. `refused` has the reason of each band that the role may not know."""
    made = []
    for band, shown in wanted.items():
        reason = refused.get(band) or _unloaded(band, shown, known.numbers)
        tiles = [] if reason else [tile(each.known_in(known.numbers), known, locale) for each in shown]
        made.append(Band(name=band, title=TITLES[band], tiles=tiles, reason=reason))
    return made


def _unloaded(band: str, shown: Sequence[Shown], numbers: Answers) -> str:
    if any(numbers.now(each.known_in(numbers).metric) is not None for each in shown):
        return ""
    reasons = {numbers.reason(each.metric) for each in shown}
    if reasons == {"not loaded"}:
        return sentences.not_loaded(f"{NOUNS.get(band, TITLES[band])} data is")
    return sentences.withheld(reasons.pop()) if len(reasons) == 1 else ""


def tile(shown: Shown, known: Known, locale: Locale) -> Tile:
    """One number with everything it needs; where it is not known, the reason in its place."""
    metric, numbers, lines = METRICS[shown.metric], known.numbers, known.lines
    now = numbers.now(metric.name)
    if now is None:
        reason = sentences.withheld(numbers.reason(metric.name) or "not known here")
        return Tile(
            title=metric.title,
            reason=reason,
            about=about(metric.name, numbers, locale),
            more=known.address(metric.name),
        )
    line = _line(metric.name, lines)
    verdict = noise.moved(lines.line(metric.name), known.length) if flows(metric.name) else ""
    better = None if metric.band in known.unjudged else metric.better
    moved = words.change(now, numbers.before(metric.name), metric.unit, better, verdict, locale)
    if shown.goal:
        moved = words.against_goal(numbers.now("goal_attainment"), locale) or moved
    goals = lines.line("goal") if shown.goal else []
    return Tile(
        title=metric.title,
        value=words.number(now, metric.name, metric.unit, locale),
        change=moved,
        note=_stale(shown, known, locale) or note(shown, numbers, locale),
        spark=line,
        spark_words=spark_words(metric.name, line, locale),
        goal=next((goal for goal in reversed(goals) if goal is not None), None),
        about=about(metric.name, numbers, locale),
        more=known.address(metric.name),
    )


def _stale(shown: Shown, known: Known, locale: Locale) -> str:
    """The sentence of a number whose feed covers only part of the window."""
    band = METRICS[shown.metric].band
    if shown.metric not in known.numbers.reading.cells.partial or band not in known.ages:
        return ""
    return sentences.stale(TITLES[band], *known.ages[band], locale)


def note(shown: Shown, numbers: Answers, locale: Locale) -> str:
    """The words below a number, or nothing where one of their numbers is not known."""
    parts = {"end": words.day(numbers.end, locale)}
    for name in shown.named:
        value = numbers.now(name)
        if value is None and f"{{{name}}}" in shown.note:
            return ""
        parts[name] = words.number(value, name, METRICS[name].unit, locale)
    return shown.note.format(**parts)


def spark_words(name: str, line: Sequence[float | None], locale: Locale) -> str:
    """What a line says to somebody who does not see it: where it began and where it ends."""
    known = [value for value in line if value is not None]
    if len(known) < 2:
        return ""
    metric = METRICS[name]
    first, last = (words.number(value, name, metric.unit, locale) for value in (known[0], known[-1]))
    return f"{metric.title}, last {len(line)} periods: from {first} to {last}"


def about(name: str, numbers: Answers, locale: Locale) -> list[tuple[str, str]]:
    """A number's definition, formula, parts, tables and version: one key away from it."""
    meaning = explain(name)
    parts = "; ".join(f"{part}: {sentence.rstrip('.')}" for part, _, sentence in meaning.measures)
    lines = [("", meaning.definition), ("Formula", meaning.formula), ("Where", parts)]
    lines.append(("From", f"{', '.join(meaning.tables)}, to {words.day(numbers.end, locale, year=True)}"))
    return [*lines, ("Snapshot", numbers.reading.cells.snapshot)]


def flows(name: str) -> bool:
    """Whether a number has a value of its own in every period: what is judged on single days has no line."""
    return all(fact.time in ("flow", "overlap") for fact in METRICS[name].facts)


def _line(name: str, lines: Series) -> Sequence[float | None]:
    """The periods of a number that flows; nothing where most of them are unknown."""
    line = lines.line(name) if flows(name) else []
    return line if sum(value is not None for value in line) >= 0.7 * len(line) else []


def quiet(name: str, lines: Series, length: int) -> bool:
    """Whether the rule finds a number's change within noise."""
    return noise.moved(lines.line(name), length) == noise.WITHIN
